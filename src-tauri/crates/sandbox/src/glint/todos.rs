//! Todos: list, create, change, delete, reorder (contract §8.1).

use serde_json::{Value, json};

use super::gate::Member;
use super::input::{self, Input};
use super::order;
use super::refusal::{Answer, Refusal};
use super::sets::ok;
use super::state::{State, Todo};
use super::{Glint, assignees, time};
use crate::js::{self, d1};
use crate::random;
use crate::wire::{Call, Reply};

const PATCH: &[&str] = &["edit_todos", "complete_todos", "reorder_todos", "write_todos"];
const TITLE: &[&str] = &["edit_todos", "write_todos"];
const COMPLETED: &[&str] = &["complete_todos", "write_todos"];
const SORT_ORDER: &[&str] = &["reorder_todos"];
const TITLE_TAKEN: &str = "Todo item title already exists among sibling todos";

/// `GET T/sets/:s/todos`: a set that is missing or of another team is an empty list.
pub(super) fn list(state: &State, who: &Member, set: &str) -> Answer {
    who.must(state, "view_todos", Some(set), "No permission to view todos in this set")?;
    let counts = state.comment_counts();
    let row =
        |todo: &Todo| shown(who, state, todo, counts.get(todo.id.as_str()).copied().unwrap_or_default());
    let todos: Vec<Value> = state.todos_of(&who.team, set).into_iter().map(row).collect();
    let matrix = state.matrices.get(&who.team).cloned().unwrap_or_default();
    let permissions = matrix.effective(&who.role, Some(set));
    Ok(Reply::json(200, &json!({ "todos": todos, "role": who.role, "permissions": permissions })))
}

/// `POST T/sets/:s/todos`
pub(super) fn create(state: &mut State, who: &Member, set: &str, call: &Call, now_ms: i64) -> Answer {
    let input = Input::destructured(call, "title")?;
    let title = input.required("title", "title")?.ok_or_else(|| Refusal::bad("Title is required"))?;
    let sent = input.get("parentId");
    let below = js::truthy(sent);
    let permission = if below { "add_subtodos" } else { "create_todos" };
    who.must(state, permission, Some(set), &format!("No permission: {permission}"))?;
    if state.set(&who.team, set).is_none() {
        return Err(Refusal::missing("Set not found"));
    }
    let parent = js::present(sent).map(|sent| input::bind(Some(sent)).map(d1::text)).transpose()?;
    let parent = parent.map(|parent| js::string(Some(&parent)));
    let found = |id: &String| state.todo(&who.team, id).is_some_and(|todo| todo.set == set);
    if below && !parent.as_ref().is_some_and(found) {
        return Err(Refusal::missing("Parent todo not found"));
    }
    if state.title_taken(&who.team, set, parent.as_deref(), &title, None) {
        return Err(Refusal::conflict(TITLE_TAKEN));
    }
    if parent.is_some() && !below {
        // An empty id is asked for as one without a parent and stored as one with it.
        return Err(Refusal::foreign_key());
    }
    let mut todo = Todo::created(random::uuid(), &who.team, set, &who.user, title, now_ms);
    todo.sort_order = state.next_order(&who.team, set, parent.as_deref());
    todo.parent = parent;
    state.unique_title(&todo)?;
    let answer = Reply::json(201, &json!({ "todo": shown(who, state, &todo, 0) }));
    todo.sort_order = d1::real(todo.sort_order);
    state.todos.push(todo);
    Ok(answer)
}

/// `DELETE T/todos/:t`
pub(super) fn delete(state: &mut State, who: &Member, id: &str) -> Answer {
    let todo = state.todo(&who.team, id).ok_or_else(|| Refusal::missing("Not found"))?;
    let permission = if todo.user == who.user { "delete_own_todos" } else { "delete_any_todo" };
    who.must(state, permission, Some(&todo.set), "No permission to delete")?;
    state.remove_todos(|todo| todo.id == id);
    ok()
}

