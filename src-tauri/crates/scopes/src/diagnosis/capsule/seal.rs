//! Making a capsule: what goes in, and what is replaced.

use super::super::facts::after_scheme;
use super::super::read::{Hint, Read, read};
use super::super::{Diagnosis, Known};
use super::allow::Allow;
use super::choose::{agree, answer, cited, sentences};
use super::contents::{Contents, Counts, What};
use super::entry::entry;
use super::people::{People, strings};
use super::sweep::sweep;
use super::{Capsule, KnownBeside, VERSION, credential};
use crate::exchange::{Exchange, Request, Response};
use crate::lang::Lang;
use crate::secret::Redactor;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How a capsule is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Whether what is personal is replaced as well.
    pub minimised: bool,
    /// Whether names of hosts are replaced as well.
    pub hide_hosts: bool,
}

/// A capsule, ready to be saved.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The archive, JSON with line breaks.
    pub har: String,
    /// How many exchanges stand beside the call.
    pub evidence: usize,
    /// What goes in, and what was replaced.
    pub contents: Contents,
}

/// How much of an exchange is held against the allow-list. The strictest one with the same answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Every exchange.
    All,
    /// The evidence; of the call itself only secrets are replaced.
    Evidence,
    /// Of all exchanges only secrets are replaced.
    Secrets,
}

/// Seals one call with the exchanges its answer rests on.
#[must_use]
pub fn seal(call: &Exchange, others: &[Exchange], known: &Known, wanted: Wanted) -> Sealed {
    let chosen = cited(call, others, known);
    let answer = answer(call, &chosen, known);
    let case =
        Case { call, chosen: &chosen, left_out: others.len() - chosen.len(), known, wanted, answer: &answer };
    let mut redactor = Redactor::keyed();
    for exchange in std::iter::once(call).chain(&chosen) {
        credential::learn(&mut redactor, exchange);
    }
    let strictest = case.sealed(&redactor, Level::All);
    if agrees(&strictest, &answer) {
        return strictest;
    }
    for level in [Level::Evidence, Level::Secrets] {
        let sealed = case.sealed(&redactor, level);
        if agrees(&sealed, &answer) {
            return sealed;
        }
    }
    // Nothing gives the same answer: what is passed on is then as little as possible.
    strictest
}

/// Whether whoever opens a capsule gets this answer.
fn agrees(sealed: &Sealed, expected: &Diagnosis) -> bool {
    let Read { entries, capsule, .. } = read(&sealed.har, None, &Hint::default(), Lang::En);
    let Some(capsule) = capsule.filter(|_| !entries.is_empty()) else { return false };
    let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
    let subject = exchanges.remove(0);
    agree(&self::answer(&subject, &exchanges, &capsule.known()), expected)
}

struct Case<'a> {
    call: &'a Exchange,
    chosen: &'a [Exchange],
    left_out: usize,
    known: &'a Known,
    wanted: Wanted,
    answer: &'a Diagnosis,
}

