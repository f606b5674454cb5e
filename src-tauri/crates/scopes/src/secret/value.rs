//! The value that belongs to a name, in the ways texts write names and values.

use super::kind::placeholder_kind;
use super::{blocks, markup};

/// How name and value are bound to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `name=value` of a form, a query or a cookie; a part of a multipart body; an element or input of markup.
    Field,
    /// A text member of JSON.
    Member,
    /// A number member of JSON.
    Number,
    /// A list or an object of JSON, whole.
    Nested,
    /// `name: value` in running text.
    Line,
    /// A name that is a value itself, with its value beside it.
    Pair,
}

/// A value's place, byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) form: Form,
    /// For a value without quotes of its own: the quote of the text around it and how many backslashes it has.
    pub(super) bare: Option<(char, usize)>,
    /// Whether name and value are a whole line.
    pub(super) alone: bool,
}

impl Value {
    /// A value with quotes or without the need of any.
    pub(super) fn new(from: usize, to: usize, form: Form) -> Self {
        Self { from, to, form, bare: None, alone: false }
    }

    /// What is put around the text that replaces it.
    pub(super) fn quote(&self) -> String {
        self.bare.map_or_else(String::new, |(quote, depth)| format!("{}{quote}", "\\".repeat(depth)))
    }
}

/// How far back the start of a line is looked for.
const LINE_START: usize = 64;

/// What a whole text is, found out once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// A form body or a URL: without blanks.
    is_form: bool,
    is_url: bool,
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let is_form = !text.starts_with(['{', '[', '<', '"']) && !text.contains(char::is_whitespace);
        let start = text.get(..text.len().min(24)).unwrap_or_default();
        Self { is_form, is_url: text.starts_with('/') || start.contains("://") }
    }
}

/// The value of the name at `start..end`. `nested`: the name holds nothing but secrets, so that a list or an object is one,
/// too.
pub(super) fn value_after(text: &str, shape: Shape, start: usize, end: usize, nested: bool) -> Option<Value> {
    let before = text.get(..start)?;
    let rest = text.get(end..)?;
    let name = text.get(start..end)?;
    field(shape, before, rest, end, nested)
        .or_else(|| escaped_field(rest, end))
        .or_else(|| member(before, rest, end, nested))
        .or_else(|| markup::element(before, name, rest, end, nested))
        .or_else(|| markup::value(before, rest, end))
        .or_else(|| line(before, rest, end))
}

/// Length of a value up to one of the signs; a placeholder at its start is taken whole.
pub(super) fn until(value: &str, stop: impl Fn(char) -> bool) -> usize {
    let close = value.chars().take(64).position(|c| c == '›').filter(|_| value.starts_with('‹'));
    let close = close.and_then(|_| value.find('›')).map(|at| at + '›'.len_utf8());
    let skip = close.filter(|end| value.get(..*end).is_some_and(|whole| placeholder_kind(whole).is_some()));
    let skip = skip.unwrap_or(0);
    value.get(skip..).and_then(|rest| rest.find(&stop)).map_or(value.len(), |at| skip + at)
}

/// Length of a value up to the first of these texts.
pub(super) fn before_any(value: &str, stops: &[&str]) -> usize {
    let starts =
        |at: usize| value.get(at..).is_some_and(|rest| stops.iter().any(|stop| rest.starts_with(stop)));
    (0..value.len()).find(|at| starts(*at)).unwrap_or(value.len())
}

