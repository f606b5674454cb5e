//! The value that belongs to a name, in the ways texts write names and values.

use super::kind::placeholder_kind;

/// How name and value are bound to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `name=value` of a form, a query or a cookie; a part of a multipart body; an element or input of markup.
    Field,
    /// A text member of JSON.
    Member,
    /// A number member of JSON.
    Number,
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
}

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

/// How far ahead the end of a tag or of a part's head is looked for.
const HEAD: usize = 1024;

/// The value of the name at `start..end`.
pub(super) fn value_after(text: &str, shape: Shape, start: usize, end: usize) -> Option<Value> {
    let before = text.get(..start)?;
    let rest = text.get(end..)?;
    field(shape, before, rest, end)
        .or_else(|| escaped_field(rest, end))
        .or_else(|| member(before, rest, end))
        .or_else(|| markup(before, rest, end))
        .or_else(|| line(rest, end))
}

/// Length of a value up to one of the signs; a placeholder at its start is taken whole.
fn until(value: &str, stop: impl Fn(char) -> bool) -> usize {
    let close = value.chars().take(64).position(|c| c == '›').filter(|_| value.starts_with('‹'));
    let close = close.and_then(|_| value.find('›')).map(|at| at + '›'.len_utf8());
    let skip = close.filter(|end| value.get(..*end).is_some_and(|whole| placeholder_kind(whole).is_some()));
    let skip = skip.unwrap_or(0);
    value.get(skip..).and_then(|rest| rest.find(&stop)).map_or(value.len(), |at| skip + at)
}

/// Length of a value up to the first of these texts.
fn before_any(value: &str, stops: &[&str]) -> usize {
    let starts =
        |at: usize| value.get(at..).is_some_and(|rest| stops.iter().any(|stop| rest.starts_with(stop)));
    (0..value.len()).find(|at| starts(*at)).unwrap_or(value.len())
}

/// The start of a text, at most so many bytes.
fn start_of(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

fn field(shape: Shape, before: &str, rest: &str, end: usize) -> Option<Value> {
    let value = rest.strip_prefix('=')?;
    if before.ends_with('.') || value.starts_with('=') {
        return None;
    }
    if let Some(quoted) = value.strip_prefix(['"', '\'']) {
        let quote = value.chars().next()?;
        let from = end + 2;
        return Some(Value { from, to: from + until(quoted, |c| c == quote), form: Form::Field });
    }
    let from = end + 1;
    // A form body ends a value with `&` alone; running text ends it with whatever ends a word.
    let Shape { is_form, is_url } = shape;
    let stop = |c: char| match c {
        '&' => true,
        '#' => is_url || !is_form,
        _ if is_form && !is_url => false,
        ' ' | '"' | '\'' | '\n' | '\r' | '\t' | ';' | ',' | '<' | '>' | '\\' => true,
        _ => false,
    };
    Some(Value { from, to: from + until(value, stop), form: Form::Field })
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
        return Some(Value { from, to: from + length, form: Form::Field });
    }
    let opening = ["%22%3a%22", "%22:%22", "%22%3a+%22", "%22%3a%20%22"];
    let opening = opening.into_iter().find(|sign| lower.starts_with(sign))?;
    let from = end + opening.len();
    let value = rest.get(opening.len()..)?;
    let length = before_any(value, &["%22", "&", "\"", " "]);
    Some(Value { from, to: from + length, form: Form::Member })
}

/// `"name": "value"`, also inside a JSON text that is itself a JSON text, or with single quotes.
fn member(before: &str, rest: &str, end: usize) -> Option<Value> {
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
    at += 1 - usize::from(!rest.get(at..)?.starts_with(':'));
    if !rest.get(..at)?.ends_with(':') {
        return None;
    }
    at += blank(rest.get(at..)?);
    let value = rest.get(at..)?;
    if !value.starts_with(mark) {
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let from = end + at;
        return (digits > 0).then_some(Value { from, to: from + digits, form: Form::Number });
    }
    let value = value.get(mark.len()..)?;
    let from = end + at + mark.len();
    Some(Value { from, to: from + closed(value, quote, depth), form: Form::Member })
}

/// Where a quoted text ends whose own quotes have `depth` backslashes in front; a text that is cut off ends at its end.
fn closed(value: &str, quote: char, depth: usize) -> usize {
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

/// `<name>value<`, an element with a `name` attribute, and a part of a multipart body.
fn markup(before: &str, rest: &str, end: usize) -> Option<Value> {
    if let Some(value) = rest.strip_prefix('>').filter(|_| before.ends_with('<')) {
        let length = value.find('<').unwrap_or(value.len());
        return Some(Value { from: end + 1, to: end + 1 + length, form: Form::Field });
    }
    let quote =
        rest.chars().next().filter(|c| matches!(c, '"' | '\'')).filter(|quote| before.ends_with(*quote));
    let named = if quote.is_some() { before.get(..before.len() - 1)? } else { before };
    let named = named.trim_end();
    let is_named = ["name=", "id=", "property="].iter().any(|key| {
        named.len() >= key.len()
            && named
                .as_bytes()
                .get(named.len() - key.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(key.as_bytes()))
    });
    if !is_named {
        return None;
    }
    let skip = usize::from(quote.is_some());
    let after = rest.get(skip..)?;
    let head = start_of(after, HEAD);
    let tag = head.find('>').unwrap_or(head.len());
    let part = ["\r\n\r\n", "\n\n"].into_iter().filter_map(|gap| Some((head.find(gap)?, gap.len()))).min();
    if let Some((gap, length)) = part.filter(|(gap, _)| *gap < tag) {
        let from = end + skip + gap + length;
        let value = rest.get(skip + gap + length..)?;
        return Some(Value { from, to: from + before_any(value, &["\r\n--", "\n--"]), form: Form::Field });
    }
    let inside = after.get(..tag)?;
    let found = attribute(inside).map(|(from, to)| (end + skip + from, end + skip + to));
    let open = before.rfind('<').filter(|_| head.contains('>'));
    let found = found.or_else(|| {
        // The value may stand before the name.
        let open = open?;
        attribute(before.get(open..)?).map(|(from, to)| (open + from, open + to))
    });
    let found = found.or_else(|| {
        // `<textarea name="token">x</textarea>`
        open?;
        let value = after.get(tag + 1..)?;
        let length = value.find('<').filter(|length| *length > 0)?;
        Some((end + skip + tag + 1, end + skip + tag + 1 + length))
    });
    found.map(|(from, to)| Value { from, to, form: Form::Field })
}

/// Where the text of a `value` or `content` attribute is in a piece of a tag, with or without quotes.
fn attribute(tag: &str) -> Option<(usize, usize)> {
    let (at, key) = ["value=", "content="].into_iter().filter_map(|key| Some((tag.find(key)?, key))).min()?;
    let from = at + key.len();
    let value = tag.get(from..)?;
    match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = value.get(1..)?;
            Some((from + 1, from + 1 + inner.find(quote).unwrap_or(inner.len())))
        }
        _ => Some((from, from + value.find([' ', '>', '/', '\n']).unwrap_or(value.len()))),
    }
}

/// `name: value` of a header or of YAML, up to the end of the word.
fn line(rest: &str, end: usize) -> Option<Value> {
    let value = rest.strip_prefix(':')?;
    let blanks = value.bytes().take_while(|byte| *byte == b' ').count();
    let value = value.get(blanks..)?;
    let from = end + 1 + blanks;
    let stop = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '\\' | '<' | '&');
    Some(Value { from, to: from + until(value, stop), form: Form::Line })
}
