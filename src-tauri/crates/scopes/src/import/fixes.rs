//! Edits of a source that settle one of its problems.

use crate::json::Pairs;
use crate::plan::Definition;
use crate::problem::{Problem, Severity, Span};
use crate::text::{Lines, invisible};
use serde::Serialize;
use std::collections::HashMap;
use std::ops::Range;
use ts_rs::TS;

/// Longer sources get no fixes: nobody edits them here.
const MAX_BYTES: usize = 1 << 20;

/// What an edit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FixKind {
    /// Adds the title of the built-in definitions.
    AddTitle,
    /// Removes invisible characters.
    RemoveInvisible,
    /// Removes the whole entry.
    RemoveEntry,
}

/// A replacement of one piece of a text. Offsets count UTF-16 code units from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TextEdit {
    /// Where the piece begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What takes its place.
    pub insert: String,
}

/// One way to settle one problem of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SourceFix {
    /// Index of the problem in the list of problems.
    pub problem: u32,
    /// What the edit does.
    pub kind: FixKind,
    /// The title that is added, or the entry that is removed: its scope, or its text where it has none.
    pub subject: String,
    /// The edit of the text as it was given.
    pub edit: TextEdit,
}

/// The fixes of a source, in the order of its problems. A problem that only a person can settle has none; one may have several.
#[must_use]
pub fn fixes(text: &str, problems: &[Problem], titles: &[Definition]) -> Vec<SourceFix> {
    if text.len() > MAX_BYTES || problems.is_empty() {
        return Vec::new();
    }
    let mut finder = Finder::new(text, titles);
    let with_index = problems.iter().zip(0u32..);
    with_index.flat_map(|(problem, index)| finder.fixes_of(problem, index)).collect()
}

struct Finder<'a> {
    /// The text without its byte order mark.
    text: &'a str,
    /// UTF-16 units before it.
    before: u32,
    lines: Lines<'a>,
    /// UTF-16 units before each line.
    units: Vec<u32>,
    entries: Vec<Range<usize>>,
    /// The scope of an entry that could be read, by where it begins.
    scopes: HashMap<usize, Option<String>>,
    titles: HashMap<&'a str, &'a str>,
}

impl<'a> Finder<'a> {
    fn new(text: &'a str, titles: &'a [Definition]) -> Self {
        let (text, before) = text.strip_prefix('\u{FEFF}').map_or((text, 0), |rest| (rest, 1));
        let mut units = vec![0];
        for line in text.split_inclusive('\n') {
            units.push(units.last().copied().unwrap_or(0) + utf16(line));
        }
        Self {
            text,
            before,
            lines: Lines::new(text),
            units,
            entries: entries(text),
            scopes: HashMap::new(),
            titles: titles.iter().map(|one| (one.scope.as_str(), one.title.as_str())).collect(),
        }
    }

    fn fixes_of(&mut self, problem: &Problem, index: u32) -> Vec<SourceFix> {
        let Some(place) = problem.span.and_then(|span| self.range(span)) else { return Vec::new() };
        let in_place = match problem.code.as_str() {
            "import.no_title" => self.title(&place),
            "import.invisible_character" => self.visible(&place),
            _ => None,
        };
        // With a syntax error nobody knows where an entry ends, and a neighbour must not go with it.
        let removable = problem.severity == Severity::Refused && !problem.code.starts_with("json.");
        let removal = if removable { self.removal(&place) } else { None };
        let fix = |(kind, subject, edit)| SourceFix { problem: index, kind, subject, edit };
        in_place.into_iter().chain(removal).map(fix).collect()
    }

    /// Bytes of a span.
    fn range(&self, span: Span) -> Option<Range<usize>> {
        let from = self.lines.start_of(span.line)?;
        let line = self.text.get(from..)?.split('\n').next()?;
        let byte = |characters: u32| {
            let at = line.char_indices().nth(usize::try_from(characters).ok()?).map(|(at, _)| at);
            Some(from + at.unwrap_or(line.len()))
        };
        let first = span.column.checked_sub(1)?;
        Some(byte(first)?..byte(first.saturating_add(span.length))?)
    }

    fn edit(&self, range: Range<usize>, insert: String) -> TextEdit {
        TextEdit { from: self.unit(range.start), to: self.unit(range.end), insert }
    }

    /// UTF-16 units before a byte.
    fn unit(&self, at: usize) -> u32 {
        let line = self.lines.line(at);
        let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let start = self.lines.start_of(line).unwrap_or(0);
        let within = self.text.get(start..at).map_or(0, utf16);
        self.before + self.units.get(index).copied().unwrap_or(0) + within
    }

    fn entry(&self, at: usize) -> Option<Range<usize>> {
        let next = self.entries.partition_point(|entry| entry.end <= at);
        self.entries.get(next).filter(|entry| entry.start <= at).cloned()
    }

