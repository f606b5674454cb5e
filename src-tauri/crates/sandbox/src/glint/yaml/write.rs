//! Writing: block style, two columns per level.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::fold::fold;

/// The value as YAML.
pub(in crate::glint) fn write(value: &Value) -> String {
    let mut out = String::new();
    block(&mut out, value, 0);
    out
}

fn block(out: &mut String, value: &Value, indent: usize) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            for (index, (key, member)) in members.iter().enumerate() {
                let pad = if index == 0 && out.ends_with("- ") { "" } else { &pad };
                let _ = write!(out, "{pad}{key}:");
                if nested(member) {
                    out.push('\n');
                    block(out, member, indent + 2);
                } else {
                    let start = key.encode_utf16().count() + 2;
                    let _ = writeln!(out, " {}", scalar(member, indent + 2, Some(start)));
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let _ = write!(out, "{pad}- ");
                if nested(item) {
                    block(out, item, indent + 2);
                } else {
                    let _ = writeln!(out, "{}", scalar(item, indent + 2, None));
                }
            }
        }
        _ => {
            let _ = writeln!(out, "{pad}{}", scalar(value, indent, None));
        }
    }
}

fn nested(value: &Value) -> bool {
    value.as_array().is_some_and(|items| !items.is_empty())
        || value.as_object().is_some_and(|members: &Map<String, Value>| !members.is_empty())
}

fn scalar(value: &Value, indent: usize, start: Option<usize>) -> String {
    let Value::String(text) = value else { return value.to_string() };
    let control = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    if text.contains(control) {
        return double(text, indent, start);
    }
    match (indicates(text), text.contains('\n')) {
        (_, true) => literal(text, indent).unwrap_or_else(|| quoted(text, indent, start)),
        (true, false) => quoted(text, indent, start),
        (false, false) if super::plain(text).is_string() => fold(text, indent, start, false),
        (false, false) => quoted(text, indent, start),
    }
}

/// Whether the text would be read as something else than one scalar.
fn indicates(text: &str) -> bool {
    let starts = text.starts_with(|c: char| "\n\t ,[]{}#&*!|>'\"%@`".contains(c));
    let dashed =
        text.strip_prefix(['?', '-']).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let inside = [": ", ":\t", "\n ", "\n\t", " \n", "\t\n", "\n#", "\t#", " #"]
        .iter()
        .any(|mark| text.contains(mark));
    starts || dashed || inside || text.ends_with(['\n', '\t', ' ', ':', '-'])
}

fn quoted(text: &str, indent: usize, start: Option<usize>) -> String {
    let around = [" \n", "\t\n", "\n ", "\n\t"].iter().any(|mark| text.contains(mark));
    if text.contains('"') && !text.contains('\'') && !around {
        return single(text, indent, start);
    }
    double(text, indent, start)
}

fn single(text: &str, indent: usize, start: Option<usize>) -> String {
    fold(&format!("'{}'", lines_apart(&text.replace('\'', "''"), indent)), indent, start, false)
}

/// Every run of line ends with one more, and the indentation behind it.
fn lines_apart(text: &str, indent: usize) -> String {
    let mut out = String::new();
    for part in text.split_inclusive('\n') {
        let ends_run = out.ends_with('\n') && part != "\n";
        if ends_run {
            let _ = write!(out, "\n{}", " ".repeat(indent));
        }
        out.push_str(part);
    }
    out
}

fn double(text: &str, indent: usize, start: Option<usize>) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{b}' => out.push_str("\\v"),
            '\u{1b}' => out.push_str("\\e"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    fold(&out, indent, start, true)
}

/// A text of several lines as they are; `None` when blanks behind the last line would be lost.
fn literal(text: &str, indent: usize) -> Option<String> {
    let body = text.trim_end_matches(['\n', '\t', ' ']);
    let end = text.strip_prefix(body)?;
    if end.contains('\n') && end.ends_with([' ', '\t']) {
        return None;
    }
    let chomp = match (end.find('\n'), body.is_empty()) {
        (None, _) => "-",
        (Some(at), false) if at + 1 == end.len() => "",
        _ => "+",
    };
    let first = text.trim_start_matches('\n');
    let hint = if first.starts_with(' ') { "2" } else { "" };
    let pad = " ".repeat(indent);
    let lines: Vec<String> = text
        .strip_suffix('\n')
        .unwrap_or(text)
        .split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") })
        .collect();
    Some(format!("|{hint}{chomp}\n{}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_text_stays_plain() {
        let value = json!({ "todos": [{ "title": "Loose leaf, 500 g", "comments": ["With lemon"] }] });
        assert_eq!(
            write(&value),
            "todos:\n  - title: Loose leaf, 500 g\n    comments:\n      - With lemon\n"
        );
    }

    #[test]
    fn texts_that_would_be_something_else_are_quoted() {
        let cases = [
            ("\u{0}x", "\"\\0x\""),
            ("\u{1}", "\"\\x01\""),
            ("true", "\"true\""),
            ("12", "\"12\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("say \"a: b\"", "'say \"a: b\"'"),
            ("- a", "\"- a\""),
            ("a#b", "a#b"),
            ("a #b", "\"a #b\""),
            ("it's", "it's"),
            ("'a", "\"'a\""),
            ("a:", "\"a:\""),
            ("-a", "-a"),
            ("a\nb", "|-\n  a\n  b"),
            ("🍵 团队", "🍵 团队"),
        ];
        for (text, written) in cases {
            assert_eq!(scalar(&json!(text), 2, None), written, "{text}");
        }
    }

    #[test]
    fn long_texts_are_folded_at_spaces() {
        let text = vec!["word"; 30].join(" ");
        // As the value of `cccc:`, two levels deep: the `yaml` package folds at these columns.
        let lines: Vec<usize> = scalar(&json!(text), 6, Some(6)).lines().map(str::len).collect();
        assert_eq!(lines, [74, 80]);
        assert_eq!(scalar(&json!("y".repeat(200)), 6, Some(6)), "y".repeat(200));
    }
}
