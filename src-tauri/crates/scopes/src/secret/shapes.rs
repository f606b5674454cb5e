//! Secrets that are known by their form: key prefixes of well-known services, signed tokens, PEM blocks, random words,
//! and base64 of anything that holds one.

use super::find::{Finder, Spot};
use super::kind::{SecretKind, is_token_byte};
use super::random::{is_id, is_mixed, is_token};
use crate::exchange::base64;

/// Prefixes of keys with the fewest characters that follow.
const PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 12),
    ("gldt-", 12),
    ("xoxb-", 8),
    ("xoxp-", 8),
    ("xoxa-", 8),
    ("xoxr-", 8),
    ("xoxs-", 8),
    ("xoxe-", 8),
    ("xapp-", 8),
    ("AIza", 20),
    ("GOCSPX-", 8),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("pk_live_", 8),
    ("whsec_", 8),
    ("sk-", 20),
    ("npm_", 20),
    ("pypi-", 20),
    ("hf_", 20),
    ("dop_v1_", 16),
    ("shpat_", 16),
    ("shpss_", 16),
    ("lin_api_", 16),
    ("ATATT3", 16),
    ("AGE-SECRET-KEY-1", 20),
    ("EAACEdEose0cBA", 8),
    ("figd_", 16),
    ("dapi", 32),
    ("pul-", 32),
    ("sq0csp-", 16),
    ("glptt-", 16),
    ("glrt-", 16),
    ("gloas-", 16),
    ("glsoat-", 16),
    ("glft-", 16),
    ("glimt-", 16),
    ("glagent-", 16),
    ("glcbt-", 12),
    ("GR1348941", 16),
    ("doo_v1_", 16),
    ("dor_v1_", 16),
    ("rubygems_", 16),
    ("shpca_", 16),
    ("shppa_", 16),
    ("nvapi-", 20),
    ("gsk_", 20),
    ("r8_", 20),
    ("xai-", 20),
    ("ntn_", 20),
    ("PMAK-", 20),
    ("pplx-", 20),
    ("sq0atp-", 16),
    ("xkeysib-", 20),
    ("dckr_pat_", 16),
    ("phx_", 20),
    ("sntrys_", 20),
    ("sntryu_", 20),
    ("NRAK-", 16),
    ("NRII-", 16),
    ("glsa_", 20),
    ("glc_", 20),
    ("xoxc-", 8),
    ("xoxd-", 8),
    ("xoxo-", 8),
    ("ATBB", 20),
    ("ATCTT3", 16),
    ("AKCp", 20),
    ("tskey-", 16),
    ("CLOJARS_", 20),
    ("EZAK", 30),
    ("EZTK", 30),
    ("ops_ey", 20),
    ("rk-", 32),
    ("sbp_", 20),
    ("LTAI", 12),
    ("EAAA", 40),
    ("key-", 32),
    ("HRKU-", 16),
    ("pscale_tkn_", 16),
    ("pscale_pw_", 16),
    ("lin_oauth_", 16),
    ("rdme_", 20),
    ("tfp_", 20),
    ("FLWSECK", 16),
    ("sgp_", 20),
    ("ATOA", 20),
];

/// Shortest key with one of these: most words of a text are shorter.
const MIN_KEY: usize = 13;

/// AWS key ids: a prefix and 16 upper-case letters or digits.
const AWS_IDS: [&str; 4] = ["AKIA", "ASIA", "ABIA", "ACCA"];

/// Words in front of a dot behind which a key goes on, with the fewest characters that follow: SendGrid, Google, Vault.
const DOTTED: [(&str, usize); 7] =
    [("dp", 20), ("sl", 40), ("SG", 40), ("ya29", 16), ("hvs", 20), ("hvb", 20), ("hvr", 20)];

/// Addresses whose path is the credential.
const HOOKS: [&str; 9] = [
    "hooks.slack.com/services/",
    "hooks.slack.com/workflows/",
    "hooks.slack.com/triggers/",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "api.telegram.org/bot",
    "hooks.zapier.com/hooks/catch/",
    "maker.ifttt.com/use/",
    "outlook.office.com/webhook/",
];

/// Fewest characters behind the number of a bot of Telegram.
const TELEGRAM: usize = 30;

/// Personal access tokens of Prism: 64 characters after the prefix (contract, preamble).
const PAT: &str = "prism_pat_";
const PAT_LENGTH: usize = 64;

/// Shortest base64 that is decoded to look inside.
const MIN_BASE64: usize = 16;

fn spot(kind: SecretKind, text: &str, from: usize, to: usize, certain: bool) -> Spot {
    let value = text.get(from..to).unwrap_or_default().to_owned();
    Spot { kind, from, to, certain, value, quote: String::new() }
}

/// A PEM block that begins here, up to its end mark; one that is cut off, to the end of its string.
pub(super) fn pem(text: &str, at: usize) -> Option<Spot> {
    let rest = text.get(at..)?;
    if !rest.starts_with("-----BEGIN ") {
        return None;
    }
    let mark = "-----END ";
    let end = match rest.find(mark) {
        Some(end) => {
            let after = end + mark.len();
            let close = rest.get(after..)?.find("-----").map_or(rest.len(), |close| after + close + 5);
            close.min(rest.len())
        }
        None => rest.find('"').unwrap_or(rest.len()),
    };
    Some(spot(SecretKind::Other, text, at, at + end, true))
}

