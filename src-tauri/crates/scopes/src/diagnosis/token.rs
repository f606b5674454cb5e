//! 401: the header and the token (contract §11).

use super::Finding;
use super::call::{header, origin_of};
use super::code::{self, Code, GateId};
use super::evidence::{Source, observed};
use super::facts::{Ended, Facts, Introspection, is_masked};
use super::types::Certainty::{self, Likely, Possible, Proven};
use crate::say;
use crate::secret::{SecretKind, is_three_parts, jwt_claims, placeholder_kind};

/// `Unauthorized`: no header, or not exactly `Bearer `.
pub(crate) fn header_gate(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    match header(&facts.call.exchange.request.headers, "authorization") {
        Some(value) if value.starts_with("Bearer ") => {
            // As recorded it would have passed: something on the way took it out or changed it.
            let fact = say!(lang, "the recorded header looks right", "记录的请求头看起来没有问题");
            let finding =
                Finding::new(code::HEADER_MISSING, Possible, GateId::Header).or(&[code::HEADER_MALFORMED]);
            finding.shown([observed(lang, Source::Request, fact)])
        }
        Some(value) => {
            let scheme = value.split(' ').next().unwrap_or_default();
            let named =
                !scheme.is_empty() && scheme.len() < 12 && scheme.bytes().all(|b| b.is_ascii_alphabetic());
            let fact = if named {
                say!(lang, "the scheme was sent as `{scheme}`", "请求头里的方案写成了 `{scheme}`")
            } else {
                say!(lang, "the header does not begin with `Bearer `", "请求头不是以 `Bearer ` 开头")
            };
            Finding::new(code::HEADER_MALFORMED, Proven, GateId::Header).shown([observed(
                lang,
                Source::Request,
                fact,
            )])
        }
        None => {
            let certainty = facts.lacks_credential();
            let finding = Finding::new(code::HEADER_MISSING, certainty, GateId::Header)
                .or(if certainty == Proven { &[] } else { &[code::HEADER_MALFORMED] });
            if certainty == Possible {
                return finding;
            }
            let fact =
                say!(lang, "the recorded request has no `Authorization`", "记录的请求没有 `Authorization`");
            finding.shown([observed(lang, Source::Request, fact)])
        }
    }
}

/// `Token inactive or expired`.
pub(crate) fn token_gate(facts: &Facts<'_>) -> Finding {
    if let Some((code, certainty)) = facts.token.as_deref().and_then(form_of) {
        let fact =
            say!(facts.lang, "what was sent is {}", "发送的是{}", super::words::form_word(code, facts.lang));
        let others: &[Code] = match (certainty, code) {
            (Proven, _) => &[],
            (_, code::TOKEN_ID_TOKEN) => &[code::TOKEN_SESSION_JWT],
            _ => &[code::TOKEN_ID_TOKEN],
        };
        let finding = Finding::new(code, certainty, GateId::Token).or(others);
        return finding.shown([observed(facts.lang, Source::Request, fact)]);
    }
    let after = |at: Option<i64>| {
        at.is_none() || facts.call.exchange.started_at.is_none() || at >= facts.call.exchange.started_at
    };
    // An end on record proves as much without the answer of another Prism, so that answer may not take its place.
    let end_proven = || ended(facts).filter(|end| end.certainty == Proven);
    if let Some(seen) = active_elsewhere(facts) {
        return end_proven().unwrap_or_else(|| other_issuer(facts, seen));
    }
    match &facts.introspection {
        // The Prism that Glint asks calls it active later: that refutes another issuer, and says no more.
        Some(seen) if seen.active && after(seen.at) && is_the_configured(facts, seen) => {
            end_proven().unwrap_or_else(|| refuted(facts))
        }
        Some(seen) if seen.active && after(seen.at) => {
            end_proven().unwrap_or_else(|| other_issuer(facts, seen))
        }
        Some(seen) if !seen.active => inactive(facts),
        _ => unasked(facts),
    }
}

/// The Prism that Glint is configured with.
fn configured(facts: &Facts<'_>) -> Option<String> {
    facts.config.as_ref().and_then(|(base, _)| origin_of(base))
}

fn is_the_configured(facts: &Facts<'_>, seen: &Introspection) -> bool {
    seen.origin.is_some() && seen.origin == configured(facts)
}

/// Glint called a token inactive that its Prism calls active: what held at the time of the call is open.
fn refuted(facts: &Facts<'_>) -> Finding {
    let text = say!(
        facts.lang,
        "active at the Prism that Glint asks, when it was introspected",
        "内省时，在 Glint 询问的 Prism 上有效"
    );
    Finding::new(code::TOKEN_INACTIVE, Likely, GateId::Token)
        .or(&[code::SERVER_PRISM_UNREACHABLE])
        .shown([observed(facts.lang, Source::Introspection, text)])
}

