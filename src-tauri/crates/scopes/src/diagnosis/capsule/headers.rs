//! Headers of a capsule: known names alone, and of their values only what their definition allows.

use super::allow::Allow;
use super::contents::What;
use super::stand_in::is_stand_in;
use super::terms::is_known_word;
use super::vocabulary::HEADERS;

/// Most headers of a message.
const MAX_HEADERS: usize = 64;
/// Types that stay (RFC 9110 §8.3.1); of another one it stays that it is another.
const TYPES: [&str; 7] = ["application", "text", "multipart", "image", "audio", "video", "*"];
const SUBTYPES: [&str; 13] = [
    "json",
    "problem+json",
    "xml",
    "html",
    "plain",
    "javascript",
    "css",
    "csv",
    "event-stream",
    "form-data",
    "x-www-form-urlencoded",
    "octet-stream",
    "*",
];
/// Words of the other headers with a closed vocabulary.
const VALUES: [&str; 31] = [
    "keep-alive",
    "close",
    "upgrade",
    "te",
    "navigate",
    "cors",
    "no-cors",
    "same-origin",
    "same-site",
    "cross-site",
    "none",
    "websocket",
    "document",
    "empty",
    "iframe",
    "image",
    "script",
    "style",
    "font",
    "worker",
    "object",
    "get",
    "head",
    "post",
    "put",
    "patch",
    "delete",
    "options",
    "trace",
    "connect",
    "http2-settings",
];

impl Allow<'_> {
    pub(super) fn headers(&mut self, headers: &[(String, String)]) -> Vec<(String, String)> {
        let mut kept = Vec::new();
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            if !HEADERS.contains(&lower.as_str()) || kept.len() >= MAX_HEADERS {
                self.counts.add(What::Header);
                continue;
            }
            kept.push((name.clone(), self.header(&lower, value)));
        }
        kept
    }

    fn header(&mut self, name: &str, value: &str) -> String {
        match name {
            "user-agent" if value.contains("Mozilla/") => "Mozilla/5.0".to_owned(),
            "location" => self.address(value),
            "origin" | "host" | "access-control-allow-origin" => self.bare_origin(value),
            // Secrets were replaced before.
            "authorization" | "proxy-authorization" => self.credential(value),
            "x-session-token" | "cookie" | "set-cookie" => value.to_owned(),
            "sec-websocket-protocol" => {
                let plain = |entry: &str| is_stand_in(entry) || is_known_word(entry);
                let entries = value.split(',').take(16).map(str::trim);
                entries.map(|entry| if plain(entry) { entry } else { "other" }).collect::<Vec<_>>().join(", ")
            }
            "www-authenticate" => self.challenge(value),
            "content-type" | "accept" => self.media_types(value),
            "allow" | "connection" | "sec-fetch-mode" | "sec-fetch-site" | "sec-fetch-dest" => {
                let words = || value.split(',').map(str::trim);
                let known = |word: &str| VALUES.iter().any(|known| word.eq_ignore_ascii_case(known));
                if words().all(known) { words().collect::<Vec<_>>().join(", ") } else { self.removed() }
            }
            "date" => self.frame.clock.header(value).unwrap_or_else(|| self.removed()),
            "retry-after" | "age" => {
                let digits = value.len() <= 9 && value.trim().bytes().all(|byte| byte.is_ascii_digit());
                match digits {
                    true => value.to_owned(),
                    false => self.frame.clock.header(value).unwrap_or_else(|| self.removed()),
                }
            }
            _ => self.removed(),
        }
    }

    /// A credential behind its scheme; of a scheme that nobody knows it stays that it is another one.
    fn credential(&mut self, value: &str) -> String {
        if !self.frame.wanted.minimised {
            return value.to_owned();
        }
        match value.split_once(' ') {
            Some((scheme, rest))
                if !scheme.is_empty()
                    && scheme.bytes().all(|byte| byte.is_ascii_alphabetic())
                    && !is_scheme(scheme) =>
            {
                self.counts.add(What::Text);
                format!("Other {rest}")
            }
            _ => value.to_owned(),
        }
    }

    /// `application/json; charset=utf-8, */*`: parameters other than the character set are left out.
    fn media_types(&mut self, value: &str) -> String {
        let mut kept = Vec::new();
        for one in value.split(',').take(16) {
            let mut parts = one.split(';').map(str::trim);
            let (kind, sub) = parts.next().unwrap_or_default().split_once('/').unwrap_or_default();
            let known = |list: &[&str], word: &str| list.iter().any(|known| word.eq_ignore_ascii_case(known));
            let kind = if known(&TYPES, kind) { kind } else { "application" };
            let sub = if known(&SUBTYPES, sub) { sub } else { "x-other" };
            let charset = parts.find(|part| part.eq_ignore_ascii_case("charset=utf-8"));
            kept.push(match charset {
                Some(charset) => format!("{kind}/{sub}; {charset}"),
                None => format!("{kind}/{sub}"),
            });
        }
        kept.join(", ")
    }
}

/// Whether a word is a scheme of authentication, or a slip for one.
fn is_scheme(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    ["bear", "basic", "token", "digest", "oauth", "jwt", "apikey", "negotiate", "other"]
        .iter()
        .any(|known| lower.contains(known))
        || is_known_word(word)
}
