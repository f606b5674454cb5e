//! One request on the wire: sent, read up to the cap, and the reason named when no answer came.

use super::Limits;
use futures_util::StreamExt as _;
use scopes::exchange::{Request, Response, TransportFailure};
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

/// Sends a request and reads the answer within the limits.
pub(super) async fn exchange(
    client: &reqwest::Client,
    request: &Request,
    limits: Limits,
) -> Result<Response, (TransportFailure, String)> {
    let method = reqwest::Method::from_bytes(request.method.as_bytes())
        .map_err(|error| (TransportFailure::NotSent, error.to_string()))?;
    let mut builder = client.request(method, &request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    let deadline = tokio::time::Instant::now() + limits.total;
    let answer = tokio::time::timeout(limits.headers, builder.send())
        .await
        .map_err(|_| (TransportFailure::Timeout, late(limits.headers)))?
        .map_err(|error| classify(&error))?;
    tokio::time::timeout_at(deadline, read(answer, limits.body))
        .await
        .map_err(|_| (TransportFailure::Timeout, late(limits.total)))?
}

async fn read(answer: reqwest::Response, most: usize) -> Result<Response, (TransportFailure, String)> {
    let status = answer.status().as_u16();
    let headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut body = Vec::new();
    let mut truncated = false;
    let mut chunks = answer.bytes_stream();
    // An event stream has no end: what comes first is the answer, the rest is cut.
    let endless = answered_with(&headers, "text/event-stream");
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| classify(&error))?;
        let room = most.saturating_sub(body.len());
        body.extend(chunk.iter().take(room));
        if chunk.len() > room {
            truncated = true;
            break;
        }
        if endless {
            truncated = true;
            break;
        }
    }
    let body = Some(String::from_utf8_lossy(&body).into_owned());
    Ok(Response { status, headers, body, truncated })
}

fn answered_with(headers: &[(String, String)], kind: &str) -> bool {
    headers.iter().any(|(name, value)| name == "content-type" && value.starts_with(kind))
}

fn late(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs_f64())
}

/// Sorts a transport error by its causes. The library's own text is kept, never matched.
fn classify(error: &reqwest::Error) -> (TransportFailure, String) {
    let words = innermost(error);
    // A value that no header or address may hold: ours, not the server's.
    if error.is_builder() {
        return (TransportFailure::NotSent, words);
    }
    let mut kind = if error.is_timeout() {
        TransportFailure::Timeout
    } else if error.is_dns() {
        TransportFailure::Dns
    } else if error.is_connect() {
        TransportFailure::Other
    } else {
        TransportFailure::Reset
    };
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(this) = cause {
        if this.is::<rustls::Error>() {
            kind = TransportFailure::Tls;
        }
        if let Some(io) = this.downcast_ref::<io::Error>() {
            kind = by_io(io, kind);
        }
        cause = this.source();
    }
    (kind, words)
}

fn by_io(error: &io::Error, otherwise: TransportFailure) -> TransportFailure {
    // An I/O error hides the error it wraps from `source`, and may wrap another I/O error.
    if let Some(inner) = error.get_ref() {
        if inner.is::<rustls::Error>() {
            return TransportFailure::Tls;
        }
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            return by_io(inner, otherwise);
        }
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => TransportFailure::Refused,
        io::ErrorKind::TimedOut => TransportFailure::Timeout,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => TransportFailure::Reset,
        _ => otherwise,
    }
}

/// The words of the first cause, which says most.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
