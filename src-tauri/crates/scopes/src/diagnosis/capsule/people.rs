//! Minimising by value: what is called after a person or was written by one is replaced wherever it stands, ids become
//! fingerprints that are the same in every capsule, host names are replaced on request.

use super::contents::{Counts, What};
use super::vocabulary::{Class, class_of};
use crate::exchange::Exchange;
use crate::secret::{is_id, jwt_claims};
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};

/// Shortest value that is looked for in other texts.
const MIN_VALUE: usize = 3;
/// Words of the protocol that are never taken for a name.
const PROTOCOL: [&str; 24] = [
    "me", "app", "apps", "api", "user", "users", "team", "teams", "set", "sets", "todo", "todos", "error",
    "name", "owner", "admin", "member", "viewer", "editor", "read", "write", "scope", "token", "bearer",
];

/// The values of one capsule that are replaced by value.
#[derive(Default)]
pub(super) struct People {
    values: Vec<(String, String)>,
    hosts: Vec<(String, String)>,
}

impl People {
    /// Gathers the values of people and texts of exchanges as they were recorded.
    pub(super) fn learn(&mut self, exchange: &Exchange) {
        let bodies =
            [exchange.request.body.as_deref(), exchange.response.as_ref().and_then(|r| r.body.as_deref())];
        for body in bodies.into_iter().flatten() {
            match serde_json::from_str::<Value>(body) {
                Ok(value) => self.walk(&value, None),
                Err(_) => self.form(body),
            }
        }
        if let Some((_, query)) = exchange.request.url.split_once('?') {
            self.form(query);
        }
        for (name, value) in &exchange.request.headers {
            if name.eq_ignore_ascii_case("authorization")
                && let Some(claims) = value.rsplit(' ').next().and_then(jwt_claims)
            {
                self.walk(&claims, None);
            }
        }
    }

    /// Replaces a name that is known beside the exchanges.
    pub(super) fn name(&mut self, name: &str) {
        self.add(name, "person");
    }

    fn form(&mut self, text: &str) {
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            if let Some(kind) = kind_of(class_of(&name)) {
                self.add(&value, kind);
            }
        }
    }

    fn walk(&mut self, value: &Value, class: Option<Class>) {
        match value {
            Value::Array(rows) => rows.iter().for_each(|row| self.walk(row, class)),
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| self.walk(member, class_of(name)));
            }
            Value::String(text) => {
                if let Some(kind) = kind_of(class) {
                    self.add(text, kind);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, value: &str, kind: &str) {
        let value = value.trim();
        let protocol = PROTOCOL.iter().any(|word| value.eq_ignore_ascii_case(word));
        if value.chars().count() < MIN_VALUE || protocol || value.starts_with('‹') || is_id(value) {
            return;
        }
        if self.values.iter().all(|(known, _)| known != value) {
            let shown = format!("‹{kind} {}›", fingerprint(value, 6));
            // A person is also called by a part of the name.
            let parts: Vec<String> = match kind {
                "person" => value
                    .split([' ', '@'])
                    .filter(|part| part.chars().count() >= MIN_VALUE)
                    .map(str::to_owned)
                    .collect(),
                _ => Vec::new(),
            };
            self.values.push((value.to_owned(), shown.clone()));
            for part in parts.into_iter().filter(|part| part != value) {
                self.add(&part, "person");
            }
        }
    }

    /// Replaces host names, too.
    pub(super) fn hide_hosts<'a>(&mut self, exchanges: impl Iterator<Item = &'a Exchange>) {
        for exchange in exchanges {
            let body =
                exchange.response.as_ref().and_then(|response| response.body.as_deref()).unwrap_or_default();
            for text in [exchange.request.url.as_str(), body] {
                self.hosts_of(text);
            }
        }
    }

    fn hosts_of(&mut self, text: &str) {
        for piece in text.split("://").skip(1) {
            let end =
                piece.find(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c))).unwrap_or(piece.len());
            let host = piece.get(..end).unwrap_or_default().to_owned();
            let local = host == "localhost" || host.starts_with("127.") || host.is_empty();
            if !local && !host.ends_with(".invalid") && self.hosts.iter().all(|(known, _)| *known != host) {
                let shown = format!("host-{}.invalid", fingerprint(&host, 6));
                self.hosts.push((host, shown));
            }
        }
    }

    /// Replaces everything in the texts of an archive.
    pub(super) fn replace(&self, entries: &mut [Value], counts: &mut Counts, with_ids: bool) {
        let people = Replacer::of(&self.values, true);
        let hosts = Replacer::of(&self.hosts, false);
        for entry in entries {
            strings(entry, &mut |text| {
                let (clean, found) = hosts.apply(text);
                counts.add_many(What::Host, found);
                let (clean, found) = people.apply(&clean);
                counts.add_many(What::Person, found);
                if !with_ids {
                    return clean;
                }
                let (clean, found) = ids(&clean);
                counts.add_many(What::Id, found);
                clean
            });
        }
    }
}

