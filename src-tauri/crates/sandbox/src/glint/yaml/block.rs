//! Reading: collections and scalars in block style.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::flow::{Cursor, DEEPEST, key};

/// The value of a text with one document; `None` when it is no YAML, or a part of it that is not read.
pub(in crate::glint) fn read(text: &str) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader =
        Reader { cursor: Cursor { text: text.chars().collect(), at: 0 }, anchors: HashMap::new() };
    reader.cursor.skip_lines();
    while reader.cursor.peek(0) == Some('%') && reader.cursor.column() == 0 {
        reader.skip_line();
        reader.cursor.skip_lines();
    }
    if reader.marker('-') {
        reader.cursor.at += 3;
    }
    let value = reader.node(-1, true, 0)?;
    reader.cursor.skip_lines();
    if reader.marker('.') {
        reader.cursor.at += 3;
        reader.cursor.skip_lines();
    }
    reader.cursor.peek(0).is_none().then_some(value)
}

struct Reader {
    cursor: Cursor,
    anchors: HashMap<String, Value>,
}

impl Reader {
    /// A node that is indented more than `above`; `compact` when a mapping may start in the same line.
    fn node(&mut self, above: isize, compact: bool, depth: usize) -> Option<Value> {
        let same_line = self.cursor.at;
        self.cursor.skip_lines();
        let fresh = self.cursor.text.get(same_line..self.cursor.at)?.contains(&'\n');
        let column = self.column();
        if depth > DEEPEST || (fresh && self.tabbed()) {
            return None;
        }
        if self.cursor.peek(0).is_none() || column <= above || self.ends_document() {
            return Some(Value::Null);
        }
        match self.cursor.peek(0)? {
            '&' => {
                let name = self.word();
                let value = self.node(above, compact, depth + 1)?;
                self.anchors.insert(name, value.clone());
                Some(value)
            }
            '!' => {
                let tag = self.word();
                let value = self.node(above, compact, depth + 1)?;
                Some(if tag == "!str" { Value::String(crate::js::string(Some(&value))) } else { value })
            }
            '*' => {
                let name = self.word();
                self.anchors.get(&name).cloned()
            }
            '-' if self.cursor.blank(1) => (compact || fresh).then(|| self.list(column, depth))?,
            '?' | ':' if self.cursor.blank(1) => None,
            '|' | '>' => self.block_scalar(above),
            _ if self.keyed() => (compact || fresh).then(|| self.mapping(column, depth))?,
            '[' | '{' | '"' | '\'' => {
                let value = self.cursor.flow(depth)?;
                self.cursor.ends_line().then_some(value)
            }
            c if ",]}#%@`".contains(c) => None,
            _ => self.plain(above),
        }
    }

    fn list(&mut self, column: isize, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        while self.column() == column && self.cursor.peek(0) == Some('-') && self.cursor.blank(1) {
            self.cursor.at += 1;
            items.push(self.node(column, true, depth + 1)?);
            self.next_line()?;
        }
        self.closes(column).then_some(Value::Array(items))
    }

    fn mapping(&mut self, column: isize, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        while self.column() == column && self.cursor.peek(0).is_some() && !self.ends_document() {
            if !self.keyed() {
                return None;
            }
            let name = match self.cursor.peek(0)? {
                '"' | '\'' => self.cursor.quoted()?,
                _ => key(&super::plain(&self.plain_line()?))?,
            };
            self.cursor.skip_spaces();
            if !self.cursor.take(':') {
                return None;
            }
            let value = self.value(column, depth)?;
            if members.insert(name, value).is_some() {
                return None;
            }
            self.next_line()?;
        }
        self.closes(column).then_some(Value::Object(members))
    }

    /// What follows a key; a list may start in the column of the key.
    fn value(&mut self, column: isize, depth: usize) -> Option<Value> {
        let before = self.cursor.at;
        self.cursor.skip_lines();
        let fresh = self.cursor.text.get(before..self.cursor.at)?.contains(&'\n');
        let dash = self.cursor.peek(0) == Some('-') && self.cursor.blank(1);
        if fresh && dash && self.column() == column {
            return self.list(column, depth + 1);
        }
        self.cursor.at = before;
        self.node(column, false, depth + 1)
    }

