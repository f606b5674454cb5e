//! Secrets that programs quote in their messages: validators, databases, and calls of libraries with a user and a password.

use super::find::{Spot, is_nothing};
use super::kind::SecretKind;
use super::prose::{is_word, quoted, word_of};
use super::value::{Form, Value, end_of, start_of};

/// How far behind a name its value is quoted, in bytes.
const WINDOW: usize = 240;

/// Words in front of the value that a message quotes, behind the name of a member.
const MARKS: [&str; 11] = [
    "with value ",
    "input_value=",
    "rejected value ",
    "value was: ",
    "but got ",
    ", got ",
    "got: ",
    "received: ",
    "received ",
    "provided: ",
    "actual: ",
];
/// Words between a quoted value and the name of its member.
const KINDS: [&str; 9] =
    ["key ", "field ", "column ", "parameter ", "property ", "attribute ", "option ", "argument ", "member "];
/// What binds a quoted value to the name behind it.
const FOR: [&str; 6] = [
    " is not a valid value for ",
    " is not valid for ",
    " is invalid for ",
    " is not allowed for ",
    " for ",
    " in ",
];

/// Functions and options that hold a user and a password as two texts.
const PAIRS: [&str; 10] = [
    "auth",
    "HTTPBasicAuth",
    "HTTPDigestAuth",
    "BasicAuth",
    "basic_auth",
    "basicAuth",
    "SetBasicAuth",
    "setBasicAuth",
    "credentials",
    "NetworkCredential",
];

/// The value that a message quotes for the name at `start..end`.
pub(super) fn value(text: &str, start: usize, end: usize) -> Option<Value> {
    in_brackets(text, end).or_else(|| behind(text, end)).or_else(|| in_front(text, start))
}

/// `Key (password)=(x) already exists` of a database.
fn in_brackets(text: &str, end: usize) -> Option<Value> {
    let value = text.get(end..)?.strip_prefix(")=(")?;
    let length = value.find(')')?;
    let word = value.get(..length)?;
    is_word(word).then(|| Value::new(end + 3, end + 3 + length, Form::Pair))
}

/// `"password" with value "x" fails`, `password: rejected value [x]`.
fn behind(text: &str, end: usize) -> Option<Value> {
    let rest = start_of(text.get(end..)?, WINDOW);
    // Another member begins behind a brace.
    let rest = rest.split(['{', '}']).next()?;
    let found = MARKS.iter().filter_map(|mark| Some((rest.find(mark)?, mark.len()))).min()?;
    let mut at = found.0 + found.1;
    at += usize::from(rest.get(at..)?.starts_with('['));
    let value = rest.get(at..)?;
    let (from, length) = match quoted(value, true) {
        Some(length) => (at + value.chars().next()?.len_utf8(), length),
        None => (at, word_of(value).filter(|word| is_word(word) && !word.starts_with('(')).map(str::len)?),
    };
    Some(Value::new(end + from, end + from + length, Form::Pair))
}

/// `Duplicate entry 'x' for key 'users.password'`, `Invalid value "x" for password`.
fn in_front(text: &str, start: usize) -> Option<Value> {
    let before = end_of(text.get(..start)?, WINDOW);
    let skip = start - before.len();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    let mut lead = before.trim_end_matches(plain).trim_end_matches(['"', '\'', '`', '(']);
    if let Some(rest) = KINDS.iter().find_map(|kind| lead.strip_suffix(kind)) {
        lead = rest;
    }
    let said =
        FOR.iter().find_map(|words| lead.strip_suffix(words.trim_end()).or(lead.strip_suffix(words)))?;
    let quote = said.chars().next_back().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inner = said.strip_suffix(quote)?;
    let from = inner.rfind(quote)? + quote.len_utf8();
    let word = inner.get(from..)?;
    (is_word(word) && !word.contains(['{', ':']))
        .then(|| Value::new(skip + from, skip + inner.len(), Form::Pair))
}

/// `auth=('mia', 'x')`, `HTTPBasicAuth("mia", "x")`: the second text.
pub(super) fn pair(text: &str, start: usize, end: usize) -> Option<Spot> {
    let word = text.get(start..end)?;
    if !PAIRS.contains(&word) {
        return None;
    }
    let rest = start_of(text.get(end..)?, WINDOW);
    let open = rest.trim_start_matches(['=', ':', ' ', '"', '\'']);
    let inside = open.strip_prefix(['(', '['])?;
    let second = inside.find(',').and_then(|comma| inside.get(comma + 1..))?.trim_start();
    let second =
        second.strip_prefix("password").map_or(second, |rest| rest.trim_start_matches([' ', '=', ':']));
    let quote = second.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = second.get(1..)?;
    let value = value.get(..value.find(quote)?)?;
    let from = end + rest.len() - second.len() + 1;
    let spot = Spot {
        kind: SecretKind::Password,
        from,
        to: from + value.len(),
        certain: false,
        value: value.to_owned(),
        quote: String::new(),
    };
    (!is_nothing(value)).then_some(spot)
}

#[cfg(test)]
mod tests {
    use crate::secret::Redactor;

    #[test]
    fn a_value_that_a_message_quotes_is_found() {
        for message in [
            r#""password" with value "@" fails to match the required pattern"#,
            "1 validation error for Login\npassword\n  Value error, too weak [type=value_error, input_value='@', input_type=str]",
            "Field error in object 'login' on field 'password': rejected value [@]; codes [Size]",
            "password must match the following, but the final value was: \"@\"",
            "Key (password)=(@) already exists.",
            "Duplicate entry '@' for key 'users.password'",
            "Invalid value '@' for password",
            "\"@\" is not a valid value for client_secret",
            "password: expected at least 12 characters, got '@'",
            "requests.get(url, auth=('mia','@'))",
            "auth=(\"mia\", \"@\")",
            "HTTPBasicAuth('mia', '@')",
            "req.SetBasicAuth(\"mia\", \"@\")",
            "auth: ['mia', '@']",
        ] {
            for secret in ["verborgenkanarie", "Kanarie7verborgen"] {
                let clean = Redactor::new().clean(&message.replacen('@', secret, 1));
                assert!(!clean.contains(secret), "{clean}");
            }
        }
    }

    #[test]
    fn messages_without_a_value_stay_as_they_are() {
        for message in [
            "password: Expected string, received undefined",
            "\"password\" is required",
            "Invalid value 'x' for title, password is fine",
            "client_secret required for confidential clients, got none",
            "auth=('bearer', token)",
        ] {
            assert_eq!(Redactor::new().clean(message), message);
        }
    }
}
