//! Changing what is known of a kept identity.

use super::Held;
use crate::engine::Engine;
use scopes::lang::Lang;
use scopes::problem::Problem;
use std::sync::Arc;

/// Changes an identity and saves; nothing where it is gone already.
///
/// # Errors
/// When the connection is gone, or the file cannot be written.
pub(crate) fn update(
    engine: &Engine,
    connection: &str,
    identity: &str,
    lang: Lang,
    change: impl FnOnce(&mut Held),
) -> Result<(), Problem> {
    engine.store().change_saved(connection, lang, |deployment| {
        if let Some(held) = deployment.identities.iter_mut().find(|held| held.id == identity) {
            change(Arc::make_mut(held));
        }
    })
}
