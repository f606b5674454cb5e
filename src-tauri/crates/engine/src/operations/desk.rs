//! What the console needs from its surroundings, and what it did.

use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Puts a text on the system clipboard.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CopyText {
    /// The text.
    pub text: String,
    /// Whether it opens something: then clipboard histories are told to leave it out, and it is cleared after 30 seconds
    /// unless something else was copied meanwhile.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub secret: bool,
}

/// Asks where to save a text, and saves it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveText {
    /// Suggested file name.
    pub name: String,
    /// Content.
    pub text: String,
}

/// Where a text was saved.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Saved {
    /// Path; `None` when the person changed their mind.
    pub path: Option<String>,
}

/// Stops a running operation after the request in flight.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CancelJob {
    /// The name the caller gave the job in its envelope.
    pub job: String,
}

/// Opens a web page in the system browser; https, or loopback, and only hosts of a connection.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct OpenUrl {
    /// Absolute URL.
    pub url: String,
}

/// Nothing to say.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Done {}

/// Lists what the console changed in this run.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReadActivity {}

/// One thing the console did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ActivityEntry {
    /// Counts up.
    #[ts(type = "number")]
    pub id: u64,
    /// Unix milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// Name of the connection.
    pub connection: String,
    /// Identity in words.
    pub identity: String,
    /// Operation, e.g. `apply_import`.
    pub operation: String,
    /// One sentence.
    pub summary: String,
    /// Per item: what, and what became of it.
    pub items: Vec<ActivityItem>,
    /// Whether every item was verified.
    pub complete: bool,
}

/// One item of an [`ActivityEntry`].
#[derive(Debug, Clone, Serialize, TS)]
pub struct ActivityItem {
    /// Scope or rule target.
    pub subject: String,
    /// What was done, in words.
    pub action: String,
    /// What became of it.
    pub state: scopes::plan::RowState,
    /// Before and after, one line per field.
    pub changes: Vec<scopes::plan::FieldDiff>,
    /// Why it was refused.
    pub problem: Option<Problem>,
}

/// Everything done in this run, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Activity {
    /// Entries.
    pub entries: Vec<ActivityEntry>,
}
