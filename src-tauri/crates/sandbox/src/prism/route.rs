//! Which route answers which request. Wrong verbs and unknown paths under `/api` are the same 404 (contract §1).

use axum::http::{Method, header};

use super::Prism;
use super::refusal::{Answer, Refusal};
use crate::wire::{Call, Reply};

/// The single-page app's stand-in for paths that are not the server's own.
const PAGE: &str = "<!doctype html><title>Prism</title>\n";

impl Prism {
    /// Any route, answered as over HTTP but without a socket.
    pub fn call(&self, call: &Call) -> Reply {
        if call.method == Method::OPTIONS {
            return self.preflight(call);
        }
        let segments = call.every_segment();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let answer = match path.split_first() {
            Some((&"api", rest)) => self.api(call, rest),
            Some((&".well-known", rest)) => self.well_known(call, rest),
            _ => self.page(call, &path).unwrap_or_else(|| Ok(Reply::html(200, PAGE))),
        };
        answer.unwrap_or_else(Reply::from)
    }

    /// Empty parts of a path, a slash at its end as well, are no route.
    fn api(&self, call: &Call, path: &[&str]) -> Answer {
        if path.contains(&"") {
            return self.no_route(call, path);
        }
        match path.split_first() {
            Some((&"apps", rest)) => self.apps_routes(call, rest),
            Some((&"oauth", rest)) => self.oauth_routes(call, rest),
            Some((&"teams", rest)) => self.team_routes(call, rest),
            _ => self.account_routes(call, path),
        }
    }

    /// Some routers ask who is there before they find that there is no route.
    fn no_route(&self, call: &Call, path: &[&str]) -> Answer {
        match path.first() {
            Some(&"apps") if super::auth::basic(call).is_none() => {
                let scope = if verb(call) == "GET" { "apps:read" } else { "apps:write" };
                self.by_session_or_pat(call, scope)?;
            }
            Some(&("teams" | "user" | "domains")) => drop(self.by_session(call)?),
            Some(&"admin") if !self.by_session(call)?.is_site_admin => return Err(Refusal::forbidden()),
            _ => {}
        }
        Err(Refusal::not_found())
    }

    fn apps_routes(&self, call: &Call, path: &[&str]) -> Answer {
        match (verb(call), path) {
            ("GET", []) => self.list_apps(call),
            ("POST", []) => self.create_app(call),
            ("GET", [id]) => self.read_app(call, id),
            ("PATCH", [id]) => self.change_app(call, id),
            ("DELETE", [id]) => self.delete_app(call, id),
            ("POST", [id, "rotate-secret"]) => self.rotate_secret(call, id),
            ("GET", [id, "scope-definitions"]) => self.list_definitions(call, id),
            ("POST", [id, "scope-definitions"]) => self.put_definition(call, id),
            ("PATCH", [id, "scope-definitions", definition]) => self.change_definition(call, id, definition),
            ("DELETE", [id, "scope-definitions", definition]) => self.delete_definition(call, id, definition),
            ("GET", [id, "scope-access-rules"]) => self.list_rules(call, id),
            ("POST", [id, "scope-access-rules"]) => self.create_rule(call, id),
            ("DELETE", [id, "scope-access-rules", rule]) => self.delete_rule(call, id, rule),
            _ => self.no_route(call, &["apps"]),
        }
    }

    fn oauth_routes(&self, call: &Call, path: &[&str]) -> Answer {
        match (verb(call), path) {
            ("GET", ["app-info"]) => self.preview(call),
            ("GET", ["authorize"]) => Self::authorize_redirect(call),
            ("POST", ["authorize"]) => self.authorize(call),
            ("POST", ["token"]) => self.token(call),
            ("POST", ["introspect"]) => self.introspection(call),
            ("POST", ["revoke"]) => self.revocation(call),
            ("GET", ["userinfo"]) => self.userinfo_route(call),
            ("GET", ["consents"]) => self.list_consents(call),
            ("DELETE", ["consents", client_id]) => self.revoke_consent(call, client_id),
            ("GET", ["me", "profile"]) => self.me_profile(call),
            ("GET", ["me", "teams"]) => self.me_teams(call),
            ("POST", ["me", "teams", team, "members"]) => self.me_add_member(call, team),
            ("GET", ["me", "apps"]) => self.me_apps(call),
            ("GET", ["me", "team-apps"]) => self.me_team_apps(call),
            ("POST", ["me", "apps"]) => self.me_create_app(call),
            ("PATCH", ["me", "apps", id]) => self.me_change_app(call, id),
            ("DELETE", ["me", "apps", id]) => self.me_delete_app(call, id),
            _ => Err(Refusal::not_found()),
        }
    }

    fn team_routes(&self, call: &Call, path: &[&str]) -> Answer {
        match (verb(call), path) {
            ("GET", []) => self.list_teams(call),
            ("GET", [id]) => self.read_team(call, id),
            ("GET", [id, "apps"]) => self.team_apps(call, id),
            ("POST", [id, "apps"]) => self.create_team_app(call, id),
            _ => self.no_route(call, &["teams"]),
        }
    }

    fn account_routes(&self, call: &Call, path: &[&str]) -> Answer {
        match (verb(call), path) {
            ("GET", ["health"]) => Ok(Reply::json(200, &serde_json::json!({ "ok": true }))),
            ("GET", ["site"]) => self.site(),
            ("GET", ["init", "status"]) => self.init_status(),
            ("POST", ["init"]) => self.init(call),
            ("POST", ["auth", "login"]) => self.login(call),
            ("POST", ["auth", "register"]) => self.register(call),
            ("POST", ["auth", "logout"]) => self.logout(call),
            ("GET", ["user", "me"]) => self.user_me(call),
            ("GET", ["user", "tokens"]) => self.list_pats(call),
            ("POST", ["user", "tokens"]) => self.create_pat(call),
            ("DELETE", ["user", "tokens", id]) => self.delete_pat(call, id),
            ("GET", ["users", name]) => self.user_profile(call, name),
            ("GET", ["admin", "apps"]) => self.admin_apps(call),
            _ => self.no_route(call, path),
        }
    }

    fn well_known(&self, call: &Call, path: &[&str]) -> Answer {
        match (verb(call), path) {
            ("GET", ["openid-configuration"]) => self.openid_configuration(),
            ("GET", ["jwks.json"]) => Self::jwks(),
            ("GET", _) => Ok(Reply::html(200, PAGE)),
            _ => Err(Refusal::not_found()),
        }
    }

    /// CORS admits only the server's own origin (contract §1).
    fn preflight(&self, call: &Call) -> Reply {
        let reply = Reply::empty(204);
        match call.text_header(header::ORIGIN.as_str()) {
            Some(origin) if origin == self.base_url() => {
                reply.with_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin)
            }
            _ => reply,
        }
    }
}

/// The verb; `HEAD` is answered like `GET`, the HTTP layer leaves the body out.
fn verb(call: &Call) -> &str {
    if call.method == Method::HEAD { "GET" } else { call.method.as_str() }
}
