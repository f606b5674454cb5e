//! What programs print when a call fails, and requests as tools copy them: Node's `fetch`, axios, Python, Go, PowerShell,
//! HTTPie, the console of a browser.

mod failures;

use super::script::described;
use super::{Entry, Hint, Read, answer, httpie, powershell, relaxed, script, transport};
use crate::exchange::{Exchange, Request, Response, TransportFailure};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use failures::{failed, failure_in, lost};
use serde_json::Value;
use std::borrow::Cow;

/// Reads a text that is not an answer by itself; `None` where it is in no form that is known here.
pub(super) fn read(text: &str, hint: &Hint, lang: Lang) -> Option<Read> {
    let text = text.trim();
    if let Some((request, rest)) = copied(text) {
        return Some(command(request?, &rest, hint, lang));
    }
    // An answer by itself may hold the words of an error of its own.
    let answers = text.starts_with(['{', '[', '<'])
        || text.lines().any(|line| line.trim_start_matches(['<', ' ']).starts_with("HTTP/"));
    if answers {
        return None;
    }
    if let Some(mut exchange) = console(text).or_else(|| axios(text)).or_else(|| failed(text)) {
        answer::hinted(&mut exchange.request, hint);
        return Some(Read { entries: vec![Entry::of(0, exchange)], ..Read::default() });
    }
    None
}

/// A request alone shows all its headers, and no answer.
fn command(request: Request, rest: &str, hint: &Hint, lang: Lang) -> Read {
    let mut read = Read::default();
    let mut exchange = Exchange { request, ..Exchange::default() };
    answer::hinted(&mut exchange.request, hint);
    if rest.trim().is_empty() && hint.status.is_none() {
        let words = say!(
            lang,
            "The copied request stands alone: its answer is missing.",
            "只有复制的请求，缺少它的应答。"
        );
        read.problems.push(Problem::refused("read.no_answer", words).hinted(say!(
            lang,
            "Paste the answer below it, or use “Copy as cURL” and paste what `curl -i` prints.",
            "在下面粘贴应答，或使用“复制为 cURL”并粘贴 `curl -i` 的输出。"
        )));
        return read;
    }
    read.problems = answer::take(&mut exchange, rest, hint, lang);
    let entry = Entry::of(0, exchange);
    read.entries.push(Entry { headers_unknown: false, ..entry });
    read
}

/// A request as a browser or a tool copies it, with what follows it; `Some(None)` where it cannot be read.
fn copied(text: &str) -> Option<(Option<Request>, Cow<'_, str>)> {
    if let Some((request, rest)) = script::call(text) {
        return Some((Some(request), Cow::Borrowed(rest)));
    }
    if let Some((request, rest)) = powershell::command(text) {
        return Some((request, Cow::Borrowed(rest)));
    }
    httpie::command(text)
}

/// A line of a browser's console: `GET https://… 403 (Forbidden)`, `POST https://… net::ERR_FAILED`, or the words about
/// a page that may not read an answer.
fn console(text: &str) -> Option<Exchange> {
    if let Some(at) = text.find("blocked by CORS policy") {
        let before = text.get(..at)?;
        let url = before.split('\'').nth(1).unwrap_or_default();
        let request = Request { method: "GET".to_owned(), url: url.to_owned(), ..Request::default() };
        return Some(lost(request, TransportFailure::Other, "blocked by CORS policy"));
    }
    let line = text.lines().find(|line| {
        let mut parts = line.split_whitespace();
        let verb = parts.next().is_some_and(is_verb);
        verb && parts.next().is_some_and(|url| url.starts_with("http://") || url.starts_with("https://"))
    })?;
    let mut parts = line.split_whitespace();
    let (method, url, last) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let request = Request { method: method.to_owned(), url: url.to_owned(), ..Request::default() };
    if last.starts_with("net::") || last.starts_with("NS_") || last == "(canceled)" {
        return Some(lost(request, transport::failure(last), last));
    }
    let status = last.trim_matches(['(', ')']).parse().ok().filter(|status| (100..600).contains(status))?;
    let response = Response { status, ..Response::default() };
    // The console shows no body; one may stand below.
    let body = text.lines().filter(|other| *other != line).find_map(|other| {
        let at = other.find('{')?;
        relaxed::literal(other.get(at..)?).map(|(value, _)| value)
    });
    let body = body.filter(|value| value.get("error").is_some()).map(|value| value.to_string());
    Some(Exchange { request, response: Some(Response { body, ..response }), ..Exchange::default() })
}

fn is_verb(word: &str) -> bool {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&word)
}

/// An error of axios, printed as an object: request and answer stand in it.
fn axios(text: &str) -> Option<Exchange> {
    let at = text.find("AxiosError").or_else(|| text.find("isAxiosError"))?;
    let rest = text.get(at..)?;
    let member = |name: &str| {
        rest.match_indices(name)
            .find_map(|(at, _)| relaxed::literal(rest.get(at + name.len()..)?.trim_start()))
    };
    let config = member("config:").map(|(value, _)| value).filter(Value::is_object).unwrap_or_default();
    let mut request = Request {
        url: config.get("url").and_then(Value::as_str).unwrap_or_default().to_owned(),
        ..Request::default()
    };
    if let Some(base) = config.get("baseURL").and_then(Value::as_str).filter(|_| !request.url.contains("://"))
    {
        request.url = format!("{}/{}", base.trim_end_matches('/'), request.url.trim_start_matches('/'));
    }
    described(&mut request, &config, "data");
    if request.method.is_empty() && !request.url.is_empty() {
        "GET".clone_into(&mut request.method);
    }
    let response = member("response:").map(|(value, _)| value).filter(Value::is_object);
    let number = |value: Option<&Value>| value?.as_u64().and_then(|number| u16::try_from(number).ok());
    let status = number(response.as_ref().and_then(|response| response.get("status")))
        .or_else(|| number(member("status:").map(|(value, _)| value).as_ref()))
        .or_else(|| {
            let rest = rest.split_once("status code ")?.1;
            rest.get(..3)?.parse().ok()
        });
    let Some(status) = status else {
        let (kind, words) = failure_in(rest)?;
        return Some(lost(request, kind, &words));
    };
    let data = response.as_ref().and_then(|response| response.get("data")).cloned();
    let data = data.or_else(|| member("data:").map(|(value, _)| value).filter(Value::is_object));
    let body = match data {
        Some(Value::String(text)) => Some(text),
        Some(Value::Null) | None => None,
        Some(other) => Some(other.to_string()),
    };
    let response = Response { status, body, ..Response::default() };
    Some(Exchange { request, response: Some(response), ..Exchange::default() })
}

#[cfg(test)]
mod tests;
