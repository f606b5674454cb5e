//! Text that somebody gave us: its encoding, its places, its invisible characters.

use crate::lang::Lang;
use crate::problem::{Problem, Span};
use crate::say;
use std::cell::Cell;

/// The largest text we read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads bytes as text: UTF-8 with or without byte order mark, UTF-16 of either order. The mark itself is left out.
///
/// # Errors
/// Longer than [`MAX_BYTES`], or no text in any of these encodings.
pub fn decode(bytes: &[u8], lang: Lang) -> Result<String, Problem> {
    decode_up_to(MAX_BYTES, bytes, lang)
}

/// The same for texts of up to `most` bytes.
///
/// # Errors
/// Longer than that, or no text in any of these encodings.
pub fn decode_up_to(most: usize, bytes: &[u8], lang: Lang) -> Result<String, Problem> {
    within(most, bytes.len(), lang)?;
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, lang),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes, lang),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes, lang),
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes, lang),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes, lang),
        _ => utf8(bytes, lang),
    }
}

/// Whether a text of so many bytes is read.
pub(crate) fn check_size(size: usize, lang: Lang) -> Result<(), Problem> {
    within(MAX_BYTES, size, lang)
}

fn within(most: usize, size: usize, lang: Lang) -> Result<(), Problem> {
    if size <= most {
        return Ok(());
    }
    let most = match most {
        0..0x10_0000 => format!("{} KiB", most / 1024),
        _ => format!("{} MiB", most / (1024 * 1024)),
    };
    Err(Problem::refused(
        "text.too_large",
        say!(lang, "The text is longer than the {most} that are read.", "文本超过了可读取的 {most}。"),
    )
    .hinted(say!(lang, "Split it into several files.", "把它拆成几个文件。")))
}

fn utf8(bytes: &[u8], lang: Lang) -> Result<String, Problem> {
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(bytes.get(..good).unwrap_or_default()).into_owned();
        let span = Lines::new(&before).span(before.len(), before.len());
        let (line, column) = (span.line, span.column);
        Problem::refused(
            "text.not_utf8",
            say!(
                lang,
                "Line {line}, column {column} is not UTF-8 text.",
                "第 {line} 行第 {column} 列不是 UTF-8 文本。"
            ),
        )
        .hinted(say!(lang, "Save the file as UTF-8.", "把文件另存为 UTF-8。"))
        .at(span)
    })
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16, lang: Lang) -> Result<String, Problem> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let decoded: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| order(*pair))).collect();
    match decoded {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(Problem::refused(
            "text.broken_utf16",
            say!(
                lang,
                "The file looks like UTF-16 but is cut off or damaged.",
                "文件像是 UTF-16，但不完整或已损坏。"
            ),
        )
        .hinted(say!(lang, "Save the file as UTF-8.", "把文件另存为 UTF-8。"))),
    }
}

/// Finds line and column of byte offsets. Made once per text.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Start of a line, a later place in it, and the characters between: megabytes may stand in one line, and places
    /// are asked for in order.
    counted: Cell<(usize, usize, u32)>,
}

impl<'a> Lines<'a> {
    /// Notes where each line starts.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), counted: Cell::new((0, 0, 0)) }
    }

    /// The line, from 1, of a byte offset.
    #[must_use]
    pub fn line(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    /// The same, when it is known to be at or behind a line: quick for places that come in order.
    #[must_use]
    pub(crate) fn line_from(&self, line: u32, at: usize) -> u32 {
        let passed = self.starts.iter().skip(line as usize).take_while(|start| **start <= at).count();
        line + u32::try_from(passed).unwrap_or(u32::MAX)
    }

    /// The byte offset of the first character of a line, from 1.
    pub(crate) fn start_of(&self, line: u32) -> Option<usize> {
        self.starts.get(usize::try_from(line).ok()?.checked_sub(1)?).copied()
    }

    /// The place of a piece of text by its byte offsets; the length counts to the end of its first line.
    #[must_use]
    pub fn span(&self, from: usize, to: usize) -> Span {
        let line = self.line(from);
        let start = self.starts.get(line.saturating_sub(1) as usize).copied().unwrap_or(0);
        let end = self.starts.get(line as usize).map_or(self.text.len(), |next| next - 1).min(to.max(from));
        Span { line, column: self.count_in_line(start, from) + 1, length: self.count(from, end) }
    }

    /// The place of a piece that was cut out of this very text.
    #[must_use]
    pub fn span_of(&self, piece: &str) -> Span {
        let from = self.offset_of(piece);
        self.span(from, from + piece.len())
    }

    /// The byte offset of a piece that was cut out of this very text.
    #[must_use]
    pub fn offset_of(&self, piece: &str) -> usize {
        (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }

    /// Characters from the start of a line; goes on from the last place asked for, forward or back, where that is nearer.
    fn count_in_line(&self, start: usize, at: usize) -> u32 {
        let (line, place, characters) = self.counted.get();
        let all = if line == start && place <= at {
            characters.saturating_add(self.count(place, at))
        } else if line == start && place - at < at.saturating_sub(start) {
            characters.saturating_sub(self.count(at, place))
        } else {
            self.count(start, at)
        };
        if self.text.is_char_boundary(at) {
            self.counted.set((start, at, all));
        }
        all
    }

    fn count(&self, from: usize, to: usize) -> u32 {
        crate::work::steps(to.saturating_sub(from));
        let characters = self.text.get(from..to).map_or(0, |piece| piece.chars().count());
        u32::try_from(characters).unwrap_or(u32::MAX)
    }
}

/// What a character that cannot be seen does, if it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invisible {
    /// Turns the reading direction of what follows.
    Direction,
    /// Takes no room.
    ZeroWidth,
    /// A control character.
    Control,
}

