//! What a connection and its identities are: kinds, origins, and how servers are reached.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a connection is used for; always in the top bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// The built-in emulated servers.
    Sandbox,
    /// A test deployment.
    Staging,
    /// Real people's data: every write asks first.
    Production,
}

impl Environment {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Sandbox, Self::Staging, Self::Production];

    /// Whether a connection of it is read-only until somebody chooses otherwise.
    pub(crate) fn is_read_only(self) -> bool {
        self == Self::Production
    }

    /// Whether every write asks a person first.
    pub(crate) fn confirms_writes(self) -> bool {
        self != Self::Sandbox
    }
}

/// Who named the origin of a Prism. A credential goes only to one that a person named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NamedBy {
    /// A person typed it, or confirmed it after it was shown.
    #[default]
    Person,
    /// Only the configuration of a Glint names it.
    Configuration,
}

impl NamedBy {
    /// Whether a person did.
    pub(crate) fn is_person(&self) -> bool {
        *self == Self::Person
    }
}

/// Kind of credential (contract §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// `prism_pat_…`, for administration.
    PersonalAccessToken,
    /// Client id and secret of one client.
    ClientCredentials,
    /// An OAuth access token, for calls as a user.
    AccessToken,
    /// Prism's own sign-in token.
    SessionToken,
}

/// How an identity came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The sandbox brought it.
    BuiltIn,
    /// A person pasted it.
    Pasted,
    /// By signing in with the browser, or by registering a client.
    SignedIn,
}

/// A colour of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
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
}

/// How the servers of a connection are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Transport {
    /// A file of certificate authorities (PEM) trusted beside the system's.
    pub ca_file: Option<String>,
    /// Whether the system's proxy is used; otherwise none is.
    pub system_proxy: bool,
    /// Loopback ports for signing in, tried in order; empty: the usual three.
    pub redirect_ports: Vec<u16>,
    /// The same as a person typed them, with blanks or commas between; replaces `redirect_ports`. Never returned.
    #[serde(skip_serializing)]
    #[ts(optional = nullable)]
    pub typed_ports: Option<String>,
}
