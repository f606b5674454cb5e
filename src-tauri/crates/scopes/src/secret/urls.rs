//! Credentials in the authority of a URL.

use super::find::{Spot, is_nothing};
use super::kind::SecretKind;
use super::random::is_secret;
use super::value::start_of;

/// Longest user part that is looked at.
const MAX_USER: usize = 4096;

/// `user:password@` or a token as the user of a URL. `from`: what follows `://`.
pub(super) fn user_of(text: &str, from: usize) -> Option<Spot> {
    let rest = start_of(text.get(from..)?, MAX_USER);
    let ends = |stops: &[char]| rest.find(stops).unwrap_or(rest.len());
    let length = ends(&['/', '?', '#', ' ', '"', '\'', '\\', '<', '\n']);
    let authority = rest.get(..length)?;
    let length = match authority.rsplit_once(':') {
        // A password that nobody encoded may hold the signs that end an authority. A port has digits only.
        Some((_, after)) if !authority.contains('@') && !after.bytes().all(|byte| byte.is_ascii_digit()) => {
            ends(&[' ', '"', '\'', '\\', '<', '\n', ','])
        }
        _ => length,
    };
    let at = rest.get(..length)?.rfind('@')?;
    let user = rest.get(..at)?;
    let fine = !is_nothing(user) && (user.contains(':') || (user.len() >= 16 && is_secret(user)));
    fine.then(|| Spot {
        kind: SecretKind::ClientCredentials,
        from,
        to: from + at,
        certain: user.len() >= 12,
        value: user.to_owned(),
        quote: String::new(),
    })
}

/// A credential in front of the name of a host without a scheme: `resolve host: secret@host`, `user:password@host`.
pub(super) fn user_of_host(text: &str, start: usize, end: usize) -> Option<Spot> {
    let rest = text.get(end..)?;
    let word = text.get(start..end)?;
    let before = text.get(..start)?;
    let host = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
    let spot = |to: usize| Spot {
        kind: SecretKind::ClientCredentials,
        from: start,
        to,
        certain: false,
        value: text.get(start..to).unwrap_or_default().to_owned(),
        quote: String::new(),
    };
    if let Some(after) = rest.strip_prefix('@') {
        let named = ["host: ", "host '", "host ", "hostname ", "lookup ", "ENOTFOUND ", "resolve "]
            .iter()
            .any(|lead| before.ends_with(lead));
        // An e-mail address has no port.
        let length = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').unwrap_or(0);
        let port = after.get(length..).and_then(|rest| rest.strip_prefix(':'));
        let named = named || port.is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
        return (named && host(after) && !is_nothing(word)).then(|| spot(end));
    }
    let password = start_of(rest.strip_prefix(':')?, MAX_USER);
    let stop = |c: char| c.is_whitespace() || "/\"'<>,;{}()\\@".contains(c);
    let length = password.find(stop).filter(|length| *length >= 3)?;
    let after = password.get(length..)?.strip_prefix('@')?;
    (host(after) && !before.ends_with(['@', ':'])).then(|| spot(end + 1 + length))
}
