//! Finding the endpoints: OpenID Connect Discovery 1.0, then RFC 8414. A document that names another issuer, or an
//! endpoint on another server, is refused: a credential must not follow it there.

use super::refusal;
use crate::answer::Trouble;
use crate::ask::Ask;
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::server::Server;
use scopes::exchange::{Exchange, view};
use scopes::lang::{Lang, list};
use scopes::problem::{Actor, Problem};
use scopes::say;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// Most bytes of a metadata document, a key set or a token answer; real ones have a few thousand.
pub(super) const MOST_BYTES: usize = 256 * 1024;

/// The endpoints of one authorization server, all on its own origin.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    /// The issuer exactly as the document writes it; id tokens repeat it (OpenID Connect Core §3.1.3.7).
    pub(crate) issuer: String,
    /// The server all of them belong to.
    pub(crate) server: Server,
    /// Where the browser is sent.
    pub(crate) authorization: Url,
    /// Where codes and refresh tokens are exchanged.
    pub(crate) token: Url,
    /// RFC 7662.
    pub(crate) introspection: Option<Url>,
    /// RFC 7009.
    pub(crate) revocation: Option<Url>,
    /// RFC 7591.
    pub(crate) registration: Option<Url>,
    /// The keys that sign id tokens.
    pub(crate) jwks: Option<Url>,
    /// Whether the server takes `client_secret_basic`.
    pub(crate) basic: bool,
    /// The grants it names; `None`: the document does not say.
    pub(crate) grants: Option<Vec<String>>,
    /// Whether every authorization answer carries `iss` (RFC 9207).
    pub(crate) names_issuer: bool,
}

/// The members that are read. A member of the wrong type makes the document unreadable.
#[derive(Debug, Deserialize)]
struct Document {
    issuer: Option<String>,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    introspection_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    registration_endpoint: Option<String>,
    jwks_uri: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    grant_types_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// The endpoints of a connection's authorization server.
///
/// # Errors
/// When there is no document, it cannot be read, names another issuer, an endpoint elsewhere, or no S256.
pub(crate) async fn endpoints(
    engine: &Engine,
    deployment: &Deployment,
    lang: Lang,
) -> Result<Endpoints, Problem> {
    let (document, exchange) = document(engine, &deployment.prism, lang).await?;
    document.checked(&deployment.prism, lang).map_err(|problem| problem.shown_by(view(&exchange)))
}

/// The document of the first place that has one.
async fn document(engine: &Engine, server: &Server, lang: Lang) -> Result<(Document, Exchange), Problem> {
    let mut first = None;
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let ask = Ask::<Value>::get([".well-known", name]);
        let answer = engine.ask(server, &ask, None).await;
        let absent = matches!(answer.value, Err(Trouble::Refused { status: 404, .. } | Trouble::WebPage));
        match read(answer.value, &answer.exchange, lang) {
            Ok(document) => return Ok((document, answer.exchange)),
            Err(problem) if absent => first = first.or(Some(problem)),
            Err(problem) => return Err(problem),
        }
    }
    // A web page says more about a wrong address than the 404 of the second place.
    let found = first.filter(|problem| problem.code == "reach.not_api");
    Err(found.unwrap_or_else(|| none(server, lang)))
}

fn read(value: Result<Value, Trouble>, exchange: &Exchange, lang: Lang) -> Result<Document, Problem> {
    let value = value.map_err(|trouble| trouble.problem(exchange, lang))?;
    if let Some(problem) = refusal::too_large(exchange, lang) {
        return Err(problem);
    }
    serde_json::from_value(value)
        .map_err(|error| Trouble::Unreadable(error.to_string()).problem(exchange, lang))
}

fn none(server: &Server, lang: Lang) -> Problem {
    let host = server.host();
    Problem::refused(
        "oauth.no_discovery",
        say!(
            lang,
            "`{host}` publishes no discovery document, so it is not known where to sign in.",
            "`{host}` 没有提供 discovery 文档，因此不知道在哪里登录。"
        ),
    )
    .hinted(say!(
        lang,
        "Check the address of Prism, or paste an access token instead.",
        "检查 Prism 的地址，或改为粘贴访问令牌。"
    ))
    .for_actor(Actor::Operator)
}

