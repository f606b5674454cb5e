//! The command-line twin of the window: the same operations through the same engine.
//!
//! How a command ends is decided in [`exit`].

mod args;
mod commands;
mod exit;
mod handout;
mod names;
mod out;
mod reference;
mod render;
mod session;
mod terminal;
mod words;

pub use reference::reference;

pub(crate) use exit::Outcome;

use args::Cli;
use clap::Parser;
use std::process::ExitCode;

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
