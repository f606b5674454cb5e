//! Recorded exchanges, played again: what was asked is asked of other servers, and their answers must agree in status,
//! error text and JSON shape.

mod exact;
mod further;
mod glint;
mod glint_deployments;
mod glint_steps;
mod ground;
mod names;
mod prism;
mod prism_matrix;
mod prism_oauth_steps;
mod prism_steps;
mod record;
mod send;
mod shape;
mod stage;
mod upstreams;

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

pub use further::further;
pub use glint::glint;
pub use ground::{Ground, LiveCredential, LivePair};
pub use names::Names;
pub use prism::prism;
pub use record::record;
pub use shape::differences;

/// One recorded exchange.
#[derive(Clone, Debug, Deserialize)]
pub struct Exchange {
    /// Its name within its file.
    pub name: String,
    /// What it shows.
    #[serde(default)]
    pub note: String,
    /// What was asked; nothing where the recorder looked into a server instead.
    pub request: Option<Request>,
    /// What came back.
    pub response: Response,
}

/// A recorded request.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The verb.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The header fields that mattered.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON, or text that was sent as it is.
    #[serde(default)]
    pub body: Value,
}

/// A recorded answer, or an answer to compare with one.
#[derive(Clone, Debug, Deserialize)]
pub struct Response {
    /// The status code; where the recorder repeated a call, the one that all had in common.
    #[serde(deserialize_with = "one_status")]
    pub status: Option<u16>,
    /// The header fields that mattered, by lower-case name.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON, or text.
    #[serde(default)]
    pub body: Value,
}

/// What a replay found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many exchanges agreed.
    pub matched: usize,
    /// File and name of every exchange that did not, with the differences.
    pub failed: Vec<String>,
    /// File and name of every exchange that cannot be played, with the reason.
    pub not_applicable: Vec<String>,
}

impl Report {
    /// How many exchanges there were.
    pub fn total(&self) -> usize {
        self.matched + self.failed.len() + self.not_applicable.len()
    }

    /// Notes an exchange that could not be played.
    pub fn skip(&mut self, file: &str, name: &str, reason: &str) {
        self.not_applicable.push(format!("{file} {name}: {reason}"));
    }

    /// Notes one exchange.
    pub fn note(&mut self, file: &str, name: &str, differences: &[String]) {
        if differences.is_empty() {
            self.matched += 1;
        } else {
            self.failed.push(format!("{file} {name}: {}", differences.join("; ")));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "matched {} of {}", self.matched, self.total())?;
        for line in &self.not_applicable {
            write!(f, "\n  not applicable: {line}")?;
        }
        for line in &self.failed {
            write!(f, "\n  differs: {line}")?;
        }
        Ok(())
    }
}

/// The exchanges of one recorded file.
///
/// # Errors
/// The parser's sentence when the text is no list of exchanges.
pub fn exchanges(text: &str) -> Result<Vec<Exchange>, serde_json::Error> {
    serde_json::from_str(text)
}

fn one_status<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Status {
        One(Option<u16>),
        Same([u16; 1]),
    }
    Ok(match Status::deserialize(from)? {
        Status::One(status) => status,
        Status::Same([status]) => Some(status),
    })
}
