//! Request bodies as Glint's untyped code reads them: any JSON is taken until a method is missing (contract §8.4).

use serde_json::Value;

use super::refusal::Refusal;
use crate::js::{self, json_text};
use crate::wire::Call;

/// The JSON of a request.
#[derive(Clone, Debug)]
pub(super) struct Input(Value);

impl Input {
    /// A body of which the route takes members apart, `first` first: `const {first, …} = …`.
    pub(super) fn destructured(call: &Call, first: &str) -> Result<Self, Refusal> {
        let body = parsed(call)?;
        if body.is_null() {
            let text =
                format!("Cannot destructure property '{first}' of '(intermediate value)' as it is null.");
            return Err(Refusal::type_error(text));
        }
        Ok(Self(body))
    }

    /// A body of which the route reads the member `first`: `body.first`.
    pub(super) fn read(call: &Call, first: &str) -> Result<Self, Refusal> {
        Self::of(parsed(call)?, first)
    }

    /// The same for a value that is already there.
    pub(super) fn of(value: Value, first: &str) -> Result<Self, Refusal> {
        if value.is_null() {
            return Err(Refusal::type_error(format!("Cannot read properties of null (reading '{first}')")));
        }
        Ok(Self(value))
    }

    /// A body that the route asks for its members: `first in body`. Only lists and objects can be asked.
    pub(super) fn searched(call: &Call, first: &str) -> Result<Self, Refusal> {
        let body = parsed(call)?;
        if !(body.is_object() || body.is_array()) {
            let shown = js::string(Some(&body));
            let text = format!("Cannot use 'in' operator to search for '{first}' in {shown}");
            return Err(Refusal::type_error(text));
        }
        Ok(Self(body))
    }

    /// A member; `None` stands for `undefined`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The text of a member as `String(…)` has it, when the member counts as true.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|value| js::truthy(Some(value))).map(|value| js::string(Some(value)))
    }

    /// `value?.trim()` for a member that must not be blank; `shown` is how the code calls it. `None`: missing or blank.
    pub(super) fn required(&self, name: &str, shown: &str) -> Result<Option<String>, Refusal> {
        match js::present(self.get(name)) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(js::trim(text).to_owned()).filter(|text| !text.is_empty())),
            Some(_) => Err(Refusal::type_error(format!("{shown}?.trim is not a function"))),
        }
    }

    /// `body.name.trim()` for a member that may be left out: outer `None` when it was, inner `None` when it is blank.
    pub(super) fn updated(&self, name: &str) -> Result<Option<Option<String>>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = trimmed(Some(value), &format!("body.{name}"))?;
        Ok(Some(Some(text).filter(|text| !text.is_empty())))
    }
}

/// `value.trim()`, where the code calls the value `shown`.
pub(super) fn trimmed(value: Option<&Value>, shown: &str) -> Result<String, Refusal> {
    let of = |kind: &str| Refusal::type_error(format!("Cannot read properties of {kind} (reading 'trim')"));
    match value {
        None => Err(of("undefined")),
        Some(Value::Null) => Err(of("null")),
        Some(Value::String(text)) => Ok(js::trim(text).to_owned()),
        Some(_) => Err(Refusal::type_error(format!("{shown}.trim is not a function"))),
    }
}

/// The elements of a list on which `shown.method` is called.
pub(super) fn elements<'a>(value: Option<&'a Value>, shown: &str) -> Result<&'a [Value], Refusal> {
    match value {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(Refusal::type_error(format!("{shown} is not a function"))),
    }
}

/// A value as a parameter of a statement.
pub(super) fn bind(value: Option<&Value>) -> Result<Value, Refusal> {
    js::d1::bind(value).map_err(Refusal::database)
}

/// The body as JSON; the content type is not looked at.
fn parsed(call: &Call) -> Result<Value, Refusal> {
    json_text::body(&call.body).map_err(|message| Refusal::Thrown("SyntaxError", message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Method;
    use serde_json::json;

    fn call(body: &str) -> Call {
        Call::new(Method::POST, "/").content("text/plain", body.to_owned())
    }

    fn text(refused: Result<Input, Refusal>) -> Option<String> {
        match refused {
            Err(Refusal::Thrown(_, text)) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn null_fails_as_the_route_reads_it() {
        let destructured = "Cannot destructure property 'title' of '(intermediate value)' as it is null.";
        assert_eq!(text(Input::destructured(&call("null"), "title")), Some(destructured.into()));
        let read = "Cannot read properties of null (reading 'name')";
        assert_eq!(text(Input::read(&call("null"), "name")), Some(read.into()));
        let searched = "Cannot use 'in' operator to search for 'site_name' in null";
        assert_eq!(text(Input::searched(&call("null"), "site_name")), Some(searched.into()));
    }

    #[test]
    fn only_objects_and_lists_can_be_searched() {
        for (body, shown) in [("\"x\"", "x"), ("5", "5"), ("true", "true")] {
            let error = format!("Cannot use 'in' operator to search for 'site_name' in {shown}");
            assert_eq!(text(Input::searched(&call(body), "site_name")), Some(error));
        }
        assert!(Input::searched(&call("[]"), "site_name").is_ok());
    }

    #[test]
    fn other_bodies_have_no_members() {
        for body in ["[]", "\"x\"", "7", "true"] {
            let input = Input::destructured(&call(body), "title").unwrap();
            assert_eq!(input.required("title", "title"), Ok(None));
        }
    }

    #[test]
    fn a_member_of_another_type_has_no_trim() {
        let input = Input::of(json!({"title": 7, "name": null, "text": false}), "title").unwrap();
        let error = |text: &str| Refusal::type_error(text);
        assert_eq!(input.required("title", "title"), Err(error("title?.trim is not a function")));
        assert_eq!(input.required("text", "text"), Err(error("text?.trim is not a function")));
        assert_eq!(input.required("name", "name"), Ok(None));
        let null = error("Cannot read properties of null (reading 'trim')");
        assert_eq!(input.updated("name"), Err(null));
        assert_eq!(input.updated("other"), Ok(None));
    }
}
