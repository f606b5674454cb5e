//! A request that is put together from the words of a command.

use super::words::VARIABLE;
use crate::exchange::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The parts of a request so far.
#[derive(Default)]
pub(super) struct Building {
    pub(super) method: Option<String>,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) data: Vec<String>,
    pub(super) query: Vec<String>,
    pub(super) json: bool,
    pub(super) as_query: bool,
    /// A body is sent, known or not.
    pub(super) sends: bool,
}

impl Building {
    /// A word that is no option: the URL, where it is the first or the only one with a scheme.
    pub(super) fn word(&mut self, word: String) {
        if self.url.is_empty() || (has_scheme(&word) && !has_scheme(&self.url)) {
            self.url = word;
        }
    }

    /// The credential of `user:password`, unless a header names one.
    pub(super) fn user(&mut self, pair: &str) {
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            self.named("Authorization", Some(basic(pair)));
        }
    }

    /// `@file` sends a file whose content is unknown here.
    pub(super) fn body(&mut self, value: Option<String>) {
        self.sends = true;
        self.data.extend(value.filter(|value| !value.starts_with('@')));
    }

    pub(super) fn header(&mut self, text: &str) {
        if let Some((name, value)) = text.split_once(':') {
            let value = value.strip_prefix(' ').unwrap_or(value);
            self.headers.push((name.trim().to_owned(), value.to_owned()));
        }
    }

    pub(super) fn named(&mut self, name: &str, value: Option<String>) {
        self.headers.extend(value.map(|value| (name.to_owned(), value)));
    }

    pub(super) fn finished(mut self) -> Request {
        let joined = (!self.data.is_empty()).then(|| self.data.join(if self.json { "" } else { "&" }));
        if self.json && !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            self.named("Content-Type", Some("application/json".to_owned()));
        }
        self.query.extend(joined.clone().filter(|_| self.as_query));
        for pairs in &self.query {
            self.url.push(if self.url.contains('?') { '&' } else { '?' });
            self.url.push_str(pairs);
        }
        let body = joined.filter(|_| !self.as_query);
        let sends = body.is_some() || (self.sends && !self.as_query);
        let usual = if sends { "POST" } else { "GET" };
        if !self.url.is_empty() && !self.url.contains("://") && !self.url.starts_with('/') {
            self.url = format!("http://{}", self.url);
        }
        Request {
            method: self.method.map_or_else(|| usual.to_owned(), |method| method.to_ascii_uppercase()),
            url: self.url.replace(VARIABLE, "$"),
            headers: self.headers.into_iter().map(|(name, value)| (name, known(&value))).collect(),
            body: body.map(|body| body.replace(VARIABLE, "$")),
        }
    }
}

/// Whether a word is a URL with its scheme.
pub(super) fn has_scheme(word: &str) -> bool {
    word.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
    })
}

/// A header's value; a variable the text does not tell is a placeholder, the same for the same name.
fn known(value: &str) -> String {
    match value.split_once(VARIABLE) {
        Some((scheme, name)) if scheme.ends_with(' ') => format!("{scheme}‹access token ${name}›"),
        Some(("", name)) => format!("‹access token ${name}›"),
        Some(_) => value.replace(VARIABLE, "$"),
        None => value.to_owned(),
    }
}

pub(super) fn basic(pair: &str) -> String {
    if pair.contains(VARIABLE) {
        "Basic ‹client credentials $›".to_owned()
    } else {
        format!("Basic {}", STANDARD.encode(pair))
    }
}

pub(super) fn encoded(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    if name.is_empty() { value } else { format!("{name}={value}") }
}
