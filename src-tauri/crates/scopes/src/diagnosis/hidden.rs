//! Answers with 200 that are not what was asked (contract §10, §11).

use super::Finding;
use super::code::{self, Code, GateId};
use super::evidence::{Source, observed};
use super::facts::{Facts, rows};
use super::membership::{lists, member};
use super::types::Certainty::{Likely, Proven};
use super::types::Needs;
use crate::say;
use serde_json::Value;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    set_missing(facts)
        .or_else(|| assignees_dropped(facts))
        .or_else(|| stale_access(facts))
        .unwrap_or_else(|| fine(facts))
}

/// Nothing was refused. Proven only where everything that hides behind a 200 was looked for.
fn fine(facts: &Facts<'_>) -> Finding {
    let set_may_be_missing = facts.sets.is_none() && set_decides(facts);
    let of_a_team = facts.call.part("team").is_some_and(|team| !team.starts_with("personal:"));
    let may_have_left = of_a_team && !matches!(facts.prism_teams, Some(Ok(_)));
    let mut finding = Finding::fine(code::ALLOWED);
    if set_may_be_missing || may_have_left {
        finding.certainty = Likely;
    }
    finding
}

/// Whether the answer would be the same for a set that does not exist.
fn set_decides(facts: &Facts<'_>) -> bool {
    match facts.call.route.as_ref().map(|hit| hit.route.id.as_str()) {
        Some("update_set" | "delete_set") => true,
        Some("list_todos") => todos_are_empty(facts),
        _ => false,
    }
}

/// The set is not in the list of sets, and yet the call answered 200.
fn set_missing(facts: &Facts<'_>) -> Option<Finding> {
    let lang = facts.lang;
    let (set, sets) = (facts.call.part("set")?, facts.sets.as_ref()?);
    if sets.contains(set) {
        return None;
    }
    let fact =
        observed(lang, Source::Sets, say!(lang, "the team has no set `{set}`", "团队里没有清单 `{set}`"));
    let code = match facts.call.route.as_ref()?.route.id.as_str() {
        "list_todos" if todos_are_empty(facts) => code::HIDDEN_SET_MISSING,
        "update_set" => code::HIDDEN_NOOP,
        // A deleted set is gone from a later list as it should be; an earlier one shows that it never was there.
        "delete_set" if listed_before(facts) => code::HIDDEN_NOOP,
        _ => return None,
    };
    let mut finding = warned(code, GateId::Resource).shown([fact]);
    if listed_before(facts) {
        // It may have been made between the list and the call.
        finding.certainty = Likely;
        finding = finding.or(&[code::ALLOWED]);
    }
    finding.needs = Needs { resource: Some("set".into()), ..Needs::default() };
    Some(finding)
}

fn listed_before(facts: &Facts<'_>) -> bool {
    facts.sets_at.zip(facts.call.exchange.started_at).is_some_and(|(listed, start)| listed < start)
}

fn todos_are_empty(facts: &Facts<'_>) -> bool {
    let todos = facts.call.json.as_ref().and_then(|json| json.get("todos")).and_then(Value::as_array);
    todos.is_some_and(Vec::is_empty)
}

/// Glint cannot see other members, and drops them without a word (contract §10.14).
fn assignees_dropped(facts: &Facts<'_>) -> Option<Finding> {
    if facts.call.route.as_ref()?.route.id != "assign_todo" {
        return None;
    }
    let asked: Vec<&str> = rows(facts.call.sent.as_ref()?.get("userIds")).filter_map(Value::as_str).collect();
    let answered = facts.call.json.as_ref()?;
    let kept: Vec<&str> = rows(answered.get("assignees"))
        .filter_map(|row| row.get("userId").and_then(Value::as_str).or(row.as_str()))
        .collect();
    let dropped = asked.iter().filter(|user| !kept.contains(user)).count();
    if dropped == 0 {
        return None;
    }
    let (lang, total) = (facts.lang, asked.len());
    let text = say!(
        lang,
        "{dropped} of {total} assignees are missing from the answer",
        "答复里少了 {total} 位负责人中的 {dropped} 位"
    );
    Some(warned(code::HIDDEN_ASSIGNEES_DROPPED, GateId::Request).shown([observed(
        lang,
        Source::Answer,
        text,
    )]))
}

/// Served from Glint's list although Prism no longer knows the membership.
fn stale_access(facts: &Facts<'_>) -> Option<Finding> {
    let team = facts.call.part("team").filter(|team| !team.starts_with("personal:"))?;
    let teams = facts.prism_teams.as_ref()?.as_ref().ok()?;
    if member(teams, team).is_some() {
        return None;
    }
    let mut finding = warned(code::HIDDEN_STALE_ACCESS, GateId::Membership).shown(lists(facts));
    if facts.sets.is_none() && set_decides(facts) {
        finding.certainty = Likely;
        finding = finding.or(&[code::HIDDEN_SET_MISSING]);
    }
    if !facts.prism_teams_are_fresh() {
        // Removed after the call, the access of then was right.
        finding.certainty = Likely;
        finding = finding.or(&[code::ALLOWED]);
    }
    Some(finding)
}

fn warned(code: Code, gate: GateId) -> Finding {
    Finding::new(code, Proven, gate)
}
