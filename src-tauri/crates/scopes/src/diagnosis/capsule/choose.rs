//! Which exchanges go into a capsule: only those without which the answer would be another one.

use super::super::call::path_of;
use super::super::facts::{credential, request_value};
use super::super::{Diagnosis, Known, Surroundings, is_evidence, with_secrets};
use crate::exchange::Exchange;
use crate::lang::Lang;

/// The exchanges the answer rests on, in their order.
pub(super) fn cited(call: &Exchange, others: &[Exchange], known: &Known) -> Vec<Exchange> {
    let whole = answer(call, others, known);
    let same = |chosen: &[Exchange]| answer(call, chosen, known) == whole;
    let own: Vec<Exchange> = others.iter().filter(|other| is_own(call, other)).cloned().collect();
    let evidence: Vec<Exchange> = own.iter().filter(|other| is_evidence(other)).cloned().collect();
    let chosen = [Vec::new(), evidence, own].into_iter().find(|chosen| same(chosen));
    without_needless(chosen.unwrap_or_else(|| others.to_vec()), same)
}

/// The answer to compare with others; it is never shown.
pub(super) fn answer(call: &Exchange, others: &[Exchange], known: &Known) -> Diagnosis {
    with_secrets(call, &Surroundings::of(others), None, known, Lang::En).1
}

/// Whether an exchange is about the call's token, or about no token at all.
fn is_own(call: &Exchange, other: &Exchange) -> bool {
    let token = credential(call).map(|token| token.trim().to_owned());
    let path = path_of(&other.request.url);
    let sent = credential(other).map(|token| token.trim().to_owned());
    match path.as_str() {
        "/api/oauth/introspect" => request_value(other, "token") == token,
        "/api/oauth/app-info" | "/api/auth/config" => true,
        path if path.starts_with("/api/apps") => is_evidence(other),
        // Who issued the token, refreshed or revoked it: told apart by the diagnosis itself.
        path if path.starts_with("/api/oauth/") && !path.starts_with("/api/oauth/me/") => true,
        path if path.starts_with("/oauth/") => true,
        path if path.starts_with("/api/") => sent == token,
        _ => false,
    }
}

/// Leaves out pieces, halves first, as long as the answer stays the same.
pub(super) fn without_needless<T: Clone>(mut chosen: Vec<T>, same: impl Fn(&[T]) -> bool) -> Vec<T> {
    let mut size = chosen.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < chosen.len() {
            let piece = from..(from + size).min(chosen.len());
            let rest: Vec<T> = chosen
                .iter()
                .enumerate()
                .filter(|(at, _)| !piece.contains(at))
                .map(|(_, e)| e.clone())
                .collect();
            if same(&rest) {
                chosen = rest;
            } else {
                from += size;
            }
        }
        size /= 2;
    }
    chosen
}

/// Whether two answers are the same for whoever has to act: cause, certainty, needs, gates and remedies. Names inside
/// sentences may differ, for they may be replaced.
pub(super) fn agree(one: &Diagnosis, other: &Diagnosis) -> bool {
    let gates = |answer: &Diagnosis| {
        answer.gates.iter().map(|gate| (gate.id, gate.state, gate.would_pass)).collect::<Vec<_>>()
    };
    let steps = |answer: &Diagnosis| {
        answer
            .remedies
            .iter()
            .map(|step| (step.who, step.reauthorize, step.fix.as_ref().map(std::mem::discriminant)))
            .collect::<Vec<_>>()
    };
    let codes = |answer: &Diagnosis| answer.alternatives.iter().map(|other| other.code).collect::<Vec<_>>();
    (one.status, &one.cause, one.certainty, &one.because, &one.needs, one.reauthorize)
        == (other.status, &other.cause, other.certainty, &other.because, &other.needs, other.reauthorize)
        && gates(one) == gates(other)
        && steps(one) == steps(other)
        && codes(one) == codes(other)
        && one.next_obstacle.is_some() == other.next_obstacle.is_some()
}

/// Everything an answer says, to look up what it cites.
pub(super) fn sentences(answer: &Diagnosis) -> String {
    let mut said = vec![answer.headline.as_str(), &answer.detail];
    let facts = answer.evidence.iter().chain(answer.gates.iter().flat_map(|gate| &gate.evidence));
    said.extend(facts.map(|fact| fact.text.as_str()));
    said.extend(answer.gates.iter().map(|gate| gate.question.as_str()));
    for step in &answer.remedies {
        said.extend([step.action.as_str(), step.detail.as_str()]);
        said.extend(step.who_name.as_deref());
    }
    said.extend(answer.alternatives.iter().map(|other| other.question.as_str()));
    said.extend(answer.next_obstacle.as_deref());
    said.extend(answer.needs.scopes.iter().flatten().map(String::as_str));
    said.join("\n")
}
