//! The export of a set.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{DEEPEST, Format};
use crate::glint::gate::Member;
use crate::glint::refusal::{Answer, Refusal};
use crate::glint::state::{Comment, State, Todo};
use crate::glint::{assignees, checklist, yaml};
use crate::wire::{Call, Reply};

/// `GET T/sets/:s/export?format=&includeComments=`: comments with the value `1` only.
pub(in crate::glint) fn export(state: &State, who: &Member, id: &str, call: &Call) -> Answer {
    who.must(state, "view_todos", Some(id), "No permission to export this set")?;
    let set = state.set(&who.team, id).ok_or_else(|| Refusal::missing("Set not found"))?;
    let format = Format::named(&call.query_value("format").unwrap_or_default());
    let with_comments = call.query_value("includeComments").as_deref() == Some("1");
    let tree = Tree::of(state, who, id, with_comments);
    let todos = tree.items(&tree.roots, 0)?;
    let content = match format {
        Format::Markdown => checklist::write(&todos),
        _ => {
            let set = json!({ "id": set.id, "name": set.name });
            let whole = json!({ "version": 1, "set": set, "todos": todos });
            match format {
                Format::Yaml => yaml::write(&whole),
                _ => serde_json::to_string_pretty(&whole).unwrap_or_default(),
            }
        }
    };
    let file = format!("{}.{}", file_name(&set.name), format.name());
    Ok(Reply::json(200, &json!({ "format": format.name(), "fileName": file, "content": content })))
}

/// The name with `_` for every other character than letters, digits, `-` and `_`.
fn file_name(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.chars().map(|c| if kept(c) { c.to_string() } else { "_".repeat(c.len_utf16()) }).collect()
}

/// The todos of a set and their comments, each below what it belongs to.
struct Tree<'a> {
    state: &'a State,
    who: &'a Member,
    /// Those whose parent is not in the set.
    roots: Vec<&'a Todo>,
    children: HashMap<&'a str, Vec<&'a Todo>>,
    comments: HashMap<&'a str, Vec<&'a Comment>>,
}

impl<'a> Tree<'a> {
    fn of(state: &'a State, who: &'a Member, set: &str, with_comments: bool) -> Self {
        let (roots, children, comments) = (Vec::new(), HashMap::new(), HashMap::new());
        let mut tree = Self { state, who, roots, children, comments };
        let todos = state.todos_of(&who.team, set);
        let ids: HashSet<&str> = todos.iter().map(|todo| todo.id.as_str()).collect();
        for todo in todos {
            match todo.parent.as_deref().filter(|parent| ids.contains(parent)) {
                Some(parent) => tree.children.entry(parent).or_default().push(todo),
                None => tree.roots.push(todo),
            }
        }
        for comment in state.comments.iter().filter(|_| with_comments) {
            tree.comments.entry(&comment.todo).or_default().push(comment);
        }
        for comments in tree.comments.values_mut() {
            comments.sort_by(|a, b| a.created_at.cmp(&b.created_at));
        }
        tree
    }

    fn items(&self, todos: &[&Todo], level: usize) -> Result<Vec<Value>, Refusal> {
        if level > DEEPEST {
            return Err(Refusal::Thrown("RangeError", "Maximum call stack size exceeded".into()));
        }
        todos.iter().map(|todo| self.item(todo, level)).collect()
    }

    fn item(&self, todo: &Todo, level: usize) -> Result<Value, Refusal> {
        let mut item = Map::new();
        item.insert("title".into(), json!(todo.title));
        item.insert("completed".into(), json!(todo.completed));
        let names =
            if self.state.deployment.migrations { assignees::names(todo, self.who) } else { Vec::new() };
        if !names.is_empty() {
            item.insert("assigneeNames".into(), json!(names));
        }
        let comments = self.comments.get(todo.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        if !comments.is_empty() {
            item.insert("comments".into(), comments.iter().map(|comment| json!(comment.body)).collect());
        }
        if let Some(children) = self.children.get(todo.id.as_str()) {
            item.insert("children".into(), Value::Array(self.items(children, level + 1)?));
        }
        Ok(Value::Object(item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_letters_digits_and_two_signs() {
        assert_eq!(file_name("Tea & cake-1_x"), "Tea___cake-1_x");
        assert_eq!(file_name("团队🍵"), "____");
    }
}
