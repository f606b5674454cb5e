//! `vault …`.

use super::VaultKind;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Vault {
    #[command(subcommand)]
    pub(crate) command: Option<VaultCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Say where secrets are kept and whether that works; exit code 1 when it does not. Also what `vault` alone does.
    #[command(after_help = "Examples:\n  \
        spectroscope vault\n  \
        spectroscope vault status --json | jq -r .state")]
    Status,
    /// Choose where secrets are kept, and move those kept already.
    #[command(after_help = "Examples:\n  \
        spectroscope vault use keychain\n  \
        spectroscope vault use passphrase")]
    Use(VaultUse),
    /// Forget every secret and every identity.
    #[command(after_help = "Examples:\n  \
        spectroscope vault forget\n  \
        spectroscope vault forget --connections --yes")]
    Forget(VaultForget),
}

#[derive(Debug, Args)]
pub(crate) struct VaultUse {
    /// The place.
    #[arg(value_enum)]
    pub(crate) place: VaultKind,
}

#[derive(Debug, Args)]
pub(crate) struct VaultForget {
    /// The saved connections, too.
    #[arg(long)]
    pub(crate) connections: bool,
}
