//! Bodies of a capsule: JSON by its members, forms by their names, everything else by its kind alone.

use super::super::call::cut_error;
use super::allow::Allow;
use super::contents::What;
use super::stand_in::is_stand_in;
use super::terms::{is_known_text, is_known_word};
use super::vocabulary::{Class, class_of, is_word};
use crate::secret::is_id;
use serde_json::{Map, Value};

/// Longest list of which every entry stays; of a longer one those that the call mentions stay as well.
const MAX_ROWS: usize = 200;
/// Deepest nesting that is written.
const MAX_DEPTH: usize = 16;
/// Most values of one body.
const MAX_VALUES: usize = 3000;

impl Allow<'_> {
    /// A body with what is known alone.
    pub(super) fn body(&mut self, body: &str) -> String {
        self.room = MAX_VALUES;
        if let Ok(value) = serde_json::from_str::<Value>(body) {
            return self.json(value, None, 0).to_string();
        }
        let start = body.trim_start();
        if start.is_empty() || is_known_text(body.trim()) {
            return body.get(..200).unwrap_or(body).to_owned();
        }
        let lower: String = start.chars().take(15).collect::<String>().to_ascii_lowercase();
        let length = body.chars().count();
        self.counts.add(What::Body);
        if lower.starts_with("<!doctype html") {
            return format!("<!doctype html>‹{length}›");
        }
        if lower.starts_with("<html") {
            return format!("<html>‹{length}›");
        }
        if start.starts_with(['{', '[']) {
            return self.unreadable(body, length);
        }
        if is_form(body) {
            return self.pairs(body);
        }
        self.sentence(body)
    }

    /// JSON that is cut off or malformed, and still so; of one that was cut off the text of `error` stays.
    fn unreadable(&mut self, body: &str, length: usize) -> String {
        let quoted = |text: &str| {
            let quoted = Value::from(text).to_string();
            quoted.get(..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
        };
        match cut_error(body) {
            Some((text, true)) => format!("{{\"error\":{}\",‹{length}›", quoted(&self.sentence(&text))),
            Some((text, false)) => format!("{{\"error\":{}", quoted(&self.beginning(&text))),
            None if body.trim_start().starts_with('{') => format!("{{‹{length}›"),
            None => format!("[‹{length}›"),
        }
    }

    fn json(&mut self, value: Value, class: Option<Class>, depth: usize) -> Value {
        self.room = self.room.saturating_sub(1);
        match value {
            Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => {
                self.counts.add(What::Member);
                Value::Null
            }
            Value::Array(rows) => Value::Array(self.rows(rows, class, depth)),
            Value::Object(members) => Value::Object(self.members(members, class, depth)),
            Value::String(text) => match class {
                Some(class) => Value::String(self.value(class, &text)),
                // An element of a list that nobody knows may be anything, a password included.
                None if depth > 0 && !text.contains(' ') => Value::String(self.lone_word(&text)),
                None => Value::String(self.sentence(&text)),
            },
            Value::Number(number) => self.json_number(Value::Number(number), class),
            other => other,
        }
    }

    fn json_number(&mut self, number: Value, class: Option<Class>) -> Value {
        let minimised = self.frame.wanted.minimised;
        let small = number.as_i64().is_some_and(|number| (0..1000).contains(&number));
        match class {
            Some(Class::Time) => self.frame.clock.json(number),
            Some(Class::Number) => number,
            Some(Class::Word) if small || !minimised => number,
            Some(Class::Id) if !minimised => number,
            _ => {
                self.counts.add(What::Member);
                Value::from(0)
            }
        }
    }

    fn rows(&mut self, rows: Vec<Value>, class: Option<Class>, depth: usize) -> Vec<Value> {
        let many = rows.len() > MAX_ROWS;
        let (mut free, mut kept) = (MAX_ROWS, Vec::new());
        for row in rows {
            let mentioned = many && self.mentions(&row);
            if !mentioned && (free == 0 || self.room == 0) {
                self.counts.add(What::Member);
                continue;
            }
            free -= usize::from(!mentioned);
            kept.push(self.json(row, class, depth + 1));
        }
        kept
    }

    /// Whether a row of a long list holds an ID or a scope that the call, a small answer or the answer's needs name.
    fn mentions(&self, row: &Value) -> bool {
        match row {
            Value::String(text) => self.frame.mentioned.contains(text.as_str()) || self.is_needed(text),
            Value::Array(rows) => rows.iter().any(|row| self.mentions(row)),
            Value::Object(members) => members.iter().any(|(name, member)| {
                let names = matches!(class_of(name), Some(Class::Id | Class::Scopes));
                (names || !member.is_string()) && self.mentions(member)
            }),
            _ => false,
        }
    }

    fn members(
        &mut self,
        members: Map<String, Value>,
        class: Option<Class>,
        depth: usize,
    ) -> Map<String, Value> {
        let mut kept = Map::new();
        let was_empty = members.is_empty();
        for (name, member) in members {
            let (key, class) = match class_of(&name) {
                Some(known) => (name, known),
                // Flags have the names of permissions and settings.
                None if is_known_word(&name) && member.is_boolean() => (name, Class::Word),
                None if class == Some(Class::Map) => (self.key(&name), Class::Map),
                None => {
                    self.counts.add(What::Member);
                    continue;
                }
            };
            if self.room == 0 && !self.frame.mentioned.contains(&key) {
                self.counts.add(What::Member);
                continue;
            }
            let member = self.json(member, Some(class), depth + 1);
            kept.insert(key, member);
        }
        if kept.is_empty() && !was_empty && depth == 0 {
            // An answer with nothing in it would be another answer.
            kept.insert("left_out".to_owned(), Value::from("000000"));
        }
        kept
    }

    /// A key of a map by role, permission or ID.
    fn key(&mut self, name: &str) -> String {
        if is_known_word(name) || is_id(name) || is_stand_in(name) || self.is_kept(name) {
            return name.to_owned();
        }
        let cited = !self.frame.wanted.minimised && is_word(name) && self.frame.cited.contains(name);
        if cited || self.frame.mentioned.contains(name) {
            return self.id_part(name);
        }
        self.counts.add(What::Member);
        self.stand_in(name, "text")
    }
}

/// Whether a body is a form with at least one known field.
fn is_form(body: &str) -> bool {
    let pairs = || body.split('&').filter_map(|pair| pair.split_once('='));
    !body.trim().contains(['\n', '\r'])
        && pairs().any(|(name, _)| class_of(&crate::routes::percent_decoded(name)).is_some())
}
