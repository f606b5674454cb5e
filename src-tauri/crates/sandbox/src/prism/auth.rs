//! Credentials: which kind is accepted where (contract §1).

use axum::http::header;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Value, json};

use super::Prism;
use super::refusal::Refusal;
use super::seed::LONG_LIFETIME;
use super::signing;
use super::state::{App, Session, State, User};
use crate::random;
use crate::wire::Call;

/// The text after `Bearer `, matched literally.
pub(super) fn bearer(call: &Call) -> Option<&str> {
    call.text_header(header::AUTHORIZATION.as_str())?.strip_prefix("Bearer ")
}

/// Base64 as `atob` reads it (<https://infra.spec.whatwg.org/#forgiving-base64-decode>).
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Client id and secret of a Basic header; the secret is missing when there is no colon.
///
/// `None` when there is no Basic header, `Some(None)` when it is unreadable.
pub(super) fn basic(call: &Call) -> Option<Option<(String, Option<String>)>> {
    let encoded = call.text_header(header::AUTHORIZATION.as_str())?.strip_prefix("Basic ")?;
    let read = || {
        let kept: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = FORGIVING.decode(kept.trim_end_matches('=')).ok()?;
        // The engine makes one character of every byte.
        let text: String = bytes.into_iter().map(char::from).collect();
        let mut parts = text.split(':').map(str::to_owned);
        Some((parts.next()?, parts.next()))
    };
    Some(read())
}

impl State {
    /// The person behind a session JWT: right signature, not logged out, not over, account on.
    pub(super) fn session_user(&self, token: &str, now: i64) -> Option<&User> {
        let claims = signing::session_claims(&self.session_key, token)?;
        let session = self.sessions.get(claims.get("sessionId")?.as_str()?)?;
        if session.expires_at <= now {
            return None;
        }
        self.users.get(&session.user_id).filter(|user| user.is_active)
    }

    /// Signs a person in under a session id of 64 hex digits.
    pub(super) fn open_session(&mut self, user: &User, id: &str, now: i64, expires_at: i64) -> String {
        self.sessions.insert(id.to_owned(), Session { user_id: user.id.clone(), expires_at });
        let claims = json!({
            "sub": user.id, "role": user.role(), "email": user.email, "username": user.username,
            "display_name": user.display_name, "avatar_url": null, "email_verified": true,
            "sessionId": id, "iat": now, "exp": expires_at,
        });
        signing::session_jwt(&self.session_key, &claims)
    }

    /// Signs a session out; silent when it was not signed in.
    pub(super) fn close_session(&mut self, token: &str) {
        let id = signing::session_claims(&self.session_key, token)
            .and_then(|claims| claims.get("sessionId").and_then(Value::as_str).map(str::to_owned));
        if let Some(id) = id {
            self.sessions.remove(&id);
        }
    }

    /// Whether the person may read this app.
    pub(super) fn may_read(&self, user: &User, app: &App) -> bool {
        user.is_site_admin
            || match &app.team_id {
                Some(team) => self.role_in(team, &user.id).is_some(),
                None => app.owner_id == user.id,
            }
    }

    /// Whether the person may change this app.
    pub(super) fn may_write(&self, user: &User, app: &App) -> bool {
        user.is_site_admin
            || match &app.team_id {
                Some(team) => self.role_in(team, &user.id).is_some_and(is_team_admin),
                None => app.owner_id == user.id,
            }
    }

    /// The person's role in a team.
    pub(super) fn role_in(&self, team_id: &str, user_id: &str) -> Option<&str> {
        self.teams.get(team_id)?.members.get(user_id).map(|member| member.role.as_str())
    }
}

/// Whether this role administers a team.
pub(super) fn is_team_admin(role: &str) -> bool {
    matches!(role, "owner" | "co-owner" | "admin")
}

impl Prism {
    /// The caller of a route that takes a session only.
    pub(super) fn by_session(&self, call: &Call) -> Result<User, Refusal> {
        let token = bearer(call).or_else(|| call.text_header("x-session-token"));
        token
            .and_then(|token| self.read().session_user(token, self.clock().now()).cloned())
            .ok_or_else(Refusal::unauthorized)
    }

    /// The caller of a route that takes a session, or a PAT with `scope`.
    pub(super) fn by_session_or_pat(&self, call: &Call, scope: &str) -> Result<User, Refusal> {
        match bearer(call).filter(|text| text.starts_with("prism_pat_")) {
            Some(text) => self.by_pat(text, scope),
            None => self.by_session(call),
        }
    }

    fn by_pat(&self, text: &str, scope: &str) -> Result<User, Refusal> {
        let now = self.clock().now();
        let mut state = self.write();
        let pat = state.pats.get(text).ok_or_else(Refusal::unauthorized)?;
        if pat.expires_at.is_some_and(|end| end <= now) {
            return Err(Refusal::new(401, "Token expired"));
        }
        let scoped = pat.scopes.iter().any(|s| s == scope);
        let user = state.users.get(&pat.user_id).filter(|u| u.is_active).cloned();
        let user = user.ok_or_else(Refusal::unauthorized)?;
        if let Some(pat) = state.pats.get_mut(text) {
            pat.last_used_at = Some(now);
        }
        if scoped { Ok(user) } else { Err(Refusal::insufficient_scope()) }
    }

    /// The caller of an `/api/oauth/me` route: every failure is the same 403.
    pub(super) fn by_me(&self, call: &Call, scope: &str) -> Result<User, Refusal> {
        bearer(call)
            .and_then(|token| self.read().me(token, scope, self.clock().now()).cloned())
            .ok_or_else(Refusal::insufficient_scope)
    }

    /// Signs a person in for the usual 30 days.
    pub(super) fn sign_in(&self, user: &User) -> String {
        let now = self.clock().now();
        let id = random::hex(&random::bytes::<32>());
        self.write().open_session(user, &id, now, now + LONG_LIFETIME)
    }
}
