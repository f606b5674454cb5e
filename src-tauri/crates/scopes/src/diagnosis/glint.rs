//! A call to Glint: which gate stopped it, by status and text (contract §8, §11).

use super::Finding;
use super::call::{Call, header};
use super::evidence::{Source, observed};
use super::facts::Facts;
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Needs;
use super::{hidden, membership, role, scope, token};
use crate::exchange::TransportFailure;
use crate::say;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = not_reached(call) {
        return found;
    }
    let error = call.error().unwrap_or_default();
    let found = match call.status {
        200..=299 => hidden::find(facts),
        301..=399 => Finding::new("reach.not_api", Likely, "reach"),
        401 if error == "Unauthorized" => token::header_gate(facts),
        401 if error == "Token inactive or expired" => token::token_gate(facts),
        401 => without_text(facts),
        403 => forbidden(facts, error),
        404 => not_found(facts, error),
        400 => Finding::new("request.invalid", Proven, "request"),
        409 => Finding::new("request.conflict", Proven, "request"),
        426 => Finding::new("request.upgrade_required", Proven, "request"),
        429 => Finding::new("server.rate_limited", Proven, "server"),
        500 => server_error(call, error),
        503 if error.starts_with("Realtime") => Finding::new("server.realtime_unavailable", Proven, "server"),
        503 if error.starts_with("Assignment") => {
            Finding::new("server.assignments_unavailable", Proven, "server")
        }
        501..=599 => Finding::new("server.error", Proven, "server"),
        _ => Finding::new("request.invalid", Possible, "request"),
    };
    if (200..300).contains(&call.status) || error.is_empty() || !found.evidence.is_empty() {
        return found;
    }
    let quoted = error.get(..160).unwrap_or(error);
    found.shown([observed(facts.lang, Source::Answer, say!(facts.lang, "“{quoted}”", "“{quoted}”"))])
}

/// Causes before any server of ours answered: transport, a web page. Shared with Prism's calls.
pub(crate) fn not_reached(call: &Call<'_>) -> Option<Finding> {
    if let Some(failure) = call.failure() {
        let code = match failure {
            TransportFailure::Dns => "reach.dns",
            TransportFailure::Refused => "reach.refused",
            TransportFailure::Tls => "reach.tls",
            TransportFailure::Timeout => "reach.timeout",
            // The connection broke, or nobody says why: no more than a guess.
            TransportFailure::Reset | TransportFailure::Other => return Some(unanswered("reach.refused")),
            TransportFailure::Cancelled => return Some(unanswered("reach.timeout")),
        };
        return Some(Finding::new(code, Proven, "reach"));
    }
    if call.status == 0 {
        return Some(unanswered("reach.refused"));
    }
    call.is_page().then(|| Finding::new("reach.not_api", Proven, "reach"))
}

/// No answer, and no word that says why.
fn unanswered(code: &'static str) -> Finding {
    Finding::new(code, Possible, "reach").or(&["reach.refused", "reach.timeout", "reach.tls", "reach.dns"])
}

fn forbidden(facts: &Facts<'_>, error: &str) -> Finding {
    if error.starts_with("Missing required scope") {
        scope::gate(facts, error)
    } else if error.starts_with("Team membership is unavailable") {
        membership::unavailable(facts)
    } else if error == "Not a member of this team" {
        membership::not_member(facts)
    } else if error.starts_with("No permission") || error.starts_with("Only owners") {
        role::gate(facts, error)
    } else {
        first_gate_that_fails(facts)
    }
}

/// 401 without the server's words: what was sent tells which of the two gates it was.
fn without_text(facts: &Facts<'_>) -> Finding {
    let sent = header(&facts.call.exchange.request.headers, "authorization");
    let mut found = match sent {
        Some(value) if value.starts_with("Bearer ") => token::token_gate(facts),
        Some(_) => token::header_gate(facts),
        None => {
            Finding::new("header.missing", Possible, "header").or(&["token.inactive", "header.malformed"])
        }
    };
    found.certainty = found.certainty.min(Likely);
    found
}

/// 403 without the server's words: the first gate in the real order that the evidence says is shut.
fn first_gate_that_fails(facts: &Facts<'_>) -> Finding {
    let route = facts.call.route.as_ref().map(|hit| hit.route);
    let shut =
        route.filter(|_| super::gates::lacks_scope(facts)).map(|route| scope::missing(facts, &route.scopes));
    let outside = || {
        let team = facts.call.part("team")?;
        let listed = facts.glint_teams.as_ref()?.iter().any(|member| member.team == team);
        (!listed && !team.starts_with("personal:")).then(|| membership::not_member(facts))
    };
    let mut found = shut.or_else(outside).unwrap_or_else(|| {
        Finding::new("role.undetermined", Possible, "role").or(&["scope.undetermined", "membership.unproven"])
    });
    found.certainty = found.certainty.min(Likely);
    found
}

