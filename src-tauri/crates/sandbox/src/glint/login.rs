//! Glint's own login: it needs Prism, sets a cookie, and rewrites the cached team list (contract §8.3).

use axum::http::header;
use serde_json::{Value, json};

use super::init;
use super::refusal::{Answer, Refusal};
use super::state::{Config, Session, State, TeamEntry, teams_json};
use super::value::Fields;
use super::{Glint, body, upstream};
use crate::random;
use crate::wire::{Call, Reply};

/// Length of a session when the configuration names none.
const DAY_SECONDS: u64 = 24 * 60 * 60;

impl Glint {
    /// Every route under `/api/auth`.
    pub(super) async fn auth_route(&self, call: &Call, verb: &str, name: &str) -> Answer {
        match (verb, name) {
            ("GET", "config") => self.locked(|state| Ok(Reply::json(200, &public_config(&state.config)))),
            ("GET", "me") => {
                let now_ms = self.clock().now_ms();
                self.locked(|state| Ok(Reply::json(200, &json!({ "user": whoami(state, call, now_ms) }))))
            }
            ("POST", "callback") => self.callback(call).await,
            ("POST", "logout") => self.log_out(call),
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn callback(&self, call: &Call) -> Answer {
        let fields = Fields::new(body(call)?, "code")?;
        let config = self.locked(|state| state.config.clone());
        let text = |name: &str| fields.text(name).unwrap_or_default().to_owned();
        let token = upstream::exchange(self.prism(), &config, &text("code"), &text("codeVerifier")).await;
        let failed = || Refusal::Said(401, "Token exchange failed".into());
        let token = token.ok_or_else(failed)?;
        let (user, person) = upstream::person(self.prism(), &config, &token).await.ok_or_else(failed)?;
        let teams = upstream::teams(self.prism(), &config, &token).await;
        let allowed = &config.allowed_team_id;
        if !allowed.is_empty() && !teams.iter().any(|team| team.id == *allowed) {
            return Err(Refusal::forbidden("You are not a member of any allowed team"));
        }
        self.remember_teams(&user, &teams);
        self.locked(|state| state.people.insert(user.clone(), person));
        Ok(self.log_in(&config, user, teams))
    }

    fn log_in(&self, config: &Config, user: String, teams: Vec<TeamEntry>) -> Reply {
        let ttl = if config.session_ttl == 0 { DAY_SECONDS } else { config.session_ttl };
        let ttl_ms = i64::try_from(ttl.saturating_mul(1000)).unwrap_or(i64::MAX);
        let now_ms = self.clock().now_ms();
        let id = random::uuid();
        let session = Session { user, teams, expires_at_ms: now_ms.saturating_add(ttl_ms) };
        let shown = self.locked(|state| {
            state.sessions.retain(|_, session| session.expires_at_ms > now_ms);
            let shown = session_json(state, &session);
            state.sessions.insert(id.clone(), session);
            shown
        });
        let cookie = format!("session={id}; Max-Age={ttl}; Path=/; HttpOnly; Secure; SameSite=Lax");
        let answer = json!({ "user": shown, "welcomeMessage": config.welcome_message });
        Reply::json(200, &answer).with_header(header::SET_COOKIE, &cookie)
    }

    fn log_out(&self, call: &Call) -> Answer {
        if let Some(id) = init::cookie(call) {
            self.locked(|state| state.sessions.remove(&id));
        }
        Ok(Reply::json(200, &json!({ "ok": true }))
            .with_header(header::SET_COOKIE, "session=; Max-Age=0; Path=/"))
    }
}

/// Public for ever: how a console finds Prism and Glint's client id from Glint's address alone (contract §7).
fn public_config(config: &Config) -> Value {
    json!({
        "baseUrl": config.prism_base_url,
        "clientId": config.prism_client_id,
        "redirectUri": config.prism_redirect_uri,
        "usePkce": config.use_pkce,
    })
}

fn whoami(state: &State, call: &Call, now_ms: i64) -> Value {
    init::session(state, call, now_ms).map_or(Value::Null, |session| session_json(state, session))
}

/// The ids of a code exchange always match, so `isAppToken` is never true (contract §9).
fn session_json(state: &State, session: &Session) -> Value {
    let person = state.person(&session.user);
    json!({
        "id": session.user,
        "username": person.username,
        "displayName": person.name,
        "avatarUrl": person.avatar_url,
        "teams": teams_json(&session.teams),
        "isAppToken": false,
    })
}
