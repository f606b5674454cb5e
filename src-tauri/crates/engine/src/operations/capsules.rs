//! Calls that are passed on: sealed into a capsule, opened elsewhere, asked again.

use crate::operations::calls::CallReport;
use scopes::diagnosis::capsule::Contents;
use scopes::diagnosis::matrix::AccessRow;
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Seals one call with the exchanges its answer rests on into an HTTP archive, and saves it. Only what the diagnosis
/// needs goes in; secrets are replaced by fingerprints. Without `save` the reply is a preview of what would be saved.
///
/// Either `call` names a call of this run, or `text` and `entry` a call of an archive.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportCapsule {
    /// A call of this run, by the `call` of its report.
    pub call: Option<String>,
    /// A text as `diagnose_text` takes it.
    pub text: Option<String>,
    /// Index of the call in the text, from 0; without it the only call, else the first.
    pub entry: Option<u32>,
    /// Whether names of people, what they wrote and times are replaced as well, and IDs by fingerprints.
    pub minimised: bool,
    /// Whether host names, IP addresses and ports are replaced as well.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub hide_hosts: bool,
    /// Whether to ask where to save it; otherwise the reply holds the text.
    pub save: bool,
}

/// A sealed call.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SealedCall {
    /// Where it was saved; `None` when the person changed their mind, or nothing was to be saved.
    pub path: Option<String>,
    /// The archive, where it was not to be saved.
    pub text: Option<String>,
    /// Suggested file name.
    pub name: String,
    /// What goes in, and what was replaced.
    pub contents: Contents,
    /// A report for a ticket, Markdown in both languages: what was refused, why, who has to do what, the evidence.
    pub report: String,
    /// How many exchanges stand beside the call.
    pub evidence: u32,
    /// Reason code that whoever opens it gets.
    pub cause: String,
}

/// Asks again what a capsule or an archive tells of, now and with one's own identity.
///
/// Only reads are sent; of a call that writes, only what would become of it is foretold. A call whose IDs were replaced in
/// a minimised capsule is refused (`recheck.minimised`).
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RecheckCall {
    /// Connection handle of whoever asks.
    pub connection: String,
    /// Identity handle of whoever asks.
    pub identity: String,
    /// Verb of the call.
    pub method: String,
    /// Its URL; only path and query count, and they go to the connection's own Glint.
    pub url: String,
    /// Its body, which tells what a call that writes would be asked for.
    pub body: Option<String>,
}

/// What holds now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Rechecked {
    /// Route id.
    pub route: String,
    /// The call as it was answered now; `None` when it was not sent.
    pub report: Option<CallReport>,
    /// What is foretold for a call that is not sent, one row per body field that is judged.
    pub foretold: Vec<AccessRow>,
    /// Why it was not sent.
    pub problem: Option<Problem>,
}
