//! JSON lines, one HAR entry each. [`line`] reads one at a time, so that a stream of any length needs no memory.

use super::{Entry, Read, har};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use serde_json::Value;
use std::io::{BufRead, Read as _};

/// Reads one line; an empty one is nothing.
///
/// # Errors
///
/// `read.line` when the line is not JSON, `read.entry` when it is no HAR entry.
pub fn line(text: &str, index: u32, lang: Lang) -> Option<Result<Entry, Box<Problem>>> {
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return None;
    }
    Some(match serde_json::from_str::<Value>(text) {
        Ok(value) => har::entry(&value, index, lang),
        Err(error) => {
            let (number, column) = (index.saturating_add(1), error.column());
            let words = say!(
                lang,
                "Line {number} is not JSON at column {column}.",
                "第 {number} 行在第 {column} 列不是合法 JSON。"
            );
            Err(Box::new(Problem::risky("read.line", words).about(number.to_string())))
        }
    })
}

/// The longest line that is read, in bytes.
pub const LONGEST: usize = crate::text::MAX_BYTES;

/// The entries of a stream, one line in memory at a time.
pub struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    index: u32,
    lang: Lang,
    ended: bool,
}

/// Reads a stream of JSON lines. An item that could not be read is a problem, and the next line goes on; a source that
/// fails ends the stream with one.
pub fn lines<R: BufRead>(source: R, lang: Lang) -> Lines<R> {
    Lines { source, buffer: Vec::new(), index: 0, lang, ended: false }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Entry, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let index = self.index;
            let whole = match self.fill() {
                Ok(None) => return None,
                Ok(Some(whole)) => whole,
                Err(error) => {
                    self.ended = true;
                    let words =
                        say!(self.lang, "The stream cannot be read on: {error}.", "无法继续读取：{error}。");
                    return Some(Err(Box::new(Problem::refused("read.stream", words))));
                }
            };
            self.index = index.saturating_add(1);
            let found = match std::str::from_utf8(&self.buffer) {
                Ok(text) if whole => line(text, index, self.lang),
                found => Some(Err(unreadable(index.into(), found.is_ok(), self.lang))),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

impl<R: BufRead> Lines<R> {
    /// Puts the next line into the buffer; whether it fitted. `None` at the end.
    fn fill(&mut self) -> std::io::Result<Option<bool>> {
        self.buffer.clear();
        let most = LONGEST as u64 + 1;
        if (&mut self.source).take(most).read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        let whole = self.buffer.len() <= LONGEST || self.buffer.ends_with(b"\n");
        if !whole {
            self.buffer.clear();
            self.source.skip_until(b'\n')?;
        }
        Ok(Some(whole))
    }
}

/// What is said of a line that is too long, or no text.
#[must_use]
pub fn unreadable(index: u64, too_long: bool, lang: Lang) -> Box<Problem> {
    let (number, most) = (index.saturating_add(1), LONGEST / (1024 * 1024));
    let words = if too_long {
        say!(lang, "Line {number} is longer than {most} MiB.", "第 {number} 行超过 {most} MiB。")
    } else {
        say!(lang, "Line {number} is not UTF-8 text.", "第 {number} 行不是 UTF-8 文本。")
    };
    Box::new(Problem::risky("read.line", words).about(number.to_string()))
}

/// Reads all lines; a single entry may also stand over several lines.
pub(super) fn all(text: &str, lang: Lang) -> Read {
    let mut read = Read::default();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        match har::entry(&value, 0, lang) {
            Ok(entry) => read.entries.push(entry),
            Err(problem) => read.problems.push(*problem),
        }
        return read;
    }
    for (index, text) in text.lines().enumerate() {
        match line(text, u32::try_from(index).unwrap_or(u32::MAX), lang) {
            Some(Ok(entry)) => read.entries.push(entry),
            Some(Err(problem)) => read.problems.push(*problem),
            None => {}
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{"request":{"method":"GET","url":"https://g.test/x","headers":[{"name":"A","value":"b"}]},"response":{"status":403}}"#;

    #[test]
    fn broken_lines_are_named_and_the_stream_goes_on() {
        let mut bytes = format!("\u{feff}{ENTRY}\n\n{{\n").into_bytes();
        bytes.extend([0xff, b'\n']);
        bytes.extend(ENTRY.as_bytes());
        let found: Vec<_> = lines(bytes.as_slice(), Lang::En).collect();
        let told: Vec<_> = found
            .iter()
            .map(|item| match item {
                Ok(entry) => entry.index.to_string(),
                Err(problem) => problem.related.join(","),
            })
            .collect();
        assert_eq!(told, ["0", "3", "4", "4"]);
        assert!(found[0].is_ok() && found[3].is_ok());
    }

    #[test]
    fn a_line_that_never_ends_is_skipped() {
        let long = std::iter::repeat_n(b"x".as_slice(), LONGEST + 10).flatten().copied().collect::<Vec<u8>>();
        let bytes = [long.as_slice(), b"\n", ENTRY.as_bytes()].concat();
        let found: Vec<_> = lines(bytes.as_slice(), Lang::En).collect();
        assert!(found[0].is_err() && found[1].as_ref().is_ok_and(|entry| entry.index == 1));
        assert_eq!(found.len(), 2);
    }
}
