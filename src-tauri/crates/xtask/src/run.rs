//! `cargo xtask run` and `cargo xtask spectroscope`: the product.

use crate::build;
use crate::setup;
use crate::step::{Outcome, shown};
use std::env;
use std::io;
use std::process::{Command, ExitCode};

/// Opens the window on the sandbox; without a display runs the tour in the terminal.
pub(crate) fn run() -> Outcome {
    if !has_display() {
        println!("▸ No display (neither DISPLAY nor WAYLAND_DISPLAY is set): the tour runs in the terminal");
        build::command_line()?;
        return shown("tour", build::start("spectroscope").arg("tour"));
    }
    setup::for_window()?;
    setup::node_packages()?;
    build::pages()?;
    build::programs()?;
    println!("\n▸ Spectroscope opens on the built-in sandbox; close its window to end");
    shown("Spectroscope", &mut build::start("spectroscope-desktop"))
}

/// Builds the command line and becomes it.
pub(crate) fn spectroscope(args: &[&str]) -> ExitCode {
    if let Err(reason) = build::command_line() {
        eprintln!("error: {reason}");
        return ExitCode::FAILURE;
    }
    let error = replaced_by(build::start("spectroscope").args(args));
    eprintln!("error: spectroscope cannot be started: {error}");
    ExitCode::FAILURE
}

/// Becomes the program, so that signals and its exit code are its own; returns only what went wrong.
#[cfg(unix)]
fn replaced_by(program: &mut Command) -> io::Error {
    use std::os::unix::process::CommandExt as _;
    program.exec()
}

/// Runs the program and ends with its exit code; returns only what went wrong.
#[cfg(not(unix))]
fn replaced_by(program: &mut Command) -> io::Error {
    match program.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
