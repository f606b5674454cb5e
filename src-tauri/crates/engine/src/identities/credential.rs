//! From an identity to the header that is sent: its secret is loaded when it is used, and renewed before it ends.

use super::keep::{name, this_run_only};
use super::material::Loaded;
use super::turn::Turn;
use super::{Held, Material, trouble};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::http::Credential;
use crate::operations::connections::{CredentialKind, Origin};
use crate::server::Server;
use crate::vault::Part;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::secret::Secret;

impl Engine {
    /// The header of an identity, bound to the given servers.
    ///
    /// # Errors
    /// `identity.secret_gone` when its secret is no longer where it was kept, `vault.locked` and the like when the vault
    /// cannot be read, and those of a refresh when the token has ended.
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
            (CredentialKind::PersonalAccessToken | CredentialKind::SessionToken, _) => {
                Credential::bearer(secret, audience).watched(held.cache.refusals())
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
        deployment.confirmed(lang)?;
        let material = {
            let _one = held.cache.gate.lock().await;
            self.load(deployment, held, lang).await?
        };
        let Some(tokens) = material.tokens().filter(|tokens| self.must_renew(held, tokens)) else {
            return self.as_it_is(held, &material, lang);
        };
        let seen = tokens.access_token.clone();
        let was_in_doubt = held.cache.get().in_doubt;
        if was_in_doubt && self.is_still_active(deployment, held, tokens, lang).await {
            // A server that replaces the refresh token takes the old one for stolen: the token is used to its end first.
            if tokens.rotates == Some(true) || !tokens.is_due(self.now()) {
                return Ok(seen);
            }
        }
        let problem = match self.renew(deployment, held, &seen, false, lang).await {
            Ok(renewal) => return Ok(renewal.token),
            Err(problem) => problem,
        };
        // A refresh ahead of time that failed without harm leaves the token as it was.
        let unharmed = !tokens.is_over(self.now()) && !held.cache.get().in_doubt;
        if unharmed || !was_in_doubt && self.is_still_active(deployment, held, tokens, lang).await {
            return Ok(seen);
        }
        Err(problem)
    }

    /// A sign-in that has ended and cannot be renewed is not sent: the answer would only say that it is dead.
    fn as_it_is(&self, held: &Held, material: &Material, lang: Lang) -> Result<Secret, Problem> {
        let over = material
            .tokens()
            .is_some_and(|tokens| tokens.refresh_token.is_some() && tokens.is_over(self.now()));
        if over && held.cache.get().dead {
            return Err(trouble::ended(held, lang));
        }
        Ok(material.credential().clone())
    }

    /// The secret of the client a sign-in belongs to.
    pub(super) async fn client_secret(
        &self,
        deployment: &Deployment,
        held: &Held,
        lang: Lang,
    ) -> Result<Option<Secret>, Problem> {
        if !held.has_client_secret {
            return Ok(None);
        }
        let secret = self.vault().get(&name(deployment, held, Part::ClientSecret), lang).await?;
        secret.map(Some).ok_or_else(|| trouble::gone(held, lang))
    }

    /// Its secrets, from memory where nobody renewed them since, else from the vault. The gate is held by the caller.
    pub(super) async fn load(
        &self,
        deployment: &Deployment,
        held: &Held,
        lang: Lang,
    ) -> Result<Material, Problem> {
        let turn = self.turn(deployment, held);
        if let Some(material) = self.offer_again(deployment, held, turn.as_ref(), lang).await {
            return Ok(material);
        }
        let mark = turn.as_ref().map(Turn::last).unwrap_or_default();
        let known = held.cache.get();
        let material = match known.material.filter(|_| known.mark == mark) {
            Some(material) => material,
            None => self.reload(deployment, held, mark, lang).await?,
        };
        if turn.as_ref().is_some_and(Turn::is_in_doubt) {
            held.cache.doubt();
        }
        Ok(material)
    }

    /// Its secrets as the vault has them now. The mark was read before, so that a change in between is seen later.
    pub(super) async fn reload(
        &self,
        deployment: &Deployment,
        held: &Held,
        mark: String,
        lang: Lang,
    ) -> Result<Material, Problem> {
        let entry = self.vault().get(&name(deployment, held, Part::Credential), lang).await?;
        let material = entry.and_then(|entry| Material::read(&entry, held.holds_tokens()));
        let Some(material) = material else {
            held.cache.set(Loaded { gone: true, ..Loaded::default() });
            return Err(trouble::gone(held, lang));
        };
        let dead = held.refresh_dead;
        held.cache.set(Loaded { material: Some(material.clone()), mark, dead, ..Loaded::default() });
        Ok(material)
    }

    /// The files by which processes take turns; `None` where the secrets are this run's own.
    pub(super) fn turn(&self, deployment: &Deployment, held: &Held) -> Option<Turn> {
        if this_run_only(deployment) || !held.refreshable {
            return None;
        }
        self.data_dir().map(|dir| Turn::of(dir, &held.id))
    }

    /// Seconds.
    pub(crate) fn now(&self) -> i64 {
        self.host().now_ms().div_euclid(1000)
    }
}

impl Held {
    /// Whether its vault entry is a set of tokens.
    pub(super) fn holds_tokens(&self) -> bool {
        self.kind == CredentialKind::AccessToken && self.origin == Origin::SignedIn
    }
}