/// A word that is a secret by its own form. `true` beside it: it is the first part of a token that is split.
pub(super) fn by_form(text: &str, at: usize, end: usize, finder: &Finder<'_>) -> Option<(Spot, bool)> {
    let word = text.get(at..end)?;
    if let Some(start) = word.find(PAT).filter(|start| word.len() > start + PAT.len()) {
        let whole = word.len() - start - PAT.len() >= PAT_LENGTH;
        return Some((spot(SecretKind::PersonalAccessToken, text, at + start, end, true), !whole));
    }
    if word.starts_with("eyJ") && word.len() >= 10 {
        return Some(signed(text, at, end));
    }
    let key = word.len() >= MIN_KEY
        && PREFIXES.iter().any(|(prefix, least)| {
            word.strip_prefix(prefix).is_some_and(|rest| {
                rest.len() >= *least
                    && (prefix.contains(['_', '-']) || rest.bytes().any(|b| b.is_ascii_digit()))
            })
        });
    if let Some(spot) = hook(text, at).or_else(|| telegram(text, at, end)) {
        return Some((spot, false));
    }
    let follows = || match text.get(end..).is_some_and(|rest| rest.starts_with('.')) {
        true => run(text, end, |byte| is_token_byte(byte) || byte == b'.'),
        false => 0,
    };
    let dotted = DOTTED.iter().any(|(first, least)| word == *first && follows() >= *least);
    // Twilio: a mark and 32 hexadecimal digits.
    let twilio = word.len() == 34
        && word.strip_prefix("SK").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let aws = AWS_IDS.iter().any(|prefix| word.starts_with(prefix)) && word.len() == 20;
    let aws = aws && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    // Refresh tokens of Google.
    let google = word == "1" && text.get(end..).is_some_and(|rest| rest.starts_with("//0"));
    if google {
        let to = end + 2 + run(text, end + 2, is_token_byte);
        return (to - end > 20).then(|| (spot(SecretKind::RefreshToken, text, at, to, true), false));
    }
    if key || aws || dotted || twilio {
        // Some of them go on behind a dot.
        let to = end + run(text, end, |byte| is_token_byte(byte) || byte == b'.');
        return Some((spot(SecretKind::Other, text, at, trimmed(text, at, to), true), false));
    }
    if is_token(word, finder.strict) {
        return Some((spot(SecretKind::AccessToken, text, at, end, word.len() >= 40), false));
    }
    None
}

/// The path of an address that is a credential.
fn hook(text: &str, at: usize) -> Option<Spot> {
    let rest = text.get(at..)?;
    let start = HOOKS.iter().find(|start| rest.starts_with(**start))?;
    let from = at + start.len();
    let length = run(text, from, |byte| is_token_byte(byte) || b"/:%.@".contains(&byte));
    (length >= 8).then(|| spot(SecretKind::Other, text, from, trimmed(text, from, from + length), true))
}

/// `123456789:AA…` of a bot of Telegram.
fn telegram(text: &str, at: usize, end: usize) -> Option<Spot> {
    let number = text.get(at..end)?;
    let digits = number.strip_prefix("bot").unwrap_or(number);
    let fine = (8..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let key = text.get(end..)?.strip_prefix(":AA").filter(|_| fine)?;
    let length = key.bytes().take_while(|byte| is_token_byte(*byte)).count();
    (length >= TELEGRAM).then(|| spot(SecretKind::Other, text, at, end + 3 + length, true))
}

/// A signed token with the parts that follow, whole or cut.
fn signed(text: &str, at: usize, end: usize) -> (Spot, bool) {
    let to = end + run(text, end, |byte| is_token_byte(byte) || byte == b'.');
    let to = trimmed(text, at, to);
    let whole = text.get(at..to).unwrap_or_default();
    let split = whole.split('.').count() < 3;
    (spot(SecretKind::of_value(whole), text, at, to, whole.len() >= 24), split)
}

fn trimmed(text: &str, at: usize, to: usize) -> usize {
    at + text.get(at..to).unwrap_or_default().trim_end_matches('.').len()
}

fn run(text: &str, at: usize, test: impl Fn(u8) -> bool) -> usize {
    text.as_bytes().get(at..).unwrap_or_default().iter().take_while(|byte| test(**byte)).count()
}

/// Secret access keys of AWS: 40 characters of base64 of both cases. A path is none: its words have one case.
fn is_aws_secret(word: &str) -> bool {
    word.len() == 40
        && word.contains(['/', '+'])
        && !word.starts_with('/')
        && !word.split('/').any(is_id)
        && is_mixed(&word.replace(['/', '+'], ""))
}

/// Base64 in either alphabet that holds a secret, or whose content cannot be looked at (gzip).
pub(super) fn encoded(text: &str, at: usize, finder: &Finder<'_>) -> Option<Spot> {
    let length = run(text, at, |byte| is_token_byte(byte) || byte == b'+' || byte == b'/');
    if length < MIN_BASE64 {
        return None;
    }
    let padding = run(text, at + length, |byte| byte == b'=').min(2);
    let to = at + length + padding;
    let word = text.get(at..to)?;
    let plain = word.trim_end_matches('=');
    if plain.starts_with("H4sI") {
        return Some(spot(SecretKind::Other, text, at, to, false));
    }
    if is_aws_secret(word) {
        return Some(spot(SecretKind::Other, text, at, to, true));
    }
    // A path is no base64: its words are short and in one case.
    let deeper = finder.deeper()?;
    let inside = base64::decode(word)
        .or_else(|| base64::decode(plain))
        .and_then(|bytes| String::from_utf8(bytes).ok())?;
    let readable = inside.chars().filter(|c| !c.is_control() || c.is_whitespace()).count();
    if readable * 10 < inside.chars().count() * 9 || inside.len() < 8 {
        return None;
    }
    let holds = !deeper.spots(&inside).is_empty();
    holds.then(|| spot(SecretKind::Other, text, at, to, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_too_short_to_be_looked_at() {
        assert_eq!(PREFIXES.iter().map(|(prefix, least)| prefix.len() + least).min(), Some(MIN_KEY));
    }
}
