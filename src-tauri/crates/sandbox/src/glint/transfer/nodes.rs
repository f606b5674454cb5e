//! The todos of an import as the server's untyped code walks them: any JSON, until a method is missing.

use std::collections::HashSet;

use serde_json::Value;

use crate::glint::gate::Member;
use crate::glint::input::trimmed;
use crate::glint::refusal::Refusal;
use crate::glint::state::{Comment, State, Todo};
use crate::glint::time;
use crate::js::{self, d1};
use crate::random;

/// Where an import goes.
pub(super) struct Target<'a> {
    pub(super) who: &'a Member,
    pub(super) set: &'a str,
    /// Whether the comments come along.
    pub(super) comments: bool,
    pub(super) now_ms: i64,
}

/// Refuses the first title that is there twice among siblings; blank titles do not count.
pub(super) fn distinct(nodes: &Value) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    for title in titles(nodes)? {
        if !title.is_empty() && !seen.insert(title.clone()) {
            return Err(taken(&title));
        }
    }
    let children = nodes.as_array().into_iter().flatten().filter_map(|node| node.get("children"));
    children.filter(|children| js::has_length(Some(children))).try_for_each(distinct)
}

/// The trimmed titles: `nodes.map((node) => node.title.trim())`.
pub(super) fn titles(nodes: &Value) -> Result<Vec<String>, Refusal> {
    let Value::Array(nodes) = nodes else {
        return Err(Refusal::type_error("nodes.map is not a function"));
    };
    nodes.iter().map(title).collect()
}

/// The answer about a title that is there twice.
pub(super) fn taken(title: &str) -> Refusal {
    Refusal::conflict(format!("Todo item title already exists among sibling todos: {title}"))
}

/// How many todos are at the top.
pub(super) fn length(nodes: &Value) -> usize {
    nodes.as_array().map_or(0, Vec::len)
}

fn title(node: &Value) -> Result<String, Refusal> {
    if node.is_null() {
        return Err(Refusal::type_error("Cannot read properties of null (reading 'title')"));
    }
    trimmed(node.get("title"), "node.title")
}

/// Stores the todos one by one; those before a mistake stay.
pub(super) fn insert(
    state: &mut State,
    target: &Target<'_>,
    parent: Option<&str>,
    nodes: &Value,
    first: Option<Value>,
) -> Result<(), Refusal> {
    let mut order = first.unwrap_or_else(|| state.next_order(&target.who.team, target.set, parent));
    for node in each(nodes)? {
        let title = title(&node)?;
        if !state.sets.iter().any(|row| row.id == target.set) {
            return Err(Refusal::foreign_key());
        }
        let id = random::uuid();
        let who = target.who;
        let mut todo = Todo::created(id.clone(), &who.team, target.set, &who.user, title, target.now_ms);
        todo.sort_order = d1::real(order.clone());
        order = d1::after_largest(std::iter::once(&order));
        todo.parent = parent.map(Into::into);
        todo.completed = js::truthy(node.get("completed"));
        todo.created_at = time::plain(target.now_ms);
        todo.updated_at = time::plain(target.now_ms);
        state.unique_title(&todo)?;
        state.todos.push(todo);
        if target.comments && js::has_length(node.get("comments")) {
            comments(state, target, &id, node.get("comments").unwrap_or(&Value::Null))?;
        }
        if js::has_length(node.get("children")) {
            insert(state, target, Some(&id), node.get("children").unwrap_or(&Value::Null), None)?;
        }
    }
    Ok(())
}

fn comments(state: &mut State, target: &Target<'_>, todo: &str, sent: &Value) -> Result<(), Refusal> {
    for body in each(sent)? {
        if trimmed(Some(&body), "body")?.is_empty() {
            continue;
        }
        state.comments.push(Comment {
            id: random::uuid(),
            todo: todo.into(),
            user: target.who.user.clone(),
            username: target.who.person.username.clone(),
            body: js::string(Some(&body)),
            created_at: time::plain(target.now_ms),
        });
    }
    Ok(())
}

/// `for (const x of value)`: lists, and the characters of a text.
fn each(value: &Value) -> Result<Vec<Value>, Refusal> {
    let kind = match value {
        Value::Array(items) => return Ok(items.clone()),
        Value::String(text) => return Ok(text.chars().map(|c| Value::from(c.to_string())).collect()),
        Value::Object(_) => {
            return Err(Refusal::type_error(
                "object is not iterable (cannot read property Symbol(Symbol.iterator))",
            ));
        }
        Value::Number(_) => "number",
        Value::Bool(_) => "boolean",
        Value::Null => "object",
    };
    let shown = js::string(Some(value));
    let text = format!("{kind} {shown} is not iterable (cannot read property Symbol(Symbol.iterator))");
    Err(Refusal::type_error(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(nodes: Value) -> Option<String> {
        match distinct(&nodes) {
            Err(Refusal::Thrown(_, text) | Refusal::Said(_, text)) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn what_is_no_todo_fails_where_it_is_read() {
        let cases = [
            (json!("x"), "nodes.map is not a function"),
            (json!([null]), "Cannot read properties of null (reading 'title')"),
            (json!([5]), "Cannot read properties of undefined (reading 'trim')"),
            (json!([{"title": null}]), "Cannot read properties of null (reading 'trim')"),
            (json!([{"title": 1}]), "node.title.trim is not a function"),
        ];
        for (nodes, text) in cases {
            assert_eq!(refused(nodes).as_deref(), Some(text));
        }
    }

    #[test]
    fn twice_counts_among_siblings_only() {
        let twice = json!([{"title": "a"}, {"title": " a "}]);
        assert_eq!(refused(twice).as_deref(), Some("Todo item title already exists among sibling todos: a"));
        assert_eq!(
            refused(json!([{"title": "a", "children": [{"title": "a"}]}, {"title": ""}, {"title": " "}])),
            None
        );
    }
}
