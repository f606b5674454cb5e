//! Authorization and token endpoints (RFC 6749 §4.1.2.1, §5.2; contract §5, §6).

use super::Finding;
use super::call::{Call, Kind, form, fragment, origin_of, query};
use super::code::{self, Code, GateId};
use super::denials;
use super::difference::differing;
use super::evidence::{Source, observed};
use super::facts::{Facts, Today, request_value, separated, text};
use super::glint::{not_reached, unreadable};
use super::scope::parts as scope_parts;
use super::spelling::joins;
use super::types::Certainty::{self, Likely, Possible, Proven};
use crate::endpoint::Endpoint;
use crate::say;

pub(crate) fn find(facts: &Facts<'_>) -> Finding {
    let call = &facts.call;
    if let Some(found) = returned(facts) {
        return found;
    }
    if let Some(found) = unsent(facts) {
        return found;
    }
    if let Some(found) = not_reached(facts) {
        return found;
    }
    if call.is_foreign_refusal() && !call.says_error() {
        return unreadable(facts);
    }
    let error = call.error().map(str::to_owned).or_else(|| redirected(facts, "error"));
    let described = call.json.as_ref().and_then(|json| text(json, "error_description")).unwrap_or_default();
    match (call.status, error.as_deref()) {
        (500, _) if cut_off(facts) => Finding::new(code::REQUEST_MALFORMED_BODY, Proven, GateId::Request),
        (500, _) if of_prism(facts) && spoken(facts) => token_broken(facts),
        (500, _) if call.is_to(Endpoint::Authorize) => authorize_broken(facts),
        (500.., _) => Finding::new(code::SERVER_ERROR, Likely, GateId::Server),
        (429, _) => Finding::new(code::SERVER_RATE_LIMITED, Proven, GateId::Server),
        (401, Some("Unauthorized")) if call.is_to(Endpoint::Authorize) => super::prism::unauthorized(facts),
        (_, Some(error)) => named(facts, error, &described),
        (200..=299, None) if !call.is_own_answer() => unreadable(facts),
        (200..=299, None) => narrowed(facts),
        // Only an authorization is answered by a redirect; none of these endpoints answers from a cache.
        (301..=303 | 307 | 308, None) if !answers_in_json(call) => Finding::fine(code::ALLOWED),
        (300..=399, None) => Finding::new(code::REACH_NOT_API, Likely, GateId::Reach),
        _ => Finding::new(code::OAUTH_INVALID_REQUEST, Possible, GateId::Request),
    }
}

fn answers_in_json(call: &Call<'_>) -> bool {
    [Endpoint::Token, Endpoint::Introspection, Endpoint::Revocation, Endpoint::UserInfo, Endpoint::Preview]
        .into_iter()
        .any(|endpoint| call.is_to(endpoint))
}

/// The address of an authorization request alone: what can be seen to be wrong with it.
fn unsent(facts: &Facts<'_>) -> Option<Finding> {
    let (lang, call) = (facts.lang, &facts.call);
    let exchange = call.exchange;
    if !call.is_to(Endpoint::Authorize) || exchange.response.is_some() || exchange.failure.is_some() {
        return None;
    }
    let asked = query(&exchange.request.url, "scope")?;
    if !asked.contains(|c: char| c != ' ' && joins(c)) {
        return None;
    }
    let parts: Vec<&str> = asked.split(joins).filter(|part| !part.is_empty()).collect();
    let listed = crate::lang::list(lang, &parts);
    let fact = say!(lang, "joined by something else than a blank: {listed}", "不是用空格分隔：{listed}");
    let mut url = url::Url::parse(&exchange.request.url).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    url.query_pairs_mut().clear().extend_pairs(
        pairs.iter().map(|(name, value)| {
            (name.as_str(), if name == "scope" { parts.join(" ") } else { value.clone() })
        }),
    );
    let step = super::types::Remedy {
        who: crate::problem::Actor::ConsumerDeveloper,
        who_name: None,
        action: say!(lang, "Separate the scopes by blanks", "用空格分隔权限范围"),
        detail: say!(lang, "The corrected URL: {}", "更正后的 URL：{}", call.quoted_whole(url.as_str())),
        reauthorize: true,
        fix: None,
    };
    let inner = parts.iter().map(|part| scope_parts(part).map_or(*part, |(_, inner)| inner).to_owned());
    let finding = Finding::new(code::SCOPE_MISSPELT, Likely, GateId::Scope)
        .wants_scopes(inner.collect())
        .shown([observed(lang, Source::Request, fact)]);
    Some(finding.advised(vec![step]))
}

