//! `/api/user/tokens`: personal access tokens, made by a session only (contract §1).

use serde_json::{Value, json};

use super::Prism;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::scopes::PLATFORM;
use super::state::Pat;
use crate::random;
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn list_pats(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        let state = self.read();
        let mut mine: Vec<&Pat> = state.pats.values().filter(|pat| pat.user_id == user.id).collect();
        mine.sort_by_key(|pat| std::cmp::Reverse(pat.row));
        let show = |pat: &&Pat| {
            json!({
                "id": pat.id, "name": pat.name, "scopes": pat.scopes, "expires_at": pat.expires_at,
                "last_used_at": pat.last_used_at, "created_at": pat.created_at,
            })
        };
        Ok(Reply::json(200, &json!({ "tokens": mine.iter().map(show).collect::<Vec<Value>>() })))
    }

    /// Unknown scopes are dropped silently; none left is a 400.
    pub(super) fn create_pat(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        let fields = Fields::parse(&call.body)?;
        let name = fields.text("name")?.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
        let name = name.ok_or_else(|| Refusal::new(400, "name is required"))?;
        let wanted = fields.list("scopes")?.unwrap_or_default();
        let grantable = |s: &String| PLATFORM.contains(&s.as_str()) && s != "openid" && s != "offline_access";
        let scopes: Vec<String> = wanted.into_iter().filter(grantable).collect();
        if scopes.is_empty() {
            return Err(Refusal::new(400, "No valid scopes provided"));
        }
        let now = self.clock().now();
        let days = fields.number("expires_in_days").filter(|days| *days > 0);
        let expires_at = days.map(|days| now.saturating_add(days.saturating_mul(86_400)));
        let text = random::personal_access_token();
        let mut state = self.write();
        let pat = Pat {
            row: state.next_row(),
            id: random::hex_id(),
            user_id: user.id,
            name,
            scopes,
            expires_at,
            last_used_at: None,
            created_at: now,
        };
        let shown = json!({
            "id": pat.id, "name": pat.name, "token": text, "scopes": pat.scopes,
            "expires_at": pat.expires_at, "created_at": pat.created_at,
        });
        state.pats.insert(text, pat);
        Ok(Reply::json(201, &shown))
    }

    pub(super) fn delete_pat(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session(call)?;
        self.write().pats.retain(|_, pat| pat.id != id || pat.user_id != user.id);
        Ok(Reply::json(200, &json!({ "message": "Token revoked" })))
    }
}
