//! Glint's own calls to Prism: without a socket to the Prism of this sandbox, over HTTP to any other address.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::refusal::Refusal;
use super::state::{Config, Person, TeamEntry};
use crate::js::json_text;
use crate::prism::Prism;
use crate::wire::{Call, Reply, percent_encode};

/// An upstream answer larger than this counts as a lost connection.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;

/// An upstream that is silent for longer counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);

const LOST: &str = "Network connection lost.";

/// What introspection says about an active token.
pub(super) struct Live {
    pub(super) user: String,
    pub(super) username: String,
    pub(super) scopes: Vec<String>,
}

/// Asks whether the token is live; `None` when it is not.
///
/// # Errors
/// The errors that Glint does not catch (contract §8.4): no usable URL, nobody there, an answer that is an error or no JSON.
pub(super) async fn introspect(prism: &Prism, config: &Config, token: &str) -> Result<Option<Live>, Refusal> {
    let call = Call::new(Method::POST, "/api/oauth/introspect")
        .content("application/x-www-form-urlencoded", format!("token={}", percent_encode(token)));
    let answer = read(&send(prism, &config.prism_base_url, call).await?)?;
    if answer.is_null() {
        return Err(Refusal::type_error("Cannot read properties of null (reading 'active')"));
    }
    if !crate::js::truthy(answer.get("active")) {
        return Ok(None);
    }
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let username = answer.get("username").and_then(Value::as_str).unwrap_or_else(|| text("sub"));
    Ok(Some(Live {
        user: text("sub").to_owned(),
        username: username.to_owned(),
        scopes: text("scope").split(' ').filter(|scope| !scope.is_empty()).map(Into::into).collect(),
    }))
}

/// The caller's teams; every failure looks like "no teams" (contract §8.3).
pub(super) async fn teams(prism: &Prism, config: &Config, token: &str) -> Vec<TeamEntry> {
    let answer = get(prism, config, "/api/oauth/me/teams", token).await.unwrap_or_default();
    let teams = answer.get("teams").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text =
        |team: &Value, name: &str| team.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let entry = |team| TeamEntry { id: text(team, "id"), name: text(team, "name"), role: text(team, "role") };
    teams.iter().map(entry).collect()
}

/// The caller's id and what the token opens of the names; a name that it does not open is empty.
///
/// # Errors
/// As [`introspect`].
pub(super) async fn person(prism: &Prism, config: &Config, token: &str) -> Result<(String, Person), Refusal> {
    let answer = get(prism, config, "/api/oauth/userinfo", token).await?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let username = text("preferred_username").unwrap_or_default();
    let person = Person { username, name: text("name"), avatar_url: text("picture") };
    Ok((text("sub").unwrap_or_default(), person))
}

/// Exchanges an authorization code for an access token; `None` for every failure.
pub(super) async fn exchange(prism: &Prism, config: &Config, code: &str, verifier: &str) -> Option<String> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &config.prism_redirect_uri),
        ("client_id", &config.prism_client_id),
    ];
    form.extend(
        Some(("client_secret", config.prism_client_secret.as_str())).filter(|(_, secret)| !secret.is_empty()),
    );
    form.extend(Some(("code_verifier", verifier)).filter(|(_, verifier)| !verifier.is_empty()));
    let pairs: Vec<String> =
        form.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    let call = Call::new(Method::POST, "/api/oauth/token")
        .content("application/x-www-form-urlencoded", pairs.join("&"));
    let answer = read(&send(prism, &config.prism_base_url, call).await.ok()?).ok()?;
    answer.get("access_token").and_then(Value::as_str).map(ToOwned::to_owned)
}

async fn get(prism: &Prism, config: &Config, path: &str, token: &str) -> Result<Value, Refusal> {
    let call = Call::new(Method::GET, path).header(header::AUTHORIZATION, &format!("Bearer {token}"));
    read(&send(prism, &config.prism_base_url, call).await?)
}

/// A good answer as JSON, a bad one as the error that Prism's client library throws.
fn read(reply: &Reply) -> Result<Value, Refusal> {
    let text = String::from_utf8_lossy(&reply.body);
    let value = json_text::parse(&text);
    if reply.status.is_success() {
        return value.map_err(|message| Refusal::Thrown("SyntaxError", message));
    }
    let said = value.ok().and_then(|body| {
        let members = ["error_description", "message", "error"].into_iter();
        members.filter_map(|name| body.get(name).and_then(Value::as_str)).next().map(ToOwned::to_owned)
    });
    let reason = || reply.status.canonical_reason().unwrap_or("Unknown").to_owned();
    Err(Refusal::Thrown("PrismError", said.unwrap_or_else(reason)))
}

async fn send(prism: &Prism, base: &str, call: Call) -> Result<Reply, Refusal> {
    let authority = authority(base)?;
    if Some(&authority) == self::authority(prism.base_url()).ok().as_ref() {
        let reply = prism.call_without_socket(&call).await;
        return reply.ok_or_else(|| Refusal::Thrown("Error", LOST.into()));
    }
    within_patience(over_http(&authority, call)).await.ok_or_else(|| Refusal::Thrown("Error", LOST.into()))
}

async fn within_patience(answer: impl Future<Output = Option<Reply>>) -> Option<Reply> {
    tokio::time::timeout(PATIENCE, answer).await.ok().flatten()
}

/// `(host, port, secure)` of a base URL; its path is ignored.
fn authority(base: &str) -> Result<(String, u16, bool), Refusal> {
    let invalid = || Refusal::type_error("Invalid URL string.");
    let uri: Uri = base.trim().parse().map_err(|_| invalid())?;
    let secure = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(invalid()),
    };
    let host = uri.host().ok_or_else(invalid)?.to_ascii_lowercase();
    Ok((host, uri.port_u16().unwrap_or(if secure { 443 } else { 80 }), secure))
}

/// One exchange on a connection of its own. There is no TLS here: an `https` Prism is out of reach for the sandbox.
async fn over_http((host, port, secure): &(String, u16, bool), call: Call) -> Option<Reply> {
    if *secure {
        return None;
    }
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), *port)).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let driver = tokio::spawn(connection);
    let mut request = hyper::Request::new(Full::new(call.body));
    *request.method_mut() = call.method;
    *request.uri_mut() = call.path.parse().ok()?;
    *request.headers_mut() = call.headers;
    request.headers_mut().insert(header::HOST, HeaderValue::from_str(&format!("{host}:{port}")).ok()?);
    let response = sender.send_request(request).await.ok()?;
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, LARGEST_ANSWER).collect().await.ok();
    driver.abort();
    Some(Reply {
        status: parts.status,
        headers: parts.headers,
        body: body.map_or_else(Bytes::new, |b| b.to_bytes()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_its_origin() {
        assert_eq!(authority("http://127.0.0.1:8801/under/a/path"), Ok(("127.0.0.1".into(), 8801, false)));
        assert_eq!(authority("https://Prism.example.com/"), Ok(("prism.example.com".into(), 443, true)));
    }

    #[test]
    fn without_scheme_or_host_it_is_no_url() {
        for base in ["", "  ", "127.0.0.1:8801", "localhost:8801", "prism.example.com", "/api"] {
            assert_eq!(authority(base), Err(Refusal::type_error("Invalid URL string.")), "{base}");
        }
    }
}
