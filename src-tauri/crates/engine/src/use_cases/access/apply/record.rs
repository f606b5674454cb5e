//! How a saved change of rules is told in the activity.

use super::{Applied, Outcome};
use crate::engine::Engine;
use crate::operations::access::RuleChange;
use crate::operations::desk::{ActivityEntry, ActivityItem};
use crate::use_cases::access::Desk;
use crate::use_cases::definitions::summary;
use scopes::lang::Lang;
use scopes::plan::RowState;
use scopes::say;

impl Outcome {
    fn item(&self, lang: Lang) -> ActivityItem {
        let rule_type = self.draft.rule_type.name();
        ActivityItem {
            subject: self.draft.target_id.clone(),
            action: match self.change() {
                RuleChange::Removed => say!(lang, "removed `{rule_type}`", "移除 `{rule_type}`"),
                _ => say!(lang, "added `{rule_type}`", "添加 `{rule_type}`"),
            },
            state: self.state,
            changes: Vec::new(),
            problem: self.problem(lang),
        }
    }
}

impl Applied {
    /// Enters it in the activity.
    pub(in crate::use_cases::access) fn record(&self, engine: &Engine, desk: &Desk) {
        let at = engine.host().now_ms();
        let (deployment, held, rows) = (desk.deployment.clone(), desk.held.clone(), self.rows.clone());
        let states: Vec<RowState> = rows.iter().map(|row| row.state).collect();
        let complete = states.iter().all(|state| *state == RowState::Verified);
        engine.journal().record(move |lang| ActivityEntry {
            id: 0,
            at,
            connection: deployment.name(lang),
            identity: held.in_words(lang),
            operation: "apply_rules".to_owned(),
            summary: done(&rows, lang).unwrap_or_else(|| summary(&states, lang)),
            items: rows.iter().map(|row| row.item(lang)).collect(),
            complete,
        });
    }
}

/// What was done, said by its subject; `None` unless all of it is verified.
fn done(rows: &[Outcome], lang: Lang) -> Option<String> {
    if rows.is_empty() || rows.iter().any(|row| row.state != RowState::Verified) {
        return None;
    }
    if let [only] = rows {
        let (rule_type, target) = (only.draft.rule_type.name(), &only.draft.target_id);
        return Some(match only.change() {
            RuleChange::Removed => {
                say!(lang, "Removed `{rule_type}` for `{target}`", "移除了针对 `{target}` 的 `{rule_type}`")
            }
            _ => say!(lang, "Added `{rule_type}` for `{target}`", "添加了针对 `{target}` 的 `{rule_type}`"),
        });
    }
    let all = rows.len();
    let removed = rows.iter().filter(|row| row.change() == RuleChange::Removed).count();
    let added = all - removed;
    Some(say!(
        lang,
        "{all} access rules: {added} added, {removed} removed",
        "{all} 条访问规则：添加 {added} 条，移除 {removed} 条"
    ))
}