/// An introspection that calls the token active at another Prism than the one Glint asks, where that one calls it
/// inactive: it belongs to the other.
fn active_elsewhere<'f>(facts: &'f Facts<'_>) -> Option<&'f Introspection> {
    let used = configured(facts)?;
    let at_own = |seen: &&Introspection| seen.origin.as_ref() == Some(&used);
    let own = facts.introspections.iter().filter(at_own).all(|seen| !seen.active);
    let asked = facts.introspections.iter().any(|seen| seen.origin.as_ref() == Some(&used));
    let elsewhere = |seen: &&Introspection| seen.active && seen.origin.is_some() && !at_own(seen);
    facts.introspections.iter().rfind(elsewhere).filter(|_| own && asked)
}

fn other_issuer(facts: &Facts<'_>, seen: &Introspection) -> Finding {
    let lang = facts.lang;
    let used = configured(facts);
    let differ = seen.origin.is_some() && used.is_some() && seen.origin != used;
    // Two addresses may be those of one Prism: what it said before the call may have changed by then.
    let after = seen.at.zip(facts.call.exchange.started_at).is_none_or(|(at, start)| at >= start);
    let certainty = if differ && after { Proven } else { Likely };
    let mut finding = Finding::new(code::TOKEN_OTHER_ISSUER, certainty, GateId::Token);
    if certainty != Proven {
        finding = finding.or(&[code::TOKEN_INACTIVE]);
    }
    let active = say!(lang, "active at the Prism that was asked", "在所询问的 Prism 上有效");
    finding = finding.shown([observed(lang, Source::Introspection, active)]);
    if let Some(base) = facts.config.as_ref().map(|(base, _)| base) {
        finding = finding.shown([observed(
            lang,
            Source::Configuration,
            say!(lang, "Glint asks `{base}`", "Glint 询问的是 `{base}`"),
        )]);
    }
    finding
}

/// Prism calls it inactive; a known lifetime tells why, and so does what was seen to end it.
fn inactive(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let inactive = observed(lang, Source::Introspection, say!(lang, "not active", "已失效"));
    if let Some(finding) = ended(facts) {
        return finding.shown([inactive]);
    }
    if over(facts) {
        let mut finding = expired(facts).shown([inactive]);
        if asked_elsewhere(facts) {
            finding.certainty = Likely;
            finding = finding.or(&[code::TOKEN_OTHER_ISSUER]);
        }
        return finding;
    }
    // An expiry nobody recorded would name the cause more closely, so that this one is never proven.
    let others: &[Code] = if asked_elsewhere(facts) {
        &[code::TOKEN_OTHER_ISSUER, code::TOKEN_EXPIRED]
    } else {
        &[code::TOKEN_EXPIRED]
    };
    Finding::new(code::TOKEN_INACTIVE, Likely, GateId::Token)
        .or(others)
        .shown([inactive])
        .shown(wrong_clock(facts))
}

/// That times of this record cannot be compared with those of the servers.
fn wrong_clock(facts: &Facts<'_>) -> Option<super::types::Evidence> {
    let lang = facts.lang;
    (!facts.clock_agrees()).then(|| {
        let text = say!(
            lang,
            "the recorder's clock disagrees with the servers', so its times prove no expiry",
            "记录者的时钟与服务器不一致，其时间不能证明过期"
        );
        observed(lang, Source::Answer, text)
    })
}

/// Whether the Prism that was asked is known to be another one than Glint's.
fn asked_elsewhere(facts: &Facts<'_>) -> bool {
    let asked = facts.introspection.as_ref().and_then(|seen| seen.origin.as_ref());
    asked.zip(configured(facts).as_ref()).is_some_and(|(asked, used)| asked != used)
}

/// A refresh token, or a token whose end stands on record.
fn ended(facts: &Facts<'_>) -> Option<Finding> {
    let lang = facts.lang;
    let found = |certainty, source, fact| {
        Some(
            Finding::new(code::TOKEN_INACTIVE, certainty, GateId::Token)
                .shown([observed(lang, source, fact)]),
        )
    };
    if facts.issued.as_ref().is_some_and(|issued| issued.is_refresh) {
        let fact = say!(lang, "this is the refresh token of that answer", "这是该答复里的刷新令牌");
        return found(Proven, Source::TokenAnswer, fact);
    }
    if !facts.ended_first() {
        return None;
    }
    match facts.ended? {
        Ended::Revoked => found(
            Proven,
            Source::Request,
            say!(lang, "it was revoked before the call", "它在调用之前已被撤销"),
        ),
        Ended::Refreshed => {
            let fact = say!(lang, "a refresh replaced it before the call", "刷新在调用之前已将它替换");
            found(Proven, Source::TokenAnswer, fact)
        }
        Ended::Withdrawn(same) => {
            let fact = say!(lang, "the consent was withdrawn before the call", "授权在调用之前已被撤回");
            let finding = found(if same { Proven } else { Likely }, Source::Request, fact);
            if same { finding } else { finding.map(|finding| finding.or(&[code::TOKEN_EXPIRED])) }
        }
    }
}

