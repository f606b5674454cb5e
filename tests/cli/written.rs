//! Every file that the commands write, by the system calls they make: placed in one step, never through a link, readable by
//! its owner only.
#![cfg(target_os = "linux")]

use crate::browser::Person;
use crate::home::{Home, PASSPHRASE};
use crate::support::{Dir, record_file_accesses, run_in, secret};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const ANSWER: &str =
    "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"error\":\"Token inactive or expired\"}";
const DEFINITIONS: &str = r#"[{"scope":"fresh","title":"Fresh"}]"#;

/// One system call: its name, its arguments, and whether it succeeded.
struct Access {
    call: String,
    arguments: String,
    done: bool,
}

impl Access {
    /// A line of strace: `123 openat(AT_FDCWD, "/a", O_RDONLY) = 3`.
    fn of(line: &str) -> Option<Self> {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let (call, rest) = line.split_once('(')?;
        let (arguments, result) = rest.rsplit_once(" = ")?;
        let done = !result.trim_start().starts_with('-');
        Some(Self { call: call.to_owned(), arguments: arguments.to_owned(), done })
    }

    fn has(&self, flag: &str) -> bool {
        self.arguments.contains(flag)
    }

    /// The paths among the arguments.
    fn paths(&self) -> Vec<PathBuf> {
        self.arguments.split('"').skip(1).step_by(2).map(PathBuf::from).collect()
    }

    /// Whether it changes something in the file system below a folder.
    fn writes_below(&self, folder: &Path) -> bool {
        let changes = match self.call.as_str() {
            "open" | "openat" | "creat" => {
                ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| self.has(flag))
            }
            call => [
                "rename", "link", "mkdir", "mknod", "chmod", "truncate", "chown", "symlink", "unlink",
                "rmdir",
            ]
            .iter()
            .any(|name| call.contains(name) && !call.contains("readlink")),
        };
        changes && self.done && self.paths().iter().any(|path| path.starts_with(folder))
    }

    /// What is wrong with it; `None`: it keeps the rules.
    fn fault(&self) -> Option<String> {
        let paths = self.paths();
        let name =
            |at: usize| paths.get(at).and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
        let is_draft = |at: usize| name(at).ends_with(".new");
        let same_folder = paths.first().and_then(|p| p.parent()) == paths.get(1).and_then(|p| p.parent());
        let fine = match self.call.as_str() {
            "open" | "openat" => {
                let private = self.has("O_NOFOLLOW") && self.has("0600") && !self.has("O_TRUNC");
                // A lock is empty and stays; everything else is a draft that is moved to its place.
                let lock = name(0).ends_with(".lock");
                private && (lock || (self.has("O_EXCL") && is_draft(0)))
            }
            "rename" | "renameat" | "renameat2" | "link" | "linkat" => is_draft(0) && same_folder,
            "mkdir" | "mkdirat" => self.has("0700"),
            "unlink" | "unlinkat" | "rmdir" => true,
            "chmod" | "fchmod" | "fchmodat" => self.has("0700"),
            _ => false,
        };
        (!fine).then(|| format!("{}({})", self.call, self.arguments))
    }
}

/// Whether strace is here and may trace.
fn can_record(dir: &Path) -> bool {
    let log = dir.join("probe.log");
    let status = Command::new("strace").args(["-A", "-o"]).arg(&log).arg("true").status();
    status.is_ok_and(|status| status.success())
}

/// The files and directories below a folder with the bits of their permissions.
fn modes(folder: &Path, found: &mut Vec<(PathBuf, bool, u32)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let about = fs::symlink_metadata(entry.path()).unwrap();
        found.push((entry.path(), about.is_dir(), about.permissions().mode() & 0o777));
        if about.is_dir() {
            modes(&entry.path(), found);
        }
    }
}

