//! What tests and the admin controls may look into and change.

use serde::{Deserialize, Serialize};

use super::seed::{DeploymentSeed, GlintVersion};
use super::state::Config;
use super::{Glint, gate};

/// A change of what Glint is; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GlintChange {
    /// Which Glint answers.
    pub version: Option<GlintVersion>,
    /// Whether the numbered database migrations were run.
    pub migrations: Option<bool>,
    /// Whether realtime is bound.
    pub realtime: Option<bool>,
    /// The configuration.
    pub config: ConfigChange,
}

/// A change of the configuration that an owner could also make over HTTP; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigChange {
    /// Base URL of Prism.
    pub prism_base_url: Option<String>,
    /// Glint's own client id, taken literally.
    pub prism_client_id: Option<String>,
    /// Glint's own client secret; never shown again.
    #[serde(skip_serializing)]
    pub prism_client_secret: Option<String>,
    /// The only team whose members may log in; empty for everybody.
    pub allowed_team_id: Option<String>,
    /// The team whose owners manage this Glint.
    pub owner_team_id: Option<String>,
}

impl Glint {
    /// Forgets every cached team list, as if their hour were over.
    pub fn drop_caches(&self) {
        self.locked(|state| state.team_lists.clear());
    }

    /// Forgets one user's cached team list; true when there was one.
    pub fn drop_team_list(&self, user_id: &str) -> bool {
        self.locked(|state| state.team_lists.remove(user_id).is_some())
    }

    /// Whether a team list is cached for this user and its hour is not over.
    pub fn has_team_list(&self, user_id: &str) -> bool {
        let now_ms = self.clock().now_ms();
        self.locked(|state| gate::cached(state, user_id, now_ms).is_some())
    }

    /// The configuration.
    pub fn config(&self) -> Config {
        self.locked(|state| state.config.clone())
    }

    /// Changes the configuration, which over HTTP only an owner can.
    pub fn configure(&self, change: impl FnOnce(&mut Config)) {
        self.locked(|state| change(&mut state.config));
    }

    /// Changes what the deployment has.
    pub fn deploy(&self, deployment: DeploymentSeed) {
        self.locked(|state| state.deployment = deployment);
    }

    /// Which Glint answers.
    pub fn version(&self) -> GlintVersion {
        self.locked(|state| state.version)
    }

    /// Lets another Glint answer, over the same data.
    pub fn set_version(&self, version: GlintVersion) {
        self.locked(|state| state.version = version);
    }

    /// Carries out a change and answers with what holds now.
    pub fn change(&self, change: GlintChange) -> GlintChange {
        self.locked(|state| {
            state.version = change.version.unwrap_or(state.version);
            state.deployment.migrations = change.migrations.unwrap_or(state.deployment.migrations);
            state.deployment.realtime = change.realtime.unwrap_or(state.deployment.realtime);
            change.config.apply(&mut state.config);
            GlintChange {
                version: Some(state.version),
                migrations: Some(state.deployment.migrations),
                realtime: Some(state.deployment.realtime),
                config: ConfigChange::of(&state.config),
            }
        })
    }
}

impl ConfigChange {
    fn apply(self, config: &mut Config) {
        let set = |wanted: Option<String>, into: &mut String| {
            if let Some(wanted) = wanted {
                *into = wanted;
            }
        };
        set(self.prism_base_url, &mut config.prism_base_url);
        set(self.prism_client_id, &mut config.prism_client_id);
        set(self.prism_client_secret, &mut config.prism_client_secret);
        set(self.allowed_team_id, &mut config.allowed_team_id);
        set(self.owner_team_id, &mut config.owner_team_id);
    }

    fn of(config: &Config) -> Self {
        Self {
            prism_base_url: Some(config.prism_base_url.clone()),
            prism_client_id: Some(config.prism_client_id.clone()),
            prism_client_secret: None,
            allowed_team_id: Some(config.allowed_team_id.clone()),
            owner_team_id: Some(config.owner_team_id.clone()),
        }
    }
}
