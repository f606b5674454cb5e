//! `JSON.parse`, with the error texts of V8, the engine of both servers (contract §8.4).

use serde_json::Value;

/// How many characters of the text an error quotes before and after the place.
const CONTEXT: usize = 10;

/// Whole texts that the engine quotes without a place: values that were turned into text on the way.
const SPECIAL: [&str; 4] = ["[object Object]", "NaN", "Infinity", "undefined"];

/// The value of a request body: UTF-8 with one byte order mark allowed, whatever the content type says.
///
/// # Errors
/// As [`parse`].
pub(crate) fn body(bytes: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(bytes);
    parse(text.strip_prefix('\u{feff}').unwrap_or(&text))
}

/// The value of `text`.
///
/// # Errors
/// The message of the engine's `JSON.parse`.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map(super::normalised).or_else(|error| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut scan = Scan { units: &units, at: 0 };
        scan.document()?;
        // JSON to the engine, but not to us: half a surrogate pair, a huge number, more than 128 levels.
        let whole = serde_json::from_str(&without_half_pairs(text)).map(super::normalised);
        whole.map_err(|_| format!("The sandbox cannot hold this JSON: {error}"))
    })
}

/// The text with every unpaired surrogate escape replaced, as encoding it in UTF-8 does.
fn without_half_pairs(text: &str) -> String {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6).and_then(|escape| escape.strip_prefix("\\u"))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut out = String::new();
    let mut rest = 0;
    for (at, _) in text.match_indices("\\u") {
        let backslashes = text.get(..at).map_or(0, |head| head.len() - head.trim_end_matches('\\').len());
        let (Some(0xd800..=0xdfff), true, true) = (unit(at), backslashes % 2 == 0, at >= rest) else {
            continue;
        };
        let paired = matches!((unit(at), unit(at + 6)), (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)));
        let end = at + if paired { 12 } else { 6 };
        out.push_str(text.get(rest..if paired { end } else { at }).unwrap_or_default());
        if !paired {
            out.push_str("\\ufffd");
        }
        rest = end;
    }
    out + text.get(rest..).unwrap_or_default()
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
            _ => match String::from_utf16(self.units) {
                Ok(whole) if SPECIAL.contains(&whole.as_str()) => format!("\"{whole}\" is not valid JSON"),
                _ => self.unexpected_token(unit),
            },
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
            ("NaN", "\"NaN\" is not valid JSON"),
            ("[object Object]", "\"[object Object]\" is not valid JSON"),
            ("undefined", "\"undefined\" is not valid JSON"),
            (" NaN", "Unexpected token 'N', \" NaN\" is not valid JSON"),
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
        assert_eq!(parse("[1.0, 1e3]").ok(), Some(serde_json::json!([1, 1000])));
    }

    #[test]
    fn half_of_a_pair_is_replaced() {
        let text = "[\"\\ud800\", \"\\ud83c\\udf75\", \"\\\\ud800\", \"\\udf75x\"]";
        let read = serde_json::json!(["\u{fffd}", "🍵", "\\ud800", "\u{fffd}x"]);
        assert_eq!(parse(text).ok(), Some(read));
    }
}
