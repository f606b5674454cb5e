//! A call to Glint: which gate stopped it, by status and text (contract §8, §11).

use super::Finding;
use super::call::{Call, header};
use super::code::{self, Code, Family, GateId, Means};
use super::denials::{self, Denial};
use super::evidence::{Source, observed};
use super::facts::Facts;
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Needs;
use super::{bodies, edge, hidden, membership, role, scope, token};
use crate::exchange::TransportFailure;
use crate::say;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = not_reached(facts) {
        return found;
    }
    let error = call.error().unwrap_or_default();
    let found = match (call.status, denials::of(call)) {
        (200..=299, _) if !call.is_own_answer() => return unreadable(facts),
        (_, None) if call.is_foreign_refusal() => return unreadable(facts),
        (200..=299, _) => hidden::find(facts),
        (301..=399, _) => Finding::new(code::REACH_NOT_API, Likely, GateId::Reach),
        (_, Some(denial)) => told(facts, denial, error),
        (401, None) => without_text(facts),
        (403, None) => first_gate_that_fails(facts),
        (404, None) => not_found(call),
        (400, None) => Finding::new(code::REQUEST_INVALID, by_words(call), GateId::Request),
        (409, None) => Finding::new(code::REQUEST_CONFLICT, by_words(call), GateId::Request),
        (426, None) => Finding::new(code::REQUEST_UPGRADE_REQUIRED, by_words(call), GateId::Request),
        (429, None) => Finding::new(code::SERVER_RATE_LIMITED, Proven, GateId::Server),
        (500, None) => server_error(call, error),
        (501..=599, None) => Finding::new(code::SERVER_ERROR, Proven, GateId::Server),
        _ => Finding::new(code::REQUEST_INVALID, Possible, GateId::Request),
    };
    if (200..300).contains(&call.status) || error.is_empty() || !found.evidence.is_empty() {
        return found;
    }
    let quoted = call.quoted(error);
    found.shown([observed(facts.lang, Source::Answer, say!(facts.lang, "“{quoted}”", "“{quoted}”"))])
}

/// A status alone may be anybody's; with an `error` of its own it is very likely the server's.
fn by_words(call: &Call<'_>) -> super::types::Certainty {
    if call.error().is_some() { Likely } else { Possible }
}

/// An answer that is empty, cut off or of another JSON type than the system always gives: it proves nothing.
pub(crate) fn unreadable(facts: &Facts<'_>) -> Finding {
    let (lang, call) = (facts.lang, &facts.call);
    let recorded = call.exchange.response.as_ref().and_then(|response| response.body.as_deref());
    let fact = match recorded {
        None => say!(lang, "the record holds no body", "记录里没有响应体"),
        Some(body) if body.trim().is_empty() => say!(lang, "the body is empty", "响应体为空"),
        Some(_) if call.json.is_some() => of_another_form(facts),
        Some(body) if body.trim_start().starts_with(['{', '[']) => {
            say!(lang, "the body breaks off", "响应体中断了")
        }
        Some(_) => say!(lang, "the body is not JSON", "响应体不是 JSON"),
    };
    Finding::new(code::REACH_UNREADABLE, Possible, GateId::Reach)
        .or(&[code::ALLOWED, code::REACH_NOT_API])
        .shown([observed(lang, Source::Answer, fact)])
}

/// What of a JSON body is not as the system answers.
fn of_another_form(facts: &Facts<'_>) -> String {
    let (lang, call) = (facts.lang, &facts.call);
    let Some(object) = call.json.as_ref().and_then(serde_json::Value::as_object) else {
        return say!(lang, "the body is JSON, but not an object", "响应体是 JSON，但不是对象");
    };
    if object.is_empty() {
        return say!(lang, "the body is an empty object", "响应体是空对象");
    }
    match call.wrong_member() {
        Some(name) if !object.contains_key("error") => say!(
            lang,
            "the answer to this call has a member `{name}`; the body lacks it, or has another JSON type there",
            "此调用的响应应有成员 `{name}`；响应体缺少它，或其 JSON 类型不符"
        ),
        _ => say!(lang, "the body has a member `error`", "响应体含有成员 `error`"),
    }
}

