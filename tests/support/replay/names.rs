//! What recorded identifiers are called in the servers at hand.

use serde_json::Value;
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
                    if let Some(other) = present.get(key) {
                        self.learn(value, other);
                    }
                }
            }
            _ => {}
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
