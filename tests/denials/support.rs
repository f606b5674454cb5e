//! Archives of the case folder as exchanges, made-up exchanges, and the question every test asks.

use scopes::diagnosis::read::{self, Format, Hint};
use scopes::diagnosis::{Diagnosis, Known, diagnose};
use scopes::exchange::{Exchange, Request, Response};
use scopes::lang::Lang;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(crate) fn cases() -> PathBuf {
    tests::places::data("cases/diagnosis")
}

fn exchanges(path: &Path) -> Vec<Exchange> {
    let text = std::fs::read_to_string(path).unwrap();
    let is_har = path.extension().is_some_and(|kind| kind == "har");
    let read = read::read(&text, is_har.then_some(Format::Har), &Hint::default(), Lang::En);
    assert!(read.problems.is_empty(), "{path:?}: {:?}", read.problems);
    read.entries.into_iter().map(|entry| entry.exchange).collect()
}

/// Whether an exchange changed a registration: without it the archive tells of another state of affairs, and not less
/// about the same one.
pub(crate) fn is_event(exchange: &Exchange) -> bool {
    exchange.request.url.contains("/api/apps") && exchange.request.method != "GET"
}

/// File name, entries and index of the subject of every case.
pub(crate) fn all_cases() -> &'static [(String, Vec<Exchange>, usize)] {
    static CASES: OnceLock<Vec<(String, Vec<Exchange>, usize)>> = OnceLock::new();
    CASES.get_or_init(read_cases)
}

fn read_cases() -> Vec<(String, Vec<Exchange>, usize)> {
    let list = std::fs::read_to_string(cases().join("expected.json")).unwrap();
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    let one = |case: &Value| {
        let file = case["file"].as_str().unwrap().to_owned();
        let subject = usize::try_from(case["subject"].as_u64().unwrap()).unwrap();
        (file.clone(), exchanges(&cases().join(&file)), subject)
    };
    list.iter().map(one).collect()
}

pub(crate) fn explain(all: &[Exchange], subject: usize, lang: Lang) -> Diagnosis {
    let others: Vec<Exchange> =
        all.iter().enumerate().filter(|(at, _)| *at != subject).map(|(_, other)| other.clone()).collect();
    diagnose(&all[subject], &others, &Known::default(), lang)
}

/// The moment made-up exchanges count from, Unix seconds.
pub(crate) const START: i64 = 1_795_328_700;

/// A made-up exchange: verb and URL, answered with a status and a body.
pub(crate) fn call(line: &str, status: u16, answer: Value) -> Exchange {
    let (method, url) = line.split_once(' ').unwrap();
    Exchange {
        request: Request {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: vec![("Accept".to_owned(), "*/*".to_owned())],
            body: None,
        },
        response: Some(Response {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: Some(text_of(answer)),
            truncated: false,
        }),
        failure: None,
        started_at: Some(START * 1000),
        elapsed_ms: Some(5.0),
    }
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// What is added to a made-up exchange.
pub(crate) trait With {
    fn header(self, name: &str, value: &str) -> Self;
    fn bearer(self, token: &str) -> Self;
    fn sent(self, body: Value) -> Self;
    /// Seconds after the moment everything counts from.
    fn at(self, seconds: i64) -> Self;
}

impl With for Exchange {
    fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    fn sent(mut self, body: Value) -> Self {
        self.request.body = Some(text_of(body));
        self
    }

    fn at(mut self, seconds: i64) -> Self {
        self.started_at = Some((START + seconds) * 1000);
        self
    }
}

/// The first exchange of every key, in order: one refusal text, one kind. All of them with `EVERY_CAPSULE=1`.
pub(crate) fn sampled<T>(all: impl IntoIterator<Item = T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let whole = std::env::var_os("EVERY_CAPSULE").is_some();
    let mut keys = std::collections::BTreeSet::new();
    all.into_iter().filter(|one| keys.insert(key(one)) || whole).collect()
}

/// Of several ways the one of this place in the sample; all of them with `EVERY_CAPSULE=1`.
pub(crate) fn ways<T: Copy>(all: &[T], at: usize) -> Vec<T> {
    match std::env::var_os("EVERY_CAPSULE") {
        Some(_) => all.to_vec(),
        None => all.iter().skip(at % all.len()).take(1).copied().collect(),
    }
}

/// What a call was refused with: status, and the text or the members of its answer.
pub(crate) fn refusal_key(call: &Exchange) -> String {
    let Some(response) = &call.response else { return format!("{:?}", call.failure) };
    let body = response.body.as_deref().unwrap_or_default();
    let key = match serde_json::from_str::<Value>(body) {
        Ok(Value::Object(members)) => match (members.get("error"), members.get("error_description")) {
            (None, None) => format!("{:?}", members.keys().collect::<Vec<_>>()),
            (error, described) => format!("{error:?} {described:?}"),
        },
        _ => body.chars().take(80).collect(),
    };
    format!("{} {key}", response.status)
}