/// The redirect back to the consumer: its own query tells (RFC 6749 §4.1.2), whatever page the consumer shows then.
fn returned(facts: &Facts<'_>) -> Option<Finding> {
    let url = &facts.call.exchange.request.url;
    if facts.call.at.interface != Kind::Other {
        return None;
    }
    let state = query(url, "state");
    if let Some(state) = state.as_ref().filter(|_| facts.foreign_state) {
        let state = facts.call.quoted(state);
        let fact = say!(
            facts.lang,
            "`{state}` is the state of no recorded request",
            "`{state}` 不是任何已记录请求的 state"
        );
        let finding = Finding::new(code::OAUTH_STATE_MISMATCH, Likely, GateId::Request);
        return Some(finding.shown([observed(facts.lang, Source::Request, fact)]));
    }
    let issuer = query(url, "iss").and_then(|issuer| origin_of(&issuer));
    if let Some(issuer) = issuer.filter(|_| facts.foreign_issuer) {
        // RFC 9207 §2.4: an answer of another issuer than was asked must not be used.
        let issuer = facts.call.quoted(&issuer);
        let fact = say!(facts.lang, "`{issuer}` answered", "应答的是 `{issuer}`");
        let finding = Finding::new(code::OAUTH_ISSUER_MISMATCH, Likely, GateId::Request);
        return Some(finding.shown([observed(facts.lang, Source::Request, fact)]));
    }
    if fragment(url, "code").is_some() && query(url, "code").is_none() {
        let fact = say!(
            facts.lang,
            "the code stands in the fragment, which no server receives: the response mode must be `query`",
            "授权码位于片段中，服务器收不到：响应模式必须为 `query`"
        );
        let finding = Finding::new(code::OAUTH_INVALID_REQUEST, Likely, GateId::Request);
        return Some(finding.shown([observed(facts.lang, Source::Request, fact)]));
    }
    let value = |name: &str| query(url, name).or_else(|| fragment(url, name));
    let error = value("error")?;
    Some(named(facts, &error, &value("error_description").unwrap_or_default()))
}

fn named(facts: &Facts<'_>, error: &str, described: &str) -> Finding {
    let (word, words) = (facts.call.quoted(error), facts.call.quoted(described));
    let words = if words.is_empty() { format!("`{word}`") } else { format!("`{word}`: “{words}”") };
    let says = observed(facts.lang, Source::Answer, words);
    let finding = match denials::of_words(error, described) {
        Some(denial) if denial.is(code::OAUTH_INVALID_GRANT) => invalid_grant(facts),
        Some(denial) => denial.finding(error),
        None => Finding::new(code::OAUTH_INVALID_REQUEST, Possible, GateId::Request),
    };
    finding.shown([says])
}

/// Reused, unknown, foreign code and another redirect URI look alike; the request may tell the last one.
fn invalid_grant(facts: &Facts<'_>) -> Finding {
    if request_value(facts.call.exchange, "grant_type").as_deref() == Some("refresh_token") {
        return Finding::new(code::OAUTH_INVALID_GRANT, Proven, GateId::Request);
    }
    let redirect = request_value(facts.call.exchange, "redirect_uri");
    let asked = facts.asked.as_ref().map(|(_, redirect)| redirect);
    // Without the authorization, the preview of its page still shows which redirect URI it was for.
    let previewed = || {
        facts
            .previewed_redirects
            .last()
            .filter(|_| !facts.previewed_redirects.iter().any(|uri| Some(uri) == redirect.as_ref()))
    };
    let authorized = asked.or_else(previewed);
    if let Some((authorized, sent)) =
        authorized.zip(redirect.as_ref()).filter(|(authorized, sent)| authorized != sent)
    {
        let (authorized, sent) = differing(authorized, sent);
        let (authorized, sent) = (facts.call.quoted(&authorized), facts.call.quoted(&sent));
        let fact = say!(
            facts.lang,
            "authorized with `{authorized}`, exchanged with `{sent}` («» marks the difference)",
            "授权时是 `{authorized}`，兑换时是 `{sent}`（«» 标出不同之处）"
        );
        return Finding::new(code::OAUTH_REDIRECT_URI_MISMATCH, Likely, GateId::Request)
            .or(&[code::OAUTH_INVALID_GRANT])
            .shown([observed(facts.lang, Source::Request, fact)]);
    }
    Finding::new(code::OAUTH_INVALID_GRANT, Likely, GateId::Request)
        .or(&[code::OAUTH_REDIRECT_URI_MISMATCH, code::OAUTH_CODE_EXPIRED])
}

