//! Credentials in a capsule: replaced, and still told apart by what is wrong with their form.

use super::super::facts::is_masked;
use super::super::token::{AROUND, UNFILLED, stands_for_none};
use crate::exchange::{Exchange, base64};
use crate::routes::percent_decoded;
use crate::secret::{Redactor, SecretKind, is_id, placeholder_kind};
use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;

/// What stands for a token that was blacked out in the record already: no fingerprint, since it equals nothing.
const MASKED: &str = "‹token›";

/// Whether a header carries a credential behind its scheme.
pub(super) fn is_credential(name: &str) -> bool {
    ["authorization", "proxy-authorization"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Remembers every secret of an exchange; of a credential only the token itself, without what surrounds it.
pub(super) fn learn(redactor: &mut Redactor, exchange: &Exchange) {
    let mut plain = exchange.clone();
    for (_, value) in plain.request.headers.iter_mut().filter(|(name, _)| is_credential(name)) {
        let (scheme, rest) = parted(value);
        if scheme.trim().eq_ignore_ascii_case("basic") {
            continue;
        }
        let token = Some(core(rest).1).filter(|token| placeholder_kind(token).is_none());
        for piece in token.unwrap_or_default().split(|c: char| c.is_whitespace() || c.is_control()) {
            if !stands_for_none(piece) && !is_masked(piece) {
                redactor.remember(SecretKind::of_value(piece), piece);
            }
        }
        value.clear();
    }
    redactor.learn(&plain);
}

/// The value of a credential's header with the secret replaced; scheme, quotes and blanks stay as they were sent.
pub(super) fn clean(redactor: &Redactor, value: &str) -> String {
    let (scheme, rest) = parted(value);
    if scheme.trim().eq_ignore_ascii_case("basic") {
        return format!("{scheme}{}", basic(redactor, rest));
    }
    if stands_for_none(rest) && !unfilled(rest) {
        return value.to_owned();
    }
    let (lead, token, tail) = core(rest);
    format!("{scheme}{lead}{}{tail}", pieces(redactor, token))
}

/// Scheme with its blank, and what follows; a value that begins with no scheme is all credential.
fn parted(value: &str) -> (&str, &str) {
    let scheme = |lead: &str| lead.len() <= 12 && lead.bytes().all(|byte| byte.is_ascii_alphabetic());
    match value.split_once(' ') {
        Some((lead, _)) if scheme(lead) && placeholder_kind(value).is_none() => {
            value.split_at(lead.len() + 1)
        }
        _ if ["bearer", "basic"].iter().any(|word| value.eq_ignore_ascii_case(word)) => (value, ""),
        _ => ("", value),
    }
}

fn unfilled(rest: &str) -> bool {
    let lower = rest.trim().to_lowercase();
    UNFILLED.iter().any(|start| lower.starts_with(start))
}

/// What stands before the token, the token, what stands behind it.
fn core(rest: &str) -> (&str, &str, &str) {
    let around = |c: char| c.is_whitespace() || AROUND.contains(&c);
    let mut token = rest.trim_start_matches(around);
    if unfilled(rest) {
        token = token.trim_start_matches(['$', '{']);
        token = token.strip_prefix("%7b").or_else(|| token.strip_prefix("%7B")).unwrap_or(token);
    }
    let lead = rest.get(..rest.len() - token.len()).unwrap_or_default();
    let trimmed = token.trim_end_matches(around);
    (lead, trimmed, token.get(trimmed.len()..).unwrap_or_default())
}

/// A token, or what is left of one that blanks went into.
fn pieces(redactor: &Redactor, token: &str) -> String {
    if placeholder_kind(token).is_some() || token.is_empty() {
        return token.to_owned();
    }
    if is_masked(token) {
        return MASKED.to_owned();
    }
    let mut out = String::new();
    let mut rest = token;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c.is_control()).unwrap_or(rest.len());
        let (piece, more) = rest.split_at(end);
        if !piece.is_empty() {
            out.push_str(&redactor.stand_in(SecretKind::of_value(piece), piece));
        }
        let gap = more.len() - more.trim_start_matches(|c: char| c.is_whitespace() || c.is_control()).len();
        let (blank, more) = more.split_at(gap);
        out.push_str(blank);
        rest = more;
    }
    out
}

/// `client id:client secret` keeps the id, which says who asked (RFC 6749 §2.3.1).
fn basic(redactor: &Redactor, coded: &str) -> String {
    let pair = base64::decode(coded.trim()).and_then(|bytes| String::from_utf8(bytes).ok());
    match pair.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((id, secret)) => {
            let shown = redactor.stand_in(SecretKind::ClientSecret, &percent_decoded(secret));
            // A token or an address in the place of the client ID is no ID.
            let id = percent_decoded(id);
            let id = if is_id(&id) || placeholder_kind(&id).is_some() {
                id
            } else {
                redactor.stand_in(SecretKind::ClientCredentials, &id)
            };
            STANDARD.encode(format!("{id}:{shown}"))
        }
        None if coded.trim().is_empty() || placeholder_kind(coded).is_some() => coded.to_owned(),
        None => redactor.stand_in(SecretKind::ClientCredentials, coded.trim()),
    }
}
