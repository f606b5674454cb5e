//! Scopes that were asked for under a wrong name, or joined so that Prism reads them as one.

use super::Finding;
use super::code::{self, GateId};
use super::evidence::{Source, observed};
use super::facts::{Facts, Today};
use super::scope::{names, parts};
use super::types::Certainty::{Likely, Proven};
use crate::profile::{glint, prism};
use crate::say;
use crate::scope::did_you_mean;

/// An authorization or a preview that asked for nearly the right scope, and not for the right one.
///
/// A slip the request shows comes before what the preview says today (the order of the scope codes). So this is the one
/// place where evidence takes certainty away: with the request the slip is likely, without it Prism's answer about the
/// right scope stands alone and proves its own code. Both are true of the token; the request only tells which came first.
pub(crate) fn misspelt(facts: &Facts<'_>, needed: &[String]) -> Option<Finding> {
    let lang = facts.lang;
    let asked = facts.requests.iter().rfind(|asked| asked.linked).or(facts.requests.last());
    let right = |scope: &String| needed.iter().any(|want| names(scope, want));
    let slip = |scope: &String| needed.iter().any(|want| resembles(scope, want));
    let by_request = asked.filter(|asked| !asked.scopes.iter().any(right)).and_then(|asked| {
        let scope = asked.scopes.iter().find(|scope| slip(scope))?;
        let fact = say!(lang, "the authorization asked for `{scope}`", "授权时请求的是 `{scope}`");
        // The right scope may have been out of reach as well: what the preview says of it is another reason.
        Some((Likely, observed(lang, Source::Request, fact)))
    });
    let by_preview = || {
        let mut slips = facts.today.iter().filter(|(scope, _)| slip(scope));
        let (scope, today) = slips.next().filter(|_| !facts.today.keys().any(right))?;
        let Today::Rejected(reason) = today else { return None };
        let fact = say!(lang, "`{scope}`: `{reason}`", "`{scope}`：`{reason}`");
        let sure = reason == "unknown" && facts.held().is_some();
        Some((if sure { Proven } else { Likely }, observed(lang, Source::Preview, fact)))
    };
    let (certainty, fact) = by_request.or_else(by_preview)?;
    Some(Finding::new(code::SCOPE_MISSPELT, certainty, GateId::Scope).shown([fact]))
}

/// Whether a scope that was asked for is a slip for the wanted one: another case, other separators, a letter off, or a
/// wrong frame around the right name (`read_todos` alone, `glint:read_todos`, `app:read_todos`).
fn resembles(asked: &str, wanted: &str) -> bool {
    if asked.contains(joins) {
        return asked.split(joins).any(|part| names(part, wanted) || resembles(part, wanted));
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '.', ' ', '+'], "_");
    let last = asked.rsplit(':').next().unwrap_or(asked);
    let (inner, want) = (plain(last), plain(wanted));
    if wanted.contains(':') {
        return asked != wanted
            && (plain(asked) == want || is_slip(asked, wanted) || plain(asked).replace('_', ":") == want);
    }
    match parts(asked).filter(|(id, _)| !id.is_empty()) {
        Some((_, held)) => held != wanted && (inner == want || is_slip(held, wanted)),
        None => inner == want || is_slip(last, wanted),
    }
}

/// What people put between scopes, and Prism takes as part of one: it separates by blanks only.
pub(crate) fn joins(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '|')
}

/// Nearly the same name, and none that a catalogue knows: another case, other separators, letters off.
pub(crate) fn is_slip(held: &str, wanted: &str) -> bool {
    let known =
        |name: &str| glint().scope(name).is_some() || prism().scopes.iter().any(|scope| scope.key == name);
    if held == wanted || known(held) {
        return false;
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '.', ' ', '+'], "_");
    plain(held) == plain(wanted) || did_you_mean(held, [wanted]).is_some()
}
