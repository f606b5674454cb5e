//! Values that stay in a capsule: those whose form their name promises, and those the answer cites.

use super::super::token::stands_for_none;
use super::allow::Allow;
use super::contents::What;
use super::fingerprint;
use super::ids::{fingerprint_of_id, is_fingerprint};
use super::stand_in::is_stand_in;
use super::terms::is_known_word;
use super::vocabulary::Class;
use crate::secret::is_id;

/// Longest value of a secret or of an unknown form that stays.
const MAX_VALUE: usize = 200;
/// Most scopes of one list that stay; further ones only where the answer needs them.
const MAX_SCOPES: usize = 300;
/// What a scope that is not known begins with in a minimised capsule.
const SCOPE: &str = "scope-";
/// Longest ID that stays whatever it is.
const SHORT_ID: usize = 3;
/// Words that IDs are composed with: `personal:<user>`, `set:<id>`.
const ID_WORDS: [&str; 7] = ["personal", "client", "global", "set", "team", "me", "app"];

impl Allow<'_> {
    /// A value of a class: as it is where its form fits, else replaced.
    pub(super) fn value(&mut self, class: Class, text: &str) -> String {
        if text.trim().is_empty() || is_stand_in(text) || self.is_kept(text) {
            return text.to_owned();
        }
        match class {
            Class::Secret => self.secret(text),
            Class::Id => self.id(text),
            Class::Scopes => self.scopes(text),
            Class::Word => self.word(text),
            // Lists and maps hold objects; of texts in their place only the product's own words stay.
            Class::Map | Class::Inside if is_known_word(text) => text.to_owned(),
            Class::Map | Class::Inside => self.replaced(text, "text"),
            Class::Time => self.time(text),
            Class::Number => self.number(text),
            Class::Print if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                text.to_owned()
            }
            Class::Print => self.replaced(text, "value"),
            Class::Address => self.address_value(text),
            Class::Sentence => self.sentence(text),
            Class::Stack => self.stack(text),
            Class::Person => self.replaced(text, "person"),
            Class::Text => self.replaced(text, "text"),
        }
    }

    /// What a value is replaced by, unless the answer cites it.
    fn replaced(&mut self, text: &str, kind: &str) -> String {
        if !self.frame.wanted.minimised
            && (3..=MAX_VALUE).contains(&text.len())
            && self.frame.cited.contains(text)
        {
            return text.to_owned();
        }
        self.counts.add(if kind == "person" { What::Person } else { What::Text });
        if kind != "person" && !self.frame.wanted.minimised {
            self.lose(text);
        }
        self.stand_in(text, kind)
    }

    /// What has the form of a secret was replaced before. A word that is left under such a name may be one as well, unless
    /// it is a word for nothing.
    fn secret(&mut self, text: &str) -> String {
        if text.len() <= MAX_VALUE && stands_for_none(text) {
            return text.to_owned();
        }
        self.counts.add(What::Secret);
        self.stand_in(text, "value")
    }

    fn id(&mut self, text: &str) -> String {
        if text.len() > MAX_VALUE {
            return self.replaced(text, "value");
        }
        let separator = |c: char| c == ':' || c == '|' || c == ',';
        let fits = |part: &str| part.is_empty() || is_id(part) || is_name(part);
        if !self.frame.wanted.minimised && !text.split(separator).all(fits) {
            return self.replaced(text, "value");
        }
        let mut out = String::with_capacity(text.len());
        for piece in text.split_inclusive(separator) {
            let part = piece.trim_end_matches(separator);
            out.push_str(&self.id_part(part));
            out.push_str(piece.get(part.len()..).unwrap_or_default());
        }
        out
    }

    /// One ID; what is no ID by its form becomes a fingerprint, unless the address of a call names it or the answer cites
    /// it.
    pub(super) fn id_part(&mut self, part: &str) -> String {
        let stays = part.is_empty()
            || is_id(part)
            || ID_WORDS.contains(&part)
            || is_stand_in(part)
            || self.is_kept(part);
        let named = |short: &str| {
            short.len() <= SHORT_ID
                || self.frame.addressed.contains(short)
                || self.frame.cited.contains(short)
        };
        if stays || (!self.frame.wanted.minimised && named(part)) {
            return part.to_owned();
        }
        self.counts.add(What::Id);
        fingerprint_of_id(part)
    }

    fn scopes(&mut self, text: &str) -> String {
        let separator = |c: char| c.is_whitespace() || ",+;|".contains(c);
        let known = |part: &str| part.is_empty() || is_id(part) || is_name(part);
        if !self.frame.wanted.minimised
            && text.len() <= MAX_SCOPES * 40
            && text.split(separator).all(|scope| scope.split(':').all(known))
        {
            return text.to_owned();
        }
        let mut out = String::new();
        for (number, piece) in text.split_inclusive(separator).enumerate() {
            let scope = piece.trim_end_matches(separator);
            if number >= MAX_SCOPES && !self.is_needed(scope) {
                continue;
            }
            out.push_str(&self.scope(scope));
            out.push_str(piece.get(scope.len()..).unwrap_or_default());
        }
        out
    }

    /// One scope: the parts that are known, or that the answer needs.
    fn scope(&mut self, scope: &str) -> String {
        if self.is_kept(scope) {
            return scope.to_owned();
        }
        let mut parts = Vec::new();
        for part in scope.split(':') {
            let by_form = !self.frame.wanted.minimised && is_name(part);
            let known = part.is_empty() || is_id(part) || is_known_word(part) || is_stand_in(part);
            let printed = part.strip_prefix(SCOPE).is_some_and(|rest| rest.len() == 6);
            if by_form || known || printed || self.is_kept(part) {
                parts.push(part.to_owned());
                continue;
            }
            self.counts.add(What::Text);
            self.lose(part);
            let client = part.starts_with("prism_");
            parts.push(if client {
                fingerprint_of_id(part)
            } else {
                format!("{SCOPE}{}", fingerprint(part, 6))
            });
        }
        parts.join(":")
    }

    /// A word of the protocol.
    pub(super) fn word(&mut self, text: &str) -> String {
        if is_known_word(text) || is_fingerprint(text) || is_status(text) {
            return text.to_owned();
        }
        self.lose(text);
        self.replaced(text, "text")
    }

    fn time(&mut self, text: &str) -> String {
        let plain = |c: char| c.is_ascii_digit() || "TZ:.+- ".contains(c);
        if self.frame.wanted.minimised {
            return match self.frame.clock.text(text) {
                Some(moved) => moved,
                None => self.replaced(text, "value"),
            };
        }
        if text.len() <= 40 && text.chars().all(plain) {
            return text.to_owned();
        }
        self.replaced(text, "value")
    }

    fn number(&mut self, text: &str) -> String {
        if text.len() <= 20 && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-') {
            return text.to_owned();
        }
        self.replaced(text, "value")
    }

    pub(super) fn stand_in(&mut self, text: &str, kind: &str) -> String {
        let next = self.seen.len() + 1;
        self.seen.entry(text.to_owned()).or_insert_with(|| format!("‹{kind} {next}›")).clone()
    }
}

/// The number of a status.
fn is_status(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A short name of a scope, a role or a resource: letters, digits and separators.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.*".contains(c))
}
