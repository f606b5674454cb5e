//! From an identity to the header that is sent: the secret is loaded when it is used.

use super::keep::name;
use super::{Held, Material};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::http::Credential;
use crate::operations::connections::{CredentialKind, Origin};
use crate::server::Server;
use crate::vault::Part;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;

impl Engine {
    /// The header of an identity, bound to the given servers.
    ///
    /// # Errors
    /// `identity.secret_gone` when its secret is no longer where it was kept, `vault.locked` and the like when the vault
    /// cannot be read.
    pub(crate) async fn credential(
        &self,
        deployment: &Deployment,
        held: &Held,
        audience: Vec<Server>,
        lang: Lang,
    ) -> Result<Credential, Problem> {
        let secret = self.token(deployment, held, lang).await?;
        Ok(match (held.kind, &held.client_id) {
            (CredentialKind::ClientCredentials, Some(client_id)) => {
                Credential::basic(client_id, secret, audience)
            }
            _ => Credential::bearer(secret, audience),
        })
    }

    /// What an identity sends: the token, or the client secret.
    ///
    /// # Errors
    /// As [`Self::credential`].
    pub(crate) async fn token(
        &self,
        deployment: &Deployment,
        held: &Held,
        lang: Lang,
    ) -> Result<Secret, Problem> {
        let _one = held.cache.gate.lock().await;
        Ok(self.material(deployment, held, lang).await?.credential().clone())
    }

    /// Its secrets, from memory or from the vault.
    pub(super) async fn material(
        &self,
        deployment: &Deployment,
        held: &Held,
        lang: Lang,
    ) -> Result<Material, Problem> {
        if let Some(material) = held.cache.get() {
            return Ok(material);
        }
        let entry = self.vault().get(&name(deployment, held, Part::Credential), lang).await?;
        let material = entry.and_then(|entry| Material::read(&entry, holds_tokens(held)));
        let material = material.ok_or_else(|| gone(held, lang))?;
        held.cache.set(material.clone());
        Ok(material)
    }
}

/// Whether its vault entry is a set of tokens.
fn holds_tokens(held: &Held) -> bool {
    held.kind == CredentialKind::AccessToken && held.origin == Origin::SignedIn
}

/// The secret is no longer where it was kept.
fn gone(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang).to_owned();
    let problem = Problem::refused(
        "identity.secret_gone",
        say!(
            lang,
            "The secret of {label} is no longer where it was kept.",
            "{label} 的密钥已不在原来保存的位置。"
        ),
    );
    if held.origin == Origin::SignedIn {
        problem.hinted(say!(lang, "Sign in again in Connections.", "在“连接”面板重新登录。"))
    } else {
        problem.hinted(say!(
            lang,
            "Add the credential again in Connections, and remove this identity.",
            "在“连接”面板重新添加凭据，并移除此身份。"
        ))
    }
}