fn not_found(facts: &Facts<'_>, error: &str) -> Finding {
    let call = &facts.call;
    if call.body.is_empty() && call.route.is_some() {
        return missing("todo", Possible).or(&["reach.no_route"]);
    }
    if call.json.is_none() {
        let plain = call.body.trim() == "404 Not Found";
        return Finding::new("reach.no_route", if plain { Proven } else { Likely }, "reach");
    }
    let route = call.route.as_ref().map(|hit| hit.route.id.as_str());
    if call.path.is_empty() && error == "Not found" {
        // Both servers say it.
        return missing("todo", Possible).or(&["app.not_found"]);
    }
    let what = match error {
        "Set not found" => "set",
        "Parent todo not found" => "parent",
        "Todo not found" => "todo",
        _ if route == Some("delete_comment") && (facts.comments_read || facts.todo_set.is_some()) => {
            "comment"
        }
        _ if route == Some("delete_comment") => "todo_or_comment",
        _ => "todo",
    };
    missing(what, Proven)
}

fn missing(what: &str, certainty: super::types::Certainty) -> Finding {
    let mut finding = Finding::new("resource.missing", certainty, "resource");
    finding.needs = Needs { resource: Some(what.to_owned()), ..Needs::default() };
    finding
}

fn server_error(call: &Call<'_>, error: &str) -> Finding {
    let parse = [
        "Unexpected end of JSON",
        "Expected property name",
        "Unexpected token",
        "Unterminated string",
        "Expected ',' or",
        "Expected double-quoted",
        "Bad control character",
        "Bad escaped",
        "Unexpected non-whitespace",
        "No number after",
        "Unexpected number",
        "Unexpected string",
        "Expected ':'",
        "Unexpected EOF",
    ];
    let wrong_type = error.contains("is not a function")
        || error.starts_with("Cannot read properties")
        || error.starts_with("D1_TYPE_ERROR")
        || error.contains("is not iterable");
    if parse.iter().any(|start| error.starts_with(start)) {
        return parse_error(call);
    }
    if wrong_type {
        return Finding::new(
            "request.malformed_body",
            if call.method == "GET" { Likely } else { Proven },
            "request",
        );
    }
    if error.starts_with("Network connection lost")
        || error.contains("fetch failed")
        || error.starts_with("internal error; reference")
    {
        return Finding::new("server.prism_unreachable", Proven, "server");
    }
    if error.starts_with("Invalid URL") || error.starts_with("Fetch API cannot load") {
        return Finding::new("server.prism_url_invalid", Proven, "server");
    }
    if error.contains("FOREIGN KEY") && call.path.ends_with("/import") {
        return missing("set", Proven);
    }
    if error.contains("CHECK constraint failed: role") {
        return Finding::new("request.invalid", Proven, "request");
    }
    if error.contains("no such column") || error.contains("no such table") {
        return Finding::new("server.migrations_missing", Proven, "server");
    }
    if error.is_empty() || error.starts_with("D1_") || error.starts_with("Internal") {
        return Finding::new("server.error", Proven, "server");
    }
    if call.body.contains("PrismError") {
        return Finding::new("server.prism_failed", Proven, "server");
    }
    // Glint passes on what its Prism answered; an internal text of its own cannot be told apart for certain.
    Finding::new("server.prism_failed", Likely, "server").or(&["server.error"])
}

/// The same words come from a body of ours that is no JSON and from a Prism that answers no JSON.
fn parse_error(call: &Call<'_>) -> Finding {
    let takes_body = !matches!(call.method, "GET" | "HEAD" | "DELETE");
    let body = call.exchange.request.body.as_deref();
    if !takes_body && !call.method.is_empty() {
        return Finding::new("server.prism_not_api", Proven, "server");
    }
    match body {
        Some(body) if serde_json::from_str::<serde_json::Value>(body).is_ok() => {
            Finding::new("server.prism_not_api", Proven, "server")
        }
        Some(_) => Finding::new("request.malformed_body", Proven, "request"),
        None if call.body.contains("<!doctype") || call.body.contains("'<'") => {
            Finding::new("server.prism_not_api", Likely, "server").or(&["request.malformed_body"])
        }
        None if call.method.is_empty() => {
            Finding::new("request.malformed_body", Possible, "request").or(&["server.prism_not_api"])
        }
        None => Finding::new("request.malformed_body", Likely, "request").or(&["server.prism_not_api"]),
    }
}
