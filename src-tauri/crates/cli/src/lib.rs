//! The command-line twin of the window: the same operations through the same engine.
//!
//! How a command ends is decided in [`exit`]; how a signal ends it in [`signals`].

mod args;
mod commands;
mod exit;
mod handout;
mod names;
mod out;
mod reference;
mod render;
mod same_file;
mod session;
mod signals;
mod terminal;
mod words;

pub use exit::of_problem_code;
pub use reference::reference;

pub(crate) use exit::Outcome;

use args::Cli;
use clap::Parser;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

static INCOMPLETE: AtomicBool = AtomicBool::new(false);

/// Notes that something of this command was lost or not kept, whatever else it did.
pub(crate) fn note_incomplete() {
    INCOMPLETE.store(true, Ordering::Relaxed);
}

/// Reads the arguments and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let outcome = match read(std::env::args_os()) {
        Ok(cli) => {
            signals::listen();
            run(cli)
        }
        Err(outcome) => outcome,
    };
    let outcome = match outcome {
        Outcome::Done if INCOMPLETE.load(Ordering::Relaxed) => Outcome::Unknown,
        outcome => outcome,
    };
    signals::exit_code().map_or_else(|| outcome.into(), ExitCode::from)
}

/// A command that was run within another program.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: u8,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub error: String,
}

/// Runs a command within this process and returns what it writes; the first argument is the name of the program. For many
/// commands in a row that ask nothing: signals are left to the process.
#[must_use]
pub fn run_captured(args: impl IntoIterator<Item = std::ffi::OsString>) -> Ran {
    let (outcome, written) = out::captured(|| read(args).map_or_else(|outcome| outcome, run));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { code: outcome.code(), out: text(written.out), error: text(written.error) }
}

fn read(args: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Cli, Outcome> {
    Cli::try_parse_from(args).map_err(|error| {
        if !error.use_stderr() {
            error.exit();
        }
        // It quotes what was typed, which may be a secret in the wrong place.
        let words = scopes::secret::Redactor::new().clean(&error.render().to_string());
        out::error_line(out::safe_block(&words).trim_end());
        Outcome::Usage
    })
}

fn run(cli: Cli) -> Outcome {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(commands::run(cli)),
        Err(error) => {
            out::error_line(&error.to_string());
            Outcome::Unknown
        }
    }
}
