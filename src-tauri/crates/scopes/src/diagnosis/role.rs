//! The role gate: which level of the permission matrix says no (contract §8.2, §11).

mod outlook;

pub(crate) use outlook::{Outlook, forecast, outlook};

use super::Finding;
use super::code::{self, Code, GateId};
use super::denials::Denial;
use super::evidence::{Source, observed};
use super::facts::Facts;
use super::membership::roles;
use super::types::Certainty::{self, Likely, Possible, Proven};
use super::types::Needs;
use crate::say;
use serde_json::Value;

/// Permissions that are looked up for the whole team only.
const TEAM_LEVEL: [&str; 3] = ["manage_sets", "manage_settings", "manage_permissions"];

/// A refusal by role: the text names the permission, the matrix the level.
pub(crate) fn gate(facts: &Facts<'_>, denial: &'static Denial) -> Finding {
    let lang = facts.lang;
    if denial.is(code::ROLE_RESERVED) {
        let says = say!(
            lang,
            "only an owner may grant `manage_permissions`",
            "只有所有者可以授予 `manage_permissions`"
        );
        return needs(
            Finding::new(code::ROLE_RESERVED, Proven, GateId::Role).shown([observed(
                lang,
                Source::Answer,
                says,
            )]),
            "manage_permissions",
        );
    }
    let Some((permission, sure)) = permission(facts, &denial.permissions) else {
        return Finding::new(code::ROLE_UNDETERMINED, Possible, GateId::Role);
    };
    let mut finding = decided(facts, permission);
    // Without Prism's list a stale role looks like any other; one's own and foreign things may look alike, too.
    let prism_known =
        roles(facts).0.is_some() || facts.call.part("team").is_some_and(|team| team.starts_with("personal:"));
    if finding.certainty == Proven && (!prism_known || !sure) {
        finding.certainty = Likely;
        let others: &[Code] = if prism_known { &[] } else { &[code::ROLE_STALE_ROLE] };
        let levels: &[Code] =
            if sure { &[] } else { &[code::ROLE_SET_OVERRIDE, code::ROLE_GLOBAL_ROW, code::ROLE_DEFAULT] };
        finding = finding.or(others).or(levels);
    }
    needs(finding, permission)
}

/// Which of the meant permissions it is, and whether that is sure: one's own and foreign things are told apart by who
/// made them, else by what the role may.
fn permission<'d>(facts: &Facts<'_>, candidates: &'d [String]) -> Option<(&'d str, bool)> {
    let [own, any] = candidates else { return candidates.first().map(|one| (one.as_str(), true)) };
    let (own, any) = (own.as_str(), any.as_str());
    let user = facts.introspection.as_ref().and_then(|seen| seen.user_id.as_deref());
    if let Some((owner, user)) = facts.owner.as_deref().zip(user) {
        return Some((if owner == user { own } else { any }, true));
    }
    match (effective(facts, own), effective(facts, any)) {
        // What one may do with one's own things cannot have been refused: the thing is somebody else's.
        (Some(true), _) => Some((any, true)),
        (Some(false), Some(true)) => Some((own, true)),
        _ => Some((any, false)),
    }
}

/// What the role may do where the call happened; nothing when the set is not known and sets differ.
fn effective(facts: &Facts<'_>, permission: &str) -> Option<bool> {
    let (matrix, role) = (facts.matrix.as_ref()?, role(facts)?);
    let global = cell(matrix.get("global"), &role, permission)?;
    let sets = matrix.get("sets").and_then(Value::as_object);
    match set(facts) {
        Some(set) => Some(cell(sets.and_then(|sets| sets.get(&set)), &role, permission).unwrap_or(global)),
        None => {
            let mut rows = sets.into_iter().flat_map(|sets| sets.values());
            rows.all(|table| cell(Some(table), &role, permission).is_none_or(|row| row == global))
                .then_some(global)
        }
    }
}

