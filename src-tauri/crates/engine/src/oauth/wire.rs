//! The `oauth2` crate's requests over our own client: what it makes is sent as it is, and what comes back is judged
//! before the crate reads it.

use super::{Tokens, refusal};
use crate::answer::Trouble;
use crate::engine::Engine;
use crate::server::Server;
use oauth2::basic::{BasicRequestTokenError, BasicTokenType};
use oauth2::{
    AsyncHttpClient, ExtraTokenFields, HttpRequest, HttpResponse, StandardTokenResponse, TokenResponse,
};
use scopes::exchange::{Exchange, ExchangeView, Request, view};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// A result with the exchange that brought it, redacted.
#[derive(Debug)]
pub(crate) struct Settled<T> {
    /// What came of it.
    pub(crate) value: T,
    /// The exchange.
    pub(crate) exchange: ExchangeView,
}

/// What OpenID Connect adds to a token answer.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct IdToken {
    #[serde(default)]
    id_token: Option<String>,
}

impl std::fmt::Debug for IdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdToken(…)")
    }
}

impl ExtraTokenFields for IdToken {}

/// A token answer.
pub(super) type Answer = StandardTokenResponse<IdToken, BasicTokenType>;

/// Carries the requests of the `oauth2` crate over our own client and keeps what was seen.
pub(super) struct Wire<'e> {
    engine: &'e Engine,
    server: &'e Server,
    lang: Lang,
    judged: bool,
    seen: Mutex<Option<(Exchange, Option<Problem>)>>,
}

/// The answer was no answer; what it was stands in [`Wire::seen`].
#[derive(Debug)]
pub(super) struct NoAnswer;

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no answer")
    }
}

impl std::error::Error for NoAnswer {}

impl<'e> Wire<'e> {
    /// For the token endpoint: an answer that is no tokens goes no further.
    pub(super) fn new(engine: &'e Engine, server: &'e Server, lang: Lang) -> Self {
        Self { engine, server, lang, judged: true, seen: Mutex::default() }
    }

    /// For any other.
    pub(super) fn unjudged(engine: &'e Engine, server: &'e Server, lang: Lang) -> Self {
        Self { judged: false, ..Self::new(engine, server, lang) }
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let request = plain(&request);
        // Only introspection is not judged, and it changes nothing.
        let exchange = if self.judged {
            self.engine.send_change(self.server, request).await
        } else {
            self.engine.send_prepared(self.server, request).await
        };
        let problem = if self.judged { refusal::at_token_endpoint(&exchange, self.lang) } else { None };
        let answer = match (&exchange.response, &problem) {
            (Some(response), None) => {
                let mut answer = oauth2::http::Response::builder().status(response.status);
                for (name, value) in response.headers.iter().filter(|(name, _)| name == "content-type") {
                    answer = answer.header(name, value);
                }
                answer.body(response.body.clone().unwrap_or_default().into_bytes()).ok()
            }
            _ => None,
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((exchange, problem));
        answer.ok_or(NoAnswer)
    }

    /// What was seen.
    pub(super) fn seen(self) -> Option<Exchange> {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner).map(|(exchange, _)| exchange)
    }

    /// The tokens, or why there are none.
    ///
    /// # Errors
    /// Every refusal and every answer that is no tokens.
    pub(super) fn tokens(
        self,
        answer: Result<Answer, BasicRequestTokenError<NoAnswer>>,
    ) -> Result<Settled<Tokens>, Problem> {
        let lang = self.lang;
        let seen = self.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (exchange, problem) = seen.unwrap_or_default();
        if let Some(problem) = problem {
            return Err(problem);
        }
        let Ok(answer) = answer else {
            // The content type is not JSON's, or a member stands there twice.
            let words = say!(lang, "it is not a token answer", "它不是令牌应答");
            return Err(Trouble::Unreadable(words).problem(&exchange, lang));
        };
        let secret = |text: &String| Secret::new(text.clone());
        Ok(Settled {
            value: Tokens {
                access_token: secret(answer.access_token().secret()),
                refresh_token: answer.refresh_token().map(|token| secret(token.secret())),
                id_token: answer.extra_fields().id_token.as_ref().map(secret),
                expires_in: answer.expires_in().map(|lifetime| lifetime.as_secs()),
                scope: answer
                    .scopes()
                    .map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")),
            },
            exchange: view(&exchange),
        })
    }
}

impl<'c> AsyncHttpClient<'c> for Wire<'_> {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

fn plain(request: &HttpRequest) -> Request {
    let headers = request.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Request {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        headers: headers.collect(),
        body: Some(String::from_utf8_lossy(request.body()).into_owned()),
    }
}
