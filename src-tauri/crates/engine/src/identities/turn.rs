//! Whose turn it is to refresh: one window and any number of command lines may share a data directory.
//!
//! `locks/<identity>.lock` is held while somebody refreshes. `locks/<identity>.turn` changes with every new token, so
//! that the others see that what they have loaded is old. Neither holds anything secret.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long somebody else's refresh is waited for: longer than any request lasts.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often the lock is tried. The system offers waiting without an end only, and a thread that waits cannot be stopped.
const PAUSE: Duration = Duration::from_millis(5);

/// The files of one identity.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    dir: PathBuf,
    identity: String,
}

/// The lock; released when dropped.
#[derive(Debug)]
pub(super) struct Mine {
    _file: File,
}

impl Turn {
    /// Those of an identity under the data directory.
    pub(super) fn of(data_dir: &Path, identity: &str) -> Self {
        Self { dir: data_dir.join("locks"), identity: identity.to_owned() }
    }

    fn path(&self, kind: &str) -> PathBuf {
        self.dir.join(format!("{}.{kind}", self.identity))
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
        make_dir(&self.dir)?;
        let file = open(&self.path("lock"))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Mine { _file: file })),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if began.elapsed() >= PATIENCE => return Ok(None),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            }
        }
    }

    /// What was written by the last refresh; empty when there was none yet.
    pub(super) fn last(&self) -> String {
        fs::read_to_string(self.path("turn")).unwrap_or_default()
    }

    /// Tells the others that there is a new token.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn pass_on(&self) -> io::Result<String> {
        let mark = uuid::Uuid::new_v4().simple().to_string();
        make_dir(&self.dir)?;
        let draft = self.path(&mark);
        open(&draft)?.write_all(mark.as_bytes())?;
        fs::rename(&draft, self.path("turn"))?;
        Ok(mark)
    }

    /// Removes both files, for an identity that is gone. That one of them stays is no harm: it holds nothing.
    pub(super) fn remove(&self) {
        for kind in ["turn", "lock"] {
            drop(fs::remove_file(self.path(kind)));
        }
    }
}

fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_at_a_time_and_the_mark_moves() {
        let dir = std::env::temp_dir().join(format!("spectroscope-turn-{}", std::process::id()));
        let turn = Turn::of(&dir, "i-00000001");
        assert_eq!(turn.last(), "");
        let mine = turn.take().await.unwrap().unwrap();
        let other = open(&turn.path("lock")).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        let first = turn.pass_on().unwrap();
        assert_eq!(turn.last(), first);
        assert_ne!(turn.pass_on().unwrap(), first);
        drop(mine);
        assert!(other.try_lock().is_ok());
        turn.remove();
        assert_eq!(fs::read_dir(dir.join("locks")).unwrap().count(), 0, "nothing is left");
        fs::remove_dir_all(dir).unwrap();
    }
}
