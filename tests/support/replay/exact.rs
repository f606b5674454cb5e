//! Whether two answers are the same value by value, where ids that are new in both stand for each other.

use super::{Names, Response};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a page's body was recorded as.
const PAGE: &str = "(a page; not compared)";
/// Members that differ from run to run: stack traces and key material.
const NOT_COMPARED: [&str; 3] = ["stack", "n", "kid"];
/// Unix times, in seconds or milliseconds, are numbers above this.
const UNIX_TIME: f64 = 1e9;

/// One comparison, which learns what new ids are called.
pub struct Comparison<'a> {
    names: &'a mut Names,
    unordered: bool,
    found: Vec<String>,
}

impl<'a> Comparison<'a> {
    /// A comparison; `unordered` when lists are sets.
    pub fn new(names: &'a mut Names, unordered: bool) -> Self {
        Self { names, unordered, found: Vec::new() }
    }

    /// In what the present answer differs from the recorded one; nothing when they agree.
    pub fn answers(mut self, recorded: &Response, present: &Response) -> Vec<String> {
        if recorded.status != present.status {
            self.found.push(format!("status {:?}, recorded {:?}", present.status, recorded.status));
        }
        for (name, value) in &recorded.headers {
            let present = present.headers.get(name).cloned().unwrap_or_default();
            let agree = match name.as_str() {
                "content-type" => media_type(value) == media_type(&present),
                _ => self.texts(value, &present),
            };
            if !agree {
                self.found.push(format!("{name} `{present}`, recorded `{value}`"));
            }
        }
        let streams = recorded.headers.get("content-type").is_some_and(|kind| kind.contains("event-stream"));
        if recorded.body == PAGE {
            return self.found;
        }
        if streams && recorded.body.is_number() {
            // Of a stream the length of its first piece was recorded.
            let length = present.body.as_str().map(str::len);
            if recorded.body.as_u64().and_then(|length| usize::try_from(length).ok()) != length {
                self.found.push(format!("a first piece of {length:?} bytes, recorded {}", recorded.body));
            }
            return self.found;
        }
        self.values(&recorded.body, &present.body, "");
        self.found
    }

    fn values(&mut self, recorded: &Value, present: &Value, place: &str) {
        match (recorded, present) {
            (Value::Object(recorded), Value::Object(present)) => self.objects(recorded, present, place),
            (Value::Array(recorded), Value::Array(present)) if recorded.len() == present.len() => {
                self.lists(recorded, present, place);
            }
            (Value::String(recorded), Value::String(present)) => {
                if !self.texts(recorded, present) {
                    self.found.push(format!("`{place}` is {present:?}, recorded {recorded:?}"));
                }
            }
            (Value::Number(a), Value::Number(b)) => {
                let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
                if a != b && (a < UNIX_TIME || b < UNIX_TIME) {
                    self.found.push(format!("`{place}` is {b}, recorded {a}"));
                }
            }
            _ if recorded == present => {}
            _ => self.found.push(format!("`{place}` is {present}, recorded {recorded}")),
        }
    }

    fn objects(
        &mut self,
        recorded: &serde_json::Map<String, Value>,
        present: &serde_json::Map<String, Value>,
        place: &str,
    ) {
        let named: BTreeMap<String, &Value> =
            recorded.iter().map(|(key, value)| (self.names.apply(key), value)).collect();
        for (key, value) in &named {
            match present.get(key) {
                None => self.found.push(format!("`{place}.{key}` is gone")),
                Some(_) if NOT_COMPARED.contains(&key.as_str()) => {}
                Some(other) => self.values(value, other, &format!("{place}.{key}")),
            }
        }
        let new = present.keys().filter(|key| !named.contains_key(*key));
        self.found.extend(new.map(|key| format!("`{place}.{key}` is new")));
    }

    fn lists(&mut self, recorded: &[Value], present: &[Value], place: &str) {
        let mut rest: Vec<&Value> = present.iter().collect();
        for (at, value) in recorded.iter().enumerate() {
            let place = format!("{place}[{at}]");
            let same = rest.iter().position(|other| self.unordered && self.would_agree(value, other));
            let other = rest.remove(same.unwrap_or_default());
            self.values(value, other, &place);
        }
    }