/// A body that begins as JSON and is none: a 500 without a reason (contract §1).
fn cut_off(facts: &Facts<'_>) -> bool {
    let body = facts.call.exchange.request.body.as_deref().unwrap_or_default().trim_start();
    body.starts_with(['{', '[']) && facts.call.sent.is_none()
}

/// Whether it went to Prism's own token endpoint: other servers fail for other reasons.
fn of_prism(facts: &Facts<'_>) -> bool {
    facts.call.is_to(Endpoint::Token) && facts.call.at.interface == Kind::OAuth
}

/// Whether the answer is Prism's own, or its body was not recorded.
fn spoken(facts: &Facts<'_>) -> bool {
    facts.call.is_own_answer() || facts.call.body.is_empty()
}

/// A malformed authorization is a 500 without a reason.
fn authorize_broken(facts: &Facts<'_>) -> Finding {
    if facts.call.method == "GET" {
        return Finding::new(code::SERVER_ERROR, Likely, GateId::Server);
    }
    let Some(sent) = facts.call.sent.as_ref().filter(|sent| sent.is_object()) else {
        return Finding::new(code::REQUEST_MALFORMED_BODY, Likely, GateId::Request).or(&[code::SERVER_ERROR]);
    };
    let missing = ["client_id", "redirect_uri"].into_iter().find(|name| text(sent, name).is_none());
    let Some(missing) = missing else { return Finding::new(code::SERVER_ERROR, Likely, GateId::Server) };
    let fact = say!(facts.lang, "the request lacks `{missing}`", "请求缺少 `{missing}`");
    let mut finding =
        Finding::new(code::OAUTH_INVALID_REQUEST, Likely, GateId::Request).or(&[code::SERVER_ERROR]);
    finding.needs.field = Some(missing.to_owned());
    finding.shown([observed(facts.lang, Source::Request, fact)])
}

/// Prism's signing is broken while `use_jwt_tokens` is on (contract §10.1); without client id or code it is the request.
fn token_broken(facts: &Facts<'_>) -> Finding {
    let sent = facts.call.exchange.request.body.as_deref().unwrap_or_default();
    let value = |name: &str| {
        let json = facts.call.sent.as_ref().and_then(|json| text(json, name));
        json.or_else(|| form(sent, name)).filter(|value| !value.is_empty())
    };
    let basic = super::call::header(&facts.call.exchange.request.headers, "authorization")
        .is_some_and(|value| value.starts_with("Basic "));
    let complete = (basic || value("client_id").is_some())
        && (value("code").is_some() || value("refresh_token").is_some());
    if sent.is_empty() {
        return Finding::new(code::OAUTH_JWT_TOKENS_BROKEN, Possible, GateId::Server)
            .or(&[code::OAUTH_INVALID_REQUEST]);
    }
    if complete {
        Finding::new(code::OAUTH_JWT_TOKENS_BROKEN, Likely, GateId::Server).or(&[code::SERVER_ERROR])
    } else {
        Finding::new(code::OAUTH_INVALID_REQUEST, Proven, GateId::Request)
    }
}

