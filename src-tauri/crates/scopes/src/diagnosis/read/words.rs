//! The command line of a POSIX shell, cut into words as the shell does.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Stands before the name of a variable whose value the text does not tell.
pub(super) const VARIABLE: char = '\u{f8ff}';

/// Variables that were set in front of a command.
pub(super) type Variables = BTreeMap<String, String>;

/// Where the next `curl` command begins: byte offset of `curl`, behind a prompt or assignments.
pub(super) fn next_command(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(start) = in_line(line) {
            return Some(at + start);
        }
        at += line.len();
    }
    None
}

fn in_line(line: &str) -> Option<usize> {
    let is_command = |at: &usize| {
        let rest = line.get(*at..).unwrap_or_default();
        let rest = rest.strip_prefix("curl.exe").or_else(|| rest.strip_prefix("curl"));
        rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
    };
    let at = line.match_indices("curl").map(|(at, _)| at).find(is_command)?;
    let before = line.get(..at)?.trim();
    let is_prompt =
        before.ends_with(['$', '#', '%', '>', '❯', '➜']) && !before.starts_with(['*', '<', '{', '"']);
    let is_assignment = before.split_whitespace().all(|word| {
        let name = word.split('=').next().unwrap_or_default();
        word.contains('=') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    (before.is_empty() || is_prompt || is_assignment || before == "time").then_some(at)
}

/// Takes in `NAME=value` and `export NAME=value` lines.
pub(super) fn assigned(text: &str, variables: &mut Variables) {
    for line in text.lines() {
        let line = line.trim().trim_start_matches(['$', '#', '%', '>', ' ']);
        let line = line.strip_prefix("export ").or_else(|| line.strip_prefix("set ")).unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else { continue };
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        // A value that a command makes is not known.
        if is_name && !value.contains("$(") && !value.contains('`') {
            let (words, _) = command(value, variables);
            variables.insert(name.to_owned(), words.concat());
        }
    }
}

/// The words of the first command and what follows it. Quotes, `\` at line ends, `$'…'` and variables that are known are
/// understood; nothing else is expanded. The quotes of the Windows command line (`^"`) are, too.
pub(super) fn command<'a>(text: &'a str, variables: &Variables) -> (Vec<String>, Cow<'a, str>) {
    let first = text.lines().next().unwrap_or_default();
    if !first.contains("^\"") {
        let (words, rest) = posix(text, variables);
        return (words, Cow::Borrowed(rest));
    }
    let mut plain = String::new();
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim_end();
        let (line, goes_on) = line.strip_suffix('^').map_or((line, false), |line| (line, true));
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            plain.extend(if c == '^' { chars.next() } else { Some(c) });
        }
        plain.push(' ');
        rest = after;
        if !goes_on || rest.is_empty() {
            return (posix(&plain, variables).0, Cow::Borrowed(rest));
        }
    }
}

fn posix<'a>(text: &'a str, variables: &Variables) -> (Vec<String>, &'a str) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' | '^' | '`' if matches!(chars.peek(), Some((_, '\n' | '\r'))) => {
                chars.next_if(|(_, c)| *c == '\r');
                chars.next_if(|(_, c)| *c == '\n');
            }
            '\n' => {
                words.extend(word.take());
                return (words, text.get(at + 1..).unwrap_or_default());
            }
            // A URL that was not quoted: the shell would end the command here, the person did not mean it.
            '&' if word.as_ref().is_some_and(|word| word.contains("://")) && next_is_word(&mut chars) => {
                word.get_or_insert_with(String::new).push('&');
            }
            ';' | '|' | '&' | '>' => {
                words.extend(word.take().filter(|word| c != '>' || word.as_str() != "2"));
                let rest = text.get(at..).and_then(|rest| rest.split_once('\n'));
                return (words, rest.map_or("", |(_, rest)| rest));
            }
            ' ' | '\t' | '\r' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_with(String::new);
                word.extend(chars.by_ref().map(|(_, c)| c).take_while(|c| *c != '\''));
            }
            '"' => double_quoted(&mut chars, word.get_or_insert_with(String::new), variables),
            '$' if matches!(chars.peek(), Some((_, '\''))) => {
                chars.next();
                ansi_quoted(&mut chars, word.get_or_insert_with(String::new));
            }
            '$' => variable(&mut chars, word.get_or_insert_with(String::new), variables),
            '\\' => word.get_or_insert_with(String::new).extend(chars.next().map(|(_, c)| c)),
            _ => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    (words, "")
}

fn next_is_word(chars: &mut Chars<'_>) -> bool {
    chars.peek().is_some_and(|(_, c)| c.is_alphanumeric())
}

