//! The Glint section of a scenario.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What Glint holds at the start.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GlintSeed {
    /// Which Glint this is.
    pub version: GlintVersion,
    /// Whether set-up has been done; before it, the configuration is open to everybody (contract §7).
    pub configured: bool,
    /// The configuration.
    pub config: ConfigSeed,
    /// What the deployment lacks.
    pub deployment: DeploymentSeed,
    /// Sets with their todos and comments.
    pub sets: Vec<SetSeed>,
    /// Settings by team id; what is left out has its default.
    pub settings: BTreeMap<String, Map<String, Value>>,
    /// Role permission rows.
    pub permissions: Vec<PermissionSeed>,
    /// Team lists that are already cached.
    pub team_lists: Vec<TeamListSeed>,
}

/// Which Glint answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GlintVersion {
    /// The measured one: 15 scopes, a bundle, routes for the permission matrix.
    #[default]
    Measured,
    /// The one Glint's guide describes: 13 scopes; `claim_todos` opens what `assign_todos` opens in the other, there is no
    /// bundle, denials do not speak of one, and the four permission routes do not exist.
    Document,
}

/// Glint's configuration; what is left out points at this sandbox's Prism and the scenario's provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigSeed {
    /// Base URL of Prism.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prism_base_url: Option<String>,
    /// Glint's own client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prism_client_id: Option<String>,
    /// Glint's own client secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prism_client_secret: Option<String>,
    /// Where Prism sends the browser after a Glint login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prism_redirect_uri: Option<String>,
    /// Whether a Glint login uses PKCE; on when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_pkce: Option<bool>,
    /// The only team whose members may log in; empty for everybody.
    pub allowed_team_id: String,
    /// The team whose owners manage this Glint.
    pub owner_team_id: String,
    /// Length of a Glint session in seconds; 0 stands for a day.
    pub session_ttl: u64,
    /// Text shown after a login.
    pub welcome_message: String,
}

/// What a deployment has; both are on unless a scenario shows a broken one (contract §8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeploymentSeed {
    /// Whether the numbered database migrations were run.
    pub migrations: bool,
    /// Whether realtime is bound.
    pub realtime: bool,
}

/// One set.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSeed {
    /// UUID; random when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Team id, or `personal:<user id>`.
    pub team: String,
    /// User name of its creator.
    pub user: String,
    /// Name.
    pub name: String,
    /// Place in the list; as listed here when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<i64>,
    /// Whether completed todos start over every day.
    #[serde(default)]
    pub auto_renew: bool,
    /// When they do, `HH:MM`.
    #[serde(default = "midnight")]
    pub renew_time: String,
    /// In which time zone.
    #[serde(default)]
    pub timezone: String,
    /// Whether completed todos are shown apart.
    #[serde(default)]
    pub split_completed: bool,
    /// How many seconds before the start it was made.
    #[serde(default)]
    pub age_seconds: u32,
    /// Its todos.
    #[serde(default)]
    pub todos: Vec<TodoSeed>,
}

/// One todo.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TodoSeed {
    /// UUID; random when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// User name of its creator.
    pub user: String,
    /// Title.
    pub title: String,
    /// Whether it is done.
    #[serde(default)]
    pub completed: bool,
    /// User names of those it is assigned to.
    #[serde(default)]
    pub assignees: Vec<String>,
    /// How many seconds before the start it was made.
    #[serde(default)]
    pub age_seconds: u32,
    /// How many seconds before the start it was last changed; never when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_seconds: Option<u32>,
    /// Its comments.
    #[serde(default)]
    pub comments: Vec<CommentSeed>,
    /// Its sub-todos.
    #[serde(default)]
    pub children: Vec<TodoSeed>,
}

/// One comment.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentSeed {
    /// UUID; random when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// User name of its author.
    pub user: String,
    /// Text.
    pub body: String,
    /// How many seconds before the start it was written.
    #[serde(default)]
    pub age_seconds: u32,
}

/// One role permission row; names are as unchecked as at Glint, the role must be one the database takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionSeed {
    /// Team id.
    pub team: String,
    /// Set id; for the whole team when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// `co-owner`, `admin` or `member`.
    pub role: String,
    /// Permission name.
    pub permission: String,
    /// Whether it is granted.
    pub allowed: bool,
}

/// One cached team list (contract §8.3).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamListSeed {
    /// User name.
    pub user: String,
    /// How many seconds before the start it was cached.
    #[serde(default)]
    pub age_seconds: u32,
    /// The teams, as stale as the scenario wants them.
    #[serde(default)]
    pub teams: Vec<CachedTeamSeed>,
}

/// One team of a cached list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CachedTeamSeed {
    /// Team id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
}

impl Default for GlintSeed {
    fn default() -> Self {
        Self {
            version: GlintVersion::default(),
            configured: true,
            config: ConfigSeed::default(),
            deployment: DeploymentSeed::default(),
            sets: Vec::new(),
            settings: BTreeMap::new(),
            permissions: Vec::new(),
            team_lists: Vec::new(),
        }
    }
}

impl Default for DeploymentSeed {
    fn default() -> Self {
        Self { migrations: true, realtime: true }
    }
}

fn midnight() -> String {
    "00:00".into()
}
