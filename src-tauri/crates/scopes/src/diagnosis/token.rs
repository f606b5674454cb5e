//! 401: the header and the token (contract §11).

use super::Finding;
use super::call::{header, origin_of};
use super::evidence::{Source, observed};
use super::facts::Facts;
use super::types::Certainty::{Likely, Possible, Proven};
use crate::say;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// `Unauthorized`: no header, or not exactly `Bearer `.
pub(crate) fn header_gate(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    match header(&facts.call.exchange.request.headers, "authorization") {
        Some(value) => {
            let scheme = value.split(' ').next().unwrap_or_default();
            let fact = say!(lang, "the scheme was sent as `{scheme}`", "请求头里的方案写成了 `{scheme}`");
            Finding::new("header.malformed", Proven, "header").shown([observed(lang, Source::Request, fact)])
        }
        None if facts.known.headers_unknown || facts.call.exchange.request.method.is_empty() => {
            Finding::new("header.missing", Possible, "header").or(&["header.malformed"])
        }
        None => {
            let fact =
                say!(lang, "the recorded request has no `Authorization`", "记录的请求没有 `Authorization`");
            // Many archives leave credentials out; one that shows others' credentials does not.
            let certainty = if facts.credentials_recorded { Proven } else { Likely };
            Finding::new("header.missing", certainty, "header")
                .or(if certainty == Proven { &[] } else { &["header.malformed"] })
                .shown([observed(lang, Source::Request, fact)])
        }
    }
}

/// `Token inactive or expired`.
pub(crate) fn token_gate(facts: &Facts<'_>) -> Finding {
    if let Some(code) = facts.token.as_deref().and_then(form_of) {
        let fact =
            say!(facts.lang, "what was sent is {}", "发送的是{}", super::words::form_word(code, facts.lang));
        return Finding::new(code, Proven, "token").shown([observed(facts.lang, Source::Request, fact)]);
    }
    let after = |at: Option<i64>| {
        at.is_none() || facts.call.exchange.started_at.is_none() || at >= facts.call.exchange.started_at
    };
    match &facts.introspection {
        Some(seen) if seen.active && after(seen.at) => other_issuer(facts),
        Some(seen) if !seen.active => dead(facts),
        _ => unasked(facts),
    }
}

fn other_issuer(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let asked = facts.introspection.as_ref().and_then(|seen| seen.origin.clone());
    let used = facts.config.as_ref().and_then(|(base, _)| origin_of(base));
    let differ = asked.is_some() && used.is_some() && asked != used;
    let mut finding = Finding::new("token.other_issuer", if differ { Proven } else { Likely }, "token");
    if !differ {
        finding = finding.or(&["token.inactive"]);
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

/// Prism calls it inactive; a known lifetime tells why, nothing else does.
fn dead(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let inactive = observed(lang, Source::Introspection, say!(lang, "not active", "已失效"));
    if over(facts) {
        return expired(facts).shown([inactive]);
    }
    // An expiry nobody recorded would name the cause more closely, so that this one is never proven.
    let mut finding = Finding::new("token.inactive", Likely, "token").or(&["token.expired"]).shown([inactive]);
    if facts.issued.as_ref().is_some_and(|issued| issued.is_refresh) {
        let fact = say!(lang, "this is the refresh token of that answer", "这是该答复里的刷新令牌");
        finding = finding.shown([observed(lang, Source::TokenAnswer, fact)]);
    }
    finding
}

fn unasked(facts: &Facts<'_>) -> Finding {
    if over(facts) {
        let mut finding = expired(facts);
        finding.certainty = Likely;
        return finding.or(&["token.inactive"]);
    }
    let certainty =
        if facts.issued.as_ref().is_some_and(|issued| issued.is_refresh) { Likely } else { Possible };
    Finding::new("token.inactive", certainty, "token").or(&["token.expired", "token.other_issuer"])
}

fn over(facts: &Facts<'_>) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "seconds of this era fit a double")]
    facts.expiry_before.zip(facts.call.at()).is_some_and(|(end, at)| end as f64 <= at)
}

fn expired(facts: &Facts<'_>) -> Finding {
    let fact = say!(facts.lang, "its lifetime ended before the call", "它的有效期在调用之前已结束");
    let source = if facts.issued.is_some() { Source::TokenAnswer } else { Source::Introspection };
    Finding::new("token.expired", Proven, "token").shown([observed(facts.lang, source, fact)])
}

/// Tells a wrong kind of credential by its form.
fn form_of(token: &str) -> Option<&'static str> {
    let bare = token.trim().trim_matches(['"', '\'', '`', '<', '>']);
    let placeholder = [
        "",
        "undefined",
        "null",
        "none",
        "nan",
        "[object object]",
        "token",
        "your-token",
        "your_token",
        "access_token",
    ];
    if placeholder.contains(&bare.to_ascii_lowercase().as_str())
        || bare.starts_with("${")
        || bare.starts_with("{{")
        || bare.starts_with('$')
    {
        return Some("token.empty");
    }
    if bare.starts_with("prism_pat_") {
        return Some("token.personal_access_token");
    }
    if bare.split('.').count() == 3 && bare.len() > 20 {
        return Some(if has_audience(bare) { "token.id_token" } else { "token.session_jwt" });
    }
    if bare != token || bare.contains(char::is_whitespace) || token.contains(['\n', '\r', '\t']) {
        return Some("token.whitespace");
    }
    None
}

/// An id token names its audience; a session of Prism does not.
fn has_audience(token: &str) -> bool {
    let claims = token
        .split('.')
        .nth(1)
        .and_then(|part| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok())
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    claims.is_some_and(|claims| claims.get("aud").is_some())
}
