//! `GET /api/oauth/app-info`, the consent preview (contract §5).

use serde_json::{Value, json};

use super::Prism;
use super::auth::{bearer, is_team_admin};
use super::refusal::{Answer, Refusal};
use super::scopes::{is_site, is_team};
use super::state::{App, State, User};
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn preview(&self, call: &Call) -> Answer {
        let state = self.read();
        let now = self.clock().now();
        let value = |name| call.query_value(name).filter(|v: &String| !v.is_empty());
        let (Some(client_id), Some(redirect_uri)) = (value("client_id"), value("redirect_uri")) else {
            return Err(Refusal::new(400, "invalid_request"));
        };
        if value("response_type").as_deref() != Some("code") {
            return Err(Refusal::new(400, "invalid_request"));
        }
        let app = state.requesting_app(&client_id, &redirect_uri)?;
        let user = bearer(call)
            .or_else(|| call.text_header("x-session-token"))
            .and_then(|token| state.session_user(token, now));
        let mut shown = state.preview_of(app, call, user, now);
        for name in ["state", "code_challenge", "code_challenge_method", "nonce"] {
            if let (Some(members), Some(text)) = (shown.as_object_mut(), call.query_value(name)) {
                members.insert(name.into(), json!(text));
            }
        }
        Ok(Reply::json(200, &shown))
    }
}

impl State {
    /// The active client of this id, with this very redirect URI.
    pub(super) fn requesting_app(&self, client_id: &str, redirect_uri: &str) -> Result<&App, Refusal> {
        let app = self.client(client_id).filter(|app| app.is_active);
        let app = app.ok_or_else(|| Refusal::new(400, "invalid_client"))?;
        let registered = match &app.redirect_uris {
            Value::Array(uris) => uris.iter().any(|uri| uri == redirect_uri),
            Value::String(text) => text.contains(redirect_uri),
            _ => return Err(Refusal::internal()),
        };
        if registered { Ok(app) } else { Err(Refusal::new(400, "invalid_redirect_uri")) }
    }

    fn preview_of(&self, app: &App, call: &Call, user: Option<&User>, now: i64) -> Value {
        let sorted = self.sort_scopes(app, &call.query_value("scope").unwrap_or_default());
        let asked_optional = call.query_value("optional_scope").unwrap_or_default();
        let is_optional = |s: &&String| {
            app.optional_scopes.contains(s) || asked_optional.split(' ').any(|o| o == s.as_str())
        };
        let optional: Vec<&String> = sorted.granted.iter().filter(is_optional).collect();
        let rejected: Vec<Value> = sorted
            .rejected
            .iter()
            .map(|(scope, reason)| json!({ "scope": scope, "reason": reason }))
            .collect();
        let team: Vec<&str> = sorted.granted.iter().filter(|s| is_team(s)).map(|s| &s[5..]).collect();
        let site = sorted.granted.iter().any(|s| is_site(s));
        let consent = user.and_then(|u| self.consents.get(&(u.id.clone(), app.client_id.clone())));
        let live = |u: &User| {
            let theirs = self.grants.values().filter(|g| g.user_id == u.id && g.client_id == app.client_id);
            theirs.filter(|grant| grant.is_alive(now)).count()
        };
        json!({
            "app": app.shown_at_consent(),
            "scopes": sorted.granted, "optional_scopes": optional,
            "app_scopes": self.describe_app_scopes(&sorted.granted), "rejected_scopes": rejected,
            "redirect_uri": call.query_value("redirect_uri"),
            "user": user.map(at_consent),
            "requires_site_grant": site,
            "site_scope_confirm_phrase": site.then_some("grant site access"),
            "site_scopes_grantable": false,
            "requires_team_grant": !team.is_empty(), "team_grant_permissions": team,
            "user_admin_teams": user.map(|u| self.admin_teams(u)).filter(|_| !team.is_empty()).unwrap_or_default(),
            "existing_consent_scopes": consent.map(|c| &c.scopes),
            "existing_token_count": user.map_or(0, live),
        })
    }

    fn admin_teams(&self, user: &User) -> Vec<Value> {
        let teams = self.teams_of(&user.id).into_iter().filter(|team| is_team_admin(&team.role));
        teams.map(|t| json!({ "id": t.id, "name": t.name, "avatar_url": null, "role": t.role })).collect()
    }
}

fn at_consent(user: &User) -> Value {
    json!({
        "id": user.id, "email": user.email, "username": user.username, "display_name": user.display_name,
        "avatar_url": null, "role": user.role(), "email_verified": true,
    })
}
