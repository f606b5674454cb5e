//! `identity …`.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Identity {
    /// Take in a credential: asked for without echo, or read from standard input; never an argument.
    #[command(after_help = "Examples:\n  \
        spectroscope identity add --kind pat --name admin\n  \
        pass show prism/pat | spectroscope identity add --kind pat --name admin --connection glint.example.com\n  \
        spectroscope identity add --kind client --client-id prism_6wsjw653PfFYk7GOq6wuSQ --name \"Glint itself\"\n  \
        spectroscope identity add --kind token --name mia --used-for prism_4Kg-r67d_NcD72Kg9XU1Fg")]
    Add(IdentityAdd),
    /// Sign in with the browser; without one, paste the address it was sent to.
    #[command(after_help = "Examples:\n  \
        spectroscope identity sign-in --client-id prism_wl26DFRxxToGcOuw00SsQA --scope openid,teams:read\n  \
        spectroscope identity sign-in --client-id prism_wl26DFRxxToGcOuw00SsQA --scope openid --no-browser\n  \
        spectroscope identity sign-in --client-id prism_4Kg-r67d_NcD72Kg9XU1Fg --scope openid --confidential")]
    SignIn(IdentitySignIn),
    /// List the identities of a connection.
    #[command(after_help = "Examples:\n  \
        spectroscope identity list\n  \
        spectroscope identity list --connection \"Our Glint\" --json")]
    List,
    /// Say what an identity is, what it may do and what it may not.
    #[command(after_help = "Examples:\n  \
        spectroscope identity show admin")]
    Show(IdentityOne),
    /// Get a new access token by the refresh token.
    #[command(after_help = "Examples:\n  \
        spectroscope identity refresh mia\n  \
        spectroscope identity refresh mia --force")]
    Refresh(IdentityRefresh),
    /// Ask the server whether the token is alive; exit code 1 when it is not.
    #[command(after_help = "Examples:\n  \
        spectroscope identity introspect mia")]
    Introspect(IdentityOne),
    /// Revoke the tokens of an identity at the server and forget them.
    #[command(after_help = "Examples:\n  \
        spectroscope identity revoke mia")]
    Revoke(IdentityOne),
    /// Forget an identity; at the server nothing changes.
    #[command(after_help = "Examples:\n  \
        spectroscope identity remove mia")]
    Remove(IdentityOne),
    /// Give an identity another name.
    #[command(after_help = "Examples:\n  \
        spectroscope identity rename mia \"Mia, read-only\"")]
    Rename(IdentityRename),
    /// Go on with a token that was issued to another client than it is used for.
    #[command(after_help = "Examples:\n  \
        spectroscope identity accept mia")]
    Accept(IdentityOne),
    /// Administer as this identity from now on.
    #[command(after_help = "Examples:\n  \
        spectroscope identity use admin")]
    Use(IdentityOne),
}

#[derive(Debug, Args)]
pub(crate) struct IdentityAdd {
    /// What it is; otherwise told from its form.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Option<CredentialKind>,
    /// What to call it; otherwise what the servers say.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The client a secret belongs to; for `--kind client`.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// The client the token is going to be used for; one issued to another client is flagged.
    #[arg(long, value_name = "CLIENT_ID")]
    pub(crate) used_for: Option<String>,
}

/// Kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialKind {
    /// Personal access token, for administration.
    Pat,
    /// Client id and client secret.
    Client,
    /// OAuth access token, for calls as a person.
    Token,
}

impl CredentialKind {
    /// The word of the engine.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pat => "personal_access_token",
            Self::Client => "client_credentials",
            Self::Token => "access_token",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct IdentitySignIn {
    /// The client to sign in as a user of.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// Scopes to ask for, separated by commas or blanks; may be given several times.
    #[arg(long, value_name = "SCOPE", required = true, value_delimiter = ',')]
    pub(crate) scope: Vec<String>,
    /// The client has a secret: asked for without echo, or the first line of standard input, or SPECTROSCOPE_CLIENT_SECRET.
    #[arg(long)]
    pub(crate) confidential: bool,
    /// Opens no browser: prints the address, and takes the pasted redirect on standard input.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// What to call it; otherwise what the servers say.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct IdentityOne {
    /// Name or handle, or the beginning of either.
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct IdentityRefresh {
    /// Name or handle, or the beginning of either.
    pub(crate) name: String,
    /// Even where the token has time left.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct IdentityRename {
    /// Name or handle, or the beginning of either.
    pub(crate) name: String,
    /// The new name.
    pub(crate) new_name: String,
}
