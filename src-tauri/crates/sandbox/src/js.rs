//! JavaScript semantics: what the untyped code of the two servers makes of a JSON value.
//!
//! Both servers are Hono workers over D1 (SQLite). A route that is given another type than it expects fails, or goes on,
//! as these operators and methods do. `None` stands for `undefined`.

pub(crate) mod d1;
pub(crate) mod json_text;

use serde_json::Value;

/// Whether the value counts as true.
pub(crate) fn truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_f64().is_some_and(|n| n != 0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(_) | Value::Object(_)) => true,
    }
}

/// The value, unless it is `undefined` or `null`: the left side of `??`.
pub(crate) fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

/// `String.prototype.trim`: white space, line ends and the byte order mark. U+0085 is neither.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Whether `trim` and `\s` take this character.
pub(crate) fn is_space(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// `value?.length` as a condition: texts, lists, and objects that have such a member.
pub(crate) fn has_length(value: Option<&Value>) -> bool {
    match value {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(members)) => truthy(members.get("length")),
        _ => false,
    }
}

/// `String(value)`.
pub(crate) fn string(value: Option<&Value>) -> String {
    match value {
        None => "undefined".into(),
        Some(Value::Null) => "null".into(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number_text(number.as_f64().unwrap_or_default()),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let part = |item: &Value| if item.is_null() { String::new() } else { string(Some(item)) };
            items.iter().map(part).collect::<Vec<String>>().join(",")
        }
        Some(Value::Object(_)) => "[object Object]".into(),
    }
}

/// `Number(value)`.
pub(crate) fn number(value: Option<&Value>) -> f64 {
    match value {
        None => f64::NAN,
        Some(Value::Null) => 0.0,
        Some(Value::Bool(flag)) => f64::from(u8::from(*flag)),
        Some(Value::Number(number)) => number.as_f64().unwrap_or(f64::NAN),
        Some(text) => {
            let text = string(Some(text));
            let text = trim(&text);
            let digits =
                text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
            if text.is_empty() { 0.0 } else { text.parse().ok().filter(|_| digits).unwrap_or(f64::NAN) }
        }
    }
}

/// A number as JSON has it: whole numbers without a fraction, `null` for what JSON cannot say.
pub(crate) fn json_number(number: f64) -> Value {
    match whole(number) {
        Some(whole) => Value::from(whole),
        None => serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number),
    }
}

/// The value with every number as [`json_number`] writes it.
pub(crate) fn normalised(value: Value) -> Value {
    match value {
        Value::Number(number) => json_number(number.as_f64().unwrap_or_default()),
        Value::Array(items) => items.into_iter().map(normalised).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, member)| (key, normalised(member))).collect()
        }
        other => other,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the value is whole and inside the range")]
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 9_007_199_254_740_993.0).then_some(value as i64)
}

/// `Number.prototype.toString`.
fn number_text(number: f64) -> String {
    if let Some(whole) = whole(number) {
        return whole.to_string();
    }
    let size = number.abs();
    if (1e-6..1e21).contains(&size) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_of_values_are_those_of_the_language() {
        let cases = [
            (json!(null), "null"),
            (json!(5), "5"),
            (json!(1.5), "1.5"),
            (json!(1e21), "1e+21"),
            (json!(1e-7), "1e-7"),
            (json!(["a", null, [1, 2]]), "a,,1,2"),
            (json!({"a": 1}), "[object Object]"),
            (json!(true), "true"),
        ];
        for (value, text) in cases {
            assert_eq!(string(Some(&value)), text);
        }
        assert_eq!(string(None), "undefined");
    }

    #[test]
    fn numbers_are_read_leniently() {
        let cases = [(json!("7"), 7.0), (json!(" 1e2 "), 100.0), (json!([]), 0.0), (json!(true), 1.0)];
        assert!(cases.iter().all(|(value, number)| super::number(Some(value)) == *number));
        assert!(number(Some(&json!("x"))).is_nan() && number(Some(&json!({}))).is_nan());
    }

    #[test]
    fn what_has_a_length_counts() {
        let with = [json!("x"), json!([0]), json!({"length": 1})];
        let without = [json!(""), json!([]), json!({}), json!(5), json!(null), json!(true)];
        assert!(with.iter().all(|value| has_length(Some(value))));
        assert!(!without.iter().any(|value| has_length(Some(value))));
    }

    #[test]
    fn the_next_line_character_is_no_white_space() {
        assert_eq!(trim("\u{feff} \u{a0}x\u{85}\n"), "x\u{85}");
    }
}
