//! Finds the first place where a text stops being JSON, and what somebody probably meant there.

use serde_json::value::RawValue;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    Empty,
    EndsTooEarly { opened: usize, bracket: char },
    TextNotClosed,
    LineBreakInText,
    ControlInText,
    BadEscape,
    MissingComma,
    MissingColon,
    TrailingComma,
    DoubledComma,
    Comment,
    SingleQuote,
    CurlyQuote,
    UnquotedKey,
    KeyNotText,
    Word,
    Number,
    WrongBracket { opened: char },
    AfterTheEnd,
    Unexpected,
    TooDeep,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) mistake: Mistake,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Done,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    last_end: usize,
    comma: Option<usize>,
    state: State,
    open: Vec<(char, usize)>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, last_end: 0, comma: None, state: State::Value, open: Vec::new() }
    }

    pub(super) fn first_mistake(mut self) -> Option<Found> {
        loop {
            self.skip_blanks();
            match self.step() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(found) => return Some(found),
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn fail<T>(&self, length: usize, mistake: Mistake) -> Result<T, Found> {
        Err(Found { from: self.at, to: self.at + length, mistake })
    }

    fn step(&mut self) -> Result<bool, Found> {
        let Some(c) = self.rest().chars().next() else { return self.end() };
        if self.rest().starts_with("//") || self.rest().starts_with("/*") || c == '#' {
            return self.fail(2.min(self.rest().len()), Mistake::Comment);
        }
        match self.state {
            State::Done => self.fail(c.len_utf8(), Mistake::AfterTheEnd),
            State::Colon if c == ':' => self.punctuation(State::Value),
            State::Colon => self.fail(0, Mistake::MissingColon),
            State::CommaOrEnd => self.comma_or_end(c),
            State::Key | State::KeyOrEnd => self.key(c),
            State::Value | State::ValueOrEnd => self.value(c),
        }
    }

    fn end(&self) -> Result<bool, Found> {
        match (self.open.last(), self.state) {
            (None, State::Done) => Ok(false),
            (Some((bracket, opened)), _) => {
                self.fail(0, Mistake::EndsTooEarly { opened: *opened, bracket: *bracket })
            }
            (None, _) => self.fail(0, Mistake::Empty),
        }
    }

    fn punctuation(&mut self, next: State) -> Result<bool, Found> {
        self.at += 1;
        self.last_end = self.at;
        self.state = next;
        Ok(true)
    }

    fn comma_or_end(&mut self, c: char) -> Result<bool, Found> {
        let inside = self.open.last().map(|(bracket, _)| *bracket);
        match (c, inside) {
            (',', Some(bracket)) => {
                self.comma = Some(self.at);
                self.punctuation(if bracket == '[' { State::Value } else { State::Key })
            }
            (']', Some('[')) | ('}', Some('{')) => self.close(),
            (']' | '}', Some(opened)) => self.fail(1, Mistake::WrongBracket { opened }),
            _ => Err(Found { from: self.last_end, to: self.last_end, mistake: Mistake::MissingComma }),
        }
    }

    fn close(&mut self) -> Result<bool, Found> {
        self.open.pop();
        self.punctuation(if self.open.is_empty() { State::Done } else { State::CommaOrEnd })
    }

    fn trailing_comma(&self) -> Found {
        let from = self.comma.unwrap_or(self.at);
        Found { from, to: from + 1, mistake: Mistake::TrailingComma }
    }

    fn key(&mut self, c: char) -> Result<bool, Found> {
        match c {
            '"' => self.string(State::Colon),
            '}' if self.state == State::KeyOrEnd => self.close(),
            '}' => Err(self.trailing_comma()),
            ',' => self.fail(1, Mistake::DoubledComma),
            '\'' => self.fail(1, Mistake::SingleQuote),
            '“' | '”' | '‘' | '’' => self.fail(c.len_utf8(), Mistake::CurlyQuote),
            _ if c.is_alphabetic() || c == '_' => self.fail(self.word_length(), Mistake::UnquotedKey),
            _ => self.fail(c.len_utf8(), Mistake::KeyNotText),
        }
    }

    fn value(&mut self, c: char) -> Result<bool, Found> {
        let after = if self.open.is_empty() { State::Done } else { State::CommaOrEnd };
        match c {
            '[' => self.enter(c, State::ValueOrEnd),
            '{' => self.enter(c, State::KeyOrEnd),
            ']' if self.state == State::ValueOrEnd => self.close(),
            ']' if self.open.last().is_some_and(|(bracket, _)| *bracket == '[') => Err(self.trailing_comma()),
            '"' => self.string(after),
            ',' => self.fail(1, Mistake::DoubledComma),
            '\'' => self.fail(1, Mistake::SingleQuote),
            '“' | '”' | '‘' | '’' => self.fail(c.len_utf8(), Mistake::CurlyQuote),
            '-' | '+' | '.' | '0'..='9' => self.number(after),
            _ if c.is_alphabetic() || c == '_' => self.word(after),
            _ => self.fail(c.len_utf8(), Mistake::Unexpected),
        }
    }

    fn enter(&mut self, bracket: char, next: State) -> Result<bool, Found> {
        self.open.push((bracket, self.at));
        self.punctuation(next)
    }

    fn word_length(&self) -> usize {
        let rest = self.rest();
        rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(rest.len())
    }

    fn word(&mut self, after: State) -> Result<bool, Found> {
        let length = self.word_length();
        if !matches!(self.rest().get(..length), Some("true" | "false" | "null")) {
            return self.fail(length, Mistake::Word);
        }
        self.advance(length, after)
    }

    fn number(&mut self, after: State) -> Result<bool, Found> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let good = rest.get(..length).is_some_and(|n| serde_json::from_str::<&RawValue>(n).is_ok());
        if good { self.advance(length, after) } else { self.fail(length, Mistake::Number) }
    }

    fn advance(&mut self, length: usize, next: State) -> Result<bool, Found> {
        self.at += length;
        self.last_end = self.at;
        self.state = next;
        Ok(true)
    }

    fn string(&mut self, after: State) -> Result<bool, Found> {
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, c)) = letters.next() {
            let found = |length, mistake| Found { from: self.at + at, to: self.at + at + length, mistake };
            match c {
                '"' => return self.advance(at + 1, after),
                '\\' => {
                    let piece = self.rest().get(at..).unwrap_or_default();
                    let length =
                        escape_length(piece).ok_or_else(|| found(2.min(piece.len()), Mistake::BadEscape))?;
                    letters.nth(length - 2);
                }
                '\n' | '\r' => {
                    return Err(Found { from: self.at, to: self.at + at, mistake: Mistake::LineBreakInText });
                }
                c if u32::from(c) < 0x20 => return Err(found(1, Mistake::ControlInText)),
                _ => {}
            }
        }
        self.fail(self.rest().len(), Mistake::TextNotClosed)
    }
}

/// Length of a valid escape sequence at the start of `text`, in bytes and characters alike.
fn escape_length(text: &str) -> Option<usize> {
    let unit = |text: &str| -> Option<u32> {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    match text.as_bytes().get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => match unit(text)? {
            0xD800..=0xDBFF => matches!(unit(text.get(6..)?)?, 0xDC00..=0xDFFF).then_some(12),
            0xDC00..=0xDFFF => None,
            _ => Some(6),
        },
        _ => None,
    }
}
