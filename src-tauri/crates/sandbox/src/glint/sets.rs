//! Sets: list, create, change, delete, reorder (contract §8.1).

use serde_json::{Value, json};

use super::body;
use super::gate::Member;
use super::refusal::{Answer, Refusal};
use super::state::{Set, State, set_json};
use super::time;
use super::value::{self, Fields};
use crate::random;
use crate::wire::{Call, Reply};

const NO_ROLE: &str = "No permission to manage sets";
pub(super) const NAME_TAKEN: &str = "Todo list name already exists in this team";

/// `GET T/sets`: makes the default set on the way when the team has none, in the name of whoever asks.
pub(super) fn list(state: &mut State, who: &Member, now_ms: i64) -> Answer {
    if !state.deployment.migrations {
        return Err(Refusal::database(
            "D1_ERROR: no such column: split_completed at offset 89: SQLITE_ERROR",
        ));
    }
    ensure_default(state, who, now_ms);
    let counted = |set: &Set| {
        let top = || {
            state
                .todos
                .iter()
                .filter(|todo| todo.set == set.id && todo.team == set.team && todo.parent.is_none())
        };
        let (total, completed) = (top().count(), top().filter(|todo| todo.completed).count());
        let mut shown = set_json(set, &set.created_at);
        shown.insert("total".into(), json!(total));
        shown.insert("completed".into(), json!(completed));
        shown.insert("pending".into(), json!(total - completed));
        Value::Object(shown)
    };
    let sets: Vec<Value> = state.sets_of(&who.team).into_iter().map(counted).collect();
    Ok(Reply::json(200, &json!({ "sets": sets, "role": who.role })))
}

/// `POST T/sets`
pub(super) fn create(state: &mut State, who: &Member, call: &Call, now_ms: i64) -> Answer {
    who.must(state, "manage_sets", None, NO_ROLE)?;
    let name = Fields::new(body(call)?, "name")?
        .required("name")?
        .ok_or_else(|| Refusal::bad("Name is required"))?;
    if state.name_taken(&who.team, &name, None) {
        return Err(Refusal::conflict(NAME_TAKEN));
    }
    let set = add(state, who, random::uuid(), name, now_ms);
    Ok(Reply::json(201, &json!({ "set": set })))
}

/// `PATCH T/sets/:s`: 200 for a missing set, too.
pub(super) fn patch(state: &mut State, who: &Member, id: &str, call: &Call) -> Answer {
    manages(state, who, id)?;
    let fields = Fields::new(body(call)?, "name")?;
    let name = match fields.updated("name")? {
        Some(None) => return Err(Refusal::bad("Name is required")),
        sent => sent.flatten(),
    };
    if name.as_ref().is_some_and(|name| state.name_taken(&who.team, name, Some(id))) {
        return Err(Refusal::conflict(NAME_TAKEN));
    }
    let sent =
        ["autoRenew", "renewTime", "timezone", "splitCompleted"].map(|field| fields.get(field).cloned());
    if name.is_none() && sent.iter().all(Option::is_none) {
        return Err(Refusal::bad("No updates"));
    }
    let Some(set) = state.sets.iter_mut().find(|set| set.id == id && set.team == who.team) else {
        return ok();
    };
    set.name = name.unwrap_or_else(|| set.name.clone());
    let [auto_renew, renew_time, timezone, split_completed] = sent;
    set.auto_renew = auto_renew.as_ref().map_or(set.auto_renew, value::truthy);
    set.split_completed = split_completed.as_ref().map_or(set.split_completed, value::truthy);
    let text =
        |sent: Option<Value>, old: &str| sent.as_ref().and_then(Value::as_str).unwrap_or(old).to_owned();
    set.renew_time = text(renew_time, &set.renew_time);
    set.timezone = text(timezone, &set.timezone);
    ok()
}

/// `DELETE T/sets/:s`: 200 for a missing set, too.
pub(super) fn delete(state: &mut State, who: &Member, id: &str) -> Answer {
    manages(state, who, id)?;
    if state.set(&who.team, id).is_none() {
        return ok();
    }
    state.sets.retain(|set| set.id != id);
    state.empty_set(id);
    if let Some(matrix) = state.matrices.get_mut(&who.team) {
        matrix.clear(&format!("set:{id}"));
    }
    ok()
}

/// `POST T/sets/reorder`: unknown ids are ignored.
pub(super) fn reorder(state: &mut State, who: &Member, call: &Call) -> Answer {
    who.must(state, "manage_sets", None, NO_ROLE)?;
    let fields = Fields::new(body(call)?, "items")?;
    if fields.items().is_empty() {
        return Err(Refusal::bad("No items"));
    }
    for (id, order) in value::order(fields.items())? {
        if let Some(set) = state.sets.iter_mut().find(|set| set.id == id && set.team == who.team) {
            set.sort_order = order;
        }
    }
    ok()
}

/// Stores a new set at the end of the list and shows it; the answer has the other form of its time than the row.
pub(super) fn add(state: &mut State, who: &Member, id: String, name: String, now_ms: i64) -> Value {
    let next =
        value::next_order(state.sets.iter().filter(|set| set.team == who.team).map(|set| &set.sort_order));
    let set = Set {
        id,
        team: who.team.clone(),
        user: who.user.clone(),
        name,
        sort_order: next,
        auto_renew: false,
        renew_time: "00:00".into(),
        timezone: String::new(),
        split_completed: false,
        created_at: time::plain(now_ms),
    };
    let shown = set_json(&set, &time::iso(now_ms));
    state.sets.push(set);
    Value::Object(shown)
}

/// `{"ok": true}`
pub(super) fn ok() -> Answer {
    Ok(Reply::json(200, &json!({ "ok": true })))
}

fn ensure_default(state: &mut State, who: &Member, now_ms: i64) {
    let name = state.settings_of(&who.team).remove("default_set_name");
    let name = name.as_ref().and_then(Value::as_str).unwrap_or("Not Grouped").to_owned();
    if state.name_taken(&who.team, &name, None) {
        return;
    }
    add(state, who, random::uuid(), name, now_ms);
    if let Some(set) = state.sets.last_mut() {
        set.sort_order = Value::from(0);
    }
}

/// The role permission counts in the whole team only; who made the set does not need it.
fn manages(state: &State, who: &Member, id: &str) -> Result<(), Refusal> {
    if state.set(&who.team, id).is_some_and(|set| set.user == who.user) {
        return Ok(());
    }
    who.must(state, "manage_sets", None, NO_ROLE)
}
