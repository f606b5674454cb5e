//! The variables of the environment.

/// A variable of the environment that a command reads. There is no other way to read one, so that the table of the
/// reference lists all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variable {
    Connection,
    Identity,
    Prism,
    Glint,
    Token,
    ClientSecret,
    Vault,
    VaultPassphrase,
    DataDir,
    Lang,
    NoColor,
}

impl Variable {
    /// All of them, in the order of the reference.
    pub(crate) const ALL: [Self; 11] = [
        Self::Connection,
        Self::Identity,
        Self::Prism,
        Self::Glint,
        Self::Token,
        Self::ClientSecret,
        Self::Vault,
        Self::VaultPassphrase,
        Self::DataDir,
        Self::Lang,
        Self::NoColor,
    ];

    /// Its name in the environment.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Connection => "SPECTROSCOPE_CONNECTION",
            Self::Identity => "SPECTROSCOPE_IDENTITY",
            Self::Prism => "SPECTROSCOPE_PRISM",
            Self::Glint => "SPECTROSCOPE_GLINT",
            Self::Token => "SPECTROSCOPE_TOKEN",
            Self::ClientSecret => "SPECTROSCOPE_CLIENT_SECRET",
            Self::Vault => "SPECTROSCOPE_VAULT",
            Self::VaultPassphrase => "SPECTROSCOPE_VAULT_PASSPHRASE",
            Self::DataDir => engine::host::DATA_DIR_VARIABLE,
            Self::Lang => "SPECTROSCOPE_LANG",
            Self::NoColor => "NO_COLOR",
        }
    }

    /// What it does, for the reference.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Connection => "As `--connection`. Not together with an address.",
            Self::Identity => "As `--identity`.",
            Self::Prism => "As `--prism`.",
            Self::Glint => "As `--glint`.",
            Self::Token => {
                "The credential of a connection given by address: a personal access token, `client_id:client_secret`, \
                 or an access token. Held in memory, never saved. Sent only where Prism's address is given too, by \
                 `--prism` or `SPECTROSCOPE_PRISM`."
            }
            Self::ClientSecret => {
                "The client secret of `identity sign-in --confidential`, where it is not to be asked for."
            }
            Self::Vault => "As `--vault`: `keychain`, `passphrase` or `memory`.",
            Self::VaultPassphrase => {
                "The passphrase of the passphrase vault, where it is not to be asked for."
            }
            Self::DataDir => "The directory of connections and vault, instead of the system's usual place.",
            Self::Lang => "As `--lang`.",
            Self::NoColor => "Set to anything: no colours. There are none in a pipe either way.",
        }
    }

    /// Its value; an empty one is none.
    pub(crate) fn value(self) -> Option<String> {
        value_of(self.name())
    }
}

/// The locale of the environment, in the order of POSIX.
pub(crate) fn locale() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(value_of)
}

fn value_of(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
