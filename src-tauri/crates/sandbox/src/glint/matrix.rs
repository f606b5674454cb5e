//! The permission matrix: reading it needs `read_todos`, writing it a scope that the bundle does not cover (contract §8.2).

use serde_json::{Value, json};

use super::gate::Member;
use super::input::{self, Input};
use super::permission::{self, KEYS, Matrix, ROLES};
use super::refusal::{Answer, Refusal};
use super::sets::ok;
use super::state::State;
use crate::js::{self, d1};
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
    let input = Input::destructured(call, "scope")?;
    let (scope, sent) = (input.get("scope"), input.get("permissions"));
    if !js::truthy(scope) || !js::has_length(sent) {
        return Err(Refusal::bad("scope and permissions required"));
    }
    let Some(scope) = scope.and_then(Value::as_str) else {
        return Err(Refusal::type_error("scope.startsWith is not a function"));
    };
    if scope != "global" && !scope.starts_with("set:") {
        return Err(Refusal::bad("Invalid scope"));
    }
    if !matches!(who.role.as_str(), "owner" | "co-owner") {
        hands_on(input::elements(sent, "perms.filter")?)?;
    }
    let rows: Vec<Row> = input::elements(sent, "perms.map")?.iter().map(row).collect::<Result<_, _>>()?;
    for row in &rows {
        row.check()?;
    }
    let matrix = state.matrices.entry(who.team.clone()).or_default();
    for Row { role, permission, allowed } in rows {
        matrix.put(scope, &js::string(Some(&role)), &js::string(Some(&permission)), allowed);
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

/// Who is no owner may not hand on the permission to manage permissions.
fn hands_on(sent: &[Value]) -> Result<(), Refusal> {
    for row in sent {
        if row.is_null() {
            return Err(Refusal::type_error("Cannot read properties of null (reading 'permission')"));
        }
        let named = row.get("permission").and_then(Value::as_str) == Some("manage_permissions");
        if named && js::truthy(row.get("allowed")) {
            return Err(Refusal::forbidden("Only owners and co-owners can grant manage_permissions"));
        }
    }
    Ok(())
}

/// One row as the statement takes it.
struct Row {
    role: Value,
    permission: Value,
    allowed: bool,
}

fn row(sent: &Value) -> Result<Row, Refusal> {
    if sent.is_null() {
        return Err(Refusal::type_error("Cannot read properties of null (reading 'role')"));
    }
    let role = d1::text(input::bind(sent.get("role"))?);
    let permission = d1::text(input::bind(sent.get("permission"))?);
    Ok(Row { role, permission, allowed: js::truthy(sent.get("allowed")) })
}

impl Row {
    /// The constraints of the table, in the order of the database.
    fn check(&self) -> Result<(), Refusal> {
        for (value, column) in [(&self.role, "role"), (&self.permission, "permission")] {
            if value.is_null() {
                return Err(Refusal::not_null("permissions", column));
            }
        }
        if self.role.as_str().is_some_and(|role| ROLES.contains(&role)) {
            return Ok(());
        }
        Err(Refusal::constraint("CHECK constraint failed: role IN ('co-owner', 'admin', 'member')", "CHECK"))
    }
}
