//! Reading JSON and, when that fails, failing in the words of the engine Glint runs on (contract §8.4).

use serde_json::Value;

/// How many characters of the text an error quotes before and after the place.
const CONTEXT: usize = 10;

/// The value of `text`.
///
/// # Errors
/// The message of the engine's `JSON.parse`.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut scan = Scan { units: &units, at: 0 };
        // Half a surrogate pair or more than 128 levels are JSON to the engine but do not fit our values.
        scan.document().err().unwrap_or_else(|| format!("The sandbox cannot hold this JSON: {error}"))
    })
}

struct Scan<'a> {
    units: &'a [u16],
    at: usize,
}

type Step<T> = Result<T, String>;

impl Scan<'_> {
    fn document(&mut self) -> Step<()> {
        let mut open = Vec::new();
        loop {
            if self.value_or_open(&mut open)? {
                continue;
            }
            if !self.close_or_next(&mut open)? {
                break;
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.placed("Unexpected non-whitespace character after JSON")),
        }
    }

    /// Reads a value; true when it was a non-empty object or array, which is then open.
    fn value_or_open(&mut self, open: &mut Vec<u16>) -> Step<bool> {
        match self.peek().and_then(ascii) {
            Some('{') => {
                self.at += 1;
                if self.skip(b'}') {
                    return Ok(false);
                }
                self.key("Expected property name or '}'")?;
                open.push(u16::from(b'}'));
                Ok(true)
            }
            Some('[') => {
                self.at += 1;
                if self.skip(b']') {
                    return Ok(false);
                }
                open.push(u16::from(b']'));
                Ok(true)
            }
            Some('"') => self.string().map(|()| false),
            Some('-' | '0'..='9') => self.number().map(|()| false),
            Some('t') => self.literal("true").map(|()| false),
            Some('f') => self.literal("false").map(|()| false),
            Some('n') => self.literal("null").map(|()| false),
            _ => Err(self.unexpected()),
        }
    }

    /// After a value: closes what ends here; true when a further value must follow.
    fn close_or_next(&mut self, open: &mut Vec<u16>) -> Step<bool> {
        while let Some(&end) = open.last() {
            let object = end == u16::from(b'}');
            if self.skip(b',') {
                if object {
                    self.key("Expected double-quoted property name")?;
                }
                return Ok(true);
            }
            if self.peek() != Some(end) {
                return Err(self.located(if object {
                    "Expected ',' or '}' after property value"
                } else {
                    "Expected ',' or ']' after array element"
                }));
            }
            self.at += 1;
            open.pop();
        }
        Ok(false)
    }

    fn key(&mut self, expected: &str) -> Step<()> {
        if self.peek() != Some(u16::from(b'"')) {
            return Err(self.located(expected));
        }
        self.string()?;
        if self.skip(b':') { Ok(()) } else { Err(self.located("Expected ':' after property name")) }
    }

    fn string(&mut self) -> Step<()> {
        self.at += 1;
        loop {
            match self.units.get(self.at).copied() {
                None => return Err(self.located("Unterminated string")),
                Some(unit) if unit < 0x20 => {
                    return Err(self.located("Bad control character in string literal"));
                }
                Some(0x22) => break,
                Some(0x5c) => self.escape()?,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Step<()> {
        self.at += 1;
        match self.units.get(self.at).copied().and_then(ascii) {
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => self.at += 1,
            Some('u') => {
                self.at += 1;
                for _ in 0..4 {
                    match self.units.get(self.at).copied().and_then(ascii) {
                        Some(digit) if digit.is_ascii_hexdigit() => self.at += 1,
                        _ => return Err(self.located("Bad Unicode escape")),
                    }
                }
            }
            None if self.at >= self.units.len() => return Err(self.unexpected()),
            _ => return Err(self.located("Bad escaped character")),
        }
        Ok(())
    }

    fn number(&mut self) -> Step<()> {
        if self.here('-') {
            self.at += 1;
            if !self.digit() {
                return Err(self.located("No number after minus sign"));
            }
        }
        if self.here('0') {
            self.at += 1;
            if self.digit() {
                return Err(self.located("Unexpected number"));
            }
        } else {
            self.digits();
        }
        if self.here('.') {
            self.at += 1;
            if !self.digits() {
                return Err(self.located("Unterminated fractional number"));
            }
        }
        if self.here('e') || self.here('E') {
            self.at += 1;
            if self.here('+') || self.here('-') {
                self.at += 1;
            }
            if !self.digits() {
                return Err(self.located("Exponent part is missing a number"));
            }
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Step<()> {
        for letter in word.chars() {
            if !self.here(letter) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(())
    }

    fn here(&self, wanted: char) -> bool {
        self.units.get(self.at).copied().and_then(ascii) == Some(wanted)
    }

    fn digit(&self) -> bool {
        self.units.get(self.at).copied().and_then(ascii).is_some_and(|c| c.is_ascii_digit())
    }

    fn digits(&mut self) -> bool {
        let from = self.at;
        while self.digit() {
            self.at += 1;
        }
        self.at > from
    }

    /// Skips blanks and shows what comes next.
    fn peek(&mut self) -> Option<u16> {
        while let Some(0x20 | 0x09 | 0x0a | 0x0d) = self.units.get(self.at) {
            self.at += 1;
        }
        self.units.get(self.at).copied()
    }

    fn skip(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(u16::from(wanted));
        self.at += usize::from(found);
        found
    }

    fn located(&self, what: &str) -> String {
        self.placed(&format!("{what} in JSON"))
    }

    fn placed(&self, what: &str) -> String {
        let before = self.units.get(..self.at).unwrap_or_default();
        let (mut line, mut start) = (1, 0);
        for (index, unit) in before.iter().enumerate() {
            let pair = *unit == 0x0d && self.units.get(index + 1) == Some(&0x0a);
            if (*unit == 0x0a || *unit == 0x0d) && !pair {
                line += 1;
                start = index + 1;
            }
        }
        format!("{what} at position {} (line {line} column {})", self.at, self.at - start + 1)
    }

    fn unexpected(&self) -> String {
        let Some(&unit) = self.units.get(self.at) else { return "Unexpected end of JSON input".into() };
        match ascii(unit) {
            Some('-' | '0'..='9') => self.located("Unexpected number"),
            Some('"') => self.located("Unexpected string"),
            _ => self.unexpected_token(unit),
        }
    }

    fn unexpected_token(&self, unit: u16) -> String {
        let token = String::from_utf16_lossy(&[unit]);
        let quote =
            |from: usize, to: usize| String::from_utf16_lossy(self.units.get(from..to).unwrap_or_default());
        let (length, from, to) = (self.units.len(), self.at.saturating_sub(CONTEXT), self.at + CONTEXT);
        let (head, text, tail) = match length {
            0..=20 => ("", quote(0, length), ""),
            _ if self.at < CONTEXT => ("", quote(0, to), "..."),
            _ if to >= length => ("...", quote(from, length), ""),
            _ => ("...", quote(from, to), "..."),
        };
        format!("Unexpected token '{token}', {head}\"{text}\"{tail} is not valid JSON")
    }
}

fn ascii(unit: u16) -> Option<char> {
    u8::try_from(unit).ok().filter(u8::is_ascii).map(char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_those_of_the_engine() {
        let cases = [
            ("", "Unexpected end of JSON input"),
            ("{\"title\":", "Unexpected end of JSON input"),
            ("{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
            ("title=x", "Unexpected token 'i', \"title=x\" is not valid JSON"),
            ("<!doctype html><title>x</title>", "Unexpected token '<', \"<!doctype \"... is not valid JSON"),
            ("{\"a\":1", "Expected ',' or '}' after property value in JSON at position 6 (line 1 column 7)"),
            ("{\"a\":1,", "Expected double-quoted property name in JSON at position 7 (line 1 column 8)"),
            ("{\n \"a\" 1}", "Expected ':' after property name in JSON at position 7 (line 2 column 6)"),
            ("[1 2]", "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)"),
            ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
            ("\"ab", "Unterminated string in JSON at position 3 (line 1 column 4)"),
            ("{} x", "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)"),
            ("-", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
            ("01", "Unexpected number in JSON at position 1 (line 1 column 2)"),
            ("[1.]", "Unterminated fractional number in JSON at position 3 (line 1 column 4)"),
            ("[1e]", "Exponent part is missing a number in JSON at position 3 (line 1 column 4)"),
            ("\"\\", "Unexpected end of JSON input"),
            ("nul1", "Unexpected number in JSON at position 3 (line 1 column 4)"),
            ("\"\\x\"", "Bad escaped character in JSON at position 2 (line 1 column 3)"),
            ("\"\\u00g0\"", "Bad Unicode escape in JSON at position 5 (line 1 column 6)"),
            ("\"a\nb\"", "Bad control character in string literal in JSON at position 2 (line 1 column 3)"),
            (
                "{\"aaaaaaaaaaaaaaa\": nope, \"b\": 1}",
                "Unexpected token 'o', ...\"aaaaaa\": nope, \"b\": \"... is not valid JSON",
            ),
            (
                "{\"aaaaaaaaaaaaaaaaaaa\": nope",
                "Unexpected token 'o', ...\"aaaaaa\": nope\" is not valid JSON",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).err().as_deref(), Some(message), "{text}");
        }
    }

    #[test]
    fn what_is_json_is_read() {
        assert_eq!(
            parse(" {\"a\":[1,{}],\"b\":null} ").ok(),
            Some(serde_json::json!({"a": [1, {}], "b": null}))
        );
    }
}
