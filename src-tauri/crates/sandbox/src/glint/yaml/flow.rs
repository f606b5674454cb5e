//! Reading: characters, quoted scalars and collections in flow style.

use serde_json::{Map, Value};

/// Deeper nesting than this is not read.
pub(super) const DEEPEST: usize = 100;

/// A place in a text.
pub(super) struct Cursor {
    pub(super) text: Vec<char>,
    pub(super) at: usize,
}

impl Cursor {
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    /// The column of the place.
    pub(super) fn column(&self) -> usize {
        let head = self.text.get(..self.at).unwrap_or_default();
        head.iter().rev().take_while(|c| **c != '\n').count()
    }

    /// Whether the character ahead is white space or there is none.
    pub(super) fn blank(&self, ahead: usize) -> bool {
        self.peek(ahead).is_none_or(|c| matches!(c, ' ' | '\t' | '\n'))
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek(0) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip_spaces(&mut self) {
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    /// Passes blanks and a comment up to the end of the line; false when something else is there.
    pub(super) fn ends_line(&mut self) -> bool {
        let before = self.at;
        self.skip_spaces();
        let apart = self.at > before || self.column() == 0;
        if apart && self.peek(0) == Some('#') {
            while self.peek(0).is_some_and(|c| c != '\n') {
                self.at += 1;
            }
        }
        self.peek(0).is_none_or(|c| c == '\n')
    }

    /// Passes blanks, comments and line ends.
    pub(super) fn skip_lines(&mut self) {
        while self.ends_line() && self.take('\n') {}
    }

    /// A scalar in quotes; line ends within are folded.
    pub(super) fn quoted(&mut self) -> Option<String> {
        let quote = self.peek(0)?;
        self.at += 1;
        let mut out = String::new();
        loop {
            let c = self.peek(0)?;
            self.at += 1;
            match c {
                '\'' if quote == c && self.take('\'') => out.push(c),
                _ if c == quote => return Some(out),
                '\n' => {
                    out.truncate(out.trim_end_matches([' ', '\t']).len());
                    self.break_lines(&mut out);
                }
                '\\' if quote == '"' => self.escape(&mut out)?,
                _ => out.push(c),
            }
        }
    }

    /// One line end is a blank; further ones stay.
    fn break_lines(&mut self, out: &mut String) {
        let mut further = 0;
        loop {
            self.skip_spaces();
            if !self.take('\n') {
                break;
            }
            further += 1;
        }
        out.push_str(&if further == 0 { " ".to_owned() } else { "\n".repeat(further) });
    }

    fn escape(&mut self, out: &mut String) -> Option<()> {
        let c = self.peek(0)?;
        self.at += 1;
        let digits = match c {
            '\n' => {
                self.skip_spaces();
                return Some(());
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                let at = "0abtnvfre\"/\\N_LP \t".chars().position(|known| known == c)?;
                let plain = "\0\u{7}\u{8}\t\n\u{b}\u{c}\r\u{1b}\"/\\\u{85}\u{a0}\u{2028}\u{2029} \t";
                out.push(plain.chars().nth(at)?);
                return Some(());
            }
        };
        let code: String = self.text.get(self.at..self.at + digits)?.iter().collect();
        self.at += digits;
        out.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?).unwrap_or('\u{fffd}'));
        Some(())
    }

    /// A value in flow style.
    pub(super) fn flow(&mut self, depth: usize) -> Option<Value> {
        match self.peek(0)? {
            _ if depth > DEEPEST => None,
            '[' => self.flow_list(depth),
            '{' => self.flow_mapping(depth),
            '"' | '\'' => self.quoted().map(Value::String),
            _ => Some(super::plain(&self.flow_plain()?)),
        }
    }

    fn flow_list(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_lines();
            if self.take(']') {
                return Some(Value::Array(items));
            }
            let item = self.flow(depth + 1)?;
            self.skip_lines();
            if self.take(':') {
                self.skip_lines();
                let mut pair = Map::new();
                pair.insert(key(&item)?, self.flow_value(depth)?);
                items.push(Value::Object(pair));
                self.skip_lines();
            } else {
                items.push(item);
            }
            if !self.take(',') && self.peek(0) != Some(']') {
                return None;
            }
        }
    }

    fn flow_mapping(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut members = Map::new();
        loop {
            self.skip_lines();
            if self.take('}') {
                return Some(Value::Object(members));
            }
            let name = key(&self.flow(depth + 1)?)?;
            self.skip_lines();
            let mut value = Value::Null;
            if self.take(':') {
                self.skip_lines();
                value = self.flow_value(depth)?;
                self.skip_lines();
            }
            if members.insert(name, value).is_some() || !(self.take(',') || self.peek(0) == Some('}')) {
                return None;
            }
        }
    }

    /// The value of a pair, which may be missing.
    fn flow_value(&mut self, depth: usize) -> Option<Value> {
        if matches!(self.peek(0)?, ',' | ']' | '}') { Some(Value::Null) } else { self.flow(depth + 1) }
    }

    fn flow_plain(&mut self) -> Option<String> {
        let flow = |c: Option<char>| c.is_none_or(|c| ",[]{}".contains(c));
        if self.peek(0).is_some_and(|c| "&*!|>%@`#,]}".contains(c)) {
            return None;
        }
        if matches!(self.peek(0), Some('-' | '?' | ':')) && (self.blank(1) || flow(self.peek(1))) {
            return None;
        }
        let mut out = String::new();
        while let Some(c) = self.peek(0) {
            let ends_key = c == ':' && (self.blank(1) || flow(self.peek(1)));
            if ends_key || flow(Some(c)) || (c == '#' && out.ends_with([' ', '\t'])) {
                break;
            }
            self.at += 1;
            if c == '\n' {
                out.truncate(out.trim_end_matches([' ', '\t']).len());
                self.break_lines(&mut out);
            } else {
                out.push(c);
            }
        }
        Some(out.trim_matches([' ', '\t', '\n']).to_owned())
    }
}

/// A value as the name of a member.
pub(super) fn key(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Object(_) => None,
        Value::Null => Some(String::new()),
        other => Some(crate::js::string(Some(other))),
    }
}
