//! Requests as scripts make them: `fetch`, axios, and Python's requests and httpx.

use super::building::basic;
use super::relaxed;
use crate::exchange::Request;
use serde_json::{Map, Value};

/// The request of the call at the start of a text, with what follows it; `None`: it begins with no such call.
pub(super) fn call(text: &str) -> Option<(Request, &str)> {
    if let Some(rest) = text.strip_prefix("await fetch(").or_else(|| text.strip_prefix("fetch(")) {
        return fetch(rest);
    }
    let first = text.lines().next()?;
    let (at, name) = LIBRARIES.iter().find_map(|name| Some((first.find(name)?, *name)))?;
    let before = first.get(..at)?.trim_end().trim_end_matches("await").trim_end();
    if !(before.is_empty() || before.ends_with(['=', '>', '$']) || before.ends_with("return")) {
        return None;
    }
    let rest = text.get(at + name.len()..)?;
    let (verb, rest) = rest.split_once('(')?;
    let verb = verb.trim_start_matches('.');
    if !verb.is_empty() && !verb.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let end = arguments_end(rest);
    let (arguments, rest) = rest.split_at_checked(end)?;
    let request = if name == "axios" { axios(verb, arguments)? } else { python(verb, arguments)? };
    Some((request, rest.trim_start_matches([')', ';', ' '])))
}

/// Libraries whose calls are read.
const LIBRARIES: [&str; 4] = ["requests.", "httpx.", "session.", "axios"];

/// `fetch("url", {…});` as browsers copy it.
fn fetch(rest: &str) -> Option<(Request, &str)> {
    let (url, end) = relaxed::literal(rest)?;
    let mut request =
        Request { method: "GET".to_owned(), url: url.as_str()?.to_owned(), ..Request::default() };
    let mut rest = rest.get(end..)?.trim_start();
    if let Some(options) = rest.strip_prefix(',') {
        let (options, end) = relaxed::literal(options.trim_start())
            .map(|(value, end)| (value, end + options.len() - options.trim_start().len() + 1))?;
        described(&mut request, &options, "body");
        rest = rest.get(end..)?.trim_start();
    }
    let rest = rest.strip_prefix(')')?.trim_start_matches(';');
    Some((request, rest))
}

/// Method, headers and body of an options object.
pub(super) fn described(request: &mut Request, options: &Value, body: &str) {
    if let Some(method) = options.get("method").and_then(Value::as_str) {
        request.method = method.to_ascii_uppercase();
    }
    if let Some(headers) = options.get("headers").and_then(Value::as_object) {
        let pairs =
            headers.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        request.headers.extend(pairs);
    }
    if let Some(auth) = options.get("auth").and_then(Value::as_object) {
        let word = |name: &str| auth.get(name).and_then(Value::as_str).unwrap_or_default();
        credential(request, word("username"), word("password"));
    }
    if let Some(params) = options.get("params").and_then(Value::as_object) {
        parameters(request, params);
    }
    request.body = match options.get(body) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null) | None => None,
        Some(other) => Some(other.to_string()),
    };
}

/// A credential of user and password, unless a header names one.
fn credential(request: &mut Request, user: &str, password: &str) {
    let known = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let given = !user.is_empty() || !password.is_empty();
    if given && !known {
        request.headers.push(("Authorization".to_owned(), basic(&format!("{user}:{password}"))));
    }
}

