//! Ending tokens at their server. Revocation answers 200 to everything (RFC 7009 §2.2), so introspection is asked after it.

use super::{Held, Material, trouble};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::oauth::{self, Client};
use crate::operations::connections::CredentialKind;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::secret::Secret;

/// Revokes the tokens of an identity; whether the server then calls the access token dead, `None` where it cannot be asked.
///
/// # Errors
/// `identity.not_revocable` for what is no access token, those of the vault, and every refusal.
pub(crate) async fn revoke(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<Option<bool>, Problem> {
    if held.kind != CredentialKind::AccessToken {
        return Err(trouble::not_revocable(held, lang));
    }
    let material = engine.loaded(deployment, held, lang).await?;
    let client = engine.client_of(deployment, held, lang).await?;
    // At Prism either of the two ends both (contract §6); elsewhere the refresh token goes first, so that no new one is made.
    if let Some(refresh_token) = material.tokens().and_then(|tokens| tokens.refresh_token.as_ref()) {
        oauth::revoke(engine, deployment, &client, refresh_token, "refresh_token", lang).await?;
    }
    oauth::revoke(engine, deployment, &client, material.credential(), "access_token", lang).await?;
    let seen = oauth::introspect(engine, deployment, &client, material.credential(), lang).await;
    Ok(seen.ok().map(|seen| !seen.value.active))
}

impl Engine {
    /// The secrets of an identity as they are, not renewed.
    ///
    /// # Errors
    /// As [`Engine::credential`].
    pub(crate) async fn loaded(
        &self,
        deployment: &Deployment,
        held: &Held,
        lang: Lang,
    ) -> Result<Material, Problem> {
        let _one = held.cache.gate.lock().await;
        self.load(deployment, held, lang).await
    }

    /// The client an identity was issued to, as it presents itself.
    ///
    /// # Errors
    /// As [`Engine::credential`].
    pub(crate) async fn client_of(
        &self,
        deployment: &Deployment,
        held: &Held,
        lang: Lang,
    ) -> Result<Client, Problem> {
        let secret: Option<Secret> = self.client_secret(deployment, held, lang).await?;
        Ok(Client { id: held.client_id.clone().unwrap_or_default(), secret })
    }
}
