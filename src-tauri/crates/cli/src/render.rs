//! Tables, and problems with a caret under their place.

use crate::out::{self, Tone, paint, safe, width};
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity, Span};
use scopes::say;
use serde_json::Value;

/// A table with aligned columns; the last one is as long as it is.
pub(crate) struct Table {
    rows: Vec<Vec<(String, Tone)>>,
}

impl Table {
    /// A table with its heading.
    pub(crate) fn new(heading: &[String]) -> Self {
        Self { rows: vec![heading.iter().map(|word| (word.clone(), Tone::Plain)).collect()] }
    }

    /// Adds a row; the cells are made safe here.
    pub(crate) fn row(&mut self, cells: Vec<(String, Tone)>) {
        self.rows.push(cells.into_iter().map(|(text, tone)| (safe(&text), tone)).collect());
    }

    /// Prints it to standard output.
    pub(crate) fn print(&self) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|(text, _)| width(text)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(widest).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (column, (text, tone)) in row.iter().enumerate() {
                line.push_str(&paint(*tone, text));
                if column + 1 < row.len() {
                    let room = widths.get(column).copied().unwrap_or(0);
                    line.push_str(&" ".repeat(room.saturating_sub(width(text)) + 2));
                }
            }
            out::line(line.trim_end());
        }
    }
}

/// A cell with a text of any length; in a table the middle of a long one is left out.
pub(crate) fn prose(text: &str) -> (String, Tone) {
    cell(scopes::lang::brief(text))
}

/// A plain cell.
pub(crate) fn cell(text: impl Into<String>) -> (String, Tone) {
    (text.into(), Tone::Plain)
}

/// A reply of the engine, read by the names of its members.
pub(crate) trait Reply {
    /// The member of this name, null where there is none.
    fn at(&self, name: &str) -> &Value;
}

impl Reply for Value {
    fn at(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }
}

/// A text of a reply, empty where there is none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The entries of a list of a reply.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A text a person gave us, to point into.
pub(crate) struct Given<'a> {
    /// What it is called: a file name, or `-`.
    pub(crate) name: &'a str,
    /// The text.
    pub(crate) text: &'a str,
    /// Shows where a problem is and none of the text, which may hold what people wrote.
    pub(crate) place_only: bool,
}

/// A problem as a reply holds it.
pub(crate) fn problem_of(value: &Value) -> Option<Problem> {
    let severity = serde_json::from_value(value.at("severity").clone()).ok()?;
    let mut problem = match severity {
        Severity::Refused => Problem::refused(text(value.at("code")), text(value.at("message"))),
        Severity::Risky => Problem::risky(text(value.at("code")), text(value.at("message"))),
        Severity::Note => Problem::note(text(value.at("code")), text(value.at("message"))),
    };
    problem.hints = items(value.at("hints")).iter().map(|hint| text(hint).to_owned()).collect();
    problem.span = serde_json::from_value(value.at("span").clone()).ok();
    problem.related = items(value.at("related")).iter().map(|word| text(word).to_owned()).collect();
    Some(problem)
}

/// Prints a problem to standard error, with its place in the given text where it has one.
pub(crate) fn problem(problem: &Problem, given: Option<&Given<'_>>, lang: Lang) {
    let word = match problem.severity {
        Severity::Refused => say!(lang, "refused", "拒绝"),
        Severity::Risky => say!(lang, "risky", "有风险"),
        Severity::Note => say!(lang, "note", "提示"),
    };
    out::error_line(&format!("{word}: {} [{}]", safe(&problem.message), safe(&problem.code)));
    if let (Some(span), Some(given)) = (problem.span, given) {
        place(span, given);
    }
    for hint in &problem.hints {
        out::error_line(&format!("  → {}", safe(hint)));
    }
}

/// Prints a problem that does not name itself what it is about.
pub(crate) fn problem_with(subject: &str, found: &Problem, lang: Lang) {
    let mut named = found.clone();
    named.message = say!(lang, "{subject}: {0}", "{subject}：{0}", found.message);
    problem(&named, None, lang);
}

/// Prints the problems of a reply, each once: what hits many things at a time is one thing to mend.
pub(crate) fn problems(list: &Value, given: Option<&Given<'_>>, lang: Lang) {
    for found in first_of_each(items(list)).into_iter().filter_map(problem_of) {
        problem(&found, given, lang);
    }
}

fn first_of_each(list: &[Value]) -> Vec<&Value> {
    let mut seen = std::collections::HashSet::new();
    list.iter().filter(|value| seen.insert(value.to_string())).collect()
}

/// How much of a long line is shown on each side of the place.
const ROOM: usize = 60;

/// How much of a text around the place is searched for secrets, on each side.
const SEARCHED: usize = 64 * 1024;

fn place(span: Span, given: &Given<'_>) {
    if given.place_only {
        return out::error_line(&format!("  ┌ {}:{}:{}", safe(given.name), span.line, span.column));
    }
    let Some(start) = line_start(given.text, span.line) else { return };
    let rest = given.text.get(start..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let column = span.column.saturating_sub(1) as usize;
    // Only what is shown is looked at: a line can hold megabytes.
    let at = if line.is_ascii() {
        column.min(line.len())
    } else {
        line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
    };
    let (line, at) = without_secrets(given.text, start, line.len(), start + at);
    let (start, rest) = line.split_at_checked(at).unwrap_or((&line, ""));
    let from = start.char_indices().rev().nth(ROOM - 1).map_or(0, |(from, _)| from);
    let length = (span.length as usize).clamp(1, ROOM);
    let shown =
        |text: &str, count: usize| safe(&text.chars().take(count).collect::<String>()).replace('␉', " ");
    let cut = if from > 0 { "…" } else { "" };
    let before = shown(start.get(from..).unwrap_or_default(), ROOM);
    let (after, marked) = (shown(rest, ROOM), shown(rest, length));
    let number = span.line.to_string();
    let margin = " ".repeat(number.len());
    out::error_line(&format!("{margin} ┌ {}:{}:{}", safe(given.name), span.line, span.column));
    out::error_line(&format!("{number} │ {cut}{before}{after}"));
    let carets = "^".repeat(width(&marked).max(1));
    out::error_line(&format!("{margin} │ {}{carets}", " ".repeat(width(cut) + width(&before))));
}

/// Where a line of a text begins, counted from 1.
fn line_start(text: &str, line: u32) -> Option<usize> {
    match line {
        0 | 1 => Some(0),
        _ => text.match_indices('\n').nth(line as usize - 2).map(|(at, _)| at + 1),
    }
}

/// A line without the secrets that the text around it shows, and where a place of the text is in it.
fn without_secrets(text: &str, start: usize, length: usize, at: usize) -> (String, usize) {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (from, to) = (boundary(at.saturating_sub(SEARCHED)), boundary((at + SEARCHED).min(text.len())));
    let around = text.get(from..to).unwrap_or_default();
    let piece = start.saturating_sub(from)..(start + length).min(to).saturating_sub(from);
    scopes::secret::Redactor::new().excerpt(around, piece, at - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_named_on_another_line_is_hidden_and_the_place_is_kept() {
        let text = "{\n  \"password\":\n    \"swordfish\" x\n}";
        let start = line_start(text, 3).expect("a line");
        let line = "    \"swordfish\" x";
        let (shown, at) = without_secrets(text, start, line.len(), start + line.len() - 1);
        assert!(!shown.contains("swordfish") && shown.contains("‹password "), "{shown}");
        assert_eq!(shown.get(at..), Some("x"));
        assert_eq!(line_start(text, 9), None);
    }
}
