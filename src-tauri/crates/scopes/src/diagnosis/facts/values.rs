//! Values of exchanges and of their JSON.

use super::super::call::{form, header, query};
use crate::exchange::Exchange;
use serde_json::Value;

/// Whether an exchange shows a credential or a cookie, so that its recorder did not remove them.
pub(crate) fn shows_credentials(exchange: &Exchange) -> bool {
    let response = exchange.response.iter().flat_map(|response| &response.headers);
    let mut names = exchange.request.headers.iter().chain(response).map(|(name, _)| name);
    names.any(|name| {
        ["authorization", "cookie", "set-cookie"].iter().any(|known| name.eq_ignore_ascii_case(known))
    })
}

/// Whether a preflight was not answered with the permission of this page's origin.
pub(super) fn refused(preflight: &Exchange) -> bool {
    preflight.response.as_ref().is_none_or(|response| {
        response.status >= 400 || header(&response.headers, "access-control-allow-origin").is_none()
    })
}

/// A value of an authorization request, from its query or its body.
pub(crate) fn asked_value(exchange: &Exchange, name: &str) -> Option<String> {
    query(&exchange.request.url, name).or_else(|| request_value(exchange, name))
}

/// The client of an authorization request.
pub(super) fn authorized_client(exchange: &Exchange) -> Option<String> {
    asked_value(exchange, "client_id")
}

/// The credential of a request after its scheme, exactly as sent; for a header without scheme, the whole value.
pub(crate) fn credential(exchange: &Exchange) -> Option<String> {
    Some(after_scheme(header(&exchange.request.headers, "authorization")?).to_owned())
}

/// A header's value after its scheme; what stands for a secret is whole, although it holds blanks.
pub(crate) fn after_scheme(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, rest)) if !scheme.contains('‹') => rest,
        _ => value,
    }
}

/// A member of a form or JSON body.
pub(crate) fn request_value(exchange: &Exchange, name: &str) -> Option<String> {
    let body = exchange.request.body.as_deref()?;
    match serde_json::from_str::<Value>(body) {
        Ok(json) => text(&json, name),
        Err(_) => form(body, name),
    }
}

pub(crate) fn rows(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

pub(crate) fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

pub(crate) fn words_of(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_str).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}
