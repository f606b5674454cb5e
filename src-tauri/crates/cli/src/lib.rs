//! The command-line twin of the window: the same operations through the same engine.
//!
//! Exit codes: 0 done or allowed, 1 refused, denied or different, 2 wrong usage, 3 could not tell.

mod args;
mod commands;
mod handout;
mod names;
mod out;
mod reference;
mod render;
mod session;
mod terminal;
mod words;

pub use reference::reference;

use args::Cli;
use clap::Parser;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, or allowed.
    Done,
    /// Refused, denied, or different from what was expected.
    Refused,
    /// The command was not typed right.
    Usage,
    /// Nothing can be said.
    Unknown,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Refused => 1,
            Outcome::Usage => 2,
            Outcome::Unknown => 3,
        })
    }
}

/// Reads the arguments and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out::error_line(&error.to_string());
            return Outcome::Unknown.into();
        }
    };
    runtime.block_on(commands::run(cli)).into()
}
