//! Whether two answers agree: status, error text, media type, and the shape of JSON (names, types, nullability).

use super::{Names, Response};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What may be found at each place of a JSON value; list elements share one place.
type Shape = BTreeMap<String, BTreeSet<&'static str>>;

/// Members whose names are identifiers, so only what is below them is compared.
const KEYED_BY_ID: [&str; 1] = ["sets"];

/// Members whose values say how the server decided, so they are compared as they are.
const FACTS: [&str; 37] = [
    "ok",
    "role",
    "permissions",
    "keys",
    "defaults",
    "global",
    "grantedScopes",
    "format",
    "fileName",
    "content",
    "imported",
    "configured",
    "usePkce",
    "isAppToken",
    "kind",
    "registered",
    "failed",
    "results",
    "settings",
    "active",
    "scope",
    "reason",
    "allowed_scopes",
    "optional_scopes",
    "scopes",
    "rejected_scopes",
    "is_public",
    "is_active",
    "rule_type",
    "target_id",
    "title",
    "requires_team_grant",
    "existing_token_count",
    "token_type",
    "expires_in",
    "error_description",
    "message",
];

/// In what the present answer differs from the recorded one; nothing when they agree.
pub fn differences(recorded: &Response, present: &Response, names: &Names) -> Vec<String> {
    let mut found = Vec::new();
    if recorded.status != present.status {
        found.push(format!("status {:?}, recorded {:?}", present.status, recorded.status));
    }
    let kind = |answer: &Response| {
        let kind = answer.headers.get("content-type").cloned().unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim().to_lowercase()
    };
    if kind(recorded) != kind(present) {
        found.push(format!("media type `{}`, recorded `{}`", kind(present), kind(recorded)));
    }
    let error = |answer: &Response| answer.body.get("error").and_then(Value::as_str).map(ToOwned::to_owned);
    let expected = error(recorded).map(|text| names.apply(&text));
    if error(present) != expected {
        found.push(format!("error {:?}, recorded {expected:?}", error(present)));
    }
    match (&recorded.body, &present.body) {
        (Value::String(text), Value::String(other)) if kind(recorded) == "text/plain" && text != other => {
            found.push(format!("text `{other}`, recorded `{text}`"));
        }
        (recorded, present) => {
            shapes(recorded, present, &mut found);
            facts(recorded, present, names, &mut found);
        }
    }
    found
}

/// Compares the deciding members at the same places; lists of rows may differ in order, so they are left out.
fn facts(recorded: &Value, present: &Value, names: &Names, found: &mut Vec<String>) {
    let (Some(recorded), Some(present)) = (recorded.as_object(), present.as_object()) else { return };
    for (key, value) in recorded {
        let Some(other) = present.get(key) else { continue };
        // The keys of a key set (RFC 7517) are objects and differ from server to server.
        let key_set = key == "keys" && value.get(0).is_some_and(Value::is_object);
        if !FACTS.contains(&key.as_str()) || key_set {
            facts(value, other, names, found);
        } else if !shortened(value, other)
            && serde_json::from_str(&names.apply(&value.to_string())).ok().as_ref() != Some(other)
        {
            found.push(format!("`{key}` is {other}, recorded {value}"));
        }
    }
}

/// Whether the recorder wrote `<5000 characters>` for a text of that length.
fn shortened(recorded: &Value, present: &Value) -> bool {
    let length =
        recorded.as_str().and_then(|t| t.strip_prefix('<')?.strip_suffix(" characters>")?.parse().ok());
    length.is_some() && length == present.as_str().map(|text| text.chars().count())
}

fn shapes(recorded: &Value, present: &Value, found: &mut Vec<String>) {
    let (expected, actual) = (shape(recorded), shape(present));
    for (place, kinds) in &actual {
        match expected.get(place) {
            None => found.push(format!("`{place}` is new")),
            Some(known) if !kinds.is_subset(known) => {
                found.push(format!("`{place}` is {kinds:?}, recorded {known:?}"));
            }
            Some(_) => {}
        }
    }
    let gone = expected.keys().filter(|place| !actual.contains_key(*place));
    found.extend(gone.map(|place| format!("`{place}` is gone")));
}

fn shape(value: &Value) -> Shape {
    let mut places = Shape::new();
    collect(value, "", &mut places);
    places
}

fn collect(value: &Value, place: &str, places: &mut Shape) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    places.entry(place.to_owned()).or_default().insert(kind);
    match value {
        Value::Object(members) => {
            let keyed = KEYED_BY_ID.iter().any(|name| place.ends_with(&format!(".{name}")));
            for (key, member) in members {
                let key = if keyed { "<id>" } else { key };
                collect(member, &format!("{place}.{key}"), places);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, &format!("{place}[]"), places)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, body: Value) -> Response {
        let headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
        Response { status: Some(status), headers, body }
    }

    fn differ(recorded: Value, present: Value) -> Vec<String> {
        differences(&answer(200, recorded), &answer(200, present), &Names::default())
    }

    #[test]
    fn values_may_differ_but_not_types_names_or_nullability() {
        assert!(differ(json!({"a": [{"b": 1}]}), json!({"a": [{"b": 2}, {"b": 3}]})).is_empty());
        for other in [
            json!({"a": [{"b": "2"}]}),
            json!({"a": [{"b": null}]}),
            json!({"a": []}),
            json!({"a": [{"c": 1}]}),
        ] {
            assert!(!differ(json!({"a": [{"b": 1}]}), other).is_empty());
        }
    }

    #[test]
    fn what_decides_must_be_the_same() {
        assert_eq!(differ(json!({"user": {"role": "member"}}), json!({"user": {"role": "owner"}})).len(), 1);
    }

    #[test]
    fn status_and_error_text_must_be_the_same() {
        let recorded = answer(403, json!({"error": "No permission to edit"}));
        let other = answer(401, json!({"error": "Unauthorized"}));
        assert_eq!(differences(&recorded, &other, &Names::default()).len(), 2);
        assert!(differences(&recorded, &recorded, &Names::default()).is_empty());
    }
}
