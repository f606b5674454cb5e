//! `data …`.

use clap::{Args, Subcommand, ValueEnum};

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
