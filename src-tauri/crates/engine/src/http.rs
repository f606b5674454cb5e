//! Sending one request. Only what is below here names the HTTP library.
//!
//! No redirect is followed, a proxy is used only where the connection says so, and a credential leaves only for the exact
//! scheme, host and port it is bound to. Every request ends in an [`Exchange`], whatever happens.

mod authorities;
mod clients;
mod wire;

use crate::ask::{Ask, Body};
use crate::jobs::Cancel;
use crate::server::Server;
use base64::Engine as _;
use clients::Clients;
use scopes::exchange::{Exchange, Request, Response, TransportFailure};
use scopes::secret::Secret;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub(crate) use authorities::{cure as cure_of_ca_file, usable_ca_file};

/// What stands in an answer for the credential of its own request.
const SAID_BACK: &str = "‹credential›";

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
    refused: Option<Arc<AtomicBool>>,
}

#[derive(Clone)]
enum Scheme {
    Bearer(Secret),
    Basic { client_id: String, client_secret: Secret },
}

impl Credential {
    /// `Authorization: Bearer`, spelled as the servers compare it (contract §1).
    pub(crate) fn bearer(token: Secret, bound: Vec<Server>) -> Self {
        Self { scheme: Scheme::Bearer(token), bound, refused: None }
    }

    /// `Authorization: Basic client_id:client_secret`.
    pub(crate) fn basic(client_id: &str, client_secret: Secret, bound: Vec<Server>) -> Self {
        Self {
            scheme: Scheme::Basic { client_id: client_id.to_owned(), client_secret },
            bound,
            refused: None,
        }
    }

    /// The same, with `refused` set by each answer of `/api/apps` that shows whether Prism accepts it.
    pub(crate) fn watched(self, refused: Arc<AtomicBool>) -> Self {
        Self { refused: Some(refused), ..self }
    }

    /// Notes whether Prism accepts it: 401 says no, success says yes (contract §1), any other answer says nothing.
    pub(crate) fn note<T>(&self, ask: &Ask<T>, exchange: &Exchange) {
        let Some(refused) = &self.refused else { return };
        let of_apps = matches!(ask.segments.get(..2), Some([api, apps]) if api == "api" && apps == "apps");
        let status = exchange.response.as_ref().map_or(0, |response| response.status);
        if of_apps && (status == 401 || (200..300).contains(&status)) {
            refused.store(status == 401, Ordering::Relaxed);
        }
    }

    /// Replaces the credential where a server says it back, whatever the answer is read as: no answer needs it.
    fn hide_in(&self, response: &mut Response) {
        let secret = match &self.scheme {
            Scheme::Bearer(token) => token.expose(),
            Scheme::Basic { client_secret, .. } => client_secret.expose(),
        };
        let header = zeroize::Zeroizing::new(self.header());
        let sent = header.split_once(' ').map_or(header.as_str(), |(_, value)| value);
        let texts = response.headers.iter_mut().map(|(_, value)| value).chain(response.body.as_mut());
        for text in texts {
            for value in [secret, sent] {
                if !value.is_empty() && text.contains(value) {
                    *text = text.replace(value, SAID_BACK);
                }
            }
        }
    }

    /// The bearer token, for introspection.
    pub(crate) fn token(&self) -> Option<&str> {
        match &self.scheme {
            Scheme::Bearer(token) => Some(token.expose()),
            Scheme::Basic { .. } => None,
        }
    }

    /// The header's value as it is sent.
    pub(crate) fn header(&self) -> String {
        match &self.scheme {
            Scheme::Bearer(token) => format!("Bearer {}", token.expose()),
            Scheme::Basic { client_id, client_secret } => basic(client_id, client_secret),
        }
    }
}

/// The value of `Authorization` for a client's own credentials: id and secret encoded as in a form, then joined
/// (RFC 6749 §2.3.1).
pub(crate) fn basic(client_id: &str, client_secret: &Secret) -> String {
    let part = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = zeroize::Zeroizing::new(format!("{}:{}", part(client_id), part(client_secret.expose())));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair.as_bytes()))
}

/// The HTTP clients, one for each way of reaching a server.
#[derive(Clone)]
pub(crate) struct Http {
    clients: Arc<Clients>,
    limits: Limits,
}

impl Http {
    /// No client yet; each is made when it is used first.
    pub(crate) fn new(limits: Limits) -> Self {
        Self { clients: Arc::new(Clients::new(limits.headers)), limits }
    }

    /// Closes connections nothing is under way on. Their buffers hold the last request, its credential included.
    pub(crate) fn close_idle(&self) {
        self.clients.close_idle();
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
            return failed(exchange, TransportFailure::NotSent, format!("`{parts}` is not a path"));
        };
        exchange.request = describe(ask, url.as_str());
        if let Some(credential) = credential {
            if !credential.bound.iter().any(|server| server.owns(&url)) {
                let host = server.host();
                let words = format!("the credential is not meant for `{host}` and was not sent");
                return failed(exchange, TransportFailure::NotSent, words);
            }
            exchange.request.headers.push(("Authorization".into(), credential.header()));
        }
        let mut exchange = self.carry_out(server, exchange, cancel).await;
        if let (Some(credential), Some(response)) = (credential, &mut exchange.response) {
            credential.hide_in(response);
        }
        exchange
    }

    /// Sends a request that somebody else made whole, its credential included; only to the server it is meant for.
    pub(crate) async fn send_prepared(&self, server: &Server, request: Request, started_at: i64) -> Exchange {
        let owned = url::Url::parse(&request.url).is_ok_and(|url| server.owns(&url));
        let exchange = Exchange { request, started_at: Some(started_at), ..Exchange::default() };
        if !owned {
            let words = format!("the request is not meant for `{}` and was not sent", server.host());
            return failed(exchange, TransportFailure::NotSent, words);
        }
        self.carry_out(server, exchange, None).await
    }

    async fn carry_out(&self, server: &Server, mut exchange: Exchange, cancel: Option<&Cancel>) -> Exchange {
        let client = match self.clients.of(server) {
            Ok(client) => client,
            Err((failure, words)) => return failed(exchange, failure, words),
        };
        let began = Instant::now();
        let sending = wire::exchange(&client, &exchange.request, self.limits);
        let outcome = match cancel {
            None => sending.await,
            Some(cancel) => tokio::select! {
                outcome = sending => outcome,
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

#[cfg(test)]
mod tests;