/// The set the call is about, by itself or by where its todo was listed.
fn set(facts: &Facts<'_>) -> Option<String> {
    facts.call.set().or_else(|| facts.todo_set.clone())
}

fn decided(facts: &Facts<'_>, permission: &str) -> Finding {
    let lang = facts.lang;
    let (prism, glint) = roles(facts);
    let role = role(facts);
    let stale = prism.zip(glint.or(role.as_deref())).filter(|(prism, glint)| prism != glint);
    if let Some((prism, glint)) = stale
        && allowed_as(facts, prism, permission) != Some(false)
    {
        let fact = say!(
            lang,
            "role `{glint}` at Glint, `{prism}` at Prism",
            "Glint 里的角色是 `{glint}`，Prism 里是 `{prism}`"
        );
        // Promoted after the call, the role of then was right; only a list read at once excludes that.
        let sure = allowed_as(facts, prism, permission) == Some(true) && facts.prism_teams_are_fresh();
        return Finding::new(code::ROLE_STALE_ROLE, if sure { Proven } else { Likely }, GateId::Role)
            .or(if sure { &[] } else { &[code::ROLE_DEFAULT] })
            .shown([observed(lang, Source::GlintMe, fact)])
            .shown(super::membership::lists(facts));
    }
    let (Some(matrix), Some(role)) = (&facts.matrix, role) else { return unread(facts, permission) };
    let team_level = TEAM_LEVEL.contains(&permission)
        || (facts.call.route.as_ref().is_some_and(|hit| hit.route.id == "reorder_todos")
            && facts.call.set().is_none());
    let global = cell(matrix.get("global"), &role, permission);
    let default = cell(matrix.get("defaults"), &role, permission);
    let of_set = |set: &str| cell(matrix.get("sets").and_then(|sets| sets.get(set)), &role, permission);
    let set = set(facts).filter(|_| !team_level);
    let level = |code, certainty: Certainty, text: String| {
        Finding::new(code, certainty, GateId::Role).shown([observed(lang, Source::Matrix, text)])
    };
    if let Some(set) = &set
        && let Some(row) = of_set(set)
    {
        let text = say!(
            lang,
            "a row of this set denies `{permission}` to `{role}`",
            "本清单的一行禁止 `{role}` 使用 `{permission}`"
        );
        return if row { changed(facts, permission) } else { level(code::ROLE_SET_OVERRIDE, Proven, text) };
    }
    // A todo's call names no set: any set that denies it may be the one.
    let unknown_set = set.is_none() && !team_level;
    let some_set_denies = unknown_set && denies_somewhere(matrix, &role, permission);
    match (global, default) {
        (Some(true), _) if some_set_denies => {
            let text = say!(
                lang,
                "the team allows it; a row of a set denies `{permission}` to `{role}`",
                "团队允许；某个清单的一行禁止 `{role}` 使用 `{permission}`"
            );
            level(code::ROLE_SET_OVERRIDE, Likely, text)
        }
        (Some(true), _) => changed(facts, permission),
        (Some(false), default) => {
            let (code, text) = if default == Some(true) {
                (
                    code::ROLE_GLOBAL_ROW,
                    say!(
                        lang,
                        "a team-wide row denies `{permission}` to `{role}`",
                        "一条团队级设置禁止 `{role}` 使用 `{permission}`"
                    ),
                )
            } else {
                (
                    code::ROLE_DEFAULT,
                    say!(
                        lang,
                        "`{permission}` is off for `{role}` by default",
                        "`{role}` 默认没有 `{permission}`"
                    ),
                )
            };
            let finding = level(code, if some_set_denies { Likely } else { Proven }, text);
            if some_set_denies { finding.or(&[code::ROLE_SET_OVERRIDE]) } else { finding }
        }
        _ => unread(facts, permission),
    }
}

