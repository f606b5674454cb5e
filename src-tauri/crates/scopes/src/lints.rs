//! Remarks on a built `allowed_scopes`, each with the ticks that cure it.

mod content;
mod spelling;

use crate::build::BuildInput;
use crate::catalog::Lint;
use crate::list::Entry;
use crate::problem::Problem;
use crate::scope::{Scope, ScopeSet, split};

/// Everything a remark looks at.
pub(crate) struct Subject<'a> {
    pub(crate) input: &'a BuildInput<'a>,
    pub(crate) set: &'a ScopeSet,
    pub(crate) pasted: &'a [Entry],
    /// Inner scopes of the provider in the whole list.
    pub(crate) inner: Vec<&'a str>,
}

impl Subject<'_> {
    /// Whether the provider's inner scope is in the list.
    pub(crate) fn holds(&self, inner: &str) -> bool {
        self.inner.contains(&inner)
    }

    /// Of these keys, those that are ticked and can be unticked.
    pub(crate) fn ticked(&self, keys: &[&str]) -> Vec<String> {
        let ticked = |key: &&&str| self.input.inner.iter().chain(self.input.platform).any(|t| t == **key);
        keys.iter().filter(ticked).map(|key| (*key).to_owned()).collect()
    }
}

/// Looks a built list over. What needs a server (rules, registration) is not looked at.
pub(crate) fn lint(input: &BuildInput<'_>, set: &ScopeSet, pasted: &[Entry]) -> Vec<Lint> {
    let mut inner: Vec<&str> = set
        .as_slice()
        .iter()
        .filter_map(|scope| match split(scope) {
            Some(Scope::App { client_id, inner }) if client_id == input.client_id => Some(inner),
            _ => None,
        })
        .collect();
    // While the client id is still being typed, the ticks alone are judged.
    inner.extend(input.inner.iter().map(String::as_str).filter(|key| !key.is_empty()));
    inner.sort_unstable();
    inner.dedup();
    let subject = Subject { input, set, pasted, inner };
    let mut lints = spelling::lints(&subject);
    lints.extend(content::lints(&subject));
    lints.sort_by_key(|lint| std::cmp::Reverse(lint.problem.severity));
    lints
}

/// A remark without a button.
pub(crate) fn remark(problem: Problem) -> Lint {
    Lint { problem, fix_label: None, tick: Vec::new(), untick: Vec::new() }
}

/// A remark with a button, if the button would change anything.
pub(crate) fn curable(problem: Problem, label: String, tick: Vec<String>, untick: Vec<String>) -> Lint {
    let fix_label = (!tick.is_empty() || !untick.is_empty()).then_some(label);
    Lint { problem, fix_label, tick, untick }
}
