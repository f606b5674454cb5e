//! Taking an identity in and letting it go: the secret first, what is known of it second, and nothing by halves.

use super::{Cache, Held, Material};
use crate::connections::{Deployment, handle};
use crate::engine::Engine;
use crate::operations::connections::{CredentialKind, Identity, Origin};
use crate::operations::vault::VaultKind;
use crate::vault::{Part, SecretName};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::secret::Secret;
use serde_json::Map;
use std::sync::Arc;

/// An identity about to be kept.
pub(crate) struct NewIdentity {
    /// What to call it; empty: derived from the person and the kind.
    pub(crate) label: String,
    /// Kind.
    pub(crate) kind: CredentialKind,
    /// How it came here.
    pub(crate) origin: Origin,
    /// Its secrets.
    pub(crate) material: Material,
    /// The secret of the client a sign-in belongs to; refreshing needs it.
    pub(crate) client_secret: Option<Secret>,
    /// Name of the person.
    pub(crate) user_name: Option<String>,
    /// User id of the person.
    pub(crate) user_id: Option<String>,
    /// Client it was issued to.
    pub(crate) client_id: Option<String>,
    /// That client's name.
    pub(crate) client_name: Option<String>,
    /// Scopes it carries.
    pub(crate) scopes: Vec<String>,
    /// Whether it carries nothing beyond them.
    pub(crate) scopes_are_complete: bool,
    /// The redirect URI it was signed in with.
    pub(crate) redirect_uri: Option<String>,
    /// The client the person says it is used for.
    pub(crate) used_for: Option<String>,
}

/// Keeps an identity: its secrets in the vault, then what is known of it with the connection. On the sandbox, on a
/// connection of this run, and without a data directory everything stays in memory.
///
/// # Errors
/// When the vault cannot take it (nothing chosen, locked, absent), or the connections cannot be saved; then nothing is kept.
pub(crate) async fn keep(
    engine: &Engine,
    connection_id: &str,
    mut new: NewIdentity,
    lang: Lang,
) -> Result<Identity, Problem> {
    let client_secret = new.client_secret.take();
    keep_held(engine, connection_id, draft(new), client_secret, lang).await
}

/// An identity with its secrets in memory, kept nowhere yet.
pub(crate) fn draft(new: NewIdentity) -> Held {
    let (expires_at, refreshable) = match &new.material {
        Material::Credential(_) => (None, false),
        Material::Tokens(tokens) => (tokens.expires_at, tokens.refresh_token.is_some()),
    };
    Held {
        id: handle("i"),
        label: new.label,
        label_zh: None,
        kind: new.kind,
        user_name: new.user_name,
        user_id: new.user_id,
        client_id: new.client_id,
        client_name: new.client_name,
        scopes: new.scopes,
        scopes_are_complete: new.scopes_are_complete,
        lacks: Vec::new(),
        owns: Vec::new(),
        expires_at,
        note: None,
        origin: new.origin,
        used_for: new.used_for,
        redirect_uri: new.redirect_uri,
        refreshable,
        refresh_dead: false,
        accepted: false,
        has_client_secret: false,
        imported: false,
        rest: Map::new(),
        kept: None,
        cache: Arc::new(Cache::filled(new.material)),
    }
}

/// The same as [`keep`] for an identity that was looked at before.
///
/// # Errors
/// As [`keep`].
pub(crate) async fn keep_held(
    engine: &Engine,
    connection_id: &str,
    mut held: Held,
    client_secret: Option<Secret>,
    lang: Lang,
) -> Result<Identity, Problem> {
    let deployment = engine.connection(connection_id, lang)?;
    held.has_client_secret = client_secret.is_some();
    if held.label.trim().is_empty() {
        held.label = held.in_words(lang);
    }
    let mut secrets = Vec::new();
    if let Some(material) = held.cache.get().material {
        secrets.push((name(&deployment, &held, Part::Credential), material.entry()));
    }
    secrets.extend(client_secret.map(|secret| (name(&deployment, &held, Part::ClientSecret), secret)));
    held.kept = Some(write(engine, &deployment, &secrets, lang).await?);
    let held = Arc::new(held);
    let saved = engine.store().change_saved(connection_id, lang, |kept| {
        kept.identities.push(held.clone());
        if kept.admin.is_none() && held.view(kept, lang).for_admin {
            kept.admin = Some(held.id.clone());
        }
    });
    if let Err(problem) = saved {
        take_back(engine, &secrets, lang).await;
        return Err(problem);
    }
    Ok(held.view(&deployment, lang))
}

/// Deletes the secrets of an identity from the vault and from memory; how many were there.
///
/// # Errors
/// When the vault does not answer; what could be deleted is.
pub(crate) async fn forget(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<usize, Problem> {
    if held.origin == Origin::BuiltIn {
        return Ok(0);
    }
    held.cache.clear();
    engine.close_idle();
    let (mut deleted, mut failed) = (0, None);
    for part in Part::ALL.into_iter().filter(|part| *part == Part::Credential || held.has_client_secret) {
        match engine.vault().delete(&name(deployment, held, part), lang).await {
            Ok(was_there) => deleted += usize::from(was_there),
            Err(problem) => failed = Some(problem),
        }
    }
    if let Some(problem) = failed {
        return Err(problem);
    }
    if let Some(turn) = engine.turn(deployment, held) {
        turn.remove();
    }
    Ok(deleted)
}

/// The name of one of its secrets.
pub(super) fn name(deployment: &Deployment, held: &Held, part: Part) -> SecretName {
    SecretName { connection: deployment.saved.id.clone(), identity: held.id.clone(), part }
}

/// Whether secrets of this connection stay in memory, whatever was chosen.
pub(super) fn this_run_only(deployment: &Deployment) -> bool {
    !deployment.lasting
}

async fn write(
    engine: &Engine,
    deployment: &Deployment,
    secrets: &[(SecretName, Secret)],
    lang: Lang,
) -> Result<VaultKind, Problem> {
    if this_run_only(deployment) {
        for (name, secret) in secrets {
            engine.vault().put_in_memory(name, secret);
        }
        return Ok(VaultKind::Memory);
    }
    let mut kept = engine.vault().ready(lang).await?;
    for (name, secret) in secrets {
        match engine.vault().put(name, secret, lang).await {
            Ok(kind) => kept = kind,
            Err(problem) => {
                take_back(engine, secrets, lang).await;
                return Err(problem);
            }
        }
    }
    Ok(kept)
}

/// Nothing is kept by halves. That an entry cannot be deleted changes nothing about the failure that is reported.
async fn take_back(engine: &Engine, secrets: &[(SecretName, Secret)], lang: Lang) {
    for (name, _) in secrets {
        drop(engine.vault().delete(name, lang).await);
    }
}
