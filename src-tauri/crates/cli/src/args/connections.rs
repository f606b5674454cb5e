//! `connect` and `connections …`.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope connect glint.example.com\n  \
    spectroscope connect glint.example.com --prism https://prism.example.com    # asks nothing\n  \
    spectroscope connect https://prism.example.com --name \"Prism alone\" --environment staging\n  \
    spectroscope connect https://glint.internal --ca-file ca.pem --redirect-port 8899\n  \
    spectroscope connect glint.example.com --allow-changes\n  \
    spectroscope connect http://127.0.0.1:47311 --dry-run")]
pub(crate) struct Connect {
    /// Address of a Glint, or of a Prism alone. Without `--prism` the Prism that Glint names has to be confirmed.
    pub(crate) address: String,
    /// What to call it; otherwise the host.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What it is used for.
    #[arg(long, value_enum, value_name = "USE", default_value_t = Environment::Production)]
    pub(crate) environment: Environment,
    #[command(flatten)]
    pub(crate) looks: Looks,
    #[command(flatten)]
    pub(crate) way: Way,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// Shows what is found and saves nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Whether a connection may change its servers. A production connection starts read-only.
#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Allows changes of the servers; each is still confirmed.
    #[arg(long, conflicts_with = "read_only")]
    pub(crate) allow_changes: bool,
    /// Refuses every change of the servers; signing in, refreshing and revoking stay possible.
    #[arg(long)]
    pub(crate) read_only: bool,
}

impl Changes {
    /// The value for the engine; `None`: neither option was given.
    pub(crate) fn read_only(&self) -> Option<bool> {
        (self.read_only || self.allow_changes).then_some(self.read_only)
    }
}

/// How a connection looks.
#[derive(Debug, Args)]
pub(crate) struct Looks {
    /// A colour to know it by; otherwise that of its use.
    #[arg(long, value_enum, value_name = "COLOUR", alias = "color")]
    pub(crate) colour: Option<Colour>,
}

/// How servers are reached.
#[derive(Debug, Args)]
pub(crate) struct Way {
    /// Certificate authorities (PEM) trusted beside the system's.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<String>,
    /// Goes through the system's proxy.
    #[arg(long)]
    pub(crate) system_proxy: bool,
    /// A loopback port for signing in, instead of the usual three; may be given several times.
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) redirect_port: Vec<u16>,
}

/// What a connection is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Environment {
    /// A test deployment.
    Staging,
    /// Real people's data.
    Production,
}

impl Environment {
    /// The word of the engine.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }
}

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Grey.
    Grey,
    /// That of its use.
    None,
}

impl Colour {
    /// The word of the engine; `None`: none of its own.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::Red => Some("red"),
            Self::Orange => Some("orange"),
            Self::Green => Some("green"),
            Self::Teal => Some("teal"),
            Self::Blue => Some("blue"),
            Self::Violet => Some("violet"),
            Self::Grey => Some("grey"),
            Self::None => None,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Connections {
    #[command(subcommand)]
    pub(crate) command: Option<ConnectionsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionsCommand {
    /// List the saved connections; also what `connections` alone does.
    #[command(after_help = "Examples:\n  \
        spectroscope connections\n  \
        spectroscope connections list --json | jq -r '.connections[].name'")]
    List,
    /// Ask both servers what they are, now.
    #[command(after_help = "Examples:\n  \
        spectroscope connections check glint.example.com")]
    Check(ConnectionsOne),
    /// Give a connection another name.
    #[command(after_help = "Examples:\n  \
        spectroscope connections rename glint.example.com \"Our Glint\"")]
    Rename(ConnectionsNamed),
    /// Change a connection; what is not given stays. A new address forgets the identities: they belong to the old one.
    #[command(after_help = "Examples:\n  \
        spectroscope connections edit \"Our Glint\" --environment staging --colour teal\n  \
        spectroscope connections edit \"Our Glint\" --colour none\n  \
        spectroscope connections edit \"Our Glint\" --allow-changes\n  \
        spectroscope connections edit \"Our Glint\" --glint https://glint.example.org\n  \
        spectroscope connections edit \"Our Glint\" --no-system-proxy --redirect-port 8899")]
    Edit(ConnectionsEdit),
    /// Make a copy without the identities.
    #[command(after_help = "Examples:\n  \
        spectroscope connections duplicate \"Our Glint\" \"Our Glint, trial\"")]
    Duplicate(ConnectionsNamed),
    /// Remove a connection with its identities and their secrets.
    #[command(after_help = "Examples:\n  \
        spectroscope connections remove \"Our Glint\"")]
    Remove(ConnectionsOne),
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionsOne {
    /// Name or handle, or the beginning of either.
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionsNamed {
    /// Name or handle, or the beginning of either.
    pub(crate) name: String,
    /// The new name.
    pub(crate) new_name: String,
}

/// The addresses come by `--prism` and `--glint`, which every command takes.
#[derive(Debug, Args)]
pub(crate) struct ConnectionsEdit {
    /// Name or handle, or the beginning of either. New addresses come by `--prism` and `--glint`.
    pub(crate) name: String,
    /// What it is used for.
    #[arg(long, value_enum, value_name = "USE")]
    pub(crate) environment: Option<Environment>,
    #[command(flatten)]
    pub(crate) looks: Looks,
    /// The provider's client id; an empty one: not known.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Leaves Glint out: a Prism alone.
    #[arg(long, conflicts_with = "glint")]
    pub(crate) no_glint: bool,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) way: Way,
    /// Trusts the system's certificate authorities alone.
    #[arg(long, conflicts_with = "ca_file")]
    pub(crate) no_ca_file: bool,
    /// Goes through no proxy.
    #[arg(long, conflicts_with = "system_proxy")]
    pub(crate) no_system_proxy: bool,
    /// Goes back to the usual three redirect ports.
    #[arg(long, conflicts_with = "redirect_port")]
    pub(crate) usual_redirect_ports: bool,
}
