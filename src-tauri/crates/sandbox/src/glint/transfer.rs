//! Import and export of what is in a set (contract §8.1). What an import brings is not checked before it is stored.

mod export;
mod nodes;

use serde_json::{Value, json};

pub(super) use self::export::export;
use self::nodes::{Target, distinct, insert};
use super::gate::Member;
use super::input::Input;
use super::refusal::{Answer, Refusal};
use super::state::State;
use super::{checklist, sets, yaml};
use crate::js::{self, d1, json_text};
use crate::random;
use crate::wire::{Call, Reply};

/// Deeper nesting is neither read nor written, so that no text can exhaust the stack.
const DEEPEST: usize = 100;
/// How the engine calls the name of a new set when it is no text.
const NAME: &str =
    "(body.setName || parsed.setName || (intermediate value)(intermediate value)(intermediate value))";
/// How the engine calls the id of a new set when it is no text.
const ID: &str = "(body.setId || parsed.setId || crypto.randomUUID(...))";

/// The three forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Markdown,
    Json,
    Yaml,
}

impl Format {
    /// The form of this name; every unknown name is Markdown.
    fn named(name: &str) -> Self {
        match name.to_lowercase().as_str() {
            "json" => Self::Json,
            "yaml" | "yml" => Self::Yaml,
            _ => Self::Markdown,
        }
    }

    /// Its name, also the end of the file's name.
    fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

/// A content that was parsed.
struct Parsed {
    format: Format,
    /// `None` stands for no todos at all.
    todos: Value,
    set_id: Option<Value>,
    set_name: Option<Value>,
}

/// `POST T/sets/:s/import`: the set may belong to another team, a missing one breaks the database's rules.
pub(super) fn import(state: &mut State, who: &Member, set: &str, call: &Call, now_ms: i64) -> Answer {
    who.must(state, "create_todos", Some(set), "No permission to import into this set")?;
    let input = Input::read(call, "content")?;
    let parsed = content(&input)?;
    distinct(&parsed.todos)?;
    if input.get("mode").and_then(Value::as_str) == Some("replace") {
        who.must(state, "manage_sets", Some(set), "No permission to replace set content")?;
        let team = who.team.clone();
        state.remove_todos(|todo| todo.set == set && todo.team == team);
    } else {
        let roots = nodes::titles(&parsed.todos)?;
        let there = |title: &&String| state.title_taken(&who.team, set, None, title, None);
        if let Some(title) = roots.iter().find(there) {
            return Err(nodes::taken(title));
        }
    }
    let count = nodes::length(&parsed.todos);
    let top = input.get("insertAt").and_then(Value::as_str) == Some("top");
    if top && count > 0 {
        make_room(state, who, set, count);
    }
    let target = Target { who, set, comments: js::truthy(input.get("includeComments")), now_ms };
    let first = top.then(|| Value::from(1));
    insert(state, &target, None, &parsed.todos, first)?;
    Ok(Reply::json(200, &json!({ "ok": true, "imported": count })))
}

/// `POST T/sets/import`: the content becomes a new set.
pub(super) fn import_new(state: &mut State, who: &Member, call: &Call, now_ms: i64) -> Answer {
    who.must(state, "manage_sets", None, "No permission to manage sets")?;
    let input = Input::read(call, "content")?;
    let parsed = content(&input)?;
    let unnamed = if parsed.format == Format::Markdown { "Imported Set" } else { "Imported" };
    let name = first_of([input.get("setName"), parsed.set_name.as_ref()], || json!(unnamed));
    let name = nonblank(&name, NAME, "Set name is required")?;
    if state.name_taken(&who.team, &name, None) {
        return Err(Refusal::conflict(sets::NAME_TAKEN));
    }
    let id = match parsed.format {
        Format::Markdown => random::uuid(),
        _ => {
            let sent = [input.get("setId"), parsed.set_id.as_ref()];
            nonblank(&first_of(sent, || json!(random::uuid())), ID, "Set id is required")?
        }
    };
    if state.set(&who.team, &id).is_some() {
        return Err(Refusal::conflict("Set id already exists"));
    }
    distinct(&parsed.todos)?;
    if state.sets.iter().any(|set| set.id == id) {
        return Err(Refusal::constraint("UNIQUE constraint failed: todo_sets.id", "PRIMARYKEY"));
    }
    let set = sets::add(state, who, id.clone(), name, now_ms);
    let target = Target { who, set: &id, comments: js::truthy(input.get("includeComments")), now_ms };
    insert(state, &target, None, &parsed.todos, None)?;
    let imported = nodes::length(&parsed.todos);
    Ok(Reply::json(201, &json!({ "ok": true, "imported": imported, "set": set })))
}

/// `a || b || otherwise`.
fn first_of(sent: [Option<&Value>; 2], otherwise: impl FnOnce() -> Value) -> Value {
    sent.into_iter().flatten().find(|value| js::truthy(Some(value))).cloned().unwrap_or_else(otherwise)
}

/// The trimmed text; `shown` is how the engine calls the value.
fn nonblank(value: &Value, shown: &str, blank: &str) -> Result<String, Refusal> {
    let text = super::input::trimmed(Some(value), shown)?;
    if text.is_empty() { Err(Refusal::bad(blank)) } else { Ok(text) }
}

fn content(input: &Input) -> Result<Parsed, Refusal> {
    input.required("content", "body.content")?.ok_or_else(|| Refusal::bad("Content is required"))?;
    let text = input.get("content").and_then(Value::as_str).unwrap_or_default();
    let format = match input.get("format").filter(|format| js::truthy(Some(format))) {
        None => Format::Markdown,
        Some(Value::String(name)) => Format::named(name),
        Some(_) => {
            let text = "(body.format || \"md\").toLowerCase is not a function";
            return Err(Refusal::type_error(text));
        }
    };
    parse(format, text).ok_or_else(|| Refusal::bad("Failed to parse import content"))
}

fn parse(format: Format, text: &str) -> Option<Parsed> {
    let value = match format {
        Format::Markdown => {
            let todos = Value::Array(checklist::read(text, DEEPEST)?);
            return Some(Parsed { format, todos, set_id: None, set_name: None });
        }
        Format::Json => json_text::parse(text).ok()?,
        Format::Yaml => yaml::read(text)?,
    };
    if value.is_null() || !shallow(&value, DEEPEST * 2) {
        return None;
    }
    let of_set = |name: &str| value.get("set").and_then(|set| set.get(name)).cloned();
    let todos = js::present(value.get("todos")).cloned().unwrap_or_else(|| json!([]));
    Some(Parsed { format, todos, set_id: of_set("id"), set_name: of_set("name") })
}

/// Whether the value nests at most this deep.
fn shallow(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| shallow(item, levels - 1)),
        Value::Object(members) => levels > 0 && members.values().all(|member| shallow(member, levels - 1)),
        _ => true,
    }
}

/// Moves the todos at the top of the set down by this many places.
fn make_room(state: &mut State, who: &Member, set: &str, places: usize) {
    let roots = state
        .todos
        .iter_mut()
        .filter(|todo| todo.set == set && todo.team == who.team && todo.parent.is_none());
    for todo in roots {
        todo.sort_order = d1::plus(&todo.sort_order, places);
    }
}
