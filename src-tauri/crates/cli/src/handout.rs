//! The handout of the running `spectroscope sandbox`, so that other commands find it.
//!
//! It holds the sandbox's throwaway credentials: it is readable by its owner only and goes when the sandbox ends.

use engine::files;
use engine::host::usual_data_dir;
use serde_json::Value;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

/// The file while it exists; removed when dropped.
pub(crate) struct Left {
    dir: PathBuf,
    text: String,
    /// What a sandbox started earlier had left.
    before: Option<String>,
}

/// The name of the file.
const NAME: &str = "sandbox.json";

/// Leaves the handout for other commands.
///
/// # Errors
/// The system's words, or that there is no data directory.
pub(crate) fn leave(text: &str) -> io::Result<Left> {
    let dir = usual_data_dir().ok_or_else(|| io::Error::other("there is no data directory"))?;
    let before = files::read_own(&dir, NAME)?;
    files::save_own(&dir, NAME, text.as_bytes())?;
    Ok(Left { dir, text: text.to_owned(), before })
}

/// Reads what a running sandbox left.
pub(crate) fn read() -> Option<String> {
    files::read_own(&usual_data_dir()?, NAME).ok().flatten()
}

impl Drop for Left {
    fn drop(&mut self) {
        // A later sandbox may have put its own there; that one stays.
        let now = files::read_own(&self.dir, NAME).ok().flatten();
        if now.is_none_or(|text| text != self.text) {
            return;
        }
        // An earlier one that still runs is found again.
        let earlier = self.before.as_deref().filter(|text| listens(text));
        if earlier.is_none_or(|text| files::save_own(&self.dir, NAME, text.as_bytes()).is_err()) {
            let _ = files::remove_own(&self.dir, NAME);
        }
    }
}

/// Whether the sandbox of a handout still runs.
fn listens(text: &str) -> bool {
    let handout: Value = serde_json::from_str(text).unwrap_or_default();
    let address =
        handout.get("admin_url").and_then(Value::as_str).and_then(|url| url.strip_prefix("http://"));
    let address = address.and_then(|address| address.split('/').next());
    let address = address.and_then(|address| address.parse::<SocketAddr>().ok());
    address.is_some_and(|address| TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok())
}
