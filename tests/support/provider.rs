//! An authorization server that does as it is told, the wrong thing included. Its PKCE check and its signatures are real,
//! and its refresh tokens are good for one use each.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::task::JoinHandle;
use url::Url;

/// The sandbox's own key, public on purpose.
static KEY: &[u8] = include_bytes!("signing_key.der");

type Change = Box<dyn Fn(&mut Value) + Send>;
type Forge = Box<dyn Fn(&str) -> String + Send>;

/// What it does otherwise than it should.
#[derive(Default)]
pub struct Script {
    /// Changes the discovery document.
    pub discovery: Option<Change>,
    /// Answers instead of the OpenID configuration.
    pub openid_configuration: Option<Canned>,
    /// Answers instead of the RFC 8414 document; 404 without.
    pub authorization_server: Option<Canned>,
    /// Changes the key set.
    pub keys: Option<Change>,
    /// Changes the head of the id token.
    pub head: Option<Change>,
    /// Changes its claims.
    pub claims: Option<Change>,
    /// Changes the finished id token.
    pub forge: Option<Forge>,
    /// Changes the token answer.
    pub tokens: Option<Change>,
    /// Answers instead of the token endpoint.
    pub token_endpoint: Option<Canned>,
}

/// An answer prepared beforehand.
#[derive(Clone)]
pub struct Canned {
    /// Status.
    pub status: u16,
    /// Content type; empty: none.
    pub kind: &'static str,
    /// `Location`; empty: none.
    pub location: String,
    /// Body.
    pub body: String,
}

impl Canned {
    /// JSON with a status.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self { status, kind: "application/json", location: String::new(), body: body.into() }
    }

    fn response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let mut headers = HeaderMap::new();
        for (name, value) in [(header::CONTENT_TYPE, self.kind), (header::LOCATION, self.location.as_str())] {
            if let (false, Ok(value)) = (value.is_empty(), value.parse()) {
                headers.insert(name, value);
            }
        }
        (status, headers, self.body).into_response()
    }
}

#[derive(Default)]
struct Inner {
    script: Script,
    codes: HashMap<String, HashMap<String, String>>,
    asked: Vec<String>,
    count: u64,
    /// The one refresh token that is good.
    refresh_token: Option<String>,
}

#[derive(Clone)]
struct Shared {
    base: String,
    inner: Arc<Mutex<Inner>>,
}

/// The server; ends with the value.
pub struct Provider {
    shared: Shared,
    server: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Provider {
    /// Starts one.
    ///
    /// # Panics
    /// When no loopback port can be had.
    #[expect(clippy::expect_used, reason = "a test cannot go on without it")]
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let shared = Shared { base, inner: Arc::default() };
        let router = Router::new()
            .route("/.well-known/{name}", get(well_known))
            .route("/token", any(token))
            .route("/revoke", any(revoke))
            .fallback(any(other))
            .with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { shared, server }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.shared.base
    }

    /// What it does from now on.
    pub fn play(&self, script: Script) {
        self.shared.lock().script = script;
    }

