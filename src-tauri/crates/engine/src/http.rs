//! Sending one request. The only file that names the HTTP library.
//!
//! No redirect is followed, no proxy is used, and a credential leaves only for the exact scheme, host and port it is
//! bound to. Every request ends in an [`Exchange`], whatever happens.

use crate::ask::{Ask, Body};
use crate::jobs::Cancel;
use crate::server::Server;
use base64::Engine as _;
use futures_util::StreamExt as _;
use reqwest::redirect::Policy;
use scopes::exchange::{Exchange, Request, Response, TransportFailure};
use scopes::secret::Secret;
use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long and how much is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the headers of the answer are there.
    pub headers: Duration,
    /// Until the whole answer is there.
    pub total: Duration,
    /// Most bytes of a body, after decompression.
    pub body: usize,
    /// How long a sign-in waits for the browser to come back.
    pub sign_in: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            total: Duration::from_secs(30),
            body: 8 * 1024 * 1024,
            sign_in: Duration::from_secs(300),
        }
    }
}

/// A credential with the servers it may be sent to.
#[derive(Clone)]
pub(crate) struct Credential {
    scheme: Scheme,
    bound: Vec<Server>,
}

#[derive(Clone)]
enum Scheme {
    Bearer(Secret),
    Basic { client_id: String, client_secret: Secret },
}

impl Credential {
    /// `Authorization: Bearer`, spelled as the servers compare it (contract §1).
    pub(crate) fn bearer(token: Secret, bound: Vec<Server>) -> Self {
        Self { scheme: Scheme::Bearer(token), bound }
    }

    /// `Authorization: Basic client_id:client_secret`.
    pub(crate) fn basic(client_id: &str, client_secret: Secret, bound: Vec<Server>) -> Self {
        Self { scheme: Scheme::Basic { client_id: client_id.to_owned(), client_secret }, bound }
    }

    /// The bearer token, for introspection.
    pub(crate) fn token(&self) -> Option<&str> {
        match &self.scheme {
            Scheme::Bearer(token) => Some(token.expose()),
            Scheme::Basic { .. } => None,
        }
    }

    fn header(&self) -> String {
        match &self.scheme {
            Scheme::Bearer(token) => format!("Bearer {}", token.expose()),
            Scheme::Basic { client_id, client_secret } => {
                let pair = format!("{client_id}:{}", client_secret.expose());
                format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
            }
        }
    }
}

/// The HTTP client.
#[derive(Clone)]
pub(crate) struct Http {
    client: Result<reqwest::Client, Arc<str>>,
    limits: Limits,
}

impl Http {
    /// A client; if the system gives no certificate store, every request says so.
    pub(crate) fn new(limits: Limits) -> Self {
        // Fails only when a provider is installed already, which is the wanted state.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("Spectroscope/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.headers)
            .build()
            .map_err(|error| innermost(&error).into());
        Self { client, limits }
    }

    /// Sends a request and waits for its answer, a limit, or the switch.
    pub(crate) async fn send<T>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
        started_at: i64,
        cancel: Option<&Cancel>,
    ) -> Exchange {
        let mut exchange = Exchange { started_at: Some(started_at), ..Exchange::default() };
        let Some(url) = server.url(&ask.segments, &ask.query) else {
            let parts = ask.segments.join("/");
            return failed(exchange, TransportFailure::Other, format!("`{parts}` is not a path"));
        };
        exchange.request = describe(ask, url.as_str());
        if let Some(credential) = credential {
            if !credential.bound.iter().any(|server| server.owns(&url)) {
                let host = server.host();
                let words = format!("the credential is not meant for `{host}` and was not sent");
                return failed(exchange, TransportFailure::Other, words);
            }
            exchange.request.headers.push(("Authorization".into(), credential.header()));
        }
        self.carry_out(exchange, cancel).await
    }

    /// Sends a request that somebody else made whole, its credential included; only to the server it is meant for.
    pub(crate) async fn send_prepared(&self, server: &Server, request: Request, started_at: i64) -> Exchange {
        let owned = url::Url::parse(&request.url).is_ok_and(|url| server.owns(&url));
        let exchange = Exchange { request, started_at: Some(started_at), ..Exchange::default() };
        if !owned {
            let words = format!("the request is not meant for `{}` and was not sent", server.host());
            return failed(exchange, TransportFailure::Other, words);
        }
        self.carry_out(exchange, None).await
    }

    async fn carry_out(&self, mut exchange: Exchange, cancel: Option<&Cancel>) -> Exchange {
        let began = Instant::now();
        let outcome = match cancel {
            None => self.exchange(&exchange.request).await,
            Some(cancel) => tokio::select! {
                outcome = self.exchange(&exchange.request) => outcome,
                () = cancel.wait() => Err((TransportFailure::Cancelled, String::new())),
            },
        };
        exchange.elapsed_ms = Some(milliseconds(began.elapsed()));
        match outcome {
            Ok(response) => exchange.response = Some(response),
            Err(failure) => exchange.failure = Some(failure),
        }
        exchange
    }

    async fn exchange(&self, request: &Request) -> Result<Response, (TransportFailure, String)> {
        let client = self.client.as_ref().map_err(|words| (TransportFailure::Tls, words.to_string()))?;
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|error| (TransportFailure::Other, error.to_string()))?;
        let mut builder = client.request(method, &request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let deadline = tokio::time::Instant::now() + self.limits.total;
        let answer = tokio::time::timeout(self.limits.headers, builder.send())
            .await
            .map_err(|_| (TransportFailure::Timeout, late(self.limits.headers)))?
            .map_err(|error| classify(&error))?;
        tokio::time::timeout_at(deadline, self.read(answer))
            .await
            .map_err(|_| (TransportFailure::Timeout, late(self.limits.total)))?
    }

    async fn read(&self, answer: reqwest::Response) -> Result<Response, (TransportFailure, String)> {
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
            let room = self.limits.body.saturating_sub(body.len());
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
}

fn answered_with(headers: &[(String, String)], kind: &str) -> bool {
    headers.iter().any(|(name, value)| name == "content-type" && value.starts_with(kind))
}

/// The request as it goes on the wire, without a credential.
pub(crate) fn describe<T>(ask: &Ask<T>, url: &str) -> Request {
    let mut headers = vec![("Accept".to_owned(), "application/json".to_owned())];
    let typed = |headers: &mut Vec<(String, String)>, kind: &str| {
        headers.push(("Content-Type".to_owned(), kind.to_owned()));
    };
    let body = match &ask.body {
        Body::Empty => None,
        Body::Json(value) => {
            typed(&mut headers, "application/json");
            Some(value.to_string())
        }
        Body::Form(pairs) => {
            typed(&mut headers, "application/x-www-form-urlencoded");
            Some(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
        }
    };
    Request { method: ask.method.clone(), url: url.to_owned(), headers, body }
}

fn failed(mut exchange: Exchange, failure: TransportFailure, words: String) -> Exchange {
    exchange.failure = Some((failure, words));
    exchange
}

/// To a hundredth; more digits are noise.
fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 100_000.0).round() / 100.0
}

fn late(limit: Duration) -> String {
    format!("no answer within {} s", limit.as_secs_f64())
}

/// Sorts a transport error by its causes. The library's own text is kept, never matched.
fn classify(error: &reqwest::Error) -> (TransportFailure, String) {
    let words = innermost(error);
    let mut kind = if error.is_timeout() {
        TransportFailure::Timeout
    } else if error.is_dns() {
        TransportFailure::Dns
    } else if error.is_connect() || error.is_builder() {
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
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests;
