//! Why a text is not JSON, with the place and the cure.
//!
//! Reading is left to `serde_json`; only a text it refuses comes here, to be explained in the words of the person who
//! typed it.

use crate::lang::Lang;
use crate::problem::{Problem, Span};
use crate::say;
use crate::text::Lines;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::marker::PhantomData;

/// How deep brackets may be nested; the same limit as `serde_json` has for values it builds.
const MAX_DEPTH: usize = 128;

/// Reads JSON, or says what is wrong with it.
pub(crate) fn read<'a, T: Deserialize<'a>>(
    text: &'a str,
    lines: &Lines<'_>,
    lang: Lang,
) -> Result<T, Problem> {
    if let Some(at) = too_deep(text.as_bytes()) {
        return Err(problem(text, &Found { from: at, to: at + 1, mistake: Mistake::TooDeep }, lines, lang));
    }
    serde_json::from_str(text).map_err(|error| match Scanner::new(text).first_mistake() {
        Some(found) => problem(text, &found, lines, lang),
        None => Problem::refused(
            "json.unexpected",
            say!(
                lang,
                "The text does not have the expected form: {error}.",
                "文本的形式不符合要求：{error}。"
            ),
        ),
    })
}

fn too_deep(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        if in_text {
            in_text = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if *byte == b'"' {
            in_text = true;
        } else if matches!(byte, b'[' | b'{') {
            depth += 1;
            if depth > MAX_DEPTH {
                return Some(at);
            }
        } else if matches!(byte, b']' | b'}') {
            depth = depth.saturating_sub(1);
        }
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
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
struct Found {
    from: usize,
    to: usize,
    mistake: Mistake,
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

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    last_end: usize,
    comma: Option<usize>,
    state: State,
    open: Vec<(char, usize)>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, last_end: 0, comma: None, state: State::Value, open: Vec::new() }
    }

    fn first_mistake(mut self) -> Option<Found> {
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

fn problem(text: &str, found: &Found, lines: &Lines<'_>, lang: Lang) -> Problem {
    let piece = text.get(found.from..found.to).unwrap_or_default();
    let (name, message, cure) = words(found.mistake, piece, lines, lang);
    Problem::refused(format!("json.{name}"), message).hinted(cure).at(lines.span(found.from, found.to))
}

fn words(mistake: Mistake, piece: &str, lines: &Lines<'_>, lang: Lang) -> (&'static str, String, String) {
    match mistake {
        Mistake::Empty | Mistake::EndsTooEarly { .. } | Mistake::TooDeep | Mistake::AfterTheEnd => {
            words_about_the_whole(mistake, lines, lang)
        }
        Mistake::TextNotClosed
        | Mistake::LineBreakInText
        | Mistake::ControlInText
        | Mistake::BadEscape
        | Mistake::SingleQuote
        | Mistake::CurlyQuote => words_about_text(mistake, piece, lang),
        _ => words_about_signs(mistake, piece, lang),
    }
}

fn words_about_the_whole(mistake: Mistake, lines: &Lines<'_>, lang: Lang) -> (&'static str, String, String) {
    match mistake {
        Mistake::EndsTooEarly { opened, bracket } => {
            let line = lines.line(opened);
            let closing = if bracket == '[' { ']' } else { '}' };
            (
                "ends_too_early",
                say!(
                    lang,
                    "The text ends although `{bracket}` from line {line} is still open.",
                    "文本结束了，但第 {line} 行的 `{bracket}` 还没有闭合。"
                ),
                say!(lang, "Add `{closing}`, or copy the rest.", "补上 `{closing}`，或复制剩余部分。"),
            )
        }
        Mistake::TooDeep => (
            "too_deep",
            say!(
                lang,
                "Brackets are nested more than {MAX_DEPTH} deep here.",
                "这里的括号嵌套超过 {MAX_DEPTH} 层。"
            ),
            say!(lang, "Paste the list itself.", "只粘贴列表本身。"),
        ),
        Mistake::AfterTheEnd => (
            "after_the_end",
            say!(lang, "Something follows after the end.", "结尾之后还有内容。"),
            say!(lang, "Remove what follows, or join both lists.", "删除后面的内容，或把两个列表合并。"),
        ),
        _ => (
            "empty",
            say!(lang, "There is nothing to read.", "没有可读取的内容。"),
            say!(lang, "Paste a JSON array.", "粘贴一个 JSON 数组。"),
        ),
    }
}

fn words_about_text(mistake: Mistake, piece: &str, lang: Lang) -> (&'static str, String, String) {
    match mistake {
        Mistake::TextNotClosed | Mistake::LineBreakInText => (
            "text_not_closed",
            say!(lang, "This text is not closed on its line.", "这段文字在本行没有闭合。"),
            say!(
                lang,
                "Add `\"`; a line break inside is written `\\n`.",
                "补上 `\"`；文字中的换行写作 `\\n`。"
            ),
        ),
        Mistake::ControlInText => (
            "control_character",
            say!(lang, "A control character stands inside a text.", "文字中有控制字符。"),
            say!(lang, "Remove it; a tab is written `\\t`.", "删除它；制表符写作 `\\t`。"),
        ),
        Mistake::BadEscape => (
            "bad_escape",
            say!(lang, "`{piece}` is not an escape JSON knows.", "`{piece}` 不是 JSON 的转义写法。"),
            say!(lang, "Write `\\\\` for a backslash.", "反斜杠写作 `\\\\`。"),
        ),
        Mistake::SingleQuote => (
            "single_quote",
            say!(lang, "JSON puts text in double quotation marks.", "JSON 的文字要用双引号。"),
            say!(lang, "Write `\"` instead of `'`.", "把 `'` 换成 `\"`。"),
        ),
        _ => (
            "curly_quote",
            say!(lang, "`{piece}` is a typographic quotation mark.", "`{piece}` 是排版用的引号。"),
            say!(lang, "Write the straight `\"`.", "换成直引号 `\"`。"),
        ),
    }
}

fn words_about_signs(mistake: Mistake, piece: &str, lang: Lang) -> (&'static str, String, String) {
    let (name, message, cure) = match mistake {
        Mistake::MissingComma => (
            "missing_comma",
            say!(lang, "Two entries follow each other without a comma.", "两项之间缺少逗号。"),
            say!(lang, "Add `,` here.", "在这里加上 `,`。"),
        ),
        Mistake::MissingColon => (
            "missing_colon",
            say!(lang, "Name and value stand without a colon between them.", "名称和值之间缺少冒号。"),
            say!(lang, "Add `:` here.", "在这里加上 `:`。"),
        ),
        Mistake::TrailingComma => (
            "trailing_comma",
            say!(lang, "The last entry has a comma behind it.", "最后一项后面多了一个逗号。"),
            say!(lang, "Remove this `,`.", "删除这个 `,`。"),
        ),
        Mistake::DoubledComma => (
            "doubled_comma",
            say!(lang, "There is no entry in front of this comma.", "这个逗号前面没有内容。"),
            say!(lang, "Remove this `,`.", "删除这个 `,`。"),
        ),
        Mistake::Comment => (
            "comment",
            say!(lang, "JSON has no comments.", "JSON 没有注释。"),
            say!(lang, "Remove the comment.", "删除注释。"),
        ),
        Mistake::UnquotedKey => (
            "unquoted_name",
            say!(lang, "The name `{piece}` stands without quotation marks.", "名称 `{piece}` 没有加引号。"),
            say!(lang, "Write `\"{piece}\"`.", "写成 `\"{piece}\"`。"),
        ),
        Mistake::Word => (
            "bare_word",
            say!(lang, "The word `{piece}` stands without quotation marks.", "单词 `{piece}` 没有加引号。"),
            say!(lang, "Write `\"{piece}\"`.", "写成 `\"{piece}\"`。"),
        ),
        Mistake::WrongBracket { opened } => (
            "wrong_bracket",
            say!(lang, "`{piece}` closes what `{opened}` opened.", "`{piece}` 与前面的 `{opened}` 不配对。"),
            say!(lang, "Write the matching bracket.", "换成配对的括号。"),
        ),
        Mistake::Number => (
            "bad_number",
            say!(lang, "`{piece}` is not a number JSON knows.", "`{piece}` 不是 JSON 的数字写法。"),
            say!(lang, "Put it in quotation marks if it is text.", "如果它是文字，加上引号。"),
        ),
        _ => (
            "unexpected",
            say!(lang, "`{piece}` cannot stand here.", "这里不能出现 `{piece}`。"),
            say!(lang, "Remove it.", "删除它。"),
        ),
    };
    (name, message, cure)
}

/// The members of an object in order, duplicates kept.
#[derive(Default)]
pub(crate) struct Pairs<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Members<'a> {
            type Value = Pairs<'a>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<'a>, M::Error> {
                let mut pairs = Vec::with_capacity(4);
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// A member's name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A name that stands twice in one object: readers disagree about which counts.
pub(crate) fn duplicate_key(key: &str, span: Span, lang: Lang) -> Problem {
    Problem::refused(
        "json.duplicate_name",
        say!(lang, "The name `{key}` stands twice in one object.", "同一个对象里名称 `{key}` 出现了两次。"),
    )
    .hinted(say!(lang, "Remove one of them.", "删除其中一个。"))
    .at(span)
    .about(key)
}
