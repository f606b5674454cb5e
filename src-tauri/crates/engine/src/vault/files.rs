//! Files only their owner reads: written whole beside their place, synced, then moved there; links are not followed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Most bytes of a file that is read; what is larger is not ours.
const MOST: u64 = 1024 * 1024;

/// Makes a directory only its owner enters, or makes an existing one so.
///
/// # Errors
/// The system's; a link or a file in its place is refused.
pub(super) fn make_dir(dir: &Path) -> io::Result<()> {
    match fs::symlink_metadata(dir) {
        Ok(found) if found.is_dir() => close_to_others(dir, &found),
        Ok(_) => Err(io::Error::new(io::ErrorKind::NotADirectory, "not a directory")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(dir)
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn close_to_others(dir: &Path, found: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if found.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

/// Elsewhere a directory inherits who may enter it from the person's profile.
#[cfg(not(unix))]
fn close_to_others(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has more to say"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
        // A pipe in the place of a file would be waited for without end.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options
}

/// Reads a file; `None` when it is not there.
///
/// # Errors
/// The system's; a link, or more than a mebibyte, is refused.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found?,
    };
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a file"));
    }
    let file = match options().read(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let mut bytes = Vec::new();
    if file.take(MOST + 1).read_to_end(&mut bytes)? as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "too large"));
    }
    Ok(Some(bytes))
}

/// Writes a file, replacing an earlier one in one step.
///
/// # Errors
/// The system's; the earlier file is as it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft(path, bytes)?;
    let placed = fs::rename(&draft, path);
    settle(path, &draft, placed.is_err());
    placed
}

/// Writes a file that must not be there yet; `false` when somebody else was first.
///
/// # Errors
/// The system's.
pub(super) fn create(path: &Path, bytes: &[u8]) -> io::Result<bool> {
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
pub(super) fn remove(path: &Path) -> io::Result<bool> {
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
    remove(&draft)?;
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
mod tests {
    use super::*;
    use crate::vault::scratch::Scratch;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn only_the_owner_reads_what_is_written() {
        let scratch = Scratch::new("files-modes");
        let dir = scratch.path().join("a/b");
        make_dir(&dir).unwrap();
        write(&dir.join("x"), b"1").unwrap();
        assert!(create(&dir.join("y"), b"2").unwrap());
        assert!(!create(&dir.join("y"), b"3").unwrap());
        assert_eq!((mode(&dir), mode(&dir.join("x")), mode(&dir.join("y"))), (0o700, 0o600, 0o600));
        assert_eq!(read(&dir.join("y")).unwrap().unwrap(), b"2");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 2, "no draft is left");
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        make_dir(&dir).unwrap();
        assert_eq!(mode(&dir), 0o700);
    }

    #[test]
    fn links_are_not_followed() {
        let scratch = Scratch::new("files-links");
        let (target, link) = (scratch.path().join("target"), scratch.path().join("link"));
        fs::write(&target, b"theirs").unwrap();
        symlink(&target, &link).unwrap();
        assert!(read(&link).is_err());
        assert!(!create(&link, b"ours").unwrap());
        write(&link, b"ours").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"theirs");
        assert!(fs::symlink_metadata(&link).unwrap().is_file());
        let dir = scratch.path().join("dir");
        symlink(scratch.path(), &dir).unwrap();
        assert!(make_dir(&dir).is_err());
    }

    #[test]
    fn what_is_not_a_small_file_is_refused() {
        let scratch = Scratch::new("files-size");
        let large = scratch.path().join("large");
        fs::write(&large, vec![0; usize::try_from(MOST).unwrap() + 1]).unwrap();
        assert!(read(&large).is_err());
        assert!(read(scratch.path()).is_err());
        assert!(read(&scratch.path().join("absent")).unwrap().is_none());
        assert!(!remove(&scratch.path().join("absent")).unwrap());
    }
}
