//! The commands, as people type them. The comments are the help.

mod calls;
mod connections;
mod data;
mod definitions;
mod global;
mod identity;
mod parse;
mod rules;
mod scopes;
mod variable;
mod vault;

pub(crate) use calls::{Call, Diagnose, Matrix, PassOn, Reasons, Routes};
pub(crate) use connections::{Colour, Connect, Connections, ConnectionsCommand, ConnectionsEdit};
pub(crate) use data::{Data, DataExport, DataImport};
pub(crate) use definitions::{Definitions, DefinitionsExport, DefinitionsSource};
pub(crate) use global::{Global, Tongue, VaultKind};
pub(crate) use identity::{CredentialKind, Identity, IdentityAdd, IdentitySignIn};
pub(crate) use rules::{Rules, RulesCheck};
pub(crate) use scopes::{ListFormat, Scopes, ScopesBuild};
pub(crate) use variable::{Variable, locale};
pub(crate) use vault::{Vault, VaultCommand};

use crate::exit::EXIT_CODES;
use clap::{Args, Parser, Subcommand};

/// Which scope passes Prism, which call passes Glint, and why the others don't.
#[derive(Debug, Parser)]
#[command(name = "spectroscope", version, after_help = EXIT_CODES, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build the `allowed_scopes` of a consumer.
    #[command(subcommand)]
    Scopes(Scopes),
    /// Define scopes at Prism from a list: see what would change, apply it, read it back.
    #[command(subcommand)]
    Definitions(Definitions),
    /// Decide which consumers may request and which people may register the scopes.
    #[command(subcommand)]
    Rules(Rules),
    /// Send one call to Glint and say why it was answered so.
    Call(Call),
    /// Foretell every call for one identity, and prove the reads on request.
    Matrix(Matrix),
    /// List Glint's cross-app routes with the scope and role permission each asks for.
    Routes(Routes),
    /// Say why a recorded or pasted call was refused, without sending anything.
    Diagnose(Diagnose),
    /// Explain the reason codes a diagnosis names: all of them, one family, or one with its cure.
    Reasons(Reasons),
    /// Save a connection to a Prism and Glint, found from the address of either.
    Connect(Connect),
    /// List the saved connections, ask their servers, change or remove them.
    Connections(Connections),
    /// Add the identities of a connection, sign in, renew and revoke them.
    #[command(subcommand)]
    Identity(Identity),
    /// Say and choose where secrets are kept.
    Vault(Vault),
    /// List the files the console keeps, and remove history, drafts and the journal.
    #[command(subcommand)]
    Data(Data),
    /// Revoke every token of every connection and forget it.
    #[command(after_help = "Examples:\n  \
        spectroscope sign-out\n  \
        spectroscope sign-out --yes --json")]
    SignOut,
    /// Run an emulated Prism and Glint in the foreground; ends on Ctrl-C.
    Sandbox(Sandbox),
    /// Do the four jobs on a sandbox, print what really happened, and check it.
    #[command(after_help = "Examples:\n  \
        spectroscope tour\n  \
        spectroscope tour --lang zh")]
    Tour,
    /// Print a completion script for a shell.
    Completions(Completions),
}

#[derive(Debug, Args)]
#[command(after_help = crate::commands::sandbox_controls())]
pub(crate) struct Sandbox {
    /// Free ports instead of 47310 to 47312.
    #[arg(long)]
    pub(crate) any_port: bool,
    /// What the servers hold at the start: lived-in, empty, large, or a scenario file.
    #[arg(long, value_name = "NAME|FILE", default_value = "lived-in")]
    pub(crate) scenario: String,
    /// Which Glint answers: the measured one with 15 scopes, or the one of its integration guide with 13.
    #[arg(long, value_name = "VERSION", default_value = "measured", value_parser = ["measured", "document"])]
    pub(crate) glint: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope completions bash > ~/.local/share/bash-completion/completions/spectroscope")]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
