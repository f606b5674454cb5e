//! `POST /api/oauth/authorize` and the consents it leaves behind (contract §6).

use axum::http::header;
use serde_json::{Value, json};

use super::Prism;
use super::auth::is_team_admin;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::scopes::{is_site, is_team};
use super::state::{Code, Consent, Grant, State, User};
use crate::js;
use crate::random;
use crate::wire::{Call, Reply};

/// Lifetime of an authorization code, in seconds.
const CODE_LIFETIME: i64 = 600;

/// What the consent page asks for.
#[derive(Default)]
pub(super) struct Approval {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) state: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) challenge_method: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) team_id: Option<String>,
    pub(super) denied: bool,
}

impl Prism {
    /// The browser's entry point: only a redirect to the page, errors never show up here.
    pub(super) fn authorize_redirect(call: &Call) -> Answer {
        let location = match call.query.as_str() {
            "" => "/oauth/authorize".to_owned(),
            query => format!("/oauth/authorize?{query}"),
        };
        Ok(Reply::empty(302).with_header(header::LOCATION, &location))
    }

    pub(super) fn authorize(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        let fields = Fields::parse(&call.body)?;
        let denied = fields.get("action").and_then(Value::as_str) == Some("deny");
        if !denied && !fields.has("client_id") {
            return Err(Refusal::internal());
        }
        let scope = match js::present(fields.get("scope")) {
            Some(Value::String(text)) => text.clone(),
            Some(_) if !denied => return Err(Refusal::internal()),
            _ => String::new(),
        };
        let shown =
            |key| fields.get(key).filter(|value| js::truthy(Some(value))).map(|v| js::string(Some(v)));
        let stored = |key| if denied { Ok(None) } else { fields.column(key) };
        let approval = Approval {
            client_id: stored("client_id")?.unwrap_or_default(),
            redirect_uri: shown("redirect_uri").unwrap_or_default(),
            scope,
            state: shown("state"),
            challenge: stored("code_challenge")?.filter(|challenge| !challenge.is_empty()),
            challenge_method: stored("code_challenge_method")?,
            nonce: stored("nonce")?,
            team_id: stored("team_id")?.filter(|team| !team.is_empty()),
            denied,
        };
        let redirect = self.decide(&user, approval)?;
        Ok(Reply::json(200, &json!({ "redirect": redirect })))
    }

    /// Where the browser goes after approve or deny.
    pub(super) fn decide(&self, user: &User, approval: Approval) -> Result<String, Refusal> {
        if approval.denied {
            let answer = [("error", Some("access_denied")), ("state", approval.state.as_deref())];
            return redirect_with(&approval.redirect_uri, &answer);
        }
        let now = self.clock().now();
        let mut state = self.write();
        let scopes = state.approvable(user, &approval)?;
        let code = random::client_secret();
        let answer = [("code", Some(code.as_str())), ("state", approval.state.as_deref())];
        let redirect = redirect_with(&approval.redirect_uri, &answer)?;
        let key = (user.id.clone(), approval.client_id.clone());
        state.consents.insert(key, Consent { scopes: scopes.clone(), granted_at: now });
        state.codes.retain(|_, code| code.expires_at + CODE_LIFETIME > now);
        let method = approval.challenge_method.unwrap_or_else(|| "S256".into());
        state.codes.insert(
            code,
            Code {
                user_id: user.id.clone(),
                client_id: approval.client_id,
                redirect_uri: approval.redirect_uri,
                scopes,
                challenge: approval.challenge.map(|challenge| (method, challenge)),
                nonce: approval.nonce,
                expires_at: now + CODE_LIFETIME,
            },
        );
        Ok(redirect)
    }

    pub(super) fn list_consents(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        let now = self.clock().now();
        let state = self.read();
        let mut consents: Vec<_> =
            state.consents.iter().filter(|((owner, _), _)| *owner == user.id).collect();
        consents.sort_by_key(|(_, consent)| std::cmp::Reverse(consent.granted_at));
        let shown: Vec<Value> = consents
            .into_iter()
            .filter_map(|((_, client_id), consent)| state.show_consent(&user, client_id, consent, now))
            .collect();
        Ok(Reply::json(200, &json!({ "consents": shown })))
    }

    pub(super) fn revoke_consent(&self, call: &Call, client_id: &str) -> Answer {
        let user = self.by_session(call)?;
        let mut state = self.write();
        state.consents.remove(&(user.id.clone(), client_id.to_owned()));
        state.drop_grants(|grant| grant.user_id == user.id && grant.client_id == client_id);
        Ok(Reply::json(200, &json!({ "message": "Access revoked" })))
    }
}

