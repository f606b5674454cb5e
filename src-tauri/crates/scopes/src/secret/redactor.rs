//! Gathers the secrets of exchanges and replaces them wherever their values recur.

use super::find::{is_nothing, spots};
use super::kind::{SecretKind, is_token_byte, placeholder, placeholder_under};
use super::names::named;
use crate::exchange::{Exchange, base64};
use crate::routes::percent_decoded;
use std::collections::hash_map::RandomState;
use zeroize::Zeroizing;

/// Values shorter than this are replaced at their own place only: they could be ordinary words elsewhere.
const SHORTEST_ELSEWHERE: usize = 8;
/// The most values that are looked for in every text; further ones are replaced at their own places only.
const MOST_KNOWN: usize = 512;
/// Values under secret names that are words of the protocol.
const PROTOCOL: [&str; 3] = ["authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type"];

/// What is known to be secret, gathered from any number of exchanges.
#[derive(Default)]
pub struct Redactor {
    /// Longest first, so that a secret inside a secret does not break the longer one.
    known: Vec<(Zeroizing<String>, String)>,
    /// The key of the fingerprints; without one, that of this process.
    key: Option<RandomState>,
}

impl Redactor {
    /// Knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nothing yet; its fingerprints match one another and those of no other redactor.
    #[must_use]
    pub fn keyed() -> Self {
        Self { key: Some(RandomState::new()), ..Self::default() }
    }

    fn placeholder(&self, kind: SecretKind, value: &str) -> String {
        match &self.key {
            Some(key) => placeholder_under(key, kind, value),
            None => placeholder(kind, value),
        }
    }

    /// What stands for a secret.
    #[must_use]
    pub(crate) fn stand_in(&self, kind: SecretKind, value: &str) -> String {
        self.shown(value).map_or_else(|| self.placeholder(kind, value), str::to_owned)
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
        let word = named(value).is_some() || PROTOCOL.iter().any(|known| value.starts_with(known));
        if is_nothing(value) || word || self.known.len() >= MOST_KNOWN || self.shown(value).is_some() {
            return;
        }
        let shown = self.placeholder(kind, value);
        let quoted = serde_json::to_string(value).unwrap_or_default();
        let quoted = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned();
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for form in [value.to_owned(), quoted, encoded, encoded_fully(value)] {
            if self.shown(&form).is_none() {
                let place = self.known.partition_point(|(known, _)| known.len() >= form.len());
                self.known.insert(place, (Zeroizing::new(form), shown.clone()));
            }
        }
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
        let mut clean = String::with_capacity(out.len());
        let mut done = 0;
        for spot in spots(&out) {
            let value = out.get(spot.from..spot.to).unwrap_or_default();
            let shown =
                self.shown(value).map_or_else(|| self.placeholder(spot.kind, &decoded(value)), str::to_owned);
            clean.push_str(out.get(done..spot.from).unwrap_or_default());
            clean.push_str(&shown);
            done = spot.to;
        }
        clean.push_str(out.get(done..).unwrap_or_default());
        self.without_cut_secret(clean)
    }

    /// A header's value with every secret replaced; the scheme of a credential stays.
    #[must_use]
    pub fn clean_header(&self, name: &str, value: &str) -> String {
        if is_nothing(value) {
            return value.to_owned();
        }
        match credential_header(name) {
            Some(HeaderForm::Scheme) => {
                let (scheme, rest) = scheme_of(value);
                if is_nothing(rest) {
                    return value.to_owned();
                }
                let token = rest.trim();
                let lead = rest.get(..rest.len() - rest.trim_start().len()).unwrap_or_default();
                let shown = match self.shown(token) {
                    Some(shown) => shown.to_owned(),
                    None => self.placeholder(header_kind(scheme, token), token),
                };
                let tail = rest.get(rest.trim_end().len()..).unwrap_or_default();
                format!("{scheme}{lead}{shown}{tail}")
            }
            Some(HeaderForm::Cookie) => self.placeholder(SecretKind::Cookie, value),
            Some(HeaderForm::Whole) => self
                .shown(value)
                .map_or_else(|| self.placeholder(SecretKind::of_value(value), value), str::to_owned),
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
            Some(HeaderForm::Whole) => self.remember(SecretKind::of_value(value), value.trim()),
            None => self.learn_text(value),
        }
    }

    fn learn_basic(&mut self, token: &str) {
        let pair = base64::decode(token).and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((_, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
            self.remember(SecretKind::ClientSecret, secret);
            self.remember(SecretKind::ClientSecret, &percent_decoded(secret));
        }
    }

    fn learn_text(&mut self, text: &str) {
        for spot in spots(text).into_iter().filter(|spot| spot.certain) {
            let value = decoded(text.get(spot.from..spot.to).unwrap_or_default());
            let kind = match SecretKind::of_value(&value) {
                SecretKind::AccessToken => spot.kind,
                told => told,
            };
            if kind == SecretKind::ClientCredentials {
                self.learn_basic(&value);
            }
            self.remember(kind, &value);
        }
    }
}

/// A value as it was before it was written into a URL or into JSON.
fn decoded(raw: &str) -> String {
    if raw.contains('%') {
        return percent_decoded(raw);
    }
    let json = raw.contains('\\').then(|| serde_json::from_str(&format!("\"{raw}\"")).ok()).flatten();
    json.unwrap_or_else(|| raw.to_owned())
}

enum HeaderForm {
    Scheme,
    Cookie,
    Whole,
}

fn credential_header(name: &str) -> Option<HeaderForm> {
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        "authorization" | "proxy-authorization" => Some(HeaderForm::Scheme),
        "cookie" | "set-cookie" => Some(HeaderForm::Cookie),
        name if ["token", "secret", "api-key", "apikey", "password"]
            .iter()
            .any(|end| name.ends_with(end)) =>
        {
            Some(HeaderForm::Whole)
        }
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
