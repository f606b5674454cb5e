//! Names that are values themselves: `{"name":"password","value":…}`, `["password",…]`, `name: PASSWORD` above `value: …`.

use super::blocks;
use super::names::is_name;
use super::prose::{is_state, is_word};
use super::random::is_secret;
use super::value::{Form, Value, closed, end_of, number, whole};

/// How far away the other half of a pair may be, in bytes.
const WINDOW: usize = 1024;

/// Members that hold a name, in any case.
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
/// Members that hold the kind of an input; `grant_type` is another one.
const KIND_KEYS: [&str; 2] = ["type", "kind"];
/// Members that hold its value, in any case.
const VALUE_KEYS: &[&str] = &[
    "value",
    "values",
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
    "rejectedvalue",
    "invalidvalue",
    "attemptedvalue",
    "actualvalue",
    "provided",
    "submitted",
];
/// Members with the path of a member: `"instancePath":"/user/password"`.
const PATH_KEYS: [&str; 8] =
    ["instancepath", "datapath", "pointer", "path", "param", "property", "field", "loc"];

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
    if before.ends_with([':', '=']) && holds_a_name(before.trim_end_matches([':', '='])) {
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
    let protocol = ["client_credentials", "authorization_code", "implicit", "none"].contains(&value)
        || value.starts_with("urn:");
    if is_name(value) || protocol {
        return None;
    }
    let last = inner.get(length + 1..)?.trim_start().starts_with([']', ')']);
    let alone = before.ends_with(['[', '(']) && last && !is_state(&value.to_lowercase());
    let flat = last && is_word(value) && alternates(text.get(..open)?, quote);
    (alone || flat || is_secret(value)).then_some(Value::new(from, from + length, Form::Pair))
}

/// Whether a name at the end of a list of texts is a key of a list of keys and values: an even number is in front of it.
fn alternates(before: &str, quote: char) -> bool {
    let near = end_of(before, WINDOW);
    let Some(list) = near.rfind(['[', '(']).and_then(|at| near.get(at + 1..)) else { return false };
    let (mut rest, mut count) = (list.trim_start(), 0_usize);
    while let Some(inner) = rest.strip_prefix(quote) {
        let length = closed(inner, quote, 0);
        // In a list of names alone, others are in the place of values.
        let word = inner.get(..length).unwrap_or_default();
        if count % 2 == 1 && (is_state(&word.to_lowercase()) || is_name(word)) {
            return false;
        }
        let Some(next) = inner.get(length + 1..).and_then(|rest| rest.trim_start().strip_prefix(',')) else {
            return false;
        };
        (rest, count) = (next.trim_start(), count + 1);
    }
    rest.is_empty() && count.is_multiple_of(2)
}

/// Whether the member whose key ends here holds a name, or the kind of an input.
fn holds_a_name(before: &str) -> bool {
    let word = last_word(before);
    let is = |keys: &[&str]| keys.iter().any(|key| key.eq_ignore_ascii_case(word));
    let whole = || {
        let key = before.trim_end().trim_end_matches(['"', '\'', '\\']);
        let lead = key.get(..key.len() - word.len()).unwrap_or_default();
        lead.is_empty() || lead.ends_with(['"', '\'', '{', ',', ' ', '\n', '\t'])
    };
    is(&NAME_KEYS) || (is(&KIND_KEYS) && whole())
}

/// The value beside a path that ends in the name: `{"instancePath":"/user/password","data":"x"}`.
fn at_path(text: &str, start: usize, end: usize) -> Option<Value> {
    let before = text.get(..start)?.strip_suffix(['/', '.'])?;
    let quote = text.get(end..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let near = end_of(before, WINDOW);
    let open = before.len() - near.len() + near.rfind(quote)?;
    let key = end_of(text.get(..open)?, WINDOW).trim_end().strip_suffix(':')?;
    let key = key.trim_end().trim_end_matches(quote).to_ascii_lowercase();
    if !PATH_KEYS.iter().any(|known| key.ends_with(known)) {
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
    let piece = text.get(from..to)?.to_ascii_lowercase();
    VALUE_KEYS.iter().find_map(|key| {
        let of_key = |at: &usize| is_key(&piece, *at, key.len(), quote);
        let at = piece.match_indices(key).map(|(at, _)| at).find(of_key)? + key.len();
        let rest = text.get(from + at..)?;
        let rest = rest.strip_prefix(quote).unwrap_or(rest).trim_start().strip_prefix(':')?.trim_start();
        let from = text.len() - rest.len();
        if let Some(quote) = rest.chars().next().filter(|c| *c == quote || matches!(c, '"' | '\'' | '`')) {
            let inner = rest.get(1..)?;
            return Some(Value::new(from + 1, from + 1 + closed(inner, quote, 0), Form::Pair));
        }
        let length = if rest.starts_with(['{', '[']) { whole(rest, quote, 0) } else { number(rest) };
        let found = Value::new(from, from + length, Form::Pair);
        (length > 0).then_some(Value { bare: Some((quote, 0)), ..found })
    })
}

/// Whether a word is a key with a colon behind it, in the quotes of the object or without any.
fn is_key(piece: &str, at: usize, length: usize, quote: char) -> bool {
    let (before, after) = (piece.get(..at).unwrap_or_default(), piece.get(at + length..).unwrap_or_default());
    let quoted = before.ends_with(quote) && after.starts_with(quote);
    let bare = before.is_empty() || before.ends_with(['{', ',', ' ', '\n', '\t']);
    let after = if quoted { after.get(1..).unwrap_or_default() } else { after };
    (quoted || bare) && after.trim_start().starts_with(':')
}

fn window(text: &str, from: usize) -> &str {
    let mut end = (from + WINDOW).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(from..end).unwrap_or_default()
}

/// `name: PASSWORD` and `value: x` on the line below or above, as environments of containers are written.
fn yaml(before: &str, rest: &str, end: usize) -> Option<Value> {
    let key = before.trim_end_matches([' ', '"', '\'']).strip_suffix(':')?;
    if !holds_a_name(key) || rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let below = || {
        let line = rest.find('\n')?;
        of_line(rest.get(line + 1..)?, "", end + line + 1)
    };
    below().or_else(|| {
        let lines = before.rfind('\n')?;
        let start = before.get(..lines)?.rfind('\n').map_or(0, |at| at + 1);
        of_line(before.get(start..)?, before.get(..start)?, start)
    })
}

/// The value of a line `value: x` at `from`; of one that is a block, the lines behind it.
fn of_line(line: &str, before: &str, from: usize) -> Option<Value> {
    let word = line.trim_start_matches([' ', '-', '\t']);
    let lead = line.len() - word.len();
    let is_key = |key: &&&str| {
        word.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key))
            && word.get(key.len()..).is_some_and(|rest| rest.starts_with(':'))
    };
    let key = VALUE_KEYS.iter().find(is_key)?;
    let value = word.get(key.len() + 1..)?;
    let at = from + lead + key.len() + 1;
    let own = format!("{}{}", end_of(before, 1), line.get(..lead)?);
    if let Some(found) = blocks::scalar(&own, value, at) {
        return Some(found);
    }
    let text = value.trim_start_matches([' ', '"', '\'']);
    let from = at + value.len() - text.len();
    let length = text.find(['\n', '\r', '"', '\'']).unwrap_or(text.len());
    Some(Value::new(from, from + length, Form::Pair))
}
