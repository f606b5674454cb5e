//! Members and assignees. Glint asks Prism for the team with a token Prism refuses there, so it only ever knows the caller
//! (contract §10.14).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::gate::{Caller, Member};
use super::input::Input;
use super::refusal::{Answer, Refusal};
use super::state::{State, Todo};
use super::time;
use crate::wire::{Call, Reply};

/// `GET T/members`
pub(super) fn members(who: &Member) -> Answer {
    Ok(Reply::json(200, &json!({ "members": [myself(who)] })))
}

/// `PUT T/todos/:t/assignees`: others are dropped, and a body that is no JSON unassigns everybody.
pub(super) fn put(state: &mut State, who: &Member, id: &str, call: &Call, now_ms: i64) -> Answer {
    if !state.deployment.migrations {
        return Err(Refusal::unavailable("Assignment feature unavailable: database migration required"));
    }
    let todo = state.todo(&who.team, id).ok_or_else(|| Refusal::missing("Not found"))?;
    who.must(state, "assign_todos", Some(&todo.set), "No permission to assign todos")?;
    let input = match Input::read(call, "userIds") {
        Err(Refusal::Thrown("SyntaxError", _)) => None,
        read => Some(read?),
    };
    let ids = input.as_ref().and_then(|input| input.get("userIds")).and_then(Value::as_array);
    let assigned = ids.is_some_and(|ids| ids.iter().any(|user| user.as_str() == Some(who.user.as_str())));
    if let Some(row) = state.todos.iter_mut().find(|row| row.id == id) {
        row.assignees = if assigned { vec![who.user.clone()] } else { Vec::new() };
        row.updated_at = time::plain(now_ms);
    }
    let shown: Vec<Value> = assigned.then(|| myself(who)).into_iter().collect();
    Ok(Reply::json(200, &json!({ "ok": true, "assignees": shown })))
}

/// The assignees of a todo; of others no name is known.
pub(super) fn of(todo: &Todo, who: &Member) -> Vec<Value> {
    let shown = |id: &String| match *id == who.user {
        true => myself(who),
        false => json!({ "userId": id, "name": null, "username": null, "avatarUrl": null }),
    };
    todo.assignees.iter().map(shown).collect()
}

/// The names of the assignees that are known: the caller's own.
pub(super) fn names<'a>(todo: &Todo, who: &'a Member) -> Vec<&'a str> {
    todo.assignees.iter().filter(|id| **id == who.user).map(|_| who.person.shown()).collect()
}

/// `GET T/assigned-to-me`: what is not done yet, grouped by set.
pub(super) fn assigned(state: &State, who: &Member) -> Answer {
    let shown = |todo: &Todo| {
        json!({
            "id": todo.id, "setId": todo.set, "parentId": todo.parent, "title": todo.title,
            "completed": todo.completed, "createdAt": todo.created_at, "updatedAt": todo.updated_at,
        })
    };
    let mut groups = Vec::new();
    for set in state.sets_in_order() {
        let todos = state.in_order(|todo| todo.set == set.id && todo.team == who.team);
        let mine: Vec<Value> =
            todos.into_iter().filter(|todo| state.assigned(todo, &who.user)).map(shown).collect();
        if !mine.is_empty() {
            groups.push(json!({ "setId": set.id, "setName": set.name, "todos": mine }));
        }
    }
    Ok(Reply::json(200, &json!({ "groups": groups, "expand": {} })))
}

/// `GET /assigned-to-me`: the same across all spaces, latest change first, whether or not the caller is still a member.
pub(super) fn assigned_everywhere(state: &State, caller: &Caller) -> Answer {
    let mut todos: Vec<&Todo> =
        state.todos.iter().filter(|todo| state.assigned(todo, &caller.user)).collect();
    todos.sort_by(|a, b| b.updated_at.cmp(&a.updated_at));
    let mut spaces: Vec<&str> = Vec::new();
    let mut rows: HashMap<&str, Vec<Value>> = HashMap::new();
    for todo in todos {
        if !spaces.contains(&todo.team.as_str()) {
            spaces.push(&todo.team);
        }
        rows.entry(&todo.team).or_default().push(json!({
            "id": todo.id, "setId": todo.set, "setName": state.set_name(todo), "parentId": todo.parent,
            "title": todo.title, "updatedAt": todo.updated_at,
        }));
    }
    let workspace = |space: &&str| {
        let personal = space.strip_prefix("personal:") == Some(caller.user.as_str());
        let team = caller.teams.iter().find(|team| team.id == **space);
        let name = match personal {
            true => caller.person.shown(),
            false => team.map_or(*space, |team| team.name.as_str()),
        };
        let kind = if personal { "personal" } else { "team" };
        json!({ "teamId": space, "name": name, "kind": kind, "todos": rows.get(*space) })
    };
    Ok(Reply::json(200, &json!({ "workspaces": spaces.iter().map(workspace).collect::<Vec<Value>>() })))
}

/// The caller as an assignee or a member of a team.
fn myself(who: &Member) -> Value {
    json!({
        "userId": who.user, "name": who.person.shown(), "username": who.person.username,
        "avatarUrl": who.person.avatar_url,
    })
}
