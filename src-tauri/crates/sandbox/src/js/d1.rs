//! D1: which values a statement takes, and what SQLite makes of them by the affinity of their column
//! (<https://www.sqlite.org/datatype3.html#type_affinity>).

use std::cmp::Ordering;

use serde_json::Value;

/// A value as a bound parameter: booleans become numbers, a list of bytes is a blob.
///
/// # Errors
/// The text of the error that D1 throws.
pub(crate) fn bind(value: Option<&Value>) -> Result<Value, String> {
    let unsupported = |kind: &str| {
        format!("D1_TYPE_ERROR: Type '{kind}' not supported for value '{}'", super::string(value))
    };
    match value {
        None => Err(unsupported("undefined")),
        Some(Value::Bool(flag)) => Ok(Value::from(u8::from(*flag))),
        Some(Value::Array(items)) if items.iter().all(is_byte) => Ok(Value::Array(items.clone())),
        Some(Value::Array(_) | Value::Object(_)) => Err(unsupported("object")),
        Some(value) => Ok(value.clone()),
    }
}

/// What a column of TEXT affinity keeps: a number becomes its text, `5` is `5.0`.
pub(crate) fn text(bound: Value) -> Value {
    match bound {
        Value::Number(number) => Value::String(real_text(number.as_f64().unwrap_or_default())),
        other => other,
    }
}

/// What a column of REAL affinity keeps: text that is a number becomes that number, other text stays.
pub(crate) fn real(bound: Value) -> Value {
    match bound {
        Value::String(text) => numeric(&text).map_or(Value::String(text), super::json_number),
        other => super::normalised(other),
    }
}

/// The order of two stored values: numbers, then text, then blobs.
pub(crate) fn order(a: &Value, b: &Value) -> Ordering {
    let class = |value: &Value| match value {
        Value::Null => 0,
        Value::Number(_) | Value::Bool(_) => 1,
        Value::String(_) => 2,
        Value::Array(_) | Value::Object(_) => 3,
    };
    class(a).cmp(&class(b)).then_with(|| match (a, b) {
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let bytes = |items: &[Value]| items.iter().filter_map(Value::as_u64).collect::<Vec<u64>>();
            bytes(a).cmp(&bytes(b))
        }
        _ => a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default()),
    })
}

/// `(max ?? 0) + 1` in the server's code: a stored text is lengthened, not counted.
pub(crate) fn after_largest<'a>(stored: impl Iterator<Item = &'a Value>) -> Value {
    match stored.max_by(|a, b| order(a, b)) {
        None => Value::from(1),
        Some(Value::Number(number)) => super::json_number(number.as_f64().unwrap_or_default() + 1.0),
        Some(other) => Value::String(format!("{}1", super::string(Some(other)))),
    }
}

/// A column and a number added up by the database, which counts a text from its first digits.
pub(crate) fn plus(stored: &Value, places: usize) -> Value {
    let counted = match stored {
        Value::String(text) => {
            let digits = |end: &usize| text.get(..*end).and_then(numeric).is_some();
            (1..=text.len()).rev().find(digits).and_then(|end| numeric(text.get(..end)?)).unwrap_or_default()
        }
        other => other.as_f64().unwrap_or_default(),
    };
    super::json_number(counted + f64::from(u32::try_from(places).unwrap_or(u32::MAX)))
}

fn is_byte(item: &Value) -> bool {
    item.as_f64().is_some_and(|number| (0.0..256.0).contains(&number))
}

/// A well-formed number with white space around it.
fn numeric(text: &str) -> Option<f64> {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let digits = trimmed.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    trimmed.parse::<f64>().ok().filter(|number| digits && number.is_finite())
}

/// A REAL as text, as SQLite prints it: 15 digits, and always a point.
fn real_text(number: f64) -> String {
    if number == 0.0 {
        return "0.0".into();
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if !(-4..15).contains(&exponent) {
        let (first, rest) = digits.split_at(digits.len().min(1));
        let rest = if rest.is_empty() { "0" } else { rest };
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}.{rest}e{mark}{:02}", exponent.abs());
    }
    let point = usize::try_from(exponent + 1).unwrap_or_default();
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or_default());
        return format!("{sign}0.{zeros}{digits}");
    }
    let padded = format!("{digits:0<point$}");
    let (whole, fraction) = padded.split_at(point);
    format!("{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_plain_values_and_bytes_are_bound() {
        let taken = [(json!(true), json!(1)), (json!(null), json!(null)), (json!([1, 255]), json!([1, 255]))];
        assert!(taken.iter().all(|(sent, bound)| bind(Some(sent)).as_ref() == Ok(bound)));
        let object = "D1_TYPE_ERROR: Type 'object' not supported for value '[object Object]'";
        assert_eq!(bind(Some(&json!({"a": 1}))), Err(object.into()));
        let list = "D1_TYPE_ERROR: Type 'object' not supported for value 'a,b'";
        assert_eq!(bind(Some(&json!(["a", "b"]))), Err(list.into()));
        let undefined = "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'";
        assert_eq!(bind(None), Err(undefined.into()));
    }

    #[test]
    fn numbers_in_text_columns_have_a_point() {
        let cases = [
            (5.0, "5.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1.0e-05"),
            (1e21, "1.0e+21"),
            (123_456_789_012.0, "123456789012.0"),
            (0.0, "0.0"),
        ];
        for (number, shown) in cases {
            assert_eq!(text(json!(number)), json!(shown));
        }
    }

    #[test]
    fn text_in_number_columns_is_counted_when_it_is_a_number() {
        let cases = [("12", json!(12)), (" 1e3 ", json!(1000)), ("0x10", json!("0x10")), ("", json!(""))];
        assert!(cases.iter().all(|(sent, kept)| real(json!(sent)) == *kept));
    }

    #[test]
    fn the_next_place_follows_the_largest() {
        assert_eq!(after_largest([].iter()), json!(1));
        assert_eq!(after_largest([json!(2.5), json!(1)].iter()), json!(3.5));
        assert_eq!(after_largest([json!(7), json!("abc")].iter()), json!("abc1"));
    }
}