    /// Goes to the next line that has something; the rest of this one must be blank.
    fn next_line(&mut self) -> Option<()> {
        if self.cursor.column() > 0 && !self.cursor.ends_line() && !self.at_start() {
            return None;
        }
        self.cursor.skip_lines();
        (!self.tabbed()).then_some(())
    }

    /// Whether only spaces are before this place in its line.
    fn at_start(&self) -> bool {
        let head = self.cursor.text.get(..self.cursor.at).unwrap_or_default();
        head.iter().rev().take_while(|c| **c != '\n').all(|c| *c == ' ')
    }

    /// Whether the line is indented with a tab.
    fn tabbed(&self) -> bool {
        let head = self.cursor.text.get(..self.cursor.at).unwrap_or_default();
        let line: Vec<char> = head.iter().rev().take_while(|c| **c != '\n').copied().collect();
        self.cursor.peek(0).is_some() && line.contains(&'\t') && line.iter().all(|c| matches!(c, ' ' | '\t'))
    }

    /// Whether what comes next belongs to something further out.
    fn closes(&self, column: isize) -> bool {
        self.cursor.peek(0).is_none() || self.ends_document() || self.column() <= column
    }

    fn column(&self) -> isize {
        isize::try_from(self.cursor.column()).unwrap_or(isize::MAX)
    }

    fn marker(&self, c: char) -> bool {
        self.cursor.column() == 0
            && (0..3).all(|ahead| self.cursor.peek(ahead) == Some(c))
            && self.cursor.blank(3)
    }

    fn ends_document(&self) -> bool {
        self.marker('-') || self.marker('.')
    }

    fn skip_line(&mut self) {
        while self.cursor.peek(0).is_some_and(|c| c != '\n') {
            self.cursor.at += 1;
        }
    }

    /// A property or an alias without its sign.
    fn word(&mut self) -> String {
        self.cursor.at += 1;
        let mut out = String::new();
        while let Some(c) = self.cursor.peek(0).filter(|_| !self.cursor.blank(0)) {
            out.push(c);
            self.cursor.at += 1;
        }
        out
    }

    /// Whether a key starts here.
    fn keyed(&mut self) -> bool {
        let at = self.cursor.at;
        let read = match self.cursor.peek(0) {
            Some('"' | '\'') => self.cursor.quoted().is_some(),
            Some('[' | '{') => false,
            _ => self.plain_line().is_some(),
        };
        let one_line = !self.cursor.text.get(at..self.cursor.at).unwrap_or_default().contains(&'\n');
        self.cursor.skip_spaces();
        let keyed = read && one_line && self.cursor.peek(0) == Some(':') && self.cursor.blank(1);
        self.cursor.at = at;
        keyed
    }

