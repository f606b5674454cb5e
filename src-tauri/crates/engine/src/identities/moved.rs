//! After secrets moved: an identity is saved where its secrets outlive this run, and only there.

use super::Held;
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::operations::connections::Origin;
use crate::operations::vault::VaultKind;
use scopes::lang::Lang;
use scopes::problem::Problem;
use std::sync::Arc;

/// Notes where the secrets of all identities are after `kind` was chosen; what could not be saved. This run only moves
/// nothing.
pub(crate) fn moved(engine: &Engine, kind: VaultKind, lang: Lang) -> Vec<Problem> {
    if kind == VaultKind::Memory {
        return Vec::new();
    }
    let moved = |held: &Arc<Held>| held.origin != Origin::BuiltIn && !engine.vault().is_in_memory(&held.id);
    let concerned = |deployment: &Deployment| deployment.lasting && deployment.identities.iter().any(moved);
    let connections = engine.store().all().into_iter().filter(concerned);
    connections
        .filter_map(|deployment| {
            let saved = engine.store().change_saved(&deployment.saved.id, lang, |deployment| {
                for held in deployment.identities.iter_mut().filter(|held| moved(held)) {
                    Arc::make_mut(held).kept = Some(kind);
                }
            });
            saved.err()
        })
        .collect()
}
