//! `definitions …`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Definitions {
    /// Show what an import would change; exit code 1 when anything would, 4 when the source cannot be read or has an error.
    #[command(after_help = "Examples:\n  \
        spectroscope definitions plan definitions.json\n  \
        spectroscope definitions plan    # the list of Glint's integration guide\n  \
        curl -s https://example.com/definitions.json | spectroscope definitions plan -")]
    Plan(DefinitionsSource),
    /// Apply an import: one request per change, then everything is read back.
    #[command(after_help = "Examples:\n  \
        spectroscope definitions apply definitions.json --delete old_scope\n  \
        SPECTROSCOPE_TOKEN=prism_pat_… spectroscope definitions apply --prism https://prism.example.com --glint https://glint.example.com definitions.json")]
    Apply(DefinitionsSource),
    /// Print the definitions at Prism in the form the import reads.
    #[command(after_help = "Examples:\n  \
        spectroscope definitions export > definitions.json\n  \
        spectroscope definitions export --guide")]
    Export(DefinitionsExport),
}

#[derive(Debug, Args)]
pub(crate) struct DefinitionsSource {
    /// JSON array of definitions, or Prism's own answer; `-` reads standard input. Without it: the guide's list.
    pub(crate) file: Option<PathBuf>,
    /// Definitions to delete that the source does not hold, separated by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) delete: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DefinitionsExport {
    /// Where to write, readable by you only; standard output without it.
    pub(crate) file: Option<PathBuf>,
    /// The list of Glint's integration guide instead; needs no connection.
    #[arg(long)]
    pub(crate) guide: bool,
    /// Replaces a file that exists already, without asking.
    #[arg(long, requires = "file")]
    pub(crate) force: bool,
}
