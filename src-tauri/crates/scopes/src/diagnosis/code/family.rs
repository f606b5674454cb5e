//! Families of codes and the gates of a server.

use super::super::reasons;
use crate::lang::Text;
use serde::{Deserialize, Serialize, de};

/// What stands before the dot of a code; a code without a dot is a family of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Nothing was refused.
    Allowed,
    /// No usable answer came.
    Reach,
    /// The `Authorization` header.
    Header,
    /// The access token.
    Token,
    /// The scopes of the token.
    Scope,
    /// The membership in a team.
    Membership,
    /// The role in a team.
    Role,
    /// What the call is about.
    Resource,
    /// The request itself.
    Request,
    /// The deployment.
    Server,
    /// Answered, but not as asked.
    Hidden,
    /// The credential of a call to the authorization server.
    Credential,
    /// The app a call is about.
    App,
    /// The registration of a consumer.
    Registration,
    /// Scope definitions.
    Definition,
    /// Access rules.
    Rule,
    /// Authorization and tokens.
    Oauth,
}

/// One check of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateId {
    /// Whether an answer of the API comes at all.
    Reach,
    /// The `Authorization` header.
    Header,
    /// The access token.
    Token,
    /// The scopes of the token.
    Scope,
    /// The membership in the team.
    Membership,
    /// Whether what the call is about is there.
    Resource,
    /// The role in the team.
    Role,
    /// The request itself.
    Request,
    /// The deployment.
    Server,
    /// The credential of a call to the authorization server.
    Credential,
    /// The app a call is about.
    App,
}

impl std::fmt::Display for GateId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is known about a family.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FamilyRow {
    pub(crate) family: Family,
    /// The gate that refuses with its codes, where one does.
    pub(crate) gate: Option<GateId>,
    /// Its name.
    pub(crate) title: Text,
}

/// What is known about a gate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateRow {
    pub(crate) gate: GateId,
    /// Its name.
    pub(crate) title: Text,
}

fn word<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    T::deserialize(de::value::BorrowedStrDeserializer::<de::value::Error>::new(text)).ok()
}

impl Family {
    pub(super) fn find(text: &str) -> Option<Self> {
        word(text)
    }

    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Reach => "reach",
            Self::Header => "header",
            Self::Token => "token",
            Self::Scope => "scope",
            Self::Membership => "membership",
            Self::Role => "role",
            Self::Resource => "resource",
            Self::Request => "request",
            Self::Server => "server",
            Self::Hidden => "hidden",
            Self::Credential => "credential",
            Self::App => "app",
            Self::Registration => "registration",
            Self::Definition => "definition",
            Self::Rule => "rule",
            Self::Oauth => "oauth",
        }
    }

    /// What is known about it.
    pub(crate) fn row(self) -> Option<&'static FamilyRow> {
        reasons::families().iter().find(|row| row.family == self)
    }
}

impl GateId {
    /// The gate that is spelled so.
    pub(crate) fn find(text: &str) -> Option<Self> {
        word(text)
    }

    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Header => "header",
            Self::Token => "token",
            Self::Scope => "scope",
            Self::Membership => "membership",
            Self::Resource => "resource",
            Self::Role => "role",
            Self::Request => "request",
            Self::Server => "server",
            Self::Credential => "credential",
            Self::App => "app",
        }
    }
}