/// Causes before any server of ours answered: transport, a web page. Shared with Prism's calls.
pub(crate) fn not_reached(facts: &Facts<'_>) -> Option<Finding> {
    let call = &facts.call;
    if let Some((failure, words)) = &call.exchange.failure {
        let code = match failure {
            TransportFailure::Dns => code::REACH_DNS,
            TransportFailure::Refused => code::REACH_REFUSED,
            TransportFailure::Tls | TransportFailure::CaFile => code::REACH_TLS,
            TransportFailure::Timeout => code::REACH_TIMEOUT,
            TransportFailure::Cancelled => code::REACH_CANCELLED,
            // The connection broke, or nobody says why: no more than a guess.
            TransportFailure::Reset | TransportFailure::Other => return Some(broken(facts, words)),
            TransportFailure::NotSent => return Some(unanswered(code::REACH_TIMEOUT)),
        };
        return Some(Finding::new(code, Proven, GateId::Reach));
    }
    if call.is_page() {
        return Some(match call.status {
            429 | 500..=599 if edge::is_error_page(call) => {
                Finding::new(code::REACH_NOT_API, Proven, GateId::Reach)
            }
            // The status says it, whatever the page that came with it.
            429 => Finding::new(code::SERVER_RATE_LIMITED, Proven, GateId::Server),
            500..=599 => Finding::new(code::SERVER_ERROR, Likely, GateId::Server).or(&[code::REACH_NOT_API]),
            _ => Finding::new(code::REACH_NOT_API, Proven, GateId::Reach),
        });
    }
    if call.status == 0 && !call.body.trim().is_empty() {
        // Somebody answered, and not as a server of ours does.
        return Some(
            Finding::new(code::REACH_NOT_API, Possible, GateId::Reach)
                .or(&[code::SERVER_ERROR, code::REACH_NO_ROUTE]),
        );
    }
    (call.status == 0).then(|| unanswered(code::REACH_REFUSED))
}

/// A connection that broke without a reason. A page of another origin is told no more when its preflight was refused.
fn broken(facts: &Facts<'_>, words: &str) -> Finding {
    if facts.preflight_refused {
        let fact = say!(facts.lang, "the preflight of this address was refused", "此地址的预检请求被拒绝");
        let finding = Finding::new(code::REACH_CORS, Likely, GateId::Reach).or(&[code::REACH_REFUSED]);
        return finding.shown([observed(facts.lang, Source::Answer, fact)]);
    }
    let lower = words.to_ascii_lowercase();
    let says_so = ["cors", "cross-origin", "access control"].iter().any(|word| lower.contains(word));
    if says_so {
        return Finding::new(code::REACH_CORS, Possible, GateId::Reach).or(&[code::REACH_REFUSED]);
    }
    let found = unanswered(code::REACH_REFUSED);
    let by_page = ["failed to fetch", "err_failed", "networkerror when", "load failed"];
    if by_page.iter().any(|word| lower.contains(word)) { found.or(&[code::REACH_CORS]) } else { found }
}

/// No answer, and no word that says why.
fn unanswered(code: Code) -> Finding {
    Finding::new(code, Possible, GateId::Reach).or(&[
        code::REACH_REFUSED,
        code::REACH_TIMEOUT,
        code::REACH_TLS,
        code::REACH_DNS,
    ])
}

/// What a known text means; a family of codes needs more than the text.
fn told(facts: &Facts<'_>, denial: &'static Denial, error: &str) -> Finding {
    if let Some(found) = bodies::find(facts, denial, error) {
        return found;
    }
    match denial.code {
        Means::Family(Family::Header) => token::header_gate(facts),
        Means::Family(Family::Token) => token::token_gate(facts),
        Means::Family(Family::Scope) => scope::gate(facts, error),
        Means::Code(code::MEMBERSHIP_UNAVAILABLE) => membership::unavailable(facts),
        Means::Family(Family::Membership) => membership::not_member(facts),
        Means::Family(Family::Role) | Means::Code(code::ROLE_RESERVED) => role::gate(facts, denial),
        Means::Code(code::RESOURCE_MISSING) => missing_resource(facts, denial, error),
        _ if denial.parse => parse_error(&facts.call),
        _ => denial.finding(error),
    }
}

/// 401 without the server's words: what was sent tells which of the two gates it was.
fn without_text(facts: &Facts<'_>) -> Finding {
    let sent = header(&facts.call.exchange.request.headers, "authorization");
    let mut found = match sent {
        Some(value) if value.starts_with("Bearer ") => token::token_gate(facts),
        Some(_) => token::header_gate(facts),
        None => Finding::new(code::HEADER_MISSING, Possible, GateId::Header)
            .or(&[code::TOKEN_INACTIVE, code::HEADER_MALFORMED]),
    };
    found.certainty = found.certainty.min(Likely);
    found
}

