//! Which calls of an archive want an explanation, and which only tell something about the others.

use super::call::{form, header, path_of, query};
use super::facts::after_scheme;
use crate::exchange::Exchange;
use std::collections::BTreeSet;

/// What an exchange is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A call somebody wanted to make.
    Call,
    /// A question whose answer explains calls; when it fails and nothing else is there, it is the call.
    Question,
    /// The first list an application reads; a call, unless another one of the same token stands beside it.
    Either,
    /// Never wants an explanation: discovery, introspection, pages that were shown.
    Aside,
    /// Nothing of ours, and failed: explained only where nothing else is.
    Noise,
}

/// The indices of the calls that are no evidence, in their order. An archive of nothing but evidence explains its own
/// questions; whatever is left, at least one call is named unless there is none.
#[must_use]
pub fn subjects(exchanges: &[Exchange]) -> Vec<usize> {
    let parts: Vec<Part> = exchanges.iter().map(|exchange| part(exchange, exchanges)).collect();
    let of = |wanted: &dyn Fn(Part, &Exchange) -> bool| -> Vec<usize> {
        let rows = parts.iter().zip(exchanges).enumerate();
        rows.filter(|(_, (part, exchange))| wanted(**part, exchange)).map(|(index, _)| index).collect()
    };
    let called: BTreeSet<Option<&str>> = parts
        .iter()
        .zip(exchanges)
        .filter(|(part, _)| **part == Part::Call)
        .map(|(_, exchange)| credential(exchange))
        .collect();
    let stands_alone = |exchange: &Exchange| !called.contains(&credential(exchange));
    let found = of(&|part, exchange| match part {
        Part::Call => true,
        Part::Either => stands_alone(exchange),
        Part::Question => {
            failed(exchange) && credential(exchange).is_some() && stands_alone(exchange) && {
                let either = |other: &Exchange| credential(other) == credential(exchange);
                !parts.iter().zip(exchanges).any(|(part, other)| *part == Part::Either && either(other))
            }
        }
        Part::Aside | Part::Noise => false,
    });
    if !found.is_empty() {
        return found;
    }
    let questions = of(&|part, exchange| part == Part::Question && failed(exchange));
    if !questions.is_empty() {
        return questions;
    }
    let questions = of(&|part, _| part == Part::Question);
    let noise = of(&|part, _| part == Part::Noise);
    [questions, noise]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_else(|| (0..exchanges.len()).collect())
}

fn part(exchange: &Exchange, all: &[Exchange]) -> Part {
    let path = path_of(&exchange.request.url);
    if exchange.request.method == "OPTIONS" {
        return Part::Aside;
    }
    let read = matches!(exchange.request.method.as_str(), "GET" | "HEAD");
    match path.as_str() {
        "/api/oauth/introspect" | "/api/auth/config" | "/api/init/status" | "/api/oauth/revoke" => {
            Part::Aside
        }
        "/api/oauth/app-info" | "/api/oauth/me/teams" | "/api/oauth/me/profile" | "/api/oauth/userinfo"
            if read =>
        {
            Part::Question
        }
        "/api/cross-app/me" if read => Part::Question,
        "/api/oauth/token" => token_part(exchange, all),
        "/api/oauth/authorize" | "/oauth/authorize" => {
            if failed(exchange) {
                Part::Call
            } else {
                Part::Aside
            }
        }
        path if path.starts_with("/.well-known/") => Part::Aside,
        path if path.starts_with("/api/cross-app/teams/") && read => match path.rsplit('/').next() {
            Some("permissions") => Part::Question,
            Some("me") if path.ends_with("/permissions/me") => Part::Question,
            Some("sets") if !failed(exchange) => Part::Either,
            _ => Part::Call,
        },
        path if path.starts_with("/api/cross-app") => Part::Call,
        path if path.starts_with("/api/apps")
            || path.starts_with("/api/teams")
            || path.starts_with("/api/user") =>
        {
            if read {
                Part::Question
            } else {
                Part::Call
            }
        }
        path if path.starts_with("/api/") => Part::Call,
        _ if sends_code_or_error(exchange) => Part::Call,
        _ if carries_credential(exchange) && failed(exchange) => Part::Call,
        _ if failed(exchange) => Part::Noise,
        _ => Part::Aside,
    }
}

/// A token answer explains calls, unless it is the last thing that happened to its token.
fn token_part(exchange: &Exchange, all: &[Exchange]) -> Part {
    if failed(exchange) {
        return Part::Call;
    }
    let body = exchange.response.as_ref().and_then(|response| response.body.as_deref()).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let issued = json.get("access_token").and_then(serde_json::Value::as_str);
    let used = all.iter().any(|other| {
        path_of(&other.request.url).starts_with("/api/cross-app")
            && issued.is_some()
            && credential(other) == issued
    });
    if used || !narrowed(exchange, &json, all) { Part::Question } else { Part::Call }
}

/// Whether an authorization of the archive asked for more than the answer grants.
fn narrowed(exchange: &Exchange, json: &serde_json::Value, all: &[Exchange]) -> bool {
    let granted: BTreeSet<&str> = json
        .get("scope")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let client = exchange.request.body.as_deref().and_then(|body| form(body, "client_id"));
    all.iter().any(|other| {
        let asked = requested(other);
        asked.is_some_and(|(by, scopes)| {
            (client.is_none() || by == client)
                && scopes.split_whitespace().any(|scope| !granted.contains(scope))
        })
    })
}

/// Client id and scopes of an authorization request.
pub(crate) fn requested(exchange: &Exchange) -> Option<(Option<String>, String)> {
    let path = path_of(&exchange.request.url);
    if !path.ends_with("/authorize") {
        return None;
    }
    if let Some(scope) = query(&exchange.request.url, "scope") {
        return Some((query(&exchange.request.url, "client_id"), scope));
    }
    let json: serde_json::Value = serde_json::from_str(exchange.request.body.as_deref()?).ok()?;
    let text = |name: &str| json.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    Some((text("client_id"), text("scope")?))
}

fn failed(exchange: &Exchange) -> bool {
    exchange.failure.is_some() || exchange.response.as_ref().is_none_or(|response| response.status >= 400)
}

fn carries_credential(exchange: &Exchange) -> bool {
    credential(exchange).is_some()
}

/// A redirect back to the consumer that carries an error.
fn sends_code_or_error(exchange: &Exchange) -> bool {
    query(&exchange.request.url, "error").is_some() && query(&exchange.request.url, "state").is_some()
}

fn credential(exchange: &Exchange) -> Option<&str> {
    Some(after_scheme(header(&exchange.request.headers, "authorization")?).trim())
}
