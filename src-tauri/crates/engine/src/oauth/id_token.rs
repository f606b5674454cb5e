//! Checking an id token (OpenID Connect Core §3.1.3.7). RS256 only: no other algorithm is measured at Prism, `none` proves
//! nothing, and HS256 would take the public key for a secret.

use super::discovery::Endpoints;
use super::refusal;
use super::waiting::same;
use crate::answer::read;
use crate::engine::Engine;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use scopes::exchange::Request;
use scopes::lang::{Lang, brief};
use scopes::problem::{Actor, Problem};
use scopes::say;
use scopes::secret::Secret;
use serde::Deserialize;
use serde_json::Value;

/// How far the clocks of server and computer may be apart, seconds.
const LEEWAY: i64 = 300;

/// What an id token is held against.
pub(crate) struct Expected<'a> {
    /// The client it must be issued to.
    pub(crate) client_id: &'a str,
    /// The nonce of the authorization request.
    pub(crate) nonce: Option<&'a Secret>,
    /// Now, Unix seconds.
    pub(crate) now: i64,
}

/// Who signed in, as a checked id token says.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    /// User id.
    pub(crate) sub: String,
    /// Sign-in name.
    #[serde(default)]
    pub(crate) preferred_username: Option<String>,
    /// Name.
    #[serde(default)]
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    alg: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Body {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    azp: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Checks an id token by the keys the server publishes.
///
/// # Errors
/// `oauth.id_token_*`, one code per check; the sign-in is refused with it.
pub(crate) async fn check(
    engine: &Engine,
    at: &Endpoints,
    token: &Secret,
    expected: &Expected<'_>,
    lang: Lang,
) -> Result<Claims, Problem> {
    let token = token.expose();
    let head: Head = part(token, 0).ok_or_else(|| malformed(lang))?;
    let algorithm = head.alg.as_deref().unwrap_or_default();
    if algorithm != "RS256" || head.crit.is_some() {
        return Err(wrong_algorithm(algorithm, lang));
    }
    let keys = keys(engine, at, head.kid.as_deref(), lang).await?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The crate checks the signature; times go by the host's clock, and the rest is said one by one below.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let verified = keys.iter().find_map(|key| jsonwebtoken::decode::<Value>(token, key, &validation).ok());
    let Some(verified) = verified else { return Err(wrong_signature(lang)) };
    let body: Body = serde_json::from_value(verified.claims.clone()).map_err(|_| malformed(lang))?;
    body.checked(at, expected, lang)?;
    serde_json::from_value(verified.claims).map_err(|_| malformed(lang))
}

fn part<T: for<'de> Deserialize<'de>>(token: &str, index: usize) -> Option<T> {
    let parts: Vec<&str> = token.split('.').collect();
    let text = parts.get(index).filter(|_| parts.len() == 3)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// The keys that may have signed it: RSA, for signing, of this name where the token names one.
async fn keys(
    engine: &Engine,
    at: &Endpoints,
    kid: Option<&str>,
    lang: Lang,
) -> Result<Vec<DecodingKey>, Problem> {
    let Some(url) = &at.jwks else { return Err(no_key(lang)) };
    let request = Request {
        method: "GET".to_owned(),
        url: url.to_string(),
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        body: None,
    };
    let exchange = engine.send_prepared(&at.server, request).await;
    if let Some(problem) = refusal::too_large(&exchange, lang) {
        return Err(problem);
    }
    let set = read::<Value>(exchange).or_problem(lang)?;
    let listed = set.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
    let fits = |key: &Jwk| {
        matches!(key.algorithm, AlgorithmParameters::RSA(_))
            && key.common.public_key_use.as_ref().is_none_or(|is_for| *is_for == PublicKeyUse::Signature)
            && key.common.key_algorithm.is_none_or(|algorithm| algorithm == KeyAlgorithm::RS256)
            && kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid))
    };
    // A key of a kind that is not known here is no reason to refuse the others (RFC 7517 §5).
    let known = listed.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    let keys: Vec<DecodingKey> =
        known.filter(fits).filter_map(|key| DecodingKey::from_jwk(&key).ok()).collect();
    if keys.is_empty() { Err(no_key(lang)) } else { Ok(keys) }
}

