//! Requests to the token, introspection and revocation endpoints. The `oauth2` crate builds and reads them; they leave
//! through our own client, bound to the server's origin. A code or refresh token is sent once and never again by itself.

use super::discovery::{Endpoints, endpoints};
use super::wire::{Answer, Settled, Wire};
use super::{Tokens, refusal};
use crate::answer::{Trouble, read};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::prism::oauth::Introspection;
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IntrospectionUrl, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, Scope, StandardRevocableToken, TokenUrl,
};
use scopes::diagnosis::meaning;
use scopes::endpoint::Endpoint;
use scopes::exchange::{Request, view};
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;
use scopes::secret::Secret;
use url::Url;

/// A client as it presents itself: public without a secret, confidential with one.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// Its client id.
    pub(crate) id: String,
    /// Its secret.
    pub(crate) secret: Option<Secret>,
}

type Inner = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointNotSet,
    EndpointSet,
>;

/// An authorization request, and what its answer is held against.
pub(crate) struct Started {
    /// What the browser opens.
    pub(crate) url: Url,
    /// The state its answer must carry.
    pub(crate) state: Secret,
    /// The nonce its id token must carry; only with `openid`.
    pub(crate) nonce: Option<Secret>,
    verifier: PkceCodeVerifier,
    redirect_uri: String,
}

impl Client {
    fn inner(&self, at: &Endpoints) -> Inner {
        let client = oauth2::Client::new(ClientId::new(self.id.clone()))
            .set_auth_uri(AuthUrl::from_url(at.authorization.clone()))
            .set_token_uri(TokenUrl::from_url(at.token.clone()))
            .set_introspection_url_option(at.introspection.clone().map(IntrospectionUrl::from_url))
            .set_auth_type(if at.basic { AuthType::BasicAuth } else { AuthType::RequestBody });
        match &self.secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        }
    }

    /// A new authorization request: code, PKCE S256, state and nonce of 256 bits. With `consent` the person is asked
    /// even where they agreed before.
    ///
    /// # Errors
    /// When the redirect URI is none.
    pub(crate) fn start(
        &self,
        at: &Endpoints,
        redirect_uri: &str,
        scopes: &[String],
        consent: bool,
        lang: Lang,
    ) -> Result<Started, Problem> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new_random_len(32);
        let nonce = scopes
            .iter()
            .any(|scope| scope == "openid")
            .then(|| Secret::new(CsrfToken::new_random_len(32).secret().clone()));
        let client = self.inner(at).set_redirect_uri(redirect(redirect_uri, lang)?);
        let mut request = client
            .authorize_url(|| state)
            .add_scopes(scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        if let Some(nonce) = &nonce {
            request = request.add_extra_param("nonce", nonce.expose().to_owned());
        }
        if consent {
            request = request.add_extra_param("prompt", "consent");
        }
        let (url, state) = request.url();
        let state = Secret::new(state.secret().clone());
        Ok(Started { url, state, nonce, verifier, redirect_uri: redirect_uri.to_owned() })
    }

    /// Exchanges the code. Sent once: where no answer comes, the code may be used up all the same.
    ///
    /// # Errors
    /// Every refusal and every answer that is no tokens.
    pub(crate) async fn exchange(
        &self,
        engine: &Engine,
        at: &Endpoints,
        code: &Secret,
        started: Started,
        lang: Lang,
    ) -> Result<Settled<Tokens>, Problem> {
        let client = self.inner(at).set_redirect_uri(redirect(&started.redirect_uri, lang)?);
        let request = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(started.verifier);
        let wire = Wire::new(engine, &at.server, lang);
        let answer = request.request_async(&wire).await;
        wire.tokens(answer).map_err(|problem| sent_once(problem, lang))
    }
}

/// A new access token for a refresh token (RFC 6749 §6). Where the answer brings no refresh token, the old one goes on.
///
/// # Errors
/// Every refusal and every answer that is no tokens.
pub(crate) async fn refresh(
    engine: &Engine,
    deployment: &Deployment,
    client: &Client,
    refresh_token: &Secret,
    lang: Lang,
) -> Result<Settled<Tokens>, Problem> {
    let at = endpoints(engine, deployment, lang).await?;
    let inner = client.inner(&at);
    let token = RefreshToken::new(refresh_token.expose().to_owned());
    let wire = Wire::new(engine, &at.server, lang);
    let answer = inner.exchange_refresh_token(&token).request_async(&wire).await;
    let mut settled = wire.tokens(answer).map_err(|problem| sent_once(problem, lang))?;
    settled.value.refresh_token.get_or_insert_with(|| refresh_token.clone());
    Ok(settled)
}

/// A token of the client itself (RFC 6749 §4.4), where the server offers it.
///
/// # Errors
/// When the server does not offer it, and every refusal.
pub(crate) async fn client_credentials(
    engine: &Engine,
    at: &Endpoints,
    client: &Client,
    scopes: &[String],
    lang: Lang,
) -> Result<Settled<Tokens>, Problem> {
    if !at.grants.as_ref().is_some_and(|grants| grants.iter().any(|grant| grant == "client_credentials")) {
        return Err(no_client_credentials(lang));
    }
    let inner = client.inner(at);
    let wire = Wire::new(engine, &at.server, lang);
    let request = inner.exchange_client_credentials().add_scopes(scopes.iter().cloned().map(Scope::new));
    let answer = request.request_async(&wire).await;
    wire.tokens(answer)
}

