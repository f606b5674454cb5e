//! Finds secrets by name and by form, and replaces them wherever their values recur.

use super::kind::{SecretKind, is_token_byte, placeholder, placeholder_kind};
use crate::exchange::{Exchange, base64};
use crate::routes::percent_decoded;
use zeroize::Zeroizing;

/// Values shorter than this are replaced at their own place only: they could be ordinary words elsewhere.
const SHORTEST_ELSEWHERE: usize = 8;
/// Words that stand where a token should be and say what went wrong.
const NOT_SECRET: [&str; 6] = ["", "undefined", "null", "none", "None", "[object Object]"];

/// What is known to be secret, gathered from any number of exchanges.
#[derive(Default)]
pub struct Redactor {
    known: Vec<(Zeroizing<String>, String)>,
}

impl Redactor {
    /// Knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers every secret of an exchange, so that it is replaced in the others, too.
    pub fn learn(&mut self, exchange: &Exchange) {
        let response = exchange.response.as_ref();
        let headers = exchange.request.headers.iter().chain(response.iter().flat_map(|r| &r.headers));
        for (name, value) in headers {
            self.learn_header(name, value);
        }
        let bodies = [exchange.request.body.as_deref(), response.and_then(|r| r.body.as_deref())];
        for text in bodies.into_iter().flatten().chain([exchange.request.url.as_str()]) {
            self.learn_text(text);
        }
    }