/// The matrix of now allows what was refused then.
fn changed(facts: &Facts<'_>, permission: &str) -> Finding {
    let text = say!(facts.lang, "the matrix allows `{permission}` now", "权限矩阵现在允许 `{permission}`");
    let all = [code::ROLE_STALE_ROLE, code::ROLE_SET_OVERRIDE, code::ROLE_GLOBAL_ROW];
    Finding::new(code::ROLE_UNDETERMINED, Likely, GateId::Role)
        .shown([observed(facts.lang, Source::Matrix, text)])
        .or(&all)
}

fn unread(facts: &Facts<'_>, permission: &str) -> Finding {
    let all = [code::ROLE_DEFAULT, code::ROLE_SET_OVERRIDE, code::ROLE_GLOBAL_ROW, code::ROLE_STALE_ROLE];
    match mine(facts, permission) {
        Some(false) => {
            let text = say!(facts.lang, "`{permission}` is off for this user", "该用户没有 `{permission}`");
            Finding::new(code::ROLE_UNDETERMINED, Likely, GateId::Role)
                .shown([observed(facts.lang, Source::Mine, text)])
                .or(&all)
        }
        _ => Finding::new(code::ROLE_UNDETERMINED, Possible, GateId::Role).or(&all),
    }
}

/// The role Glint goes by.
pub(crate) fn role(facts: &Facts<'_>) -> Option<String> {
    let said = |value: &Value| value.get("role").and_then(Value::as_str).map(str::to_owned);
    let (_, glint) = roles(facts);
    facts
        .matrix
        .as_ref()
        .and_then(said)
        .or_else(|| facts.mine.values().next().and_then(said))
        .or_else(|| glint.map(str::to_owned))
}

/// Whether the user may, by `permissions/me` of the set, else of the team.
pub(crate) fn mine(facts: &Facts<'_>, permission: &str) -> Option<bool> {
    let set = facts.call.set().unwrap_or_default();
    let found = facts.mine.get(&set).or_else(|| facts.mine.get(""))?;
    found.get("permissions")?.get(permission)?.as_bool()
}

/// Whether a role would be allowed by the matrix that was read; owners always are.
fn allowed_as(facts: &Facts<'_>, role: &str, permission: &str) -> Option<bool> {
    if role == "owner" || role == "co-owner" {
        return Some(true);
    }
    let matrix = facts.matrix.as_ref()?;
    let of_set = || cell(matrix.get("sets")?.get(facts.call.set()?), role, permission);
    let row = if TEAM_LEVEL.contains(&permission) { None } else { of_set() };
    row.or_else(|| cell(matrix.get("global"), role, permission))
        .or_else(|| cell(matrix.get("defaults"), role, permission))
}

fn cell(table: Option<&Value>, role: &str, permission: &str) -> Option<bool> {
    table?.get(role)?.get(permission)?.as_bool()
}

fn denies_somewhere(matrix: &Value, role: &str, permission: &str) -> bool {
    let sets = matrix.get("sets").and_then(Value::as_object);
    sets.is_some_and(|sets| sets.values().any(|table| cell(Some(table), role, permission) == Some(false)))
}

fn needs(mut finding: Finding, permission: &str) -> Finding {
    finding.needs = Needs { permission: Some(permission.to_owned()), ..Needs::default() };
    finding
}

/// Why the role lacks a permission, by what was read.
pub(crate) fn denied(facts: &Facts<'_>, permission: &str) -> Finding {
    needs(decided(facts, permission), permission)
}

/// Whether the role has a permission where the call goes: by the matrix, else by what was asked for this very set.
fn may(facts: &Facts<'_>, permission: &str) -> Option<bool> {
    if TEAM_LEVEL.contains(&permission) {
        let matrix =
            facts.matrix.as_ref().and_then(|matrix| cell(matrix.get("global"), &role(facts)?, permission));
        return matrix.or_else(|| facts.mine.values().next()?.get("permissions")?.get(permission)?.as_bool());
    }
    let exact = || facts.mine.get(&set(facts)?)?.get("permissions")?.get(permission)?.as_bool();
    effective(facts, permission).or_else(exact)
}
