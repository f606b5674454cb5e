//! Modes, links, drafts and locks.

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
    assert_eq!(close_dir(&dir).unwrap(), Closed::Now);
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(close_dir(&dir).unwrap(), Closed::Already);
    assert_eq!(close_dir(&dir.join("z")).unwrap(), Closed::Missing);
}

#[test]
fn a_directory_that_is_shared_or_linked_is_refused_and_left_alone() {
    let scratch = Scratch::new("files-shared");
    let dir = scratch.path().join("shared");
    fs::create_dir(&dir).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o1777)).unwrap();
    assert!(make_dir(&dir).is_err());
    assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o7777, 0o1777);
    let link = scratch.path().join("link");
    symlink(&dir, &link).unwrap();
    assert!(make_dir(&link).is_err());
}

fn link_to_nowhere(scratch: &Scratch) -> PathBuf {
    let link = scratch.path().join("nowhere");
    symlink(scratch.path().join("made"), &link).unwrap();
    link
}

#[test]
fn drafts_of_ended_processes_go_and_nothing_else() {
    let scratch = Scratch::new("files-drafts");
    let path = scratch.path().join("a.json");
    let names =
        ["a.json.7-0.new", "a.json.123456-99.new", "a.json.new", "a.json.x.new", "b.json.7-0.new", "a.json"];
    for name in names {
        fs::write(scratch.path().join(name), "").unwrap();
    }
    remove_drafts(&path);
    let there = |name: &&str| scratch.path().join(name).exists();
    assert_eq!(names.iter().filter(|name| there(name)).count(), 4);
    assert!(names[2..].iter().all(there));
}

#[test]
fn a_lock_is_one_holders_at_a_time() {
    let scratch = Scratch::new("files-lock");
    let path = scratch.path().join("lock");
    let held = lock(&path, Duration::ZERO).unwrap().unwrap();
    assert!(lock(&path, Duration::from_millis(20)).unwrap().is_none());
    assert_eq!(mode(&path), 0o600);
    drop(held);
    assert!(lock(&path, Duration::ZERO).unwrap().is_some());
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
    assert!(lock(&link_to_nowhere(&scratch), Duration::ZERO).is_err());
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
