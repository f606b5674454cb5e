//! What the allow-list decides by: the answer, the values it needs, the hosts and times of the capsule.

use super::super::Diagnosis;
use super::hosts::Hosts;
use super::seal::Wanted;
use super::terms::is_known_word;
use super::times::Clock;
use crate::exchange::Exchange;
use serde_json::Value;
use std::collections::BTreeSet;

/// Up to this length an answer counts as small: what it says tells which rows of long lists are needed.
const SMALL: usize = 16 * 1024;
/// Most values that are looked for in long lists.
const MAX_MENTIONED: usize = 5000;

/// The surroundings of one capsule.
pub(super) struct Frame<'a> {
    /// What the answer says: a value it cites stays, unless the capsule is minimised.
    pub(super) cited: &'a str,
    /// Values that stay exactly as they are, because the answer needs them.
    pub(super) keep: &'a BTreeSet<String>,
    /// Values that rows of long lists stay for.
    pub(super) mentioned: &'a BTreeSet<String>,
    /// Segments of the paths that the exchanges went to.
    pub(super) addressed: &'a BTreeSet<String>,
    pub(super) wanted: Wanted,
    pub(super) hosts: &'a Hosts,
    pub(super) clock: Clock,
}

/// Scopes, field, permission and resource that an answer asks for.
pub(super) fn needs(answer: &Diagnosis) -> BTreeSet<String> {
    let needs = &answer.needs;
    let single = [&needs.field, &needs.permission, &needs.resource];
    needs.scopes.iter().flatten().chain(single.into_iter().flatten()).cloned().collect()
}

/// The segments of the paths of exchanges, and their parts.
pub(super) fn addressed<'a>(exchanges: impl Iterator<Item = &'a Exchange>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for exchange in exchanges.take(MAX_MENTIONED) {
        let path = exchange.request.url.split(['?', '#']).next().unwrap_or_default();
        let plain = crate::routes::percent_decoded(path);
        let segments = plain.split(['/', ':', '|', ',']).filter(|part| !part.is_empty() && part.len() <= 200);
        found.extend(segments.map(str::to_owned));
    }
    found
}

/// The values of addresses, of requests and of small answers.
pub(super) fn mentioned<'a>(exchanges: impl Iterator<Item = &'a Exchange>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for exchange in exchanges {
        let plain = crate::routes::percent_decoded(&exchange.request.url);
        found.extend(plain.split(['/', '?', '&', '=', '#', ' ', '+']).map(str::to_owned));
        let answered = exchange.response.as_ref().and_then(|response| response.body.as_deref());
        let bodies = [exchange.request.body.as_deref(), answered];
        for body in bodies.into_iter().flatten().filter(|body| body.len() <= SMALL) {
            match serde_json::from_str::<Value>(body) {
                Ok(value) => leaves(&value, &mut found),
                Err(_) => {
                    found.extend(url::form_urlencoded::parse(body.as_bytes()).map(|(_, v)| v.into_owned()));
                }
            }
        }
        if found.len() > MAX_MENTIONED {
            break;
        }
    }
    found.retain(|text| !text.is_empty() && text.len() <= 200 && !is_known_word(text));
    found
}

fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(text.split(' ').map(str::to_owned)),
        Value::Array(rows) => rows.iter().for_each(|row| leaves(row, found)),
        Value::Object(members) => {
            for (name, member) in members {
                found.insert(name.clone());
                leaves(member, found);
            }
        }
        _ => {}
    }
}
