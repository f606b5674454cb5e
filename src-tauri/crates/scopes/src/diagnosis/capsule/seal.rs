//! Making a capsule: what goes in, and what is replaced.

use super::super::call::path_of;
use super::super::facts::{after_scheme, credential as credential_of, request_value};
use super::super::{Diagnosis, Known, diagnose, is_evidence};
use super::entry::entry;
use super::personal::Personal;
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
}

/// A capsule, ready to be saved.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The archive, JSON with line breaks.
    pub har: String,
    /// How many exchanges stand beside the call.
    pub evidence: usize,
}

/// Seals one call with the exchanges around it.
///
/// What is about other tokens stays out, as long as the answer is the same without it.
#[must_use]
pub fn seal(call: &Exchange, others: &[Exchange], known: &Known, wanted: Wanted) -> Sealed {
    let (whole, own) = (diagnose(call, others, known, Lang::En), own(call, others));
    let chosen = if same(&whole, &diagnose(call, &own, known, Lang::En)) { own } else { others.to_vec() };
    let mut redactor = Redactor::keyed();
    for exchange in std::iter::once(call).chain(&chosen) {
        credential::learn(&mut redactor, exchange);
    }
    let mut personal = wanted.minimised.then(Personal::default);
    let mut sealed = |exchange: &Exchange, is_call: bool| {
        let mut clean = clean(&redactor, exchange);
        if let Some(personal) = &mut personal {
            personal.take_out(&mut clean);
        }
        entry(&clean, is_call)
    };
    let mut entries = vec![sealed(call, true)];
    entries.extend(chosen.iter().map(|other| sealed(other, false)));
    let mark = Capsule {
        capsule: VERSION,
        call: 0,
        minimised: wanted.minimised,
        known: beside(known, &entries, wanted),
    };
    let archive = json!({ "log": {
        "version": "1.2",
        "creator": { "name": "Spectroscope", "version": env!("CARGO_PKG_VERSION") },
        "_spectroscope": mark,
        "entries": entries,
    }});
    Sealed { har: serde_json::to_string_pretty(&archive).unwrap_or_default(), evidence: chosen.len() }
}

fn same(one: &Diagnosis, other: &Diagnosis) -> bool {
    one == other
}

/// The exchanges that are about the call's token, or about no token at all.
fn own(call: &Exchange, others: &[Exchange]) -> Vec<Exchange> {
    let token = credential_of(call).map(|token| token.trim().to_owned());
    let of_token = |other: &&Exchange| {
        let path = path_of(&other.request.url);
        let sent = credential_of(other).map(|token| token.trim().to_owned());
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
    };
    others.iter().filter(of_token).cloned().collect()
}

/// Only names of what the capsule speaks of, and of people only where nothing is minimised.
fn beside(known: &Known, entries: &[Value], wanted: Wanted) -> KnownBeside {
    let text = Value::from(entries.to_vec()).to_string();
    let told = |id: &str| text.contains(id) && (!wanted.minimised || id.starts_with("prism_"));
    let names: BTreeMap<String, String> =
        known.names.iter().filter(|(id, _)| told(id)).map(|(id, name)| (id.clone(), name.clone())).collect();
    KnownBeside {
        names,
        provider_client_id: known.provider_client_id.clone(),
        token_expires_at: known.token_expires_at,
        headers_unknown: known.headers_unknown,
    }
}

/// The exchange with every secret replaced, and otherwise as it was.
fn clean(redactor: &Redactor, exchange: &Exchange) -> Exchange {
    Exchange {
        request: Request {
            method: exchange.request.method.clone(),
            url: address(&redactor.clean(&exchange.request.url)),
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
        (name.clone(), value)
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
