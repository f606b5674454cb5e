//! Where recordings are played: on a sandbox of our own, or on servers that somebody runs.

use sandbox::Handout;
use sandbox::handout::{Bilingual, CredentialKind, HandoutCredential};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where recordings are played.
#[derive(Clone, Debug)]
pub enum Ground {
    /// A fresh sandbox for every file.
    Sandbox,
    /// Two servers that are in the state in which a file was recorded.
    Live(LivePair),
}

/// Two servers, and what the recordings' names are called there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivePair {
    /// Prism's base URL.
    #[serde(default)]
    pub prism_url: String,
    /// Glint's base URL.
    #[serde(default)]
    pub glint_url: String,
    /// The recorded files to play, whose beginning the servers are in.
    #[serde(default)]
    pub files: Vec<String>,
    /// Recorded identifiers and what they are there; what is left out is the same.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
    /// The credentials behind the placeholders.
    pub credentials: Vec<LiveCredential>,
}

/// The credential behind one placeholder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveCredential {
    /// The placeholder without its braces, such as `token:mia_read`.
    pub id: String,
    /// What it is.
    pub kind: CredentialKind,
    /// The secret.
    pub secret: String,
    /// The client it belongs to; needed for client credentials.
    #[serde(default)]
    pub client_id: Option<String>,
}

impl Ground {
    /// Whether this file can be played here.
    pub fn plays(&self, file: &str) -> bool {
        match self {
            Self::Sandbox => true,
            Self::Live(pair) => pair.files.iter().any(|wanted| wanted == file),
        }
    }
}

impl LivePair {
    /// The pair as a handout.
    pub(super) fn handout(&self) -> Handout {
        Handout {
            prism_url: self.prism_url.clone(),
            glint_url: self.glint_url.clone(),
            credentials: self.credentials.iter().map(credential).collect(),
            ..Handout::default()
        }
    }
}

fn credential(live: &LiveCredential) -> HandoutCredential {
    HandoutCredential {
        id: live.id.clone(),
        label: live.id.clone(),
        label_zh: None,
        kind: live.kind,
        secret: live.secret.clone(),
        user_id: None,
        username: None,
        standing: String::new(),
        client_id: live.client_id.clone(),
        client_name: None,
        scopes: Vec::new(),
        expires_at: None,
        note: Bilingual::default(),
    }
}
