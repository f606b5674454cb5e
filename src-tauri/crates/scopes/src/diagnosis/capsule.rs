//! A capsule: one call with its evidence as an HTTP archive that may be passed on.
//!
//! It is an allow-list: only the exchanges the answer rests on, only headers, parameters and members that the diagnosis
//! reads, only values of the form that their name promises. Secrets are replaced by fingerprints that match one another
//! inside this capsule and nothing outside it, so that the evidence still belongs to the call's token. A minimised
//! capsule names no people, quotes nothing they wrote, counts its times from the call, and has fingerprints for IDs; host
//! names are replaced on request. A last sweep removes random words, e-mail addresses and keys.
//!
//! Whoever opens it gets the same answer: what the console knew beside the exchanges is part of it, and the answer is
//! compared before the capsule is handed out. Where it differs, single values under known names that the answer needs
//! are kept; unknown names never are. Where that does not help, there is no capsule.

mod allow;
mod body;
mod choose;
mod clean;
mod contents;
mod credential;
mod entry;
mod frame;
mod headers;
mod hosts;
mod ids;
mod people;
mod seal;
mod sentence;
mod stand_in;
mod sweep;
mod terms;
mod times;
mod values;
mod vocabulary;

pub use contents::{Contents, Replaced, What};
pub use entry::open;
pub(super) use entry::time;
pub use ids::holds_replaced_id;
pub use seal::{Sealed, Unsealed, Wanted, seal};

use super::Known;
use crate::digest::short as fingerprint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The form of capsules that is written; later ones count up.
pub const VERSION: u32 = 1;
/// Most bytes of a capsule. That of one refused call is far smaller, whatever archive it comes from.
pub const MAX_BYTES: usize = 1024 * 1024;

/// What an archive says about itself when it is a capsule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capsule {
    /// The form of the capsule.
    pub capsule: u32,
    /// Index of the call among the entries; all others are its evidence.
    pub call: u32,
    /// Whether what is personal was replaced.
    pub minimised: bool,
    /// What the console knew beside the exchanges.
    #[serde(default)]
    pub known: KnownBeside,
}

/// The part of [`Known`] that decides an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownBeside {
    /// Names by id; without those of people when minimised.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// The provider's client id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_client_id: Option<String>,
    /// When the token ends, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_expires_at: Option<i64>,
    /// The request's headers were not recorded.
    #[serde(default)]
    pub headers_unknown: bool,
}

impl Capsule {
    /// What a diagnosis of its call is to know beside the exchanges.
    #[must_use]
    pub fn known(&self) -> Known {
        Known {
            names: self.known.names.clone(),
            provider_client_id: self.known.provider_client_id.clone(),
            token_expires_at: self.known.token_expires_at,
            headers_unknown: self.known.headers_unknown,
            endpoint: None,
        }
    }
}
