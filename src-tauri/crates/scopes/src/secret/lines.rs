//! Headers with a credential in running text: `Authorization: Bearer x`, `Cookie: a=b`, and metadata of gRPC.

use super::find::{Spot, is_nothing};
use super::header::{HeaderForm, credential_header, header_kind, scheme_of};
use super::kind::{SecretKind, is_token_byte};
use super::random::is_random;
use super::value::{start_of, until};

/// Longest credential of a header that is looked at.
const MAX_VALUE: usize = 64 * 1024;

/// Words behind a scheme in sentences about a header.
const SENTENCE: [&str; 12] = [
    "token",
    "tokens",
    "header",
    "headers",
    "scheme",
    "auth",
    "credentials",
    "credential",
    "is",
    "was",
    "or",
    "realm",
];

/// The credential of the header whose name is at `start..end`.
pub(super) fn header(text: &str, start: usize, end: usize) -> Option<Spot> {
    let name = text.get(start..end)?;
    let form = named(name)?;
    let rest = start_of(text.get(end..)?, MAX_VALUE);
    let (from, value) = behind_colon(rest).or_else(|| beside(text.get(..start)?, rest))?;
    let stop: &[char] = match form {
        HeaderForm::Cookie => &['\n', '\r', '"', '\'', '`', '\\', '<', ']', ','],
        _ => &['\n', '\r', '"', '\'', '`', '\\', '<', ']', '}', '&'],
    };
    let end_of_value = match has_parameters(value) {
        true => parameters_end(value),
        false => until(value, |c| stop.contains(&c)),
    };
    let value = value.get(..end_of_value)?.trim_end();
    let (kind, skip) = credential(&form, value)?;
    let value = value.get(skip..)?;
    // Some schemes have parameters, the others one word.
    let one = kind != SecretKind::Cookie && !value.contains(['=', ',']);
    let value = if one { value.get(..until(value, char::is_whitespace))? } else { value };
    if is_nothing(value) || is_variable(value) {
        return None;
    }
    let from = end + from + skip;
    Some(Spot {
        kind,
        from,
        to: from + value.len(),
        certain: kind != SecretKind::Cookie && value.len() >= 16 && !value.contains(' '),
        value: value.to_owned(),
        quote: String::new(),
    })
}

/// The kind of the credential in the value of a header, and where it begins behind its scheme.
fn credential(form: &HeaderForm, value: &str) -> Option<(SecretKind, usize)> {
    if let HeaderForm::Cookie = form {
        return value.contains('=').then_some((SecretKind::Cookie, 0));
    }
    let (scheme, token) = scheme_of(value);
    let token = token.trim_start();
    let fine = !scheme.is_empty() && !is_sentence(scheme, token);
    fine.then(|| (header_kind(scheme, token), value.len() - token.len()))
}

/// The same for the value that belongs to a name: `{"name":"authorization","value":"Bearer x"}`.
pub(super) fn credential_of(name: &str, value: &str) -> Option<(SecretKind, usize)> {
    credential(&named(name)?, value)
}

/// Whether a credential is a list of parameters, some of them with quotes.
fn has_parameters(value: &str) -> bool {
    let scheme = value.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    ["digest", "hawk", "oauth", "signature", "aws4-hmac-sha256"].contains(&scheme.as_str())
}

/// Where a list of parameters ends: with its line, or with the text of JSON it is in.
fn parameters_end(value: &str) -> usize {
    let ends = |at: &usize| {
        let rest = value.get(*at..).unwrap_or_default();
        rest.starts_with(['\n', '\r']) || ["\"}", "\"]", "\",\""].iter().any(|end| rest.starts_with(end))
    };
    (0..value.len()).find(ends).unwrap_or(value.len())
}

/// How a header of this name holds its credential, where its value is read up to the end of the line.
fn named(name: &str) -> Option<HeaderForm> {
    // Binary metadata of gRPC ends in `-bin`.
    let name = name.strip_suffix("-bin").unwrap_or(name);
    let end = name.len().checked_sub(6)?;
    let candidate = name.as_bytes().get(end..)?;
    let may_be = [b"zation".as_slice(), b"cookie", b"ookie2"]
        .iter()
        .any(|known| candidate.eq_ignore_ascii_case(known));
    let form = may_be.then(|| credential_header(name)).flatten()?;
    matches!(form, HeaderForm::Scheme | HeaderForm::Cookie).then_some(form)
}

/// `: value`, where the value begins in `rest`.
fn behind_colon(rest: &str) -> Option<(usize, &str)> {
    let value = rest.strip_prefix(':')?.trim_start_matches([' ', '\t']);
    Some((rest.len() - value.len(), value))
}

/// `"authorization": "x"`, `["authorization", "x"]`, `("authorization", "x")`, `headers["authorization"] = "x"`; quotes may
/// have backslashes.
fn beside<'a>(before: &str, rest: &'a str) -> Option<(usize, &'a str)> {
    let depth = rest.bytes().take_while(|byte| *byte == b'\\').count();
    let quote = rest.get(depth..)?.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mark = rest.get(..=depth)?;
    if !before.ends_with(mark) {
        return None;
    }
    let between = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | '=' | '>' | ']' | '[' | '(');
    let value = rest.get(depth + 1..)?.trim_start_matches(between).strip_prefix(mark)?;
    (!value.starts_with(quote)).then(|| (rest.len() - value.len(), value))
}

/// Whether a sentence about a header follows, and no credential.
fn is_sentence(scheme: &str, token: &str) -> bool {
    let known =
        ["bearer", "basic", "token", "digest", "negotiate", "ntlm", "apikey", "dpop", "hawk", "aws", "key"];
    let scheme = scheme.trim().to_ascii_lowercase();
    let word: &str =
        token.split(|c: char| !c.is_ascii() || !is_token_byte(c as u8)).next().unwrap_or_default();
    !known.contains(&scheme.as_str()) || SENTENCE.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// `$TOKEN`, `${TOKEN}`, `%TOKEN%` and `{{ token }}`: the value is somewhere else.
pub(super) fn is_variable(value: &str) -> bool {
    let open = [("${", "}"), ("{{", "}}"), ("$env:", "")];
    let name = open.into_iter().find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if let Some(name) = name.map(str::trim) {
        return name.bytes().all(plain) && !is_random(name);
    }
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    let name = value.strip_prefix('$').or_else(|| value.strip_prefix('%')?.strip_suffix('%'));
    name.is_some_and(|name| {
        name.bytes().all(upper) || super::names::named(name).is_some() || ["cred", "user"].contains(&name)
    })
}