    /// Paths asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().asked)
    }

    /// A code for an authorization request, as after consent.
    pub fn code(&self, request: &Url) -> String {
        let mut inner = self.shared.lock();
        inner.count += 1;
        let code = format!("code-{}", inner.count);
        inner.codes.insert(code.clone(), request.query_pairs().into_owned().collect());
        code
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn well_known(State(at): State<Shared>, Path(name): Path<String>) -> Response {
    let mut inner = at.lock();
    inner.asked.push(format!("/.well-known/{name}"));
    let script = &inner.script;
    let changed = |mut value: Value, change: &Option<Change>| {
        if let Some(change) = change {
            change(&mut value);
        }
        value.to_string()
    };
    match name.as_str() {
        "openid-configuration" => match &script.openid_configuration {
            Some(canned) => canned.clone().response(),
            None => Canned::json(200, changed(document(&at.base), &script.discovery)).response(),
        },
        "oauth-authorization-server" => {
            script.authorization_server.clone().unwrap_or_else(|| Canned::json(404, "{}")).response()
        }
        "jwks.json" => Canned::json(200, changed(jwks(), &script.keys)).response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What it says of itself.
pub fn document(base: &str) -> Value {
    json!({
        "issuer": base, "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"), "revocation_endpoint": format!("{base}/revoke"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"), "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
    })
}

async fn other(State(at): State<Shared>, uri: axum::http::Uri) -> Response {
    at.lock().asked.push(uri.path().to_owned());
    (StatusCode::NOT_FOUND, axum::Json(json!({ "error": "Not found" }))).into_response()
}

async fn revoke(State(at): State<Shared>) -> Response {
    at.lock().asked.push("/revoke".to_owned());
    StatusCode::OK.into_response()
}

async fn token(State(at): State<Shared>, body: Bytes) -> Response {
    let mut inner = at.lock();
    inner.asked.push("/token".to_owned());
    if let Some(canned) = inner.script.token_endpoint.clone() {
        return canned.response();
    }
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let value = |name: &str| form.get(name).cloned().unwrap_or_default();
    let refused = || Canned::json(400, r#"{"error":"invalid_grant"}"#).response();
    if value("grant_type") == "refresh_token" {
        return refresh(&mut inner, &value("refresh_token"));
    }
    let Some(request) = inner.codes.remove(&value("code")) else { return refused() };
    let asked = |name: &str| request.get(name).cloned().unwrap_or_default();
    let challenge = BASE64URL.encode(digest(&SHA256, value("code_verifier").as_bytes()));
    if challenge != asked("code_challenge") || value("redirect_uri") != asked("redirect_uri") {
        return refused();
    }
    let mut answer = json!({
        "access_token": format!("access-of-{}", value("code")), "token_type": "Bearer", "expires_in": 3600,
        "scope": asked("scope"),
    });
    if asked("scope").split(' ').any(|scope| scope == "offline_access") {
        let first = format!("refresh-of-{}", value("code"));
        answer["refresh_token"] = json!(first);
        inner.refresh_token = Some(first);
    }
    let script = &inner.script;
    if asked("scope").split(' ').any(|scope| scope == "openid") {
        answer["id_token"] = json!(id_token(&at.base, &asked("client_id"), &asked("nonce"), script));
    }
    if let Some(change) = &script.tokens {
        change(&mut answer);
    }
    Canned::json(200, answer.to_string()).response()
}

/// Takes a refresh token once; one that was used before is theft, and ends all.
fn refresh(inner: &mut Inner, given: &str) -> Response {
    if inner.refresh_token.take().as_deref() != Some(given) {
        return Canned::json(400, r#"{"error":"invalid_grant"}"#).response();
    }
    inner.count += 1;
    let next = format!("refresh-{}", inner.count);
    let mut answer = json!({
        "access_token": format!("access-{}", inner.count), "token_type": "Bearer", "expires_in": 3600,
        "refresh_token": next,
    });
    inner.refresh_token = Some(next);
    if let Some(change) = &inner.script.tokens {
        change(&mut answer);
    }
    Canned::json(200, answer.to_string()).response()
}

/// Seconds since 1970.
pub fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

fn id_token(base: &str, client_id: &str, nonce: &str, script: &Script) -> String {
    let mut head = json!({ "alg": "RS256", "typ": "JWT", "kid": "one" });
    let mut claims = json!({
        "iss": base, "aud": client_id, "sub": "u1", "preferred_username": "mia", "nonce": nonce,
        "iat": now(), "exp": now() + 600,
    });
    for (value, change) in [(&mut head, &script.head), (&mut claims, &script.claims)] {
        if let Some(change) = change {
            change(value);
        }
    }
    let token = signed(&head, &claims);
    script.forge.as_ref().map_or(token.clone(), |forge| forge(&token))
}

#[expect(clippy::expect_used, reason = "the key is part of the repository")]
fn key() -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(KEY).expect("a key")
}

/// A token with this head and these claims, signed with the key whatever the head says.
#[expect(clippy::expect_used, reason = "the key is part of the repository")]
pub fn signed(head: &Value, claims: &Value) -> String {
    let key = key();
    let part = |value: &Value| BASE64URL.encode(value.to_string());
    let text = format!("{}.{}", part(head), part(claims));
    let mut tag = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut tag).expect("a signature");
    format!("{text}.{}", BASE64URL.encode(tag))
}

/// The key set it publishes.
pub fn jwks() -> Value {
    let parts = RsaPublicKeyComponents::<Vec<u8>>::from(key().public_key());
    let (n, e) = (BASE64URL.encode(parts.n), BASE64URL.encode(parts.e));
    json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "kid": "two", "x": "AA", "y": "AA" },
        { "kty": "new kind", "kid": "three" },
        { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", "n": n, "e": e },
    ] })
}
