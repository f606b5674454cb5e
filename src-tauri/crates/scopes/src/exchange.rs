//! One HTTP request with its answer, as a value.
//!
//! [`Exchange`] is raw: it holds credentials and therefore has no serializer and no printing. [`ExchangeView`] is what
//! may leave the process: it is only made from an [`Exchange`] by redaction (see `secret`).

pub(crate) mod base64;
mod pretty;
mod view;

pub use view::{SHOWN_BODY, view, view_with, views};

use serde::Serialize;
use ts_rs::TS;

/// A request as sent, with its credentials.
#[derive(Clone, Default)]
pub struct Request {
    /// Verb in upper case.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Headers in order; names as sent.
    pub headers: Vec<(String, String)>,
    /// Body text, if there was one.
    pub body: Option<String>,
}

/// An answer.
#[derive(Clone, Default)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body text as received, decoded; `None` when an archive left it out.
    pub body: Option<String>,
    /// Whether the body was cut at the size cap.
    pub truncated: bool,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransportFailure {
    /// The name did not resolve.
    Dns,
    /// Nobody listens there.
    Refused,
    /// No answer in time.
    Timeout,
    /// The secure channel could not be made.
    Tls,
    /// The connection's own file of certificate authorities cannot be used; nothing was sent.
    CaFile,
    /// The connection ended in the middle.
    Reset,
    /// Stopped by the person.
    Cancelled,
    /// The request could not be made, or must not be sent; nothing was sent, and it says nothing about the server.
    NotSent,
    /// Something else; the text says what.
    Other,
}

/// A request with its answer or the reason there is none. Raw: never serialised, never printed.
#[derive(Clone, Default)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub response: Option<Response>,
    /// Why nothing came back, with the transport's own words.
    pub failure: Option<(TransportFailure, String)>,
    /// When it was sent, Unix milliseconds; unknown in a pasted answer.
    pub started_at: Option<i64>,
    /// How long it took, milliseconds.
    pub elapsed_ms: Option<f64>,
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange")
            .field("status", &self.response.as_ref().map(|r| r.status))
            .finish_non_exhaustive()
    }
}

/// A header of an [`ExchangeView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HeaderView {
    /// Name as sent.
    pub name: String,
    /// Value, secrets replaced.
    pub value: String,
}

/// What kind of text a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// Nothing.
    Empty,
    /// JSON, shown pretty.
    Json,
    /// A web page, shown as text.
    Html,
    /// Any other text.
    Text,
}

/// A redacted exchange that may be shown, stored and copied.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ExchangeView {
    /// Verb.
    pub method: String,
    /// Absolute URL, secrets replaced.
    pub url: String,
    /// Request headers, secrets replaced.
    pub request_headers: Vec<HeaderView>,
    /// Request body, secrets replaced.
    pub request_body: Option<String>,
    /// Status; `None` when no answer came.
    pub status: Option<u16>,
    /// Answer headers, secrets replaced.
    pub response_headers: Vec<HeaderView>,
    /// Answer body, secrets replaced, at most 64 KiB; longer bodies say so in `body_bytes`.
    pub body: Option<String>,
    /// The body with line breaks and indent where it is JSON.
    pub body_pretty: Option<String>,
    /// What the body is.
    pub body_kind: BodyKind,
    /// Size of the body in bytes as received.
    #[ts(type = "number")]
    pub body_bytes: u64,
    /// Why no answer came.
    pub failure: Option<TransportFailure>,
    /// The transport's own words.
    pub failure_text: Option<String>,
    /// When it was sent, Unix milliseconds.
    #[ts(type = "number | null")]
    pub started_at: Option<i64>,
    /// How long it took, milliseconds.
    pub elapsed_ms: Option<f64>,
    /// The same request as a `curl` command, credential as `$TOKEN`.
    pub curl: String,
}
