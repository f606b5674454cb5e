//! Set-up and configuration: public and writable before set-up, for owners afterwards (contract §7).

use serde_json::{Value, json};

use super::Glint;
use super::input::Input;
use super::refusal::{Answer, Refusal};
use super::seed::GlintVersion;
use super::sets::ok;
use super::state::{Config, Session, State};
use crate::js;
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
            ("GET", "branding") => Ok(branding(state)),
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

/// The login that the routes of the web app ask for.
pub(super) fn signed_in<'a>(state: &'a State, call: &Call, now_ms: i64) -> Result<&'a Session, Refusal> {
    if cookie(call).is_none_or(|id| id.is_empty()) {
        return Err(Refusal::Said(401, "Unauthorized".into()));
    }
    session(state, call, now_ms).ok_or_else(|| Refusal::Said(401, "Session expired".into()))
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
    apply(&mut state.config, &Input::searched(call, "prism_base_url")?);
    Ok(Reply::json(200, &json!({ "config": config_json(&state.config) })))
}

fn set_up(state: &mut State, call: &Call) -> Answer {
    if state.configured {
        return Err(Refusal::bad("Already configured"));
    }
    // A body that is no JSON counts as one without a configuration.
    let input = match Input::read(call, "config") {
        Err(Refusal::Thrown("SyntaxError", _)) => None,
        read => Some(read?),
    };
    let sent = input.as_ref().and_then(|input| input.get("config")).filter(|sent| js::truthy(Some(sent)));
    if let Some(sent) = sent {
        apply(&mut state.config, &Input::of(sent.clone(), "config")?);
    }
    state.configured = true;
    ok()
}

/// The names of the first team whose members may log in.
fn branding(state: &State) -> Reply {
    let team = state.config.allowed_teams().into_iter().next().map(ToOwned::to_owned);
    let settings = team.map(|team| state.settings_of(&team)).unwrap_or_default();
    let setting = |name: &str, default: &str| settings.get(name).cloned().unwrap_or_else(|| json!(default));
    let shown = json!({
        "site_name": setting("site_name", "Glint"), "site_logo_url": setting("site_logo_url", ""),
    });
    Reply::json(200, &shown)
}

/// At this commit every definition is refused: the owner's OAuth token is sent to a Prism route that accepts none.
fn register(state: &State, call: &Call, now_ms: i64) -> Answer {
    owner(state, call, now_ms, "Only team owner can register permissions")?;
    if state.config.prism_client_secret.is_empty() {
        return Err(Refusal::bad(
            "A client secret is required to register permissions as the app. Configure one in App Config (or disable PKCE).",
        ));
    }
    if state.config.prism_client_id.is_empty() {
        return Err(Refusal::bad("Prism client ID is not configured."));
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

/// A session of an owner of an owner team or, if none is named, of an allowed team; any session when that is empty, too.
fn owner(state: &State, call: &Call, now_ms: i64, text: &str) -> Result<(), Refusal> {
    let session = session(state, call, now_ms).ok_or_else(|| Refusal::Said(401, "Unauthorized".into()))?;
    let teams = state.config.owner_teams();
    let owns = |team: &&str| State::role_in(team, &session.user, &session.teams).as_deref() == Some("owner");
    if teams.is_empty() || teams.iter().any(owns) { Ok(()) } else { Err(Refusal::forbidden(text)) }
}

fn apply(config: &mut Config, sent: &Input) {
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
    config.use_pkce = sent.get("use_pkce").map_or(config.use_pkce, |flag| js::truthy(Some(flag)));
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