    fn would_agree(&self, recorded: &Value, present: &Value) -> bool {
        let mut names = self.names.clone();
        let mut trial = Comparison { names: &mut names, unordered: true, found: Vec::new() };
        trial.values(recorded, present, "");
        trial.found.is_empty()
    }

    /// Texts are the same when their words are, ids and times by what they stand for.
    fn texts(&mut self, recorded: &str, present: &str) -> bool {
        if self.names.apply(recorded) == present
            || time_form(recorded).is_some_and(|form| time_form(present) == Some(form))
        {
            return true;
        }
        if let Some((head, rest)) = recorded.split_once("{new:") {
            return self.new_secret(head, rest, present);
        }
        let (words, others): (Vec<&str>, Vec<&str>) = (parts(recorded), parts(present));
        words.len() == others.len() && words.iter().zip(others).all(|(word, other)| self.words(word, other))
    }

    /// `{new:KIND:N}` stands for whatever secret is in its place.
    fn new_secret(&mut self, head: &str, rest: &str, present: &str) -> bool {
        let Some((name, tail)) = rest.split_once('}') else { return false };
        let (head, tail) = (self.names.apply(head), self.names.apply(tail));
        let secret = present.strip_prefix(&head).and_then(|rest| rest.strip_suffix(&tail));
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let Some(secret) = secret.filter(|secret| !secret.is_empty() && secret.chars().all(word)) else {
            return false;
        };
        self.names.put(format!("{{new:{name}}}"), secret);
        true
    }

    fn words(&mut self, recorded: &str, present: &str) -> bool {
        self.names.apply(recorded) == present || self.names.pair(recorded, present)
    }
}

fn media_type(text: &str) -> String {
    text.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// The runs of word characters of a text and the characters between them.
fn parts(text: &str) -> Vec<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if word(first) { rest.find(|c| !word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (part, further) = rest.split_at(end);
        parts.push(part);
        rest = further;
    }
    parts
}

/// The text with every digit as a zero, when it is a time in one of the two forms.
fn time_form(text: &str) -> Option<String> {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    matches!(form.as_str(), "0000-00-00 00:00:00" | "0000-00-00T00:00:00.000Z").then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn differ(names: &mut Names, recorded: Value, present: Value) -> usize {
        let answer = |body| Response { status: Some(200), headers: BTreeMap::new(), body };
        Comparison::new(names, false).answers(&answer(recorded), &answer(present)).len()
    }

    #[test]
    fn a_new_id_stands_for_one_other_id() {
        let mut names = Names::default();
        let (a, b) = ("a".repeat(32), "b".repeat(32));
        assert_eq!(differ(&mut names, json!({"id": a}), json!({"id": b})), 0);
        assert_eq!(differ(&mut names, json!({"id": a}), json!({"id": "c".repeat(32)})), 1);
        assert_eq!(differ(&mut names, json!({"id": "d".repeat(32)}), json!({"id": b})), 1);
        assert_eq!(differ(&mut names, json!({a.clone(): true}), json!({b.clone(): true})), 0);
        assert_eq!(
            differ(&mut names, json!({"text": format!("see {a}.")}), json!({"text": format!("see {b}.")})),
            0
        );
    }

    #[test]
    fn everything_else_is_compared() {
        let pairs = [
            (json!({"a": 1}), json!({"a": 2})),
            (json!({"a": 1}), json!({"a": "1"})),
            (json!({"a": 1}), json!({})),
            (json!({}), json!({"a": 1})),
            (json!([1, 2]), json!([2, 1])),
            (json!("2026-11-30 10:00:00"), json!("2026-11-30T10:00:00.000Z")),
        ];
        for (recorded, present) in pairs {
            assert_ne!(differ(&mut Names::default(), recorded, present), 0);
        }
        let same = [
            (json!("2026-11-30 10:00:00"), json!("2027-01-01 00:00:00")),
            (json!({"created_at": 1_700_000_000}), json!({"created_at": 1_800_000_000})),
            (json!({"stack": "a"}), json!({"stack": "b"})),
        ];
        for (recorded, present) in same {
            assert_eq!(differ(&mut Names::default(), recorded, present), 0);
        }
    }
}
