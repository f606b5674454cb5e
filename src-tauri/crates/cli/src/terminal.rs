//! What the engine needs from a terminal.

use engine::Host;
use engine::host::Saving;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The surroundings of a command: nothing is saved, no browser and no clipboard is used.
pub(crate) struct TerminalHost;

/// Where files of the product live.
pub(crate) fn data_dir() -> Option<PathBuf> {
    dirs::data_dir().map(|data| data.join("spectroscope"))
}

impl Host for TerminalHost {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// A connection given by arguments is for this command alone.
    fn data_dir(&self) -> Option<PathBuf> {
        None
    }

    fn open_url(&self, _: &str) -> Result<(), String> {
        Err("a command opens no browser".into())
    }

    fn copy(&self, _: &str) -> Result<(), String> {
        Err("a command prints instead of copying".into())
    }

    fn save<'a>(&'a self, name: &'a str, text: &'a str) -> Saving<'a> {
        Box::pin(async move {
            let path = PathBuf::from(name);
            tokio::fs::write(&path, text).await.map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(Some(path))
        })
    }
}
