//! The token endpoint, introspection, revocation and userinfo (contract §6; RFC 6749, 7662, 7009).

use std::collections::HashMap;

use axum::http::header;
use serde_json::{Value, json};

use super::Prism;
use super::auth::{basic, bearer};
use super::body::column;
use super::refusal::{Answer, Refusal};
use super::seed::{ACCESS_LIFETIME, LONG_LIFETIME};
use super::signing;
use super::state::{App, Code, Grant, State};
use crate::js::{self, json_text};
use crate::random;
use crate::wire::{Call, Reply, pairs};

impl Prism {
    pub(super) fn token(&self, call: &Call) -> Answer {
        let form = parameters(call)?;
        let credentials = match basic(call) {
            Some(read) => Some(read.ok_or_else(Refusal::internal)?),
            None => None,
        };
        let mut state = self.write();
        let client = Client::of(state.authenticate(&form, credentials)?);
        match form.get("grant_type").and_then(Value::as_str) {
            Some("authorization_code") => self.redeem_code(&mut state, &client, &form),
            Some("refresh_token") => self.refresh(&mut state, &client, &form),
            _ => Err(Refusal::new(400, "unsupported_grant_type")),
        }
    }

    fn redeem_code(&self, state: &mut State, client: &Client, form: &Form) -> Answer {
        let now = self.clock().now();
        let text = stored(form, "code")?;
        let code = state.codes.get(&text).filter(|code| code.client_id == client.id);
        code.ok_or_else(invalid_grant)?.check(form, client.is_public, now)?;
        let Some(code) = state.codes.remove(&text) else { return Err(invalid_grant()) };
        if !state.users.get(&code.user_id).is_some_and(|user| user.is_active) {
            return Err(invalid_grant());
        }
        if client.broken {
            return Err(Refusal::internal());
        }
        let grant = state.grant(&code.user_id, &client.id, code.scopes.clone(), now);
        let mut answer = token_answer(&grant);
        if code.scopes.iter().any(|s| s == "openid")
            && let Some(members) = answer.as_object_mut()
        {
            let claims = state.id_claims(&code, self.base_url(), now);
            members.insert("id_token".into(), json!(signing::id_token(&claims)));
        }
        Ok(Reply::json(200, &answer))
    }

    fn refresh(&self, state: &mut State, client: &Client, form: &Form) -> Answer {
        let now = self.clock().now();
        let text = stored(form, "refresh_token")?;
        let id = state.by_refresh.get(&text).cloned().ok_or_else(invalid_grant)?;
        let grant = state.grants.get(&id).filter(|g| g.client_id == client.id).ok_or_else(invalid_grant)?;
        if grant.refresh_expires_at.is_some_and(|end| end < now) {
            return Err(invalid_grant().with("error_description", "Refresh token expired"));
        }
        if !state.users.get(&grant.user_id).is_some_and(|user| user.is_active) {
            return Err(invalid_grant());
        }
        if client.broken {
            return Err(Refusal::internal());
        }
        let renewed = state.renew(&id, now).ok_or_else(invalid_grant)?;
        Ok(Reply::json(200, &token_answer(&renewed)))
    }

    pub(super) fn introspection(&self, call: &Call) -> Answer {
        let live =
            form_of(call).get("token").and_then(Value::as_str).and_then(|token| self.introspect(token));
        let shown = live.map_or_else(|| json!({ "active": false }), |live| json!(live));
        Ok(Reply::json(200, &shown))
    }

    pub(super) fn revocation(&self, call: &Call) -> Answer {
        if let Some(token) = form_of(call).get("token").and_then(Value::as_str) {
            let mut state = self.write();
            let id = state.by_access.get(token).or_else(|| state.by_refresh.get(token)).cloned();
            state.drop_grants(|grant| Some(&grant.id) == id.as_ref());
        }
        Ok(Reply::empty(200))
    }

    pub(super) fn userinfo_route(&self, call: &Call) -> Answer {
        let claims = bearer(call).and_then(|token| self.userinfo(token));
        claims.map(|c| Reply::json(200, &json!(c))).ok_or_else(|| Refusal::new(401, "invalid_token"))
    }
}

type Form = HashMap<String, Value>;

/// What a grant has to know of its client.
struct Client {
    id: String,
    is_public: bool,
    /// Whether its tokens are JWTs, which the server fails to make (contract §10.2).
    broken: bool,
}

impl Client {
    fn of(app: &App) -> Self {
        Self { id: app.client_id.clone(), is_public: app.is_public, broken: app.use_jwt_tokens }
    }
}

/// The fields of a form; of several with one name the last one counts.
fn form_of(call: &Call) -> Form {
    let text = String::from_utf8_lossy(&call.body);
    let text = text.strip_prefix('?').unwrap_or(&text);
    pairs(text).map(|(key, value)| (key, Value::String(value))).collect()
}

/// The parameters of a token request, from a form or from JSON.
fn parameters(call: &Call) -> Result<Form, Refusal> {
    let kind = call.text_header(header::CONTENT_TYPE.as_str());
    if !kind.is_some_and(|kind| kind.contains("application/json")) {
        return Ok(form_of(call));
    }
    match json_text::body(&call.body) {
        Ok(Value::Object(members)) => Ok(members.into_iter().collect()),
        Ok(Value::Null) | Err(_) => Err(Refusal::internal()),
        Ok(_) => Ok(Form::new()),
    }
}

