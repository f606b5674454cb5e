//! JSON lines, one HAR entry each. [`line`] reads one at a time, so that a stream of any length needs no memory.

use super::{Entry, Read, har};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use serde_json::Value;

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
            let (number, column) = (index + 1, error.column());
            let words = say!(
                lang,
                "Line {number} is not JSON at column {column}.",
                "第 {number} 行在第 {column} 列不是合法 JSON。"
            );
            Err(Box::new(Problem::risky("read.line", words).about(number.to_string())))
        }
    })
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
