//! `/api/apps/:id/scope-access-rules`, internal id only (contract §4).

use crate::ask::Ask;
use scopes::access::{Rule, RuleDraft, RuleType};
use serde::Deserialize;
use serde_json::{Value, json};

/// A rule as stored. The type is text here: an unknown one is left out of the decision, not a failure of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Stored {
    /// Prism's id of the rule.
    pub(crate) id: String,
    /// One of the four types.
    pub(crate) rule_type: String,
    /// Who it names.
    pub(crate) target_id: String,
    /// Unix seconds.
    #[serde(default)]
    pub(crate) created_at: Option<i64>,
}

impl Stored {
    /// As the evaluator takes it; `None` for a type this version does not know.
    pub(crate) fn known(&self) -> Option<Rule> {
        let rule_type = serde_json::from_value::<RuleType>(Value::String(self.rule_type.clone())).ok()?;
        Some(Rule {
            id: self.id.clone(),
            rule_type,
            target_id: self.target_id.clone(),
            created_at: self.created_at,
        })
    }
}

/// `{"rules":[…]}`, by type, then time.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rules {
    /// The list.
    pub(crate) rules: Vec<Stored>,
}

/// All rules.
pub(crate) fn list(app_id: &str) -> Ask<Rules> {
    Ask::get(["api", "apps", app_id, "scope-access-rules"])
}

/// Adds a rule; 409 when it exists. The target is never checked by Prism.
pub(crate) fn add(app_id: &str, draft: &RuleDraft) -> Ask<Value> {
    Ask::new("POST", ["api", "apps", app_id, "scope-access-rules"])
        .json(json!({ "rule_type": draft.rule_type, "target_id": draft.target_id }))
}

/// Removes a rule; 200 also when there was none.
pub(crate) fn remove(app_id: &str, rule_id: &str) -> Ask<Value> {
    Ask::new("DELETE", ["api", "apps", app_id, "scope-access-rules", rule_id])
}
