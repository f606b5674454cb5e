//! What is personal in an exchange and decides no answer: names of people and what they wrote.
//!
//! Ids stay, since the evidence is bound together by them. The same text gets the same replacement within one capsule.

use crate::exchange::Exchange;
use crate::secret::placeholder_kind;
use serde_json::Value;
use std::collections::BTreeMap;

/// Members whose text is a person's name, address or picture.
const OF_PEOPLE: [&str; 14] = [
    "username",
    "userName",
    "displayName",
    "display_name",
    "preferred_username",
    "nickname",
    "given_name",
    "family_name",
    "email",
    "avatarUrl",
    "avatar_url",
    "avatar",
    "picture",
    "login_hint",
];
/// Members whose text somebody wrote; `name` is a team, a set or a person, unless it is an app's.
const WRITTEN: [&str; 10] = [
    "title",
    "body",
    "content",
    "fileName",
    "name",
    "description",
    "defaultSetName",
    "default_set_name",
    "setName",
    "site_name",
];
/// Members under which everything is about an app and not about a person.
const OF_APPS: [&str; 6] = ["app", "apps", "app_scopes", "definitions", "rules", "rejected_scopes"];
/// Headers that say where somebody was and with what.
const HEADERS: [&str; 9] = [
    "referer",
    "origin",
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "accept-language",
    "cf-ipcountry",
];

/// The replacements of one capsule.
#[derive(Default)]
pub(super) struct Personal {
    seen: BTreeMap<String, String>,
}

impl Personal {
    /// Replaces what is personal in an exchange.
    pub(super) fn take_out(&mut self, exchange: &mut Exchange) {
        exchange.request.url = self.url(&exchange.request.url);
        exchange.request.body = exchange.request.body.take().map(|body| self.body(&body));
        for (name, value) in &mut exchange.request.headers {
            header(name, value);
        }
        if let Some(response) = &mut exchange.response {
            for (name, value) in &mut response.headers {
                header(name, value);
            }
            response.body = response.body.take().map(|body| self.body(&body));
        }
    }

    fn url(&mut self, url: &str) -> String {
        let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if OF_PEOPLE.contains(&name) && !value.is_empty() => {
                format!("{name}={}", self.stand_in(value, "person"))
            }
            _ => pair.to_owned(),
        });
        let pairs: Vec<String> = pairs.collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// JSON by its members, forms by their names, pages and other text not at all: only that they are such stays.
    fn body(&mut self, body: &str) -> String {
        if let Ok(mut value) = serde_json::from_str::<Value>(body) {
            self.walk(&mut value, false);
            self.errors(&mut value);
            return value.to_string();
        }
        let start = body.trim_start();
        let lower: String = start.chars().take(15).collect::<String>().to_ascii_lowercase();
        let length = body.chars().count();
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
        let is_form = !body.is_empty() && body.contains('=') && !body.contains(char::is_whitespace);
        if is_form {
            return self.url(&format!("?{body}")).trim_start_matches('?').to_owned();
        }
        body.to_owned()
    }

    fn walk(&mut self, value: &mut Value, of_app: bool) {
        match value {
            Value::Array(rows) => rows.iter_mut().for_each(|row| self.walk(row, of_app)),
            Value::Object(members) => {
                for (name, member) in members {
                    let person = OF_PEOPLE.contains(&name.as_str());
                    let written = !of_app && WRITTEN.contains(&name.as_str());
                    match member {
                        Value::String(text) if (person || written) && !text.trim().is_empty() => {
                            *text = self.stand_in(text, if person { "person" } else { "text" });
                        }
                        Value::String(_) => {}
                        _ => self.walk(member, of_app || OF_APPS.contains(&name.as_str())),
                    }
                }
            }
            _ => {}
        }
    }

    /// A refusal may quote at its end what was sent.
    fn errors(&mut self, value: &mut Value) {
        let Some(Value::String(error)) = value.get_mut("error") else { return };
        let quoted = self.seen.iter().find_map(|(text, shown)| {
            let kept = error.strip_suffix(text.as_str()).filter(|kept| kept.ends_with(": "))?;
            Some(format!("{kept}{shown}"))
        });
        if let Some(clean) = quoted {
            *error = clean;
        } else if let Some((kept, _)) = error.split_once("sibling todos: ") {
            *error = format!("{kept}sibling todos: ‹text›");
        }
    }

    fn stand_in(&mut self, text: &str, kind: &str) -> String {
        if placeholder_kind(text).is_some() || text.starts_with('‹') {
            return text.to_owned();
        }
        let next = self.seen.len() + 1;
        self.seen.entry(text.to_owned()).or_insert_with(|| format!("‹{kind} {next}›")).clone()
    }
}

/// That a browser was at work decides how sure a missing credential is; which one it was decides nothing.
fn header(name: &str, value: &mut String) {
    if name.eq_ignore_ascii_case("user-agent") {
        *value =
            if value.contains("Mozilla/") { "Mozilla/5.0".to_owned() } else { "‹left out›".to_owned() };
    } else if HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known))
        || name.to_ascii_lowercase().starts_with("sec-ch-")
    {
        *value = "‹left out›".to_owned();
    }
}
