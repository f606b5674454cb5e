//! What Glint says about the body of a request: which field is wrong, and that the fault is the request's and not that of
//! Glint's Prism (contract §8.4).

use super::Finding;
use super::code::{self, GateId, Means};
use super::denials::Denial;
use super::evidence::{Source, observed};
use super::facts::Facts;
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Needs;
use crate::say;
use serde_json::Value;

/// A text about the body, where it is one.
pub(crate) fn find(facts: &Facts<'_>, denial: &Denial, error: &str) -> Option<Finding> {
    if error.contains("FOREIGN KEY") {
        return Some(foreign_key(facts, denial));
    }
    match denial.code {
        Means::Code(code::REQUEST_MALFORMED_BODY) if !denial.parse => Some(wrong_type(facts, error)),
        Means::Code(code::REQUEST_INVALID) => Some(invalid(facts, denial, error)),
        _ => None,
    }
}

/// A value that is not of the type the program expects. Only a request with a body can be at fault.
fn wrong_type(facts: &Facts<'_>, error: &str) -> Finding {
    let call = &facts.call;
    let sent = call.exchange.request.body.is_some();
    if !sent && matches!(call.method, "GET" | "HEAD" | "DELETE") {
        return Finding::new(code::SERVER_ERROR, Likely, GateId::Server);
    }
    let certainty = match &call.sent {
        Some(_) => Proven,
        None if sent => Proven,
        None if call.method.is_empty() => Possible,
        None => Likely,
    };
    let mut finding = Finding::new(code::REQUEST_MALFORMED_BODY, certainty, GateId::Request);
    finding.needs.field = field_of(facts, error);
    if call.sent.as_ref().is_some_and(|sent| !sent.is_object()) {
        let fact = say!(facts.lang, "the body is JSON, but no object", "请求体是 JSON，但不是对象");
        finding = finding.shown([observed(facts.lang, Source::Request, fact)]);
    }
    finding
}

fn invalid(facts: &Facts<'_>, denial: &Denial, error: &str) -> Finding {
    let mut finding = Finding::new(code::REQUEST_INVALID, Proven, GateId::Request);
    let lacks = |name: &str| match facts.call.sent.as_ref()?.get(name) {
        None | Some(Value::Null) => Some(true),
        Some(Value::String(text)) => Some(text.is_empty()),
        Some(Value::Array(rows)) => Some(rows.is_empty()),
        Some(_) => Some(false),
    };
    finding.needs.field = match error {
        "scope and permissions required" if lacks("scope") == Some(false) => Some("permissions".to_owned()),
        "scope and permissions required" => Some("scope".to_owned()),
        _ => denial.field.clone().or_else(|| constrained(error)),
    };
    finding
}

/// A reference to a row that does not exist: a given id is of nothing, an empty one should not have been sent.
fn foreign_key(facts: &Facts<'_>, denial: &Denial) -> Finding {
    let lang = facts.lang;
    let found = |what: &str, certainty| {
        let mut finding = Finding::new(code::RESOURCE_MISSING, certainty, GateId::Resource);
        finding.needs = Needs { resource: Some(what.to_owned()), ..Needs::default() };
        finding
    };
    let ids = [("parentId", "parent"), ("setId", "set"), ("userId", "user"), ("todoId", "todo")];
    let sent = facts.call.sent.as_ref();
    let given = ids.iter().find_map(|(field, what)| Some((*field, *what, sent?.get(*field)?.as_str()?)));
    match given {
        Some((field, _, id)) if id.trim().is_empty() => {
            let fact = say!(lang, "`{field}` is an empty text, not an id", "`{field}` 是空文本，不是 ID");
            let mut finding = Finding::new(code::REQUEST_INVALID, Likely, GateId::Request);
            finding.needs.field = Some(field.to_owned());
            finding.shown([observed(lang, Source::Request, fact)]).or(&[code::RESOURCE_MISSING])
        }
        Some((field, what, _)) => {
            let mut finding = found(what, Likely);
            finding.needs.field = Some(field.to_owned());
            finding
        }
        None => match denial.resource.as_deref() {
            Some(what) => found(what, Proven),
            None if facts.call.part("set").is_some() => found("set", Likely),
            None if sent.is_none() => found("set", Possible).or(&[code::REQUEST_INVALID]),
            None => found("todo", Possible).or(&[code::REQUEST_INVALID]),
        },
    }
}