/// 403 without the server's words: the first gate in the real order that the evidence says is shut.
fn first_gate_that_fails(facts: &Facts<'_>) -> Finding {
    let route = facts.call.route.as_ref().map(|hit| hit.route);
    let lacking = route.and_then(|_| super::gates::scopes_that_lack(facts)).unwrap_or_default();
    let shut = (!lacking.is_empty()).then(|| scope::missing(facts, &lacking));
    let outside = || {
        let team = facts.call.part("team")?;
        let listed = facts.glint_teams.as_ref()?.iter().any(|member| member.team == team);
        (!listed && !team.starts_with("personal:")).then(|| membership::not_member(facts))
    };
    let mut found = shut.or_else(outside).unwrap_or_else(|| {
        Finding::new(code::ROLE_UNDETERMINED, Possible, GateId::Role)
            .or(&[code::SCOPE_UNDETERMINED, code::MEMBERSHIP_UNPROVEN])
    });
    found.certainty = found.certainty.min(Likely);
    found
}

fn missing_resource(facts: &Facts<'_>, denial: &Denial, error: &str) -> Finding {
    let call = &facts.call;
    if call.path.is_empty() && error == "Not found" {
        // Both servers say it.
        return missing("todo", Possible).or(&[code::APP_NOT_FOUND]);
    }
    let of_comment = call.route.as_ref().is_some_and(|hit| hit.route.id == "delete_comment");
    let todo_is_there = facts.comments_read || facts.todo_set.is_some();
    missing(
        match denial.resource.as_deref() {
            Some(what) => what,
            None if of_comment && todo_is_there => "comment",
            None if of_comment => "todo_or_comment",
            None => "todo",
        },
        Proven,
    )
}

/// 404 without a known text.
fn not_found(call: &Call<'_>) -> Finding {
    if call.json.is_some() || (call.body.is_empty() && call.route.is_some()) {
        return missing("todo", Possible).or(&[code::REACH_NO_ROUTE]);
    }
    Finding::new(code::REACH_NO_ROUTE, Likely, GateId::Reach)
}

fn missing(what: &str, certainty: super::types::Certainty) -> Finding {
    let mut finding = Finding::new(code::RESOURCE_MISSING, certainty, GateId::Resource);
    finding.needs = Needs { resource: Some(what.to_owned()), ..Needs::default() };
    finding
}

/// 500 without a known text.
fn server_error(call: &Call<'_>, error: &str) -> Finding {
    // Glint names the kind of error in its stack trace; this kind is what its Prism answered.
    if call.body.contains("PrismError") {
        return Finding::new(code::SERVER_PRISM_FAILED, Proven, GateId::Server);
    }
    if error.is_empty() || error.starts_with("D1_") {
        return Finding::new(code::SERVER_ERROR, Proven, GateId::Server);
    }
    // An error of its own program, and none that its Prism could answer.
    let stack = call.json.as_ref().and_then(|json| json.get("stack")).and_then(|stack| stack.as_str());
    let own = ["TypeError", "SyntaxError", "ReferenceError", "RangeError"];
    if stack.is_some_and(|stack| own.iter().any(|kind| stack.starts_with(kind))) {
        return Finding::new(code::SERVER_ERROR, Likely, GateId::Server).or(&[code::REQUEST_MALFORMED_BODY]);
    }
    // Prism's own words for a fault of its own, and those of many other servers.
    if error.starts_with("Internal") {
        return Finding::new(code::SERVER_ERROR, Likely, GateId::Server).or(&[code::SERVER_PRISM_FAILED]);
    }
    // Glint passes on what its Prism answered; an internal text of its own cannot be told apart for certain.
    Finding::new(code::SERVER_PRISM_FAILED, Likely, GateId::Server).or(&[code::SERVER_ERROR])
}

/// The same words come from a body of ours that is no JSON and from a Prism that answers no JSON.
fn parse_error(call: &Call<'_>) -> Finding {
    let takes_body = !matches!(call.method, "GET" | "HEAD" | "DELETE");
    let body = call.exchange.request.body.as_deref();
    if !takes_body && !call.method.is_empty() {
        return Finding::new(code::SERVER_PRISM_NOT_API, Proven, GateId::Server);
    }
    match body {
        Some(body) if serde_json::from_str::<serde_json::Value>(body).is_ok() => {
            Finding::new(code::SERVER_PRISM_NOT_API, Proven, GateId::Server)
        }
        Some(_) => Finding::new(code::REQUEST_MALFORMED_BODY, Proven, GateId::Request),
        None if call.body.contains("<!doctype") || call.body.contains("'<'") => {
            Finding::new(code::SERVER_PRISM_NOT_API, Likely, GateId::Server)
                .or(&[code::REQUEST_MALFORMED_BODY])
        }
        None if call.method.is_empty() => {
            Finding::new(code::REQUEST_MALFORMED_BODY, Possible, GateId::Request)
                .or(&[code::SERVER_PRISM_NOT_API])
        }
        None => Finding::new(code::REQUEST_MALFORMED_BODY, Likely, GateId::Request)
            .or(&[code::SERVER_PRISM_NOT_API]),
    }
}
