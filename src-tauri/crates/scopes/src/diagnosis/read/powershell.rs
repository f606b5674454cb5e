//! Requests of PowerShell: `Invoke-WebRequest` and `Invoke-RestMethod`.

use super::building::basic;
use crate::exchange::Request;

/// The request of the command in a text, with what follows it; `None`: there is no such command at its start.
/// `Some((None, _))`: the command names no URL.
pub(super) fn command(text: &str) -> Option<(Option<Request>, &str)> {
    // Browsers put the session with its cookies in front.
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if ["Invoke-WebRequest", "Invoke-RestMethod"].iter().any(|name| line.contains(name)) {
            let (before, command) = text.split_at_checked(at)?;
            return Some(request(before, command));
        }
        let is_variable = line.trim_start().starts_with('$') || line.trim().is_empty();
        if !is_variable {
            return None;
        }
        at += line.len();
    }
    None
}

fn request<'a>(before: &str, text: &'a str) -> (Option<Request>, &'a str) {
    let end = command_end(text);
    let (command, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let Some(url) = value(command, "-uri ") else { return (None, rest) };
    let mut request = Request {
        method: value(command, "-method ").unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase(),
        url,
        headers: behind(command, "-headers @{").map(table).unwrap_or_default(),
        body: value(command, "-body "),
    };
    request.headers.retain(|(name, _)| !["authority", "method", "path", "scheme"].contains(&name.as_str()));
    request.headers.extend(credential(before, command));
    let cookies: Vec<String> = cookies(before).chain(cookies(command)).collect();
    if !cookies.is_empty() {
        request.headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    (Some(request), rest)
}

/// What follows an option, in any case.
fn behind<'a>(command: &'a str, name: &str) -> Option<&'a str> {
    let at = command.to_ascii_lowercase().find(name)? + name.len();
    command.get(at..)
}

/// The value of an option, without quotes.
fn value(command: &str, name: &str) -> Option<String> {
    let rest = behind(command, name)?.trim_start().trim_start_matches('(');
    match rest.chars().next()? {
        '"' | '\'' => quoted(rest).map(|(value, _)| value),
        _ => rest.split_whitespace().next().map(str::to_owned),
    }
}

/// The header of `-Token` and `-Credential`; their values may be in a variable of a line before.
fn credential(before: &str, command: &str) -> Option<(String, String)> {
    let texts_of = |name: &str| {
        let rest = behind(command, name)?;
        let word = rest.split_whitespace().next().filter(|word| word.starts_with('$'));
        let line = match word {
            Some(word) => before.lines().find(|line| line.trim_start().starts_with(word))?,
            None => rest.get(..argument_end(rest))?,
        };
        Some(texts(line))
    };
    let value = match texts_of("-token ") {
        Some(texts) => format!("Bearer {}", texts.first()?),
        None => {
            let texts = texts_of("-credential ")?;
            basic(&format!("{}:{}", texts.first()?, texts.get(1).map_or("", String::as_str)))
        }
    };
    Some(("Authorization".to_owned(), value))
}

/// `System.Net.Cookie("name", "value", …)`
fn cookies(text: &str) -> impl Iterator<Item = String> {
    text.match_indices("Net.Cookie(").filter_map(|(at, mark)| {
        let texts = texts(text.get(at + mark.len()..)?.lines().next()?);
        Some(format!("{}={}", texts.first()?, texts.get(1)?))
    })
}

/// `"name"="value"; name = 'value'` up to the closing brace.
fn table(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | '`'));
        if rest.is_empty() || rest.starts_with('}') {
            return found;
        }
        let Some((name, after)) = word(rest, &['=', '\n']) else { return found };
        let Some(after) = after.trim_start().strip_prefix('=') else { return found };
        let Some((value, after)) = word(after.trim_start_matches([' ', '\t']), &[';', '\n', '}']) else {
            return found;
        };
        found.push((name, value));
        rest = after;
    }
}

/// A word with quotes, or up to a sign; with it, what follows.
fn word<'a>(text: &'a str, stop: &[char]) -> Option<(String, &'a str)> {
    if text.starts_with(['"', '\'']) {
        let (value, length) = quoted(text)?;
        return Some((value, text.get(length..)?));
    }
    let end = text.find(stop).unwrap_or(text.len());
    Some((text.get(..end)?.trim().to_owned(), text.get(end..)?))
}

/// Every quoted text.
fn texts(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'']) {
        let Some((value, length)) = rest.get(at..).and_then(quoted) else { break };
        found.push(value);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    found
}

/// Where a value ends: behind its parentheses, or at the next option.
fn argument_end(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open <= 1 => return at,
            ')' => open -= 1,
            ' ' if open == 0 && at > 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where a command ends: behind the first line that is neither continued nor inside a table.
fn command_end(text: &str) -> usize {
    let mut at = 0;
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let bare = line.trim();
        inside = (inside || bare.ends_with("@{")) && !bare.starts_with('}');
        if !inside && !bare.ends_with('`') {
            break;
        }
    }
    at
}

/// The text in quotes at the start, with its length; a backtick takes the meaning of the next sign.
fn quoted(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next()?;
    let mut out = String::new();
    let mut signs = text.char_indices().skip(1);
    loop {
        match signs.next()? {
            (at, c) if c == quote => return Some((out, at + c.len_utf8())),
            (_, '`') => out.push(signs.next()?.1),
            (_, c) => out.push(c),
        }
    }
}