impl State {
    /// The scopes an approval grants; whatever is rejected is dropped without a word.
    fn approvable(&self, user: &User, approval: &Approval) -> Result<Vec<String>, Refusal> {
        let app = self.requesting_app(&approval.client_id, &approval.redirect_uri)?;
        if app.is_public && approval.challenge.is_none() {
            let text = "code_challenge is required for public clients";
            return Err(Refusal::new(400, "invalid_request").with("error_description", text));
        }
        let granted = self.sort_scopes(app, &approval.scope).granted;
        if granted.iter().any(|scope| is_site(scope)) {
            return Err(refuse_site_scope(user));
        }
        if !granted.iter().any(|scope| is_team(scope)) {
            return Ok(granted);
        }
        let Some(team) = approval.team_id.as_deref() else {
            return Err(
                Refusal::new(400, "team_id_required").with("message", "Select a team to grant access to.")
            );
        };
        if !self.role_in(team, &user.id).is_some_and(is_team_admin) {
            let text = "You must be a team owner or admin to grant team access.";
            return Err(Refusal::new(403, "team_scope_forbidden").with("message", text));
        }
        let deletes = granted.iter().any(|scope| scope == "team:delete");
        if deletes && self.role_in(team, &user.id) != Some("owner") {
            let text = "Only team owners can grant team deletion access.";
            return Err(Refusal::new(403, "team_scope_owner_required").with("message", text));
        }
        Ok(granted.into_iter().map(|scope| bind_to_team(scope, team)).collect())
    }

    fn show_consent(&self, user: &User, client_id: &str, consent: &Consent, now: i64) -> Option<Value> {
        let app = self.client(client_id)?;
        let mut grants: Vec<&Grant> = self
            .grants
            .values()
            .filter(|grant| grant.user_id == user.id && grant.client_id == client_id && grant.is_alive(now))
            .collect();
        grants.sort_by_key(|grant| std::cmp::Reverse(grant.row));
        let token = |grant: &Grant| {
            json!({
                "id": grant.id, "scopes": grant.scopes, "created_at": grant.created_at,
                "expires_at": grant.expires_at, "is_persistent": grant.refresh_token.is_some(),
            })
        };
        Some(json!({
            "client_id": client_id, "scopes": consent.scopes, "granted_at": consent.granted_at,
            "app": {
                "name": app.name, "description": app.description, "icon_url": app.icon_url,
                "unproxied_icon_url": app.icon_url, "website_url": app.website_url, "is_verified": false,
            },
            "tokens": grants.into_iter().map(token).collect::<Vec<_>>(),
        }))
    }
}

/// The second factor a site-level scope needs cannot be set up here, so an administrator is refused as well.
fn refuse_site_scope(user: &User) -> Refusal {
    if user.is_site_admin {
        let text = "A 2FA verification is required to grant site-level scopes.";
        Refusal::new(400, "site_scope_totp_invalid").with("message", text)
    } else {
        let text = "Site-level scopes can only be granted by a site administrator.";
        Refusal::new(403, "site_scope_admin_required").with("message", text)
    }
}

fn bind_to_team(scope: String, team: &str) -> String {
    match scope.strip_prefix("team:") {
        Some(permission) if is_team(&scope) => format!("team:{team}:{permission}"),
        _ => scope,
    }
}

/// The redirect URI with these parameters set (RFC 6749 §4.1.2), written as a form; no address is the bare 500.
fn redirect_with(uri: &str, parameters: &[(&str, Option<&str>)]) -> Result<String, Refusal> {
    let mut url = url::Url::parse(uri).map_err(|_| Refusal::internal())?;
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in parameters {
        let Some(value) = value else { continue };
        let first = pairs.iter().position(|(known, _)| known == name);
        let mut at = 0;
        pairs.retain(|(known, _)| {
            at += 1;
            known != name || Some(at - 1) == first
        });
        match first.and_then(|first| pairs.get_mut(first)) {
            Some(pair) => pair.1 = (*value).to_owned(),
            None => pairs.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    url.query_pairs_mut().clear().extend_pairs(pairs);
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_set_and_written_as_a_form() {
        let cases = [
            ("http://a.example/cb", Some("a b&c"), "http://a.example/cb?code=x&state=a+b%26c"),
            ("http://a.example/cb?code=1&k=v&code=2", None, "http://a.example/cb?code=x&k=v"),
            ("https://a.example", Some("s"), "https://a.example/?code=x&state=s"),
        ];
        for (uri, state, redirect) in cases {
            assert_eq!(redirect_with(uri, &[("code", Some("x")), ("state", state)]), Ok(redirect.into()));
        }
        assert!(redirect_with("x", &[]).is_err());
    }
}
