//! Gathers the secrets of exchanges and replaces them wherever their values recur.

use super::find::{Finder, Spot, is_nothing};
use super::header::{
    HeaderForm, credential_header, header_kind, is_credential, is_credential_protocol, scheme_of,
};
use super::kind::{SecretKind, is_token_byte, placeholder, placeholder_under};
use super::known::{Known, MIN_ELSEWHERE};
use super::names::is_name;
use crate::exchange::{Exchange, base64};
use crate::routes::percent_decoded;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// The most values that are looked for in every text; further ones are replaced at their own places only.
const MAX_KNOWN: usize = 16_384;
/// Shortest text inside a list under the name of a secret that is looked for elsewhere.
const MIN_LEAF: usize = 12;
/// Values under secret names that are words of the protocol.
const PROTOCOL: [&str; 3] = ["authorization_code", "client_credentials", "urn:ietf:params:oauth:grant-type"];

/// What is known to be secret, gathered from any number of exchanges.
#[derive(Default)]
pub struct Redactor {
    /// Each way a value may be written, with what stands for it.
    known: Vec<(Zeroizing<String>, String)>,
    /// Where a value is in the list, by its hash.
    places: HashMap<u64, usize>,
    hashes: RandomState,
    /// The key of the fingerprints; without one, that of this process.
    key: Option<RandomState>,
    /// The values prepared for searching, made when they are first looked for.
    prepared: OnceLock<Known>,
    strict: bool,
}

impl Redactor {
    /// Knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows nothing yet; its fingerprints match one another and those of no other redactor. For texts that are passed
    /// on: shorter random words count as secrets as well.
    #[must_use]
    pub fn keyed() -> Self {
        Self { key: Some(RandomState::new()), strict: true, ..Self::default() }
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
        let word = is_name(value) || PROTOCOL.iter().any(|known| value.starts_with(known));
        if is_nothing(value) || word || self.known.len() >= MAX_KNOWN || self.shown(value).is_some() {
            return;
        }
        let shown = self.placeholder(kind, value);
        let quoted = serde_json::to_string(value).unwrap_or_default();
        let quoted = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned();
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for form in [value.to_owned(), quoted, encoded, encoded_fully(value)] {
            if self.shown(&form).is_none() {
                self.places.insert(self.hashes.hash_one(form.as_str()), self.known.len());
                self.known.push((Zeroizing::new(form), shown.clone()));
            }
        }
        self.prepared = OnceLock::new();
    }

    fn prepared(&self) -> &Known {
        self.prepared.get_or_init(|| Known::of(self.known.iter().map(|(value, _)| value.as_str())))
    }

    /// The text with every secret replaced.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let spots = Finder::new(Some(self.prepared()), self.strict).spots(text);
        let mut clean = String::with_capacity(text.len());
        let mut done = 0;
        for spot in &spots {
            clean.push_str(text.get(done..spot.from).unwrap_or_default());
            clean.push_str(&spot.quote);
            clean.push_str(&self.shown_at(text, spot));
            clean.push_str(&spot.quote);
            done = spot.to;
        }
        clean.push_str(text.get(done..).unwrap_or_default());
        self.without_cut_secret(clean)
    }

    /// A piece of a text without the secrets of the whole text, and where the byte offset `at` of the text is in it now. A
    /// secret may be named on another line than the piece.
    #[must_use]
    pub fn excerpt(&self, text: &str, piece: std::ops::Range<usize>, at: usize) -> (String, usize) {
        let (mut clean, mut done) = (String::new(), piece.start);
        let mut place = None;
        let spots = Finder::new(Some(self.prepared()), self.strict).spots(text);
        for spot in spots.iter().filter(|spot| spot.to > piece.start && spot.from < piece.end) {
            let from = spot.from.max(done);
            if place.is_none() && at < from {
                place = Some(clean.len() + at.saturating_sub(done));
            }
            clean.push_str(text.get(done..from).unwrap_or_default());
            if place.is_none() && at < spot.to {
                place = Some(clean.len());
            }
            clean.push_str(&self.shown_at(text, spot));
            done = spot.to.min(piece.end);
        }
        let place = place.unwrap_or_else(|| clean.len() + at.saturating_sub(done));
        clean.push_str(text.get(done..piece.end).unwrap_or_default());
        let place = place.min(clean.len());
        (clean, place)
    }

    fn shown_at(&self, text: &str, spot: &Spot) -> String {
        let raw = text.get(spot.from..spot.to).unwrap_or_default();
        let known = self.shown(raw).or_else(|| self.shown(&spot.value)).map(str::to_owned);
        known.unwrap_or_else(|| self.placeholder(spot.kind, &decoded(&spot.value)))
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
                let shown = self.stand_in(header_kind(scheme, token), token);
                let tail = rest.get(rest.trim_end().len()..).unwrap_or_default();
                format!("{scheme}{lead}{shown}{tail}")
            }
            Some(HeaderForm::Cookie) => self.placeholder(SecretKind::Cookie, value),
            Some(HeaderForm::Protocols) => {
                let entries = value.split(',').map(|entry| match is_credential_protocol(entry) {
                    true => self.stand_in(SecretKind::of_value(entry.trim()), entry.trim()),
                    false => self.clean(entry.trim()),
                });
                entries.collect::<Vec<_>>().join(", ")
            }
            Some(HeaderForm::Whole) => self.stand_in(SecretKind::of_value(value), value),
            None if is_credential(name, value) => self.stand_in(SecretKind::of_value(value), value),
            None => self.clean(value),
        }
    }

    fn shown(&self, value: &str) -> Option<&str> {
        let place = self.places.get(&self.hashes.hash_one(value))?;
        self.known.get(*place).filter(|(known, _)| known.as_str() == value).map(|(_, shown)| shown.as_str())
    }

    /// A body cut at the size cap may end in the middle of a known secret.
    fn without_cut_secret(&self, mut text: String) -> String {
        let tail = text.bytes().rev().take_while(|byte| is_token_byte(*byte)).count();
        let from = text.len() - tail;
        let end = text.get(from..).unwrap_or_default();
        if tail >= MIN_ELSEWHERE && self.prepared().starts_with(end.as_bytes()) {
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
            Some(HeaderForm::Protocols) => {
                for entry in value.split(',').map(str::trim).filter(|entry| is_credential_protocol(entry)) {
                    self.remember(SecretKind::of_value(entry), entry);
                }
            }
            Some(HeaderForm::Whole) => self.remember(SecretKind::of_value(value), value.trim()),
            None if is_credential(name, value) => self.remember(SecretKind::of_value(value), value.trim()),
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

    /// The texts of a list or an object under the name of a secret.
    fn learn_leaves(&mut self, kind: SecretKind, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) if text.len() >= MIN_LEAF && !text.contains(' ') => {
                self.remember(kind, text);
            }
            serde_json::Value::Array(rows) => rows.iter().for_each(|row| self.learn_leaves(kind, row)),
            serde_json::Value::Object(members) => {
                members.values().for_each(|member| self.learn_leaves(kind, member));
            }
            _ => {}
        }
    }

    fn learn_text(&mut self, text: &str) {
        let spots = Finder::new(None, false).spots(text);
        for spot in spots.iter().filter(|spot| !spot.quote.is_empty()) {
            if let Ok(value) = serde_json::from_str(&spot.value) {
                self.learn_leaves(spot.kind, &value);
            }
        }
        for spot in spots.into_iter().filter(|spot| spot.certain) {
            let value = decoded(&spot.value);
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
