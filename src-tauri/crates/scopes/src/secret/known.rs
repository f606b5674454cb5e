//! Values that are known to be secret, looked for in one pass (Aho-Corasick), whole or cut at either end.

use super::find::Spot;
use super::kind::{SecretKind, is_token_byte};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use zeroize::Zeroizing;

/// Values shorter than this are replaced at their own place only: they could be ordinary words elsewhere.
pub(super) const MIN_ELSEWHERE: usize = 8;
/// The shortest beginning or end of a value that counts as a part of it.
const MIN_PART: usize = 12;

/// The values of a redactor, prepared for searching.
pub(super) struct Known {
    search: Option<AhoCorasick>,
    /// In order, and the same from their ends: both for parts.
    starts: Vec<Zeroizing<String>>,
    ends: Vec<Zeroizing<Vec<u8>>>,
}

impl Known {
    /// Prepares the values.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut starts: Vec<Zeroizing<String>> = values
            .filter(|value| value.len() >= MIN_ELSEWHERE)
            .map(|value| Zeroizing::new(value.to_owned()))
            .collect();
        starts.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        starts.dedup();
        let reversed = |value: &Zeroizing<String>| Zeroizing::new(value.bytes().rev().collect::<Vec<u8>>());
        let mut ends: Vec<Zeroizing<Vec<u8>>> = starts.iter().map(reversed).collect();
        ends.sort_by(|one, other| one.as_slice().cmp(other.as_slice()));
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            // Made anew for every exchange: the form that is made fastest.
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(starts.iter().map(|value| value.as_bytes()))
            .ok()
            .filter(|_| !starts.is_empty());
        Self { search, starts, ends }
    }

    /// Whether nothing is looked for.
    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Every place where a value or a long part of one stands.
    pub(super) fn spots(&self, text: &str) -> Vec<Spot> {
        let Some(search) = &self.search else { return Vec::new() };
        let spot = |from: usize, to: usize, certain: bool| Spot {
            kind: SecretKind::Other,
            from,
            to,
            certain,
            value: text.get(from..to).unwrap_or_default().to_owned(),
            quote: String::new(),
        };
        let mut found: Vec<Spot> =
            search.find_iter(text).map(|hit| spot(hit.start(), hit.end(), true)).collect();
        let is_part = |byte: u8| is_token_byte(byte) || b".~+/=".contains(&byte);
        let mut at = 0;
        while at < text.len() {
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            let length = rest.iter().take_while(|byte| is_part(**byte)).count();
            let word = rest.get(..length).unwrap_or_default();
            if length >= MIN_PART && (self.starts_with(word) || self.ends_with(word)) {
                found.push(spot(at, at + length, false));
            }
            at += length.max(1);
        }
        found
    }

    /// Whether a value begins so.
    pub(super) fn starts_with(&self, part: &[u8]) -> bool {
        let at = self.starts.partition_point(|value| value.as_bytes() < part);
        self.starts.get(at).is_some_and(|value| value.as_bytes().starts_with(part))
    }

    fn ends_with(&self, part: &[u8]) -> bool {
        let part: Vec<u8> = part.iter().rev().copied().collect();
        let at = self.ends.partition_point(|value| value.as_slice() < part.as_slice());
        self.ends.get(at).is_some_and(|value| value.starts_with(&part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_their_halves_are_found() {
        let known = Known::of(["correct-horse-battery-staple", "short"].into_iter());
        let found = |text: &str| known.spots(text).iter().map(|spot| spot.value.clone()).collect::<Vec<_>>();
        assert_eq!(found("a correct-horse-battery-staple b"), ["correct-horse-battery-staple"; 2]);
        assert_eq!(
            found("{\"a\":\"correct-horse-\",\"b\":\"battery-staple\"}"),
            ["correct-horse-", "battery-staple"]
        );
        assert!(found("short correct-h").is_empty());
        assert!(Known::of(std::iter::empty()).is_empty());
    }
}
