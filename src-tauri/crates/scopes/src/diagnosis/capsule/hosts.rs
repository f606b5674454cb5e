//! Host names of a capsule: those of addresses by their place, others by their form and by value.

use super::fingerprint;
use super::people::{People, Replacer};
use super::seal::Wanted;
use super::terms::is_known_word;
use crate::exchange::Exchange;
use std::collections::BTreeSet;

const ENDING: &str = ".invalid";

/// Which hosts are replaced.
#[derive(Default)]
pub(super) struct Hosts {
    /// Hosts that stay: those that the exchanges of a capsule went to. `None`: all are replaced.
    kept: Option<BTreeSet<String>>,
    /// Hosts of addresses are replaced at all.
    active: bool,
}

impl Hosts {
    /// All hosts are replaced where that is wanted. A minimised capsule keeps those that an exchange went to, unless they
    /// are called after a person.
    pub(super) fn of<'a>(
        exchanges: impl Iterator<Item = &'a Exchange>,
        wanted: Wanted,
        people: &People,
    ) -> Self {
        let named = |host: &String| wanted.minimised && people.are_in(host);
        let contacted = || {
            let hosts = exchanges.filter_map(|one| authority(&one.request.url)).map(plain);
            let hosts: BTreeSet<String> = hosts.collect();
            hosts.into_iter().filter(|host| !named(host)).collect()
        };
        Self { kept: (!wanted.hide_hosts).then(contacted), active: wanted.hide_hosts || wanted.minimised }
    }

    /// The authority of an address (RFC 3986 §3.2) without user information; `scheme` is empty where it is unknown.
    pub(super) fn shown(&self, scheme: &str, authority: &str) -> String {
        let bare = plain(authority);
        if !self.active || bare.is_empty() || is_replaced(&bare) {
            return authority.to_owned();
        }
        // Which programs run on somebody's own machine, and on which ports, is theirs as any other host is.
        if self.kept.as_ref().is_some_and(|kept| kept.contains(&bare) || is_local(&bare)) {
            return authority.to_owned();
        }
        let default = if scheme.eq_ignore_ascii_case("http") { ":80" } else { ":443" };
        let whole = authority.to_ascii_lowercase();
        stand_in(whole.strip_suffix(default).unwrap_or(&whole))
    }
}

/// Host and port of an absolute URL, without user information.
pub(super) fn authority(url: &str) -> Option<&str> {
    let rest = url.get(url.find("://")? + 3..)?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let whole = rest.get(..end)?;
    Some(whole.rsplit_once('@').map_or(whole, |(_, host)| host))
}

/// Whether a text is written as a host with an optional port is.
pub(super) fn is_authority(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || ".-_:[]%".contains(c);
    !text.is_empty() && text.len() <= 255 && text.chars().all(plain)
}

fn stand_in(host: &str) -> String {
    format!("host-{}{ENDING}", fingerprint(host, 6))
}

fn is_replaced(host: &str) -> bool {
    host.strip_suffix(ENDING)
        .and_then(|name| name.strip_prefix("host-"))
        .is_some_and(|digits| digits.len() == 6)
}

/// A host without its port, in lower case.
fn plain(authority: &str) -> String {
    let lower = authority.to_ascii_lowercase();
    match lower.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            host.to_owned()
        }
        _ => lower,
    }
}

fn is_local(host: &str) -> bool {
    matches!(host, "" | "localhost" | "[::1]" | "::1" | "0.0.0.0")
        || (host.starts_with("127.") && is_ipv4(host))
}

fn is_ipv4(word: &str) -> bool {
    word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// Hosts in the running text of a capsule whose hosts are replaced.
pub(super) struct InText(Replacer);

impl InText {
    /// Looks for hosts by their form, and for those of the exchanges by value.
    pub(super) fn of<'a>(exchanges: impl Iterator<Item = &'a Exchange>) -> Self {
        let mut found = BTreeSet::new();
        for exchange in exchanges {
            let response = exchange.response.as_ref();
            let headers = exchange.request.headers.iter().chain(response.iter().flat_map(|r| &r.headers));
            let bodies = [exchange.request.body.as_deref(), response.and_then(|r| r.body.as_deref())];
            let texts = headers.map(|(_, value)| value.as_str()).chain(bodies.into_iter().flatten());
            for text in texts.chain([exchange.request.url.as_str()]) {
                let plain = crate::routes::percent_decoded(text);
                for text in [text, plain.as_str()] {
                    found.extend(text.match_indices("://").filter_map(|(at, _)| authority_at(text, at)));
                }
            }
        }
        let values = found.into_iter().filter(|host| {
            let bare = plain(host);
            // A name of one word is no host by itself.
            (bare.contains(['.', ':']) || host.contains(':')) && !is_replaced(&bare)
        });
        let values: Vec<(String, String)> = values.map(|host| (host.clone(), stand_in(&host))).collect();
        Self(Replacer::of(&values, true))
    }

    /// The text without hosts; how many were replaced.
    pub(super) fn replace(&self, text: &str) -> (String, usize) {
        let (text, known) = self.0.apply(text);
        let (text, more) = by_form(&text);
        (text, known + more)
    }
}

