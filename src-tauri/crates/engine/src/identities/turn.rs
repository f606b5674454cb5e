//! Whose turn it is to refresh: one window and any number of command lines may share a data directory.
//!
//! `locks/<identity>.lock` is held while somebody refreshes. `locks/<identity>.turn` changes with every new token, so
//! that the others see that what they have loaded is old. `locks/<identity>.doubt` is there from before a refresh is sent
//! until its tokens are in the vault, and where the server called the access token inactive: whoever finds it asks before
//! the token is used. None of them holds anything secret.

use crate::data_dir::DataDir;
use crate::private_file;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// How long somebody else's refresh is waited for: longer than any request lasts.
const PATIENCE: Duration = Duration::from_secs(45);

/// The directory of the files.
const LOCKS: &str = "locks";

/// The files of one identity.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    dir: DataDir,
    identity: String,
}

/// The lock; released when dropped.
#[derive(Debug)]
pub(super) struct Mine {
    _file: File,
}

impl Turn {
    /// Those of an identity under the data directory.
    pub(super) fn of(data_dir: &DataDir, identity: &str) -> Self {
        Self { dir: data_dir.clone(), identity: identity.to_owned() }
    }

    fn path(&self, kind: &str) -> PathBuf {
        self.dir.join(LOCKS).join(format!("{}.{kind}", self.identity))
    }

    /// Waits for the lock; `None` when somebody kept it too long.
    ///
    /// # Errors
    /// When the file cannot be made, or the file system has no locks.
    pub(super) async fn take(&self) -> io::Result<Option<Mine>> {
        let turn = self.clone();
        tokio::task::spawn_blocking(move || turn.wait()).await.map_err(io::Error::other)?
    }

    fn wait(&self) -> io::Result<Option<Mine>> {
        self.dir.make_below(LOCKS)?;
        let held = private_file::lock(&self.path("lock"), PATIENCE)?;
        Ok(held.map(|file| Mine { _file: file }))
    }

    /// What was written by the last refresh; empty when there was none yet.
    pub(super) fn last(&self) -> String {
        let dir = self.dir.enter_below(LOCKS);
        let read = dir.and_then(|_| private_file::read(&self.path("turn"))).ok().flatten();
        read.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Tells the others that there is a new token.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn pass_on(&self) -> io::Result<String> {
        let mark = uuid::Uuid::new_v4().simple().to_string();
        self.dir.make_below(LOCKS)?;
        private_file::write(&self.path("turn"), mark.as_bytes())?;
        Ok(mark)
    }

    /// Takes the lock if nobody holds it now.
    pub(super) fn try_take(&self) -> Option<Mine> {
        self.dir.enter_below(LOCKS).ok()?;
        private_file::lock(&self.path("lock"), Duration::ZERO).ok().flatten().map(|file| Mine { _file: file })
    }

    /// Whether the access token in the vault may be inactive though it has time left.
    pub(super) fn is_in_doubt(&self) -> bool {
        fs::symlink_metadata(self.path("doubt")).is_ok()
    }

    /// Puts the identity in doubt, for this process and every later one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn doubt(&self) -> io::Result<()> {
        self.dir.make_below(LOCKS)?;
        private_file::write(&self.path("doubt"), b"in doubt\n")
    }

    /// Ends the doubt. A mark that cannot be removed costs a question at the next use, and no more.
    pub(super) fn settle(&self) {
        drop(private_file::remove(&self.path("doubt")));
    }

    /// Removes its files, for an identity that is gone. That one of them stays is no harm: it holds nothing.
    pub(super) fn remove(&self) {
        for kind in ["turn", "lock", "doubt"] {
            drop(fs::remove_file(self.path(kind)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::TryLockError;

    #[tokio::test]
    async fn one_at_a_time_and_the_mark_moves() {
        let dir = std::env::temp_dir().join(format!("spectroscope-turn-{}", std::process::id()));
        let data = DataDir::new(&dir);
        let turn = Turn::of(&data, "i-00000001");
        assert_eq!(turn.last(), "");
        let mine = turn.take().await.unwrap().unwrap();
        let other = private_file::open_lock(&turn.path("lock")).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        let first = turn.pass_on().unwrap();
        assert_eq!(turn.last(), first);
        assert_ne!(turn.pass_on().unwrap(), first);
        assert!(turn.try_take().is_none());
        drop(mine);
        assert!(other.try_lock().is_ok());
        turn.doubt().unwrap();
        assert!(Turn::of(&data, "i-00000001").is_in_doubt(), "another process sees it");
        turn.settle();
        assert!(!turn.is_in_doubt());
        turn.doubt().unwrap();
        turn.remove();
        assert_eq!(fs::read_dir(dir.join("locks")).unwrap().count(), 0, "nothing is left");
        fs::remove_dir_all(dir).unwrap();
    }
}
