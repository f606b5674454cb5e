//! What recorded identifiers are called in the servers at hand.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Recorded text to present text.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pairs: BTreeMap<String, String>,
}

impl Names {
    /// From now on `recorded` stands for `present`.
    pub fn put(&mut self, recorded: impl Into<String>, present: impl Into<String>) {
        self.pairs.insert(recorded.into(), present.into());
    }

    /// Whether two texts stand for each other: ids of one kind that are both new do from now on.
    pub fn pair(&mut self, recorded: &str, present: &str) -> bool {
        if let Some(known) = self.pairs.get(recorded) {
            return known == present;
        }
        let alike = is_identifier(recorded) && recorded.len() == present.len() && is_identifier(present);
        let free = alike && !self.pairs.values().any(|known| known == present);
        if free {
            self.put(recorded, present);
        }
        free
    }

    /// Recorded text with everything that has another name now replaced, longest names first.
    pub fn apply(&self, text: &str) -> String {
        let mut pairs: Vec<_> =
            self.pairs.iter().filter(|(recorded, _)| text.contains(recorded.as_str())).collect();
        pairs.sort_by_key(|(recorded, _)| std::cmp::Reverse(recorded.len()));
        pairs.into_iter().fold(text.to_owned(), |text, (recorded, present)| text.replace(recorded, present))
    }

    /// Learns the names of whatever identifiers stand in the same places of two answers.
    pub fn learn(&mut self, recorded: &Value, present: &Value) {
        match (recorded, present) {
            (Value::String(recorded), Value::String(present)) if is_identifier(recorded) => {
                self.put(recorded, present);
            }
            (Value::Object(recorded), Value::Object(present)) => {
                for (key, value) in recorded {
                    if let Some(other) = present.get(&self.apply(key)).or_else(|| present.get(key)) {
                        self.learn(value, other);
                    }
                }
                self.learn_key(recorded, present);
            }
            _ => {}
        }
    }

    /// Learns an id that is the name of a member, when it is the only one of both objects that is not known.
    fn learn_key(&mut self, recorded: &Map<String, Value>, present: &Map<String, Value>) {
        let unknown: Vec<&String> =
            recorded.keys().filter(|key| !present.contains_key(&self.apply(key))).collect();
        let known: Vec<String> = recorded.keys().map(|key| self.apply(key)).collect();
        let others: Vec<&String> = present.keys().filter(|key| !known.contains(key)).collect();
        if let ([recorded_key], [present_key]) = (unknown.as_slice(), others.as_slice())
            && self.pair(recorded_key, present_key)
            && let (Some(value), Some(other)) = (recorded.get(*recorded_key), present.get(*present_key))
        {
            self.learn(value, other);
        }
    }
}

/// UUIDs, Prism's hexadecimal ids, client ids, secrets and tokens.
fn is_identifier(text: &str) -> bool {
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let word = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    match text.len() {
        32 | 36 => hex,
        28 | 43 | 64 | 74 => word,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_that_name_members_are_learned() {
        let mut names = Names::default();
        let (recorded, present) = ("a".repeat(32), "b".repeat(32));
        let matrix = |id: &str, row: &str| json!({ "sets": { id: { "id": row } }, "ok": true });
        names.learn(&matrix(&recorded, &"c".repeat(32)), &matrix(&present, &"d".repeat(32)));
        assert_eq!(names.apply(&recorded), present);
        assert_eq!(names.apply(&"c".repeat(32)), "d".repeat(32));
    }
}
