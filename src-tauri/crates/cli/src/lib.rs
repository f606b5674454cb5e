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
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            // It quotes what was typed, which may be a secret in the wrong place.
            let words = scopes::secret::Redactor::new().clean(&error.render().to_string());
            out::error_line(out::safe_block(&words).trim_end());
            return Outcome::Usage.into();
        }
        Err(help) => help.exit(),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out::error_line(&error.to_string());
            return Outcome::Unknown.into();
        }
    };
    signals::listen();
    let outcome = match runtime.block_on(commands::run(cli)) {
        Outcome::Done if INCOMPLETE.load(Ordering::Relaxed) => Outcome::Unknown,
        outcome => outcome,
    };
    signals::exit_code().map_or_else(|| outcome.into(), ExitCode::from)
}