impl Body {
    fn checked(&self, at: &Endpoints, expected: &Expected<'_>, lang: Lang) -> Result<(), Problem> {
        if self.iss != at.issuer {
            let shown = brief(&self.iss);
            return Err(refused(
                "oauth.id_token_issuer",
                say!(lang, "The id token was issued by `{shown}`.", "ID 令牌由 `{shown}` 签发。"),
                lang,
            ));
        }
        self.audience(expected.client_id, lang)?;
        if self.exp.saturating_add(LEEWAY) <= expected.now {
            return Err(by_clock(
                "oauth.id_token_expired",
                say!(lang, "The id token has expired.", "ID 令牌已过期。"),
                lang,
            ));
        }
        if self.iat > expected.now.saturating_add(LEEWAY) {
            return Err(by_clock(
                "oauth.id_token_issued_at",
                say!(lang, "The id token was issued in the future.", "ID 令牌的签发时间在未来。"),
                lang,
            ));
        }
        let nonce = self.nonce.as_deref().unwrap_or_default();
        if expected.nonce.is_some_and(|expected| !same(expected.expose(), nonce)) {
            return Err(refused(
                "oauth.id_token_nonce",
                say!(
                    lang,
                    "The id token does not belong to this sign-in: its nonce is another or missing.",
                    "ID 令牌不属于这次登录：它的 nonce 不同或缺失。"
                ),
                lang,
            ));
        }
        if self.sub.is_empty() {
            return Err(malformed(lang));
        }
        Ok(())
    }

    fn audience(&self, client_id: &str, lang: Lang) -> Result<(), Problem> {
        let (named, several) = match &self.aud {
            Audience::One(aud) => (aud == client_id, false),
            Audience::Many(all) => (all.iter().any(|aud| aud == client_id), all.len() > 1),
        };
        if !named {
            return Err(refused(
                "oauth.id_token_audience",
                say!(lang, "The id token is meant for another client.", "ID 令牌是发给另一个客户端的。"),
                lang,
            ));
        }
        let azp = self.azp.as_deref();
        if azp.is_some_and(|azp| azp != client_id) || (several && azp.is_none()) {
            return Err(refused(
                "oauth.id_token_azp",
                say!(
                    lang,
                    "The id token is meant for several clients and was not issued to this one (`azp`).",
                    "ID 令牌面向多个客户端，且不是发给此客户端的（`azp`）。"
                ),
                lang,
            ));
        }
        Ok(())
    }
}

fn refused(code: &str, message: String, lang: Lang) -> Problem {
    Problem::refused(code, message)
        .hinted(say!(
            lang,
            "Sign in again; if it stays so, somebody stands between, or the server is not set up right.",
            "重新登录；如果仍然如此，可能有人在中间拦截，或服务器配置有误。"
        ))
        .for_actor(Actor::Operator)
}

fn by_clock(code: &str, message: String, lang: Lang) -> Problem {
    Problem::refused(code, message)
        .hinted(say!(
            lang,
            "Check the clock of this computer, then that of the server.",
            "先检查本机的时钟，再检查服务器的时钟。"
        ))
        .for_actor(Actor::Operator)
}

/// An id token was asked for, and none came.
pub(crate) fn missing(lang: Lang) -> Problem {
    refused(
        "oauth.id_token_missing",
        say!(
            lang,
            "`openid` was granted, but no id token came with the access token.",
            "已授予 `openid`，但访问令牌没有附带 ID 令牌。"
        ),
        lang,
    )
}

fn malformed(lang: Lang) -> Problem {
    refused(
        "oauth.id_token_malformed",
        say!(
            lang,
            "The id token cannot be read, or lacks one of its claims.",
            "无法读取 ID 令牌，或它缺少必需的声明。"
        ),
        lang,
    )
}

fn wrong_algorithm(algorithm: &str, lang: Lang) -> Problem {
    let shown = brief(algorithm);
    refused(
        "oauth.id_token_algorithm",
        say!(
            lang,
            "The id token is signed with `{shown}`; only RS256 is taken.",
            "ID 令牌使用 `{shown}` 签名；只接受 RS256。"
        ),
        lang,
    )
}

fn wrong_signature(lang: Lang) -> Problem {
    refused(
        "oauth.id_token_signature",
        say!(
            lang,
            "The signature of the id token does not belong to a key of this server.",
            "ID 令牌的签名不属于此服务器的任何密钥。"
        ),
        lang,
    )
}

fn no_key(lang: Lang) -> Problem {
    refused(
        "oauth.id_token_key",
        say!(
            lang,
            "The server publishes no RSA key of the name the id token gives.",
            "服务器没有公布 ID 令牌所指名的 RSA 密钥。"
        ),
        lang,
    )
}