/// The body field that a text about a wrong type is about.
fn field_of(facts: &Facts<'_>, error: &str) -> Option<String> {
    if error.starts_with("D1_TYPE_ERROR") {
        return unsupported(facts, error);
    }
    let quoted = |from: &str, to: &str| {
        let rest = error.split_once(from)?.1;
        rest.split_once(to).map(|(name, _)| name)
    };
    let named = quoted("property '", "'")
        .or_else(|| quoted("search for '", "'"))
        .or_else(|| quoted("(reading '", "'"))
        .or_else(|| error.find(" is not a function").and_then(|at| called(error.get(..at)?)))
        .or_else(|| error.find(" is not iterable").and_then(|at| last_name(error.get(..at)?)))?;
    let route = facts.call.route.as_ref().map(|hit| hit.route.id.as_str()).unwrap_or_default();
    let of_row = match (route, named) {
        ("reorder_sets" | "reorder_todos", "id" | "sortOrder") => "items",
        ("write_permissions", "role" | "permission" | "allowed" | "perms") => "permissions",
        (_, "perms") => "permissions",
        (_, named) => named,
    };
    is_name(of_row).then(|| of_row.to_owned())
}

/// The field whose method was called: `content` of `body.content?.trim`, `setName` of `(body.setName || …).trim`.
fn called(expression: &str) -> Option<&str> {
    if let Some((_, rest)) = expression.split_once("(body.") {
        return rest.split([' ', ')', '.', '?']).next();
    }
    let (owner, _) = expression.rsplit_once('.')?;
    last_name(owner)
}

fn last_name(expression: &str) -> Option<&str> {
    expression.trim_end_matches('?').rsplit(['.', ' ', '(']).next()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The first input of the route whose value the database cannot store.
fn unsupported(facts: &Facts<'_>, error: &str) -> Option<String> {
    let kind = error.split_once("Type '")?.1.split_once('\'')?.0;
    let sent = facts.call.sent.as_ref()?.as_object()?;
    let is_it = |value: &Value| match kind {
        "object" => value.is_object() || value.is_array(),
        "undefined" => value.as_array().is_some_and(|rows| rows.iter().any(Value::is_object)),
        "boolean" => value.is_boolean(),
        _ => false,
    };
    sent.iter().find(|(_, value)| is_it(value)).map(|(name, _)| name.clone())
}

/// The field behind `todo_sets.sort_order` or `role IN (…)` in a text about a constraint.
fn constrained(error: &str) -> Option<String> {
    let rest = error.split_once("constraint failed: ")?.1;
    let column = rest.split([':', ' ']).next()?.rsplit('.').next()?;
    let mut name = String::new();
    let mut upper = false;
    for c in column.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                name.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => name.push(c),
        }
    }
    is_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_within_expressions() {
        assert_eq!(called("body.content?.trim"), Some("content"));
        assert_eq!(called("name?.trim"), Some("name"));
        assert_eq!(called("items.map"), Some("items"));
        let long = "(body.setName || parsed.setName || (intermediate value)).trim";
        assert_eq!(called(long), Some("setName"));
        let null = "D1_ERROR: NOT NULL constraint failed: todo_sets.sort_order: SQLITE_CONSTRAINT";
        assert_eq!(constrained(null).as_deref(), Some("sortOrder"));
        assert_eq!(constrained("CHECK constraint failed: role IN ('x')").as_deref(), Some("role"));
    }
}
