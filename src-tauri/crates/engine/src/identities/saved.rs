//! What is saved of an identity: everything but its secrets.

use super::{Cache, Held};
use crate::operations::connections::{CredentialKind, Origin};
use crate::operations::vault::VaultKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// An identity as it is saved. Its secrets are in the vault, under its handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedIdentity {
    /// Handle.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) label: String,
    /// Kind.
    pub(crate) kind: CredentialKind,
    /// How it came here.
    pub(crate) origin: Origin,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<String>,
    /// User id of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    /// Client it was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    /// That client's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_name: Option<String>,
    /// Scopes it is known to carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<String>,
    /// Whether it carries nothing beyond them.
    #[serde(default)]
    pub(crate) scopes_are_complete: bool,
    /// Scopes it was found not to carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) lacks: Vec<String>,
    /// Client ids of the apps its user was seen to own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) owns: Vec<String>,
    /// End of the access token as it was last known here, Unix seconds; the vault entry knows better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<i64>,
    /// The client the person says it is used for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) used_for: Option<String>,
    /// The redirect URI it was signed in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<String>,
    /// Whether a refresh token came with it.
    #[serde(default)]
    pub(crate) refreshable: bool,
    /// Whether the server refused its refresh token for good.
    #[serde(default)]
    pub(crate) refresh_dead: bool,
    /// Whether the person goes on with it though it was issued to another client than it is used for.
    #[serde(default)]
    pub(crate) accepted: bool,
    /// Whether the secret of its client lies in the vault beside it.
    #[serde(default)]
    pub(crate) has_client_secret: bool,
    /// Whether it came with an import, which holds no secret: the vault of this computer has none of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) imported: bool,
    /// Members this version does not know; they are written back as they were.
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

impl Held {
    /// What is saved of it; `None` for the sandbox's own, and where the secret is in memory for this run.
    pub(crate) fn saved(&self) -> Option<SavedIdentity> {
        let outlives = self.origin != Origin::BuiltIn && self.kept != Some(VaultKind::Memory);
        outlives.then(|| SavedIdentity {
            id: self.id.clone(),
            label: self.label.clone(),
            kind: self.kind,
            origin: self.origin,
            user_name: self.user_name.clone(),
            user_id: self.user_id.clone(),
            client_id: self.client_id.clone(),
            client_name: self.client_name.clone(),
            scopes: self.scopes.clone(),
            scopes_are_complete: self.scopes_are_complete,
            lacks: self.lacks.clone(),
            owns: self.owns.clone(),
            expires_at: self.expires_at,
            used_for: self.used_for.clone(),
            redirect_uri: self.redirect_uri.clone(),
            refreshable: self.refreshable,
            refresh_dead: self.refresh_dead,
            accepted: self.accepted,
            has_client_secret: self.has_client_secret,
            imported: self.imported,
            rest: self.rest.clone(),
        })
    }

    /// The same identity after somebody else changed what is saved of it; what was loaded of its secrets stays.
    pub(crate) fn restored_as(&self, saved: SavedIdentity) -> Self {
        Self { kept: self.kept, cache: self.cache.clone(), ..Self::restored(saved) }
    }

    /// A saved identity; its secrets are loaded when they are used.
    pub(crate) fn restored(saved: SavedIdentity) -> Self {
        Self {
            id: saved.id,
            label: saved.label,
            label_zh: None,
            kind: saved.kind,
            user_name: saved.user_name,
            user_id: saved.user_id,
            client_id: saved.client_id,
            client_name: saved.client_name,
            scopes: saved.scopes,
            scopes_are_complete: saved.scopes_are_complete,
            lacks: saved.lacks,
            owns: saved.owns,
            expires_at: saved.expires_at,
            note: None,
            origin: saved.origin,
            used_for: saved.used_for,
            redirect_uri: saved.redirect_uri,
            refreshable: saved.refreshable,
            refresh_dead: saved.refresh_dead,
            accepted: saved.accepted,
            has_client_secret: saved.has_client_secret,
            imported: saved.imported,
            rest: saved.rest,
            kept: None,
            cache: Arc::new(Cache::default()),
        }
    }
}
