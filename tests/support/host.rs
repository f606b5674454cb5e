//! A host that does nothing to the machine and remembers what it was asked for.

use engine::host::Saving;
use engine::{Host, KeychainUse};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a [`ScriptedHost`] was asked for, in order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Asked {
    /// Texts put on the clipboard.
    pub copied: Vec<String>,
    /// Pages opened.
    pub opened: Vec<String>,
    /// Files saved.
    pub saved: Vec<SavedFile>,
}

/// One saved file.
#[derive(Debug, Clone, Serialize)]
pub struct SavedFile {
    /// Suggested name.
    pub name: String,
    /// Content.
    pub text: String,
}

/// A host for tests and browser runs.
#[derive(Debug)]
pub struct ScriptedHost {
    data_dir: Option<PathBuf>,
    keychain: KeychainUse,
    asked: Mutex<Asked>,
    ahead_ms: AtomicI64,
}

impl ScriptedHost {
    /// A host that keeps files under the directory, or nowhere. It has no keychain: the one of whoever runs the tests is
    /// not theirs.
    pub fn new(data_dir: Option<PathBuf>) -> Self {
        Self::with_keychain(data_dir, KeychainUse::None)
    }

    /// The same with a keychain.
    pub fn with_keychain(data_dir: Option<PathBuf>, keychain: KeychainUse) -> Self {
        Self { data_dir, keychain, asked: Mutex::default(), ahead_ms: AtomicI64::new(0) }
    }

    /// Puts its clock forward.
    pub fn advance(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds.saturating_mul(1000), Ordering::SeqCst);
    }

    /// What it was asked for so far.
    pub fn asked(&self) -> Asked {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for ScriptedHost {
    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        now.saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }

    fn data_dir(&self) -> Option<PathBuf> {
        self.data_dir.clone()
    }

    fn keychain(&self) -> KeychainUse {
        self.keychain
    }

    fn open_url(&self, url: &str) -> Result<(), String> {
        self.lock().opened.push(url.to_owned());
        Ok(())
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        self.lock().copied.push(text.to_owned());
        Ok(())
    }

    fn save<'a>(&'a self, name: &'a str, text: &'a str) -> Saving<'a> {
        self.lock().saved.push(SavedFile { name: name.to_owned(), text: text.to_owned() });
        Box::pin(async move { Ok(Some(PathBuf::from(name))) })
    }
}
