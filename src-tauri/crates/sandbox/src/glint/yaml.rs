//! The part of YAML that an export uses: block mappings and lists of plain or quoted scalars.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Deeper nesting than this is not read.
const DEEPEST: usize = 100;

/// The value as YAML.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    block(&mut out, value, 0);
    out
}

fn block(out: &mut String, value: &Value, indent: usize) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            for (index, (key, member)) in members.iter().enumerate() {
                let pad = if index == 0 && out.ends_with("- ") { "" } else { &pad };
                let _ = write!(out, "{pad}{key}:");
                member_block(out, member, indent + 2);
            }
        }
        Value::Array(items) => {
            for item in items {
                let _ = write!(out, "{pad}- ");
                match item {
                    Value::Object(_) => block(out, item, indent + 2),
                    _ => {
                        let _ = writeln!(out, "{}", scalar(item));
                    }
                }
            }
        }
        _ => {
            let _ = writeln!(out, "{pad}{}", scalar(value));
        }
    }
}

fn member_block(out: &mut String, member: &Value, indent: usize) {
    let empty = member.as_array().is_some_and(Vec::is_empty) || member.as_object().is_some_and(Map::is_empty);
    if empty || !(member.is_array() || member.is_object()) {
        let _ = writeln!(out, " {}", scalar(member));
    } else {
        out.push('\n');
        block(out, member, indent);
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if plain(text) => text.clone(),
        _ => value.to_string(),
    }
}

/// Whether the text can stand without quotes and come back as the same text.
fn plain(text: &str) -> bool {
    let opens = |c: char| c.is_whitespace() || "-?:,[]{}#&*!|>'\"%@`".contains(c);
    let breaks = text.contains(": ")
        || text.contains(" #")
        || text.ends_with([':', ' '])
        || text.contains(char::is_control);
    !text.is_empty()
        && !text.starts_with(opens)
        && !breaks
        && read_scalar(text) == Some(Value::String(text.into()))
}

/// Reads what [`write`] writes and what people write in its place; `None` for anything else.
pub(super) fn read(text: &str) -> Option<Value> {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .map(|line| (line.len() - line.trim_start_matches(' ').len(), line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#') && *line != "---")
        .collect();
    let mut reader = Reader { lines, at: 0 };
    let value = reader.value(0)?;
    (reader.at == reader.lines.len()).then_some(value)
}

struct Reader<'a> {
    lines: Vec<(usize, &'a str)>,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let (indent, line) = *self.lines.get(self.at)?;
        if line == "-" || line.starts_with("- ") {
            self.list(indent, depth)
        } else if key(line).is_some() {
            self.mapping(indent, depth)
        } else {
            self.at += 1;
            read_scalar(line)
        }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        while let Some((at, line)) = self.lines.get(self.at).copied().filter(|(at, _)| *at >= indent) {
            let rest = line
                .strip_prefix('-')
                .filter(|rest| at == indent && (rest.is_empty() || rest.starts_with(' ')))?;
            let inner = rest.trim_start();
            if inner.is_empty() {
                self.at += 1;
            } else if let Some(slot) = self.lines.get_mut(self.at) {
                // What follows the dash is the first line of a block of its own.
                *slot = (indent + line.len() - inner.len(), inner);
            }
            items.push(self.value(depth + 1)?);
        }
        Some(Value::Array(items))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        while let Some((at, line)) = self.lines.get(self.at).copied().filter(|(at, _)| *at >= indent) {
            let (name, rest) = key(line).filter(|_| at == indent)?;
            self.at += 1;
            let nested = self.lines.get(self.at).is_some_and(|(next, line)| {
                *next > indent || (*next == indent && (*line == "-" || line.starts_with("- ")))
            });
            let value = match rest {
                "" if nested => self.value(depth + 1)?,
                "" => Value::Null,
                _ => read_scalar(rest)?,
            };
            members.insert(name, value);
            let dash =
                self.lines.get(self.at).is_some_and(|(next, line)| *next == indent && line.starts_with('-'));
            if dash {
                break;
            }
        }
        Some(Value::Object(members))
    }
}

/// `name: rest` or `name:`.
fn key(line: &str) -> Option<(String, &str)> {
    if line.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    let (name, rest) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|name| (name, "")))?;
    Some((name.trim().to_owned(), rest.trim()))
}

fn read_scalar(text: &str) -> Option<Value> {
    match text {
        "[]" => Some(Value::Array(Vec::new())),
        "{}" => Some(Value::Object(Map::new())),
        "~" | "null" => Some(Value::Null),
        _ if text.starts_with('"') => serde_json::from_str(text).ok(),
        _ if text.starts_with('\'') => {
            let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(Value::String(inner.replace("''", "'")))
        }
        _ if text.starts_with(['[', '{', '&', '*', '!', '|', '>', '%', '@', '`']) => None,
        _ => Some(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_come_back_whole() {
        let value = json!({
            "version": 1,
            "set": { "id": null, "name": "Tea: the \"good\" kind" },
            "todos": [
                { "title": "- dashed", "completed": true, "comments": ["# not a comment", "true", "12", ""] },
                { "title": "Plain", "completed": false, "children": [{ "title": "Below", "completed": false }] },
            ],
            "empty": [],
        });
        assert_eq!(read(&write(&value)), Some(value));
    }

    #[test]
    fn plain_text_stays_plain() {
        let value = json!({ "todos": [{ "title": "Loose leaf, 500 g", "comments": ["With lemon"] }] });
        assert_eq!(
            write(&value),
            "todos:\n  - title: Loose leaf, 500 g\n    comments:\n      - With lemon\n"
        );
    }

    #[test]
    fn broken_text_is_refused() {
        for text in ["", "a: [1", "- a\n b: c\n- d", "a: |\n  text", "{a: 1}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep: String = (0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert_eq!(read(&deep), None);
    }
}
