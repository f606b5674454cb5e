//! Files only their owner reads: written whole beside their place, synced, then moved there; links are not followed.

use crate::effects::{self, Effect};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Most bytes of a file that is read; what is larger is not ours.
const MOST: u64 = 8 * 1024 * 1024;

/// How often a lock is tried. The system offers waiting without an end only, and a thread that waits cannot be stopped.
const PAUSE: Duration = Duration::from_millis(5);

/// Tells one state of a file from another without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// Device and number of the file, where the system has them: a file that was moved into place is another one.
    number: Option<(u64, u64)>,
}

/// The state of a file, a link followed; `None`: there is none.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = {
        use std::os::unix::fs::MetadataExt as _;
        Some((found.dev(), found.ino()))
    };
    #[cfg(not(unix))]
    let number = None;
    Some(Stamp { modified: found.modified().ok(), length: found.len(), number })
}

/// What became of a directory that must be its owner's alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// There is none.
    Missing,
    /// Only its owner enters it.
    Already,
    /// Others could enter it; now only its owner does.
    Now,
}

/// Makes a directory that only its owner enters, or makes an existing one so.
///
/// # Errors
/// The system's; those of [`close_dir`].
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    if close_dir(dir)? != Closed::Missing {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Takes the permissions of others from a directory of ours.
///
/// # Errors
/// The system's; a link or a file in its place is refused, and so is a directory that others own or share (`/tmp`).
pub(crate) fn close_dir(dir: &Path) -> io::Result<Closed> {
    match fs::symlink_metadata(dir) {
        Ok(found) if found.is_dir() => close_to_others(dir, &found),
        Ok(found) if found.is_symlink() => {
            Err(refused("the directory is a link, and links are not followed"))
        }
        Ok(_) => Err(io::Error::new(io::ErrorKind::NotADirectory, "not a directory")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Closed::Missing),
        Err(error) => Err(error),
    }
}

fn refused(words: &str) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, words)
}

#[cfg(unix)]
fn close_to_others(dir: &Path, found: &fs::Metadata) -> io::Result<Closed> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let mode = found.permissions().mode();
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused("the directory belongs to another user"));
    }
    if mode & 0o077 == 0 {
        return Ok(Closed::Already);
    }
    // A sticky directory is shared on purpose.
    if mode & 0o1000 != 0 {
        return Err(refused("the directory is shared with other users"));
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(mode & 0o700))?;
    Ok(Closed::Now)
}

/// Elsewhere a directory inherits who may enter it from the person's profile.
#[cfg(not(unix))]
fn close_to_others(_: &Path, _: &fs::Metadata) -> io::Result<Closed> {
    Ok(Closed::Already)
}

/// Private, never through a link, and without waiting for the other end of a pipe in the place of a file.
fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has more to say"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options
}

/// What is in this place is a file, or nothing; else words that say more than the system's.
pub(crate) fn look(path: &Path) -> io::Result<bool> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => found?,
    };
    match (found.is_symlink(), found.is_file()) {
        (true, _) => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "it is a link, and links are not followed"))
        }
        (_, false) => Err(io::Error::new(io::ErrorKind::InvalidData, "it is not a file")),
        _ => Ok(true),
    }
}

/// Reads a file; `None` when it is not there.
///
/// # Errors
/// The system's; a link, what is not a file, or more than eight mebibytes is refused.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    if !look(path)? {
        return Ok(None);
    }
    let file = match options().read(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut bytes = Vec::new();
    if file.take(MOST + 1).read_to_end(&mut bytes)? as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    }
    Ok(Some(bytes))
}

/// Writes a file, replacing an earlier one in one step.
///
/// # Errors
/// The system's; the earlier file is as it was.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let _effect = effects::begin(Effect::Saved);
    let draft = draft(path, bytes)?;
    let placed = fs::rename(&draft, path);
    settle(path, &draft, placed.is_err());
    placed
}

/// Tries whether a file could be written: as [`write`] up to the placing, then everything is removed again.
///
/// # Errors
/// The system's.
pub(crate) fn rehearse(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft(path, bytes)?;
    fs::remove_file(draft)
}

/// Takes a lock that other processes see; it ends when the value is dropped, or with the process. `None` when another
/// holder did not let go in time. Blocks the thread meanwhile.
///
/// # Errors
/// When the file cannot be made, or the file system has no locks.
pub(crate) fn lock(path: &Path, patience: Duration) -> io::Result<Option<File>> {
    let file = open_lock(path)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() >= patience => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

/// The file of a lock, made where it is missing.
///
/// # Errors
/// The system's; a link, or what is not a file, is refused.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    look(path)?;
    options().read(true).write(true).create(true).truncate(false).open(path)
}

/// Removes the drafts of a file that ended processes left behind. To be called while no other process writes it.
pub(crate) fn remove_drafts(path: &Path) {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return;
    };
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten().map(|entry| entry.file_name()) {
        let is_number = |c: char| c.is_ascii_digit() || c == '-';
        let middle = entry
            .to_str()
            .and_then(|entry| entry.strip_prefix(name)?.strip_prefix('.')?.strip_suffix(".new"));
        if middle.is_some_and(|middle| middle.chars().all(is_number)) {
            // One that cannot be removed is in nobody's way.
            let _ = fs::remove_file(dir.join(&entry));
        }
    }
}

/// Writes a file that must not be there yet; `false` when somebody else was first.
///
/// # Errors
/// The system's.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let _effect = effects::begin(Effect::Saved);
    let draft = draft(path, bytes)?;
    // Unlike a rename, a link never replaces, and what appears is complete.
    let placed = fs::hard_link(&draft, path);
    settle(path, &draft, true);
    match placed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes a file; whether it was there.
///
/// # Errors
/// The system's.
pub(crate) fn remove(path: &Path) -> io::Result<bool> {
    let _effect = effects::begin(Effect::Saved);
    removed(path)
}

fn removed(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn draft(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{count}.new", std::process::id()));
    let draft = path.with_file_name(name);
    // A draft of this name can only be left from a process that is gone.
    removed(&draft)?;
    let mut file = options().write(true).create_new(true).open(&draft)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        settle(path, &draft, true);
    }
    written.map(|()| draft)
}

/// Tidies up after the placing. What fails here changes nothing about whether the file is placed.
fn settle(path: &Path, draft: &Path, remove_draft: bool) {
    if remove_draft {
        let _ = fs::remove_file(draft);
    }
    if cfg!(unix)
        && let Some(dir) = path.parent()
    {
        let _ = File::open(dir).and_then(|dir| dir.sync_all());
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
