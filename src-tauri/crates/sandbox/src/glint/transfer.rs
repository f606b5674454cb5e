//! Import and export of what is in a set (contract §8.1).

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::gate::Member;
use super::outline::{DEEPEST, Format, Item, Outline};
use super::refusal::{Answer, Refusal};
use super::sets;
use super::state::{Comment, State, Todo};
use super::value::{self, Fields};
use super::{body, time};
use crate::random;
use crate::wire::{Call, Reply};

/// The name of an imported set for which neither the request nor the content has one. The contract shows none.
const UNNAMED: &str = "Imported";

/// `GET T/sets/:s/export?format=&includeComments=`
pub(super) fn export(state: &State, who: &Member, id: &str, call: &Call) -> Answer {
    who.must(state, "view_todos", Some(id), "No permission to export this set")?;
    let set = state.set(&who.team, id).ok_or_else(|| Refusal::missing("Set not found"))?;
    let format = Format::named(&call.query_value("format").unwrap_or_default());
    let with_comments = call.query_value("includeComments").is_some_and(|flag| flag == "1" || flag == "true");
    let items = Tree::of(state, who, id, with_comments).items(None, 0)?;
    let outline = Outline { set_id: Some(set.id.clone()), set_name: Some(set.name.clone()), items };
    let answer = json!({
        "format": format.name(),
        "fileName": format!("{}.{}", set.name, format.name()),
        "content": outline.write(format),
    });
    Ok(Reply::json(200, &answer))
}

/// `POST T/sets/:s/import`: the set may belong to another team, a missing one breaks the database's rules.
pub(super) fn import(state: &mut State, who: &Member, set: &str, call: &Call, now_ms: i64) -> Answer {
    who.must(state, "create_todos", Some(set), "No permission to import into this set")?;
    let fields = Fields::new(body(call)?, "content")?;
    let outline = content(&fields)?;
    let replace = fields.text("mode") == Some("replace");
    let there = state.todos.iter().filter(|todo| !replace && todo.set == set && todo.parent.is_none());
    unique(&outline.items, there.map(|todo| todo.title.as_str()).collect())?;
    if replace {
        who.must(state, "manage_sets", None, "No permission to replace set content")?;
    }
    let known = state.sets.iter().any(|row| row.id == set);
    if !known && !outline.items.is_empty() {
        return Err(Refusal::database(
            "D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)",
        ));
    }
    if replace {
        state.empty_set(set);
    }
    insert(state, who, set, None, &outline.items, now_ms);
    Ok(Reply::json(200, &json!({ "ok": true, "imported": outline.items.len() })))
}

/// `POST T/sets/import`: the content becomes a new set.
pub(super) fn import_new(state: &mut State, who: &Member, call: &Call, now_ms: i64) -> Answer {
    who.must(state, "manage_sets", None, "No permission to manage sets")?;
    let fields = Fields::new(body(call)?, "content")?;
    let outline = content(&fields)?;
    let name = fields.required("setName")?.or(outline.set_name).unwrap_or_else(|| UNNAMED.into());
    if state.name_taken(&who.team, &name, None) {
        return Err(Refusal::conflict(sets::NAME_TAKEN));
    }
    let id = fields.text("setId").map_or_else(random::uuid, Into::into);
    if state.sets.iter().any(|set| set.id == id) {
        return Err(Refusal::conflict("Set id already exists"));
    }
    unique(&outline.items, HashSet::new())?;
    let set = sets::add(state, who, id.clone(), name, now_ms);
    insert(state, who, &id, None, &outline.items, now_ms);
    Ok(Reply::json(201, &json!({ "ok": true, "imported": outline.items.len(), "set": set })))
}

fn content(fields: &Fields) -> Result<Outline, Refusal> {
    let text = fields.required("content")?.ok_or_else(|| Refusal::bad("Content is required"))?;
    // The first line's indentation was trimmed away, which only matters when every line is indented.
    let text = fields.get("content").and_then(Value::as_str).unwrap_or(&text);
    let format = Format::named(fields.text("format").unwrap_or_default());
    Outline::read(format, text).ok_or_else(|| Refusal::bad("Failed to parse import content"))
}

/// Refuses the first title that is there twice among siblings.
fn unique<'a>(items: &'a [Item], mut seen: HashSet<&'a str>) -> Result<(), Refusal> {
    for item in items {
        if !seen.insert(item.title.as_str()) {
            let text = format!("Todo item title already exists among sibling todos: {}", item.title);
            return Err(Refusal::conflict(text));
        }
    }
    items.iter().try_for_each(|item| unique(&item.children, HashSet::new()))
}

fn insert(state: &mut State, who: &Member, set: &str, parent: Option<&str>, items: &[Item], now_ms: i64) {
    let mut order = state.next_order(set, parent);
    for item in items {
        let id = random::uuid();
        let mut todo = Todo::created(id.clone(), &who.team, set, &who.user, item.title.clone(), now_ms);
        todo.sort_order = order.clone();
        order = value::next_order(std::iter::once(&order));
        todo.parent = parent.map(Into::into);
        todo.completed = item.completed;
        todo.created_at = time::plain(now_ms);
        todo.updated_at = time::plain(now_ms);
        state.todos.push(todo);
        let comments = item.comments.iter().map(|text| Comment {
            id: random::uuid(),
            todo: id.clone(),
            user: who.user.clone(),
            body: text.clone(),
            created_at: time::plain(now_ms),
        });
        state.comments.extend(comments);
        insert(state, who, set, Some(&id), &item.children, now_ms);
    }
}

/// The todos of a set and their comments, each below what it belongs to.
struct Tree<'a> {
    state: &'a State,
    children: HashMap<Option<&'a str>, Vec<&'a Todo>>,
    comments: HashMap<&'a str, Vec<String>>,
}

impl<'a> Tree<'a> {
    fn of(state: &'a State, who: &Member, set: &str, with_comments: bool) -> Self {
        let mut tree = Self { state, children: HashMap::new(), comments: HashMap::new() };
        for todo in state.todos_of(&who.team, set) {
            tree.children.entry(todo.parent.as_deref()).or_default().push(todo);
        }
        for comment in state.comments.iter().filter(|_| with_comments) {
            tree.comments.entry(&comment.todo).or_default().push(comment.body.clone());
        }
        tree
    }

    fn items(&self, parent: Option<&str>, level: usize) -> Result<Vec<Item>, Refusal> {
        if level > DEEPEST {
            return Err(Refusal::Thrown("RangeError", "Maximum call stack size exceeded".into()));
        }
        let todos = self.children.get(&parent).map(Vec::as_slice).unwrap_or_default();
        todos.iter().map(|todo| self.item(todo, level)).collect()
    }

    fn item(&self, todo: &Todo, level: usize) -> Result<Item, Refusal> {
        Ok(Item {
            title: todo.title.clone(),
            completed: todo.completed,
            assignees: todo.assignees.iter().map(|id| self.state.person(id).name).collect(),
            comments: self.comments.get(todo.id.as_str()).cloned().unwrap_or_default(),
            children: self.items(Some(&todo.id), level + 1)?,
        })
    }
}
