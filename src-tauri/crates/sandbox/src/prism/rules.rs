//! `/api/apps/:id/scope-access-rules`, by internal id, with unchecked targets (contract §4).

use serde_json::{Value, json};

use super::Prism;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::state::Rule;
use crate::random;
use crate::wire::{Call, Reply};

const TYPES: [&str; 4] = ["owner_allow", "owner_deny", "app_allow", "app_deny"];

impl Prism {
    pub(super) fn list_rules(&self, call: &Call, app: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:read")?;
        let state = self.read();
        let app = state.apps.get(app).ok_or_else(Refusal::not_found)?;
        if !state.may_read(&user, app) {
            return Err(Refusal::forbidden());
        }
        let mut rules: Vec<&Rule> = app.rules.iter().collect();
        rules.sort_by(|a, b| (&a.rule_type, a.created_at).cmp(&(&b.rule_type, b.created_at)));
        let shown: Vec<_> = rules.into_iter().map(|rule| show(&app.id, rule)).collect();
        Ok(Reply::json(200, &json!({ "rules": shown })))
    }

    pub(super) fn create_rule(&self, call: &Call, app: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:write")?;
        let now = self.clock().now();
        let mut state = self.write();
        state.writable_app(&user, app)?;
        let fields = Fields::parse(&call.body)?;
        let rule_type = fields.get("rule_type").and_then(Value::as_str).filter(|t| TYPES.contains(t));
        let rule_type = rule_type
            .ok_or_else(|| Refusal::new(400, format!("rule_type must be one of: {}", TYPES.join(", "))))?
            .to_owned();
        let target_id = fields.trimmed("target_id")?.filter(|t| !t.is_empty());
        let target_id = target_id.ok_or_else(|| Refusal::new(400, "target_id is required"))?;
        let app = state.apps.get_mut(app).ok_or_else(Refusal::not_found)?;
        if app.rules.iter().any(|r| r.rule_type == rule_type && r.target_id == target_id) {
            return Err(Refusal::new(409, "Rule already exists"));
        }
        let rule = Rule { id: random::hex_id(), rule_type, target_id, created_at: now };
        let reply = Reply::json(201, &json!({ "rule": show(&app.id, &rule) }));
        app.rules.push(rule);
        Ok(reply)
    }

    pub(super) fn delete_rule(&self, call: &Call, app: &str, rule_id: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:write")?;
        let mut state = self.write();
        state.writable_app(&user, app)?;
        if let Some(app) = state.apps.get_mut(app) {
            app.rules.retain(|rule| rule.id != rule_id);
        }
        Ok(Reply::json(200, &json!({ "message": "Deleted" })))
    }
}

fn show(app_id: &str, rule: &Rule) -> Value {
    json!({
        "id": rule.id, "app_id": app_id, "rule_type": rule.rule_type,
        "target_id": rule.target_id, "created_at": rule.created_at,
    })
}
