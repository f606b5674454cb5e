//! Members and assignees. Glint asks Prism for the team with a token Prism refuses there, so it only ever knows the caller
//! (contract §10.14).

use serde_json::{Value, json};

use super::gate::Member;
use super::refusal::{Answer, Refusal};
use super::state::{State, person_json};
use super::{body, time};
use crate::wire::{Call, Reply};

/// `GET T/members`
pub(super) fn members(state: &State, who: &Member) -> Answer {
    Ok(Reply::json(200, &json!({ "members": [person_json(&who.user, &state.person(&who.user))] })))
}

/// `PUT T/todos/:t/assignees`: others are dropped, and a body that is no list of ids unassigns everybody.
pub(super) fn put(state: &mut State, who: &Member, id: &str, call: &Call, now_ms: i64) -> Answer {
    if !state.deployment.migrations {
        return Err(Refusal::unavailable("Assignment feature unavailable: database migration required"));
    }
    let todo = state.todo(&who.team, id).ok_or_else(|| Refusal::missing("Not found"))?;
    who.must(state, "assign_todos", Some(&todo.set), "No permission to assign todos")?;
    let wanted = body(call).ok();
    let ids =
        wanted.as_ref().and_then(|body| body.get("userIds")).and_then(Value::as_array).map(Vec::as_slice);
    let assigned = ids.unwrap_or_default().iter().any(|user| user.as_str() == Some(who.user.as_str()));
    if let Some(row) = state.todos.iter_mut().find(|row| row.id == id) {
        row.assignees = if assigned { vec![who.user.clone()] } else { Vec::new() };
        row.updated_at = time::plain(now_ms);
    }
    let shown: Vec<Value> =
        assigned.then(|| person_json(&who.user, &state.person(&who.user))).into_iter().collect();
    Ok(Reply::json(200, &json!({ "ok": true, "assignees": shown })))
}