impl Case<'_> {
    fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        std::iter::once(self.call).chain(self.chosen)
    }

    fn sealed(&self, redactor: &Redactor, level: Level) -> Sealed {
        let said = sentences(self.answer);
        let mut allow = Allow::new(&said, self.wanted.minimised);
        let mut secrets = 0;
        let mut exchanges = Vec::new();
        for (at, exchange) in self.exchanges().enumerate() {
            let clean = clean(redactor, exchange);
            secrets += placeholders(&clean);
            let allowed = match level {
                Level::All => allow.exchange(&clean),
                Level::Evidence if at > 0 => allow.exchange(&clean),
                Level::Evidence | Level::Secrets => clean,
            };
            exchanges.push(allowed);
        }
        let mut counts = std::mem::take(&mut allow.counts);
        counts.add_many(What::Secret, secrets);
        let mut entries: Vec<Value> = exchanges
            .iter()
            .enumerate()
            .map(|(at, exchange)| {
                let mut exchange = exchange.clone();
                exchange.request.url = address(&exchange.request.url);
                entry(&exchange, at == 0)
            })
            .collect();
        let mut known = json!(self.beside(&entries, &said));
        self.minimise(&mut entries, &mut known, &mut counts);
        for value in entries.iter_mut().chain([&mut known]) {
            strings(value, &mut |text| {
                let (clean, found) = sweep(redactor, text);
                counts.add_many(What::Swept, found);
                clean
            });
        }
        self.archive(&entries, known, &counts)
    }

    fn minimise(&self, entries: &mut [Value], known: &mut Value, counts: &mut Counts) {
        let mut people = People::default();
        if self.wanted.hide_hosts {
            people.hide_hosts(self.exchanges());
        }
        if self.wanted.minimised {
            self.exchanges().for_each(|exchange| people.learn(exchange));
            let of_people = self.known.names.iter().filter(|(id, _)| !id.starts_with("prism_"));
            of_people.for_each(|(_, name)| people.name(name));
        }
        if self.wanted.minimised || self.wanted.hide_hosts {
            people.replace(entries, counts, self.wanted.minimised);
            people.replace(std::slice::from_mut(known), counts, self.wanted.minimised);
        }
    }

    fn archive(&self, entries: &[Value], known: Value, counts: &Counts) -> Sealed {
        let mark = json!(Capsule {
            capsule: VERSION,
            call: 0,
            minimised: self.wanted.minimised,
            known: serde_json::from_value(known).unwrap_or_default(),
        });
        let archive = json!({ "log": {
            "version": "1.2",
            "creator": { "name": "Spectroscope", "version": env!("CARGO_PKG_VERSION") },
            "_spectroscope": mark,
            "entries": entries,
        }});
        let har = crate::text::pretty_json(&archive);
        let contents = Contents::of(entries, self.left_out, counts, har.len());
        Sealed { har, evidence: self.chosen.len(), contents }
    }

    /// Only names that the answer says, and of people only where nothing is minimised.
    fn beside(&self, entries: &[Value], said: &str) -> KnownBeside {
        let text = Value::from(entries.to_vec()).to_string();
        let told = |id: &str, name: &str| {
            text.contains(id) && said.contains(name) && (!self.wanted.minimised || id.starts_with("prism_"))
        };
        let names: BTreeMap<String, String> = self
            .known
            .names
            .iter()
            .filter(|(id, name)| told(id, name))
            .map(|(id, name)| (id.clone(), name.clone()))
            .collect();
        KnownBeside {
            names,
            provider_client_id: self.known.provider_client_id.clone(),
            token_expires_at: self.known.token_expires_at,
            headers_unknown: self.known.headers_unknown,
        }
    }
}

/// How many secrets stand replaced in an exchange.
fn placeholders(exchange: &Exchange) -> usize {
    let response = exchange.response.as_ref();
    let headers = exchange.request.headers.iter().chain(response.iter().flat_map(|r| &r.headers));
    let bodies = [exchange.request.body.as_deref(), response.and_then(|r| r.body.as_deref())];
    let texts = headers.map(|(_, value)| value.as_str()).chain(bodies.into_iter().flatten());
    texts.chain([exchange.request.url.as_str()]).map(|text| text.matches('‹').count()).sum()
}

/// The exchange with every secret replaced, and otherwise as it was.
fn clean(redactor: &Redactor, exchange: &Exchange) -> Exchange {
    Exchange {
        request: Request {
            method: exchange.request.method.clone(),
            url: redactor.clean(&exchange.request.url),
            headers: headers(redactor, &exchange.request.headers),
            body: exchange.request.body.as_deref().map(|body| text(redactor, body)),
        },
        response: exchange.response.as_ref().map(|response| Response {
            status: response.status,
            headers: headers(redactor, &response.headers),
            body: response.body.as_deref().map(|body| text(redactor, body)),
            truncated: response.truncated,
        }),
        failure: exchange.failure.as_ref().map(|(kind, words)| (*kind, redactor.clean(words))),
        started_at: exchange.started_at,
        elapsed_ms: exchange.elapsed_ms,
    }
}

fn headers(redactor: &Redactor, headers: &[(String, String)]) -> Vec<(String, String)> {
    let clean = |(name, value): &(String, String)| {
        let value = if credential::is_credential(name) && !after_scheme(value).is_empty() {
            credential::clean(redactor, value)
        } else {
            redactor.clean_header(name, value)
        };
        (redactor.clean(name), value)
    };
    headers.iter().map(clean).collect()
}

/// A body; JSON stays JSON, also where a secret was a number.
fn text(redactor: &Redactor, body: &str) -> String {
    let clean = redactor.clean(body);
    let Ok(mut value) = serde_json::from_str::<Value>(body) else { return clean };
    if serde_json::from_str::<serde::de::IgnoredAny>(&clean).is_ok() {
        return clean;
    }
    numbers_to_text(&mut value);
    redactor.clean(&value.to_string())
}

fn numbers_to_text(value: &mut Value) {
    match value {
        Value::Array(rows) => rows.iter_mut().for_each(numbers_to_text),
        Value::Object(members) => members.values_mut().for_each(numbers_to_text),
        Value::Number(number) => *value = Value::String(number.to_string()),
        _ => {}
    }
}

/// What stands for a secret in an address is escaped, so that the address stays one.
fn address(url: &str) -> String {
    if !url.contains('‹') {
        return url.to_owned();
    }
    url.replace('‹', "%E2%80%B9").replace('›', "%E2%80%BA").replace(' ', "%20")
}