/// The start of a text, at most so many bytes.
pub(super) fn start_of(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The end of a text, at most so many bytes.
pub(super) fn end_of(text: &str, most: usize) -> &str {
    let start = (text.len().saturating_sub(most)..=text.len()).find(|start| text.is_char_boundary(*start));
    text.get(start.unwrap_or(text.len())..).unwrap_or_default()
}

/// `name=value`; for a name that holds nothing but secrets, `name = value` and `a.name=value`, too.
fn field(shape: Shape, before: &str, rest: &str, end: usize, strong: bool) -> Option<Value> {
    let blank = |text: &str| text.bytes().take_while(|byte| b" \t".contains(byte)).count();
    let lead = if strong { blank(rest) } else { 0 };
    let value = rest.get(lead..)?.strip_prefix('=')?;
    if (before.ends_with('.') && !strong) || value.starts_with(['=', '>']) {
        return None;
    }
    let trail = if lead > 0 { blank(value) } else { 0 };
    let value = value.get(trail..)?;
    let end = end + lead + trail;
    if let Some(quoted) = value.strip_prefix(['"', '\'']) {
        let quote = value.chars().next()?;
        let from = end + 2;
        return Some(Value::new(from, from + until(quoted, |c| c == quote), Form::Field));
    }
    let from = end + 1;
    // A form body ends a value with `&` alone; running text ends it with whatever ends a word.
    let Shape { is_form, is_url } = shape;
    let in_path = || before.rsplit('/').next().is_some_and(|part| part.ends_with(';') && !part.contains('='));
    if (is_form || is_url) && in_path() {
        // A parameter of a path: `/todos;jsessionid=x?page=2`.
        return Some(Value::new(from, from + until(value, |c| "&#?/; \"'".contains(c)), Form::Field));
    }
    let stop = |c: char| match c {
        '&' => true,
        '#' => is_url || !is_form,
        _ if is_form && !is_url => false,
        ' ' | '"' | '\'' | '\n' | '\r' | '\t' | ';' | ',' | '<' | '>' | '\\' => true,
        _ => false,
    };
    Some(Value::new(from, from + until(value, stop), Form::Field))
}

/// `name%3Dvalue` and `%22name%22%3A%22value%22` inside an escaped URL, however often it was escaped.
fn escaped_field(rest: &str, end: usize) -> Option<Value> {
    let lower = start_of(rest, 40).to_ascii_lowercase();
    let percent = ["%25253", "%253", "%3"].into_iter().find(|sign| lower.starts_with(&format!("{sign}d")));
    if let Some(sign) = percent {
        let from = end + sign.len() + 1;
        let amp = format!("{}26", sign.trim_end_matches('3'));
        let hash = format!("{}23", sign.trim_end_matches('3'));
        let value = rest.get(sign.len() + 1..)?;
        let length = before_any(value, &[&amp, &hash, "&", "#", "\"", "'", " ", "\\", "<", "\n"]);
        return Some(Value::new(from, from + length, Form::Field));
    }
    let opening = ["%22%3a%22", "%22:%22", "%22%3a+%22", "%22%3a%20%22"];
    let opening = opening.into_iter().find(|sign| lower.starts_with(sign))?;
    let from = end + opening.len();
    let value = rest.get(opening.len()..)?;
    let length = before_any(value, &["%22", "&", "\"", " "]);
    Some(Value::new(from, from + length, Form::Member))
}

/// `"name": "value"`, also inside a JSON text that is itself a JSON text, or with single quotes.
fn member(before: &str, rest: &str, end: usize, nested: bool) -> Option<Value> {
    let depth = rest.bytes().take_while(|byte| *byte == b'\\').count();
    let quote = rest.get(depth..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mark = rest.get(..=depth)?;
    if !before.ends_with(mark) {
        return None;
    }
    let blank = |text: &str| {
        let mut length = 0;
        loop {
            let rest = text.get(length..).unwrap_or_default();
            // Line breaks of an inner JSON text are written `\n`.
            match rest.bytes().next() {
                Some(byte) if byte.is_ascii_whitespace() => length += 1,
                Some(b'\\') if rest.starts_with("\\n") || rest.starts_with("\\t") => length += 2,
                _ => return length,
            }
        }
    };
    let mut at = depth + 1;
    at += blank(rest.get(at..)?);
    let colon = rest.get(at..)?.starts_with(':');
    at += usize::from(colon);
    if !colon {
        return None;
    }
    at += blank(rest.get(at..)?);
    let value = rest.get(at..)?;
    if !value.starts_with(mark) {
        let bare = Some((quote, depth));
        let from = end + at;
        if value.starts_with(['{', '[']) {
            let found = Value::new(from, from + whole(value, quote, depth), Form::Nested);
            return nested.then_some(Value { bare, ..found });
        }
        let length = number(value);
        let found = Value::new(from, from + length, Form::Number);
        return match length {
            0 => malformed(value, from, mark),
            _ => Some(Value { bare, ..found }),
        };
    }
    let value = value.get(mark.len()..)?;
    let from = end + at + mark.len();
    Some(Value::new(from, from + closed(value, quote, depth), Form::Member))
}

/// The value of a member that is no JSON: in other quotes than its name, or without any.
fn malformed(value: &str, from: usize, mark: &str) -> Option<Value> {
    let line = value.get(..value.find(['\n', '\r']).unwrap_or(value.len()))?;
    if let Some(quote) = line.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let inner = line.get(1..)?;
        return Some(Value::new(from + 1, from + 1 + closed(inner, quote, 0), Form::Member));
    }
    let word = line.get(..until(line, |c| ",}]\\<&".contains(c)))?;
    // A missing comma: the next name begins with the quote.
    let word = word.split(mark).next()?.trim_end();
    let fine = !word.starts_with(['{', '[', '(', '$']) && !["", "true", "false", "null"].contains(&word);
    fine.then(|| Value::new(from, from + word.len(), Form::Member))
}

/// Length of the number at the start of a text, in the notation of JSON.
pub(super) fn number(value: &str) -> usize {
    let length = value.bytes().take_while(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte)).count();
    let found = value.get(..length).unwrap_or_default().trim_end_matches(['+', '-', '.', 'e', 'E']);
    if found.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) { found.len() } else { 0 }
}

