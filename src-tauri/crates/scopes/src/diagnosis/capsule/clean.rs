//! An exchange with every secret replaced, and otherwise as it was.

use super::super::facts::after_scheme;
use super::credential;
use crate::exchange::{Exchange, Request, Response};
use crate::secret::Redactor;
use serde_json::Value;

/// How many secrets stand replaced in an exchange.
pub(super) fn placeholders(exchange: &Exchange) -> usize {
    let response = exchange.response.as_ref();
    let headers = exchange.request.headers.iter().chain(response.iter().flat_map(|r| &r.headers));
    let bodies = [exchange.request.body.as_deref(), response.and_then(|r| r.body.as_deref())];
    let texts = headers.map(|(_, value)| value.as_str()).chain(bodies.into_iter().flatten());
    texts.chain([exchange.request.url.as_str()]).map(|text| text.matches('‹').count()).sum()
}

/// The exchange with every secret replaced, and otherwise as it was.
pub(super) fn clean(redactor: &Redactor, exchange: &Exchange) -> Exchange {
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
pub(super) fn address(url: &str) -> String {
    if !url.contains('‹') {
        return url.to_owned();
    }
    url.replace('‹', "%E2%80%B9").replace('›', "%E2%80%BA").replace(' ', "%20")
}
