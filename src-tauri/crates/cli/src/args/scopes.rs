//! `scopes …`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Scopes {
    /// Print the list as Prism's import takes it.
    #[command(after_help = "Examples:\n  \
        spectroscope scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --platform openid,teams:read --scope read_todos\n  \
        spectroscope scopes build --client-id \"$GLINT_CLIENT_ID\" --preset write --platform teams:read --merge existing.json\n  \
        spectroscope scopes build --client-id \"$GLINT_CLIENT_ID\" --preset read_only --format scope-string")]
    Build(ScopesBuild),
}

#[derive(Debug, Args)]
pub(crate) struct ScopesBuild {
    /// The provider's client id.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// Platform scopes, separated by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) platform: Vec<String>,
    /// Inner scopes, separated by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) scope: Vec<String>,
    /// A recommended set of inner scopes: read_only, write, full_automation.
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Vec<String>,
    /// A list to keep and append to: JSON or a scope string; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) merge: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = ListFormat::Json)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// JSON array, two-space indent.
    Json,
    /// Scopes separated by one space, as in an authorization request.
    ScopeString,
}
