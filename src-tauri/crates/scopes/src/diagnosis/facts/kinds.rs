//! The kinds of facts.

use crate::endpoint::Endpoint;
use std::collections::BTreeMap;

/// What the console knows beside the exchanges.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Names by client id, user id, team id, set id.
    pub names: BTreeMap<String, String>,
    /// The provider's client id.
    pub provider_client_id: Option<String>,
    /// When the token ends, Unix seconds.
    pub token_expires_at: Option<i64>,
    /// The request's headers were not recorded: a pasted answer, or an archive that leaves credentials out.
    pub headers_unknown: bool,
    /// What the call asks for, where whoever sent it knows better than its path tells.
    pub endpoint: Option<Endpoint>,
}

/// What introspection said.
#[derive(Debug, Clone)]
pub(crate) struct Introspection {
    pub(crate) active: bool,
    pub(crate) scopes: Vec<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) issued_at: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) at: Option<i64>,
    pub(crate) origin: Option<String>,
}

/// What Prism would do with a scope today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Today {
    Granted {
        titled: bool,
    },
    Rejected(String),
    /// Registered after a preview rejected it as not allowed.
    Registered,
    /// Removed from the registration after a preview granted it.
    Unregistered,
}

/// A membership in one of the two lists.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) team: String,
    pub(crate) role: String,
    pub(crate) joined_at: Option<i64>,
}

/// What the token endpoint answered when it issued this token.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) client_id: Option<String>,
    /// The token is this answer's refresh token.
    pub(crate) is_refresh: bool,
    /// The refresh token that came with it.
    pub(super) refresh: Option<String>,
    /// The authorization code it was exchanged for.
    pub(super) code: Option<String>,
    /// When the answer was in, Unix milliseconds.
    pub(super) at: Option<i64>,
}

impl Issued {
    /// Whether a refresh token came with it.
    pub(crate) fn refreshable(&self) -> bool {
        self.refresh.is_some()
    }
}

/// What an authorization of this client asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The scopes as the server separates them: by blanks, and by nothing else.
    pub(crate) scopes: Vec<String>,
    /// Whether the code shows that it led to this very token.
    pub(crate) linked: bool,
}

/// What is known to have ended a token before the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Revoked, itself or the refresh token of its pair.
    Revoked,
    /// Replaced by a refresh (contract §6).
    Refreshed,
    /// The user withdrew the consent; `true` where the record shows that it was this user.
    Withdrawn(bool),
}