/// A parameter that the database is asked for: missing or no plain value is the bare 500.
fn stored(form: &Form, name: &str) -> Result<String, Refusal> {
    let value = form.get(name).ok_or_else(Refusal::internal)?;
    if value.is_null() { Ok(String::new()) } else { column(value) }
}

fn invalid_grant() -> Refusal {
    Refusal::new(400, "invalid_grant")
}

fn token_answer(grant: &Grant) -> Value {
    let mut answer = json!({
        "access_token": grant.access_token, "token_type": "Bearer",
        "expires_in": ACCESS_LIFETIME, "scope": grant.scopes.join(" "),
    });
    if let (Some(members), Some(token)) = (answer.as_object_mut(), &grant.refresh_token) {
        members.insert("refresh_token".into(), json!(token));
    }
    answer
}

impl Code {
    /// Lifetime, redirect URI and PKCE (RFC 7636 §4.6); a failed check leaves the code usable.
    fn check(&self, form: &Form, is_public: bool, now: i64) -> Result<(), Refusal> {
        let refused = |why| Err(invalid_grant().with("error_description", why));
        if self.expires_at < now {
            return refused("Code expired");
        }
        if form.get("redirect_uri").and_then(Value::as_str) != Some(&self.redirect_uri) {
            return Err(invalid_grant());
        }
        let Some((method, challenge)) = &self.challenge else {
            return if is_public { refused("PKCE is required for public clients") } else { Ok(()) };
        };
        let verifier = match form.get("code_verifier").filter(|verifier| js::truthy(Some(verifier))) {
            None => return refused("code_verifier required"),
            Some(Value::String(verifier)) => verifier,
            Some(_) => return Err(Refusal::internal()),
        };
        let answer = match method.as_str() {
            "S256" => random::base64url(&random::sha256(verifier.as_bytes())),
            "plain" => verifier.clone(),
            _ => String::new(),
        };
        if answer == *challenge {
            Ok(())
        } else {
            Err(invalid_grant().with("error_description", "PKCE verification failed"))
        }
    }
}

impl State {
    /// The client of a token request: by Basic or by body, a secret only for confidential ones (RFC 6749 §2.3.1).
    fn authenticate(&self, form: &Form, basic: Option<(String, Option<String>)>) -> Result<&App, Refusal> {
        let (id, secret) = match basic {
            Some((id, secret)) => (id, secret),
            None => {
                let secret = form.get("client_secret").and_then(Value::as_str).map(str::to_owned);
                (stored(form, "client_id")?, secret)
            }
        };
        self.client(&id)
            .filter(|app| app.is_active && (app.is_public || secret.as_ref() == Some(&app.client_secret)))
            .ok_or_else(|| Refusal::new(401, "invalid_client"))
    }

    /// A new pair of tokens; the refresh token only with `offline_access`.
    pub(super) fn grant(&mut self, user_id: &str, client_id: &str, scopes: Vec<String>, now: i64) -> Grant {
        let offline = scopes.iter().any(|s| s == "offline_access");
        let grant = Grant {
            row: self.next_row(),
            id: random::hex_id(),
            access_token: random::opaque_token(),
            refresh_token: offline.then(random::opaque_token),
            user_id: user_id.to_owned(),
            client_id: client_id.to_owned(),
            scopes,
            created_at: now,
            expires_at: now + ACCESS_LIFETIME,
            refresh_expires_at: offline.then_some(now + LONG_LIFETIME),
        };
        self.add_grant(grant.clone());
        grant
    }

    /// Files a grant under both of its tokens.
    pub(super) fn add_grant(&mut self, grant: Grant) {
        self.by_access.insert(grant.access_token.clone(), grant.id.clone());
        if let Some(refresh) = &grant.refresh_token {
            self.by_refresh.insert(refresh.clone(), grant.id.clone());
        }
        self.grants.insert(grant.id.clone(), grant);
    }

    /// A new access token in place of the old one, which is dead at once; `iat` and scopes stay.
    fn renew(&mut self, id: &str, now: i64) -> Option<Grant> {
        let grant = self.grants.get_mut(id)?;
        self.by_access.remove(&grant.access_token);
        grant.access_token = random::opaque_token();
        grant.expires_at = now + ACCESS_LIFETIME;
        self.by_access.insert(grant.access_token.clone(), grant.id.clone());
        Some(grant.clone())
    }

    /// Kills every grant that passes, both tokens of it.
    pub(super) fn drop_grants(&mut self, pass: impl Fn(&Grant) -> bool) {
        self.grants.retain(|_, grant| !pass(grant));
        let Self { grants, by_access, by_refresh, .. } = self;
        by_access.retain(|_, id| grants.contains_key(id));
        by_refresh.retain(|_, id| grants.contains_key(id));
    }

    /// The claims of an id token (OpenID Connect Core §2).
    fn id_claims(&self, code: &Code, issuer: &str, now: i64) -> Value {
        let mut claims = match self.users.get(&code.user_id) {
            Some(user) => json!(self.claims(user, &code.scopes)),
            None => json!({}),
        };
        if let Some(members) = claims.as_object_mut() {
            members.insert("iss".into(), json!(issuer));
            members.insert("aud".into(), json!(code.client_id));
            if let Some(nonce) = &code.nonce {
                members.insert("nonce".into(), json!(nonce));
            }
            members.insert("iat".into(), json!(now));
            members.insert("exp".into(), json!(now + ACCESS_LIFETIME));
        }
        claims
    }
}
