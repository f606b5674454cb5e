//! A set as a Markdown checklist: `- [ ] title` lines, nested by their indentation, comments as quoted lines below.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::js;

/// The todos as text; the last line has no end.
pub(super) fn write(todos: &[Value]) -> String {
    let mut out = String::new();
    lines(&mut out, todos, 0);
    out.pop();
    out
}

fn lines(out: &mut String, todos: &[Value], depth: usize) {
    let indent = "  ".repeat(depth);
    let list = |todo: &Value, name: &str| match todo.get(name) {
        Some(Value::Array(items)) => items.clone(),
        _ => Vec::new(),
    };
    for todo in todos {
        let mark = if js::truthy(todo.get("completed")) { 'x' } else { ' ' };
        let _ = writeln!(out, "{indent}- [{mark}] {}", js::string(todo.get("title")));
        let names: Vec<String> =
            list(todo, "assigneeNames").iter().map(|name| js::string(Some(name))).collect();
        if !names.is_empty() {
            let _ = writeln!(out, "{indent}  > assigned: {}", names.join(", "));
        }
        for comment in list(todo, "comments") {
            let _ = writeln!(out, "{indent}  > {}", js::string(Some(&comment)));
        }
        lines(out, &list(todo, "children"), depth + 1);
    }
}

/// The todos of a text, of which all other lines are skipped; `None` when they nest deeper than `deepest`.
pub(super) fn read(text: &str, deepest: usize) -> Option<Vec<Value>> {
    let mut roots = Vec::new();
    let mut open: Vec<(usize, Map<String, Value>)> = Vec::new();
    for line in text.split('\n') {
        if let Some((indent, completed, title)) = item(line) {
            close(&mut roots, &mut open, indent);
            if open.len() >= deepest {
                return None;
            }
            let mut todo = Map::new();
            todo.insert("title".into(), json!(title));
            todo.insert("completed".into(), json!(completed));
            open.push((indent, todo));
        } else if let (Some(comment), Some((_, todo))) = (comment(line), open.last_mut()) {
            append(todo, "comments", json!(comment));
        }
    }
    close(&mut roots, &mut open, 0);
    Some(roots)
}

/// Ends every open todo that is indented at least this far.
fn close(roots: &mut Vec<Value>, open: &mut Vec<(usize, Map<String, Value>)>, indent: usize) {
    while let Some((_, done)) = open.pop_if(|(at, _)| *at >= indent) {
        match open.last_mut() {
            Some((_, above)) => append(above, "children", Value::Object(done)),
            None => roots.push(Value::Object(done)),
        }
    }
}

fn append(todo: &mut Map<String, Value>, name: &str, value: Value) {
    if let Value::Array(items) = todo.entry(name).or_insert_with(|| json!([])) {
        items.push(value);
    }
}

/// `^(\s*)[-*]\s+\[([xX ])\]\s+(.+)$`
fn item(line: &str) -> Option<(usize, bool, &str)> {
    let unindented = line.trim_start_matches(js::is_space);
    let indent = line.strip_suffix(unindented).map_or(0, |head| head.encode_utf16().count());
    let rest = spaces(unindented.strip_prefix(['-', '*'])?)?.strip_prefix('[')?;
    let completed = match rest.chars().next()? {
        'x' | 'X' => true,
        ' ' => false,
        _ => return None,
    };
    let rest = rest.get(1..)?.strip_prefix(']')?;
    let title = spaces(rest).filter(|title| !title.is_empty());
    // With nothing but white space behind the box, its last character is the title, which is then trimmed.
    let title = title.or_else(|| (rest.chars().count() > 1 && spaces(rest).is_some()).then_some(""))?;
    (!title.contains(line_end)).then(|| (indent, completed, js::trim(title)))
}

/// `^\s*>\s?(.*)$`
fn comment(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(js::is_space).strip_prefix('>')?;
    let text = rest.strip_prefix(js::is_space).unwrap_or(rest);
    (!text.contains(line_end)).then_some(text)
}

/// What follows at least one white space character.
fn spaces(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(js::is_space);
    (rest.len() < text.len()).then_some(rest)
}

/// What a dot of an expression does not stand for.
fn line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANTRY: &str = "- [ ] Order scones\n- [x] Buy tea\n  > Bergamot\n  - [ ] Loose leaf, 500 g";

    fn pantry() -> Vec<Value> {
        let leaf = json!({"title": "Loose leaf, 500 g", "completed": false});
        let tea =
            json!({"title": "Buy tea", "completed": true, "comments": ["Bergamot"], "children": [leaf]});
        vec![json!({"title": "Order scones", "completed": false}), tea]
    }

    #[test]
    fn a_checklist_is_written_and_read() {
        assert_eq!(write(&pantry()), PANTRY);
        assert_eq!(read(PANTRY, 9), Some(pantry()));
        assert_eq!(write(&[]), "");
    }

    #[test]
    fn names_of_assignees_come_back_as_a_comment() {
        let todos = [json!({"title": "a", "completed": false, "assigneeNames": ["Mia", "Omar"]})];
        let text = write(&todos);
        assert_eq!(text, "- [ ] a\n  > assigned: Mia, Omar");
        let read = read(&text, 9).unwrap_or_default();
        assert_eq!(read, [json!({"title": "a", "completed": false, "comments": ["assigned: Mia, Omar"]})]);
    }

    #[test]
    fn only_lines_with_a_box_count() {
        for line in
            ["* star", "1. num", "- plain", "- [] a", "- [y] a", "-[ ] a", "- [ ]a", "- [ ] ", "- [ ] a\r"]
        {
            assert_eq!(read(line, 9), Some(Vec::new()), "{line:?}");
        }
        let titles = |text: &str| read(text, 9).map(|todos| todos.len());
        assert_eq!(titles("*   [X]\ta\n\u{a0}- [ ]  "), Some(1));
        assert_eq!(titles("- [ ]  \n- [ ] b"), Some(2));
    }

    #[test]
    fn nesting_is_bounded() {
        let nested =
            |levels: usize| (0..levels).map(|n| format!("{}- [ ] {n}\n", " ".repeat(n))).collect::<String>();
        assert!(read(&nested(9), 9).is_some());
        assert!(read(&nested(10), 9).is_none());
    }
}