fn parameters(request: &mut Request, params: &Map<String, Value>) {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in params {
        pairs.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let pairs = pairs.finish();
    if !pairs.is_empty() {
        request.url.push(if request.url.contains('?') { '&' } else { '?' });
        request.url.push_str(&pairs);
    }
}

/// `axios.post(url, data, config)`, `axios(config)`, `axios.request(config)`.
fn axios(verb: &str, arguments: &str) -> Option<Request> {
    let values: Vec<Value> =
        pieces(arguments).into_iter().map(|piece| literal(piece).unwrap_or_default()).collect();
    let mut request = Request::default();
    let mut config = values.iter().find(|value| value.get("url").is_some());
    if let Some(url) = values.first().and_then(Value::as_str) {
        url.clone_into(&mut request.url);
        let sends = ["post", "put", "patch"].contains(&verb);
        config = values.get(if sends { 2 } else { 1 });
    } else {
        config?.get("url")?.as_str()?.clone_into(&mut request.url);
    }
    request.method =
        if ["", "request"].contains(&verb) { "GET".to_owned() } else { verb.to_ascii_uppercase() };
    if let Some(config) = config {
        described(&mut request, config, "data");
    }
    if let Some(data) = values.get(1).filter(|_| ["POST", "PUT", "PATCH"].contains(&request.method.as_str()))
    {
        request.body = Some(data.as_str().map_or_else(|| data.to_string(), str::to_owned));
    }
    Some(request)
}

/// `requests.get("url", headers={…}, auth=("user", "password"), json={…})`.
fn python(verb: &str, arguments: &str) -> Option<Request> {
    let mut request = Request { method: verb.to_ascii_uppercase(), ..Request::default() };
    let mut options = Map::new();
    for piece in pieces(arguments) {
        let name = piece.split_once('=').map(|(name, value)| (name.trim(), value));
        let name =
            name.filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        match name {
            Some(("auth", value)) => {
                // A tuple, or an object such as `HTTPBasicAuth("user", "password")`.
                let texts = texts(value);
                let text = |at: usize| texts.get(at).map_or("", String::as_str);
                credential(&mut request, text(0), text(1));
            }
            Some(("url", value)) => request.url = literal(value)?.as_str()?.to_owned(),
            Some(("method", value)) => request.method = literal(value)?.as_str()?.to_ascii_uppercase(),
            Some(("cookies", value)) => cookies(&mut request, &literal(value).unwrap_or_default()),
            Some((name, value)) => {
                let name = if name == "json" { "data" } else { name };
                options.insert(name.to_owned(), literal(value).unwrap_or_default());
            }
            None => match literal(piece) {
                // `requests.request("GET", url)`
                Some(Value::String(word)) if request.method == "REQUEST" => {
                    request.method = word.to_ascii_uppercase()
                }
                Some(Value::String(word)) if request.url.is_empty() => request.url = word,
                _ => {}
            },
        }
    }
    options.remove("auth");
    described(&mut request, &Value::Object(options), "data");
    (!request.url.is_empty()).then_some(request)
}

fn cookies(request: &mut Request, value: &Value) {
    let pair = |(name, value): (&String, &Value)| format!("{name}={}", value.as_str().unwrap_or_default());
    let pairs: Vec<String> = value.as_object().into_iter().flatten().map(pair).collect();
    if !pairs.is_empty() {
        request.headers.push(("Cookie".to_owned(), pairs.join("; ")));
    }
}

/// A literal; Python's prefixes and words are understood.
fn literal(text: &str) -> Option<Value> {
    let text = text.trim();
    let quoted = |rest: &&str| rest.starts_with(['"', '\'']);
    let text = text.strip_prefix(['f', 'r', 'b']).filter(quoted).unwrap_or(text);
    relaxed::literal(text).map(|(value, _)| value)
}

/// The quoted texts of a piece.
fn texts(piece: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = piece;
    while let Some(at) = rest.find(['"', '\'']) {
        let Some((value, length)) = rest.get(at..).and_then(relaxed::literal) else { break };
        found.extend(value.as_str().map(str::to_owned));
        rest = rest.get(at + length..).unwrap_or_default();
    }
    found
}

/// Where the arguments of a call end: at its closing parenthesis, else at the end of the text.
fn arguments_end(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, c) in outside_quotes(text) {
        match c {
            ')' if open == 0 => return at,
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

/// The arguments of a call.
fn pieces(arguments: &str) -> Vec<&str> {
    let (mut found, mut from, mut open) = (Vec::new(), 0, 0_usize);
    for (at, c) in outside_quotes(arguments) {
        match c {
            ',' if open == 0 => {
                found.extend(arguments.get(from..at));
                from = at + 1;
            }
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    found.extend(arguments.get(from..));
    found.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

/// The characters that are in no quoted text.
fn outside_quotes(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut escaped) = (None, false);
    text.char_indices().filter(move |(_, c)| {
        let inside = quote.is_some();
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if *c == '\\' => escaped = true,
            Some(open) if open == *c => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(*c),
            _ => {}
        }
        !inside && quote.is_none()
    })
}
