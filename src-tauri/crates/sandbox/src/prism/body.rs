//! Request bodies read as leniently, and as harshly, as the real server reads them (contract §1, failure texts).

use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The members of a JSON body. Anything that is not an object counts as an object without members.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a JSON body as the Fetch standard does: a byte order mark is skipped, broken UTF-8 replaced, the content
    /// type not looked at.
    ///
    /// # Errors
    /// The bare 500 for malformed or empty text and for `null`.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let text = String::from_utf8_lossy(body);
        match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(Value::Null) | Err(_) => Err(Refusal::internal()),
            Ok(_) => Ok(Self(Map::new())),
        }
    }

    /// A text member; absent, `null`, `false` and `0` are all no text.
    ///
    /// # Errors
    /// The bare 500 for any other type.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        match self.0.get(key) {
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(value) if truthy(value) => Err(Refusal::internal()),
            _ => Ok(None),
        }
    }

    /// A list-of-texts member; absent and `null` are no list.
    ///
    /// # Errors
    /// The bare 500 for any other type, or another type inside.
    pub(super) fn list(&self, key: &str) -> Result<Option<Vec<String>>, Refusal> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => {
                let texts: Option<Vec<String>> =
                    items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                texts.map(Some).ok_or_else(Refusal::internal)
            }
            Some(_) => Err(Refusal::internal()),
        }
    }

    /// A switch; any truthy value is on, `None` when the member is absent.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key).map(truthy)
    }

    /// A whole number; anything else counts as absent.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.0.get(key).and_then(Value::as_i64)
    }

    /// Whether the member is there at all.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

/// What the server's language takes for true.
fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(n) => n.as_f64().is_some_and(|n| n != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
