//! What one call of an operation carries beside its arguments.

use crate::jobs::Cancel;
use scopes::lang::Lang;
use serde::Serialize;
use serde_json::Value;

/// Where progress goes: one JSON value per step.
pub(crate) type Progress<'a> = &'a (dyn Fn(Value) + Send + Sync);

/// Language, stop switch and progress of one call.
pub(crate) struct Context<'a> {
    /// Language of every sentence in the reply.
    pub(crate) lang: Lang,
    /// Turned by `cancel_job`.
    pub(crate) cancel: Cancel,
    progress: Progress<'a>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(lang: Lang, cancel: Cancel, progress: Progress<'a>) -> Self {
        Self { lang, cancel, progress }
    }

    /// Reports a step.
    pub(crate) fn report(&self, step: &impl Serialize) {
        if let Ok(value) = serde_json::to_value(step) {
            (self.progress)(value);
        }
    }
}
