//! Values that stay in a capsule: those whose form their name promises, and those the answer cites.

use super::super::denials;
use super::allow::Allow;
use super::contents::What;
use super::vocabulary::{Class, is_word};
use crate::secret::{is_id, placeholder_kind};

impl Allow<'_> {
    /// Whether a text is a refusal that is known word for word.
    pub(super) fn is_refusal(&self, text: &str) -> bool {
        denials::all().iter().any(|denial| !denial.text.contains('…') && denial.text == text)
    }

    /// A value of a class: as it is where its form fits, else replaced.
    pub(super) fn value(&mut self, class: Class, text: &str) -> String {
        if text.trim().is_empty() || text.starts_with('‹') || placeholder_kind(text).is_some() {
            return text.to_owned();
        }
        let is_time = |c: char| c.is_ascii_digit() || "TZ:.+- ".contains(c);
        let fits = match class {
            Class::Secret => true,
            Class::Id => {
                text.len() <= 120 && text.split([':', '|', ',']).all(|part| is_id(part) || is_name(part))
            }
            Class::Scopes => text
                .split([' ', ',', '+'])
                .all(|scope| scope.split(':').all(|part| is_id(part) || is_name(part))),
            Class::Word | Class::Map | Class::Inside => is_word(text) || is_name(text),
            Class::Time => text.len() <= 40 && text.chars().all(is_time),
            Class::Address => return self.address(text),
            Class::Sentence => return self.sentence(text),
            Class::Person | Class::Text => false,
        };
        if fits {
            return text.to_owned();
        }
        let kind = if class == Class::Person { "person" } else { "text" };
        if !self.minimised && text.len() >= 3 && self.cited.contains(text) {
            return text.to_owned();
        }
        self.counts.add(if class == Class::Person { What::Person } else { What::Text });
        self.stand_in(text, kind)
    }

    /// A server's sentence: the texts of refusal that are known stay, of others what the answer cites.
    pub(super) fn sentence(&mut self, text: &str) -> String {
        if text.trim().is_empty() || is_word(text) || self.is_refusal(text) {
            return text.to_owned();
        }
        if !self.minimised {
            // What the answer quotes may be cut at its end.
            let start: String = text.chars().take(60).collect();
            if self.cited.contains(&start) {
                return text.to_owned();
            }
        }
        let known = denials::all().iter().map(|denial| denial.text.as_str()).find_map(|pattern| {
            let core = pattern.strip_suffix(" …")?;
            let core = core.strip_prefix("… ").unwrap_or(core);
            let at = text.find(core)?;
            Some((text.get(..at)?.to_owned(), core, text.get(at + core.len()..)?.to_owned()))
        });
        if let Some((before, core, after)) = known {
            let before = self.part(&before);
            let after = self.part(&after);
            return format!("{before}{core}{after}");
        }
        self.counts.add(What::Text);
        self.stand_in(text, "text")
    }

    /// What stands around the known part of a sentence.
    fn part(&mut self, text: &str) -> String {
        let between = |c: char| " :`\"',.;()/".contains(c);
        let plain = text.split(between).all(|word| word.is_empty() || is_name(word) || is_id(word));
        let quotes = text.contains(": ") && self.minimised;
        if text.trim().is_empty() || (plain && !quotes) || text.trim().len() <= 3 {
            return text.to_owned();
        }
        let lead = text.len() - text.trim_start().len();
        let lead = text.get(..lead).unwrap_or_default().to_owned();
        let words = text.trim();
        // Prism and Glint quote what was sent behind a colon.
        let (kept, quoted) =
            words.split_once(": ").map_or((String::new(), words), |(k, q)| (format!("{k}: "), q));
        self.counts.add(What::Text);
        let shown = self.stand_in(quoted, "text");
        format!("{lead}{kept}{shown}")
    }

    pub(super) fn stand_in(&mut self, text: &str, kind: &str) -> String {
        let next = self.seen.len() + 1;
        self.seen.entry(text.to_owned()).or_insert_with(|| format!("‹{kind} {next}›")).clone()
    }
}

/// A short name of a scope, a role or a resource: letters, digits and separators.
fn is_name(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.*".contains(c))
}
