//! Values of markup and of multipart bodies.

use super::value::{Form, Value, before_any, end_of, start_of};

/// How far ahead the end of a tag or of a part's head is looked for.
const HEAD: usize = 1024;
/// Longest prefix of a name, and how far ahead the end of an element that holds others is looked for.
const MAX_PREFIX: usize = 64;
const MAX_ELEMENT: usize = 64 * 1024;
/// Begins a section of plain text.
const CDATA: &str = "<![CDATA[";

/// An element with a `name` attribute, and a part of a multipart body.
pub(super) fn value(before: &str, rest: &str, end: usize) -> Option<Value> {
    let quote =
        rest.chars().next().filter(|c| matches!(c, '"' | '\'')).filter(|quote| before.ends_with(*quote));
    let named = if quote.is_some() { before.get(..before.len() - 1)? } else { before };
    let key = key_of(named)?;
    let skip = usize::from(quote.is_some());
    let after = rest.get(skip..)?;
    let head = start_of(after, HEAD);
    let tag = head.find('>').unwrap_or(head.len());
    let part = ["\r\n\r\n", "\n\n"].into_iter().filter_map(|gap| Some((head.find(gap)?, gap.len()))).min();
    if let Some((gap, length)) = part.filter(|(gap, _)| *gap < tag) {
        let from = end + skip + gap + length;
        let value = rest.get(skip + gap + length..)?;
        return Some(Value::new(from, from + before_any(value, &["\r\n--", "\n--"]), Form::Field));
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
        // `<textarea name="token">x</textarea>`, `<entry key="password">x</entry>`
        open.filter(|_| !["type", "autocomplete"].iter().any(|kind| key.eq_ignore_ascii_case(kind)))?;
        let value = after.get(tag + 1..)?;
        let from = end + skip + tag + 1;
        if let Some(data) = value.trim_start().strip_prefix(CDATA) {
            let from = from + value.len() - data.len();
            return Some((from, from + data.find("]]>").unwrap_or(data.len())));
        }
        let length = value.find('<').filter(|length| *length > 0)?;
        Some((from, from + length))
    });
    found.map(|(from, to)| Value::new(from, to, Form::Field))
}

/// The attribute or parameter that a name is the value of: `name=`, and `name*=utf-8''` (RFC 5987).
fn key_of(before: &str) -> Option<&str> {
    let named = before.trim_end();
    let extended = named.rsplit_once("*=").filter(|(_, charset)| {
        charset.matches('\'').count() == 2
            && charset.ends_with('\'')
            && charset.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_'".contains(&byte))
    });
    let lead = extended.map_or_else(|| named.strip_suffix('='), |(lead, _)| Some(lead))?;
    let letters = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let start = lead.trim_end_matches(letters);
    let key = lead.get(start.len()..)?;
    let ends = |known: &&str| {
        let at = key.len().checked_sub(known.len());
        at.and_then(|at| key.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(known))
    };
    // Words of other uses only as an attribute of a tag.
    let in_tag = || start.ends_with(char::is_whitespace) && start.rfind('<') > start.rfind('>');
    let is_whole = |known: &str| key.eq_ignore_ascii_case(known);
    let fine = ["name", "id", "property"].iter().any(ends)
        || (["key", "type", "autocomplete"].iter().any(|known| is_whole(known)) && in_tag());
    fine.then_some(key)
}

/// Where the text of a `value` or `content` attribute is in a piece of a tag, with or without quotes.
fn attribute(tag: &str) -> Option<(usize, usize)> {
    let lower = start_of(tag, HEAD).to_ascii_lowercase();
    let (at, key) =
        ["value=", "content="].into_iter().filter_map(|key| Some((lower.find(key)?, key))).min()?;
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

/// `<name>value<` and `<ns:name a="b"><![CDATA[value]]><`. `nested`: everything inside an element that holds others is
/// one value.
pub(super) fn element(before: &str, name: &str, rest: &str, end: usize, nested: bool) -> Option<Value> {
    if !before.ends_with(['<', ':']) {
        return None;
    }
    let near = end_of(before, MAX_PREFIX);
    let start = near.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c));
    let prefix = near.get(start.len()..)?;
    if !start.ends_with('<') {
        return None;
    }
    let tag = start_of(rest, HEAD).find('>')?;
    let attributes = rest.get(..tag)?;
    // `<password value="x"/>`
    let of_tag = attribute(attributes).filter(|_| attributes.starts_with(char::is_whitespace));
    if let Some((start, stop)) = of_tag {
        return Some(Value::new(end + start, end + stop, Form::Field));
    }
    if attributes.ends_with('/') || !(attributes.is_empty() || attributes.starts_with(char::is_whitespace)) {
        return None;
    }
    let value = rest.get(tag + 1..)?;
    let mut from = end + tag + 1;
    let first = value.trim_start();
    let length = if let Some(data) = first.strip_prefix(CDATA) {
        from += value.len() - data.len();
        data.find("]]>").unwrap_or(data.len())
    } else if first.starts_with('<') && !first.starts_with("</") {
        let inside = start_of(value, MAX_ELEMENT);
        nested.then(|| inside.find(&format!("</{prefix}{name}>")).unwrap_or(inside.len()))?
    } else {
        value.find('<').unwrap_or(value.len())
    };
    Some(Value::new(from, from + length, Form::Field))
}