fn kind_of(class: Option<Class>) -> Option<&'static str> {
    match class {
        Some(Class::Person) => Some("person"),
        Some(Class::Text) => Some("text"),
        _ => None,
    }
}

/// Changes every text of a value, those inside a JSON text one by one.
pub(super) fn strings(value: &mut Value, change: &mut impl FnMut(&str) -> String) {
    match value {
        Value::String(text) => {
            let inner =
                text.starts_with(['{', '[']).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
            *text = match inner {
                Some(mut inner) => {
                    strings(&mut inner, change);
                    inner.to_string()
                }
                None => change(text),
            };
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| strings(row, change)),
        Value::Object(members) => {
            let changed = std::mem::take(members).into_iter().map(|(name, mut member)| {
                strings(&mut member, change);
                let name = if is_id(&name) { change(&name) } else { name };
                (name, member)
            });
            *members = changed.collect();
        }
        _ => {}
    }
}

struct Replacer {
    search: Option<AhoCorasick>,
    shown: Vec<String>,
    words: bool,
}

impl Replacer {
    fn of(values: &[(String, String)], words: bool) -> Self {
        let mut by_form: BTreeMap<String, String> = BTreeMap::new();
        for (value, shown) in values {
            by_form.insert(value.clone(), shown.clone());
            let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            by_form.insert(encoded.replace('+', "%20"), encode(shown));
            by_form.insert(encoded, encode(shown));
        }
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(words)
            .build(by_form.keys())
            .ok()
            .filter(|_| !by_form.is_empty());
        Self { search, shown: by_form.into_values().collect(), words }
    }

    fn apply(&self, text: &str) -> (String, usize) {
        let Some(search) = &self.search else { return (text.to_owned(), 0) };
        let (mut out, mut done, mut count) = (String::with_capacity(text.len()), 0, 0);
        for hit in search.find_iter(text) {
            let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let before = text.get(..hit.start()).and_then(|text| text.chars().next_back());
            let after = text.get(hit.end()..).and_then(|text| text.chars().next());
            if self.words && (inside(before) || inside(after)) {
                continue;
            }
            out.push_str(text.get(done..hit.start()).unwrap_or_default());
            out.push_str(self.shown.get(hit.pattern().as_usize()).map_or("‹text›", String::as_str));
            done = hit.end();
            count += 1;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        (out, count)
    }
}

fn encode(shown: &str) -> String {
    url::form_urlencoded::byte_serialize(shown.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Ids by fingerprints of the same form. Client ids stay: they are public (RFC 6749 §2.2) and remedies name them.
fn ids(text: &str) -> (String, usize) {
    let (mut out, mut word, mut count) = (String::with_capacity(text.len()), String::new(), 0);
    let mut end = |word: &mut String, out: &mut String| {
        if is_id(word) && !word.starts_with("prism_") {
            out.push_str(&id(word));
            count += 1;
        } else {
            out.push_str(word);
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            word.push(c);
        } else {
            end(&mut word, &mut out);
            out.push(c);
        }
    }
    end(&mut word, &mut out);
    (out, count)
}

/// The fingerprint of an id, with its hyphens where they were. One that is a fingerprint already stays.
fn id(id: &str) -> String {
    const MARK: &str = "f1d0";
    if id.starts_with(MARK) {
        return id.to_owned();
    }
    let mut digits = format!("{MARK}{}{}", fingerprint(id, 16), fingerprint(&format!("{id} "), 16));
    digits.truncate(32);
    let mut digits = digits.chars();
    id.chars().map(|c| if c == '-' { '-' } else { digits.next().unwrap_or('0') }).collect()
}

/// The same for the same value on every machine.
fn fingerprint(value: &str, digits: usize) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(value.as_bytes());
    format!("{:016x}", hasher.finish()).chars().take(digits).collect()
}