/// `POST T/todos/reorder`: the set of the body decides about the permission, whatever sets the items are in.
pub(super) fn reorder(state: &mut State, who: &Member, call: &Call, now_ms: i64) -> Answer {
    let input = Input::destructured(call, "items")?;
    order::asked(&input)?;
    let set = input.text("setId");
    who.must(state, "reorder_todos", set.as_deref(), "No permission to reorder")?;
    let moves = order::moves(&input)?;
    let own = |todo: &&Todo| todo.team == who.team;
    for moved in &moves {
        if state.todos.iter().filter(own).any(|todo| moved.hits(&todo.id)) {
            order::placed(&moved.order, "todos")?;
        }
    }
    for moved in moves {
        let row = state.todos.iter_mut().find(|todo| todo.team == who.team && moved.hits(&todo.id));
        if let Some(todo) = row {
            todo.sort_order = moved.order;
            todo.updated_at = time::plain(now_ms);
        }
    }
    ok()
}

impl Glint {
    /// `PATCH T/todos/:t`: the body and the scopes of its fields come before membership and existence.
    pub(super) async fn patch_todo(&self, call: &Call, team: &str, id: &str) -> Answer {
        let caller = self.caller(call, PATCH).await?;
        let input = Input::read(call, "title")?;
        let gates = [("title", TITLE), ("completed", COMPLETED), ("sortOrder", SORT_ORDER)];
        for (field, scopes) in gates {
            if input.get(field).is_some() && !caller.holds(scopes) {
                return Err(Refusal::forbidden(format!("Missing required scope: {}", scopes.join(" or "))));
            }
        }
        let who = caller.enter(team)?;
        let now_ms = self.clock().now_ms();
        self.locked(|state| patch(state, &who, id, call, now_ms))
    }
}

/// The change itself, once the caller is a member.
pub(super) fn patch(state: &mut State, who: &Member, id: &str, call: &Call, now_ms: i64) -> Answer {
    let todo = state.todo(&who.team, id).ok_or_else(|| Refusal::missing("Not found"))?.clone();
    let input = Input::read(call, "title")?;
    roles(state, who, &todo, &input)?;
    let title = match input.updated("title")? {
        Some(None) => return Err(Refusal::bad("Title is required")),
        sent => sent.flatten(),
    };
    if let Some(title) = &title
        && state.title_taken(&who.team, &todo.set, todo.parent.as_deref(), title, Some(id))
    {
        return Err(Refusal::conflict(TITLE_TAKEN));
    }
    let completed = input.get("completed").map(|value| js::truthy(Some(value)));
    let order = input.get("sortOrder").map(|value| input::bind(Some(value)).map(d1::real)).transpose()?;
    if title.is_none() && completed.is_none() && order.is_none() {
        return Err(Refusal::bad("No updates"));
    }
    if let Some(order) = &order {
        order::placed(order, "todos")?;
    }
    let mut changed = todo;
    changed.title = title.unwrap_or(changed.title);
    changed.completed = completed.unwrap_or(changed.completed);
    changed.sort_order = order.unwrap_or(changed.sort_order);
    changed.updated_at = time::plain(now_ms);
    state.unique_title(&changed)?;
    if let Some(row) = state.todos.iter_mut().find(|row| row.id == id) {
        *row = changed;
    }
    ok()
}

/// The role permissions of the fields sent; completing one's own todo needs none.
fn roles(state: &State, who: &Member, todo: &Todo, input: &Input) -> Result<(), Refusal> {
    let own = todo.user == who.user;
    let set = Some(todo.set.as_str());
    if input.get("title").is_some() {
        let permission = if own { "edit_own_todos" } else { "edit_any_todo" };
        who.must(state, permission, set, "No permission to edit")?;
    }
    if input.get("completed").is_some() && !own {
        who.must(state, "complete_any_todo", set, "No permission to toggle completion")?;
    }
    if input.get("sortOrder").is_some() {
        who.must(state, "reorder_todos", set, "No permission to reorder")?;
    }
    Ok(())
}

fn shown(who: &Member, state: &State, todo: &Todo, comments: usize) -> Value {
    let assignees = if state.deployment.migrations { assignees::of(todo, who) } else { Vec::new() };
    json!({
        "id": todo.id,
        "userId": todo.user,
        "parentId": todo.parent,
        "title": todo.title,
        "completed": todo.completed,
        "sortOrder": todo.sort_order,
        "commentCount": comments,
        "assignees": assignees,
        "createdAt": todo.created_at,
        "updatedAt": todo.updated_at,
    })
}