    /// Remembers one value.
    pub fn remember(&mut self, kind: SecretKind, value: &str) {
        let plain = NOT_SECRET.contains(&value.trim()) || placeholder_kind(value).is_some();
        if plain || self.known.iter().any(|(known, _)| known.as_str() == value) {
            return;
        }
        let shown = placeholder(kind, value);
        let quoted = serde_json::to_string(value).unwrap_or_default();
        let quoted = quoted.trim_matches('"').to_owned();
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for form in [quoted, encoded, encoded_fully(value)] {
            if form != value && !self.known.iter().any(|(known, _)| known.as_str() == form) {
                self.known.push((Zeroizing::new(form), shown.clone()));
            }
        }
        self.known.push((Zeroizing::new(value.to_owned()), shown));
        self.known.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// The text with every secret replaced.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (value, shown) in self.known.iter().filter(|(value, _)| value.len() >= SHORTEST_ELSEWHERE) {
            if out.contains(value.as_str()) {
                out = out.replace(value.as_str(), shown);
            }
        }
        let mut spots = Vec::new();
        each_named(&out, &mut |kind, from, to| {
            let value = out.get(from..to).unwrap_or_default();
            if !NOT_SECRET.contains(&value.trim()) && !value.contains('‹') {
                spots.push((from, to, placeholder(kind, &percent_decoded(value))));
            }
        });
        spots.sort_by_key(|(from, ..)| std::cmp::Reverse(*from));
        let mut last = usize::MAX;
        for (from, to, shown) in spots {
            if to <= last {
                out.replace_range(from..to, &shown);
                last = from;
            }
        }
        self.without_cut_secret(out)
    }

    /// A header's value with every secret replaced; the scheme of a credential stays.
    #[must_use]
    pub fn clean_header(&self, name: &str, value: &str) -> String {
        match credential_header(name) {
            Some(HeaderForm::Scheme) => {
                let (scheme, rest) = scheme_of(value);
                if NOT_SECRET.contains(&rest.trim()) {
                    return value.to_owned();
                }
                let token = rest.trim();
                let lead = rest.get(..rest.len() - rest.trim_start().len()).unwrap_or_default();
                let shown = match self.shown(token) {
                    Some(shown) => shown.to_owned(),
                    None if placeholder_kind(token).is_some() => token.to_owned(),
                    None => placeholder(header_kind(scheme, token), token),
                };
                let tail = rest.get(rest.trim_end().len()..).unwrap_or_default();
                format!("{scheme}{lead}{shown}{tail}")
            }
            Some(HeaderForm::Cookie) if placeholder_kind(value).is_none() => {
                placeholder(SecretKind::Cookie, value)
            }
            Some(HeaderForm::Whole) if placeholder_kind(value).is_none() => self
                .shown(value)
                .map_or_else(|| placeholder(SecretKind::of_value(value), value), str::to_owned),
            Some(_) => value.to_owned(),
            None => self.clean(value),
        }
    }

    fn shown(&self, value: &str) -> Option<&str> {
        self.known.iter().find(|(known, _)| known.as_str() == value).map(|(_, shown)| shown.as_str())
    }

    /// A body cut at the size cap may end in the middle of a known secret.
    fn without_cut_secret(&self, mut text: String) -> String {
        let tail = text.bytes().rev().take_while(|byte| is_token_byte(*byte)).count();
        let from = text.len() - tail;
        let end = text.get(from..).unwrap_or_default();
        let cut = tail >= SHORTEST_ELSEWHERE
            && self.known.iter().any(|(value, _)| value.len() > tail && value.starts_with(end));
        if cut {
            text.truncate(from);
            text.push('…');
        }
        text
    }

    fn learn_header(&mut self, name: &str, value: &str) {
        match credential_header(name) {
            Some(HeaderForm::Scheme) => {
                let (scheme, rest) = scheme_of(value);
                let token = rest.trim();
                self.remember(header_kind(scheme, token), token);
                if scheme.trim().eq_ignore_ascii_case("basic") {
                    self.learn_basic(token);
                }
            }
            Some(HeaderForm::Cookie) => {
                for pair in value.split(';') {
                    if let Some((_, value)) = pair.split_once('=').filter(|(_, v)| v.len() >= 16) {
                        self.remember(SecretKind::Cookie, value.trim());
                    }
                }
            }
            Some(HeaderForm::Whole) => self.remember(SecretKind::of_value(value), value),
            None => self.learn_text(value),
        }
    }

    fn learn_basic(&mut self, token: &str) {
        let pair = base64::decode(token).and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((_, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
            self.remember(SecretKind::ClientSecret, &percent_decoded(secret));
        }
    }

    fn learn_text(&mut self, text: &str) {
        let mut found = Vec::new();
        each_named(text, &mut |kind, from, to| {
            let raw = text.get(from..to).unwrap_or_default();
            found.push((kind, raw.to_owned()));
        });
        for (kind, raw) in found {
            let json: Option<String> = serde_json::from_str(&format!("\"{raw}\"")).ok();
            let value = if raw.contains('%') { percent_decoded(&raw) } else { json.unwrap_or(raw) };
            let kind = match SecretKind::of_value(&value) {
                SecretKind::AccessToken => kind,
                told => told,
            };
            self.remember(kind, &value);
        }
    }
}

enum HeaderForm {
    Scheme,
    Cookie,
    Whole,
}

fn credential_header(name: &str) -> Option<HeaderForm> {
    match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => Some(HeaderForm::Scheme),
        "cookie" | "set-cookie" => Some(HeaderForm::Cookie),
        "x-session-token" | "x-api-key" | "x-auth-token" | "x-csrf-token" => Some(HeaderForm::Whole),
        _ => None,
    }
}

/// `Bearer x` is `("Bearer ", "x")`; a value without blank is all credential.
fn scheme_of(value: &str) -> (&str, &str) {
    match value.split_once(' ') {
        Some((scheme, rest)) if scheme.len() <= 12 && scheme.bytes().all(|b| b.is_ascii_alphabetic()) => {
            (value.get(..=scheme.len()).unwrap_or_default(), rest)
        }
        _ if value.eq_ignore_ascii_case("bearer") || value.eq_ignore_ascii_case("basic") => (value, ""),
        _ => ("", value),
    }
}

