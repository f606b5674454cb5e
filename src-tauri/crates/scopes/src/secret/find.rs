//! Where secrets stand in a text: known by their value, behind a name, or by their form, in one pass over each layer.

use super::kind::{SecretKind, is_token_byte, placeholder_kind};
use super::known::Known;
use super::layers::layers;
use super::names::is_public;
use super::random::is_random;
use super::value::{Form, Shape, Value, value_after};
use super::{command, foreign, lines, shapes, urls};

/// Words in the place of a secret that say what went wrong.
const NOT_SECRET: [&str; 8] = ["", "undefined", "null", "none", "None", "[object Object]", "true", "false"];

/// How many encodings inside one another are opened.
const MAX_DEPTH: u8 = 3;

/// How far behind the first part of a split token the rest is looked for, in bytes.
const SPLIT_WINDOW: usize = 256;

/// Whether a value is an empty place, a word for nothing, the name of a variable, or already replaced.
pub(super) fn is_nothing(value: &str) -> bool {
    let value = value.trim();
    NOT_SECRET.contains(&value)
        || !value.chars().any(char::is_alphanumeric)
        || placeholder_kind(value).is_some()
        || (value.starts_with("%E2%80%B9")
            && placeholder_kind(&crate::routes::percent_decoded(value)).is_some())
}

/// The place of a secret, byte offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) kind: SecretKind,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Beyond doubt: its value is a secret elsewhere, too.
    pub(super) certain: bool,
    /// The secret with its escapes undone.
    pub(super) value: String,
    /// The quote that is put around what replaces a number, a list or an object, so that JSON stays JSON.
    pub(super) quote: String,
}

impl Spot {
    /// An empty place, behind which the search goes on.
    fn nothing(at: usize) -> Self {
        let (value, quote) = (String::new(), String::new());
        Self { kind: SecretKind::Other, from: at, to: at, certain: false, value, quote }
    }
}

/// Looks for secrets.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    known: Option<&'a Known>,
    /// Whether shorter random words count as well.
    pub(super) strict: bool,
    depth: u8,
}

impl<'a> Finder<'a> {
    /// One that also knows values.
    pub(super) fn new(known: Option<&'a Known>, strict: bool) -> Self {
        Self { known: known.filter(|known| !known.is_empty()), strict, depth: 0 }
    }

    /// The same for what is encoded inside a text; `None` where it is nested too deep.
    pub(super) fn deeper(&self) -> Option<Self> {
        (self.depth < MAX_DEPTH).then_some(Self { depth: self.depth + 1, ..*self })
    }

    /// Every secret of a text in order, none overlapping.
    pub(super) fn spots(&self, text: &str) -> Vec<Spot> {
        let mut found = self.in_layer(text);
        for layer in layers(text) {
            found.extend(self.in_layer(&layer.text).into_iter().map(|spot| {
                let (from, to) = layer.origin(spot.from, spot.to);
                Spot { from, to, ..spot }
            }));
        }
        merged(found, text)
    }

    fn in_layer(&self, text: &str) -> Vec<Spot> {
        let mut found: Vec<Spot> = self.known.map(|known| known.spots(text)).unwrap_or_default();
        Scan { finder: self, text, shape: Shape::of(text), split_until: 0 }.run(&mut found);
        found
    }
}

/// In order, with those that overlap made one; the longer one tells the kind, the deepest layer the value.
fn merged(mut found: Vec<Spot>, text: &str) -> Vec<Spot> {
    found.retain(|spot| {
        spot.from < spot.to && text.is_char_boundary(spot.from) && text.is_char_boundary(spot.to)
    });
    found.sort_by_key(|spot| (spot.from, std::cmp::Reverse(spot.to)));
    let mut out: Vec<Spot> = Vec::with_capacity(found.len());
    for spot in found {
        match out.last_mut().filter(|last| spot.from < last.to) {
            Some(last) if (last.from, last.to) == (spot.from, spot.to) => {
                last.certain |= spot.certain;
                last.value = spot.value;
            }
            Some(last) if spot.to > last.to => {
                last.to = spot.to;
                last.certain = false;
                last.value = text.get(last.from..last.to).unwrap_or_default().to_owned();
            }
            Some(_) => {}
            None => out.push(spot),
        }
    }
    out
}

/// The end of what stands in the place of a secret already, where such a place begins here.
fn replaced(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..).filter(|rest| rest.starts_with('‹'))?;
    let (close, _) = rest.char_indices().take(64).find(|(_, c)| *c == '›')?;
    let end = close + '›'.len_utf8();
    placeholder_kind(rest.get(..end)?).map(|_| at + end)
}

pub(super) struct Scan<'a> {
    finder: &'a Finder<'a>,
    pub(super) text: &'a str,
    pub(super) shape: Shape,
    /// Up to here the rest of a split token is expected.
    split_until: usize,
}

