//! The handout of the running `spectroscope sandbox`, so that other commands find it.
//!
//! It holds the sandbox's throwaway credentials: it is readable by its owner only and goes when the sandbox ends.

use engine::host::usual_data_dir;
use serde_json::Value;
use std::fs;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file while it exists; removed when dropped.
pub(crate) struct Left {
    path: PathBuf,
    text: String,
    /// What a sandbox started earlier had left.
    before: Option<String>,
}

fn path() -> Option<PathBuf> {
    usual_data_dir().map(|dir| dir.join("sandbox.json"))
}

/// Leaves the handout for other commands.
///
/// # Errors
/// The system's words, or that there is no data directory.
pub(crate) fn leave(text: &str) -> io::Result<Left> {
    let path = path().ok_or_else(|| io::Error::other("there is no data directory"))?;
    let before = read_own(&path);
    put(&path, text)?;
    Ok(Left { path, text: text.to_owned(), before })
}

/// Writes the file in one step: nobody reads half of it.
fn put(path: &Path, text: &str) -> io::Result<()> {
    engine::files::save_own(path, text.as_bytes())
}

/// Reads what a running sandbox left.
pub(crate) fn read() -> Option<String> {
    read_own(&path()?)
}

/// What is in a file of ours. A link in its place is not: others could point it at what they want us to read.
fn read_own(path: &Path) -> Option<String> {
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    fs::read_to_string(path).ok()
}

impl Drop for Left {
    fn drop(&mut self) {
        // A later sandbox may have put its own there; that one stays.
        if read_own(&self.path).is_none_or(|text| text != self.text) {
            return;
        }
        // An earlier one that still runs is found again.
        let earlier = self.before.as_deref().filter(|text| listens(text));
        if earlier.is_none_or(|text| put(&self.path, text).is_err()) {
            let _ = fs::remove_file(&self.path);
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
