//! Text made fit to be shown: JSON with line breaks, and nothing that moves the cursor or turns the line around.

/// The JSON text with line breaks and two-space indent; order, duplicates and numbers stay as received. Ends soon after
/// `most` bytes; a text that is cut off is indented as far as it goes.
pub(super) fn pretty_json(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    let mut chars = text.chars().filter(|c| !c.is_control() || *c == ' ').peekable();
    while let Some(c) = chars.next().filter(|_| out.len() < most) {
        if quoted {
            out.push(c);
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.peek() == Some(&' ') {
                    chars.next();
                }
                if matches!(chars.peek(), Some('}' | ']')) {
                    out.extend(chars.next());
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            ' ' => {}
            _ => out.push(c),
        }
    }
    out
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The text with control, bidirectional and zero-width characters spelled out as `\u{…}`; line breaks and tabs stay.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // A line break of two characters is one line break.
        if c == '\r' && chars.peek() == Some(&'\n') {
            continue;
        }
        if shows_itself(c) {
            out.push(c);
        } else {
            out.extend(c.escape_unicode());
        }
    }
    out
}

fn shows_itself(c: char) -> bool {
    c != '\r' && crate::text::invisible(c).is_none()
}

/// At most `limit` bytes, cut between characters.
pub(super) fn capped(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_otherwise_untouched() {
        let pretty = pretty_json(r#"{"a" : [1.50, {}, "x\"{y"], "a":[ ] }"#, 1000);
        assert_eq!(pretty, "{\n  \"a\": [\n    1.50,\n    {},\n    \"x\\\"{y\"\n  ],\n  \"a\": []\n}");
        assert_eq!(pretty_json("[[1,", 1000), "[\n  [\n    1,\n    ");
        let deep = format!("{}{}", "[".repeat(100), "1,".repeat(10_000));
        assert!(pretty_json(&deep, 5000).len() < 5500);
    }

    #[test]
    fn nothing_hidden_gets_through() {
        assert_eq!(visible("x\r\ny"), "x\ny");
        assert_eq!(visible("a\u{1b}[2J\u{202e}b\n\tc\r"), "a\\u{1b}[2J\\u{202e}b\n\tc\\u{d}");
        assert_eq!(capped("aä", 2), "a");
    }
}
