//! A pasted answer: status line, headers and body, or any part of them.

use super::super::denials;
use super::{Entry, Hint, Read, output, prose};
use crate::exchange::{Exchange, Request, Response};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use serde_json::Value;

/// Reads a pasted answer, with its request before it or not.
pub(super) fn pasted(text: &str, hint: &Hint, lang: Lang) -> Read {
    let text = text.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    if let Some(exchange) = prose::redirect(text) {
        return Read { entries: vec![Entry::of(0, exchange)], ..Read::default() };
    }
    let (request, rest) = request_before(text);
    let mut exchange = Exchange { request: request.unwrap_or_default(), ..Exchange::default() };
    let problems = take(&mut exchange, rest, hint, lang);
    hinted(&mut exchange.request, hint);
    Read { entries: vec![Entry::of(0, exchange)], problems, ..Read::default() }
}

/// Puts the answer into the exchange; what is missing becomes a problem.
pub(super) fn take(exchange: &mut Exchange, text: &str, hint: &Hint, lang: Lang) -> Vec<Problem> {
    let output = output::taken_apart(text, &mut exchange.request);
    if output.failure.is_some() && output.status.is_none() && output.text.trim().is_empty() {
        exchange.failure = output.failure;
        return Vec::new();
    }
    let text = output.text.trim();
    let (status, headers, body) = head(text);
    // Both a status line and the whole plain-text body of a route that does not exist; the body says more.
    let body = if text == "404 Not Found" { text } else { output::without_prompt(body.trim()) };
    // Without a request, a text that names no error may be anything: it is not taken for an answer of 200.
    let asked = !exchange.request.url.is_empty() || hint.url.is_some();
    let in_words = body.starts_with("{'") || !body.starts_with(['{', '[', '<']);
    let quote = (status.is_none() && in_words).then(|| prose::quoted(body)).flatten();
    let (named, body) = quote.unwrap_or((None, body.into()));
    let body = &*body;
    let known = status
        .or(output.status)
        .or(hint.status)
        .or(named)
        .or_else(|| told(body).filter(|status| asked || *status != 200));
    let wrapped = (!body.is_empty() && says_only_text(body, &headers)).then(|| quoted(body));
    exchange.response = Some(Response {
        status: known.unwrap_or(0),
        headers,
        body: (!body.is_empty()).then(|| wrapped.unwrap_or_else(|| body.to_owned())),
        truncated: output.cut || output.failure.is_some(),
    });
    if known.is_some() {
        return Vec::new();
    }
    let words = say!(
        lang,
        "The text does not say with which status the server answered.",
        "文本没有说明服务器以什么状态码回答。"
    );
    vec![Problem::risky("read.status_unknown", words).hinted(say!(
        lang,
        "Give the status beside it.",
        "在旁边填写状态码。"
    ))]
}

/// Fills in what the person says beside the text, where the text does not say it.
pub(super) fn hinted(request: &mut Request, hint: &Hint) {
    if let Some(method) = hint.method.as_ref().filter(|_| request.method.is_empty()) {
        request.method = method.trim().to_ascii_uppercase();
    }
    if let Some(url) = hint.url.as_ref().filter(|_| request.url.is_empty()) {
        url.clone_into(&mut request.url);
    }
    if request.method.is_empty() && !request.url.is_empty() {
        "GET".clone_into(&mut request.method);
    }
}

/// `GET /path HTTP/1.1` with headers and body in front of the answer.
fn request_before(text: &str) -> (Option<Request>, &str) {
    let first = text.lines().next().unwrap_or_default();
    let mut parts = first.split_whitespace();
    let (method, url) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if !verbs.contains(&method) || !(url.starts_with('/') || url.contains("://")) {
        return (None, text);
    }
    let rest = text.get(first.len()..).unwrap_or_default();
    let answer = rest.match_indices("HTTP/").map(|(at, _)| at).find(|at| {
        rest.get(..*at).is_some_and(|before| before.ends_with('\n'))
            && status_of(rest.get(*at..).unwrap_or_default()).is_some()
    });
    let mut request =
        Request { method: method.to_owned(), url: url.to_owned(), headers: Vec::new(), body: None };
    let Some(at) = answer else {
        // No status line: what follows the first line is the answer, unless headers stand there.
        let (found, answer) = headers(rest.trim_start_matches(['\r', '\n']));
        request.headers = found;
        return (Some(absolute(request)), answer);
    };
    let before = rest.get(..at).unwrap_or_default();
    let (found, body) = headers(before.trim_start_matches(['\r', '\n']));
    request.headers = found;
    request.body = Some(body.trim().to_owned()).filter(|body| !body.is_empty());
    (Some(absolute(request)), rest.get(at..).unwrap_or_default())
}

