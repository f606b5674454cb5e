//! An exchange with only what is known by name and form; every other value is left out or replaced.

use super::contents::{Counts, What};
use super::vocabulary::{Class, HEADERS, class_of, is_word};
use crate::exchange::{Exchange, Request, Response};
use crate::secret::is_id;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Longest list of which every entry stays.
const MAX_ROWS: usize = 200;

/// Applies the allow-list. The same text gets the same replacement within one capsule.
pub(super) struct Allow<'a> {
    /// What the answer says: a value it cites stays.
    pub(super) cited: &'a str,
    /// Whether nothing of people and nothing they wrote stays, cited or not.
    pub(super) minimised: bool,
    pub(super) counts: Counts,
    pub(super) seen: BTreeMap<String, String>,
}

impl<'a> Allow<'a> {
    /// One that keeps what an answer cites.
    pub(super) fn new(cited: &'a str, minimised: bool) -> Self {
        Self { cited, minimised, counts: Counts::default(), seen: BTreeMap::new() }
    }

    /// The exchange with what is known alone.
    pub(super) fn exchange(&mut self, exchange: &Exchange) -> Exchange {
        Exchange {
            request: Request {
                method: self.method(&exchange.request.method),
                url: self.address(&exchange.request.url),
                headers: self.headers(&exchange.request.headers),
                body: exchange.request.body.as_deref().map(|body| self.body(body)),
            },
            response: exchange.response.as_ref().map(|response| Response {
                status: response.status,
                headers: self.headers(&response.headers),
                body: response.body.as_deref().map(|body| self.body(body)),
                truncated: response.truncated,
            }),
            failure: exchange.failure.as_ref().map(|(kind, words)| (*kind, self.sentence(words))),
            started_at: exchange.started_at,
            elapsed_ms: exchange.elapsed_ms,
        }
    }

    fn method(&mut self, method: &str) -> String {
        if method.len() <= 16 && method.chars().all(|c| c.is_ascii_alphabetic()) {
            return method.to_owned();
        }
        self.counts.add(What::Text);
        "OTHER".to_owned()
    }

    fn headers(&mut self, headers: &[(String, String)]) -> Vec<(String, String)> {
        let mut kept = Vec::new();
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            if !HEADERS.contains(&lower.as_str()) {
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
            "origin" | "host" | "access-control-allow-origin" => {
                origin(value).unwrap_or_else(|| self.removed())
            }
            "authorization"
            | "proxy-authorization"
            | "x-session-token"
            | "cookie"
            | "set-cookie"
            | "sec-websocket-protocol" => value.to_owned(),
            "www-authenticate" => self.challenge(value),
            "content-type" | "accept" | "allow" | "connection" | "sec-fetch-mode" | "sec-fetch-site"
            | "sec-fetch-dest" => {
                let plain = |c: char| c.is_ascii_alphanumeric() || " ,;=/*+.-_\"".contains(c);
                if value.len() <= 120 && value.chars().all(plain) { value.to_owned() } else { self.removed() }
            }
            "date" | "retry-after" => {
                let plain = |c: char| c.is_ascii_alphanumeric() || " ,:+-".contains(c);
                if value.len() <= 40 && value.chars().all(plain) { value.to_owned() } else { self.removed() }
            }
            _ => self.removed(),
        }
    }

    /// `Bearer realm="…", error="invalid_token"` (RFC 6750 §3): known parameters stay.
    fn challenge(&mut self, value: &str) -> String {
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        let mut kept = Vec::new();
        for part in rest.split(',') {
            let Some((name, text)) = part.trim().split_once('=') else { continue };
            let text = text.trim_matches('"');
            let class = match name {
                "realm" => Some(Class::Text),
                "error" => Some(Class::Word),
                _ => class_of(name),
            };
            match class {
                Some(class) => kept.push(format!("{name}=\"{}\"", self.value(class, text))),
                None => self.counts.add(What::Parameter),
            }
        }
        let scheme = if is_word(scheme) { scheme.to_owned() } else { self.removed() };
        format!("{scheme} {}", kept.join(", ")).trim_end().to_owned()
    }

    fn removed(&mut self) -> String {
        self.counts.add(What::Header);
        "‹left out›".to_owned()
    }

