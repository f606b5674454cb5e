//! The contents of a set as text: a Markdown checklist, JSON or YAML, written and read (contract §8.1, export and import).

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::yaml;

/// Deeper nesting is neither read nor written, so that no text can exhaust the stack.
pub(super) const DEEPEST: usize = 100;

/// One todo of an outline with everything under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) completed: bool,
    pub(super) assignees: Vec<String>,
    pub(super) comments: Vec<String>,
    pub(super) children: Vec<Item>,
}

/// A set and its todos.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    pub(super) set_id: Option<String>,
    pub(super) set_name: Option<String>,
    pub(super) items: Vec<Item>,
}

/// The three forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Markdown,
    Json,
    Yaml,
}

impl Format {
    /// The form of this name; every unknown name is Markdown.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "json" => Self::Json,
            "yaml" => Self::Yaml,
            _ => Self::Markdown,
        }
    }

    /// Its name, also the end of the file's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

impl Outline {
    /// The outline as text.
    pub(super) fn write(&self, format: Format) -> String {
        match format {
            Format::Markdown => {
                let mut out = String::new();
                checklist(&mut out, &self.items, 0);
                out.truncate(out.trim_end_matches('\n').len());
                out
            }
            Format::Json => serde_json::to_string_pretty(&self.to_value()).unwrap_or_default(),
            Format::Yaml => yaml::write(&self.to_value()),
        }
    }

    /// Reads text of this form; `None` when it is not of it.
    pub(super) fn read(format: Format, text: &str) -> Option<Self> {
        match format {
            Format::Markdown => Some(Self { items: read_checklist(text)?, ..Self::default() }),
            Format::Json => Self::from_value(&serde_json::from_str(text).ok()?),
            Format::Yaml => Self::from_value(&yaml::read(text)?),
        }
    }

    fn to_value(&self) -> Value {
        json!({
            "version": 1,
            "set": { "id": self.set_id, "name": self.set_name },
            "todos": self.items.iter().map(item_value).collect::<Vec<Value>>(),
        })
    }

    fn from_value(value: &Value) -> Option<Self> {
        let todos = value.get("todos").unwrap_or(value).as_array()?;
        let text = |name: &str| {
            value.get("set").and_then(|set| set.get(name)).and_then(Value::as_str).map(Into::into)
        };
        let items = todos.iter().map(value_item).collect::<Option<_>>()?;
        Some(Self { set_id: text("id"), set_name: text("name"), items })
    }
}

fn item_value(item: &Item) -> Value {
    let mut value = Map::new();
    value.insert("title".into(), json!(item.title));
    value.insert("completed".into(), json!(item.completed));
    if !item.assignees.is_empty() {
        value.insert("assigneeNames".into(), json!(item.assignees));
    }
    if !item.comments.is_empty() {
        value.insert("comments".into(), json!(item.comments));
    }
    if !item.children.is_empty() {
        value.insert("children".into(), item.children.iter().map(item_value).collect());
    }
    Value::Object(value)
}

fn value_item(value: &Value) -> Option<Item> {
    let list = |name: &str| value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let texts = |name: &str| list(name).iter().filter_map(Value::as_str).map(Into::into).collect();
    Some(Item {
        title: value.get("title")?.as_str()?.trim().to_owned(),
        completed: value.get("completed").is_some_and(super::value::truthy),
        assignees: texts("assigneeNames"),
        comments: texts("comments"),
        children: list("children").iter().map(value_item).collect::<Option<_>>()?,
    })
}

fn checklist(out: &mut String, items: &[Item], depth: usize) {
    let indent = "  ".repeat(depth);
    for item in items {
        let mark = if item.completed { 'x' } else { ' ' };
        let _ = writeln!(out, "{indent}- [{mark}] {}", item.title);
        if !item.assignees.is_empty() {
            let _ = writeln!(out, "{indent}  > assigned: {}", item.assignees.join(", "));
        }
        for line in item.comments.iter().flat_map(|comment| comment.lines()) {
            let _ = writeln!(out, "{indent}  > {line}");
        }
        checklist(out, &item.children, depth + 1);
    }
}

