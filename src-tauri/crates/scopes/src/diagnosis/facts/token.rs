//! What is told about the token of a call: whose it is, whether it lives, what ended it.

use super::super::call::{Kind, form, header};
use super::{Ended, Facts, Introspection, Issued, Other, credential, request_value, text, words_of};
use crate::exchange::Exchange;
use crate::secret::placeholder_kind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeSet;

impl Facts<'_> {
    /// An archive that hides credentials still tells of one token only: very likely it is this call's.
    pub(super) fn assume_token(&mut self, others: &[&Other<'_>]) {
        // Only an answer of the interface itself shows that some token was there and alive.
        let passed = self.call.kind == Kind::Glint && self.call.json.is_some() && self.call.status != 401;
        let hidden = self.token.as_deref().is_none_or(|token| is_masked(token.trim()));
        if !passed || !hidden {
            return;
        }
        let tokens: BTreeSet<&str> = others.iter().filter_map(|other| other.token.as_deref()).collect();
        let mut tokens = tokens.into_iter();
        if let (Some(only), None) = (tokens.next(), tokens.next()) {
            self.assumed = Some(only.to_owned());
        }
    }

    /// What is told about the token itself, needed before the rest can be told apart by client.
    pub(super) fn take_token_facts(&mut self, other: &Other<'_>) {
        let Some((200, json)) = &other.answer else { return };
        let sent = other.request.body.as_deref().unwrap_or_default();
        match other.path.as_str() {
            "/api/oauth/introspect" => self.take_introspection(other, sent, json),
            "/api/oauth/token" => self.take_issue(other, json),
            _ => {}
        }
    }

    fn take_introspection(&mut self, other: &Other<'_>, sent: &str, json: &Value) {
        // Prism reads forms only: a JSON body is always answered `active: false` and proves nothing (contract §6).
        if sent.trim_start().starts_with('{') || form(sent, "token").as_deref() != self.token() {
            return;
        }
        self.introspections.push(Introspection {
            active: json.get("active").and_then(Value::as_bool) == Some(true),
            scopes: words_of(json.get("scope")),
            client_id: text(json, "client_id"),
            user_id: text(json, "sub"),
            expires_at: json.get("exp").and_then(Value::as_i64),
            at: other.started_at,
            origin: other.origin.clone(),
        });
    }

    /// A dead token stays dead and its scopes never widen: one that was still alive after the call was alive during it.
    pub(super) fn settle_introspection(&mut self) {
        let active = self.introspections.iter().filter(|seen| seen.active);
        if let Some(end) = active.clone().filter_map(|seen| seen.expires_at).next_back() {
            self.expiry_before = Some(end);
        }
        let start = self.call.exchange.started_at;
        let after = |seen: &&Introspection| seen.at.zip(start).is_none_or(|(at, start)| at >= start);
        let alive = active.clone().rfind(after);
        let dead = self.introspections.iter().rfind(|seen| !seen.active);
        let mut chosen = alive.or(dead).or_else(|| active.clone().next_back()).cloned();
        if let Some(chosen) = chosen.as_mut().filter(|chosen| !chosen.active)
            && let Some(before) = active.clone().next_back()
        {
            chosen.scopes.clone_from(&before.scopes);
            chosen.client_id.clone_from(&before.client_id);
            chosen.user_id.clone_from(&before.user_id);
        }
        self.introspection = chosen;
    }

    /// A revocation or a refresh before the call ends the token for certain.
    pub(super) fn take_end(&mut self, other: &Other<'_>) {
        let before =
            other.started_at.zip(self.call.exchange.started_at).is_some_and(|(at, start)| at < start);
        let answered = other.response.as_ref().is_some_and(|response| response.status == 200);
        let Some(token) = self.token() else { return };
        let issued = self.issued.as_ref();
        let refresh = issued.and_then(|issued| issued.refresh.as_deref());
        let pair = [Some(token), refresh];
        if !before || !answered {
            return;
        }
        match other.path.as_str() {
            "/api/oauth/revoke" => {
                let revoked = request_value(other, "token");
                if revoked.is_some() && pair.contains(&revoked.as_deref()) {
                    self.ended = Some(Ended::Revoked);
                }
            }
            "/api/oauth/token" => {
                let used = request_value(other, "refresh_token");
                let of_pair = used.is_some() && used.as_deref() == refresh;
                if of_pair && issued.is_some_and(|issued| !issued.is_refresh) && !self.issued_by(other) {
                    self.ended = Some(Ended::Refreshed);
                }
            }
            _ => {}
        }
    }

    fn issued_by(&self, other: &Other<'_>) -> bool {
        other.answer.as_ref().and_then(|(_, json)| text(json, "access_token")).as_deref() == self.token()
    }

    fn take_issue(&mut self, other: &Exchange, json: &Value) {
        let (access, refresh) = (text(json, "access_token"), text(json, "refresh_token"));
        let Some(token) = self.token() else { return };
        let is_refresh = refresh.as_deref() == Some(token);
        if access.as_deref() != Some(token) && !is_refresh {
            return;
        }
        let lives = json.get("expires_in").and_then(Value::as_i64);
        // The lifetime began at the latest when the answer was in; whole seconds are rounded up.
        #[expect(clippy::cast_possible_truncation, reason = "a duration of one exchange")]
        let took = other.elapsed_ms.unwrap_or(0.0).max(0.0) as i64;
        let issued_at = other.started_at.map(|at| (at + took + 999) / 1000);
        let expires_at = issued_at.zip(lives).map(|(at, lives)| at + lives).filter(|_| !is_refresh);
        if expires_at.is_some() {
            self.expiry_before = expires_at;
        }
        let scopes = json
            .get("scope")
            .and_then(Value::as_str)
            .map(|scope| scope.split_whitespace().map(str::to_owned).collect());
        let client_id = request_value(other, "client_id").or_else(|| basic_client(other));
        let code = request_value(other, "code");
        self.issued = Some(Issued { scopes, client_id, is_refresh, refresh, code });
    }
}

/// The access token an exchange is about: introspected, or sent to Glint or to Prism's routes for tokens.
pub(super) fn token_of(other: &Exchange, path: &str) -> Option<String> {
    match path {
        "/api/oauth/introspect" => request_value(other, "token"),
        path if path.starts_with("/api/cross-app") || path.starts_with("/api/oauth/me/") => credential(other),
        _ => None,
    }
    .map(|token| token.trim().to_owned())
    .filter(|token| !token.is_empty())
}

/// Whether somebody blacked the credential out, so that it equals every other one that was. A fingerprint is no mask.
pub(crate) fn is_masked(token: &str) -> bool {
    let lower = token.to_lowercase();
    let words = ["redact", "***", "…", "...", "hidden", "masked", "<token>", "‹token›"];
    (words.iter().any(|word| lower.contains(word)) && placeholder_kind(token).is_none())
        || (placeholder_kind(token).is_some()
            && !token.trim_end_matches('›').ends_with(|c: char| c.is_ascii_hexdigit()))
        || lower.bytes().all(|byte| byte == b'x' || byte == b'*')
}

/// The client id of `Basic` credentials (RFC 6749 §2.3.1).
pub(super) fn basic_client(exchange: &Exchange) -> Option<String> {
    let coded = header(&exchange.request.headers, "authorization")?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    Some(crate::routes::percent_decoded(pair.split_once(':')?.0))
}
