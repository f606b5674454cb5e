//! The members that every answer of a route has, as data: what tells a system's own answer from somebody else's.

use super::call::Kind;
use crate::routes::{Matched, path_values};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// The JSON type of a member; optional where its name ends in `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    /// A text that is not empty: an ID or a credential.
    Filled,
    Number,
    Boolean,
    /// The boolean `true`.
    True,
    Object,
    Array,
    /// An array of objects.
    Objects,
    /// Any type, `null` included.
    Present,
    /// No JSON at all: an event stream or another protocol.
    Stream,
}

#[derive(Debug)]
struct Member {
    /// Names from the root of the body, joined by dots.
    path: String,
    kind: Type,
    optional: bool,
}

/// The members of one route's answer.
#[derive(Debug)]
pub(crate) struct Form {
    method: String,
    path: String,
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    route: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    path: String,
    members: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Rows {
    glint: Vec<Row>,
    prism: Vec<Row>,
    oauth: Vec<Row>,
    web: Vec<Row>,
}

/// What the value of a member is, as far as a capsule has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A number.
    Number,
    /// A text, or anything.
    Text,
    /// `true` or `false`.
    Flag,
    /// An object or a list.
    Inside,
}

#[derive(Default)]
struct Table {
    /// Every name of a member, without separators and in lower case.
    names: HashMap<String, Shape>,
    glint: HashMap<String, Form>,
    prism: Vec<Form>,
    oauth: Vec<Form>,
    web: Vec<Form>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        // The file is part of the program and a test reads it: an error cannot reach a user.
        let Ok(rows) = serde_json::from_str::<Rows>(include_str!("../../profiles/answers.json")) else {
            return Table::default();
        };
        let names = names(rows.glint.iter().chain(&rows.prism).chain(&rows.oauth).chain(&rows.web));
        let all = |rows: Vec<Row>| rows.into_iter().map(form).collect();
        Table {
            names,
            glint: rows.glint.into_iter().map(|row| (row.route.clone(), form(row))).collect(),
            prism: all(rows.prism),
            oauth: all(rows.oauth),
            web: all(rows.web),
        }
    })
}

fn names<'r>(rows: impl Iterator<Item = &'r Row>) -> HashMap<String, Shape> {
    let mut names = HashMap::new();
    for (path, named) in rows.flat_map(|row| &row.members) {
        let (outer, last) = path.rsplit_once('.').unwrap_or(("", path));
        names.extend(outer.split('.').map(|name| (plain(name), Shape::Inside)));
        let shape = match type_named(named.strip_suffix('?').unwrap_or(named)) {
            Type::Number => Shape::Number,
            Type::Boolean | Type::True => Shape::Flag,
            Type::Object | Type::Array | Type::Objects => Shape::Inside,
            Type::Text | Type::Filled | Type::Present | Type::Stream => Shape::Text,
        };
        names.entry(plain(last)).or_insert(shape);
    }
    names
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The shape of a member that the answer of some route has; the name without separators and in lower case.
pub(crate) fn shape_of(plain: &str) -> Option<Shape> {
    table().names.get(plain).copied()
}

fn form(row: Row) -> Form {
    let members = row.members.into_iter().map(|(path, named)| {
        let (name, optional) = named.strip_suffix('?').map_or((named.as_str(), false), |name| (name, true));
        Member { path, kind: type_named(name), optional }
    });
    Form { method: row.method, path: row.path, members: members.collect() }
}

fn type_named(name: &str) -> Type {
    match name {
        "text" => Type::Text,
        "filled" => Type::Filled,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "true" => Type::True,
        "object" => Type::Object,
        "array" => Type::Array,
        "objects" => Type::Objects,
        "stream" => Type::Stream,
        _ => Type::Present,
    }
}

/// The paths of the routes beside Glint's, as the table writes them: `:name` stands for a value.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    let table = table();
    table.prism.iter().chain(&table.oauth).chain(&table.web).map(|form| form.path.as_str())
}

/// The form of a route's answers; `None` where the route is in no table.
pub(crate) fn of(kind: Kind, method: &str, path: &str, route: Option<&Matched>) -> Option<&'static Form> {
    let table = table();
    let forms = match kind {
        Kind::Glint => return table.glint.get(&route?.route.id),
        Kind::Prism => &table.prism,
        Kind::OAuth => &table.oauth,
        Kind::Web => &table.web,
        Kind::Other => return None,
    };
    let hits = forms.iter().filter(|form| form.method == method).filter_map(|form| {
        let values = path_values(&form.path, path)?;
        Some((values.len(), form))
    });
    hits.min_by_key(|(values, _)| *values).map(|(_, form)| form)
}

impl Form {
    /// The first member that is missing or has another JSON type than this system gives it.
    pub(crate) fn wrong(&self, json: &Value) -> Option<&str> {
        self.members.iter().find(|member| !member.fits(json)).map(|member| member.path.as_str())
    }
}

impl Member {
    fn fits(&self, json: &Value) -> bool {
        let found = self.path.split('.').try_fold(json, |value, name| value.get(name));
        let Some(value) = found else { return self.optional };
        match self.kind {
            Type::Text => value.is_string(),
            Type::Filled => value.as_str().is_some_and(|text| !text.trim().is_empty()),
            Type::Number => value.is_number(),
            Type::Boolean => value.is_boolean(),
            Type::True => *value == Value::Bool(true),
            Type::Object => value.is_object(),
            Type::Array => value.is_array(),
            Type::Objects => value.as_array().is_some_and(|rows| rows.iter().all(Value::is_object)),
            Type::Present => true,
            Type::Stream => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn every_route_of_glint_has_a_form() {
        let table = table();
        assert!(!table.prism.is_empty() && !table.oauth.is_empty() && !table.web.is_empty());
        for route in routes::glint() {
            assert!(table.glint.contains_key(&route.id), "{}", route.id);
        }
        assert_eq!(table.glint.len(), routes::glint().len());
    }

    #[test]
    fn a_fixed_part_of_a_path_wins_over_an_id() {
        let found =
            |method: &str, path: &str| of(Kind::Prism, method, path, None).map(|form| form.path.as_str());
        assert_eq!(found("GET", "/api/apps/a1"), Some("/api/apps/:app"));
        assert_eq!(found("GET", "/api/apps/a1/scope-definitions"), Some("/api/apps/:app/scope-definitions"));
        assert_eq!(found("PUT", "/api/apps/a1"), None);
        assert_eq!(found("GET", "/api/apps//scope-definitions"), None);
    }
}
