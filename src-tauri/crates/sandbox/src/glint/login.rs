//! Glint's own login: it needs Prism, sets a cookie, and rewrites the cached team list (contract §8.3).

use axum::http::header;
use serde_json::{Value, json};

use super::init;
use super::input::Input;
use super::refusal::{Answer, Refusal};
use super::state::{Config, Person, Session, State, TeamEntry, teams_json};
use super::{Glint, upstream};
use crate::random;
use crate::wire::{Call, Reply};

/// The shortest session, whatever the configuration says.
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
        let input = Input::destructured(call, "code")?;
        let config = self.locked(|state| state.config.clone());
        let (code, verifier) = (input.text("code"), input.text("codeVerifier"));
        let code = code.unwrap_or_else(|| crate::js::string(input.get("code")));
        let token = upstream::exchange(self.prism(), &config, &code, &verifier.unwrap_or_default()).await;
        let token = token.ok_or_else(|| Refusal::Said(401, "Token exchange failed".into()))?;
        let (user, person) = upstream::person(self.prism(), &config, &token).await?;
        let teams = upstream::teams(self.prism(), &config, &token).await;
        let allowed = config.allowed_teams();
        if !allowed.is_empty() && !teams.iter().any(|team| allowed.contains(&team.id.as_str())) {
            return Err(Refusal::forbidden("You are not a member of any allowed team"));
        }
        self.remember_teams(&user, &teams);
        let username = [&person.username, person.shown(), &user].into_iter().find(|name| !name.is_empty());
        let person = Person { username: username.map(ToOwned::to_owned).unwrap_or_default(), ..person };
        Ok(self.log_in(&config, user, person, teams))
    }

    fn log_in(&self, config: &Config, user: String, person: Person, teams: Vec<TeamEntry>) -> Reply {
        let ttl = config.session_ttl.max(DAY_SECONDS);
        let ttl_ms = i64::try_from(ttl.saturating_mul(1000)).unwrap_or(i64::MAX);
        let now_ms = self.clock().now_ms();
        let id = random::uuid();
        let session = Session { user, person, teams, expires_at_ms: now_ms.saturating_add(ttl_ms) };
        let shown = session_json(&session);
        self.locked(|state| {
            state.sessions.retain(|_, session| session.expires_at_ms > now_ms);
            state.sessions.insert(id.clone(), session);
        });
        let cookie = format!("session={id}; Max-Age={ttl}; Path=/; HttpOnly; Secure; SameSite=Lax");
        let answer = json!({ "user": shown, "welcomeMessage": config.welcome_message });
        Reply::json(200, &answer).with_header(header::SET_COOKIE, &cookie)
    }

    fn log_out(&self, call: &Call) -> Answer {
        let reply = Reply::json(200, &json!({ "ok": true }));
        let Some(id) = init::cookie(call) else { return Ok(reply) };
        self.locked(|state| state.sessions.remove(&id));
        Ok(reply.with_header(header::SET_COOKIE, "session=; Max-Age=0; Path=/"))
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
    init::session(state, call, now_ms).map_or(Value::Null, session_json)
}

/// The ids of a code exchange always match, so `isAppToken` is never true (contract §9).
fn session_json(session: &Session) -> Value {
    json!({
        "id": session.user,
        "username": session.person.username,
        "displayName": session.person.name,
        "avatarUrl": session.person.avatar_url,
        "teams": teams_json(&session.teams),
        "isAppToken": false,
    })
}
