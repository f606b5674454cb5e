//! Building `allowed_scopes`: what is ticked, merged into what is there.

use crate::catalog::{BuiltLine, BuiltScopes, LineState};
use crate::id::{check_client_id, client_id_problem};
use crate::lang::Lang;
use crate::lints;
use crate::list;
use crate::plan::Definition;
use crate::problem::{Problem, Severity};
use crate::profile::{Profile, prism};
use crate::scope::{ScopeSet, app_scope};

/// Everything [`build`] looks at.
#[derive(Debug, Clone, Copy)]
pub struct BuildInput<'a> {
    /// What is known about the provider.
    pub profile: &'a Profile,
    /// The provider's client id as its server states it, where it could be asked.
    pub provider_client_id_known: Option<&'a str>,
    /// The definitions at Prism, where they could be read.
    pub live: Option<&'a [Definition]>,
    /// The provider's client id as typed.
    pub client_id: &'a str,
    /// Ticked platform scopes.
    pub platform: &'a [String],
    /// Ticked inner scopes.
    pub inner: &'a [String],
    /// A list to merge into, as pasted.
    pub merge: Option<&'a str>,
    /// Language of every sentence.
    pub lang: Lang,
}

/// Builds the list: a pasted list first and unchanged, then what is ticked and new: platform scopes in catalogue order,
/// app scopes in catalogue order.
#[must_use]
pub fn build(input: &BuildInput<'_>) -> BuiltScopes {
    let client_id_problem = look_at_client_id(input);
    let usable = client_id_problem.as_ref().is_none_or(|problem| problem.severity != Severity::Refused);
    let (kept, merge_problem) = match input.merge.map(|text| list::read(text, input.lang)) {
        None => (None, None),
        Some(Ok(entries)) => (Some(entries), None),
        Some(Err(problem)) => (None, Some(problem)),
    };
    let merged = kept.is_some();
    let mut set: ScopeSet = kept.iter().flatten().map(|entry| entry.scope.as_str()).collect();
    let before = set.as_slice().len();
    for scope in ticked(input, usable) {
        set.insert(scope);
    }
    let state = |at: usize| match (merged, at < before) {
        (false, _) => LineState::Plain,
        (true, true) => LineState::Kept,
        (true, false) => LineState::Added,
    };
    let lines: Vec<BuiltLine> = set
        .as_slice()
        .iter()
        .enumerate()
        .map(|(at, scope)| BuiltLine { scope: scope.clone(), state: state(at) })
        .collect();
    BuiltScopes {
        json: if usable { set.json() } else { String::new() },
        scope_string: if usable { set.joined(" ") } else { String::new() },
        count: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        lints: lints::lint(input, &set, kept.as_deref().unwrap_or_default()),
        lines,
        client_id_problem,
        merge_problem,
    }
}

/// The client id matters only when it is used.
fn look_at_client_id(input: &BuildInput<'_>) -> Option<Problem> {
    if input.inner.is_empty() {
        return None;
    }
    let form = &prism().client_id;
    let mistake = check_client_id(input.client_id, form).err()?;
    let is_the_connected_one =
        input.provider_client_id_known == Some(input.client_id) && mistake.is_only_odd();
    (!is_the_connected_one).then(|| client_id_problem(mistake, input.client_id, form, input.lang))
}

fn ticked(input: &BuildInput<'_>, usable: bool) -> Vec<String> {
    let platform_order: Vec<&str> = prism().scopes.iter().map(|scope| scope.key.as_str()).collect();
    let inner_order: Vec<&str> = input
        .profile
        .scopes
        .iter()
        .map(|scope| scope.key.as_str())
        .chain(input.live.unwrap_or_default().iter().map(|definition| definition.scope.as_str()))
        .collect();
    let inner = if usable { input.inner } else { &[] };
    let platform = in_order(input.platform, &platform_order);
    let inner = in_order(inner, &inner_order).into_iter().map(|key| app_scope(input.client_id, &key));
    platform.into_iter().chain(inner).collect()
}

/// Known keys in their order, then the others as given.
fn in_order(keys: &[String], order: &[&str]) -> Vec<String> {
    let mut sorted: Vec<String> = keys.to_vec();
    sorted.sort_by_key(|key| order.iter().position(|known| known == key).unwrap_or(usize::MAX));
    sorted
}
