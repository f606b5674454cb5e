//! JSON values as Glint's untyped code treats them: anything goes until a method is missing (contract §8.4).

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::refusal::Refusal;

/// A request body; only objects have members, and reading a member of `null` throws.
#[derive(Clone, Debug)]
pub(super) struct Fields(Value);

impl Fields {
    /// The body of a request, already read as JSON; `first` is the member that the route reads first.
    pub(super) fn new(body: Value, first: &str) -> Result<Self, Refusal> {
        if body.is_null() {
            return Err(Refusal::type_error(format!("Cannot read properties of null (reading '{first}')")));
        }
        Ok(Self(body))
    }

    /// A member; `None` stands for `undefined`.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A member that must not be blank: its trimmed text, or `None` when it is missing, `null` or blank.
    pub(super) fn required(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(trim(text)).filter(|text| !text.is_empty())),
            Some(_) => Err(Refusal::type_error(format!("{name}?.trim is not a function"))),
        }
    }

    /// A member of an update: outer `None` when it was not sent, inner `None` when it is blank.
    pub(super) fn updated(&self, name: &str) -> Result<Option<Option<String>>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Null) => Err(Refusal::type_error("Cannot read properties of null (reading 'trim')")),
            Some(Value::String(text)) => Ok(Some(Some(trim(text)).filter(|text| !text.is_empty()))),
            Some(_) => Err(Refusal::type_error(format!("body.{name}.trim is not a function"))),
        }
    }

    /// A member as text, when it is text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A member as the id it is used as: text, or whatever else is there written as text; `None` when it counts as false.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        let value = self.get(name).filter(|value| truthy(value))?;
        Some(value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
    }

    /// The entries of the `items` list; empty when there is no list.
    pub(super) fn items(&self) -> &[Value] {
        self.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The `{id, sortOrder}` entries of a new order, as the database takes them.
pub(super) fn order(items: &[Value]) -> Result<Vec<(String, Value)>, Refusal> {
    let undefined = || unsupported("undefined", "undefined");
    let entry = |item: &Value| {
        let id = item.get("id").ok_or_else(undefined)?;
        let order = stored(item.get("sortOrder").ok_or_else(undefined)?)?;
        Ok((id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned), order))
    };
    items.iter().map(entry).collect()
}

/// Whether the value counts as true.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64().is_some_and(|n| n != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The value as the database keeps it in a number column: numbers in disguise become numbers, other text stays text.
pub(super) fn stored(value: &Value) -> Result<Value, Refusal> {
    match value {
        Value::Object(_) => Err(unsupported("object", "[object Object]")),
        Value::Array(items) => {
            let parts: Vec<String> =
                items.iter().map(|i| i.as_str().map_or_else(|| i.to_string(), Into::into)).collect();
            Err(unsupported("object", &parts.join(",")))
        }
        Value::Bool(flag) => Ok(Value::from(u8::from(*flag))),
        Value::Null => Err(Refusal::database(
            "D1_ERROR: NOT NULL constraint failed: todos.sort_order: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_NOTNULL)",
        )),
        Value::String(text) => Ok(number(text).unwrap_or_else(|| value.clone())),
        Value::Number(_) => Ok(value.clone()),
    }
}

/// Compares two stored sort orders: numbers before text.
pub(super) fn by_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::String(_), _) => Ordering::Greater,
        (_, Value::String(_)) => Ordering::Less,
        _ => a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default()),
    }
}

/// One more than the largest sort order; text counts as zero in a sum, though it is larger than every number.
pub(super) fn next_order<'a>(orders: impl Iterator<Item = &'a Value>) -> Value {
    let largest = orders.max_by(|a, b| by_order(a, b));
    let next = largest.and_then(Value::as_f64).unwrap_or_default() + 1.0;
    whole(next).map_or_else(|| Number::from_f64(next).map_or(Value::from(1), Value::Number), Value::from)
}

/// Text without blanks at its ends.
fn trim(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

fn unsupported(kind: &str, shown: &str) -> Refusal {
    Refusal::database(format!("D1_TYPE_ERROR: Type '{kind}' not supported for value '{shown}'"))
}

fn number(text: &str) -> Option<Value> {
    let trimmed = text.trim();
    let digits = trimmed.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    let parsed = trimmed.parse::<f64>().ok().filter(|n| digits && n.is_finite())?;
    whole(parsed).map(Value::from).or_else(|| Number::from_f64(parsed).map(Value::Number))
}

#[expect(clippy::cast_possible_truncation, reason = "the value is whole and far inside the range")]
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn any_truthy_value_counts() {
        let held = [json!("no"), json!(1), json!([]), json!({})].iter().all(truthy);
        let empty = [json!(""), json!(0), json!(null), json!(false)].iter().any(truthy);
        assert!(held && !empty);
    }

    #[test]
    fn text_is_a_sort_order_and_an_object_is_not() {
        assert_eq!(stored(&json!("abc")), Ok(json!("abc")));
        assert_eq!(stored(&json!("12")), Ok(json!(12)));
        let error = "D1_TYPE_ERROR: Type 'object' not supported for value '[object Object]'";
        assert_eq!(stored(&json!({"a": 1})), Err(Refusal::database(error)));
    }

    #[test]
    fn an_order_needs_both_members() {
        assert_eq!(order(&[json!({"id": "a", "sortOrder": 1})]), Ok(vec![("a".into(), json!(1))]));
        let error = "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'";
        for item in [json!({"id": "a"}), json!({"sortOrder": 1}), json!(7)] {
            assert_eq!(order(&[item]), Err(Refusal::database(error)));
        }
    }

    #[test]
    fn the_next_order_follows_the_largest() {
        assert_eq!(next_order([].iter()), json!(1));
        assert_eq!(next_order([json!(2), json!(1)].iter()), json!(3));
        assert_eq!(next_order([json!(2.5)].iter()), json!(3.5));
        assert_eq!(next_order([json!(7), json!("abc")].iter()), json!(1));
    }

    #[test]
    fn a_member_of_the_wrong_type_throws_as_the_code_would() {
        let fields = Fields::new(json!({"title": 7, "name": null}), "title").unwrap();
        assert_eq!(fields.required("title"), Err(Refusal::type_error("title?.trim is not a function")));
        assert_eq!(fields.required("name"), Ok(None));
        assert_eq!(
            fields.updated("name"),
            Err(Refusal::type_error("Cannot read properties of null (reading 'trim')"))
        );
        let null = Fields::new(Value::Null, "title").err();
        assert_eq!(null, Some(Refusal::type_error("Cannot read properties of null (reading 'title')")));
    }
}