/// Length of the list or object at the start of a text; of one that is cut off, up to the end of the text.
pub(super) fn whole(value: &str, quote: char, depth: usize) -> usize {
    let (mut open, mut at) = (0_usize, 0);
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let mark = rest.bytes().take_while(|byte| *byte == b'\\').count();
        match rest.get(mark..).and_then(|rest| rest.chars().next()) {
            Some(c) if c == quote && mark == depth => {
                let inside = rest.get(mark + c.len_utf8()..).unwrap_or_default();
                let text = closed(inside, quote, depth);
                at += (mark + c.len_utf8() + text + depth + 1).min(rest.len());
                continue;
            }
            Some('{' | '[') => open += 1,
            Some('}' | ']') => open = open.saturating_sub(1),
            _ => {}
        }
        at += mark + rest.get(mark..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if open == 0 {
            return at;
        }
    }
    value.len()
}

/// Where a quoted text ends whose own quotes have `depth` backslashes in front; a text that is cut off ends at its end.
pub(super) fn closed(value: &str, quote: char, depth: usize) -> usize {
    let mut slashes = 0;
    for (at, c) in value.char_indices() {
        if c == quote {
            let ends = if depth == 0 { slashes % 2 == 0 } else { slashes <= depth };
            if ends {
                return at - slashes.min(depth);
            }
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
    }
    value.len()
}

/// `name: value` of a header or of YAML, up to the end of the word; `name: "value"` of a script, up to its quote.
fn line(before: &str, rest: &str, end: usize) -> Option<Value> {
    let value = rest.strip_prefix(':')?;
    if let Some(found) = blocks::scalar(before, value, end + 1) {
        return Some(found);
    }
    let blanks = value.bytes().take_while(|byte| *byte == b' ').count();
    let value = value.get(blanks..)?;
    let from = end + 1 + blanks;
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let inner = value.get(1..)?;
        let length = closed(inner, quote, 0);
        let ends = inner.get(length..).is_some_and(|rest| rest.starts_with(quote));
        // An opening quote here may be the closing one of the text around. One without its other is a slip.
        let fine = blanks > 0 && length > 0 && ends && !inner.get(..length)?.contains('\n');
        let word = inner.split('\n').next()?.trim_end();
        let open = !fine && blanks > 0 && !word.is_empty() && !word.contains([' ', ',', '}', quote]);
        let length = if open { word.len() } else { length };
        return (fine || open).then(|| Value::new(from + 1, from + 1 + length, Form::Member));
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '\\' | '<' | '&');
    let length = until(value, stop);
    // `PW:</td>`, `**Password:** x`
    if !value.get(..length)?.contains(char::is_alphanumeric) {
        return None;
    }
    let start = end_of(before, LINE_START).rsplit('\n').next().unwrap_or_default();
    let after = value.get(length..).unwrap_or_default();
    let after = after.trim_start_matches([' ', '\t', '\r']);
    let alone = blanks > 0
        && start.len() < LINE_START
        && start.bytes().all(|byte| b" \t-".contains(&byte))
        && (after.is_empty() || after.starts_with(['\n', '#']));
    Some(Value { alone, ..Value::new(from, from + length, Form::Line) })
}