fn unasked(facts: &Facts<'_>) -> Finding {
    if let Some(finding) = ended(facts) {
        return finding;
    }
    if over(facts) {
        let mut finding = expired(facts);
        finding.certainty = Likely;
        return finding.or(&[code::TOKEN_INACTIVE]);
    }
    Finding::new(code::TOKEN_INACTIVE, Possible, GateId::Token)
        .or(&[code::TOKEN_EXPIRED, code::TOKEN_OTHER_ISSUER])
}

fn over(facts: &Facts<'_>) -> bool {
    facts.lifetime_over() == Some(true)
}

/// Proven only where the recorder's clock can be compared with the one that counts the lifetime.
fn expired(facts: &Facts<'_>) -> Finding {
    let fact = say!(facts.lang, "its lifetime ended before the call", "它的有效期在调用之前已结束");
    let source = if facts.issued.is_some() { Source::TokenAnswer } else { Source::Introspection };
    let certainty = if facts.clock_agrees() { Proven } else { Likely };
    let finding = Finding::new(code::TOKEN_EXPIRED, certainty, GateId::Token)
        .shown([observed(facts.lang, source, fact)])
        .shown(wrong_clock(facts));
    if certainty == Proven { finding } else { finding.or(&[code::TOKEN_INACTIVE]) }
}

/// What stands where a program had no token to put.
const PLACEHOLDERS: [&str; 12] = [
    "",
    "undefined",
    "null",
    "none",
    "nil",
    "nan",
    "[object object]",
    "token",
    "your-token",
    "your_token",
    "access_token",
    "<token>",
];

/// What programs leave around a token.
pub(crate) const AROUND: [char; 7] = ['"', '\'', '`', '<', '>', '{', '}'];
/// How the name of a variable begins that nobody filled in.
pub(crate) const UNFILLED: [&str; 4] = ["${", "{{", "$", "%7b"];

/// Whether nothing, a word for nothing or the name of a variable stands where the token should.
pub(crate) fn stands_for_none(token: &str) -> bool {
    let trimmed = token.trim();
    let bare = trimmed.trim_matches(AROUND).to_ascii_lowercase();
    let lower = trimmed.to_lowercase();
    PLACEHOLDERS.contains(&bare.as_str()) || UNFILLED.iter().any(|start| lower.starts_with(start))
}

/// Tells a wrong kind of credential by its form; what somebody blacked out has no form.
pub(crate) fn form_of(token: &str) -> Option<(Code, Certainty)> {
    if stands_for_none(token) {
        return Some((code::TOKEN_EMPTY, Proven));
    }
    let trimmed = token.trim();
    let bare = trimmed.trim_matches(AROUND);
    match placeholder_kind(bare) {
        Some(SecretKind::PersonalAccessToken) => return Some((code::TOKEN_PERSONAL_ACCESS_TOKEN, Proven)),
        Some(SecretKind::SignInToken) => return Some((code::TOKEN_SESSION_JWT, Proven)),
        Some(SecretKind::IdToken) => return Some((code::TOKEN_ID_TOKEN, Proven)),
        Some(SecretKind::SignedToken) => return Some((code::TOKEN_SESSION_JWT, Likely)),
        Some(_) if bare != token => return Some((code::TOKEN_WHITESPACE, Proven)),
        Some(_) => return None,
        None => {}
    }
    if is_masked(trimmed) {
        return None;
    }
    if bare.starts_with("prism_pat_") {
        return Some((code::TOKEN_PERSONAL_ACCESS_TOKEN, Proven));
    }
    if is_three_parts(bare) {
        return signed(bare);
    }
    let odd = bare != token || token.contains(|c: char| c.is_whitespace() || c.is_control());
    odd.then_some((code::TOKEN_WHITESPACE, Proven))
}

/// An id token names its audience; a session of Prism does not.
fn signed(token: &str) -> Option<(Code, Certainty)> {
    match jwt_claims(token) {
        // An access token in the same form says what it may do, or for which client.
        Some(claims) if claims.get("scope").is_some() || claims.get("client_id").is_some() => None,
        Some(claims) if claims.get("aud").is_some() => Some((code::TOKEN_ID_TOKEN, Proven)),
        Some(_) => Some((code::TOKEN_SESSION_JWT, Proven)),
        None => Some((code::TOKEN_SESSION_JWT, Likely)),
    }
}
