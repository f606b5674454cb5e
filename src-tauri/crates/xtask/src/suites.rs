//! The suites of `cargo xtask test`: what each runs, and what it needs first.

use crate::build;
use crate::setup;
use crate::step::{command, root};
use std::process::Command;

/// What has to be done before a suite can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing but the sources and the installed packages.
    Sources,
    /// The one build.
    Build,
    /// The one build, with the pages of the window inside.
    Window,
}

/// How a suite is run.
pub(crate) enum Run {
    /// Commands, in order; the suite fails with the first that fails.
    Commands(fn() -> Vec<Command>),
    /// Commands that run at the same time; all of them are waited for, and the suite fails when one fails.
    Beside(fn() -> Vec<Command>),
    /// A check of this program; what it returns is printed.
    Check(fn() -> Result<String, String>),
}

/// One suite.
pub(crate) struct Suite {
    /// As it is named on the command line.
    pub(crate) name: &'static str,
    /// What it covers.
    pub(crate) about: &'static str,
    /// What it needs first.
    pub(crate) needs: Needs,
    /// How it is run.
    pub(crate) run: Run,
}

/// All suites. Those that wait for each other's build come in the order in which they are started: the longest first.
pub(crate) const SUITES: &[Suite] = &[
    Suite {
        name: "fmt",
        about: "format of the Rust sources",
        needs: Needs::Sources,
        run: Run::Commands(fmt),
    },
    Suite {
        name: "ui",
        about: "types, markup, format and units of the window's pages",
        needs: Needs::Sources,
        run: Run::Beside(ui),
    },
    Suite { name: "lint", about: "clippy, warnings denied", needs: Needs::Sources, run: Run::Commands(lint) },
    Suite {
        name: "e2e",
        about: "the panels in a browser and in the real window",
        needs: Needs::Window,
        run: Run::Commands(e2e),
    },
    Suite {
        name: "integration",
        about: "engine against sandbox, hostile servers and keychains",
        needs: Needs::Build,
        run: Run::Commands(integration),
    },
    Suite {
        name: "cli",
        about: "the command line as people run it",
        needs: Needs::Build,
        run: Run::Commands(cli),
    },
    Suite {
        name: "denials",
        about: "diagnosis of recorded and made-up denials",
        needs: Needs::Build,
        run: Run::Commands(denials),
    },
    Suite {
        name: "decisions",
        about: "cases, properties, mutations, redaction",
        needs: Needs::Build,
        run: Run::Commands(decisions),
    },
    Suite {
        name: "prove",
        about: "faults, kill -9, torn files, refresh races: a fixed sample of each",
        needs: Needs::Build,
        run: Run::Commands(prove),
    },
    Suite {
        name: "units",
        about: "unit tests beside the code",
        needs: Needs::Build,
        run: Run::Commands(units),
    },
    Suite {
        name: "sandbox",
        about: "the emulated Prism and Glint over HTTP",
        needs: Needs::Build,
        run: Run::Commands(sandbox),
    },
    Suite {
        name: "contract",
        about: "recordings, generated files, dependencies",
        needs: Needs::Build,
        run: Run::Commands(contract),
    },
    Suite {
        name: "one-build",
        about: "nothing is compiled again for another selection",
        needs: Needs::Window,
        run: Run::Check(one_build),
    },
];

/// Finds a suite by name.
pub(crate) fn named(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}

fn fmt() -> Vec<Command> {
    vec![command("cargo", &["fmt", "--all", "--check"])]
}

fn ui() -> Vec<Command> {
    let npm = |args: &[&str]| {
        let mut npm = setup::npm(args);
        npm.current_dir(root().join("ui"));
        npm
    };
    vec![npm(&["test"]), npm(&["run", "check"]), npm(&["run", "lint"])]
}

fn lint() -> Vec<Command> {
    vec![command("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])]
}

/// A target of the one build under the test harness, with what passing tests print. Vaults that debug builds make in it
/// have a key that is derived quickly.
fn target(kind: &[&str], harness: &[&str]) -> Command {
    let mut cargo = command("cargo", &["test", "--workspace", "--no-fail-fast"]);
    cargo.args(kind).args(["--", "--show-output"]).args(harness).env("SPECTROSCOPE_QUICK_VAULT", "1");
    cargo
}

fn prove() -> Vec<Command> {
    vec![target(&["--test", "prove"], &[])]
}

fn units() -> Vec<Command> {
    vec![target(&["--lib", "--bins"], &[])]
}

fn decisions() -> Vec<Command> {
    vec![target(&["--test", "decisions"], &[])]
}

fn denials() -> Vec<Command> {
    vec![target(&["--test", "denials"], &[])]
}

fn sandbox() -> Vec<Command> {
    vec![target(&["--test", "sandbox-prism", "--test", "sandbox-glint"], &[])]
}

fn cli() -> Vec<Command> {
    vec![target(&["--test", "cli"], &[])]
}

fn contract() -> Vec<Command> {
    vec![target(&["--test", "contract"], &[])]
}

fn integration() -> Vec<Command> {
    vec![target(&["--test", "integration"], &[])]
}

/// Two tests at a time: each has a screen and a driver of its own, and waits for them half of its time.
fn e2e() -> Vec<Command> {
    vec![target(&["--test", "e2e"], &["--test-threads", "2"])]
}

fn one_build() -> Result<String, String> {
    let again = build::compiled_again()?;
    if again.is_empty() {
        return Ok("count: packages compiled again by another selection 0".to_owned());
    }
    Err(format!("compiled again:\n  {}", again.join("\n  ")))
}
