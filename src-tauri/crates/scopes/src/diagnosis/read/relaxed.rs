//! Object literals as JavaScript programs print them: names without quotes, texts in single quotes, commas at the end.

use serde_json::{Map, Number, Value};

/// How deep literals may nest.
const MAX_DEPTH: usize = 32;

/// Reads the literal at the start of a text; with it, how many bytes it takes.
pub(super) fn literal(text: &str) -> Option<(Value, usize)> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Some((value, reader.at))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, c: char) -> bool {
        self.blanks();
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blanks();
        match self.rest().chars().next().filter(|_| depth < MAX_DEPTH)? {
            '{' => self.object(depth),
            '[' => self.array(depth),
            quote @ ('"' | '\'' | '`') => self.text(quote).map(Value::String),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.eat('{');
        let mut members = Map::new();
        while !self.eat('}') {
            self.blanks();
            let name = match self.rest().chars().next()? {
                quote @ ('"' | '\'') => self.text(quote)?,
                _ => self.name()?,
            };
            if !self.eat(':') {
                return None;
            }
            members.insert(name, self.value(depth + 1)?);
            self.eat(',');
        }
        Some(Value::Object(members))
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.eat('[');
        let mut rows = Vec::new();
        while !self.eat(']') {
            rows.push(self.value(depth + 1)?);
            self.eat(',');
        }
        Some(Value::Array(rows))
    }

    fn name(&mut self) -> Option<String> {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
        let rest = self.rest();
        // A symbol such as `[cause]` is a name as well.
        let end = match rest.strip_prefix('[') {
            Some(inner) => inner.find(']')? + 2,
            None => rest.find(|c| !word(c)).unwrap_or(rest.len()),
        };
        let name = rest.get(..end).filter(|name| !name.is_empty())?;
        self.at += end;
        Some(name.to_owned())
    }

    fn text(&mut self, quote: char) -> Option<String> {
        self.at += quote.len_utf8();
        let mut out = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                c if c == quote => {
                    self.at += at + quote.len_utf8();
                    return Some(out);
                }
                '\\' => out.push(match characters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'u' => {
                        let digits: String = characters.by_ref().take(4).map(|(_, c)| c).collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).ok()?).unwrap_or('\u{fffd}')
                    }
                    other => other,
                }),
                c => out.push(c),
            }
        }
        None
    }

    /// `true`, a number, or what a program prints for anything else: `undefined`, `Object [Foo]`, `[Function: x]`.
    fn word(&mut self) -> Option<Value> {
        let rest = self.rest();
        let end = rest.find([',', '}', ']', '\n']).unwrap_or(rest.len());
        let word = rest.get(..end)?.trim();
        if word.is_empty() {
            return None;
        }
        self.at += end;
        Some(match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" => Value::Null,
            word => match word.parse::<i64>() {
                Ok(number) => Value::Number(Number::from(number)),
                Err(_) => Value::String(word.to_owned()),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn literals_as_programs_print_them() {
        let text =
            "{ status: 403, data: { error: 'No \\'x\\'' }, \"list\": [1, true,], code: undefined, } rest";
        let (value, end) = literal(text).unwrap();
        assert_eq!(
            value,
            json!({"status": 403, "data": {"error": "No 'x'"}, "list": [1, true], "code": null})
        );
        assert_eq!(&text[end..], " rest");
        for broken in ["{", "{ a }", "'x", "", "[", &"[".repeat(100)] {
            assert!(literal(broken).is_none(), "{broken}");
        }
    }
}
