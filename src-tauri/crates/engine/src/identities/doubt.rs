//! Identities in doubt: a refresh was sent whose answer nobody kept, or the server called the access token inactive though
//! it has time left. The doubt is on disk, so that the next process asks, too; a question or new tokens end it.

use super::keep::name;
use super::material::{Loaded, Material, TokenSet};
use super::{Held, turn::Turn};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::oauth;
use crate::vault::Part;
use scopes::lang::Lang;
use scopes::secret::Secret;

impl Engine {
    /// Puts an identity in doubt: its token is asked about, or renewed, before it is used again.
    pub(crate) fn doubt(&self, deployment: &Deployment, held: &Held) {
        if !held.refreshable {
            return;
        }
        held.cache.doubt();
        if let Some(turn) = self.turn(deployment, held) {
            // This process knows; that a later one does not costs a call that is refused.
            drop(turn.doubt());
        }
    }

    /// Whether a token in doubt can be used after all: the server calls it active. Where a refresh ends the previous access
    /// token (Prism, contract §6), that proves that none was carried out, and ends the doubt.
    pub(super) async fn is_still_active(
        &self,
        deployment: &Deployment,
        held: &Held,
        tokens: &TokenSet,
        lang: Lang,
    ) -> bool {
        if tokens.is_over(self.now()) {
            return false;
        }
        let Ok(client) = self.client_of(deployment, held, lang).await else { return false };
        let seen = oauth::introspect(self, deployment, &client, &tokens.access_token, lang).await;
        let active = seen.is_ok_and(|seen| seen.value.active);
        if active && tokens.rotates != Some(true) {
            self.settle(deployment, held, &tokens.access_token);
        }
        active
    }

    /// Ends the doubt about this access token, unless another process renews it now.
    fn settle(&self, deployment: &Deployment, held: &Held, token: &Secret) {
        if let Some(turn) = self.turn(deployment, held) {
            let Some(_mine) = turn.try_take() else { return };
            turn.settle();
        }
        held.cache.change(|loaded| {
            let same = loaded.material.as_ref().is_some_and(|m| m.credential().expose() == token.expose());
            loaded.in_doubt &= !same;
        });
    }

    /// Offers tokens that are in memory only to the vault again; `None` when another process has renewed them since, so
    /// that the vault has newer ones. The gate is held by the caller.
    pub(super) async fn offer_again(
        &self,
        deployment: &Deployment,
        held: &Held,
        turn: Option<&Turn>,
        lang: Lang,
    ) -> Option<Material> {
        let known = held.cache.get();
        let material = known.material.filter(|_| known.unwritten)?;
        let Some(turn) = turn else { return Some(material) };
        let Some(_mine) = turn.try_take() else { return Some(material) };
        if turn.last() != known.mark {
            return None;
        }
        let entry = name(deployment, held, Part::Credential);
        if self.vault().renew(&entry, &material.entry(), lang).await.is_ok() {
            turn.settle();
            let mark = turn.pass_on().unwrap_or(known.mark);
            held.cache.set(Loaded { material: Some(material.clone()), mark, ..Loaded::default() });
        }
        Some(material)
    }
}