/// Reads `- [ ] title` lines, nested by their indentation; quoted lines belong to the todo above; the rest is skipped.
fn read_checklist(text: &str) -> Option<Vec<Item>> {
    let mut flat: Vec<(usize, Item)> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some((completed, title)) = checkbox(trimmed) {
            flat.push((
                line.len() - trimmed.len(),
                Item { title: title.into(), completed, ..Item::default() },
            ));
        } else if let (Some(quote), Some((_, item))) = (trimmed.strip_prefix('>'), flat.last_mut()) {
            match quote.trim().strip_prefix("assigned:") {
                Some(names) => item.assignees = names.split(',').map(|name| name.trim().to_owned()).collect(),
                None => item.comments.push(quote.trim().to_owned()),
            }
        }
    }
    (depth(&flat) <= DEEPEST).then(|| nest(flat))
}

/// How deep the items will hang.
fn depth(flat: &[(usize, Item)]) -> usize {
    let mut open: Vec<usize> = Vec::new();
    let mut deepest = 0;
    for (indent, _) in flat {
        while open.pop_if(|above| *above >= *indent).is_some() {}
        open.push(*indent);
        deepest = deepest.max(open.len());
    }
    deepest
}

/// Hangs every item below the nearest one before it that is indented less.
fn nest(flat: Vec<(usize, Item)>) -> Vec<Item> {
    let mut waiting: Vec<(usize, Item)> = Vec::new();
    for (indent, mut item) in flat.into_iter().rev() {
        while let Some((_, child)) = waiting.pop_if(|(below, _)| *below > indent) {
            item.children.push(child);
        }
        waiting.push((indent, item));
    }
    waiting.into_iter().rev().map(|(_, item)| item).collect()
}

fn checkbox(line: &str) -> Option<(bool, &str)> {
    let rest = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))?.trim_start();
    let (mark, title) = rest.strip_prefix('[')?.split_once(']')?;
    let title = title.trim();
    (mark.trim().len() <= 1 && !title.is_empty()).then_some((mark.eq_ignore_ascii_case("x"), title))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANTRY: &str =
        "- [ ] Order scones\n- [x] Buy tea\n  > assigned: Mia\n  > Bergamot\n  - [ ] Loose leaf, 500 g";

    fn pantry() -> Outline {
        let leaf = Item { title: "Loose leaf, 500 g".into(), ..Item::default() };
        let tea = Item {
            title: "Buy tea".into(),
            completed: true,
            assignees: vec!["Mia".into()],
            comments: vec!["Bergamot".into()],
            children: vec![leaf],
        };
        let scones = Item { title: "Order scones".into(), ..Item::default() };
        Outline { set_id: Some("f1d7".into()), set_name: Some("Pantry".into()), items: vec![scones, tea] }
    }

    #[test]
    fn a_checklist_is_written_and_read() {
        assert_eq!(pantry().write(Format::Markdown), PANTRY);
        assert_eq!(Outline::read(Format::Markdown, PANTRY).map(|read| read.items), Some(pantry().items));
    }

    #[test]
    fn json_and_yaml_come_back_whole() {
        for format in [Format::Json, Format::Yaml] {
            assert_eq!(Outline::read(format, &pantry().write(format)), Some(pantry()), "{format:?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested =
            |levels: usize| (0..levels).map(|n| format!("{}- [ ] {n}\n", " ".repeat(n))).collect::<String>();
        assert!(Outline::read(Format::Markdown, &nested(DEEPEST)).is_some());
        assert!(Outline::read(Format::Markdown, &nested(DEEPEST + 1)).is_none());
    }

    #[test]
    fn what_is_no_outline_is_refused() {
        for text in ["{", "{}", "{\"todos\": 1}", "{\"todos\": [{\"title\": 1}]}"] {
            assert_eq!(Outline::read(Format::Json, text), None, "{text}");
        }
    }
}
