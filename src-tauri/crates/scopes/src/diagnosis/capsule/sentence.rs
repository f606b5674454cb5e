//! Sentences of servers and programs in a capsule: the words of the product stay, whatever else is in them is replaced.

use super::allow::Allow;
use super::contents::What;
use super::stand_in::is_stand_in;
use super::terms::{begins_known_text, is_known_text, is_known_word, is_word_char};
use crate::secret::is_id;

/// Longest part of a text that stays because the answer quotes it: what it quotes is shorter.
const MAX_QUOTED: usize = 200;
/// Longest sentence that is written.
const MAX_SENTENCE: usize = 600;
/// Words after which a number is a place in a text or a status.
const BEFORE_NUMBERS: [&str; 6] = ["position", "line", "column", "offset", "status", "least"];
/// Names of errors that a stack trace begins with, as far as the diagnosis tells them apart.
const ERRORS: [&str; 6] = ["PrismError", "TypeError", "SyntaxError", "ReferenceError", "RangeError", "Error"];

impl Allow<'_> {
    /// A sentence: known texts stay, of others the words of the product and what the answer cites.
    pub(super) fn sentence(&mut self, text: &str) -> String {
        if text.trim().is_empty() || is_stand_in(text) || is_known_text(text) || self.is_kept(text) {
            return text.to_owned();
        }
        if !self.frame.wanted.minimised {
            let start: String = text.chars().take(60).collect();
            if self.frame.cited.contains(&start) {
                let end = text.char_indices().nth(MAX_QUOTED).map_or(text.len(), |(at, _)| at);
                let (quoted, rest) = text.split_at(end);
                return format!("{quoted}{}", self.scrubbed(rest));
            }
        }
        self.lose(text);
        self.scrubbed(text)
    }

    /// One word: it stays when it is one of the product's.
    pub(super) fn lone_word(&mut self, text: &str) -> String {
        let stays = text.is_empty() || is_stand_in(text) || is_known_text(text) || self.is_kept(text);
        if stays { text.to_owned() } else { self.scrubbed(text) }
    }

    /// The beginning of a sentence that was cut off.
    pub(super) fn beginning(&mut self, text: &str) -> String {
        if begins_known_text(text) { text.to_owned() } else { self.sentence(text) }
    }

    /// A stack trace: the kind of the error alone.
    pub(super) fn stack(&mut self, text: &str) -> String {
        self.counts.add(What::Text);
        let first = ERRORS.into_iter().find(|kind| text.starts_with(kind));
        let inner = ERRORS.first().filter(|kind| text.contains(**kind) && first != Some(**kind));
        let kinds: Vec<&str> = first.into_iter().chain(inner.copied()).collect();
        format!("{}: ‹{}›", kinds.join(" "), text.chars().count().min(9999))
            .trim_start_matches(": ")
            .to_owned()
    }

    /// A text without the words that are not the product's.
    fn scrubbed(&mut self, text: &str) -> String {
        // Glint says back the title that is taken, and a parser what it could not read.
        let (text, said_back) = match text.split_once(": ") {
            Some((front, back)) if front.contains("already exists") => (front, Some(back)),
            _ => (text, None),
        };
        let mut out = Scrubbed::default();
        for piece in pieces(text) {
            if out.text.len() > MAX_SENTENCE {
                break;
            }
            let known = self.stays(piece, &out.last);
            match piece.kind {
                Kind::Gap => out.gap(piece.text),
                _ if known => {
                    out.flush(self);
                    out.text.push_str(piece.text);
                    out.last = piece.text.to_lowercase();
                }
                _ => out.unknown(piece.text),
            }
        }
        out.flush(self);
        if let Some(back) = said_back {
            out.text.push_str(": ");
            let shown = self.stand_in(back, "text");
            self.counts.add(What::Text);
            out.text.push_str(&shown);
        }
        out.text
    }

    fn stays(&self, piece: Piece<'_>, before: &str) -> bool {
        let text = piece.text;
        match piece.kind {
            Kind::Marked => is_stand_in(text),
            Kind::Quoted => {
                let inner = text.trim_matches('"');
                inner.is_empty() || is_known_word(inner) || ["<!doctype ", "<html"].contains(&inner)
            }
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.len() <= 6 && BEFORE_NUMBERS.contains(&before)
            }
            _ => {
                text.len() == 1 && text.is_ascii() || is_known_word(text) || self.is_kept(text) || is_id(text)
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// Blanks and signs between words.
    Gap,
    /// A text in double quotes.
    Quoted,
    /// What is between the marks of a stand-in.
    Marked,
}

/// What a sentence is made of.
#[derive(Debug, Clone, Copy)]
struct Piece<'t> {
    kind: Kind,
    text: &'t str,
}

/// A sentence as it is written: runs of unknown words become one stand-in.
#[derive(Default)]
struct Scrubbed {
    text: String,
    last: String,
    run: String,
    gap: String,
}

impl Scrubbed {
    fn gap(&mut self, text: &str) {
        if self.run.is_empty() { self.text.push_str(text) } else { self.gap.push_str(text) }
    }

    fn unknown(&mut self, text: &str) {
        let gap = std::mem::take(&mut self.gap);
        self.run.push_str(&gap);
        self.run.push_str(text);
        self.last.clear();
    }

    fn flush(&mut self, allow: &mut Allow<'_>) {
        if !self.run.is_empty() {
            let shown = allow.stand_in(&self.run, "text");
            allow.counts.add(What::Text);
            self.text.push_str(&shown);
            self.run.clear();
        }
        self.text.push_str(&std::mem::take(&mut self.gap));
    }
}

/// Takes a sentence apart. Signs that are not of ASCII count as words.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    let is_word = |c: char| is_word_char(c) || !c.is_ascii();
    while let Some(first) = rest.chars().next() {
        let closed = |mark: char| {
            let mut later = rest.char_indices().skip(1);
            later.find(|(_, c)| *c == mark).map(|(at, c)| at + c.len_utf8())
        };
        let until = |stops: &dyn Fn(char) -> bool| {
            let mut later = rest.char_indices().skip(1);
            later.find(|(_, c)| stops(*c)).map_or(rest.len(), |(at, _)| at)
        };
        let marked = closed('›').filter(|_| first == '‹').map(|end| (Kind::Marked, end));
        let quoted = closed('"').filter(|_| first == '"').map(|end| (Kind::Quoted, end));
        let (kind, end) = marked.or(quoted).unwrap_or_else(|| match is_word(first) {
            true => (Kind::Word, until(&|c| !is_word(c) || c == '‹')),
            false => (Kind::Gap, until(&|c| is_word(c) || c == '"')),
        });
        let (piece, more) = rest.split_at(end);
        found.push(Piece { kind, text: piece });
        rest = more;
    }
    found
}
