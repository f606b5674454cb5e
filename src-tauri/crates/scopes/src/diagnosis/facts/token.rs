//! What is told about the token of a call: whose it is, whether it is active, what ended it.

use super::super::call::{Kind, form, header};
use super::index::{Topic, created_token};
use super::others::Other;
use super::{
    Ended, Facts, Introspection, Issued, Surroundings, credential, request_value, separated, text, words_of,
};
use crate::endpoint::{Hit, TokenPlace};
use crate::exchange::Exchange;
use crate::secret::{jwt_claims, placeholder_kind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

impl Facts<'_> {
    /// An archive that hides credentials still tells of one token only: very likely it is this call's.
    pub(super) fn assume_token(&mut self, around: &Surroundings<'_>) {
        // Only an answer of the interface itself shows that some token was there and active.
        let passed = self.call.kind == Kind::Glint && self.call.json.is_some() && self.call.status != 401;
        let hidden = self.token.as_deref().is_none_or(|token| is_masked(token.trim()));
        if passed && hidden {
            self.assumed.clone_from(&around.only_token);
        }
    }

    /// What is told about the token itself, needed before the rest can be told apart by client.
    pub(super) fn take_token(&mut self, around: &Surroundings<'_>, exclude: Option<usize>) {
        let start = self.call.exchange.started_at;
        self.take_credential_end(around, exclude);
        let Some(token) = self.token().map(str::to_owned) else { return };
        for other in around.by_time(Topic::Introspection, &token, start, exclude) {
            self.take_introspection(other);
        }
        for other in around.by_time(Topic::Issue, &token, start, exclude) {
            self.take_issue(other, &token);
        }
        self.settle_introspection();
        self.settle_clock();
        let refresh = self.issued.as_ref().and_then(|issued| issued.refresh.clone());
        for pair in [Some(&token), refresh.as_ref()].into_iter().flatten() {
            for other in around.by_time(Topic::Revocation, pair, start, exclude) {
                self.take_end(other, Ended::Revoked);
            }
        }
        if let Some(refresh) = refresh {
            for other in around.by_time(Topic::Refresh, &refresh, start, exclude) {
                self.take_refresh(other, &token);
            }
        }
        let Some(consumer) = self.consumer().map(str::to_owned) else { return };
        for other in around.by_time(Topic::Withdrawal, &consumer, start, exclude) {
            let by = credential(other).and_then(|session| jwt_claims(session.trim()));
            let by = by.as_ref().and_then(|claims| text(claims, "sub"));
            let user = self.introspection.as_ref().and_then(|seen| seen.user_id.clone());
            match by.zip(user) {
                Some((by, user)) if by != user => {}
                same => self.take_end(other, Ended::Withdrawn(same.is_some())),
            }
        }
    }

    /// Whether a logout, or the deletion of this very personal access token, stands on record before the call.
    fn take_credential_end(&mut self, around: &Surroundings<'_>, exclude: Option<usize>) {
        let start = self.call.exchange.started_at;
        let Some(own) = self.own_token().map(str::to_owned) else { return };
        let ended = |other: &&Other<'_>| self.is_before(other) && succeeded(other);
        let logged_out = around.by_time(Topic::Logout, &own, start, exclude).iter().any(&ended);
        let created = around.by_time(Topic::PersonalToken, &own, start, exclude);
        let ids = created.iter().filter_map(|other| text(created_token(&other.answer()?.1)?, "id"));
        let deleted = ids
            .collect::<Vec<_>>()
            .iter()
            .any(|id| around.by_time(Topic::PersonalTokenDeletion, id, start, exclude).iter().any(&ended));
        self.credential_ended = logged_out || deleted;
    }

    fn is_before(&self, other: &Other<'_>) -> bool {
        other.started_at.zip(self.call.exchange.started_at).is_some_and(|(at, start)| at < start)
    }

    /// An introspection that does not say `active` in so many words proves nothing.
    fn take_introspection(&mut self, other: &Other<'_>) {
        let sent = other.request.body.as_deref().unwrap_or_default();
        // Prism reads forms only: a JSON body is always answered `active: false` and proves nothing (contract §6).
        if sent.trim_start().starts_with('{') || form(sent, "token").as_deref() != self.token() {
            return;
        }
        let Some(json) = other.answered() else { return };
        let Some(active) = json.get("active").and_then(Value::as_bool) else { return };
        self.introspections.push(Introspection {
            active,
            scopes: words_of(json.get("scope")),
            client_id: text(json, "client_id"),
            user_id: text(json, "sub"),
            issued_at: json.get("iat").and_then(Value::as_i64),
            expires_at: json.get("exp").and_then(Value::as_i64),
            at: other.started_at,
            origin: other.origin.clone(),
        });
    }

    /// A dead token stays dead and its scopes never widen: one that was still alive after the call was alive during it.
    fn settle_introspection(&mut self) {
        let active = self.introspections.iter().filter(|seen| seen.active);
        if let Some(end) = active.clone().filter_map(|seen| seen.expires_at).next_back() {
            self.expiry_told = Some(end);
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

    /// `iat` is the time of the answer that issued the token for a code. A recorder's time far from it is wrong, and so
    /// is one at which a token was active although it lay behind its end.
    fn settle_clock(&mut self) {
        let told = self.introspections.iter().find_map(|seen| seen.issued_at);
        let issued = self.issued.as_ref().filter(|issued| issued.code.is_some() && !issued.is_refresh);
        if let Some((answered, told)) = issued.and_then(|issued| issued.at).zip(told) {
            self.clock.see_issue(answered / 1000, told);
        }
        if self.date.is_none() && self.at_server().is_none() {
            self.expiry_told = None;
        }
    }

    fn take_end(&mut self, other: &Other<'_>, how: Ended) {
        if self.is_before(other) && succeeded(other) {
            self.ended = Some(how);
            self.ended_at = other.started_at;
        }
    }

    /// A refresh before the call ends the token it replaces.
    fn take_refresh(&mut self, other: &Other<'_>, token: &str) {
        let issued = other.answered().and_then(|json| text(json, "access_token"));
        let is_refresh = self.issued.as_ref().is_some_and(|issued| issued.is_refresh);
        if issued.is_some_and(|issued| issued != token) && !is_refresh {
            self.take_end(other, Ended::Refreshed);
        }
    }

    fn take_issue(&mut self, other: &Other<'_>, token: &str) {
        let Some(json) = other.answered() else { return };
        let (access, refresh) = (text(json, "access_token"), text(json, "refresh_token"));
        let is_refresh = refresh.as_deref() == Some(token);
        if access.as_deref() != Some(token) && !is_refresh {
            return;
        }
        let lives = json.get("expires_in").and_then(Value::as_i64);
        // The lifetime began at the latest when the answer was in; whole seconds are rounded up.
        #[expect(clippy::cast_possible_truncation, reason = "a duration of one exchange")]
        let took = other.elapsed_ms.unwrap_or(0.0).max(0.0) as i64;
        let at = other.started_at.map(|at| at + took);
        let expires_at = at.zip(lives).map(|(at, lives)| (at + 999) / 1000 + lives).filter(|_| !is_refresh);
        if expires_at.is_some() {
            self.expiry_recorded = expires_at;
        }
        let scopes = json
            .get("scope")
            .and_then(Value::as_str)
            .map(|scope| separated(scope).map(str::to_owned).collect());
        let client_id = request_value(other, "client_id").or_else(|| basic_client(other));
        let code = request_value(other, "code");
        self.issued = Some(Issued { scopes, client_id, is_refresh, refresh, code, at });
    }
}

/// A page or a gateway's error under 2xx proves no end of a token: Prism answers with nothing, or with an object.
fn succeeded(other: &Other<'_>) -> bool {
    other.answer().is_some_and(|(status, json)| {
        let said = other.is_empty() || (json.is_object() && json.get("error").is_none());
        (200..300).contains(status) && said
    })
}

/// The access token an exchange is about: introspected, or sent to Glint or to Prism's routes for tokens.
pub(super) fn token_of(other: &Exchange, to: &Hit) -> Option<String> {
    match to.token {
        Some(TokenPlace::Body) => request_value(other, "token"),
        Some(TokenPlace::Header) => credential(other),
        None => None,
    }
    .map(|token| token.trim().to_owned())
    .filter(|token| !token.is_empty())
}

/// Whether somebody blacked the credential out, so that it equals every other one that was. A fingerprint is no mask.
pub(crate) fn is_masked(token: &str) -> bool {
    const WORDS: [&str; 8] = ["redact", "***", "…", "...", "hidden", "masked", "<token>", "‹token›"];
    // Words that a long random text may hold by chance.
    const SHORT: [&str; 7] =
        ["removed", "filtered", "sanitized", "scrubbed", "censored", "secret", "omitted"];
    if placeholder_kind(token).is_some() {
        return !token.trim_end_matches('›').ends_with(|c: char| c.is_ascii_hexdigit());
    }
    let lower = token.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
        || (token.len() < 40 && SHORT.iter().any(|word| lower.contains(word)))
        || lower.bytes().all(|byte| b"x*0-".contains(&byte))
}

/// The client id of `Basic` credentials (RFC 6749 §2.3.1).
pub(super) fn basic_client(exchange: &Exchange) -> Option<String> {
    let coded = header(&exchange.request.headers, "authorization")?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    Some(crate::routes::percent_decoded(pair.split_once(':')?.0))
}
