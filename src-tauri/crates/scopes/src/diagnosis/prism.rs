//! A call to Prism beside OAuth: credential, app, registration, definitions, rules (contract §1–§4).

use super::Finding;
use super::call::header;
use super::code::{self, Code, Family, GateId, Means};
use super::denials::{self, Denial};
use super::evidence::{Source, observed};
use super::facts::{Facts, rows};
use super::glint::{not_reached, unreadable};
use super::scope::parts;
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Remedy;
use crate::endpoint::{Endpoint, is_read};
use crate::problem::Actor;
use crate::say;
use crate::secret::SecretKind;
use serde_json::Value;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = not_reached(facts) {
        return found;
    }
    match call.status {
        200..=299 if !call.is_own_answer() => unreadable(facts),
        _ if call.is_foreign_refusal() && !call.says_error() => unreadable(facts),
        200..=299 => registration_kept(facts),
        _ => denials::of(call).map_or_else(
            || Finding::new(code::SERVER_ERROR, Likely, GateId::Server),
            |denial| refused(facts, denial, call.error().unwrap_or_default()),
        ),
    }
}

/// What a row of the table means for this call; where more than the text decides, the evidence is asked.
fn refused(facts: &Facts<'_>, denial: &'static Denial, error: &str) -> Finding {
    match denial.code {
        Means::Family(Family::Credential) => unauthorized(facts),
        Means::Code(code::CREDENTIAL_INVALID) => login_refused(facts),
        Means::Code(code::CREDENTIAL_INSUFFICIENT_SCOPE) => insufficient(facts),
        Means::Family(Family::App) => not_found(facts),
        Means::Code(code::REQUEST_MALFORMED_BODY) => broken(facts),
        code if code.family() == Family::Registration => registration(facts, denial, error),
        _ => denial.finding(error),
    }
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
    Finding::new(code::CREDENTIAL_INVALID, Likely, GateId::Credential).advised(vec![step])
}

fn broken(facts: &Facts<'_>) -> Finding {
    let body = facts.call.exchange.request.body.as_deref();
    match (facts.call.method, body) {
        ("GET" | "HEAD" | "DELETE", _) => Finding::new(code::SERVER_ERROR, Proven, GateId::Server),
        (_, Some(body)) if serde_json::from_str::<Value>(body).is_ok_and(|value| value.is_object()) => {
            Finding::new(code::REQUEST_MALFORMED_BODY, Likely, GateId::Request).or(&[code::SERVER_ERROR])
        }
        (_, Some(_)) => Finding::new(code::REQUEST_MALFORMED_BODY, Proven, GateId::Request),
        _ => Finding::new(code::REQUEST_MALFORMED_BODY, Possible, GateId::Request).or(&[code::SERVER_ERROR]),
    }
}

/// 200: compare the answer with the request; Prism leaves scopes out without a word (contract §2).
fn registration_kept(facts: &Facts<'_>) -> Finding {
    let sent = facts.call.sent.as_ref().and_then(|sent| sent.get("allowed_scopes"));
    let writes = matches!(facts.call.method, "PATCH" | "POST") && sent.is_some();
    let app = facts.call.json.as_ref().map(|json| json.get("app").unwrap_or(json));
    let Some(app) = app.filter(|_| writes) else { return Finding::fine(code::ALLOWED) };
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
        return Finding::fine(code::ALLOWED);
    }
    let quoted = crate::lang::list(facts.lang, &lost);
    let fact = say!(facts.lang, "sent, but not in the answer: {quoted}", "发送了，但答复里没有：{quoted}");
    let inner =
        lost.iter().map(|scope| parts(scope).map_or(scope.as_str(), |(_, inner)| inner).to_owned()).collect();
    Finding::new(code::REGISTRATION_DROPPED, Proven, GateId::Request)
        .shown([observed(facts.lang, Source::Answer, fact)])
        .wants_scopes(inner)
}

