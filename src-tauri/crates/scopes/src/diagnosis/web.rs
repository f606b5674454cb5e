//! The routes of Glint's own web application: they take its session cookie and no bearer token (contract §7).

use super::Finding;
use super::call::header;
use super::code::{self, GateId};
use super::evidence::{Source, observed};
use super::facts::Facts;
use super::glint::{not_reached, unreadable};
use super::types::Certainty::{Likely, Possible};
use super::types::Remedy;
use crate::problem::Actor;
use crate::routes;
use crate::say;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = not_reached(facts) {
        return found;
    }
    match call.status {
        200..=299 if !call.is_own_answer() => unreadable(facts),
        _ if call.is_foreign_refusal() && !call.says_error() => unreadable(facts),
        200..=399 => Finding { certainty: Likely, ..Finding::fine(code::ALLOWED) },
        401 => unauthorized(facts),
        403 => {
            let finding = Finding::new(code::APP_FORBIDDEN, Likely, GateId::Credential);
            if is_setup(facts) { finding.advised(vec![owner_signs_in(facts)]) } else { finding }
        }
        404 if call.json.is_none() => Finding::new(code::REACH_NO_ROUTE, Likely, GateId::Reach),
        400 => Finding::new(code::REQUEST_INVALID, Likely, GateId::Request),
        409 => Finding::new(code::REQUEST_CONFLICT, Likely, GateId::Request),
        429 => Finding::new(code::SERVER_RATE_LIMITED, Likely, GateId::Server),
        500..=599 => Finding::new(code::SERVER_ERROR, Likely, GateId::Server),
        _ => Finding::new(code::REACH_NO_ROUTE, Possible, GateId::Reach).or(&[code::REQUEST_INVALID]),
    }
}

/// A document that anybody may read: only the status says anything.
pub(crate) fn of_document(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = not_reached(facts) {
        return found;
    }
    match call.status {
        200..=299 if !call.is_own_answer() => unreadable(facts),
        200..=399 => Finding::fine(code::ALLOWED),
        404 | 405 | 410 => Finding::new(code::REACH_NO_ROUTE, Likely, GateId::Reach),
        429 => Finding::new(code::SERVER_RATE_LIMITED, Likely, GateId::Server),
        500..=599 => Finding::new(code::SERVER_ERROR, Likely, GateId::Server),
        _ => Finding::new(code::REQUEST_INVALID, Possible, GateId::Request),
    }
}

/// Set-up and its configuration are the owner's.
fn is_setup(facts: &Facts<'_>) -> bool {
    facts.call.at.of_setup
}

fn unauthorized(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let headers = &facts.call.exchange.request.headers;
    let sent = header(headers, "authorization").is_some();
    let fact = say!(
        lang,
        "this route takes the cookie of Glint's web app, no `Authorization`",
        "此路由只接受 Glint 网页应用的 Cookie，不接受 `Authorization`"
    );
    let (code, certainty) = match (sent, header(headers, "cookie").is_some()) {
        (true, _) => (code::CREDENTIAL_WRONG_KIND, Likely),
        (false, true) => (code::CREDENTIAL_INVALID, Likely),
        (false, false) => (code::CREDENTIAL_MISSING, Possible),
    };
    let finding = Finding::new(code, certainty, GateId::Credential)
        .or(&[code::REACH_NO_ROUTE])
        .shown([observed(lang, Source::Request, fact)]);
    let step = if is_setup(facts) { owner_signs_in(facts) } else { call_cross_app(facts) };
    finding.advised(vec![step])
}

fn step(who: Actor, action: String, detail: String) -> Remedy {
    Remedy { who, who_name: None, action, detail, reauthorize: false, fix: None }
}

fn owner_signs_in(facts: &Facts<'_>) -> Remedy {
    let lang = facts.lang;
    step(
        Actor::ProviderOwner,
        say!(lang, "Sign in to Glint as an owner of its team", "以 Glint 所属团队的所有者身份登录 Glint"),
        say!(
            lang,
            "After set-up, Glint's configuration takes the session cookie of an owner; a bearer token does not count.",
            "完成初始设置后，Glint 的配置只接受所有者的会话 Cookie；Bearer 令牌无效。"
        ),
    )
}

/// The same route below `/cross-app`, where there is one.
fn call_cross_app(facts: &Facts<'_>) -> Remedy {
    let lang = facts.lang;
    let path = format!("/api/cross-app{}", facts.call.path.trim_start_matches("/api"));
    let action = if routes::find(facts.call.method, &path).is_some() {
        say!(lang, "Call `{path}`", "调用 `{path}`")
    } else {
        say!(lang, "Call a route below `/api/cross-app`", "调用 `/api/cross-app` 下的路由")
    };
    let detail = say!(
        lang,
        "Only the routes below `/api/cross-app` take an access token.",
        "只有 `/api/cross-app` 下的路由接受访问令牌。"
    );
    step(Actor::ConsumerDeveloper, action, detail)
}
