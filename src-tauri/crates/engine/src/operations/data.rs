//! What the console keeps on this computer.

use super::connections::Connections;
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a file of the console holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DataContent {
    /// Saved connections and the identities of each, without secrets.
    Connections,
    /// Which place for secrets was chosen.
    VaultChoice,
    /// The encrypted key of the passphrase vault.
    VaultKey,
    /// One encrypted secret.
    VaultSecret,
    /// A lock between window and command line; empty.
    Lock,
    /// The addresses and throwaway credentials of a running sandbox.
    Sandbox,
    /// What was sent and changed in earlier runs.
    History,
    /// The journal of changes.
    Journal,
    /// An unfinished write, or a text that was not finished.
    Draft,
    /// Preferences of the window: language, theme, widths.
    WindowPreferences,
    /// A file that the console did not write.
    Unknown,
}

/// What can be removed on request; connections and secrets have operations of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// Calls, matrices and opened texts of this run, and what is saved of earlier ones.
    History,
    /// Unfinished writes and texts.
    Drafts,
    /// The journal of changes.
    Journal,
}

/// Lists every file the console keeps, with its size and what it holds.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListData {}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DataFile {
    /// Its path.
    pub path: String,
    /// Size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What it holds.
    pub content: DataContent,
    /// What removes it; `None`: another operation does, or nothing.
    pub removed_by: Option<DataKind>,
}

/// Everything the console keeps.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DataFiles {
    /// The data directory; `None`: nothing is kept beyond this run.
    pub directory: Option<String>,
    /// The files, by path.
    pub files: Vec<DataFile>,
    /// Calls and matrices held in memory by this run.
    #[ts(type = "number")]
    pub in_memory: usize,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}

/// Removes one kind of data, from memory and from the disk.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DeleteData {
    /// The kind.
    pub kind: DataKind,
}

/// What was removed, and what is kept still.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeletedData {
    /// The files that were removed.
    pub removed: Vec<DataFile>,
    /// How many calls, matrices and entries were forgotten that were in memory only.
    #[ts(type = "number")]
    pub forgotten: usize,
    /// What is kept still.
    pub kept: DataFiles,
}

/// Prints the saved connections with their identities, without secrets, in the form that [`ImportData`] reads.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportData {}

/// Adds the connections of an export. One that is here already, by name and address of Prism, is left alone; where only
/// the name is taken, a number is added to it. Secrets have to be entered again.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImportData {
    /// The text of an export.
    pub text: String,
}

/// What became of one connection of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ImportedConnection {
    /// Its name there.
    pub name: String,
    /// Its name here; `None`: it was here already.
    pub added_as: Option<String>,
}

/// What became of an import.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportedData {
    /// Every connection of the export, in its order.
    pub connections: Vec<ImportedConnection>,
    /// What was left out of them.
    pub problems: Vec<Problem>,
    /// All connections as they are now.
    pub list: Connections,
}
