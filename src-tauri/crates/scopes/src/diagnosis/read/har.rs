//! HTTP archives, HAR 1.2.

mod body;

use super::super::facts::shows_credentials;
use super::{Entry, Read, time, transport};
use crate::exchange::{Exchange, Request, Response, TransportFailure};
use crate::lang::Lang;
use crate::problem::{Problem, Span};
use crate::say;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// As much of an archive as is needed to find its entries; each is read on its own, so that one at a time is in memory.
#[derive(Deserialize)]
struct Archive<'a> {
    #[serde(borrow)]
    log: Option<Log<'a>>,
    #[serde(borrow)]
    entries: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(borrow)]
    entries: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    creator: Value,
    #[serde(default, rename = "_spectroscope")]
    mark: Value,
}

/// Reads a whole archive; one that ends too early gives the entries before its end.
pub(super) fn archive(text: &str, lang: Lang) -> Read {
    // An archive without its frame: the list of entries alone.
    let bare = text.trim_start().starts_with('[');
    let found = if bare {
        serde_json::from_str(text).map(|entries| Archive { log: None, entries: Some(entries) })
    } else {
        serde_json::from_str::<Archive<'_>>(text)
    };
    let archive = match found {
        Ok(archive) => archive,
        Err(error) if error.is_data() => return no_archive(lang),
        Err(error) => return salvaged(text, &error, lang),
    };
    let creator = archive.log.as_ref().map(|log| log.creator.clone()).unwrap_or_default();
    let capsule = archive.log.as_ref().and_then(|log| super::super::capsule::open(&log.mark));
    let entries = archive.log.and_then(|log| log.entries).or(archive.entries);
    let Some(entries) = entries else { return no_archive(lang) };
    let mut read = all(&entries, Vec::new(), lang);
    read.capsule = capsule;
    let by_browser =
        creator.get("name").and_then(Value::as_str).is_some_and(|name| name.contains("WebInspector"));
    let shows = |entry: &Entry| shows_credentials(&entry.exchange);
    if read.capsule.is_none() && !read.entries.is_empty() && !read.entries.iter().any(shows) {
        without_credentials(&mut read, by_browser, lang);
    }
    read
}

fn no_archive(lang: Lang) -> Read {
    let words = say!(
        lang,
        "This JSON is no HTTP archive: it has no `log.entries`.",
        "这段 JSON 不是 HTTP 归档：缺少 `log.entries`。"
    );
    Read { problems: vec![Problem::refused("read.not_har", words)], ..Read::default() }
}

/// Recorders leave `Authorization` and cookies out of an archive unless they are told to keep them: where none stands in
/// the whole archive, nothing is known about the headers of any call.
fn without_credentials(read: &mut Read, by_browser: bool, lang: Lang) {
    let mut refused = false;
    for entry in &mut read.entries {
        entry.headers_unknown = true;
        refused |= entry.exchange.response.as_ref().is_some_and(|response| response.status == 401);
    }
    if !by_browser && !refused {
        return;
    }
    let words = if by_browser {
        say!(lang, "The browser left the credentials out of this archive.", "浏览器在此归档中略去了凭据。")
    } else {
        say!(
            lang,
            "This archive shows no credentials; its recorder may have removed them.",
            "此归档没有任何凭据；可能已被记录工具移除。"
        )
    };
    read.problems.push(Problem::note("read.no_credentials", words).hinted(say!(
        lang,
        "Save it once more with sensitive data, where that is allowed.",
        "在允许的情况下，重新保存并包含敏感数据。"
    )));
}

fn all(entries: &[&RawValue], mut problems: Vec<Problem>, lang: Lang) -> Read {
    let mut read = Vec::new();
    for (index, raw) in entries.iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        match entry(&value, index, lang) {
            Ok(found) => {
                problems.extend(body::unreadable(&value, index, lang));
                read.push(found);
            }
            Err(problem) => problems.push(*problem),
        }
    }
    if read.is_empty() && problems.is_empty() {
        let words = say!(lang, "The archive holds no call.", "归档中没有任何调用。");
        problems.push(Problem::refused("read.empty", words));
    }
    Read { entries: read, problems, ..Read::default() }
}

/// The entries before the place where the text breaks off.
fn salvaged(text: &str, error: &serde_json::Error, lang: Lang) -> Read {
    let mut entries = Vec::new();
    let from = text.find("\"entries\"").and_then(|at| text.get(at..)?.find('[').map(|open| at + open + 1));
    let mut rest = from.and_then(|from| text.get(from..)).unwrap_or_default();
    loop {
        rest = rest.trim_start().trim_start_matches(',').trim_start();
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        match stream.next() {
            Some(Ok(value)) if value.get().starts_with('{') => entries.push(value),
            _ => break,
        }
        rest = rest.get(stream.byte_offset()..).unwrap_or_default();
    }
    let (line, column, count) = (error.line(), error.column(), entries.len());
    let (code, words) = if error.is_eof() {
        (
            "read.truncated",
            say!(
                lang,
                "The archive breaks off at line {line}, column {column}; {count} calls before it could be read.",
                "归档在第 {line} 行第 {column} 列中断；此前可读出 {count} 个调用。"
            ),
        )
    } else {
        (
            "read.malformed",
            say!(
                lang,
                "The archive is not JSON at line {line}, column {column}; {count} calls before it could be read.",
                "归档在第 {line} 行第 {column} 列不是合法 JSON；此前可读出 {count} 个调用。"
            ),
        )
    };
    let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).max(1);
    let problem =
        if entries.is_empty() { Problem::refused(code, words) } else { Problem::risky(code, words) };
    let problem = problem.at(Span { line: place(line), column: place(column), length: 0 });
    if entries.is_empty() {
        return Read { problems: vec![problem], ..Read::default() };
    }
    all(&entries, vec![problem], lang)
}