fn authorization<'a>(facts: &'a Facts<'_>) -> Option<&'a str> {
    let headers = &facts.call.exchange.request.headers;
    header(headers, "authorization").or_else(|| header(headers, "x-session-token"))
}

pub(crate) fn unauthorized(facts: &Facts<'_>) -> Finding {
    let Some(sent) = authorization(facts) else {
        let certainty = facts.lacks_credential();
        let others: &[Code] =
            if certainty == Proven { &[] } else { &[code::CREDENTIAL_INVALID, code::CREDENTIAL_WRONG_KIND] };
        return Finding::new(code::CREDENTIAL_MISSING, certainty, GateId::Credential).or(others);
    };
    if wrong_kind(facts, sent) {
        let fact =
            say!(facts.lang, "this endpoint never takes this kind of credential", "此接口从不接受这种凭据");
        return Finding::new(code::CREDENTIAL_WRONG_KIND, Proven, GateId::Credential).shown([observed(
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
        return Finding::new(code::CREDENTIAL_WRONG_KIND, certainty, GateId::Credential).shown([observed(
            facts.lang,
            Source::Introspection,
            fact,
        )]);
    }
    if facts.credential_ended {
        let fact = say!(facts.lang, "it was ended before the call", "它在调用之前已被终止");
        return Finding::new(code::CREDENTIAL_INVALID, Proven, GateId::Credential).shown([observed(
            facts.lang,
            Source::Request,
            fact,
        )]);
    }
    let finding = Finding::new(code::CREDENTIAL_INVALID, Likely, GateId::Credential);
    if opaque { finding.or(&[code::CREDENTIAL_WRONG_KIND]) } else { finding }
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
    let at = &facts.call.at;
    let basic = sent.starts_with("Basic ");
    let pat = bearer(sent) == Some(SecretKind::PersonalAccessToken);
    (basic && !at.basic) || (pat && (at.session_only || at.refuses_personal))
}

/// A registration that was refused: the scopes of the refusing provider that it would have added.
fn registration(facts: &Facts<'_>, denial: &'static Denial, error: &str) -> Finding {
    let target = error.strip_prefix("App with client_id ").and_then(|rest| rest.split(' ').next());
    let sent = facts.call.sent.as_ref().and_then(|sent| sent.get("allowed_scopes"));
    let added: Vec<&str> = rows(sent)
        .filter_map(Value::as_str)
        .filter(|scope| parts(scope).is_some_and(|(id, _)| target.is_none_or(|target| target == id)))
        .collect();
    // What was registered before is not checked again, and so it is not what is missing.
    let before = facts.allowed_before.as_ref().or(facts.allowed_scopes.as_ref());
    let had = |scope: &str| before.is_some_and(|before| before.iter().any(|had| had == scope));
    let fresh: Vec<&str> = added.iter().copied().filter(|scope| !had(scope)).collect();
    let named = if fresh.is_empty() { added } else { fresh };
    let scopes: Vec<String> =
        named.iter().filter_map(|scope| parts(scope)).map(|(_, inner)| inner.to_owned()).collect();
    let finding = denial.finding(error);
    if scopes.is_empty() { finding } else { finding.wants_scopes(scopes) }
}

/// `/api/oauth/me/*` answers this text for everything, dead tokens included (contract §10.6).
fn insufficient(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    let usual = if is_read(call.method) { "apps:read" } else { "apps:write" };
    let scope = call.at.scope(call.method).unwrap_or(usual);
    let needs = || vec![scope.to_owned()];
    let own = [Endpoint::OwnTeams, Endpoint::OwnProfile, Endpoint::OwnApps, Endpoint::OwnApp, Endpoint::Own];
    if !own.contains(&call.at.endpoint) {
        return Finding::new(code::CREDENTIAL_INSUFFICIENT_SCOPE, Proven, GateId::Credential)
            .wants_scopes(needs());
    }
    match (&facts.introspection, authorization(facts)) {
        (_, None) if !facts.known.headers_unknown => {
            Finding::new(code::CREDENTIAL_MISSING, Likely, GateId::Credential)
                .or(&[code::CREDENTIAL_INSUFFICIENT_SCOPE])
        }
        (_, Some(sent)) if sent.starts_with("Basic ") || is_signed(sent) => {
            Finding::new(code::CREDENTIAL_WRONG_KIND, Proven, GateId::Credential)
        }
        (Some(seen), _) if !seen.active => {
            // It may have died after the call, which then lacked the scope.
            let before = seen.at.zip(facts.call.exchange.started_at).is_some_and(|(at, start)| at <= start);
            let held = seen.scopes.iter().any(|held| held == scope);
            let sure = before || held;
            let finding = Finding::new(
                code::CREDENTIAL_INVALID,
                if sure { Proven } else { Likely },
                GateId::Credential,
            );
            if sure { finding } else { finding.or(&[code::CREDENTIAL_INSUFFICIENT_SCOPE]) }
        }
        (Some(seen), _) if seen.scopes.iter().any(|held| held == scope) => {
            let fact =
                say!(facts.lang, "the token holds `{scope}` and is refused", "令牌持有 `{scope}` 却被拒绝");
            Finding::new(code::MEMBERSHIP_ACCOUNT_DEACTIVATED, Proven, GateId::Credential).shown([observed(
                facts.lang,
                Source::Introspection,
                fact,
            )])
        }
        (Some(_), _) => Finding::new(code::CREDENTIAL_INSUFFICIENT_SCOPE, Proven, GateId::Credential)
            .wants_scopes(needs()),
        (None, _) => Finding::new(code::CREDENTIAL_INSUFFICIENT_SCOPE, Possible, GateId::Credential)
            .or(&[code::CREDENTIAL_INVALID])
            .wants_scopes(needs()),
    }
}

/// Prism's JSON 404 stands for an unknown id, an unknown path and a wrong verb alike (contract §1).
fn not_found(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if call.json.is_none() && !call.body.is_empty() {
        // Prism answers JSON for every path of its interface; plain text is another server's.
        return Finding::new(code::REACH_NO_ROUTE, Proven, GateId::Reach);
    }
    if call.path.trim_matches('/').is_empty() {
        // A pasted answer without its request: an id is the usual reason.
        return Finding::new(code::APP_NOT_FOUND, Possible, GateId::App)
            .or(&[code::RESOURCE_MISSING, code::REACH_NO_ROUTE]);
    }
    match (call.at.endpoint, call.at.value("app")) {
        (Endpoint::OwnApp, _) => {
            Finding::new(code::APP_NOT_FOUND, Likely, GateId::App).or(&[code::REACH_NO_ROUTE])
        }
        (_, Some(id)) if call.at.has_verb(call.method) => app_missing(facts, id),
        (_, Some(_)) => no_route(Likely).or(&[code::APP_NOT_FOUND]),
        (Endpoint::Team, _) => {
            let mut finding = Finding::new(code::RESOURCE_MISSING, Likely, GateId::App);
            finding.needs.resource = Some("team".to_owned());
            finding.or(&[code::MEMBERSHIP_NOT_MEMBER, code::REACH_NO_ROUTE])
        }
        (Endpoint::PersonalToken, _) => {
            Finding::new(code::RESOURCE_MISSING, Possible, GateId::App).or(&[code::REACH_NO_ROUTE])
        }
        _ => no_route(if call.json.is_some() { Proven } else { Likely }),
    }
}

fn no_route(certainty: super::types::Certainty) -> Finding {
    Finding::new(code::REACH_NO_ROUTE, certainty, GateId::Reach)
}

fn app_missing(facts: &Facts<'_>, id: &str) -> Finding {
    let finding = Finding::new(code::APP_NOT_FOUND, Proven, GateId::App);
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
