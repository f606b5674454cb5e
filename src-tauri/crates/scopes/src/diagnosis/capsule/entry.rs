//! Exchanges as entries of an archive, and the mark that makes an archive a capsule.

use super::{Capsule, VERSION};
use crate::exchange::{Exchange, Request, Response};
use serde_json::{Map, Value, json};

/// The capsule an archive's `log` says it is, unless it is of a later form.
#[must_use]
pub fn open(mark: &Value) -> Option<Capsule> {
    serde_json::from_value::<Capsule>(mark.clone()).ok().filter(|seen| (1..=VERSION).contains(&seen.capsule))
}

/// An exchange as HAR 1.2 writes it. What HAR has no place for stands in members with an underscore.
pub(super) fn entry(exchange: &Exchange, is_call: bool) -> Value {
    let mut entry = Map::new();
    let started = exchange.started_at.map(time).unwrap_or_default();
    let elapsed = exchange.elapsed_ms.unwrap_or(-1.0);
    entry.insert("startedDateTime".into(), json!(started));
    entry.insert("time".into(), json!(elapsed));
    entry.insert("request".into(), request(&exchange.request));
    entry.insert("response".into(), response(exchange.response.as_ref()));
    entry.insert("cache".into(), json!({}));
    entry.insert("timings".into(), json!({ "send": -1, "wait": elapsed, "receive": -1 }));
    let mut own = Map::new();
    own.insert("is".into(), json!(if is_call { "call" } else { "evidence" }));
    if let Some((kind, words)) = &exchange.failure {
        entry.insert("_error".into(), json!(words));
        own.insert("failure".into(), json!(kind));
    }
    entry.insert("_spectroscope".into(), Value::Object(own));
    Value::Object(entry)
}

fn request(request: &Request) -> Value {
    let mut value = json!({
        "method": request.method, "url": request.url, "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": headers(&request.headers), "queryString": query(&request.url),
        "headersSize": -1, "bodySize": -1,
    });
    if let (Some(body), Some(members)) = (&request.body, value.as_object_mut()) {
        let kind = header(&request.headers, "content-type").unwrap_or_default();
        members.insert("postData".into(), json!({ "mimeType": kind, "text": body }));
    }
    value
}

fn response(response: Option<&Response>) -> Value {
    let status = response.map_or(0, |response| response.status);
    let sent: &[(String, String)] = response.map_or(&[], |response| &response.headers);
    let body = response.and_then(|response| response.body.as_deref());
    let whole = body.map_or(0, str::len);
    let cut = response.is_some_and(|response| response.truncated);
    let mut content = json!({
        "size": if cut { whole + 1 } else { whole },
        "mimeType": header(sent, "content-type").unwrap_or_default(),
    });
    if let (Some(body), Some(members)) = (body, content.as_object_mut()) {
        members.insert("text".into(), json!(body));
    }
    json!({
        "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": headers(sent), "content": content,
        "redirectURL": header(sent, "location").unwrap_or_default(), "headersSize": -1, "bodySize": -1,
    })
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    super::super::call::header(headers, name)
}

fn query(url: &str) -> Vec<Value> {
    let query = url.split_once('?').map_or("", |(_, query)| query).split('#').next().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

/// Unix milliseconds as ISO 8601 in UTC.
pub(in super::super) fn time(ms: i64) -> String {
    let (days, of_day) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // Days since 0000-03-01, so that the day that leap years add is the last of a year.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, late) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + late;
    let (seconds, ms) = (of_day / 1000, of_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_they_are_read() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_328_700_123, "2026-11-22T06:25:00.123Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(time(ms), text);
        }
    }

    #[test]
    fn a_capsule_of_a_later_form_is_a_plain_archive() {
        let mark = |version: u32| json!({ "capsule": version, "call": 0, "minimised": false });
        assert!(open(&mark(1)).is_some());
        assert!(open(&mark(2)).is_none() && open(&mark(0)).is_none() && open(&Value::Null).is_none());
    }
}
