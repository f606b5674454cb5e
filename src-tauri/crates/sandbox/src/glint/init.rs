//! Set-up and configuration: public and writable before set-up, for owners afterwards (contract §7).

use serde_json::{Value, json};

use super::Glint;
use super::body;
use super::refusal::{Answer, Refusal};
use super::seed::GlintVersion;
use super::sets::ok;
use super::state::{Config, Session, State};
use super::value::{self, Fields};
use crate::wire::{Call, Reply};

const REDACTED: &str = "**redacted**";

/// What Glint would register, in its own order.
const MEASURED: [&str; 15] = [
    "read_todos",
    "create_todos",
    "edit_todos",
    "complete_todos",
    "delete_todos",
    "reorder_todos",
    "assign_todos",
    "write_todos",
    "manage_sets",
    "comment",
    "delete_comments",
    "read_settings",
    "manage_settings",
    "manage_permissions",
    "workbench",
];

/// The same for the Glint of its integration guide.
const DOCUMENT: [&str; 13] = [
    "read_todos",
    "create_todos",
    "edit_todos",
    "complete_todos",
    "delete_todos",
    "reorder_todos",
    "claim_todos",
    "write_todos",
    "manage_sets",
    "comment",
    "delete_comments",
    "read_settings",
    "manage_settings",
];

impl Glint {
    /// Every route under `/api/init`.
    pub(super) fn init_route(&self, call: &Call, verb: &str, name: &str) -> Answer {
        let now_ms = self.clock().now_ms();
        self.locked(|state| match (verb, name) {
            ("GET", "status") => Ok(Reply::json(200, &json!({ "configured": state.configured }))),
            ("GET", "branding") => {
                Ok(Reply::json(200, &json!({ "site_name": "Glint", "site_logo_url": "" })))
            }
            ("GET", "config") => show(state, call, now_ms),
            ("PUT", "config") => change(state, call, now_ms),
            ("POST", "setup") => set_up(state, call),
            ("POST", "register-permissions") => register(state, call, now_ms),
            _ => Err(Refusal::NoRoute),
        })
    }
}

/// The Glint login behind the session cookie.
pub(super) fn session<'a>(state: &'a State, call: &Call, now_ms: i64) -> Option<&'a Session> {
    state.sessions.get(&cookie(call)?).filter(|session| session.expires_at_ms > now_ms)
}

/// The value of the session cookie.
pub(super) fn cookie(call: &Call) -> Option<String> {
    let pairs = call.text_header("cookie")?.split(';');
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == "session")
        .map(|(_, id)| id.to_owned())
}

fn show(state: &State, call: &Call, now_ms: i64) -> Answer {
    if state.configured {
        owner(state, call, now_ms, "Only team owner can view app config")?;
    }
    Ok(Reply::json(200, &json!({ "config": config_json(&state.config) })))
}

fn change(state: &mut State, call: &Call, now_ms: i64) -> Answer {
    if state.configured {
        owner(state, call, now_ms, "Only team owner can change app config")?;
    }
    apply(&mut state.config, &Fields::new(body(call)?, "prism_base_url")?);
    Ok(Reply::json(200, &json!({ "config": config_json(&state.config) })))
}

fn set_up(state: &mut State, call: &Call) -> Answer {
    if state.configured {
        return Err(Refusal::bad("Already configured"));
    }
    let sent = Fields::new(body(call)?, "config")?.get("config").cloned();
    let sent = sent.ok_or_else(|| {
        Refusal::type_error("Cannot read properties of undefined (reading 'prism_base_url')")
    })?;
    apply(&mut state.config, &Fields::new(sent, "prism_base_url")?);
    state.configured = true;
    ok()
}

/// At this commit every definition is refused: the owner's OAuth token is sent to a Prism route that accepts none.
fn register(state: &State, call: &Call, now_ms: i64) -> Answer {
    owner(state, call, now_ms, "Only team owner can register permissions")?;
    if state.config.prism_client_secret.is_empty() {
        return Err(Refusal::bad(
            "A client secret is required to register permissions as the app. Configure one in App Config (or disable PKCE).",
        ));
    }
    let scopes: &[&str] = match state.version {
        GlintVersion::Measured => &MEASURED,
        GlintVersion::Document => &DOCUMENT,
    };
    let refused = |scope: &&str| json!({ "scope": scope, "ok": false, "error": "Unauthorized" });
    let results: Vec<Value> = scopes.iter().map(refused).collect();
    let answer =
        json!({ "registered": 0, "failed": scopes.len(), "total": scopes.len(), "results": results });
    Ok(Reply::json(200, &answer))
}

/// A session of an owner of the owner team or, if that is empty, of the allowed team.
fn owner(state: &State, call: &Call, now_ms: i64, text: &str) -> Result<(), Refusal> {
    let session = session(state, call, now_ms).ok_or_else(|| Refusal::Said(401, "Unauthorized".into()))?;
    let config = &state.config;
    let team = if config.owner_team_id.is_empty() { &config.allowed_team_id } else { &config.owner_team_id };
    if session.teams.iter().any(|entry| entry.id == *team && entry.role == "owner") {
        return Ok(());
    }
    Err(Refusal::forbidden(text))
}

fn apply(config: &mut Config, sent: &Fields) {
    let text = |name: &str, into: &mut String| {
        if let Some(value) = sent.get(name).and_then(Value::as_str).filter(|value| *value != REDACTED) {
            value.clone_into(into);
        }
    };
    text("prism_base_url", &mut config.prism_base_url);
    text("prism_client_id", &mut config.prism_client_id);
    text("prism_client_secret", &mut config.prism_client_secret);
    text("prism_redirect_uri", &mut config.prism_redirect_uri);
    text("allowed_team_id", &mut config.allowed_team_id);
    text("owner_team_id", &mut config.owner_team_id);
    text("welcome_message", &mut config.welcome_message);
    config.use_pkce = sent.get("use_pkce").map_or(config.use_pkce, value::truthy);
    config.session_ttl = sent.get("session_ttl").and_then(Value::as_u64).unwrap_or(config.session_ttl);
}

fn config_json(config: &Config) -> Value {
    json!({
        "prism_base_url": config.prism_base_url,
        "prism_client_id": config.prism_client_id,
        "prism_client_secret": if config.prism_client_secret.is_empty() { "" } else { REDACTED },
        "prism_redirect_uri": config.prism_redirect_uri,
        "use_pkce": config.use_pkce,
        "allowed_team_id": config.allowed_team_id,
        "owner_team_id": config.owner_team_id,
        "session_ttl": config.session_ttl,
        "welcome_message": config.welcome_message,
    })
}
