//! An answer without secrets: its sentences may quote what was sent and what came back.

use super::Verdict;
use super::types::{Diagnosis, Evidence};
use crate::exchange::Exchange;
use crate::secret::Redactor;

impl Verdict {
    /// The verdict without secrets in the place of an id or a name.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        let redactor = Redactor::new();
        for named in self.consumer.iter_mut().chain(&mut self.person) {
            named.id = redactor.clean(&named.id);
            named.name = named.name.take().map(|name| redactor.clean(&name));
        }
        self
    }
}

impl Diagnosis {
    /// The answer with every secret of its call replaced, by value and by form.
    pub(super) fn redacted(mut self, call: &Exchange) -> Self {
        let mut redactor = Redactor::new();
        redactor.learn(call);
        let clean = |text: &mut String| {
            let shown = redactor.clean(text);
            if shown != *text {
                *text = shown;
            }
        };
        let facts = |facts: &mut Vec<Evidence>| facts.iter_mut().for_each(|fact| clean(&mut fact.text));
        clean(&mut self.headline);
        clean(&mut self.detail);
        facts(&mut self.evidence);
        for gate in &mut self.gates {
            clean(&mut gate.question);
            facts(&mut gate.evidence);
        }
        for step in &mut self.remedies {
            clean(&mut step.action);
            clean(&mut step.detail);
            step.who_name.iter_mut().for_each(clean);
        }
        self.alternatives.iter_mut().for_each(|other| clean(&mut other.question));
        self.next_obstacle.iter_mut().for_each(clean);
        self.needs.scopes.iter_mut().flatten().for_each(clean);
        self.needs.field.iter_mut().for_each(clean);
        self.refusals.iter_mut().for_each(|row| clean(&mut row.text));
        self
    }
}