/// A path with a `Host` header is a URL; only this computer is called without TLS.
fn absolute(mut request: Request) -> Request {
    let host = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, host)| host.clone());
    if let Some(host) = host.filter(|_| request.url.starts_with('/')) {
        let local = ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
        let scheme = if local { "http" } else { "https" };
        request.url = format!("{scheme}://{host}{}", request.url);
    }
    request
}

type Head<'a> = (Option<u16>, Vec<(String, String)>, &'a str);

/// Status, headers and body; the last of several heads counts (`100 Continue`, redirects).
fn head(text: &str) -> Head<'_> {
    let mut rest = text;
    let mut found = (None, Vec::new(), text);
    while let Some(status) = status_of(rest) {
        let after_line = rest.find('\n').map_or("", |at| rest.get(at + 1..).unwrap_or_default());
        let line = rest.get(..rest.len() - after_line.len()).unwrap_or_default();
        let (headers, body) = headers(after_line);
        let inline = line.find(['{', '<']).and_then(|at| rest.get(at..));
        found = (Some(status), headers, inline.unwrap_or(body));
        if inline.is_some() || !body.trim_start().starts_with("HTTP/") {
            break;
        }
        rest = body.trim_start();
    }
    found
}

fn headers(text: &str) -> (Vec<(String, String)>, &str) {
    let mut headers = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare.is_empty() {
            return (headers, text.get(at + line.len()..).unwrap_or_default());
        }
        let pair = bare.split_once(':').filter(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
        match pair {
            Some((name, value)) => {
                headers.push((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()))
            }
            None => break,
        }
        at += line.len();
    }
    (headers, text.get(at..).unwrap_or_default())
}

/// The status a line begins with: `HTTP/2 403`, `403 Forbidden`, `HTTP 403`, `status: 403`. Zero stands for a request line.
fn status_of(text: &str) -> Option<u16> {
    let line = text.lines().next()?.trim();
    let lower = line.to_ascii_lowercase();
    let rest = ["http/", "http", "status code", "statuscode", "status"]
        .iter()
        .find_map(|word| lower.strip_prefix(word));
    let rest = match rest {
        Some(rest) if lower.starts_with("http/") => rest.split_once(' ')?.1,
        Some(rest) => rest.trim_start_matches([':', '=', ' ']),
        None => &lower,
    };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let end = rest.get(digits.len()..)?.chars().next();
    let number = digits.parse().ok()?;
    let plain = end.is_none_or(|c| c == ' ' || c == ':' || c == ',');
    (plain && (number == 0 || (100..600).contains(&number))).then_some(number)
}

/// The status that goes with a text nobody else says (contract §6, §8).
fn told(body: &str) -> Option<u16> {
    let json: Option<Value> = serde_json::from_str(body).ok();
    let Some(json) = json else { return told_by_text(body) };
    let status = ["status", "statusCode", "status_code"].iter().find_map(|name| json.get(*name)?.as_u64());
    if let Some(status) =
        status.and_then(|status| u16::try_from(status).ok()).filter(|s| (100..600).contains(s))
    {
        return Some(status);
    }
    if json.get("stack").is_some_and(Value::is_string) {
        return Some(500);
    }
    match json.get("error") {
        Some(Value::String(text)) => told_by_text(text),
        Some(_) => None,
        None => Some(200),
    }
}

fn told_by_text(text: &str) -> Option<u16> {
    let text = text.trim();
    denials::status_of(text).or_else(|| {
        if text.ends_with(" is required") {
            Some(400)
        } else if text.ends_with(" not found") {
            Some(404)
        } else if text.starts_with("Too many") || text == "rate_limited" {
            Some(429)
        } else {
            None
        }
    })
}

/// A bare sentence such as `Not a member of this team` is what somebody copied out of the `error` member.
fn says_only_text(body: &str, headers: &[(String, String)]) -> bool {
    headers.is_empty()
        && !body.contains('\n')
        && !body.starts_with(['{', '[', '<', '"'])
        && body != "404 Not Found"
        && told_by_text(body).is_some()
}

fn quoted(text: &str) -> String {
    serde_json::json!({ "error": text.trim() }).to_string()
}

#[cfg(test)]
mod tests;
