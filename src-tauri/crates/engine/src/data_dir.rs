//! The directory of everything the console keeps. Each use of it begins here: a link, a directory of another user and one
//! that cannot be closed to others are refused before anything below it is read or made.

use crate::private_file::{self, Closed};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The directories that others could open before they were closed to them, so that it is said once somebody asks.
static CLOSED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn closed() -> MutexGuard<'static, Vec<PathBuf>> {
    CLOSED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The data directory.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// The directory of this path.
    pub(crate) fn new(path: &Path) -> Self {
        // A separator at the end would follow a link.
        Self { path: path.components().collect() }
    }

    /// The path of a file in it.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Checks it, and takes the permissions of others; a missing one stays missing.
    ///
    /// # Errors
    /// The system's; a link, a file, and a directory of another user are refused.
    pub(crate) fn enter(&self) -> io::Result<&Path> {
        if private_file::close_dir(&self.path)? == Closed::Now {
            closed().push(self.path.clone());
        }
        Ok(&self.path)
    }

    /// Checks it and makes it where it is missing.
    ///
    /// # Errors
    /// Those of [`Self::enter`].
    pub(crate) fn make(&self) -> io::Result<&Path> {
        self.enter()?;
        private_file::make_dir(&self.path)?;
        Ok(&self.path)
    }

    /// Checks it and a directory below it.
    ///
    /// # Errors
    /// Those of [`Self::enter`].
    pub(crate) fn enter_below(&self, name: &str) -> io::Result<PathBuf> {
        let below = self.enter()?.join(name);
        private_file::close_dir(&below)?;
        Ok(below)
    }

    /// Checks it and a directory below it, and makes both where they are missing.
    ///
    /// # Errors
    /// Those of [`Self::enter`].
    pub(crate) fn make_below(&self, name: &str) -> io::Result<PathBuf> {
        let below = self.make()?.join(name);
        private_file::make_dir(&below)?;
        Ok(below)
    }

    /// What was mended.
    pub(crate) fn note(&self, lang: Lang) -> Option<Problem> {
        closed().contains(&self.path).then(|| {
            Problem::note(
                "data_dir.closed",
                say!(
                    lang,
                    "Other users could open the data directory. Its permissions are 0700 now.",
                    "其他用户曾可打开数据目录。其权限现已改为 0700。"
                ),
            )
        })
    }
}

/// Whether an error is a refusal of this module and not the system's: a full or read-only disk is no unsafe directory.
pub(crate) fn is_refusal(error: &io::Error) -> bool {
    error.raw_os_error().is_none()
}

/// Why the data directory is not used.
pub(crate) fn not_used(words: &str, lang: Lang) -> Problem {
    Problem::risky(
        "data_dir.unsafe",
        say!(lang, "The data directory is not used: {words}.", "未使用数据目录：{words}。"),
    )
    .hinted(say!(
        lang,
        "Set `SPECTROSCOPE_DATA_DIR` to a directory that only you can open.",
        "将 `SPECTROSCOPE_DATA_DIR` 设为只有你能打开的目录。"
    ))
}
