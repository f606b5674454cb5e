//! From a route and typed values to a request.

use crate::ask::{Ask, Body};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::routes::{Input, Pick, Place, Route};
use scopes::say;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A request as far as the values allow, and what is wrong with them.
pub(super) struct Filled {
    /// The request; parts of the path without a value keep their `:name`.
    pub(super) ask: Ask<Value>,
    /// Missing or unusable values; a refused one keeps the call from being sent.
    pub(super) problems: Vec<Problem>,
}

/// Puts the values where the route wants them. A value that may be missing and is empty is left out.
pub(super) fn fill(route: &Route, values: &BTreeMap<String, Value>, lang: Lang) -> Filled {
    let mut filling = Filling { values, lang, problems: Vec::new() };
    let segments: Vec<String> = route
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_prefix(':') {
            Some(name) => filling.path_part(route, name).unwrap_or_else(|| part.to_owned()),
            None => part.to_owned(),
        })
        .collect();
    let mut ask = Ask::new(&route.method, segments);
    let mut body = Map::new();
    for input in route.inputs.iter().filter(|input| input.place != Place::Path) {
        let Some(value) = filling.value(input) else { continue };
        match input.place {
            Place::Query => ask = ask.query(&input.name, &as_text(&value)),
            _ => drop(body.insert(input.name.clone(), value)),
        }
    }
    if route.inputs.iter().any(|input| input.place == Place::Body) {
        ask.body = Body::Json(Value::Object(body));
    }
    Filled { ask, problems: filling.problems }
}

struct Filling<'a> {
    values: &'a BTreeMap<String, Value>,
    lang: Lang,
    problems: Vec<Problem>,
}

impl Filling<'_> {
    fn given(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null() && value.as_str() != Some(""))
    }

    fn path_part(&mut self, route: &Route, name: &str) -> Option<String> {
        let lang = self.lang;
        let Some(value) = self.given(name).map(as_text) else {
            let shown = &route.path;
            self.problems.push(
                Problem::refused(
                    "call.missing_value",
                    say!(
                        lang,
                        "`{name}` is missing; the path is `{shown}`.",
                        "缺少 `{name}`；路径是 `{shown}`。"
                    ),
                )
                .about(name),
            );
            return None;
        };
        if matches!(value.as_str(), "." | "..") {
            self.problems.push(
                Problem::refused(
                    "call.unusable_value",
                    say!(lang, "`{value}` cannot stand in a path.", "`{value}` 不能放在路径中。"),
                )
                .about(name),
            );
            return None;
        }
        Some(value)
    }

    fn value(&mut self, input: &Input) -> Option<Value> {
        let (lang, name) = (self.lang, &input.name);
        let Some(value) = self.given(name).cloned() else {
            if input.required {
                self.problems.push(
                    Problem::risky(
                        "call.missing_value",
                        say!(
                            lang,
                            "`{name}` is missing; the server refuses the call without it.",
                            "缺少 `{name}`；服务器会拒绝没有它的调用。"
                        ),
                    )
                    .about(name),
                );
            }
            return None;
        };
        match typed(input.pick, value) {
            Ok(value) => Some(value),
            Err(words) => {
                self.problems.push(
                    Problem::refused(
                        "call.unusable_value",
                        say!(lang, "`{name}` cannot be sent: {words}.", "无法发送 `{name}`：{words}。"),
                    )
                    .about(name),
                );
                None
            }
        }
    }
}

/// A text typed into a field of a type becomes a value of that type.
fn typed(pick: Pick, value: Value) -> Result<Value, String> {
    let Value::String(text) = &value else { return Ok(value) };
    match pick {
        Pick::Bool | Pick::Number | Pick::Json => {
            serde_json::from_str(text).map_err(|error| error.to_string())
        }
        _ => Ok(value),
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn route(inputs: Value) -> Route {
        serde_json::from_value(json!({
            "id": "r", "method": "POST", "path": "/api/cross-app/teams/:team/x", "group": "sets",
            "scopes": [], "bundle": true, "writes": true, "order": [], "inputs": inputs,
        }))
        .unwrap()
    }

    fn filled(inputs: Value, values: Value) -> Filled {
        fill(&route(inputs), &serde_json::from_value(values).unwrap(), Lang::En)
    }

    #[test]
    fn values_go_where_the_route_wants_them() {
        let inputs = json!([
            {"name": "team", "place": "path", "pick": "team", "required": true},
            {"name": "setId", "place": "query", "pick": "set"},
            {"name": "done", "place": "body", "pick": "bool"},
            {"name": "items", "place": "body", "pick": "json"},
            {"name": "title", "place": "body", "pick": "text", "required": true},
        ]);
        let values =
            json!({"team": "personal:1", "setId": "a b", "done": "true", "items": "[1]", "title": ""});
        let Filled { ask, problems } = filled(inputs, values);
        assert_eq!(ask.segments, ["api", "cross-app", "teams", "personal:1", "x"]);
        assert_eq!(ask.query, [("setId".to_owned(), "a b".to_owned())]);
        assert_eq!(ask.body, Body::Json(json!({"done": true, "items": [1]})));
        assert_eq!(problems.iter().map(|p| p.code.as_str()).collect::<Vec<_>>(), ["call.missing_value"]);
        assert_eq!(problems[0].severity, scopes::problem::Severity::Risky);
    }

    #[test]
    fn a_path_needs_its_values_and_a_type_its_form() {
        let inputs = json!([{"name": "n", "place": "body", "pick": "number"}]);
        let Filled { ask, problems } = filled(inputs, json!({"n": "many"}));
        assert_eq!(ask.segments[3], ":team");
        let codes: Vec<_> = problems.iter().map(|p| (p.code.as_str(), p.related[0].as_str())).collect();
        assert_eq!(codes, [("call.missing_value", "team"), ("call.unusable_value", "n")]);
        let dots = filled(json!([]), json!({"team": ".."}));
        assert_eq!(dots.problems[0].code, "call.unusable_value");
    }
}