/// Looks at a token (RFC 7662).
///
/// # Errors
/// When the server offers none, and every refusal.
pub(crate) async fn introspect(
    engine: &Engine,
    deployment: &Deployment,
    client: &Client,
    token: &Secret,
    lang: Lang,
) -> Result<Settled<Introspection>, Problem> {
    let at = endpoints(engine, deployment, lang).await?;
    let inner = client.inner(&at);
    let token = AccessToken::new(token.expose().to_owned());
    let Ok(request) = inner.introspect(&token) else { return Err(not_offered("introspection", lang)) };
    let wire = Wire::unjudged(engine, &at.server, lang);
    // What it says is read from the exchange by our own type, which knows how Prism writes it.
    let _ = request.request_async(&wire).await;
    let Some(exchange) = wire.seen() else { return Err(not_offered("introspection", lang)) };
    if let Some(problem) = refusal::too_large(&exchange, lang) {
        return Err(problem);
    }
    let shown = view(&exchange);
    let value = read::<Introspection>(exchange).or_problem(lang)?;
    Ok(Settled { value, exchange: shown })
}

/// Revokes a token (RFC 7009); the server answers 200 also where there was nothing to revoke. Revoking the refresh token
/// ends the access token too at most servers, at Prism always (contract §6).
///
/// # Errors
/// When the server offers none, and every refusal.
pub(crate) async fn revoke(
    engine: &Engine,
    deployment: &Deployment,
    client: &Client,
    token: &Secret,
    hint: &str,
    lang: Lang,
) -> Result<Settled<()>, Problem> {
    let at = endpoints(engine, deployment, lang).await?;
    let Some(url) = &at.revocation else { return Err(not_offered("revocation", lang)) };
    let exchange = engine.send_change(&at.server, revocation(&at, url, client, token, hint)).await;
    let shown = view(&exchange);
    match &exchange.response {
        Some(response) if response.status == 200 => Ok(Settled { value: (), exchange: shown }),
        _ => Err(match refusal::at_token_endpoint(&exchange, lang) {
            Some(problem) => problem,
            None => {
                let meaning = meaning(&exchange, Some(Endpoint::Revocation));
                Trouble::Refused { status: 0, error: None, meaning }.problem(&exchange, lang)
            }
        }),
    }
}

/// The crate refuses to revoke over http altogether; a server on this computer has nothing else.
fn revocation(at: &Endpoints, url: &Url, client: &Client, token: &Secret, hint: &str) -> Request {
    let mut headers = vec![
        ("Accept".to_owned(), "application/json".to_owned()),
        ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
    ];
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose()).append_pair("token_type_hint", hint);
    match &client.secret {
        Some(secret) if at.basic => {
            headers.push(("Authorization".to_owned(), crate::http::basic(&client.id, secret)))
        }
        secret => {
            form.append_pair("client_id", &client.id);
            if let Some(secret) = secret {
                form.append_pair("client_secret", secret.expose());
            }
        }
    }
    Request { method: "POST".to_owned(), url: url.to_string(), headers, body: Some(form.finish()) }
}

fn redirect(uri: &str, lang: Lang) -> Result<RedirectUrl, Problem> {
    RedirectUrl::new(uri.to_owned()).map_err(|_| {
        Problem::refused(
            "oauth.invalid_redirect_uri",
            say!(lang, "`{uri}` is no redirect URI.", "`{uri}` 不是 redirect URI。"),
        )
        .hinted(say!(
            lang,
            "Correct the redirect ports of the connection.",
            "更正此连接的 redirect 端口。"
        ))
    })
}

/// Where the answer was lost, the next step is not to send it again.
fn sent_once(problem: Problem, lang: Lang) -> Problem {
    let lost = problem.exchange.as_ref().is_some_and(|exchange| exchange.status.is_none());
    if !lost {
        return problem;
    }
    problem.hinted(say!(
        lang,
        "Sign in again if the token turns out dead: the request is never sent twice, because the first may have been carried out.",
        "如果令牌已失效，重新登录：请求不会发送两次，因为第一次可能已经执行。"
    ))
}

fn not_offered(what: &str, lang: Lang) -> Problem {
    Problem::refused(
        "oauth.not_offered",
        say!(lang, "This server offers no {what} endpoint.", "此服务器没有提供 {what} 接口。"),
    )
    .hinted(say!(lang, "Look at the token on the server's own pages.", "在服务器自己的页面上查看该令牌。"))
    .for_actor(Actor::Operator)
}

fn no_client_credentials(lang: Lang) -> Problem {
    Problem::refused(
        "oauth.no_client_credentials",
        say!(
            lang,
            "This server issues no tokens to a client for itself.",
            "此服务器不会向客户端本身签发令牌。"
        ),
    )
    .hinted(say!(
        lang,
        "Sign in as a user; for scope definitions add the client credentials as an identity.",
        "以用户身份登录；管理权限范围定义时，把客户端凭据添加为身份。"
    ))
}