/// The commands that work on what is kept, in an order in which each finds what it needs.
fn at_home(home: &Home, out: &Path) -> usize {
    let pat = secret(&home.handout, "olivia_pat").to_owned();
    let (capsule, report, exported) =
        (out.join("call.har"), out.join("call.md"), out.join("definitions.json"));
    let path = |path: &Path| path.display().to_string();
    let (capsule, report, exported) = (path(&capsule), path(&report), path(&exported));
    let commands: &[(&[&str], &str, i32)] = &[
        (&["connections", "edit", "Tea", "--colour", "red", "--environment", "staging"], "", 0),
        (&["connections", "rename", "Tea", "Green Tea"], "", 0),
        (&["connections", "rename", "Green Tea", "Tea"], "", 0),
        (&["identity", "add", "--vault", "passphrase", "--kind", "pat", "--name", "admin"], &pat, 0),
        (&["vault", "status"], "", 0),
        (&["definitions", "export", &exported, "--identity", "admin"], "", 0),
        (&["definitions", "export", &exported, "--identity", "admin", "--force"], "", 0),
        (&["definitions", "apply", "-", "--identity", "admin", "--yes"], DEFINITIONS, 0),
        (&["rules", "list", "--identity", "admin"], "", 0),
        (&["call", "me", "--as", "mia", "--capsule", &capsule, "--report", &report], "", 0),
        (&["call", "me", "--as", "mia", "--capsule", &capsule, "--report", &report, "--force"], "", 0),
        (&["identity", "refresh", "mia", "--force"], "", 0),
        (&["identity", "introspect", "mia"], "", 0),
        (&["identity", "rename", "mia", "mia again"], "", 0),
        (&["matrix", "--as", "mia again", "--csv"], "", 0),
        (&["data", "list"], "", 0),
        (&["data", "delete", "history", "--yes"], "", 0),
        (&["identity", "revoke", "mia again"], "", 0),
        (&["sign-out", "--yes"], "", 0),
        (&["vault", "forget", "--yes"], "", 0),
        (&["connections", "remove", "Tea", "--yes"], "", 0),
    ];
    for (args, input, code) in commands {
        let ran = home.run(args, input.as_bytes());
        assert_eq!(ran.code, *code, "{args:?}: {}{}", ran.out, ran.err);
    }
    commands.len()
}

/// The commands that need nothing.
fn alone(out: &Path) -> usize {
    let home = Dir::new();
    let name = |name: &str| out.join(name).display().to_string();
    let (capsule, report, guide) = (name("alone.har"), name("alone.md"), name("guide.json"));
    let commands: &[&[&str]] = &[
        &["diagnose", "--capsule", &capsule, "--report", &report],
        &["diagnose", "--capsule", &capsule, "--report", &report, "--force", "--minimise"],
        &["definitions", "export", "--guide", &guide],
        &["completions", "bash"],
        &["tour"],
    ];
    for args in commands {
        let ran = run_in(home.path(), args, ANSWER.as_bytes(), &[]);
        assert!(ran.code < 2, "{args:?}: {}{}", ran.out, ran.err);
    }
    commands.len()
}

#[test]
fn every_written_file_is_placed_whole_and_is_its_owners_only() {
    let (home, place) = (Home::new(), Dir::new());
    home.register();
    let mia = Person::signs_in(&home.handout, "mia");
    let out = place.path().join("out");
    fs::create_dir(&out).unwrap();
    let recorded = can_record(place.path());
    let log = place.path().join("accesses.log");
    if recorded {
        record_file_accesses(&log);
    }
    let (child, url, lines) = home.signing_in(&[]);
    crate::browser::http("GET", &mia.decides(&url, "approve"), "", "");
    assert_eq!(home.ended(child, lines).0, Some(0));
    let mut found = Vec::new();
    modes(home.dir.path(), &mut found);
    let commands = 1 + at_home(&home, &out) + alone(&out);
    modes(home.dir.path(), &mut found);
    modes(&out, &mut found);
    let wrong: Vec<_> =
        found.iter().filter(|(_, is_dir, mode)| *mode != if *is_dir { 0o700 } else { 0o600 }).collect();
    assert!(wrong.is_empty(), "{wrong:?}");

    let text = fs::read_to_string(&log).unwrap_or_default();
    // Every server of these commands is reached over http: no store of certificates is read.
    let stores = text.lines().filter(|line| line.contains("/etc/ssl") || line.contains("ca-certificates"));
    assert_eq!(stores.count(), 0);
    let temp = std::env::temp_dir();
    let written: Vec<Access> =
        text.lines().filter_map(Access::of).filter(|access| access.writes_below(&temp)).collect();
    let faults: BTreeSet<String> = written.iter().filter_map(Access::fault).collect();
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    let placed: BTreeSet<PathBuf> = written
        .iter()
        .filter(|access| access.call.contains("rename") || access.call.contains("link"))
        .filter_map(|access| access.paths().get(1).cloned())
        .collect();
    let files = found.iter().filter(|(_, is_dir, _)| !is_dir).map(|(path, ..)| path.clone());
    let all: BTreeSet<PathBuf> = files.chain(placed.iter().cloned()).collect();
    assert!(!recorded || placed.len() >= 10, "{placed:?}");
    home.leaks(&[PASSPHRASE]);
    let how = if recorded {
        "by their system calls"
    } else {
        "by their permissions only: strace cannot be used here"
    };
    println!("count: {} files written by {commands} commands, looked at {how}", all.len());
}
