//! Errors of programs that say why no answer came.

use crate::exchange::{Exchange, Request, TransportFailure};

/// An error that says that no answer came, in the words of a runtime.
pub(super) fn failed(text: &str) -> Option<Exchange> {
    let (kind, words) = failure_in(text)?;
    Some(lost(request_in(text), kind, &words))
}

pub(super) fn lost(request: Request, kind: TransportFailure, words: &str) -> Exchange {
    Exchange { request, failure: Some((kind, words.to_owned())), ..Exchange::default() }
}

/// Words by which a runtime names why no answer came; nothing else says them.
const SIGNS: [(&str, TransportFailure); 34] = [
    ("ENOTFOUND", TransportFailure::Dns),
    ("EAI_AGAIN", TransportFailure::Dns),
    ("getaddrinfo failed", TransportFailure::Dns),
    ("NameResolutionError", TransportFailure::Dns),
    ("Name or service not known", TransportFailure::Dns),
    ("nodename nor servname", TransportFailure::Dns),
    ("no such host", TransportFailure::Dns),
    ("remote name could not be resolved", TransportFailure::Dns),
    ("No such host is known", TransportFailure::Dns),
    ("ERR_NAME_NOT_RESOLVED", TransportFailure::Dns),
    ("dns error", TransportFailure::Dns),
    ("ECONNREFUSED", TransportFailure::Refused),
    ("Connection refused", TransportFailure::Refused),
    ("connection refused", TransportFailure::Refused),
    ("actively refused", TransportFailure::Refused),
    ("ERR_CONNECTION_REFUSED", TransportFailure::Refused),
    ("NS_ERROR_CONNECTION_REFUSED", TransportFailure::Refused),
    ("ETIMEDOUT", TransportFailure::Timeout),
    ("UND_ERR_CONNECT_TIMEOUT", TransportFailure::Timeout),
    ("UND_ERR_HEADERS_TIMEOUT", TransportFailure::Timeout),
    ("ConnectTimeout", TransportFailure::Timeout),
    ("ReadTimeout", TransportFailure::Timeout),
    ("context deadline exceeded", TransportFailure::Timeout),
    ("Client.Timeout exceeded", TransportFailure::Timeout),
    ("i/o timeout", TransportFailure::Timeout),
    ("CERTIFICATE_VERIFY_FAILED", TransportFailure::Tls),
    ("certificate verify failed", TransportFailure::Tls),
    ("DEPTH_ZERO_SELF_SIGNED_CERT", TransportFailure::Tls),
    ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", TransportFailure::Tls),
    ("CERT_HAS_EXPIRED", TransportFailure::Tls),
    ("x509: ", TransportFailure::Tls),
    ("ECONNRESET", TransportFailure::Reset),
    ("connection reset by peer", TransportFailure::Reset),
    ("socket hang up", TransportFailure::Reset),
];

pub(super) fn failure_in(text: &str) -> Option<(TransportFailure, String)> {
    let cancelled =
        ["AbortError", "net::ERR_ABORTED", "NS_BINDING_ABORTED", "ERR_CANCELED", "context canceled"];
    if let Some(sign) = cancelled.iter().find(|sign| text.contains(*sign)) {
        return Some((TransportFailure::Cancelled, (*sign).to_owned()));
    }
    // A timeout of axios has no other sign than its own sentence.
    if text.contains("timeout of ") && text.contains("ms exceeded") {
        return Some((TransportFailure::Timeout, "timeout exceeded".to_owned()));
    }
    let (sign, kind) = SIGNS.iter().find(|(sign, _)| text.contains(sign))?;
    let line = text.lines().find(|line| line.contains(sign)).unwrap_or(sign);
    Some((*kind, line.trim().chars().take(300).collect()))
}

/// The request that an error names, as far as it does.
fn request_in(text: &str) -> Request {
    let get = |url: String| Request { method: "GET".to_owned(), url, ..Request::default() };
    // Python: HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: /path
    if let Some((before, after)) = text.split_once("ConnectionPool(host='") {
        let scheme = if before.ends_with("HTTPS") { "https" } else { "http" };
        let host = after.split('\'').next().unwrap_or_default();
        let port = after.split_once("port=").and_then(|(_, rest)| rest.split([')', ',']).next());
        let path = after.split_once("with url: ").and_then(|(_, rest)| rest.split_whitespace().next());
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        // Which verb it was is not said.
        let url = format!("{scheme}://{host}{port}{}", path.unwrap_or("/"));
        return Request { url, ..Request::default() };
    }
    // Go: Post "https://h/path": dial tcp …
    for verb in ["Get", "Head", "Post", "Put", "Patch", "Delete"] {
        let opening = format!("{verb} \"http");
        if let Some(at) = text.find(&opening) {
            let url = text.get(at + verb.len() + 2..).and_then(|rest| rest.split('"').next());
            let url = url.unwrap_or_default().to_owned();
            return Request { method: verb.to_ascii_uppercase(), url, ..Request::default() };
        }
    }
    let named = text.split_once("hostname: '").and_then(|(_, rest)| rest.split('\'').next());
    named.map(|host| get(format!("https://{host}/"))).map_or_else(Request::default, |request| Request {
        // Only the host is said; neither verb nor path.
        method: String::new(),
        ..request
    })
}