/// `$NAME` and `${NAME}`: the value that was set, else the name behind [`VARIABLE`].
fn variable(chars: &mut Chars<'_>, word: &mut String, variables: &Variables) {
    let braced = chars.next_if(|(_, c)| *c == '{').is_some();
    let mut name = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_') {
        name.push(c);
    }
    let closed = !braced || chars.next_if(|(_, c)| *c == '}').is_some();
    match variables.get(&name).filter(|_| closed) {
        Some(value) => word.push_str(value),
        None if name.is_empty() || !closed => word.push_str(if braced { "${" } else { "$" }),
        None => word.push(VARIABLE),
    }
    if !variables.contains_key(&name) || !closed {
        word.push_str(&name);
    }
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn double_quoted(chars: &mut Chars<'_>, word: &mut String, variables: &Variables) {
    while let Some((_, c)) = chars.next() {
        match c {
            '"' => return,
            '$' => variable(chars, word, variables),
            '\\' => match chars.next().map(|(_, c)| c) {
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some('\n') | None => {}
                Some(c) => word.extend(['\\', c]),
            },
            _ => word.push(c),
        }
    }
}

fn ansi_quoted(chars: &mut Chars<'_>, word: &mut String) {
    while let Some((_, c)) = chars.next() {
        match c {
            '\'' => return,
            '\\' => match chars.next().map(|(_, c)| c) {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some('x') => word.extend(coded(chars, 2)),
                Some('u') => word.extend(coded(chars, 4)),
                Some('U') => word.extend(coded(chars, 8)),
                Some(c) => word.push(c),
                None => {}
            },
            _ => word.push(c),
        }
    }
}

/// A character by its number, at most so many hexadecimal digits.
fn coded(chars: &mut Chars<'_>, most: usize) -> Option<char> {
    let mut number = 0;
    for _ in 0..most {
        let Some((_, digit)) = chars.next_if(|(_, c)| c.is_ascii_hexdigit()) else { break };
        number = number * 16 + digit.to_digit(16).unwrap_or(0);
    }
    char::from_u32(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> (Vec<String>, String) {
        let (words, rest) = command(text, &Variables::from([("T".to_owned(), "tok".to_owned())]));
        (words, rest.into_owned())
    }

    #[test]
    fn words_as_the_shell_cuts_them() {
        let (cut, rest) =
            words("curl -H 'A: $T c' \\\n  \"x\\\"$T\\$T${T}\" $'l\\n\\u00e9\\x21' a\\ b ''\nHTTP/1.1 200");
        assert_eq!(cut, ["curl", "-H", "A: $T c", "x\"tok$Ttok", "l\né!", "a b", ""]);
        assert_eq!(rest, "HTTP/1.1 200");
        assert_eq!(words("curl https://a/?b=1&c=2 2>&1 | jq .\n{}").0, ["curl", "https://a/?b=1&c=2"]);
        assert_eq!(words("curl \"$OTHER\" $ \"5$\"").0, ["curl", "\u{f8ff}OTHER", "$", "5$"]);
    }

    #[test]
    fn the_windows_command_line() {
        let text = "curl ^\"https://a/?b=1^&c=2^\" ^\r\n  -H ^\"accept: x^\" ^\r\n  --data-raw ^\"^{^\\^\"t^\\^\":1^}^\"\r\n{}";
        let (cut, rest) = words(text);
        assert_eq!(cut, ["curl", "https://a/?b=1&c=2", "-H", "accept: x", "--data-raw", "{\"t\":1}"]);
        assert_eq!(rest, "{}");
    }

    #[test]
    fn commands_are_found_behind_prompts_only() {
        for text in [
            "curl x",
            "$ curl x",
            "me@host:~/a$ curl x",
            "A=1 B=2 curl x",
            "export A=1\n\n> curl.exe x",
            "time curl x",
        ] {
            let at = next_command(text).unwrap();
            assert!(text[at..].starts_with("curl"), "{text}");
        }
        for text in
            ["curling", "User-Agent: curl/8", "{\"a\":\"curl x\"}", "use curl for it", "* using curl x"]
        {
            assert_eq!(next_command(text), None, "{text}");
        }
    }

    #[test]
    fn assignments_are_taken_in() {
        let mut variables = Variables::new();
        assigned("export A='x y'\n$ B=\"$A!\"\nC=$(cat f)\nnot one", &mut variables);
        assert_eq!(variables.get("B").map(String::as_str), Some("x y!"));
        assert_eq!(variables.get("C"), None);
    }
}