    /// The scope of an entry; `None` where the entry is not JSON, an empty text where it has no scope.
    fn scope(&mut self, entry: &Range<usize>) -> Option<String> {
        let text = self.text;
        let read = || scope_of(text.get(entry.clone())?);
        self.scopes.entry(entry.start).or_insert_with(read).clone()
    }

    /// A missing title is added; a blank one is replaced.
    fn title(&mut self, place: &Range<usize>) -> Option<(FixKind, String, TextEdit)> {
        let entry = self.entry(place.start)?;
        let scope = self.scope(&entry)?;
        let title = (*self.titles.get(scope.as_str())?).to_owned();
        let quoted = serde_json::to_string(&title).ok()?;
        let rest = self.text.get(place.start..)?;
        let edit = if rest.starts_with('"') {
            self.edit(place.clone(), quoted)
        } else {
            let inside = rest.strip_prefix('{')?;
            let blank = inside.get(..inside.len() - inside.trim_start().len())?;
            let at = place.start + 1;
            self.edit(at..at, format!("{blank}\"title\": {quoted},"))
        };
        Some((FixKind::AddTitle, title, edit))
    }

    fn visible(&self, place: &Range<usize>) -> Option<(FixKind, String, TextEdit)> {
        let piece = self.text.get(place.clone())?;
        let seen: String = piece.chars().filter(|c| invisible(*c).is_none()).collect();
        (seen != piece).then(|| (FixKind::RemoveInvisible, String::new(), self.edit(place.clone(), seen)))
    }

    fn removal(&mut self, place: &Range<usize>) -> Option<(FixKind, String, TextEdit)> {
        let entry = self.entry(place.start).or_else(|| scalar(self.text, place.start))?;
        let scope = self.scope(&entry)?;
        let subject = if scope.is_empty() { self.text.get(entry.clone())?.to_owned() } else { scope };
        Some((FixKind::RemoveEntry, subject, self.edit(with_comma(self.text, entry), String::new())))
    }
}

fn utf16(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The objects of the list, or of the list in the outer object; broken brackets around them do not matter.
fn entries(text: &str) -> Vec<Range<usize>> {
    let (mut open, mut found): (Vec<(u8, usize)>, Vec<Range<usize>>) = Default::default();
    let (mut in_text, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // A string that is not closed ends with its line.
            b'\n' => in_text = false,
            _ if escaped => {}
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => open.push((byte, at)),
            b'}' | b']' => {
                let closed = open.pop();
                let listed = matches!(open.as_slice(), [(b'[', _)] | [(b'{', _), (b'[', _)]);
                if let Some((b'{', start)) = closed.filter(|_| listed) {
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
        escaped = in_text && !escaped && byte == b'\\';
    }
    found
}

/// A string, number or word that begins at a place of a list where an object belongs.
fn scalar(text: &str, from: usize) -> Option<Range<usize>> {
    let (before, rest) = text.split_at_checked(from)?;
    let length = match rest.strip_prefix('"') {
        Some(inside) => 2 + string_length(inside)?,
        None => rest.find(|c: char| !c.is_alphanumeric() && !"-+._".contains(c)).unwrap_or(rest.len()),
    };
    let after = rest.get(length..)?.trim_start();
    let alone = before.trim_end().ends_with(['[', ',']) && after.starts_with([']', ',']);
    (alone && length > 0).then(|| from..from + length)
}

/// Bytes before the quotation mark that ends a string; `None` where its line ends first.
fn string_length(inside: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'\n' => return None,
            b'"' if !escaped => return Some(at),
            _ => escaped = !escaped && byte == b'\\',
        }
    }
    None
}

fn scope_of(entry: &str) -> Option<String> {
    if !entry.starts_with('{') {
        return serde_json::from_str::<serde::de::IgnoredAny>(entry).ok().map(|_| String::new());
    }
    let Pairs(members) = serde_json::from_str(entry).ok()?;
    let scope = members.iter().find(|(name, _)| name == "scope").map(|(_, value)| value.get());
    let text = scope.and_then(|value| serde_json::from_str::<String>(value).ok()).unwrap_or_default();
    Some(text.trim().to_owned())
}

/// An entry with its comma and its line.
fn with_comma(text: &str, entry: Range<usize>) -> Range<usize> {
    let (before, after) = (text.get(..entry.start).unwrap_or(""), text.get(entry.end..).unwrap_or(""));
    let follows = after.trim_start();
    if follows.starts_with(',') {
        let line = before.trim_end_matches([' ', '\t']);
        let start = if line.ends_with('\n') { line.len() - 1 } else { entry.start };
        return start..text.len() - follows.len() + 1;
    }
    let head = before.trim_end();
    if head.ends_with(',') { head.len() - 1..entry.end } else { entry }
}

#[cfg(test)]
mod tests;
