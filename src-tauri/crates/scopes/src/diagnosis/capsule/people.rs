//! Minimising by value: what is called after a person or was written by one is replaced wherever it is.

use super::contents::{Counts, What};
use super::fingerprint;
use super::ids::replace_ids;
use super::stand_in::is_stand_in;
use super::terms::{is_known_text, is_known_word};
use super::vocabulary::{Class, class_of};
use crate::exchange::Exchange;
use crate::secret::{is_id, jwt_claims};
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;
use std::collections::BTreeMap;

/// Shortest value that is looked for in other texts, in letters; a name in Chinese has two.
const MIN_VALUE: usize = 2;
/// Longest value that is looked for, in bytes.
const MAX_VALUE: usize = 2000;
/// Most values that are looked for.
const MAX_VALUES: usize = 20_000;

/// The values of one capsule that are replaced by value.
#[derive(Default)]
pub(super) struct People {
    values: BTreeMap<String, String>,
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
        for part in exchange.request.url.split(['?', '#']).skip(1) {
            self.form(part);
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
        let is_own = is_known_word(value) || is_known_text(value) || is_stand_in(value) || is_id(value);
        let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < MIN_VALUE || value.len() > MAX_VALUE || is_own || self.values.len() >= MAX_VALUES {
            return;
        }
        if self.values.contains_key(value) {
            return;
        }
        let shown = format!("‹{kind} {}›", fingerprint(value, 6));
        self.values.insert(value.to_owned(), shown);
        if kind == "person" {
            // A person is also called by a part of the name.
            for part in value.split([' ', '@', ',', '·']).filter(|part| *part != value) {
                self.add(part, "person");
            }
        }
    }

    /// Whether a text holds a value of a person or a text of one.
    pub(super) fn are_in(&self, text: &str) -> bool {
        Replacer::of(&self.pairs(), false).apply(text).1 > 0
    }

    /// Whether a value is one of those that are replaced.
    pub(super) fn has(&self, value: &str) -> bool {
        self.values.keys().any(|known| known.eq_ignore_ascii_case(value))
    }

    fn pairs(&self) -> Vec<(String, String)> {
        self.values.iter().map(|(value, shown)| (value.clone(), shown.clone())).collect()
    }

    /// Replaces these values, and IDs by fingerprints, in the texts of an archive.
    pub(super) fn replace(&self, entries: &mut [Value], counts: &mut Counts) {
        let people = Replacer::of(&self.pairs(), false);
        for entry in entries {
            strings(entry, &mut |text| {
                let (clean, found) = people.apply(text);
                counts.add_many(What::Person, found);
                let (clean, found) = replace_ids(&clean);
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

/// Members of an archive that hold no text of anybody.
const PLAIN: [&str; 9] =
    ["name", "mimeType", "method", "httpVersion", "startedDateTime", "statusText", "is", "failure", "cache"];

/// Changes every text of an entry of an archive that may be somebody's, those inside a JSON text one by one.
pub(super) fn strings(value: &mut Value, change: &mut impl FnMut(&str) -> String) {
    walk(value, true, change);
}

fn walk(value: &mut Value, outside: bool, change: &mut impl FnMut(&str) -> String) {
    match value {
        Value::String(text) => {
            let inner =
                text.starts_with(['{', '[']).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
            *text = match inner {
                Some(mut inner) => {
                    walk(&mut inner, false, change);
                    inner.to_string()
                }
                None => change(text),
            };
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| walk(row, outside, change)),
        Value::Object(members) => {
            let changed = std::mem::take(members).into_iter().map(|(name, mut member)| {
                if !(outside && PLAIN.contains(&name.as_str())) {
                    walk(&mut member, outside, change);
                }
                let own = outside || class_of(&name).is_some() || is_known_word(&name);
                (if own { name } else { change(&name) }, member)
            });
            *members = changed.collect();
        }
        _ => {}
    }
}

/// Looks for many values at once.
pub(super) struct Replacer {
    search: Option<AhoCorasick>,
    shown: Vec<String>,
    hosts: bool,
}

impl Replacer {
    /// `hosts`: the values are names of hosts, which go on with a dot or a hyphen.
    pub(super) fn of(values: &[(String, String)], hosts: bool) -> Self {
        let mut by_form: BTreeMap<String, String> = BTreeMap::new();
        for (value, shown) in values {
            by_form.insert(value.clone(), shown.clone());
            let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            by_form.insert(encoded.replace('+', "%20"), encode(shown));
            by_form.insert(encoded, encode(shown));
        }
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(by_form.keys())
            .ok()
            .filter(|_| !by_form.is_empty());
        Self { search, shown: by_form.into_values().collect(), hosts }
    }

    /// The text with every value replaced; how many were.
    pub(super) fn apply(&self, text: &str) -> (String, usize) {
        let Some(search) = &self.search else { return (text.to_owned(), 0) };
        let (mut out, mut done, mut count) = (String::with_capacity(text.len()), 0, 0);
        for hit in search.find_iter(text) {
            let before = text.get(..hit.start()).and_then(|text| text.chars().next_back());
            let after = text.get(hit.end()..).and_then(|text| text.chars().next());
            let found = text.get(hit.start()..hit.end()).unwrap_or_default();
            if self.goes_on(before, found.chars().next()) || self.goes_on(after, found.chars().next_back()) {
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

    /// Whether a word goes on beyond the place of a value. Scripts without blanks have no words of that kind.
    fn goes_on(&self, beside: Option<char>, edge: Option<char>) -> bool {
        let Some((beside, edge)) = beside.zip(edge) else { return false };
        let joins = self.hosts && beside == '-';
        (beside.is_ascii_alphanumeric() && edge.is_ascii_alphanumeric())
            || (is_spaced(beside) && is_spaced(edge))
            || joins
    }
}

/// Whether a letter belongs to a script that separates words by blanks, beyond ASCII.
fn is_spaced(c: char) -> bool {
    c.is_alphabetic() && (c as u32) < 0x2E80
}

fn encode(shown: &str) -> String {
    url::form_urlencoded::byte_serialize(shown.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_script_and_not_inside_words() {
        let mut people = People::default();
        for name in ["张伟", "Al", "Ann-Kathrin Öz", "grant"] {
            people.name(name);
        }
        for text in ["张伟的任务", "by Al.", "%E5%BC%A0%E4%BC%9F", "Öz", "ANN-KATHRIN"] {
            assert!(people.are_in(text), "{text}");
        }
        for text in ["Also", "Fözen", "can grant it"] {
            assert!(!people.are_in(text), "{text}");
        }
    }
}
