//! `/api/user/tokens`: personal access tokens, made by a session only (contract §1).

use serde_json::{Value, json};

use super::Prism;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::scopes::PLATFORM;
use super::state::Pat;
use crate::js;
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
        let name = fields.trimmed("name")?.filter(|n| !n.is_empty());
        let name = name.ok_or_else(|| Refusal::new(400, "name is required"))?;
        let wanted = fields.get("scopes").and_then(Value::as_array).filter(|scopes| !scopes.is_empty());
        let wanted = wanted.ok_or_else(|| Refusal::new(400, "scopes is required"))?;
        let grantable = |s: &&str| PLATFORM.contains(s) && !s.contains("webhooks:");
        let scopes: Vec<String> =
            wanted.iter().filter_map(Value::as_str).filter(grantable).map(str::to_owned).collect();
        if scopes.is_empty() {
            return Err(Refusal::new(400, "No valid scopes provided"));
        }
        let now = self.clock().now();
        let days = fields.get("expires_in_days").filter(|days| js::truthy(Some(days)));
        let days = days.map(|days| js::number(Some(days))).filter(|days| days.is_finite());
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and no clock gets that far")]
        let expires_at = days.map(|days| now.saturating_add((days * 86_400.0) as i64));
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
        let mut state = self.write();
        let before = state.pats.len();
        state.pats.retain(|_, pat| pat.id != id || pat.user_id != user.id);
        if state.pats.len() == before {
            return Err(Refusal::new(404, "Token not found"));
        }
        Ok(Reply::json(200, &json!({ "message": "Token revoked" })))
    }
}
