//! What a capsule holds and what was replaced in it, for the person who decides whether to pass it on.

use super::super::call::path_of;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// What was replaced or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Tokens, secrets, passwords, cookies.
    Secret,
    /// Names, addresses and pictures of people.
    Person,
    /// What somebody wrote.
    Text,
    /// Ids.
    Id,
    /// Names of hosts.
    Host,
    /// Headers that the diagnosis does not need.
    Header,
    /// Parameters of addresses and forms.
    Parameter,
    /// Members of JSON.
    Member,
    /// Bodies that are neither JSON nor a form.
    Body,
    /// Random words and addresses that the last sweep found.
    Swept,
}

/// How often each was replaced.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts(BTreeMap<What, u32>);

impl Counts {
    pub(super) fn add(&mut self, what: What) {
        *self.0.entry(what).or_default() += 1;
    }

    pub(super) fn add_many(&mut self, what: What, many: usize) {
        if many > 0 {
            *self.0.entry(what).or_default() += u32::try_from(many).unwrap_or(u32::MAX);
        }
    }
}

/// One kind of what was replaced, with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Replaced {
    /// The kind.
    pub what: What,
    /// How many values.
    pub count: u32,
}

/// What goes into a capsule, and what was replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct Contents {
    /// The call first, then its evidence: verb, path and status, e.g. `GET /api/cross-app/me 401`.
    pub exchanges: Vec<String>,
    /// How many exchanges of the record stay out.
    pub left_out: u32,
    /// What was replaced or left out of those that go in.
    pub replaced: Vec<Replaced>,
    /// Size of the capsule in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

impl Contents {
    pub(super) fn of(entries: &[Value], left_out: usize, counts: &Counts, bytes: usize) -> Self {
        let line = |entry: &Value| {
            let at = |path: &str| entry.pointer(path).cloned().unwrap_or_default();
            let (method, url, status) = (at("/request/method"), at("/request/url"), at("/response/status"));
            let path = path_of(url.as_str().unwrap_or_default());
            let status =
                status.as_u64().filter(|status| *status > 0).map_or("–".to_owned(), |s| s.to_string());
            format!("{} {path} {status}", method.as_str().unwrap_or_default())
        };
        Self {
            exchanges: entries.iter().map(line).collect(),
            left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
            replaced: counts.0.iter().map(|(what, count)| Replaced { what: *what, count: *count }).collect(),
            bytes: bytes as u64,
        }
    }
}
