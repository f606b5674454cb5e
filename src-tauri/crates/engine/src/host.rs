//! What the engine needs from its surroundings: the whole list.

pub use crate::browser::open_in_browser;

use crate::effects::{Effect, Moment};
use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The answer of [`Host::save`]: where it was saved, `None` when the person changed their mind, or the system's words.
pub type Saving<'a> = Pin<Box<dyn Future<Output = Result<Option<PathBuf>, String>> + Send + 'a>>;

/// A time that passes.
pub type Passing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Which keychain secrets may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeychainUse {
    /// The system's.
    #[default]
    System,
    /// The system's, with other limits on waiting.
    Within {
        /// Until it has answered where no dialog is open.
        answer: Duration,
        /// Until the person has answered its dialog.
        dialog: Duration,
    },
    /// None, as if the system had none.
    None,
}

/// The variable of the environment that names the data directory.
pub const DATA_DIR_VARIABLE: &str = "SPECTROSCOPE_DATA_DIR";

/// The data directory of window and command line alike: `SPECTROSCOPE_DATA_DIR`, otherwise the system's usual place.
/// An empty variable is none.
#[must_use]
pub fn usual_data_dir() -> Option<PathBuf> {
    data_dir_of(std::env::var_os(DATA_DIR_VARIABLE), dirs::data_dir())
}

fn data_dir_of(named: Option<OsString>, usual: Option<PathBuf>) -> Option<PathBuf> {
    let named = named.filter(|path| !path.is_empty()).map(PathBuf::from);
    named.or_else(|| usual.map(|data| data.join("spectroscope")))
}

/// Where the system's web view keeps what it stores for the window, by the identifier in `tauri.conf.json`. Where the data
/// directory is named by `SPECTROSCOPE_DATA_DIR` these are no part of it and not listed.
#[must_use]
pub fn usual_window_dirs() -> Vec<PathBuf> {
    const IDENTIFIER: &str = "app.spectroscope.console";
    if std::env::var_os(DATA_DIR_VARIABLE).is_some_and(|path| !path.is_empty()) {
        return Vec::new();
    }
    let mut dirs: Vec<PathBuf> = [dirs::data_local_dir(), dirs::data_dir()]
        .into_iter()
        .flatten()
        .map(|dir| dir.join(IDENTIFIER))
        .collect();
    dirs.dedup();
    dirs
}

/// The surroundings: a window, a terminal, or a test.
pub trait Host: Send + Sync + 'static {
    /// Current time, Unix milliseconds.
    fn now_ms(&self) -> i64;

    /// Where files of the product live; `None`: nothing is saved.
    fn data_dir(&self) -> Option<PathBuf>;

    /// Where the window keeps its own files, such as preferences.
    fn window_dirs(&self) -> Vec<PathBuf> {
        usual_window_dirs()
    }

    /// Which keychain secrets may go to.
    fn keychain(&self) -> KeychainUse {
        KeychainUse::System
    }

    /// Opens a page in the system browser. The engine has checked the address.
    ///
    /// # Errors
    /// The system's words.
    fn open_url(&self, url: &str) -> Result<(), String>;

    /// Puts a text on the system clipboard.
    ///
    /// # Errors
    /// The system's words.
    fn copy(&self, text: &str) -> Result<(), String>;

    /// Puts a text on the system clipboard and, where the system has a way to say so, asks clipboard histories to leave it
    /// out.
    ///
    /// # Errors
    /// The system's words.
    fn copy_secret(&self, text: &str) -> Result<(), String> {
        self.copy(text)
    }

    /// Empties the clipboard if this text is still on it; whether it was.
    ///
    /// # Errors
    /// The system's words.
    fn clear_clipboard_if(&self, _text: &str) -> Result<bool, String> {
        Ok(false)
    }

    /// Waits.
    fn pass(&self, time: Duration) -> Passing {
        Box::pin(tokio::time::sleep(time))
    }

    /// Time since some fixed moment; never goes back.
    fn uptime(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    /// Waits before a request is sent again; [`Self::uptime`] is later by that time afterwards.
    fn back_off(&self, time: Duration) -> Passing {
        Box::pin(tokio::time::sleep(time))
    }

    /// Hears of every effect of an operation, before and after. Called in the middle of the work: it must not wait.
    fn on_effect(&self, _effect: Effect, _moment: Moment) {}

    /// Asks where to save a text, and saves it.
    fn save<'a>(&'a self, name: &'a str, text: &'a str) -> Saving<'a>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_that_was_named_goes_before_the_usual_one() {
        let usual = || Some(PathBuf::from("/home/me/.local/share"));
        let of = |named: Option<&str>| data_dir_of(named.map(OsString::from), usual());
        assert_eq!(of(Some("/mnt/data")), Some(PathBuf::from("/mnt/data")));
        for unset in [None, Some("")] {
            assert_eq!(of(unset), Some(PathBuf::from("/home/me/.local/share/spectroscope")));
        }
        assert_eq!(data_dir_of(None, None), None);
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt as _;
            // A path need not be text.
            let odd = OsString::from_vec(b"/mnt/\xff".to_vec());
            assert_eq!(data_dir_of(Some(odd.clone()), usual()), Some(PathBuf::from(odd)));
        }
    }
}