impl Scan<'_> {
    fn run(&mut self, found: &mut Vec<Spot>) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            if let Some(end) = replaced(self.text, at) {
                at = end;
                continue;
            }
            if rest.starts_with(b"://") {
                let user = urls::user_of(self.text, at + 3);
                at = user.as_ref().map_or(at, |spot| spot.to).max(at + 3);
                found.extend(user);
                continue;
            }
            if let Some(spot) = rest.starts_with(b"-----BEGIN").then(|| shapes::pem(self.text, at)).flatten()
            {
                at = spot.to.max(at + 1);
                found.push(spot);
                continue;
            }
            let word = rest.iter().take_while(|byte| is_token_byte(**byte)).count();
            // A name in another script or in full-width letters, also one that begins in ASCII.
            let foreign = bytes.get(at + word).is_some_and(|byte| *byte >= 0x80);
            let name = foreign.then(|| foreign::name(self.text, at)).flatten();
            if let Some((start, end, name)) = name {
                let spot = self.behind(start, end, name);
                at = spot.as_ref().map_or(end, |spot| spot.to.max(end));
                found.extend(spot);
                continue;
            }
            if word == 0 {
                at += 1;
                continue;
            }
            let end = at + word;
            let spot = self.at_word(at, end);
            at = spot.as_ref().map_or(end, |spot| spot.to.max(end));
            found.extend(spot);
        }
    }

    fn at_word(&mut self, at: usize, end: usize) -> Option<Spot> {
        let text = self.text;
        let start = unescaped(text, at, end);
        if let Some(end) = self.public_at(start, end) {
            return Some(Spot::nothing(end));
        }
        if let Some(spot) = lines::header(text, start, end).or_else(|| command::option(text, start, end)) {
            return Some(spot);
        }
        if let Some(spot) = self.by_name(start, end) {
            return Some(spot);
        }
        if let Some(spot) = by_scheme(text, start, end) {
            return Some(spot);
        }
        if let Some((spot, split)) = shapes::by_form(text, start, end, self.finder) {
            if split {
                self.split_until = spot.to + SPLIT_WINDOW;
            }
            return Some(spot);
        }
        if let Some(spot) = self.rest_of_split(start, end) {
            return Some(spot);
        }
        shapes::encoded(text, start, self.finder)
    }

    /// The end of a value under a public name that is public, whatever it looks like; a secret in its place is still found
    /// by its value.
    fn public_at(&self, start: usize, end: usize) -> Option<usize> {
        let word = self.text.get(start..end).filter(|word| is_public(word))?;
        let Value { from, to, form, .. } = value_after(self.text, self.shape, start, end, false)?;
        let value = self.text.get(from..to).filter(|_| matches!(form, Form::Field | Form::Member))?;
        (self.is_client(value) || (word == "code_challenge" && value.len() == 43)).then_some(to)
    }

    /// A random word that follows the first part of a token.
    fn rest_of_split(&mut self, start: usize, end: usize) -> Option<Spot> {
        let word = self.text.get(start..end)?;
        let expected = start < self.split_until && word.len() >= 8;
        if !expected || !is_random(word) || super::random::is_id(word) {
            return None;
        }
        self.split_until = 0;
        let more = self.text.as_bytes().get(end..)?.iter();
        let more = more.take_while(|byte| is_token_byte(**byte) || **byte == b'.').count();
        let value = self.text.get(start..end + more)?.to_owned();
        Some(Spot { kind: SecretKind::Other, from: start, to: end + more, value, ..Spot::nothing(0) })
    }

    /// Whether a value under a public name is an ID: it has the form of one, and none of a key.
    fn is_client(&self, value: &str) -> bool {
        let plain = value.len() <= 40 && value.bytes().all(|byte| is_token_byte(byte) || byte == b'.');
        plain && self.finder.deeper().is_some_and(|finder| finder.in_layer(value).is_empty())
    }
}

/// The start of a word without the digits of a `%3F` in front of it.
fn unescaped(text: &str, at: usize, end: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let word = text.get(at..end).unwrap_or_default().as_bytes();
    if !before.ends_with('%') {
        return at;
    }
    // `%253F` is a `%3F` that was escaped once more.
    let mut digits = 2;
    while word.get(digits - 2..digits) == Some(b"25") {
        digits += 2;
    }
    let hex = word.get(..digits).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    if hex { at + digits } else { at }
}

/// `Bearer x` and `Basic x` anywhere in a text.
fn by_scheme(text: &str, at: usize, end: usize) -> Option<Spot> {
    let scheme = text.get(at..end)?;
    let basic = scheme.eq_ignore_ascii_case("basic");
    if !basic && !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let rest = text.get(end..)?;
    let token =
        rest.strip_prefix("%20").or_else(|| rest.strip_prefix('+')).unwrap_or(rest).trim_start_matches(' ');
    if token.len() == rest.len() {
        return None;
    }
    let from = text.len() - token.len();
    let is_token = |byte: u8| is_token_byte(byte) || b".~+/=".contains(&byte);
    let to = from + token.bytes().take_while(|byte| is_token(*byte)).count();
    let value = text.get(from..to)?;
    let kind = if basic { SecretKind::ClientCredentials } else { SecretKind::of_value(value) };
    is_random(value).then(|| Spot {
        kind,
        from,
        to,
        certain: true,
        value: value.to_owned(),
        quote: String::new(),
    })
}
