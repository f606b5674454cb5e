//! Requests and answers as plain values, so that both halves can also be called without a socket.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use serde_json::{Value, json};

/// One request, its body already read.
#[derive(Clone, Debug)]
pub struct Call {
    /// The verb.
    pub method: Method,
    /// The path, still percent-encoded, without the query.
    pub path: String,
    /// The query without `?`; empty when there is none.
    pub query: String,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body as sent.
    pub body: Bytes,
}

impl Call {
    /// A request without header fields or body.
    pub fn new(method: Method, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self { method, path: path.into(), query: query.into(), headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// The same request with one more header field; a value that is not legal is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same request with a body of the given media type.
    #[must_use]
    pub fn content(self, media_type: &str, body: impl Into<Bytes>) -> Self {
        let mut call = self.header(header::CONTENT_TYPE, media_type);
        call.body = body.into();
        call
    }

    /// A header field as text, when it is there and printable.
    pub fn text_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// A header field as the servers' code reads it: several of one name are one text, broken UTF-8 is replaced.
    pub fn header_text(&self, name: &str) -> Option<String> {
        let values: Vec<_> =
            self.headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes())).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The first query parameter of this name, decoded (`+` and `%20` are both a blank).
    pub fn query_value(&self, name: &str) -> Option<String> {
        pairs(&self.query).find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The path cut at its slashes, each part decoded, empty parts left out.
    pub fn segments(&self) -> Vec<String> {
        self.path.split('/').filter(|p| !p.is_empty()).map(|p| percent_decode(p, false)).collect()
    }

    /// The same with the empty parts that double slashes and a slash at the end make.
    pub(crate) fn every_segment(&self) -> Vec<String> {
        self.path.split('/').skip(1).map(|p| percent_decode(p, false)).collect()
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status code.
    pub status: StatusCode,
    /// The header fields, content type included.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    /// `{"error": message}`.
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "error": message }))
    }

    /// An HTML page.
    pub fn html(status: u16, page: impl Into<Bytes>) -> Self {
        Self::text(status, "text/html; charset=utf-8", page)
    }

    /// A body of any media type.
    pub fn text(status: u16, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self::empty(status);
        reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        reply.body = body.into();
        reply
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// The same answer with one more header field; a value that is not legal is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    /// The body as JSON, when it is that.
    pub fn value(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The answer as the HTTP library wants it.
    pub fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// The pairs of an `application/x-www-form-urlencoded` text, decoded, in order.
pub fn pairs(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    text.split('&').filter(|p| !p.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decode(key, true), percent_decode(value, true))
    })
}

/// Undoes percent-encoding; with `plus`, `+` is a blank. Broken escapes stay as they are.
pub fn percent_decode(text: &str, plus: bool) -> String {
    let raw = text.as_bytes();
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let escaped = (byte == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok()))
            .flatten();
        match escaped {
            Some(decoded) => {
                out.push(decoded);
                at += 2;
            }
            None if plus && byte == b'+' => out.push(b' '),
            None => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 §2.3.
pub fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}
