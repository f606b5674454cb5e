//! Where secrets are kept. A secret travels inward once and never back.

use scopes::problem::Problem;
use scopes::secret::Secret;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place for secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VaultKind {
    /// The system's keychain: Secret Service, macOS Keychain, Windows Credential Manager.
    Keychain,
    /// Encrypted files in the data directory, opened with a passphrase.
    Passphrase,
    /// This run only.
    Memory,
}

/// Whether a vault can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// Secrets can be written and read.
    Ready,
    /// A passphrase, or the system's own dialog, has to open it first.
    Locked,
    /// It is not there or does not answer; the problem says why.
    Absent,
    /// Nothing was chosen yet, and there is no keychain to take by itself.
    Unchosen,
}

/// Asks where secrets are kept and whether that place works. Probes the keychain by writing, reading and deleting.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReadVault {
    /// Probes again instead of answering from the last probe.
    #[serde(default)]
    pub probe: bool,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Vault {
    /// The place in use; `None`: nothing was chosen and no keychain works.
    pub kind: Option<VaultKind>,
    /// Whether it can be used now.
    pub state: VaultState,
    /// The name people know the keychain by, e.g. "Secret Service", "Keychain", "Credential Manager".
    pub keychain_name: String,
    /// Why the keychain cannot be used; `None`: it works.
    pub keychain_problem: Option<Problem>,
    /// Whether a passphrase vault was made already.
    pub passphrase_exists: bool,
    /// Secrets kept beyond this run, all connections together.
    #[ts(type = "number")]
    pub kept: usize,
    /// What is wrong with the place in use.
    pub problems: Vec<Problem>,
}

/// Chooses where secrets are kept, and moves what is kept already. Nothing moves to this run only: there new secrets go,
/// and what is kept stays where it is.
#[derive(Clone, Deserialize, TS)]
pub struct ChooseVault {
    /// The place.
    pub kind: VaultKind,
    /// For a passphrase vault: the passphrase, new or of the existing vault.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub passphrase: Option<Secret>,
}

/// Opens the passphrase vault for this run.
#[derive(Clone, Deserialize, TS)]
pub struct UnlockVault {
    /// The passphrase.
    #[ts(type = "string")]
    pub passphrase: Secret,
}

/// Closes the passphrase vault and forgets what was read from it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LockVault {}

/// Revokes every token that can be revoked and forgets it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SignOutEverywhere {}

/// Forgets every secret and every identity, and removes the passphrase vault; connections stay unless asked.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ForgetEverything {
    /// Whether the saved connections go, too.
    #[serde(default)]
    pub connections: bool,
}

/// What was revoked and forgotten.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Forgotten {
    /// Tokens revoked at their server.
    #[ts(type = "number")]
    pub revoked: usize,
    /// Secrets deleted from where they were kept.
    #[ts(type = "number")]
    pub deleted: usize,
    /// What could not be revoked or deleted, and what to do about it.
    pub problems: Vec<Problem>,
}
