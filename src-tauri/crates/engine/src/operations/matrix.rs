//! The same call under several identities, and every call under one.

use scopes::diagnosis::Diagnosis;
use scopes::diagnosis::matrix::AccessRow;
use scopes::exchange::ExchangeView;
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Sends the same read under several identities of a connection. Calls that write are refused.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CompareCalls {
    /// Connection handle.
    pub connection: String,
    /// Route id.
    pub route: String,
    /// Values by input name.
    #[ts(type = "Record<string, unknown>")]
    pub values: BTreeMap<String, serde_json::Value>,
    /// Identity handles, each once, at most 24.
    pub identities: Vec<String>,
}

/// What one identity was answered.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ComparedCall {
    /// Identity handle.
    pub identity: String,
    /// What people call it.
    pub label: String,
    /// The call by which a capsule of it can be made; `None` when nothing was sent.
    pub call: Option<String>,
    /// Why nothing was sent.
    pub problem: Option<Problem>,
    /// Why it was answered so.
    pub diagnosis: Option<Diagnosis>,
    /// The gate that stopped it.
    #[ts(type = "string | null")]
    pub gate: Option<scopes::diagnosis::GateId>,
    /// How long the answer took, milliseconds.
    pub elapsed_ms: Option<f64>,
}

/// The answers side by side.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Compared {
    /// Route id.
    pub route: String,
    /// In the order asked for.
    pub calls: Vec<ComparedCall>,
}

/// Foretells every route for one identity, by evidence that changes nothing.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AccessMatrix {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
    /// Team id or personal space; without it the first one Glint lists for this user.
    pub team: Option<String>,
    /// Set id; without it whatever holds for the whole team.
    pub set: Option<String>,
    /// Whether to send every read, too, and put what it shows beside what was foretold.
    pub prove: bool,
}

/// How far the proof is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MatrixStep {
    /// Reads that were answered.
    pub done: u32,
    /// Reads in all.
    pub total: u32,
}

/// Every route for one identity.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Matrix {
    /// By this name `save_matrix` finds it.
    pub id: String,
    /// What people call the identity.
    pub identity: String,
    /// The team or personal space; empty when none is known.
    pub team: String,
    /// Its name, where known.
    pub team_name: Option<String>,
    /// The set, if one was chosen.
    pub set: Option<String>,
    /// Role in the team, where known.
    pub role: Option<String>,
    /// What the token holds, where known.
    pub scopes: Option<Vec<String>>,
    /// One row per route, and per body field that is judged on its own.
    pub rows: Vec<AccessRow>,
    /// How many real calls showed something else than was foretold.
    pub differ: u32,
    /// Every request that was made, in order; proofs last.
    pub asked: Vec<ExchangeView>,
    /// What could not be asked.
    pub problems: Vec<Problem>,
}

/// Saves a matrix of this run.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveMatrix {
    /// The `id` of the matrix.
    pub matrix: String,
    /// How it is written.
    pub format: TableFormat,
    /// Whether to ask where to save it; otherwise the reply holds the text.
    pub save: bool,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// Comma-separated, RFC 4180; no cell is a formula.
    Csv,
    /// The rows as JSON.
    Json,
}

/// A table that was saved or is to be printed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SavedTable {
    /// Where it was saved.
    pub path: Option<String>,
    /// The text, where it was not to be saved.
    pub text: Option<String>,
    /// Suggested file name.
    pub name: String,
    /// That the table holds characters that cannot be seen, where it does.
    pub note: Option<Problem>,
}
