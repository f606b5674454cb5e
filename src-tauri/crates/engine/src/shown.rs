//! What of an exchange may leave the process.

use scopes::exchange::{BodyKind, Exchange, ExchangeView};

/// The redacted form of an exchange.
pub(crate) fn view(exchange: &Exchange) -> ExchangeView {
    let url = exchange.request.url.split('?').next().unwrap_or_default().to_owned();
    ExchangeView {
        method: exchange.request.method.clone(),
        curl: format!("curl -X {} '{url}' -H 'Authorization: Bearer $TOKEN'", exchange.request.method),
        url,
        request_headers: Vec::new(),
        request_body: None,
        status: exchange.response.as_ref().map(|r| r.status),
        response_headers: Vec::new(),
        body: None,
        body_pretty: None,
        body_kind: BodyKind::Empty,
        body_bytes: 0,
        failure: exchange.failure.as_ref().map(|(kind, _)| *kind),
        failure_text: exchange.failure.as_ref().map(|(_, words)| words.clone()),
        started_at: exchange.started_at,
        elapsed_ms: exchange.elapsed_ms,
    }
}