/// Whether a character cannot be seen. Blanks, tabs and line breaks do not count.
#[must_use]
pub fn invisible(c: char) -> Option<Invisible> {
    match c {
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}' => {
            Some(Invisible::Direction)
        }
        '\u{200B}'..='\u{200D}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{00AD}'
        | '\u{180E}'
        | '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => Some(Invisible::ZeroWidth),
        '\t' | '\n' | '\r' => None,
        '\u{2028}' | '\u{2029}' => Some(Invisible::Control),
        _ if c.is_control() => Some(Invisible::Control),
        _ => None,
    }
}

/// A JSON text in which every character that cannot be seen is written as `\u…`, so that nothing hides in it and it reads
/// back as the same value.
#[must_use]
pub fn visible_json(json: &str) -> String {
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r')) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if invisible(c).is_none() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}

/// A value as JSON of several lines, with [`visible_json`] applied.
#[must_use]
pub fn pretty_json(value: &impl serde::Serialize) -> String {
    visible_json(&serde_json::to_string_pretty(value).unwrap_or_default())
}

/// The first invisible character of a text. A joiner inside an emoji or between non-Latin letters belongs there.
#[must_use]
pub fn first_invisible(text: &str) -> Option<(char, Invisible)> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    let mut before = ' ';
    for c in text.chars() {
        let joins = matches!(c, '\u{200C}' | '\u{200D}') && !before.is_ascii();
        if let (Some(kind), false) = (invisible(c), joins) {
            return Some((c, kind));
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_encoding_is_read() {
        let utf16 = |order: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
            let mark = mark.then_some(0xFEFF_u16);
            mark.into_iter().chain("[\"ä\"]".encode_utf16()).flat_map(order).collect()
        };
        for bytes in [
            "[\"ä\"]".as_bytes().to_vec(),
            [&[0xEF, 0xBB, 0xBF], "[\"ä\"]".as_bytes()].concat(),
            utf16(u16::to_le_bytes, true),
            utf16(u16::to_be_bytes, true),
            utf16(u16::to_le_bytes, false),
            utf16(u16::to_be_bytes, false),
        ] {
            assert_eq!(decode(&bytes, Lang::En).expect("readable"), "[\"ä\"]");
        }
    }

    #[test]
    fn nothing_hides_in_json_and_it_reads_back() {
        let value = serde_json::json!({ "a\u{202e}": "x\u{85}\u{9b}\u{200b}\u{e0041}\u{2028}\u{feff}标题" });
        let text = pretty_json(&value);
        assert!(text.chars().all(|c| invisible(c).is_none()), "{text}");
        assert!(
            text.contains("\\u202e") && text.contains("\\udb40\\udc41") && text.contains("标题"),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let problem = decode(b"ab\ncd\xFF", Lang::En).expect_err("not UTF-8");
        assert_eq!(problem.span, Some(Span { line: 2, column: 3, length: 0 }));
        assert_eq!(decode(&[0xFF, 0xFE, 0x41], Lang::En).expect_err("cut off").code, "text.broken_utf16");
        assert_eq!(
            decode(&vec![b' '; MAX_BYTES + 1], Lang::En).expect_err("too large").code,
            "text.too_large"
        );
    }

    #[test]
    fn columns_count_characters() {
        let text = "ab\n\"标题\": 5";
        let lines = Lines::new(text);
        let at = text.find('5').expect("there");
        assert_eq!(lines.span(at, at + 1), Span { line: 2, column: 7, length: 1 });
        assert_eq!(lines.span_of(&text[3..]), Span { line: 2, column: 1, length: 7 });
    }
}
