//! What every command takes.

use super::Variable;
use clap::{Args, ValueEnum};

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Prints the reply as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of every sentence; otherwise the system's.
    #[arg(long, global = true, value_name = "LANG", env = Variable::Lang.name(), hide_env_values = true)]
    pub(crate) lang: Option<Tongue>,
    /// A saved connection by name or handle, or the beginning of either; otherwise the one in SPECTROSCOPE_CONNECTION.
    #[arg(long, global = true, value_name = "NAME", conflicts_with_all = ["prism", "glint"], help_heading = "Connection")]
    pub(crate) connection: Option<String>,
    /// The identity to work as, by name or handle, or the beginning of either; otherwise the one in SPECTROSCOPE_IDENTITY, otherwise one that fits.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Connection")]
    pub(crate) identity: Option<String>,
    /// Address of Prism for this command alone; otherwise the one in SPECTROSCOPE_PRISM. Naming it allows credentials to go there.
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) prism: Option<String>,
    /// Address of Glint; otherwise the one in SPECTROSCOPE_GLINT. The credential comes from SPECTROSCOPE_TOKEN and is sent only where Prism's address is given too.
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) glint: Option<String>,
    /// Starts a sandbox for this command alone. Without any connection the running `spectroscope sandbox` is used.
    #[arg(long, global = true, conflicts_with_all = ["prism", "glint", "connection"], help_heading = "Connection")]
    pub(crate) sandbox: bool,
    /// Where secrets are kept, if nothing is kept yet; otherwise the one in SPECTROSCOPE_VAULT, otherwise the keychain.
    #[arg(long, global = true, value_name = "PLACE", help_heading = "Connection")]
    pub(crate) vault: Option<VaultKind>,
    /// Sends changes to a real server without asking.
    #[arg(long, global = true, help_heading = "Connection")]
    pub(crate) yes: bool,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tongue {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// A place for secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VaultKind {
    /// The system's keychain.
    Keychain,
    /// Encrypted files in the data directory.
    Passphrase,
    /// This command only.
    Memory,
}

impl VaultKind {
    /// The word of the engine.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::Passphrase => "passphrase",
            Self::Memory => "memory",
        }
    }
}

impl Global {
    /// The addresses of Prism and Glint: as typed, otherwise from the environment, where an empty one is none.
    pub(crate) fn addresses(&self) -> (Option<String>, Option<String>) {
        (or_set(&self.prism, Variable::Prism), or_set(&self.glint, Variable::Glint))
    }

    /// The identity to work as.
    pub(crate) fn identity(&self) -> Option<String> {
        or_set(&self.identity, Variable::Identity)
    }
}

fn or_set(typed: &Option<String>, variable: Variable) -> Option<String> {
    typed.clone().or_else(|| variable.value())
}
