//! Request bodies as Prism's untyped code reads them: any JSON but `null`, until a method or an operator fails
//! (contract §1, failure texts). Every failure is the bare 500.

use serde_json::Value;

use super::refusal::Refusal;
use crate::js::{self, d1, json_text};

/// The JSON of a request. Anything that is not an object has no members.
pub(super) struct Fields(Value);

impl Fields {
    /// Reads a JSON body as the Fetch standard does: a byte order mark is skipped, broken UTF-8 replaced, the content
    /// type not looked at.
    ///
    /// # Errors
    /// The bare 500 for malformed or empty text and for `null`.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let value = json_text::body(body).map_err(|_| Refusal::internal())?;
        if value.is_null() { Err(Refusal::internal()) } else { Ok(Self(value)) }
    }

    /// A member; `None` stands for `undefined`.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Whether the member is there at all.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the member counts as true.
    pub(super) fn on(&self, key: &str) -> bool {
        js::truthy(self.get(key))
    }

    /// A switch; any truthy value is on, `None` when the member is absent.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).map(|value| js::truthy(Some(value)))
    }

    /// `value?.trim()`; `None` when there is nothing.
    ///
    /// # Errors
    /// The bare 500 for any other type.
    pub(super) fn trimmed(&self, key: &str) -> Result<Option<String>, Refusal> {
        match js::present(self.get(key)) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(js::trim(text).to_owned())),
            Some(_) => Err(Refusal::internal()),
        }
    }

    /// What a text column keeps of the member; `None` when there is nothing.
    ///
    /// # Errors
    /// The bare 500 for what the database takes no parameter from.
    pub(super) fn column(&self, key: &str) -> Result<Option<String>, Refusal> {
        js::present(self.get(key)).map(column).transpose()
    }

    /// A list-of-texts member; `None` when there is nothing.
    ///
    /// # Errors
    /// The bare 500 for any other type, or another type inside.
    pub(super) fn list(&self, key: &str) -> Result<Option<Vec<String>>, Refusal> {
        js::present(self.get(key)).map(texts).transpose()
    }
}

/// What a text column keeps of a value.
///
/// # Errors
/// The bare 500 for what the database takes no parameter from.
pub(super) fn column(value: &Value) -> Result<String, Refusal> {
    let bound = d1::bind(Some(value)).map_err(|_| Refusal::internal())?;
    Ok(js::string(Some(&d1::text(bound))))
}

/// A list of nothing but texts, on each of which a method of texts is called.
pub(super) fn texts(value: &Value) -> Result<Vec<String>, Refusal> {
    let items = value.as_array().ok_or_else(Refusal::internal)?;
    let text = |item: &Value| item.as_str().map(str::to_owned).ok_or_else(Refusal::internal);
    items.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Fields {
        Fields::parse(body.as_bytes()).unwrap()
    }

    #[test]
    fn only_null_and_broken_text_fail_at_once() {
        assert!(["", "null", "{", "\u{feff}"].iter().all(|body| Fields::parse(body.as_bytes()).is_err()));
        assert!(["[]", "5", "\"x\"", "true"].iter().all(|body| !fields(body).has("name")));
    }

    #[test]
    fn numbers_become_texts_in_text_columns_and_have_no_trim() {
        let sent = fields("{\"a\": 5, \"b\": true, \"c\": {}, \"d\": null}");
        assert_eq!(sent.column("a"), Ok(Some("5.0".into())));
        assert_eq!(sent.column("b"), Ok(Some("1.0".into())));
        assert!(sent.column("c").is_err() && sent.trimmed("a").is_err());
        assert_eq!((sent.column("d"), sent.trimmed("d"), sent.column("e")), (Ok(None), Ok(None), Ok(None)));
    }
}
