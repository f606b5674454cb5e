//! Names that are values themselves: `{"name":"password","value":…}`, `["password",…]`, `name: PASSWORD` above `value: …`.

use super::names::named;
use super::random::is_secret;
use super::value::{Form, Value, closed, end_of, number, whole};

/// How far away the other half of a pair may be, in bytes.
const WINDOW: usize = 1024;

/// Members that hold a name.
const NAME_KEYS: [&str; 14] = [
    "name",
    "key",
    "field",
    "id",
    "header",
    "param",
    "parameter",
    "label",
    "k",
    "n",
    "path",
    "property",
    "loc",
    "pointer",
];
/// Members that hold its value.
const VALUE_KEYS: &[&str] = &[
    "value",
    "val",
    "content",
    "text",
    "data",
    "v",
    "secret",
    "default",
    "current",
    "received",
    "input",
    "given",
    "actual",
    "rejectedValue",
    "invalidValue",
    "attemptedValue",
    "actualValue",
    "provided",
    "submitted",
];
/// Members with the path of a member: `"instancePath":"/user/password"`.
const PATH_KEYS: [&str; 8] =
    ["instancePath", "dataPath", "pointer", "path", "param", "property", "field", "loc"];

/// The value that belongs to a name that is itself a quoted value or an entry of a list.
pub(super) fn value_of(text: &str, start: usize, end: usize) -> Option<Value> {
    let before = text.get(..start)?;
    let rest = text.get(end..)?;
    match rest.chars().next().filter(|quote| before.ends_with(*quote)) {
        Some(quote @ ('"' | '\'')) => quoted(text, start - 1, end + 1, quote),
        _ => at_path(text, start, end).or_else(|| yaml(before, rest, end)),
    }
}

fn quoted(text: &str, open: usize, after: usize, quote: char) -> Option<Value> {
    let before = text.get(..open)?.trim_end();
    let rest = text.get(after..)?;
    if before.ends_with([':', '=']) && NAME_KEYS.contains(&last_word(before.trim_end_matches([':', '=']))) {
        return value_behind(text, after, quote).or_else(|| value_before(text, open, quote));
    }
    // `environ["PASSWORD"] = "x"`
    let assigned = rest.trim_start().strip_prefix(']').filter(|_| before.ends_with('['));
    if let Some(value) = assigned.and_then(|rest| rest.trim_start().strip_prefix('=')) {
        let inner = value.trim_start().strip_prefix(['"', '\''])?;
        let from = text.len() - inner.len();
        return Some(Value::new(from, from + inner.find(['"', '\'', '\n'])?, Form::Pair));
    }
    // `{"path":["user","password"],"received":"x"}` of a validator.
    if before.ends_with([',', '[']) && rest.trim_start().starts_with(']') {
        return value_behind(text, after, quote).or_else(|| value_before(text, open, quote));
    }
    // `["password", "x"]`, also inside a longer list.
    let next = rest.trim_start().strip_prefix(',')?.trim_start();
    if !before.ends_with(['[', ',', '(']) {
        return None;
    }
    let inner = next.strip_prefix(quote)?;
    let from = text.len() - inner.len();
    let length = closed(inner, quote, 0);
    let value = inner.get(..length)?;
    // Lists of names, such as the grant types of a server, hold no values.
    let protocol =
        ["client_credentials", "authorization_code", "none"].contains(&value) || value.starts_with("urn:");
    if named(value).is_some() || protocol {
        return None;
    }
    let last = inner.get(length + 1..)?.trim_start().starts_with([']', ')']);
    let alone = before.ends_with(['[', '(']) && last;
    (alone || is_secret(value)).then_some(Value::new(from, from + length, Form::Pair))
}

/// The value beside a path that ends in the name: `{"instancePath":"/user/password","data":"x"}`.
fn at_path(text: &str, start: usize, end: usize) -> Option<Value> {
    let before = text.get(..start)?.strip_suffix(['/', '.'])?;
    let quote = text.get(end..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let near = end_of(before, WINDOW);
    let open = before.len() - near.len() + near.rfind(quote)?;
    let key = text.get(..open)?.trim_end().strip_suffix(':')?;
    if !PATH_KEYS.iter().any(|known| key.trim_end().trim_end_matches(quote).ends_with(known)) {
        return None;
    }
    // `{"source":{"pointer":"/data/password"},"value":"x"}`: the value is beside the object that holds the path.
    let outside = || {
        let rest = text.get(end + 1..)?;
        let inner = rest.trim_start().strip_prefix('}')?;
        value_behind(text, text.len() - inner.len(), quote)
    };
    value_behind(text, end + 1, quote).or_else(|| value_before(text, open, quote)).or_else(outside)
}

/// The last word of a text, without quotes.
fn last_word(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(['"', '\'', '\\']);
    let start = text.rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or_default()
}

/// The value of a member of the same object that comes later.
fn value_behind(text: &str, after: usize, quote: char) -> Option<Value> {
    let rest = window(text, after);
    let length = rest.find(['{', '}']).map_or(rest.len(), |at| at + 1);
    member(text, after, after + length, quote)
}

/// The value of a member of the same object that comes before the name.
fn value_before(text: &str, open: usize, quote: char) -> Option<Value> {
    let before = end_of(text.get(..open)?, WINDOW);
    let start = open - before.len() + before.rfind(['{', '}']).map_or(0, |at| at + 1);
    member(text, start, open, quote)
}

/// The first member in a piece of an object that holds a value. The value may be longer than the piece.
fn member(text: &str, from: usize, to: usize, quote: char) -> Option<Value> {
    let piece = text.get(from..to)?;
    VALUE_KEYS.iter().find_map(|key| {
        let mark = format!("{quote}{key}{quote}");
        let at = piece.find(&mark)? + mark.len();
        let rest = text.get(from + at..)?.trim_start().strip_prefix(':')?.trim_start();
        let from = text.len() - rest.len();
        if let Some(inner) = rest.strip_prefix(quote) {
            return Some(Value::new(from + 1, from + 1 + closed(inner, quote, 0), Form::Pair));
        }
        let length = if rest.starts_with(['{', '[']) { whole(rest, quote, 0) } else { number(rest) };
        let found = Value::new(from, from + length, Form::Pair);
        (length > 0).then_some(Value { bare: Some((quote, 0)), ..found })
    })
}

fn window(text: &str, from: usize) -> &str {
    let mut end = (from + WINDOW).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(from..end).unwrap_or_default()
}

/// `name: PASSWORD` and `value: x` on the line below, as environments of containers are written.
fn yaml(before: &str, rest: &str, end: usize) -> Option<Value> {
    let key = before.trim_end_matches([' ', '"', '\'']).strip_suffix(':')?;
    if !NAME_KEYS.contains(&last_word(key)) {
        return None;
    }
    let line = rest.find('\n')?;
    let next = rest.get(line + 1..)?;
    let word = next.trim_start_matches([' ', '-', '\t']);
    let key =
        VALUE_KEYS.iter().find(|key| word.strip_prefix(**key).is_some_and(|rest| rest.starts_with(':')))?;
    let value = word.get(key.len() + 1..)?.trim_start_matches([' ', '"', '\'']);
    let from = end + rest.len() - value.len();
    let length = value.find(['\n', '\r', '"', '\'']).unwrap_or(value.len());
    Some(Value::new(from, from + length, Form::Pair))
}
