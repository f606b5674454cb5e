//! A call to Prism beside OAuth: credential, app, registration, definitions, rules (contract §1–§4).

use super::Finding;
use super::call::header;
use super::evidence::{Source, observed};
use super::facts::{Facts, rows};
use super::glint::{not_reached, unreadable};
use super::scope::parts;
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Remedy;
use crate::problem::Actor;
use crate::say;
use crate::secret::SecretKind;
use serde_json::Value;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = not_reached(facts) {
        return found;
    }
    let error = call.error().unwrap_or_default();
    match call.status {
        200..=299 if !call.is_own_answer() => unreadable(facts),
        _ if call.is_foreign_refusal() && !call.says_error() => unreadable(facts),
        200..=299 => registration_kept(facts),
        401 if call.path == "/api/auth/login" => login_refused(facts),
        401 => unauthorized(facts, error),
        403 => forbidden(facts, error),
        404 => not_found(facts),
        400 => invalid(facts, error),
        409 if call.path.contains("/scope-access-rules") => Finding::new("rule.exists", Proven, "request"),
        409 => Finding::new("request.conflict", Proven, "request"),
        429 => Finding::new("server.rate_limited", Proven, "server"),
        500 if call.path == "/api/oauth/me/apps" => Finding::new("server.error", Proven, "server"),
        500 => broken(facts),
        _ => Finding::new("server.error", Likely, "server"),
    }
}

/// 400: Prism names the field in its text (contract §2–§4).
fn invalid(facts: &Facts<'_>, error: &str) -> Finding {
    let code = match facts.call.path.as_str() {
        path if path.contains("/scope-definitions") => "definition.invalid",
        path if path.contains("/scope-access-rules") => "rule.invalid",
        _ => "request.invalid",
    };
    let field = match error {
        "At least one redirect_uri required" => Some("redirect_uris"),
        error if error.starts_with("Invalid redirect_uri") => Some("redirect_uris"),
        error => error.split_once(' ').and_then(|(first, rest)| {
            let about_it = rest.starts_with("is required") || rest.starts_with("must be");
            about_it.then_some(first)
        }),
    };
    let mut finding = Finding::new(code, if error.is_empty() { Likely } else { Proven }, "request");
    finding.needs.field = field.map(str::to_owned);
    finding
}

/// A login is refused for a wrong name or password, not for a credential of the request.
fn login_refused(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let step = Remedy {
        who: Actor::EndUser,
        who_name: None,
        action: say!(lang, "Check user name and password", "检查用户名和密码"),
        detail: say!(
            lang,
            "Prism gives the same answer for an unknown user, a wrong password and a deactivated account.",
            "用户不存在、密码错误和账户停用，Prism 的答复相同。"
        ),
        reauthorize: false,
        fix: None,
    };
    Finding::new("credential.invalid", Likely, "credential").advised(vec![step])
}

fn broken(facts: &Facts<'_>) -> Finding {
    let body = facts.call.exchange.request.body.as_deref();
    match (facts.call.method, body) {
        ("GET" | "HEAD" | "DELETE", _) => Finding::new("server.error", Proven, "server"),
        (_, Some(body)) if serde_json::from_str::<Value>(body).is_ok_and(|value| value.is_object()) => {
            Finding::new("request.malformed_body", Likely, "request").or(&["server.error"])
        }
        (_, Some(_)) => Finding::new("request.malformed_body", Proven, "request"),
        _ => Finding::new("request.malformed_body", Possible, "request").or(&["server.error"]),
    }
}

