//! `cargo xtask test` and the commands that run parts of it for longer.

use crate::build;
use crate::report;
use crate::schedule;
use crate::setup;
use crate::step::{Outcome, command, shown};
use crate::suites::{Needs, SUITES, Suite, named};
use std::time::Instant;

/// Prints the suites.
pub(crate) fn list() {
    for suite in SUITES {
        println!("{:<12} {}", suite.name, suite.about);
    }
}

/// Runs the suites asked for, or all.
pub(crate) fn test(wanted: &[&str]) -> Outcome {
    if let Some(unknown) = wanted.iter().find(|name| named(name).is_none()) {
        let known: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
        return Err(format!("there is no suite `{unknown}`; the suites are {}", known.join(", ")));
    }
    let since = Instant::now();
    let suites: Vec<&Suite> =
        SUITES.iter().filter(|suite| wanted.is_empty() || wanted.contains(&suite.name)).collect();
    let (first, later): (Vec<&Suite>, Vec<&Suite>) =
        suites.into_iter().partition(|suite| suite.needs == Needs::Sources);
    setup::for_tests()?;
    let window = later.iter().any(|suite| suite.needs == Needs::Window);
    let build = move || {
        if window {
            build::pages()?;
        }
        build::everything()
    };
    let (reports, built) = schedule::run(first, build, later);
    report::print(&reports, since.elapsed());
    let mut failed: Vec<&str> =
        reports.iter().filter(|report| !report.passed).map(|report| report.name).collect();
    if built.is_err() {
        failed.push("build");
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// Rewrites the generated files.
pub(crate) fn bless() -> Outcome {
    let targets = [
        "test",
        "--workspace",
        "--test",
        "contract",
        "--test",
        "cli",
        "--test",
        "sandbox-prism",
        "--no-fail-fast",
    ];
    let mut cargo = command("cargo", &targets);
    shown("generated files and snapshots", cargo.env("BLESS", "1").env("INSTA_UPDATE", "always"))
}

/// Runs the fault suites with their full counts.
pub(crate) fn prove() -> Outcome {
    setup::for_tests()?;
    let mut cargo = command("cargo", &["test", "--workspace", "--test", "prove", "--", "--nocapture"]);
    shown("fault suites, full counts", cargo.env("SPECTROSCOPE_PROVE", "full"))
}

/// Mutates inputs for many rounds, and tries new inputs on every property, with the one build.
pub(crate) fn fuzz(rounds: &str) -> Outcome {
    if rounds.parse::<u64>().is_err() {
        return Err(format!("`{rounds}` is not a number of rounds"));
    }
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs()).to_string();
    println!("seed {seed}: a failure repeats with PROPTEST_RNG_SEED={seed} PROPTEST_CASES={rounds}");
    let tests = ["test", "--workspace", "--no-fail-fast", "--test", "decisions", "--test", "denials"];
    let named = ["--", "--nocapture", "fuzz::", "properties::", "reading::", "redaction::", "random::"];
    let mut cargo = command("cargo", &[&tests[..], &named[..]].concat());
    let cargo = cargo.env("FUZZ_ROUNDS", rounds).env("PROPTEST_CASES", rounds).env("PROPTEST_RNG_SEED", seed);
    shown("fuzzing", cargo)
}

/// Runs one benchmark, or all.
pub(crate) fn bench(name: Option<&str>) -> Outcome {
    const BENCHES: [&str; 2] = ["diagnose", "load"];
    if let Some(unknown) = name.filter(|name| !BENCHES.contains(name)) {
        return Err(format!("there is no benchmark `{unknown}`; there are {}", BENCHES.join(", ")));
    }
    for bench in BENCHES.into_iter().filter(|bench| name.is_none_or(|name| name == *bench)) {
        shown(bench, &mut command("cargo", &["bench", "--workspace", "--bench", bench]))?;
    }
    Ok(())
}