/// The authority behind `://` at a place of a text, which may go on with anything.
fn authority_at(text: &str, at: usize) -> Option<String> {
    let rest = text.get(at + 3..)?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || ".-:[]@".contains(c))).unwrap_or(rest.len());
    let whole = rest.get(..end)?.trim_end_matches(['.', ':']);
    let host = whole.rsplit_once('@').map_or(whole, |(_, host)| host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Replaces whatever is written as the name or address of a host.
fn by_form(text: &str) -> (String, usize) {
    let (mut out, mut count, mut rest) = (String::with_capacity(text.len()), 0, text);
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        let end = rest.find(|c: char| is_part(c) != is_part(first)).unwrap_or(rest.len());
        let (piece, more) = rest.split_at(end);
        rest = more;
        let word = piece.trim_matches(['.', ':', '-']);
        let Some(at) = piece.find(word).filter(|_| is_part(first) && looks_like_host(word)) else {
            out.push_str(piece);
            continue;
        };
        out.push_str(piece.get(..at).unwrap_or_default());
        out.push_str(&stand_in(&word.to_ascii_lowercase()));
        out.push_str(piece.get(at + word.len()..).unwrap_or_default());
        count += 1;
    }
    (out, count)
}

fn looks_like_host(word: &str) -> bool {
    if is_ipv6(word) {
        return true;
    }
    let bare = plain(word);
    if is_replaced(&bare) || bare.contains([':', '[', ']']) {
        return false;
    }
    if is_ipv4(&bare) || bare == "localhost" {
        return true;
    }
    let labels: Vec<&str> = bare.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    labels.len() > 1
        && labels.iter().all(|label| !label.is_empty())
        && last.len() >= 2
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        // `body.content` of a program's error is no host.
        && !labels.iter().all(|label| is_known_word(label))
}

fn is_ipv6(word: &str) -> bool {
    let inner = match word.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inner, _)) => inner,
        None => word,
    };
    inner.parse::<std::net::Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_their_form() {
        for host in [
            "prism.acme.test",
            "10.0.0.5",
            "[2001:db8::1]:8443",
            "2001:db8::1",
            "a-b.example:3000",
            "localhost:5173",
            "localhost",
            "127.0.0.1:8080",
            "[::1]:3000",
        ] {
            let (text, count) = by_form(&format!("connect to {host}, then stop"));
            assert!(count == 1 && !text.contains(host), "{host}: {text}");
        }
        for text in [
            "at 06:25:00.123Z",
            "HTTP/1.1",
            "body.content?.trim is not a function",
            "host-12ab34.invalid",
            "{\"a\":[1]}",
            "v0.1.6",
        ] {
            assert_eq!(by_form(text), (text.to_owned(), 0));
        }
    }

    #[test]
    fn the_same_origin_has_the_same_name() {
        let wanted = Wanted { hide_hosts: true, ..Wanted::default() };
        let hosts = Hosts::of(std::iter::empty(), wanted, &People::default());
        assert_eq!(hosts.shown("https", "A.test:443"), hosts.shown("https", "a.test"));
        assert_ne!(hosts.shown("https", "a.test:8443"), hosts.shown("https", "a.test"));
        for local in ["localhost:3000", "localhost", "127.0.0.1:80", "[::1]:3000", "0.0.0.0:8080"] {
            assert!(hosts.shown("http", local).ends_with(ENDING), "{local}");
        }
        assert_ne!(hosts.shown("http", "localhost:3000"), hosts.shown("http", "localhost:3001"));
        let minimised = Wanted { minimised: true, ..Wanted::default() };
        let hosts_stay = Hosts::of(std::iter::empty(), minimised, &People::default());
        assert_eq!(hosts_stay.shown("http", "localhost:3000"), "localhost:3000");
        assert!(!hosts.shown("https", "[2001:db8::1]:8443").contains("db8"));
        let again = hosts.shown("https", "a.test");
        assert_eq!(hosts.shown("https", &again), again);
    }
}