    /// What a line has of a plain scalar.
    fn plain_line(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(c) = self.cursor.peek(0) {
            let ends =
                c == '\n' || (c == ':' && self.cursor.blank(1)) || (c == '#' && out.ends_with([' ', '\t']));
            if ends {
                break;
            }
            out.push(c);
            self.cursor.at += 1;
        }
        let text = out.trim_end_matches([' ', '\t']);
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn plain(&mut self, above: isize) -> Option<Value> {
        let mut out = self.plain_line()?;
        loop {
            if self.cursor.peek(0) == Some(':') {
                // A mapping within the line of a mapping.
                return None;
            }
            let at = self.cursor.at;
            if self.cursor.peek(0) == Some('#') {
                break;
            }
            let mut ends = 0;
            self.cursor.skip_spaces();
            while self.cursor.take('\n') {
                ends += 1;
                self.cursor.skip_spaces();
            }
            let over = self.cursor.peek(0).is_none_or(|c| c == '#') || self.column() <= above;
            if over || self.ends_document() {
                self.cursor.at = at;
                break;
            }
            out.push_str(&if ends == 1 { " ".to_owned() } else { "\n".repeat(ends - 1) });
            out.push_str(&self.plain_line()?);
        }
        Some(super::plain(&out))
    }

    /// `|` or `>` with its lines.
    fn block_scalar(&mut self, above: isize) -> Option<Value> {
        let folded = self.cursor.peek(0) == Some('>');
        self.cursor.at += 1;
        let (mut chomp, mut given) = (' ', None);
        while let Some(c) = self.cursor.peek(0).filter(|c| matches!(c, '+' | '-' | '1'..='9')) {
            match c.to_digit(10) {
                Some(digit) => given = Some(above.max(0) + isize::try_from(digit).ok()?),
                None => chomp = c,
            }
            self.cursor.at += 1;
        }
        if !self.cursor.ends_line() {
            return None;
        }
        self.cursor.take('\n');
        let lines = self.block_lines(above, given.and_then(|given| usize::try_from(given).ok()));
        let kept = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let body = lines.get(..kept)?;
        let mut out = if folded { folded_lines(body) } else { body.join("\n") };
        match chomp {
            '+' => out.push_str(&"\n".repeat(lines.len() - kept + usize::from(kept > 0))),
            ' ' if kept > 0 => out.push('\n'),
            _ => {}
        }
        Some(Value::String(out))
    }

    /// The lines of a block scalar without their indentation; the place is then the end of the last one.
    fn block_lines(&mut self, above: isize, mut indent: Option<usize>) -> Vec<String> {
        let mut lines = Vec::new();
        while self.cursor.peek(0).is_some() {
            let start = self.cursor.at;
            self.skip_line();
            let line: String =
                self.cursor.text.get(start..self.cursor.at).unwrap_or_default().iter().collect();
            let column = line.len() - line.trim_start_matches(' ').len();
            let blank = column == line.len();
            let inside = isize::try_from(column).is_ok_and(|column| column > above)
                && indent.is_none_or(|indent| column >= indent);
            if !blank && !inside {
                self.cursor.at = start;
                break;
            }
            if !blank {
                indent = indent.or(Some(column));
            }
            lines.push(line.get(indent.unwrap_or(column)..).unwrap_or_default().to_owned());
            if !self.cursor.take('\n') {
                break;
            }
        }
        // The caller expects to stand at the end of a line.
        if self.cursor.at > 0 && self.cursor.column() == 0 {
            self.cursor.at -= 1;
        }
        lines
    }
}

/// Lines of a folded scalar: a single line end is a blank, except beside lines that are indented further.
fn folded_lines(lines: &[String]) -> String {
    let mut out = String::new();
    let mut previous: Option<&String> = None;
    let mut empty = 0;
    for line in lines {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if let Some(above) = previous {
            let indented = line.starts_with([' ', '\t']) || above.starts_with([' ', '\t']);
            let ends = if indented { empty + 1 } else { empty };
            out.push_str(&if ends == 0 { " ".to_owned() } else { "\n".repeat(ends) });
        } else {
            out.push_str(&"\n".repeat(empty));
        }
        out.push_str(line);
        (previous, empty) = (Some(line), 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_styles_are_read() {
        let cases = [
            (
                "set: {name: Yam}\ntodos: [{title: z}]",
                json!({"set": {"name": "Yam"}, "todos": [{"title": "z"}]}),
            ),
            (
                "todos:\n- title: a\n  completed: true\n- title: b\n",
                json!({"todos": [{"title": "a", "completed": true}, {"title": "b"}]}),
            ),
            (
                "a: 'it''s'\nb: \"x\\ty\" # why\nc:\nd: |\n  one\n  two\ne: >-\n  one\n  two\n",
                json!({"a": "it's", "b": "x\ty", "c": null, "d": "one\ntwo\n", "e": "one two"}),
            ),
            ("---\n# first\na: long\n  text\n\n  goes on\n...\n", json!({"a": "long text\ngoes on"})),
            ("- - 1\n  - 2\n-\n  x: y\n", json!([[1, 2], {"x": "y"}])),
            ("a: &x {b: 1}\nc: *x\n", json!({"a": {"b": 1}, "c": {"b": 1}})),
            ("[a, b: c, \"d\",\n e]", json!(["a", {"b": "c"}, "d", "e"])),
            ("just text", json!("just text")),
            ("", json!(null)),
        ];
        for (text, value) in cases {
            assert_eq!(read(text), Some(value), "{text}");
        }
    }

    #[test]
    fn broken_text_is_refused() {
        for text in [
            ": : :",
            "a: [1",
            "- a\n b: c\n- d",
            "a: b: c",
            "a: 1\na: 2",
            "a:\n\t- b",
            "a: *x",
            "a\n---\nb",
            "{a: 1",
            "a: 'b",
            "a: @x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep: String = (0..1000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert_eq!(read(&deep), None);
        assert_eq!(read(&"[".repeat(1000)), None);
    }
}
