//! Scope grammar as Prism has it: what survives the registration filter, and why a requested scope is rejected.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::state::{App, State, User};

/// The platform scopes of the discovery document, in its order.
pub(super) const PLATFORM: [&str; 30] = [
    "openid",
    "profile",
    "profile:write",
    "email",
    "apps:read",
    "apps:write",
    "teams:read",
    "teams:write",
    "teams:create",
    "teams:delete",
    "domains:read",
    "domains:write",
    "gpg:read",
    "gpg:write",
    "social:read",
    "social:write",
    "admin:users:read",
    "admin:users:write",
    "admin:users:delete",
    "admin:config:read",
    "admin:config:write",
    "admin:invites:read",
    "admin:invites:create",
    "admin:invites:delete",
    "admin:webhooks:read",
    "admin:webhooks:write",
    "admin:webhooks:delete",
    "webhooks:read",
    "webhooks:write",
    "offline_access",
];

/// What survives `POST /api/teams/:id/apps` (contract §2).
pub(super) const TEAM_APP: [&str; 5] = ["openid", "profile", "email", "apps:read", "offline_access"];

/// Client id and inner scope of a well-formed app scope.
pub(super) fn app_scope(scope: &str) -> Option<(&str, &str)> {
    let (client_id, inner) = scope.strip_prefix("app:")?.split_once(':')?;
    (!client_id.is_empty() && !inner.is_empty()).then_some((client_id, inner))
}

/// Whether Prism knows this scope without any registered app.
pub(super) fn is_platform(scope: &str) -> bool {
    PLATFORM.contains(&scope) || is_team(scope) || is_site(scope)
}

/// Whether this is a scope about one team, still unbound.
pub(super) fn is_team(scope: &str) -> bool {
    let known = ["read", "write", "delete", "member:read", "member:write", "member:profile:read"];
    scope.strip_prefix("team:").is_some_and(|inner| known.contains(&inner))
}

/// Whether this is a site-level scope.
pub(super) fn is_site(scope: &str) -> bool {
    let known = [
        "user:read",
        "user:write",
        "user:delete",
        "team:read",
        "team:write",
        "team:delete",
        "config:read",
        "config:write",
        "token:revoke",
    ];
    scope.strip_prefix("site:").is_some_and(|inner| known.contains(&inner))
}

/// The silent registration filter of contract §2.
pub(super) fn registrable(scopes: Vec<String>) -> Vec<String> {
    scopes.into_iter().filter(|s| is_platform(s) || app_scope(s).is_some()).collect()
}

/// Granted and rejected scopes of a request, each in the order asked for.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) granted: Vec<String>,
    pub(super) rejected: Vec<(String, &'static str)>,
}

impl State {
    /// Sorts requested scopes into granted and rejected, with the four reasons in their order (contract §5).
    pub(super) fn sort_scopes(&self, app: &App, requested: &str) -> Sorted {
        let mut sorted = Sorted::default();
        for scope in requested.split(' ').filter(|s| !s.is_empty()) {
            match self.rejection(app, scope) {
                Some(reason) => sorted.rejected.push((scope.to_owned(), reason)),
                None => sorted.granted.push(scope.to_owned()),
            }
        }
        sorted
    }

    fn rejection(&self, app: &App, scope: &str) -> Option<&'static str> {
        let target = app_scope(scope);
        if !is_platform(scope) && target.is_none() {
            return Some("unknown");
        }
        if !app.allowed_scopes.iter().any(|s| s == scope) {
            return Some("not_allowed");
        }
        let (client_id, _) = target?;
        let Some(provider) = self.client(client_id).filter(|p| p.is_active) else {
            return Some("target_missing");
        };
        (!provider.admits("app", &app.client_id)).then_some("app_denied")
    }

    /// The owner check of `PATCH /api/apps/:id`: only newly added app scopes, once per target (contract §2).
    pub(super) fn check_owner_rules(
        &self,
        app: &App,
        wanted: &[String],
        caller: &User,
    ) -> Result<(), Refusal> {
        let mut seen: Vec<&str> = Vec::new();
        let added = wanted.iter().filter(|s| !app.allowed_scopes.contains(s)).filter_map(|s| app_scope(s));
        for (client_id, _) in added {
            if seen.contains(&client_id) {
                continue;
            }
            seen.push(client_id);
            let provider = self.client(client_id).filter(|p| p.is_active).ok_or_else(|| {
                Refusal::new(403, format!("App with client_id {client_id} not found or inactive"))
            })?;
            if provider.has_rule("owner_deny", &caller.id) {
                return Err(Refusal::new(403, "You are not permitted to use this app's scopes"));
            }
            if !provider.admits("owner", &caller.id) {
                return Err(Refusal::new(403, "You are not on the allow-list for this app's scopes"));
            }
        }
        Ok(())
    }

    /// The entries of `app_scopes` in a preview.
    pub(super) fn describe_app_scopes(&self, scopes: &[String]) -> Vec<Value> {
        let describe = |scope: &String| {
            let (client_id, inner) = app_scope(scope)?;
            let provider = self.client(client_id)?;
            let definition = provider.definitions.get(inner);
            Some(json!({
                "scope": scope, "client_id": client_id, "inner_scope": inner,
                "app_name": provider.name, "app_icon_url": provider.icon_url,
                "scope_title": definition.map(|d| &d.title), "scope_desc": definition.map(|d| &d.description),
            }))
        };
        scopes.iter().filter_map(describe).collect()
    }
}

impl App {
    fn has_rule(&self, rule_type: &str, target: &str) -> bool {
        self.rules.iter().any(|r| r.rule_type == rule_type && r.target_id == target)
    }

    /// Deny beats allow, and one allow rule shuts out everybody not listed (contract §4).
    fn admits(&self, side: &str, target: &str) -> bool {
        let allow = format!("{side}_allow");
        !self.has_rule(&format!("{side}_deny"), target)
            && (self.has_rule(&allow, target) || !self.rules.iter().any(|r| r.rule_type == allow))
    }
}
