//! Sets: list, create, change, delete, reorder (contract §8.1).

use serde_json::{Value, json};

use super::gate::Member;
use super::input::{self, Input};
use super::order;
use super::refusal::{Answer, Refusal};
use super::state::{Set, State, set_json};
use super::time;
use crate::js::{self, d1};
use crate::random;
use crate::wire::{Call, Reply};

const NO_ROLE: &str = "No permission to manage sets";
pub(super) const NAME_TAKEN: &str = "Todo list name already exists in this team";

/// `GET T/sets`: makes the default set on the way when the team has none, in the name of whoever asks.
pub(super) fn list(state: &mut State, who: &Member, now_ms: i64) -> Answer {
    ensure_default(state, who, now_ms)?;
    if !state.deployment.migrations {
        return Err(Refusal::database(
            "D1_ERROR: no such column: split_completed at offset 89: SQLITE_ERROR",
        ));
    }
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
    let name = Input::destructured(call, "name")?
        .required("name", "name")?
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
    let input = Input::read(call, "name")?;
    let name = match input.updated("name")? {
        Some(None) => return Err(Refusal::bad("Name is required")),
        sent => sent.flatten(),
    };
    if name.as_ref().is_some_and(|name| state.name_taken(&who.team, name, Some(id))) {
        return Err(Refusal::conflict(NAME_TAKEN));
    }
    let fields = ["autoRenew", "renewTime", "timezone", "splitCompleted"];
    if name.is_none() && fields.iter().all(|field| input.get(field).is_none()) {
        return Err(Refusal::bad("No updates"));
    }
    let bound = |field| input.get(field).map(|value| input::bind(Some(value)).map(d1::text)).transpose();
    let (renew_time, timezone) = (bound("renewTime")?, bound("timezone")?);
    let Some(set) = state.sets.iter_mut().find(|set| set.id == id && set.team == who.team) else {
        return ok();
    };
    for (sent, column) in [(&renew_time, "renew_time"), (&timezone, "timezone")] {
        if sent.as_ref().is_some_and(Value::is_null) {
            return Err(Refusal::not_null("todo_sets", column));
        }
    }
    let flag = |field, old| input.get(field).map_or(old, |value| js::truthy(Some(value)));
    set.name = name.unwrap_or_else(|| set.name.clone());
    set.auto_renew = flag("autoRenew", set.auto_renew);
    set.split_completed = flag("splitCompleted", set.split_completed);
    set.renew_time = renew_time.unwrap_or_else(|| set.renew_time.clone());
    set.timezone = timezone.unwrap_or_else(|| set.timezone.clone());
    ok()
}

/// `DELETE T/sets/:s`: 200 for a missing set, too. Permission rows about the set stay.
pub(super) fn delete(state: &mut State, who: &Member, id: &str) -> Answer {
    manages(state, who, id)?;
    if state.set(&who.team, id).is_some() {
        state.sets.retain(|set| set.id != id);
        state.remove_todos(|todo| todo.set == id);
    }
    ok()
}

/// `POST T/sets/reorder`: unknown ids are ignored; all items or none.
pub(super) fn reorder(state: &mut State, who: &Member, call: &Call) -> Answer {
    who.must(state, "manage_sets", None, NO_ROLE)?;
    let input = Input::destructured(call, "items")?;
    order::asked(&input)?;
    let mut sets = state.sets.clone();
    for moved in order::moves(&input)? {
        if let Some(set) = sets.iter_mut().find(|set| moved.hits(&set.id) && set.team == who.team) {
            order::placed(&moved.order, "todo_sets")?;
            set.sort_order = moved.order;
        }
    }
    state.sets = sets;
    ok()
}

/// Stores a new set at the end of the list and shows it; the answer has the other form of its time than the row.
pub(super) fn add(state: &mut State, who: &Member, id: String, name: String, now_ms: i64) -> Value {
    let listed = state.sets.iter().filter(|set| set.team == who.team);
    let set = Set {
        id,
        team: who.team.clone(),
        user: who.user.clone(),
        name,
        sort_order: d1::real(d1::after_largest(listed.map(|set| &set.sort_order))),
        auto_renew: false,
        renew_time: json!("00:00"),
        timezone: json!(""),
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

/// The default set; its name is a setting, and settings are not checked.
fn ensure_default(state: &mut State, who: &Member, now_ms: i64) -> Result<(), Refusal> {
    let name = state.settings_of(&who.team).remove("default_set_name");
    let name = name.filter(|name| js::truthy(Some(name))).unwrap_or_else(|| json!("Not Grouped"));
    let name = js::string(Some(&d1::text(input::bind(Some(&name))?)));
    if !state.name_taken(&who.team, &name, None) {
        add(state, who, random::uuid(), name, now_ms);
        if let Some(set) = state.sets.last_mut() {
            set.sort_order = Value::from(0);
        }
    }
    Ok(())
}

/// The role permission counts in the whole team only; who made the set does not need it.
fn manages(state: &State, who: &Member, id: &str) -> Result<(), Refusal> {
    if state.set(&who.team, id).is_some_and(|set| set.user == who.user) {
        return Ok(());
    }
    who.must(state, "manage_sets", None, NO_ROLE)
}
