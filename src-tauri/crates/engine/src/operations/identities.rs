//! What can be done with one identity.

use super::connections::{Connections, Identity};
use scopes::exchange::ExchangeView;
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Gives an identity another name.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RenameIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
    /// The new name.
    pub label: String,
}

/// Goes on with a token that was issued to another client than it is used for: the answer "continue" to the app token
/// warning. `remove_identity` is the answer "discard".
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AcceptIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
}

/// Gets a new access token by the refresh token. The same token goes on when somebody else refreshed it meanwhile.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RefreshIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
    /// Refreshes even where the token has time left.
    #[serde(default)]
    pub force: bool,
}

/// Asks the server who and what the token is, now.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct IntrospectIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
}

/// What became of an identity.
#[derive(Debug, Clone, Serialize, TS)]
pub struct IdentityReport {
    /// The identity as it is now.
    pub identity: Identity,
    /// Whether the server was asked for a new token (refresh), or calls it active (introspection).
    pub done: bool,
    /// The exchange, redacted; `None`: nothing had to be asked.
    pub exchange: Option<ExchangeView>,
    /// What looks odd.
    pub problems: Vec<Problem>,
}

/// Revokes the tokens of an identity at the server and forgets them.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RevokeIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
}

/// What became of a revoked identity.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Revoked {
    /// The connections as they are now.
    pub connections: Connections,
    /// Whether the server confirms that the token is dead: revocation answers 200 to everything, so introspection is asked.
    pub dead: Option<bool>,
    /// What could not be done.
    pub problems: Vec<Problem>,
}
