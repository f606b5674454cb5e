//! A connection as it is saved, and the saved one with what is known in memory.

use super::store::unusable;
use super::{Deployment, Saved, deployment};
use crate::identities::{Held, SavedIdentity};
use scopes::lang::Lang;
use scopes::problem::Problem;
use std::sync::Arc;

impl Deployment {
    /// What is saved of it as it is now.
    pub(super) fn to_saved(&self) -> Saved {
        let identities: Vec<SavedIdentity> = self.identities.iter().filter_map(|held| held.saved()).collect();
        // An identity for this run only is chosen for this run only.
        let is_saved = |id: &String| identities.iter().any(|saved| saved.id == *id);
        let admin = match &self.admin {
            Some(chosen) if !is_saved(chosen) => self.saved.admin.clone().filter(is_saved),
            chosen => chosen.clone(),
        };
        Saved { admin, identities, ..self.saved.clone() }
    }

    /// The same connection as it is saved now. What was learnt from its servers, and identities for this run only, stay
    /// unless an address is another one.
    pub(super) fn saved_as(&self, saved: Saved) -> Option<Self> {
        let mut after = deployment(saved)?;
        after.lasting = self.lasting;
        if after.prism == self.prism {
            let same_glint = after.glint == self.glint || self.glint.is_none();
            after.identities = after.saved.identities.iter().map(|now| self.held(now)).collect();
            let mut this_run = self.identities.clone();
            this_run.retain(|held| held.saved().is_none() && (same_glint || !held.goes_to_glint()));
            after.identities.extend(this_run);
        }
        if after.prism == self.prism
            && after.glint == self.glint
            && after.saved.provider_client_id == self.saved.provider_client_id
        {
            after.provider_app_id.clone_from(&self.provider_app_id);
            after.provider_name.clone_from(&self.provider_name);
            after.live.clone_from(&self.live);
            after.consumers.clone_from(&self.consumers);
            after.names.clone_from(&self.names);
        }
        let is_there = |id: &&String| after.identities.iter().any(|held| held.id == **id);
        let is_saved = |id: &&String| after.saved.identities.iter().any(|saved| saved.id == **id);
        let chosen = self.admin.as_ref().filter(|id| is_there(id) && !is_saved(id));
        after.admin = chosen.or(after.saved.admin.as_ref().filter(is_there)).cloned();
        after.admin_now = self.admin_now.as_ref().filter(is_there).cloned();
        Some(after)
    }

    /// Becomes what somebody edited, and says which identities are dropped with an address: a credential is bound to the
    /// scheme, host and port it was given for.
    ///
    /// # Errors
    /// When an address cannot be used.
    pub(crate) fn edited(&mut self, mut saved: Saved, lang: Lang) -> Result<Vec<Arc<Held>>, Problem> {
        let there = deployment(saved.clone()).ok_or_else(|| unusable(&saved, lang))?;
        let other_glint = self.glint.is_some() && there.glint != self.glint;
        let goes = |held: &Held| there.prism != self.prism || other_glint && held.goes_to_glint();
        let dropped: Vec<Arc<Held>> = self.identities.iter().filter(|held| goes(held)).cloned().collect();
        saved.identities.retain(|kept| dropped.iter().all(|held| held.id != kept.id));
        *self = self.saved_as(saved.clone()).ok_or_else(|| unusable(&saved, lang))?;
        Ok(dropped)
    }

    /// The identity as it is held already, where nothing of it was changed elsewhere.
    fn held(&self, now: &SavedIdentity) -> Arc<Held> {
        let known = self.identities.iter().find(|held| held.id == now.id);
        match known {
            Some(known) if known.saved().as_ref() == Some(now) => known.clone(),
            Some(known) => Arc::new(known.restored_as(now.clone())),
            None => Arc::new(Held::restored(now.clone())),
        }
    }
}
