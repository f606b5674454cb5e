//! IDs as fingerprints: the same for the same ID in every capsule, of the same form, and recognisable as replaced.

use super::fingerprint;
use crate::secret::is_id;

/// How every fingerprint of an ID begins.
const MARK: &str = "f1d0";
/// The first digits of a fingerprint, of which the last four are a check sum.
const PAYLOAD: usize = 28;
/// The same of the part of a client ID behind its prefix.
const CLIENT_PAYLOAD: usize = 18;
const CLIENT: &str = "prism_";

/// Replaces every ID in a text. Client IDs stay: they are public (RFC 6749 §2.2) and remedies name them.
pub(super) fn replace_ids(text: &str) -> (String, usize) {
    let (mut out, mut word, mut count) = (String::with_capacity(text.len()), String::new(), 0);
    let mut end = |word: &mut String, out: &mut String| {
        if is_id(word) && !word.starts_with(CLIENT) && !is_fingerprint(word) {
            out.push_str(&fingerprint_of_id(word));
            count += 1;
        } else {
            out.push_str(word);
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            word.push(c);
        } else {
            end(&mut word, &mut out);
            out.push(c);
        }
    }
    end(&mut word, &mut out);
    (out, count)
}

/// The fingerprint of anything that is used as an ID; hyphens of a UUID and the prefix of a client ID stay.
pub(super) fn fingerprint_of_id(id: &str) -> String {
    if is_fingerprint(id) {
        return id.to_owned();
    }
    if id.starts_with(CLIENT) {
        let payload = format!("{MARK}{}", fingerprint(id, CLIENT_PAYLOAD - MARK.len()));
        return format!("{CLIENT}{payload}{}", fingerprint(&payload, 4));
    }
    let rest = fingerprint(&format!("{id} "), PAYLOAD - MARK.len() - 16);
    let payload = format!("{MARK}{}{rest}", fingerprint(id, 16));
    let digits = format!("{payload}{}", fingerprint(&payload, 4));
    if id.len() != 36 || !is_id(id) {
        return digits;
    }
    let mut digits = digits.chars();
    id.chars().map(|c| if c == '-' { '-' } else { digits.next().unwrap_or('0') }).collect()
}

/// Whether a word is the fingerprint of an ID.
pub(super) fn is_fingerprint(word: &str) -> bool {
    if !is_id(word) {
        return false;
    }
    let digits = word.strip_prefix(CLIENT).map_or_else(|| word.replace('-', ""), str::to_owned);
    let payload = if word.starts_with(CLIENT) { CLIENT_PAYLOAD } else { PAYLOAD };
    let Some((payload, check)) = digits.split_at_checked(payload) else { return false };
    payload.starts_with(MARK) && fingerprint(payload, 4) == check
}

/// Whether a text holds an ID that was replaced in a capsule.
#[must_use]
pub fn holds_replaced_id(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).any(is_fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_keeps_the_form_and_is_recognised() {
        for id in [
            "22d71a4a3697a1d674be910d93c3cae1",
            "550e8400-e29b-41d4-a716-446655440000",
            "prism_nosuchclient",
            "alice",
            "f1d00000000000000000000000000000",
        ] {
            let print = fingerprint_of_id(id);
            assert_ne!(print, id);
            assert!(is_id(&print) && is_fingerprint(&print) && !is_fingerprint(id), "{id}: {print}");
            assert_eq!(print.starts_with("prism_"), id.starts_with("prism_"));
            assert_eq!(print.contains('-'), id.contains('-'));
            assert_eq!(fingerprint_of_id(&print), print);
            assert_eq!(replace_ids(&print), (print.clone(), 0));
            assert!(holds_replaced_id(&format!("/teams/{print}/sets")));
        }
    }

    #[test]
    fn client_ids_stay() {
        let text = "app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos";
        assert_eq!(replace_ids(text), (text.to_owned(), 0));
    }
}
