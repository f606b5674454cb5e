//! Todos: list, create, change, delete, reorder (contract §8.1).

use serde_json::{Value, json};

use super::gate::Member;
use super::refusal::{Answer, Refusal};
use super::sets::ok;
use super::state::{State, Todo, person_json};
use super::value::{self, Fields};
use super::{Glint, body, time};
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
    let row = |todo: &Todo| shown(state, todo, counts.get(todo.id.as_str()).copied().unwrap_or_default());
    let todos: Vec<Value> = state.todos_of(&who.team, set).into_iter().map(row).collect();
    let matrix = state.matrices.get(&who.team).cloned().unwrap_or_default();
    let permissions = matrix.effective(&who.role, Some(set));
    Ok(Reply::json(200, &json!({ "todos": todos, "role": who.role, "permissions": permissions })))
}

/// `POST T/sets/:s/todos`
pub(super) fn create(state: &mut State, who: &Member, set: &str, call: &Call, now_ms: i64) -> Answer {
    let fields = Fields::new(body(call)?, "title")?;
    let title = fields.required("title")?.ok_or_else(|| Refusal::bad("Title is required"))?;
    let parent = fields.id("parentId");
    let parent = parent.as_deref();
    let permission = if parent.is_some() { "add_subtodos" } else { "create_todos" };
    who.must(state, permission, Some(set), &format!("No permission: {permission}"))?;
    if state.set(&who.team, set).is_none() {
        return Err(Refusal::missing("Set not found"));
    }
    if parent.is_some_and(|parent| state.todo(&who.team, parent).is_none_or(|todo| todo.set != set)) {
        return Err(Refusal::missing("Parent todo not found"));
    }
    if state.title_taken(set, parent, &title, None) {
        return Err(Refusal::conflict(TITLE_TAKEN));
    }
    let mut todo = Todo::created(random::uuid(), &who.team, set, &who.user, title, now_ms);
    todo.sort_order = state.next_order(set, parent);
    todo.parent = parent.map(Into::into);
    let answer = Reply::json(201, &json!({ "todo": shown(state, &todo, 0) }));
    state.todos.push(todo);
    Ok(answer)
}

/// `DELETE T/todos/:t`
pub(super) fn delete(state: &mut State, who: &Member, id: &str) -> Answer {
    let todo = state.todo(&who.team, id).ok_or_else(|| Refusal::missing("Not found"))?;
    let permission = if todo.user == who.user { "delete_own_todos" } else { "delete_any_todo" };
    who.must(state, permission, Some(&todo.set), "No permission to delete")?;
    state.remove_todos(std::iter::once(id.to_owned()));
    ok()
}

/// `POST T/todos/reorder`: the set of the body decides about the permission, whatever sets the items are in.
pub(super) fn reorder(state: &mut State, who: &Member, call: &Call, now_ms: i64) -> Answer {
    let fields = Fields::new(body(call)?, "items")?;
    if fields.items().is_empty() {
        return Err(Refusal::bad("No items"));
    }
    who.must(state, "reorder_todos", fields.text("setId"), "No permission to reorder")?;
    for (id, order) in value::order(fields.items())? {
        if let Some(todo) = state.todos.iter_mut().find(|todo| todo.id == id && todo.team == who.team) {
            todo.sort_order = order;
            todo.updated_at = time::plain(now_ms);
        }
    }
    ok()
}

impl Glint {
    /// `PATCH T/todos/:t`: the body and the scopes of its fields come before membership and existence.
    pub(super) async fn patch_todo(&self, call: &Call, team: &str, id: &str) -> Answer {
        let caller = self.caller(call, PATCH).await?;
        let fields = Fields::new(body(call)?, "title")?;
        let gates = [("title", TITLE), ("completed", COMPLETED), ("sortOrder", SORT_ORDER)];
        for (field, scopes) in gates {
            if fields.get(field).is_some() && !caller.holds(scopes) {
                return Err(Refusal::forbidden(format!("Missing required scope: {}", scopes.join(" or "))));
            }
        }
        let who = caller.enter(team)?;
        let now_ms = self.clock().now_ms();
        self.locked(|state| patch(state, &who, id, &fields, now_ms))
    }
}

fn patch(state: &mut State, who: &Member, id: &str, fields: &Fields, now_ms: i64) -> Answer {
    let todo = state.todo(&who.team, id).ok_or_else(|| Refusal::missing("Not found"))?.clone();
    roles(state, who, &todo, fields)?;
    let title = match fields.updated("title")? {
        Some(None) => return Err(Refusal::bad("Title is required")),
        sent => sent.flatten(),
    };
    if let Some(title) = &title
        && state.title_taken(&todo.set, todo.parent.as_deref(), title, Some(id))
    {
        return Err(Refusal::conflict(TITLE_TAKEN));
    }
    let completed = fields.get("completed").map(value::truthy);
    let order = fields.get("sortOrder").map(value::stored).transpose()?;
    if title.is_none() && completed.is_none() && order.is_none() {
        return Err(Refusal::bad("No updates"));
    }
    if let Some(row) = state.todos.iter_mut().find(|row| row.id == id) {
        row.title = title.unwrap_or(todo.title);
        row.completed = completed.unwrap_or(todo.completed);
        row.sort_order = order.unwrap_or(todo.sort_order);
        row.updated_at = time::plain(now_ms);
    }
    ok()
}

/// The role permissions of the fields sent; completing one's own todo needs none.
fn roles(state: &State, who: &Member, todo: &Todo, fields: &Fields) -> Result<(), Refusal> {
    let own = todo.user == who.user;
    let set = Some(todo.set.as_str());
    if fields.get("title").is_some() {
        let permission = if own { "edit_own_todos" } else { "edit_any_todo" };
        who.must(state, permission, set, "No permission to edit")?;
    }
    if fields.get("completed").is_some() && !own {
        who.must(state, "complete_any_todo", set, "No permission to toggle completion")?;
    }
    if fields.get("sortOrder").is_some() {
        who.must(state, "reorder_todos", set, "No permission to reorder")?;
    }
    Ok(())
}

fn shown(state: &State, todo: &Todo, comments: usize) -> Value {
    let assignees: Vec<Value> = todo.assignees.iter().map(|id| person_json(id, &state.person(id))).collect();
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
