//! The built-in connection, from the sandbox's handout.

use super::{Deployment, SANDBOX, Saved, deployment};
use crate::identities::{Cache, Held, Material};
use crate::operations::connections::{CredentialKind, Environment, Origin};
use crate::operations::vault::VaultKind;
use scopes::lang::Text;
use scopes::problem::Problem;
use scopes::secret::Secret;
use serde::Deserialize;
use serde_json::Map;
use std::sync::Arc;

#[derive(Deserialize)]
struct Handout {
    prism_url: String,
    glint_url: String,
    provider: Provider,
    credentials: Vec<Credential>,
}

#[derive(Deserialize)]
struct Provider {
    client_id: String,
    app_id: String,
    name: String,
    #[serde(default)]
    owner_id: Option<String>,
}

#[derive(Deserialize)]
struct Credential {
    id: String,
    label: String,
    #[serde(default)]
    label_zh: Option<String>,
    kind: Kind,
    secret: Secret,
    user_id: Option<String>,
    username: Option<String>,
    client_id: Option<String>,
    client_name: Option<String>,
    scopes: Vec<String>,
    expires_at: Option<i64>,
    note: Text,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Pat,
    Session,
    AccessToken,
    /// Used where an access token belongs, which is a mistake worth trying.
    RefreshToken,
    ClientCredentials,
}

/// Reads a handout.
pub(crate) fn sandbox(handout: &str) -> Result<Deployment, Problem> {
    let unreadable = |words: String| Problem::refused("sandbox.handout", words);
    let handout: Handout = serde_json::from_str(handout).map_err(|error| unreadable(error.to_string()))?;
    let mut saved = Saved::new(SANDBOX.into(), SANDBOX.into(), Environment::Sandbox, handout.prism_url);
    saved.glint_url = Some(handout.glint_url);
    saved.provider_client_id = Some(handout.provider.client_id);
    let mut deployment = deployment(saved).ok_or_else(|| unreadable("the address is not usable".into()))?;
    deployment.provider_app_id = Some(handout.provider.app_id);
    deployment.provider_name = Some(handout.provider.name);
    let owner = handout.provider.owner_id;
    let identity = |given| {
        let mut held = held(given);
        if owner.is_some() && held.user_id == owner {
            held.owns.extend(deployment.saved.provider_client_id.clone());
        }
        Arc::new(held)
    };
    let identities = handout.credentials.into_iter().map(identity).collect();
    deployment.identities = identities;
    deployment.admin = deployment.identities.iter().find(|held| held.can_write_apps()).map(|h| h.id.clone());
    Ok(deployment)
}

fn held(given: Credential) -> Held {
    Held {
        id: given.id,
        label: given.label,
        label_zh: given.label_zh,
        kind: match given.kind {
            Kind::Pat => CredentialKind::PersonalAccessToken,
            Kind::Session => CredentialKind::SessionToken,
            Kind::AccessToken | Kind::RefreshToken => CredentialKind::AccessToken,
            Kind::ClientCredentials => CredentialKind::ClientCredentials,
        },
        user_name: given.username,
        user_id: given.user_id,
        client_id: given.client_id,
        client_name: given.client_name,
        scopes: given.scopes,
        scopes_are_complete: true,
        lacks: Vec::new(),
        owns: Vec::new(),
        expires_at: given.expires_at,
        note: Some(given.note),
        origin: Origin::BuiltIn,
        used_for: None,
        redirect_uri: None,
        refreshable: false,
        refresh_dead: false,
        accepted: false,
        has_client_secret: false,
        imported: false,
        rest: Map::new(),
        kept: Some(VaultKind::Memory),
        cache: Arc::new(Cache::filled(Material::Credential(given.secret))),
    }
}
