//! The permission matrix: reading it needs `read_todos`, writing it a scope that the bundle does not cover (contract §8.2).

use serde_json::{Value, json};

use super::body;
use super::gate::Member;
use super::permission::{self, KEYS, Matrix, ROLES};
use super::refusal::{Answer, Refusal};
use super::sets::ok;
use super::state::State;
use super::value::{self, Fields};
use crate::wire::{Call, Reply};

const NO_ROLE: &str = "No permission to manage permissions";

/// `GET T/permissions/me?setId=`
pub(super) fn mine(state: &State, who: &Member, call: &Call) -> Answer {
    let set = call.query_value("setId").filter(|set| !set.is_empty());
    let permissions = of(state, who).effective(&who.role, set.as_deref());
    Ok(Reply::json(200, &json!({ "permissions": permissions, "role": who.role })))
}

/// `GET T/permissions`
pub(super) fn all(state: &State, who: &Member) -> Answer {
    let matrix = of(state, who);
    let answer = json!({
        "keys": KEYS,
        "defaults": permission::defaults(),
        "global": matrix.global(),
        "sets": matrix.sets(),
        "role": who.role,
    });
    Ok(Reply::json(200, &answer))
}

/// `PUT T/permissions`: all rows or none.
pub(super) fn put(state: &mut State, who: &Member, call: &Call) -> Answer {
    who.must(state, "manage_permissions", None, NO_ROLE)?;
    let fields = Fields::new(body(call)?, "scope")?;
    let (scope, rows) = match (fields.text("scope"), fields.get("permissions").and_then(Value::as_array)) {
        (Some(scope), Some(rows)) => (scope, rows),
        _ => return Err(Refusal::bad("scope and permissions required")),
    };
    if scope != "global" && scope.strip_prefix("set:").is_none_or(str::is_empty) {
        return Err(Refusal::bad("Invalid scope"));
    }
    let rows: Vec<(&str, &str, bool)> = rows.iter().map(row).collect();
    let hands_on =
        rows.iter().any(|(_, permission, allowed)| *permission == "manage_permissions" && *allowed);
    if hands_on && !matches!(who.role.as_str(), "owner" | "co-owner") {
        return Err(Refusal::forbidden("Only owners and co-owners can grant manage_permissions"));
    }
    if rows.iter().any(|(role, _, _)| !ROLES.contains(role)) {
        return Err(Refusal::database(
            "D1_ERROR: CHECK constraint failed: role IN ('co-owner', 'admin', 'member'): SQLITE_CONSTRAINT (extended: \
             SQLITE_CONSTRAINT_CHECK)",
        ));
    }
    let matrix = state.matrices.entry(who.team.clone()).or_default();
    for (role, permission, allowed) in rows {
        matrix.put(scope, role, permission, allowed);
    }
    ok()
}

/// `DELETE T/permissions?scope=`: the global rows when no scope is named.
pub(super) fn delete(state: &mut State, who: &Member, call: &Call) -> Answer {
    who.must(state, "manage_permissions", None, NO_ROLE)?;
    let scope =
        call.query_value("scope").filter(|scope| !scope.is_empty()).unwrap_or_else(|| "global".into());
    if let Some(matrix) = state.matrices.get_mut(&who.team) {
        matrix.clear(&scope);
    }
    ok()
}

fn of(state: &State, who: &Member) -> Matrix {
    state.matrices.get(&who.team).cloned().unwrap_or_default()
}

fn row(value: &Value) -> (&str, &str, bool) {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    (text("role"), text("permission"), value.get("allowed").is_some_and(value::truthy))
}