    /// An address: known words and ids of its path, known parameters of its query and fragment.
    pub(super) fn address(&mut self, url: &str) -> String {
        let (front, fragment) = url.split_once('#').map_or((url, None), |(front, rest)| (front, Some(rest)));
        let (base, query) = front.split_once('?').map_or((front, None), |(base, rest)| (base, Some(rest)));
        let host_end = base.find("://").map_or(0, |at| {
            base.get(at + 3..).and_then(|rest| rest.find('/')).map_or(base.len(), |slash| at + 3 + slash)
        });
        let (host, path) = base.split_at(host_end);
        let host = match host.rsplit_once('@') {
            Some((user, bare)) => {
                let scheme = user.split_once("://").map_or("", |(scheme, _)| scheme);
                format!("{scheme}://‹user›@{bare}").replace('‹', "%E2%80%B9").replace('›', "%E2%80%BA")
            }
            None => host.to_owned(),
        };
        let path: Vec<String> = path.split('/').map(|segment| self.segment(segment)).collect();
        let mut out = format!("{host}{}", path.join("/"));
        if let Some(query) = query {
            out.push('?');
            out.push_str(&self.pairs(query));
        }
        if let Some(fragment) = fragment {
            out.push('#');
            out.push_str(&self.pairs(fragment));
        }
        out
    }

    fn segment(&mut self, segment: &str) -> String {
        let known = |part: &str| {
            part.is_empty()
                || is_word(part)
                || is_id(part)
                || part.contains("%E2%80%B9")
                || (part.len() <= 12
                    && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        };
        if segment.split([':', '|']).all(known) && segment.len() <= 120 {
            return segment.to_owned();
        }
        let plain = crate::routes::percent_decoded(segment);
        if !self.minimised && self.cited.contains(&plain) {
            return segment.to_owned();
        }
        self.counts.add(What::Text);
        url::form_urlencoded::byte_serialize(self.stand_in(&plain, "text").as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    }

    /// A query or a form body.
    fn pairs(&mut self, text: &str) -> String {
        let mut kept = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) =
                pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
            let Some(class) = class_of(&crate::routes::percent_decoded(name)) else {
                self.counts.add(What::Parameter);
                continue;
            };
            match value {
                None => kept.push(name.to_owned()),
                Some(value) => {
                    let plain = decoded(value);
                    let clean = self.value(class, &plain);
                    let same = clean == plain;
                    kept.push(format!("{name}={}", if same { value.to_owned() } else { encoded(&clean) }));
                }
            }
        }
        kept.join("&")
    }

    /// A body: JSON by its members, forms by their names, everything else by its kind alone.
    fn body(&mut self, body: &str) -> String {
        if let Ok(value) = serde_json::from_str::<Value>(body) {
            return self.json(value, None).to_string();
        }
        let start = body.trim_start();
        if start.is_empty() || self.is_refusal(body.trim()) {
            return body.to_owned();
        }
        let lower: String = start.chars().take(15).collect::<String>().to_ascii_lowercase();
        let length = body.chars().count();
        self.counts.add(What::Body);
        if lower.starts_with("<!doctype html") {
            return format!("<!doctype html>‹{length}›");
        }
        if lower.starts_with("<html") {
            return format!("<html>‹{length}›");
        }
        if start.starts_with(['{', '[']) {
            // Cut off or malformed, and still so.
            let open = if start.starts_with('{') { '{' } else { '[' };
            return format!("{open}‹{length}›");
        }
        // What stands for a secret has blanks.
        let name = body.split_once('=').map_or("", |(name, _)| name);
        if is_word(name) && !body.contains(['\n', '\r']) {
            return self.pairs(body);
        }
        self.sentence(body)
    }

    fn json(&mut self, value: Value, class: Option<Class>) -> Value {
        match value {
            Value::Array(rows) => {
                Value::Array(rows.into_iter().take(MAX_ROWS).map(|row| self.json(row, class)).collect())
            }
            Value::Object(members) => Value::Object(self.members(members, class)),
            Value::String(text) => match class {
                Some(class) => Value::String(self.value(class, &text)),
                None => Value::String(self.sentence(&text)),
            },
            Value::Number(_) if class.is_none() => {
                self.counts.add(What::Member);
                Value::from(0)
            }
            other => other,
        }
    }

    fn members(&mut self, members: Map<String, Value>, class: Option<Class>) -> Map<String, Value> {
        let mut kept = Map::new();
        for (name, member) in members {
            let class = match class_of(&name) {
                Some(class) => class,
                // Flags have the names of permissions and settings.
                None if is_word(&name) && member.is_boolean() => Class::Word,
                None if class == Some(Class::Map) && (is_word(&name) || is_id(&name)) => Class::Map,
                None => {
                    self.counts.add(What::Member);
                    continue;
                }
            };
            let member = self.json(member, Some(class));
            kept.insert(name, member);
        }
        kept
    }
}

fn origin(value: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".:/-_[]".contains(c);
    (value.len() <= 200 && value.chars().all(plain)).then(|| value.to_owned())
}

fn decoded(value: &str) -> String {
    crate::routes::percent_decoded(&value.replace('+', " "))
}

fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}
