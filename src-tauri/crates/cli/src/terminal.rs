//! What the engine needs from a terminal.

use engine::Host;
use engine::host::{Saving, open_in_browser, usual_data_dir};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The surroundings of a command: a browser for signing in, and no clipboard.
pub(crate) struct TerminalHost {
    data_dir: Option<PathBuf>,
}

impl TerminalHost {
    /// One that works on what is saved.
    pub(crate) fn at_home() -> Self {
        Self { data_dir: usual_data_dir() }
    }

    /// One that has no directory: nothing can be saved.
    pub(crate) fn in_passing() -> Self {
        Self { data_dir: None }
    }
}

/// Now, Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Whether there is a screen for a browser; a text browser would take the terminal away.
fn has_screen() -> bool {
    !cfg!(all(unix, not(target_os = "macos")))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

impl Host for TerminalHost {
    fn now_ms(&self) -> i64 {
        now_ms()
    }

    fn data_dir(&self) -> Option<PathBuf> {
        self.data_dir.clone()
    }

    fn open_url(&self, url: &str) -> Result<(), String> {
        if !has_screen() {
            return Err("there is no screen".into());
        }
        open_in_browser(url)
    }

    fn copy(&self, _: &str) -> Result<(), String> {
        Err("a command prints instead of copying".into())
    }

    fn save<'a>(&'a self, name: &'a str, text: &'a str) -> Saving<'a> {
        Box::pin(async move {
            let path = PathBuf::from(name);
            match engine::files::save(&path, text.as_bytes(), false) {
                Ok(()) => Ok(Some(path)),
                Err(engine::files::SaveError::Exists) => {
                    Err(format!("{}: it exists already", path.display()))
                }
                Err(engine::files::SaveError::Io(error) | engine::files::SaveError::NoFile(error)) => {
                    Err(format!("{}: {error}", path.display()))
                }
            }
        })
    }
}
