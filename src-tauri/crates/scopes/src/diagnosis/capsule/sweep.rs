//! The last look at a capsule: random words, addresses of people and keys that nothing else has found.

use crate::secret::Redactor;

/// A text without e-mail addresses and without anything that looks like a key; how much was replaced.
pub(super) fn sweep(redactor: &Redactor, text: &str) -> (String, usize) {
    let (clean, found) = without_addresses(text);
    let swept = if is_credential(text) { clean.clone() } else { redactor.clean(&clean) };
    let more = usize::from(swept != clean);
    (swept, found + more)
}

/// `Bearer ‹…›` and what stands for a client's credentials are as they should be.
fn is_credential(text: &str) -> bool {
    text.strip_prefix("Basic ").is_some_and(|coded| {
        crate::exchange::base64::decode(coded)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .is_some_and(|pair| pair.ends_with('›'))
    })
}

fn without_addresses(text: &str) -> (String, usize) {
    if !text.contains('@') && !text.contains("%40") {
        return (text.to_owned(), 0);
    }
    let (mut out, mut done, mut count) = (String::with_capacity(text.len()), 0, 0);
    for (at, sign) in text.match_indices('@').chain(text.match_indices("%40")) {
        let (Some(before), Some(after)) = (text.get(done..at), text.get(at + sign.len()..)) else { continue };
        let is_local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
        let local = before.len() - before.trim_end_matches(is_local).len();
        let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
        let domain = after.len() - after.trim_start_matches(is_domain).len();
        let name = after.get(..domain).unwrap_or_default().trim_end_matches('.');
        let dotted = name.split_once('.').is_some_and(|(host, rest)| !host.is_empty() && rest.len() >= 2);
        if local == 0 || !dotted || before.ends_with("%BA") {
            continue;
        }
        out.push_str(before.get(..before.len() - local).unwrap_or_default());
        out.push_str(if sign == "@" { "‹email›" } else { "%E2%80%B9email%E2%80%BA" });
        done = at + sign.len() + name.len();
        count += 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (out, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_any_text() {
        for (text, clean) in [
            ("write to mia.m@tea.example.com.", "write to ‹email›."),
            ("login_hint=mia%40tea.test&x=1", "login_hint=%E2%80%B9email%E2%80%BA&x=1"),
            ("@everyone and a@b", "@everyone and a@b"),
            ("a@b.co, c@d.org", "‹email›, ‹email›"),
        ] {
            assert_eq!(without_addresses(text).0, clean);
        }
    }
}
