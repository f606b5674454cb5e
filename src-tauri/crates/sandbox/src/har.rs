//! The log of exchanges, as an HTTP archive (HAR 1.2).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::{Value, json};

/// How many exchanges are kept; older ones make room.
const MOST: usize = 1000;
/// How much of a body is kept, in bytes.
const LARGEST: usize = 16 * 1024;

/// One exchange as it went over the wire.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Begin in Unix milliseconds of the sandbox's clock.
    pub started_ms: i64,
    /// How long the answer took, in milliseconds.
    pub elapsed_ms: u64,
    /// The verb.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// The request's header fields.
    pub request_headers: HeaderMap,
    /// The request's body.
    pub request_body: Bytes,
    /// The status code; 0 when the connection was reset.
    pub status: u16,
    /// The answer's header fields.
    pub response_headers: HeaderMap,
    /// The answer's body; empty for streams.
    pub response_body: Bytes,
}

/// The last exchanges; clones share them.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<VecDeque<Entry>>>);

impl Log {
    /// Adds an exchange.
    pub fn add(&self, mut entry: Entry) {
        entry.request_body = cut(&entry.request_body);
        entry.response_body = cut(&entry.response_body);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == MOST {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = VecDeque::new();
    }

    /// The archive, oldest exchange first.
    pub fn archive(&self) -> Value {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entries: Vec<Value> = entries.iter().map(Entry::archived).collect();
        json!({ "log": {
            "version": "1.2",
            "creator": { "name": "Spectroscope sandbox", "version": env!("CARGO_PKG_VERSION") },
            "entries": entries,
        } })
    }
}

/// A copy of its own, so that one log line does not hold on to a whole receive buffer.
fn cut(body: &Bytes) -> Bytes {
    Bytes::copy_from_slice(body.get(..LARGEST).unwrap_or(body))
}

impl Entry {
    fn archived(&self) -> Value {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let query: Vec<Value> =
            crate::wire::pairs(query).map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let mut request = json!({
            "method": self.method, "url": self.url, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": fields(&self.request_headers), "queryString": query,
            "headersSize": -1, "bodySize": self.request_body.len(),
        });
        if let (Some(members), false) = (request.as_object_mut(), self.request_body.is_empty()) {
            let text = String::from_utf8_lossy(&self.request_body);
            members.insert(
                "postData".into(),
                json!({ "mimeType": media_type(&self.request_headers), "text": text }),
            );
        }
        json!({
            "startedDateTime": iso(self.started_ms),
            "time": self.elapsed_ms,
            "request": request,
            "response": {
                "status": self.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                "headers": fields(&self.response_headers),
                "content": {
                    "size": self.response_body.len(), "mimeType": media_type(&self.response_headers),
                    "text": String::from_utf8_lossy(&self.response_body),
                },
                "redirectURL": text(&self.response_headers, "location"),
                "headersSize": -1, "bodySize": self.response_body.len(),
            },
            "cache": {},
            "timings": { "send": 0, "wait": self.elapsed_ms, "receive": 0 },
        })
    }
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()).unwrap_or_default()
}

fn media_type(headers: &HeaderMap) -> String {
    text(headers, "content-type")
}

fn fields(headers: &HeaderMap) -> Vec<Value> {
    let field = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| json!({ "name": name.as_str(), "value": String::from_utf8_lossy(value.as_bytes()) });
    headers.iter().map(field).collect()
}

/// ISO 8601 in UTC, from Unix milliseconds (days-to-civil conversion for the proleptic Gregorian calendar).
fn iso(ms: i64) -> String {
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso(1_795_323_956_789), "2026-11-22T05:05:56.789Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }
}
