//! The one build. Every suite, `run` and `spectroscope` select all packages of the workspace, so that each dependency has
//! one set of features and is compiled once; they differ only in which targets they build.

use crate::setup;
use crate::step::{Outcome, command, quiet, root, shown};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// The programs that people start.
const PROGRAMS: &[&str] = &["build", "--workspace", "--bin", "spectroscope", "--bin", "spectroscope-desktop"];
/// The command line alone: needs neither WebKit nor Node.
const COMMAND_LINE: &[&str] = &["build", "--workspace", "--bin", "spectroscope"];
/// Programs, tests and benchmarks.
const EVERYTHING: &[&str] = &["build", "--workspace", "--all-targets"];

/// Builds programs, tests and benchmarks.
pub(crate) fn everything() -> Outcome {
    shown("build", &mut command("cargo", EVERYTHING))
}

/// Builds the window and the command line.
pub(crate) fn programs() -> Outcome {
    shown("build", &mut command("cargo", PROGRAMS))
}

/// Builds the command line; says nothing when there is nothing to do.
pub(crate) fn command_line() -> Outcome {
    let mut cargo = command("cargo", COMMAND_LINE);
    let status =
        cargo.arg("--quiet").status().map_err(|error| format!("cargo cannot be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("build: {status}")) }
}

/// A built program.
pub(crate) fn program(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("debug").join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// How many packages each selection would compile after another one has been built. None, if the selections agree.
pub(crate) fn compiled_again() -> Result<Vec<String>, String> {
    let mut again = Vec::new();
    for selection in [EVERYTHING, PROGRAMS, COMMAND_LINE] {
        let mut cargo = command("cargo", selection);
        cargo.args(["--message-format", "json"]).stderr(Stdio::null());
        let output = cargo.output().map_err(|error| format!("cargo cannot be started: {error}"))?;
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let artifacts = lines.lines().filter(|line| line.contains(r#""reason":"compiler-artifact""#));
        let stale = artifacts.filter(|line| line.contains(r#""fresh":false"#));
        again.extend(stale.map(|line| format!("{}: {}", selection.join(" "), package_of(line))));
        if !output.status.success() || !lines.contains(r#""fresh":true"#) {
            return Err(format!("cargo {}: {}", selection.join(" "), output.status));
        }
    }
    Ok(again)
}

fn package_of(artifact: &str) -> &str {
    let rest = artifact.split(r#""package_id":""#).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}

/// Builds the window's pages when a source is newer than the last build.
pub(crate) fn pages() -> Outcome {
    let ui = root().join("ui");
    let built = fs::metadata(ui.join("dist/built")).and_then(|file| file.modified()).ok();
    let inputs = ["src", "index.html", "public", "package-lock.json", "vite.config.ts"];
    let newest = inputs.iter().filter_map(|name| newest(&ui.join(name))).max();
    if built.is_some_and(|built| newest.is_none_or(|newest| newest <= built)) {
        return Ok(());
    }
    quiet("pages of the window", setup::npm(&["run", "build"]).current_dir(&ui))?;
    fs::write(ui.join("dist/built"), "").map_err(|error| format!("ui/dist: {error}"))
}

fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return fs::metadata(path).and_then(|file| file.modified()).ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path())).max()
}

/// A command that starts a built program in the folder where the person stands.
pub(crate) fn start(name: &str) -> Command {
    Command::new(program(name))
}
