//! Files of the product that only their owner may read: written whole or not at all, and never through a link.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// How long another process may hold a lock before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pause between two looks at a lock.
const PAUSE: Duration = Duration::from_millis(5);

/// Tells one state of a file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// Device and number of the file, where the system has them: a file that was moved into place is another one.
    number: Option<(u64, u64)>,
}

/// The state of a file; `None`: there is none.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::symlink_metadata(path).ok()?;
    Some(Stamp { modified: found.modified().ok(), length: found.len(), number: number(&found) })
}

#[cfg(unix)]
fn number(found: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn number(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

/// Reads a file; `None`: there is none.
///
/// # Errors
/// When it cannot be read, or is a link, a directory, a pipe or a device.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = match unlinked(OpenOptions::new().read(true)).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(plain(path, error)),
    };
    if !file.metadata()?.is_file() {
        return Err(not_a_file());
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    Ok(Some(content))
}

/// Writes a file beside its place, syncs it, moves it there and syncs the directory; makes the directory where it is
/// missing. A link in its place is replaced, never followed. To be called by one at a time: drafts that an ended process
/// left behind are removed.
///
/// # Errors
/// When it cannot be written; what was there before is untouched then.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or_else(|| Path::new("."));
    make_dir(dir)?;
    remove_drafts(path, dir);
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = write_new(&draft, content).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The draft is of no use to anybody; that it cannot be removed changes nothing about the failure.
        let _ = fs::remove_file(&draft);
        return written;
    }
    sync_dir(dir)
}

/// Removes a file and syncs the directory; whether it was there.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => sync_dir(path.parent().unwrap_or_else(|| Path::new("."))).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a directory that only its owner may enter; one that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir)
}

/// Takes a lock that other processes see; it ends when the value is dropped, or with the process. Another holder is
/// waited for: a few milliseconds are usual, five seconds the end.
///
/// # Errors
/// `TimedOut` when another process does not let go; else why the lock's file cannot be opened.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    make_dir(path.parent().unwrap_or_else(|| Path::new(".")))?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = unlinked(&mut options).open(path).map_err(|error| plain(path, error))?;
    if !file.metadata()?.is_file() {
        return Err(not_a_file());
    }
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() >= PATIENCE => {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another process holds the lock and does not let go",
                ));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

/// The same options without following a link, without waiting for the other end of a pipe, and private.
fn unlinked(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options
}

fn write_new(draft: &Path, content: &[u8]) -> io::Result<()> {
    // A file of this name, or a link, is an error: it was not there a moment ago.
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = unlinked(&mut options).open(draft)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Drafts of processes that ended between writing and moving.
fn remove_drafts(path: &Path, dir: &Path) {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { return };
    let Ok(entries) = fs::read_dir(dir) else { return };
    for name in entries.flatten().map(|entry| entry.file_name()) {
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(".new"))
            .filter(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()));
        if number.is_some() {
            // One that cannot be removed is in nobody's way; if it is our own, writing says so.
            let _ = fs::remove_file(dir.join(&name));
        }
    }
}

/// So that the move itself outlives a power cut.
#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// "Too many levels of symbolic links" tells nobody what is the matter.
fn plain(path: &Path, error: io::Error) -> io::Error {
    let linked = fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_symlink());
    if linked {
        return io::Error::new(io::ErrorKind::InvalidInput, "it is a link, and links are not followed");
    }
    error
}

fn not_a_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}
