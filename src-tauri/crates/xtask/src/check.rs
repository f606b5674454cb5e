//! `cargo xtask test`: everything that must be green.

use crate::demo::build_pages;
use crate::setup;
use crate::step::{Outcome, command, printed, quiet, shown};
use std::time::Instant;

type Part = (&'static str, fn() -> Outcome);

const PARTS: &[Part] = &[
    ("fmt", fmt),
    ("ui", ui),
    ("lint", lint),
    ("deny", deny),
    ("rust", rust),
    ("contract", contract),
    ("integration", integration),
    ("e2e", e2e),
];

/// Passes the parts asked for, or all.
pub(crate) fn test(wanted: &[&str]) -> Outcome {
    if let Some(unknown) = wanted.iter().find(|name| !PARTS.iter().any(|(part, _)| part == *name)) {
        let known: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
        return Err(format!("there is no part `{unknown}`; the parts are {}", known.join(", ")));
    }
    let since = Instant::now();
    setup::for_tests()?;
    setup::node_packages()?;
    setup::oidc_packages()?;
    let mut passed = Vec::new();
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.contains(name) {
            part()?;
            passed.push(*name);
        }
    }
    println!("\n✓ passed: {} ({:.0} s)", passed.join(", "), since.elapsed().as_secs_f32());
    Ok(())
}

/// Rewrites the generated files.
pub(crate) fn bless() -> Outcome {
    shown(
        "contract, schema, reason codes",
        command("cargo", &["test", "--package", "tests", "--test", "contract"]).env("BLESS", "1"),
    )?;
    shown("command-line reference", command("cargo", &["test", "--package", "cli"]).env("BLESS", "1"))
}

fn fmt() -> Outcome {
    quiet("format", &mut command("cargo", &["fmt", "--all", "--check"]))
}

fn ui() -> Outcome {
    build_pages()?;
    shown("UI types and markup", setup::npm(&["run", "check"]).current_dir(crate::step::root().join("ui")))?;
    shown("UI units", setup::npm(&["test"]).current_dir(crate::step::root().join("ui")))
}

fn lint() -> Outcome {
    let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    shown("lints", &mut command("cargo", &args))
}

/// Licences, duplicate and forbidden crates, and sources need no network; advisories do, and are left to the maintainers.
fn deny() -> Outcome {
    if printed("cargo", &["deny", "--version"]).is_none() {
        let args = ["install", "--quiet", "--locked", "--debug", "cargo-deny@0.20.2"];
        shown("installing cargo-deny", &mut command("cargo", &args))?;
    }
    // The whole lock file is judged, other systems' crates included, so all of it must be on disk.
    quiet("all crates of the lock file", &mut command("cargo", &["fetch", "--locked"]))?;
    let args = ["deny", "--offline", "--workspace", "check", "bans", "licenses", "sources"];
    shown("dependencies", &mut command("cargo", &args))
}

fn rust() -> Outcome {
    let args = ["test", "--workspace", "--exclude", "tests"];
    shown("Rust units and the command line", &mut command("cargo", &args))
}

fn contract() -> Outcome {
    shown(
        "contract",
        &mut command("cargo", &["test", "--package", "tests", "--test", "contract", "--", "--nocapture"]),
    )
}

fn integration() -> Outcome {
    shown("integration", &mut command("cargo", &["test", "--package", "tests", "--test", "integration"]))
}

fn e2e() -> Outcome {
    shown("the programs", &mut command("cargo", &["build", "--package", "desktop", "--package", "cli"]))?;
    let args = ["test", "--package", "tests", "--test", "e2e", "--", "--test-threads", "1"];
    shown("browser and real window", &mut command("cargo", &args))
}
