//! YAML with the core schema: written as the package `yaml` for JavaScript writes it, read in block and flow style
//! (<https://yaml.org/spec/1.2.2/>).

mod block;
mod flow;
mod fold;
mod write;

use serde_json::{Number, Value, json};

pub(super) use self::block::read;
pub(super) use self::write::write;

/// The value of a scalar without quotes (<https://yaml.org/spec/1.2.2/#103-core-schema>).
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => json!(true),
        "false" | "False" | "FALSE" => json!(false),
        _ => number(text).unwrap_or_else(|| Value::from(text)),
    }
}

fn number(text: &str) -> Option<Value> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) =
            text.strip_prefix(prefix).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))
        {
            return i64::from_str_radix(digits, radix).ok().map(Value::from);
        }
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Value::Null);
    }
    let (mantissa, exponent) =
        unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let sound = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && mantissa.len() > 1,
        None => digits(mantissa) && !mantissa.is_empty(),
    };
    let exponent = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        digits(unsigned) && !unsigned.is_empty()
    });
    let value: f64 = text.strip_suffix('.').unwrap_or(text).parse().ok().filter(|_| sound && exponent)?;
    Some(Number::from_f64(value).map_or(Value::Null, |_| crate::js::json_number(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_whole() {
        let value = json!({
            "version": 1,
            "set": { "id": null, "name": "Tea: the \"good\" kind" },
            "todos": [
                { "title": "- dashed", "completed": true, "comments": ["# not a comment", "true", "12", ""] },
                { "title": "Plain", "completed": false, "children": [{ "title": "Below", "completed": false }] },
                { "title": "two\nlines", "completed": false, "comments": ["tab\there", "\u{0}x", "a\nb\n", "it's"] },
                { "title": "word ".repeat(40).trim(), "completed": false },
                { "title": format!("'{}", "word ".repeat(40).trim()), "completed": false },
            ],
            "empty": [],
        });
        assert_eq!(read(&write(&value)), Some(value));
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let cases = [
            ("12", json!(12)),
            ("-1.50", json!(-1.5)),
            ("0x1F", json!(31)),
            ("0o17", json!(15)),
            ("1e3", json!(1000)),
            (".5", json!(0.5)),
            ("1.", json!(1)),
            ("yes", json!("yes")),
            ("1_000", json!("1_000")),
            (".", json!(".")),
            ("True", json!(true)),
            ("~", json!(null)),
            ("+", json!("+")),
            ("1e", json!("1e")),
        ];
        for (text, value) in cases {
            assert_eq!(plain(text), value, "{text}");
        }
    }
}