/// Reads one entry, as it stands in an archive or on a line of its own.
///
/// # Errors
///
/// `read.entry` when request method or URL are missing.
pub fn entry(value: &Value, index: u32, lang: Lang) -> Result<Entry, Box<Problem>> {
    let request = value.get("request");
    let text = |name: &str| request.and_then(|r| r.get(name)).and_then(Value::as_str);
    let (Some(method), Some(url)) = (text("method"), text("url")) else {
        let words = say!(
            lang,
            "Entry {index} cannot be read: its request lacks a method or a URL.",
            "无法读取条目 {index}：请求缺少方法或 URL。"
        );
        return Err(Box::new(Problem::risky("read.entry", words).about(index.to_string())));
    };
    let sent = headers(request);
    let response = value.get("response").filter(|response| response.is_object());
    let status = response.and_then(|r| r.get("status")).and_then(status_of).unwrap_or(0);
    let failure = (status == 0).then(|| failure_of(value, response));
    let exchange = Exchange {
        request: Request {
            method: method.trim().to_ascii_uppercase(),
            url: url.trim().to_owned(),
            headers: sent,
            body: request.and_then(|r| r.get("postData")).and_then(posted),
        },
        response: response.filter(|_| status != 0).map(|response| answer(response, status)),
        failure,
        started_at: value.get("startedDateTime").and_then(Value::as_str).and_then(time::unix_ms),
        elapsed_ms: elapsed(value),
    };
    Ok(Entry::of(index, exchange))
}

/// Written as a number or as text.
fn status_of(value: &Value) -> Option<u16> {
    let text = value.as_str().map(str::trim).and_then(|text| text.parse::<u64>().ok());
    value.as_u64().or(text).and_then(|status| u16::try_from(status).ok())
}

/// The whole time, else the sum of its known parts; the time for the secure channel is part of the time to connect.
fn elapsed(value: &Value) -> Option<f64> {
    let known = |value: &Value| value.as_f64().filter(|ms| *ms >= 0.0);
    let parts = ["blocked", "dns", "connect", "send", "wait", "receive"];
    let sum = |timings: &Value| {
        let parts: Vec<f64> = parts.iter().filter_map(|name| known(timings.get(*name)?)).collect();
        (!parts.is_empty()).then(|| parts.iter().sum())
    };
    value.get("time").and_then(known).or_else(|| value.get("timings").and_then(sum))
}

/// Pseudo-headers of HTTP/2 (`:path`) are no headers.
fn headers(owner: Option<&Value>) -> Vec<(String, String)> {
    let rows = owner.and_then(|owner| owner.get("headers")).and_then(Value::as_array);
    let pair =
        |row: &Value| Some((row.get("name")?.as_str()?.to_owned(), row.get("value")?.as_str()?.to_owned()));
    rows.into_iter().flatten().filter_map(pair).filter(|(name, _)| !name.starts_with(':')).collect()
}

fn posted(data: &Value) -> Option<String> {
    if data.get("text").and_then(Value::as_str).is_some_and(|text| !text.is_empty()) {
        return body::of_request(data);
    }
    let params = data.get("params").and_then(Value::as_array).filter(|params| !params.is_empty())?;
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for param in params {
        let text = |name: &str| param.get(name).and_then(Value::as_str).unwrap_or_default();
        form.append_pair(
            &crate::routes::percent_decoded(text("name")),
            &crate::routes::percent_decoded(text("value")),
        );
    }
    Some(form.finish())
}

fn answer(response: &Value, status: u16) -> Response {
    let content = response.get("content");
    let body = body::of_answer(response);
    let size = content.and_then(|content| content.get("size")).and_then(Value::as_u64).unwrap_or(0);
    let truncated = body.as_ref().is_some_and(|body| !body.is_empty() && size > body.len() as u64);
    let mut headers = headers(Some(response));
    let kind = content.and_then(|content| content.get("mimeType")).and_then(Value::as_str);
    if let Some(kind) = kind.filter(|kind| !kind.is_empty() && *kind != "x-unknown")
        && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        headers.push(("Content-Type".to_owned(), kind.to_owned()));
    }
    Response { status, headers, body, truncated }
}

fn failure_of(value: &Value, response: Option<&Value>) -> (TransportFailure, String) {
    let places = [Some(value), response, value.get("request")];
    let text = |owner: &Value| {
        ["_error", "_errorText", "error", "comment"]
            .iter()
            .find_map(|name| owner.get(*name)?.as_str().map(str::to_owned))
    };
    let text =
        places.into_iter().flatten().find_map(text).or_else(|| {
            response?.get("statusText")?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
        });
    let words = text.unwrap_or_default();
    // An archive of our own says of which kind it was; the words of a transport differ from system to system.
    let told = value.get("_spectroscope").and_then(|own| own.get("failure")).cloned();
    let kind = told.and_then(|kind| serde_json::from_value(kind).ok());
    (kind.unwrap_or_else(|| transport::failure(&words)), words)
}

#[cfg(test)]
mod tests;
