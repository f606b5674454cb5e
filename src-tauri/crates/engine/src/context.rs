//! What one call of an operation carries beside its arguments.

use crate::jobs::Cancel;
use scopes::lang::Lang;
use std::any::Any;

/// Where progress goes: one value of the operation's `Progress` per step.
pub(crate) type Report<'a> = &'a (dyn Fn(&dyn Any) + Send + Sync);

/// Language, stop switch and progress of one call.
pub struct Context<'a> {
    /// Language of every sentence in the reply.
    pub(crate) lang: Lang,
    /// Turned by `cancel_job`.
    pub(crate) cancel: Cancel,
    report: Report<'a>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(lang: Lang, cancel: Cancel, report: Report<'a>) -> Self {
        Self { lang, cancel, report }
    }

    /// Reports a step: a value of the operation's `Progress`.
    pub(crate) fn report<P: Any>(&self, step: &P) {
        (self.report)(step);
    }
}
