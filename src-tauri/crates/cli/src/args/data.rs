//! `data …`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    /// List every file the console keeps, with its size and what it holds.
    #[command(after_help = "Examples:\n  \
        spectroscope data list\n  \
        spectroscope data list --json | jq -r '.files[].path'")]
    List,
    /// Remove history, drafts or the journal. Connections and secrets: see `connections remove` and `vault forget`.
    #[command(after_help = "Examples:\n  \
        spectroscope data delete drafts\n  \
        spectroscope data delete history --yes")]
    Delete(DataDelete),
    /// Write the saved connections with their identities, without secrets, for another computer.
    #[command(after_help = "Examples:\n  \
        spectroscope data export spectroscope-data.json\n  \
        spectroscope data export | ssh laptop spectroscope data import -")]
    Export(DataExport),
    /// Add the connections of an export. Secrets have to be entered again.
    #[command(after_help = "Examples:\n  \
        spectroscope data import spectroscope-data.json")]
    Import(DataImport),
}

#[derive(Debug, Args)]
pub(crate) struct DataExport {
    /// File to write; standard output where it is left out or `-`.
    pub(crate) file: Option<PathBuf>,
    /// Replace a file that exists.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DataImport {
    /// File that `data export` wrote; `-` is standard input.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct DataDelete {
    /// What to remove.
    #[arg(value_enum)]
    pub(crate) kind: DataKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataKind {
    /// Calls and texts of earlier runs.
    History,
    /// Unfinished writes and texts.
    Drafts,
    /// The journal of changes.
    Journal,
}

impl DataKind {
    /// The word of the engine.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Drafts => "drafts",
            Self::Journal => "journal",
        }
    }
}