/// 200, and fewer scopes than were asked for; the authorization request says what was asked.
fn narrowed(facts: &Facts<'_>) -> Finding {
    let Some(granted) = facts.call.json.as_ref().and_then(|json| text(json, "scope")) else {
        return Finding::fine(code::ALLOWED);
    };
    let granted: Vec<&str> = separated(&granted).collect();
    // A refresh keeps the scopes it has, whatever is asked for (contract §6).
    let refresh = request_value(facts.call.exchange, "grant_type").as_deref() == Some("refresh_token");
    let widened = refresh.then(|| request_value(facts.call.exchange, "scope")).flatten();
    let known = widened.as_ref().or(facts.asked.as_ref().map(|(scopes, _)| scopes));
    if known.is_none() && granted.is_empty() && facts.call.is_to(Endpoint::Token) {
        let fact = say!(facts.lang, "the token was granted no scope at all", "令牌没有被授予任何权限范围");
        let mut finding =
            Finding::new(code::OAUTH_SCOPES_NARROWED, Likely, GateId::Scope).or(&[code::ALLOWED]);
        finding.because = Some(code::SCOPE_UNDETERMINED);
        return finding.shown([observed(facts.lang, Source::Answer, fact)]);
    }
    let Some(asked) = known else {
        // What was asked for is not known: more may have been.
        return Finding { certainty: Likely, ..Finding::fine(code::ALLOWED) }
            .or(&[code::OAUTH_SCOPES_NARROWED]);
    };
    let lost: Vec<&str> = separated(asked).filter(|scope| !granted.contains(scope)).collect();
    if lost.is_empty() {
        return Finding::fine(code::ALLOWED);
    }
    let each = lost.iter().flat_map(|scope| scope.split(joins)).filter(|scope| !scope.is_empty());
    let inner: Vec<String> =
        each.map(|scope| scope_parts(scope).map_or(scope, |(_, inner)| inner).to_owned()).collect();
    let quoted = crate::lang::list(facts.lang, &lost);
    let fact = say!(facts.lang, "asked for, but not granted: {quoted}", "请求了，但没有授予：{quoted}");
    let (because, certainty) = if refresh { (code::SCOPE_TOKEN_PREDATES, Proven) } else { why(facts, &lost) };
    let mut finding = Finding::new(code::OAUTH_SCOPES_NARROWED, Proven, GateId::Scope)
        .shown([observed(facts.lang, Source::Answer, fact)])
        .wants_scopes(inner);
    finding.because = Some(because);
    if !refresh && !facts.requests.iter().any(|asked| asked.linked) {
        // The authorization may have been another one of the same client.
        finding.certainty = Likely;
        finding.alternatives.push(code::ALLOWED);
    }
    if certainty != Proven {
        finding.alternatives.extend([
            code::SCOPE_NOT_REGISTERED,
            code::SCOPE_DENIED_BY_RULE,
            code::SCOPE_TARGET_MISSING,
        ]);
    }
    finding
}

/// The code of the first dropped scope that today's preview rejects.
fn why(facts: &Facts<'_>, lost: &[&str]) -> (Code, Certainty) {
    if lost.iter().any(|scope| scope.contains(joins)) {
        return (code::SCOPE_MISSPELT, Proven);
    }
    let reasons = lost.iter().filter_map(|scope| match facts.today.get(*scope) {
        Some(Today::Rejected(reason)) => Some(match reason.as_str() {
            "not_allowed" => code::SCOPE_NOT_REGISTERED,
            "app_denied" => code::SCOPE_DENIED_BY_RULE,
            "target_missing" => code::SCOPE_TARGET_MISSING,
            _ => code::SCOPE_MISSPELT,
        }),
        Some(Today::Granted { .. } | Today::Registered) => Some(code::SCOPE_TOKEN_PREDATES),
        Some(Today::Unregistered) => Some(code::SCOPE_NOT_REGISTERED),
        None => None,
    });
    match reasons.into_iter().next() {
        Some(code) => (code, Proven),
        None => match &facts.allowed_scopes {
            Some(allowed) if lost.iter().any(|scope| !allowed.iter().any(|a| a == scope)) => {
                (code::SCOPE_NOT_REGISTERED, Proven)
            }
            _ => (code::SCOPE_UNDETERMINED, Possible),
        },
    }
}

fn redirected(facts: &Facts<'_>, name: &str) -> Option<String> {
    let location = facts
        .call
        .exchange
        .response
        .as_ref()
        .and_then(|r| super::call::header(&r.headers, "location").map(str::to_owned));
    let to = location.or_else(|| facts.call.json.as_ref().and_then(|json| text(json, "redirect")))?;
    query(&to, name)
}