fn header_kind(scheme: &str, token: &str) -> SecretKind {
    if scheme.trim().eq_ignore_ascii_case("basic") {
        SecretKind::ClientCredentials
    } else {
        SecretKind::of_value(token)
    }
}

fn encoded_fully(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        if is_token_byte(byte) || byte == b'.' || byte == b'~' {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Calls `found` with kind, start and end of every secret that a name or a form gives away.
fn each_named(text: &str, found: &mut dyn FnMut(SecretKind, usize, usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let word = bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|b| is_token_byte(**b)).count());
        if word == 0 {
            at += 1;
            continue;
        }
        let end = at + word;
        let name = text.get(at..end).unwrap_or_default();
        if let Some((from, to)) = SecretKind::of_name(name).and_then(|_| value_after(bytes, at, end)) {
            let value = text.get(from..to).unwrap_or_default();
            if let Some(kind) = SecretKind::of_name(name).filter(|kind| is_secret(*kind, value)) {
                found(kind, from, to);
                at = to;
                continue;
            }
        }
        let last = by_form(text, at, end, found);
        at = last.max(end);
    }
}

/// An error code or a short word under `code` or `token` is no secret.
fn is_secret(kind: SecretKind, value: &str) -> bool {
    match kind {
        SecretKind::Code | SecretKind::AccessToken | SecretKind::Other => {
            value.len() >= 6
                && (value.len() >= 24 || value.bytes().any(|b| !b.is_ascii_lowercase() && b != b'_'))
        }
        _ => !value.is_empty(),
    }
}

/// The value after `name=` of a form or query, or after `"name":"` of JSON.
fn value_after(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    let next = |at: usize| bytes.get(at).copied();
    let before = start.checked_sub(1).and_then(next);
    if next(end) == Some(b'=') && !matches!(before, Some(b'%' | b'.')) {
        let from = end + 1;
        let stop = |b: &u8| matches!(b, b'&' | b'#' | b' ' | b'"' | b'\'' | b'\n' | b'\r' | b';' | b',');
        let length = bytes.get(from..)?.iter().position(stop);
        return Some((from, length.map_or(bytes.len(), |length| from + length)));
    }
    if before != Some(b'"') || next(end) != Some(b'"') {
        return None;
    }
    let skip = |mut at: usize| {
        while next(at).is_some_and(|b| b.is_ascii_whitespace()) {
            at += 1;
        }
        at
    };
    let colon = skip(end + 1);
    let open = skip(colon + 1);
    if next(colon) != Some(b':') || next(open) != Some(b'"') {
        return None;
    }
    let (mut at, mut escaped) = (open + 1, false);
    while let Some(byte) = next(at) {
        if byte == b'"' && !escaped {
            break;
        }
        escaped = byte == b'\\' && !escaped;
        at += 1;
    }
    Some((open + 1, at))
}

/// Personal access tokens, signed tokens and opaque tokens of 64 characters are known by their form (contract, preamble).
fn by_form(text: &str, at: usize, end: usize, found: &mut dyn FnMut(SecretKind, usize, usize)) -> usize {
    let word = text.get(at..end).unwrap_or_default();
    if word.starts_with("prism_pat_") && word.len() > "prism_pat_".len() {
        found(SecretKind::PersonalAccessToken, at, end);
        return end;
    }
    if word.starts_with("eyJ") {
        let bytes = text.as_bytes();
        let more = bytes
            .get(end..)
            .map_or(0, |rest| rest.iter().take_while(|b| is_token_byte(**b) || **b == b'.').count());
        let whole = text.get(at..end + more).unwrap_or_default().trim_end_matches('.');
        if whole.contains('.') {
            found(SecretKind::of_value(whole), at, at + whole.len());
            return at + whole.len();
        }
    }
    let mixed = word.bytes().any(|b| b.is_ascii_uppercase()) && word.bytes().any(|b| b.is_ascii_lowercase());
    if word.len() >= 64 && mixed {
        found(SecretKind::AccessToken, at, end);
    }
    end
}
