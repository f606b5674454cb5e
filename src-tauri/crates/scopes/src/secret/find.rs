//! Where secrets stand in a text: behind their names in forms, queries, JSON, markup and headers, or known by form.

use super::kind::{SecretKind, is_token_byte, placeholder_kind};
use super::names::{is_random, is_secret, named};
use super::value::{Form, Shape, Value, value_after};

/// Words that stand where a secret should be and say what went wrong.
const NOT_SECRET: [&str; 6] = ["", "undefined", "null", "none", "None", "[object Object]"];

/// Whether a value is an empty place, a word for nothing, or already replaced.
pub(super) fn is_nothing(value: &str) -> bool {
    NOT_SECRET.contains(&value.trim()) || placeholder_kind(value).is_some()
}

/// The place of a secret, byte offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) kind: SecretKind,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Beyond doubt: its value is a secret elsewhere, too.
    pub(super) certain: bool,
}

/// Every secret of a text in order, none overlapping.
pub(super) fn spots(text: &str) -> Vec<Spot> {
    let bytes = text.as_bytes();
    let shape = Shape::of(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(b"://") {
            found.extend(user_of(text, at + 3));
            at = found.last().map_or(at, |spot: &Spot| spot.to).max(at + 3);
            continue;
        }
        let word = rest.iter().take_while(|byte| is_token_byte(**byte)).count();
        if word == 0 {
            at += 1;
            continue;
        }
        let end = at + word;
        let spot = by_name(text, shape, at, end)
            .or_else(|| by_scheme(text, at, end))
            .or_else(|| by_form(text, at, end));
        at = spot.as_ref().map_or(end, |spot| spot.to.max(end));
        found.extend(spot);
    }
    found
}

/// `user:password@` of a URL.
fn user_of(text: &str, from: usize) -> Option<Spot> {
    let rest = text.get(from..)?;
    let length = rest.find(['/', '?', '#', ' ', '"', '\'', '\\', '<', '\n']).unwrap_or(rest.len());
    let at = rest.get(..length)?.rfind('@')?;
    let user = rest.get(..at)?;
    let fine = user.contains(':') && !is_nothing(user);
    fine.then(|| Spot { kind: SecretKind::ClientCredentials, from, to: from + at, certain: user.len() >= 12 })
}

/// A word of a text without the digits of a `%3F` in front of it.
fn unescaped(text: &str, at: usize, end: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let word = text.get(at..end).unwrap_or_default().as_bytes();
    if !before.ends_with('%') {
        return at;
    }
    // `%253F` is a `%3F` that was escaped once more.
    let mut digits = 2;
    while word.get(digits - 2..digits) == Some(b"25") {
        digits += 2;
    }
    let hex = word.get(..digits).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    if hex { at + digits } else { at }
}

fn by_name(text: &str, shape: Shape, at: usize, end: usize) -> Option<Spot> {
    let at = unescaped(text, at, end);
    let name = named(text.get(at..end)?)?;
    let Value { from, to, form } = value_after(text, shape, at, end)?;
    let value = text.get(from..to)?;
    if is_nothing(value) {
        return None;
    }
    let sure = is_secret(value);
    let fine = match form {
        Form::Field => true,
        Form::Member => !name.weak || sure,
        Form::Number => !name.weak,
        Form::Line => is_random(value),
    };
    fine.then_some(Spot { kind: name.kind, from, to, certain: sure || (!name.weak && form == Form::Member) })
}

/// `Bearer x` and `Basic x` anywhere in a text.
fn by_scheme(text: &str, at: usize, end: usize) -> Option<Spot> {
    let at = unescaped(text, at, end);
    let scheme = text.get(at..end)?;
    let basic = scheme.eq_ignore_ascii_case("basic");
    if !basic && !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let rest = text.get(end..)?;
    let token =
        rest.strip_prefix("%20").or_else(|| rest.strip_prefix('+')).unwrap_or(rest).trim_start_matches(' ');
    if token.len() == rest.len() {
        return None;
    }
    let from = text.len() - token.len();
    let is_token = |byte: u8| is_token_byte(byte) || b".~+/=".contains(&byte);
    let to = from + token.bytes().take_while(|byte| is_token(*byte)).count();
    let value = text.get(from..to)?;
    let kind = if basic { SecretKind::ClientCredentials } else { SecretKind::of_value(value) };
    is_random(value).then_some(Spot { kind, from, to, certain: true })
}

/// Personal access tokens, signed tokens and opaque tokens of 64 characters are known by their form (contract, preamble).
fn by_form(text: &str, at: usize, end: usize) -> Option<Spot> {
    let at = unescaped(text, at, end);
    let word = text.get(at..end)?;
    let pat = "prism_pat_";
    if let Some(start) = word.find(pat).filter(|start| word.len() > start + pat.len()) {
        return Some(Spot {
            kind: SecretKind::PersonalAccessToken,
            from: at + start,
            to: end,
            certain: true,
        });
    }
    if word.starts_with("eyJ") {
        let more = text.as_bytes().get(end..)?.iter();
        let more = more.take_while(|byte| is_token_byte(**byte) || **byte == b'.').count();
        let whole = text.get(at..end + more)?.trim_end_matches('.');
        if whole.contains('.') {
            let kind = SecretKind::of_value(whole);
            return Some(Spot { kind, from: at, to: at + whole.len(), certain: true });
        }
    }
    let mixed = word.bytes().any(|b| b.is_ascii_uppercase()) && word.bytes().any(|b| b.is_ascii_lowercase());
    (word.len() >= 64 && mixed).then_some(Spot {
        kind: SecretKind::AccessToken,
        from: at,
        to: end,
        certain: true,
    })
}