impl Document {
    fn checked(self, server: &Server, lang: Lang) -> Result<Endpoints, Problem> {
        let missing: Vec<&str> = [
            ("issuer", &self.issuer),
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.is_none().then_some(name))
        .collect();
        let (Some(issuer), Some(authorization), Some(token)) =
            (self.issuer, self.authorization_endpoint, self.token_endpoint)
        else {
            return Err(incomplete(&missing, lang));
        };
        if issuer.strip_suffix('/').unwrap_or(&issuer) != server.base() {
            return Err(other_issuer(&issuer, server, lang));
        }
        // Where the methods are named at all, S256 has to be among them (RFC 8414 §2).
        if self.code_challenge_methods_supported.is_some_and(|known| !known.iter().any(|m| m == "S256")) {
            return Err(no_s256(server, lang));
        }
        let here = |name: &str, address: &str| own(name, address, server, lang);
        let maybe = |name: &str, address: Option<String>| {
            address.map(|address| own(name, &address, server, lang)).transpose()
        };
        let methods = self.token_endpoint_auth_methods_supported;
        Ok(Endpoints {
            authorization: here("authorization_endpoint", &authorization)?,
            token: here("token_endpoint", &token)?,
            introspection: maybe("introspection_endpoint", self.introspection_endpoint)?,
            revocation: maybe("revocation_endpoint", self.revocation_endpoint)?,
            registration: maybe("registration_endpoint", self.registration_endpoint)?,
            jwks: maybe("jwks_uri", self.jwks_uri)?,
            // Basic is what a server takes that does not say (RFC 8414 §2).
            basic: methods.is_none_or(|known| known.iter().any(|method| method == "client_secret_basic")),
            grants: self.grant_types_supported,
            names_issuer: self.authorization_response_iss_parameter_supported,
            server: server.clone(),
            issuer,
        })
    }
}

/// An endpoint's address, if it is on the server itself.
fn own(name: &str, address: &str, server: &Server, lang: Lang) -> Result<Url, Problem> {
    let url = Url::parse(address).ok().filter(|url| {
        server.owns(url) && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    });
    url.ok_or_else(|| {
        let shown: String = address.chars().take(120).collect();
        let base = server.base();
        Problem::refused(
            "oauth.foreign_endpoint",
            say!(
                lang,
                "The `{name}` of `{base}` is `{shown}`, which is another server; nothing is sent there.",
                "`{base}` 的 `{name}` 是 `{shown}`，那是另一台服务器；不会向那里发送任何内容。"
            ),
        )
        .hinted(say!(
            lang,
            "Ask the operator of Prism to correct its public address; all endpoints must be on one origin.",
            "让 Prism 的运维人员更正其公开地址；所有接口必须在同一个源上。"
        ))
        .for_actor(Actor::Operator)
        .about(name)
    })
}

fn incomplete(missing: &[&str], lang: Lang) -> Problem {
    let names = list(lang, missing);
    Problem::refused(
        "oauth.discovery_incomplete",
        say!(lang, "The discovery document lacks {names}.", "discovery 文档缺少 {names}。"),
    )
    .hinted(say!(
        lang,
        "Check that the address is Prism's own, and ask its operator for a whole document.",
        "检查地址是否为 Prism 本身的地址，并让其运维人员提供完整的文档。"
    ))
    .for_actor(Actor::Operator)
}

fn other_issuer(issuer: &str, server: &Server, lang: Lang) -> Problem {
    let (shown, base): (String, _) = (issuer.chars().take(120).collect(), server.base());
    Problem::refused(
        "oauth.issuer_mismatch",
        say!(
            lang,
            "The server at `{base}` calls itself `{shown}`; signing in there could hand the code to somebody else.",
            "`{base}` 上的服务器自称 `{shown}`；在那里登录可能会把授权码交给别人。"
        ),
    )
    .hinted(say!(
        lang,
        "Use the address the server gives itself, if it is the one you mean.",
        "如果它就是要用的服务器，使用它自己给出的地址。"
    ))
    .for_actor(Actor::Operator)
}

fn no_s256(server: &Server, lang: Lang) -> Problem {
    let host = server.host();
    Problem::refused(
        "oauth.no_s256",
        say!(
            lang,
            "`{host}` does not offer PKCE with S256, without which no sign-in is started.",
            "`{host}` 不支持 S256 方式的 PKCE，没有它就不会开始登录。"
        ),
    )
    .hinted(say!(lang, "Paste an access token instead.", "改为粘贴访问令牌。"))
    .for_actor(Actor::Operator)
}
