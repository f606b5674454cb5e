//! The routes of a provider: what each asks for, as data of its profile (contract §8.1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use ts_rs::TS;

/// What fills a value of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// A team, or the personal space.
    Team,
    /// A set of the chosen team.
    Set,
    /// A todo of the chosen set.
    Todo,
    /// A comment of the chosen todo.
    Comment,
    /// A member of the chosen team.
    User,
    /// One of the listed words.
    Choice,
    /// Free text.
    Text,
    /// Yes or no.
    Bool,
    /// A whole number.
    Number,
    /// Any JSON value.
    Json,
}

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A `:name` of the path.
    Path,
    /// The query string.
    Query,
    /// A member of the JSON body.
    Body,
}

/// A value a call takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Input {
    /// Name on the wire.
    pub name: String,
    /// Where it goes.
    pub place: Place,
    /// What fills it.
    pub pick: Pick,
    /// Whether the server refuses the call without it.
    #[serde(default)]
    pub required: bool,
    /// The words, for a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Any of these inner scopes is asked for when this field is sent (PATCH todo), beside the route's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The role permissions consulted when this field is sent, own one first (`edit_own_todos`, `edit_any_todo`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// An example value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub example: Option<String>,
}

/// One route of the provider's cross-app interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Route {
    /// Stable id, e.g. `list_todos`.
    pub id: String,
    /// Verb.
    pub method: String,
    /// Path with `:name` parts, from the host's root.
    pub path: String,
    /// Group: `team`, `sets`, `todos`, `comments`, `settings`, `permissions`, `realtime`.
    pub group: String,
    /// Any one of these inner scopes opens it.
    pub scopes: Vec<String>,
    /// Whether the bundle scope opens it, too.
    pub bundle: bool,
    /// Role permissions consulted, own one first; empty: none.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Whether the permission is looked up for the whole team only, so that a row of a set does nothing.
    #[serde(default)]
    pub team_level: bool,
    /// Values it takes.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// Whether it changes something.
    pub writes: bool,
    /// The provider's checks after membership in their real order, gate ids of `diagnosis`.
    pub order: Vec<String>,
}

impl Route {
    /// Whether it may be sent to look: it changes nothing, and its answer has an end.
    #[must_use]
    pub fn is_safe_read(&self) -> bool {
        self.method == "GET" && !self.writes && self.group != "realtime"
    }
}

/// The calls section of a profile.
#[derive(Debug, Deserialize)]
struct Calls {
    routes: Vec<Route>,
}

/// Glint's 32 cross-app routes in display order (contract §8.1).
#[must_use]
pub fn glint() -> &'static [Route] {
    static ROUTES: OnceLock<Vec<Route>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        // The file is part of the program and a test reads it: an error cannot reach a user.
        serde_json::from_str::<Calls>(include_str!("../profiles/glint.calls.json"))
            .map(|calls| calls.routes)
            .unwrap_or_default()
    })
}

/// The route with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Route> {
    glint().iter().find(|route| route.id == id)
}

/// A concrete path matched against a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The route.
    pub route: &'static Route,
    /// Path values by name, percent-decoding left to the caller.
    pub values: Vec<(String, String)>,
}

impl Matched {
    /// The value of a path part.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Finds the route of a call. Takes the verb and a path, with or without query; fixed parts win over `:name` parts.
#[must_use]
pub fn find(method: &str, path: &str) -> Option<Matched> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let hits =
        glint().iter().filter(|route| route.method == method).filter_map(|route| matched(route, &parts));
    hits.min_by_key(|hit| hit.values.len())
}

fn matched(route: &'static Route, parts: &[&str]) -> Option<Matched> {
    values_of(&route.path, parts).map(|values| Matched { route, values })
}

/// The values of a path's `:name` parts where a concrete path has this form.
pub(crate) fn path_values(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    values_of(pattern, &path.trim_matches('/').split('/').collect::<Vec<_>>())
}

fn values_of(pattern: &str, parts: &[&str]) -> Option<Vec<(String, String)>> {
    let wanted: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    if wanted.len() != parts.len() {
        return None;
    }
    let mut values = Vec::new();
    for (want, part) in wanted.iter().zip(parts) {
        match want.strip_prefix(':') {
            Some(name) if !part.is_empty() => values.push((name.to_owned(), (*part).to_owned())),
            None if want == part => {}
            _ => return None,
        }
    }
    Some(values)
}

/// Percent-decoded text; what is not UTF-8 afterwards is replaced, a `%` without two digits stays.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match digits.filter(|_| first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_32_routes_are_there_and_consistent() {
        assert_eq!(glint().len(), 32);
        for route in glint() {
            assert!(!route.scopes.is_empty(), "{}", route.id);
            let path_values = route.path.matches("/:").count();
            let inputs = route.inputs.iter().filter(|input| input.place == Place::Path).count();
            assert_eq!(path_values, inputs, "{}", route.id);
        }
    }

    #[test]
    fn a_concrete_call_finds_its_route() {
        let hit = find("GET", "/api/cross-app/teams/t1/sets/s1/todos?x=1").unwrap();
        assert_eq!((hit.route.id.as_str(), hit.value("set")), ("list_todos", Some("s1")));
        assert_eq!(find("POST", "/api/cross-app/teams/t1/todos/reorder").unwrap().route.id, "reorder_todos");
        assert_eq!(find("POST", "/api/cross-app/teams/t1/sets/import").unwrap().route.id, "import_as_set");
        assert_eq!(find("GET", "/api/cross-app/me").unwrap().route.id, "me");
        assert!(find("DELETE", "/api/cross-app/me").is_none());
        assert!(find("GET", "/api/cross-app/teams//sets").is_none());
    }
}