/// 200: compare the answer with the request; Prism leaves scopes out without a word (contract §2).
fn registration_kept(facts: &Facts<'_>) -> Finding {
    let sent = facts.call.sent.as_ref().and_then(|sent| sent.get("allowed_scopes"));
    let writes = matches!(facts.call.method, "PATCH" | "POST") && sent.is_some();
    let app = facts.call.json.as_ref().map(|json| json.get("app").unwrap_or(json));
    let Some(app) = app.filter(|_| writes) else { return Finding::fine("allowed") };
    let kept: Vec<String> = match app.get("allowed_scopes") {
        // The self-service route answers its raw row, with lists as JSON text.
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        list => rows(list).filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    let lost: Vec<String> = rows(sent)
        .filter_map(Value::as_str)
        .filter(|scope| !kept.iter().any(|k| k == scope))
        .map(str::to_owned)
        .collect();
    if lost.is_empty() {
        return Finding::fine("allowed");
    }
    let quoted = crate::lang::list(facts.lang, &lost);
    let fact = say!(facts.lang, "sent, but not in the answer: {quoted}", "发送了，但答复里没有：{quoted}");
    let inner =
        lost.iter().map(|scope| parts(scope).map_or(scope.as_str(), |(_, inner)| inner).to_owned()).collect();
    Finding::new("registration.dropped", Proven, "request")
        .shown([observed(facts.lang, Source::Answer, fact)])
        .wants_scopes(inner)
}

fn authorization<'a>(facts: &'a Facts<'_>) -> Option<&'a str> {
    let headers = &facts.call.exchange.request.headers;
    header(headers, "authorization").or_else(|| header(headers, "x-session-token"))
}

pub(crate) fn unauthorized(facts: &Facts<'_>, error: &str) -> Finding {
    if error == "Token expired" {
        return Finding::new("credential.expired", Proven, "credential");
    }
    let Some(sent) = authorization(facts) else {
        let certainty = facts.lacks_credential();
        let others: &[&'static str] =
            if certainty == Proven { &[] } else { &["credential.invalid", "credential.wrong_kind"] };
        return Finding::new("credential.missing", certainty, "credential").or(others);
    };
    if wrong_kind(facts, sent) {
        let fact =
            say!(facts.lang, "this endpoint never takes this kind of credential", "此接口从不接受这种凭据");
        return Finding::new("credential.wrong_kind", Proven, "credential").shown([observed(
            facts.lang,
            Source::Request,
            fact,
        )]);
    }
    // An opaque token is an OAuth token, a mistyped PAT or a session: only introspection or its origin tells.
    let opaque = bearer(sent) == Some(SecretKind::AccessToken);
    let known_access = facts.introspection.as_ref().is_some_and(|seen| seen.active)
        || facts.issued.as_ref().is_some_and(|issued| !issued.is_refresh);
    // Prism's paths are its own only where it is known that this address is a Prism.
    let same = facts.introspection.as_ref().is_none_or(|seen| {
        let here = super::call::origin_of(&facts.call.exchange.request.url);
        seen.origin.is_none() || here.is_none() || seen.origin == here
    });
    if opaque && known_access {
        let fact = say!(facts.lang, "an OAuth access token was sent", "发送的是 OAuth 访问令牌");
        let certainty = if same { Proven } else { Likely };
        return Finding::new("credential.wrong_kind", certainty, "credential").shown([observed(
            facts.lang,
            Source::Introspection,
            fact,
        )]);
    }
    if facts.credential_ended {
        let fact = say!(facts.lang, "it was ended before the call", "它在调用之前已被终止");
        return Finding::new("credential.invalid", Proven, "credential").shown([observed(
            facts.lang,
            Source::Request,
            fact,
        )]);
    }
    let finding = Finding::new("credential.invalid", Likely, "credential");
    if opaque { finding.or(&["credential.wrong_kind"]) } else { finding }
}

/// The kind of a bearer credential by its form, which its placeholder in a redacted record shows as well.
fn bearer(sent: &str) -> Option<SecretKind> {
    sent.strip_prefix("Bearer ").map(|token| SecretKind::of_value(token.trim()))
}

/// Whether the credential is signed by Prism and no access token.
fn is_signed(sent: &str) -> bool {
    let token = sent.rsplit_once("Bearer ").map_or(sent, |(_, token)| token);
    let kind = SecretKind::of_value(token.trim());
    matches!(kind, SecretKind::SignInToken | SecretKind::IdToken | SecretKind::SignedToken)
}

/// By the measured matrix: Basic opens definitions only, a PAT no team and user pages.
fn wrong_kind(facts: &Facts<'_>, sent: &str) -> bool {
    let path = facts.call.path.as_str();
    let basic = sent.starts_with("Basic ");
    let pat = bearer(sent) == Some(SecretKind::PersonalAccessToken);
    let session_only = path.starts_with("/api/teams")
        || path.starts_with("/api/user")
        || path.starts_with("/api/oauth/consents")
        || path.ends_with("/oauth/authorize");
    (basic && !path.contains("/scope-definitions"))
        || (pat && (session_only || path == "/api/oauth/userinfo"))
}

fn forbidden(facts: &Facts<'_>, error: &str) -> Finding {
    let target = error.strip_prefix("App with client_id ").and_then(|rest| rest.split(' ').next());
    let wanted = || {
        let sent = facts.call.sent.as_ref().and_then(|sent| sent.get("allowed_scopes"));
        let added: Vec<String> = rows(sent)
            .filter_map(Value::as_str)
            .filter(|scope| parts(scope).is_some_and(|(id, _)| target.is_none_or(|target| target == id)))
            .map(str::to_owned)
            .collect();
        // What was registered before is not checked again, and so it is not what is missing.
        let before = facts.allowed_before.as_ref().or(facts.allowed_scopes.as_ref());
        let had = |scope: &str| before.is_some_and(|before| before.iter().any(|had| had == scope));
        let fresh: Vec<String> = added.iter().filter(|scope| !had(scope)).cloned().collect();
        let named = if fresh.is_empty() { added } else { fresh };
        named.iter().filter_map(|scope| parts(scope)).map(|(_, inner)| inner.to_owned()).collect::<Vec<_>>()
    };
    let registration = |code| {
        let scopes = wanted();
        let finding = Finding::new(code, Proven, "app");
        if scopes.is_empty() { finding } else { finding.wants_scopes(scopes) }
    };
    if error.starts_with("You are not permitted to use") {
        return registration("registration.owner_denied");
    }
    if error.starts_with("You are not on the allow-list") {
        return registration("registration.owner_not_listed");
    }
    if error.starts_with("App with client_id") {
        return registration("registration.target_missing");
    }
    if error == "insufficient_scope" {
        return insufficient(facts);
    }
    Finding::new("app.forbidden", if error == "Forbidden" { Proven } else { Possible }, "app")
}

/// `/api/oauth/me/*` answers this text for everything, dead tokens included (contract §10.6).
fn insufficient(facts: &Facts<'_>) -> Finding {
    let path = facts.call.path.as_str();
    let scope = match (path, facts.call.method) {
        ("/api/oauth/me/teams", _) => "teams:read",
        ("/api/oauth/me/profile", _) => "profile",
        (_, "GET" | "HEAD") => "apps:read",
        _ => "apps:write",
    };
    let needs = || vec![scope.to_owned()];
    if !path.starts_with("/api/oauth/me/") {
        return Finding::new("credential.insufficient_scope", Proven, "credential").wants_scopes(needs());
    }
    match (&facts.introspection, authorization(facts)) {
        (_, None) if !facts.known.headers_unknown => {
            Finding::new("credential.missing", Likely, "credential").or(&["credential.insufficient_scope"])
        }
        (_, Some(sent)) if sent.starts_with("Basic ") || is_signed(sent) => {
            Finding::new("credential.wrong_kind", Proven, "credential")
        }
        (Some(seen), _) if !seen.active => {
            // It may have died after the call, which then lacked the scope.
            let before = seen.at.zip(facts.call.exchange.started_at).is_some_and(|(at, start)| at <= start);
            let held = seen.scopes.iter().any(|held| held == scope);
            let sure = before || held;
            let finding =
                Finding::new("credential.invalid", if sure { Proven } else { Likely }, "credential");
            if sure { finding } else { finding.or(&["credential.insufficient_scope"]) }
        }
        (Some(seen), _) if seen.scopes.iter().any(|held| held == scope) => {
            let fact =
                say!(facts.lang, "the token holds `{scope}` and is refused", "令牌持有 `{scope}` 却被拒绝");
            Finding::new("membership.account_deactivated", Proven, "credential").shown([observed(
                facts.lang,
                Source::Introspection,
                fact,
            )])
        }
        (Some(_), _) => {
            Finding::new("credential.insufficient_scope", Proven, "credential").wants_scopes(needs())
        }
        (None, _) => Finding::new("credential.insufficient_scope", Possible, "credential")
            .or(&["credential.invalid"])
            .wants_scopes(needs()),
    }
}

/// Prism's JSON 404 stands for an unknown id, an unknown path and a wrong verb alike (contract §1).
fn not_found(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if call.json.is_none() && !call.body.is_empty() {
        // Prism answers JSON for every path of its interface; plain text is another server's.
        return Finding::new("reach.no_route", Proven, "reach");
    }
    let parts: Vec<&str> = call.path.trim_matches('/').split('/').skip(1).collect();
    let verb = call.method;
    match parts.as_slice() {
        // A pasted answer without its request: an id is the usual reason.
        [] | [""] => {
            Finding::new("app.not_found", Possible, "app").or(&["resource.missing", "reach.no_route"])
        }
        ["apps", id, rest @ ..] => {
            let known = match rest {
                [] => matches!(verb, "GET" | "PATCH" | "DELETE" | "HEAD"),
                ["scope-definitions" | "scope-access-rules"] => matches!(verb, "GET" | "POST" | "HEAD"),
                ["scope-definitions", _] => matches!(verb, "PATCH" | "DELETE"),
                ["scope-access-rules", _] => verb == "DELETE",
                _ => false,
            };
            if known { app_missing(facts, id) } else { no_route(Likely).or(&["app.not_found"]) }
        }
        ["teams", _, ..] => {
            let mut finding = Finding::new("resource.missing", Likely, "app");
            finding.needs.resource = Some("team".to_owned());
            finding.or(&["membership.not_member", "reach.no_route"])
        }
        ["oauth", "me", "apps", _] => Finding::new("app.not_found", Likely, "app").or(&["reach.no_route"]),
        ["user", "tokens", _] => Finding::new("resource.missing", Possible, "app").or(&["reach.no_route"]),
        _ => no_route(if call.json.is_some() { Proven } else { Likely }),
    }
}

fn no_route(certainty: super::types::Certainty) -> Finding {
    Finding::new("reach.no_route", certainty, "reach")
}

fn app_missing(facts: &Facts<'_>, id: &str) -> Finding {
    let finding = Finding::new("app.not_found", Proven, "app");
    if id.starts_with("prism_") {
        let fact = say!(
            facts.lang,
            "`{id}` is a client id; the internal id is wanted here",
            "`{id}` 是客户端 ID；这里要内部 ID"
        );
        return finding.shown([observed(facts.lang, Source::Request, fact)]);
    }
    finding
}
