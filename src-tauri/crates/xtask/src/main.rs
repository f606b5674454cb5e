//! The build commands. `cargo xtask run` shows the product, `cargo xtask test` passes every test; both set up what they need.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program: printing is what it is for"
)]

mod build;
mod icons;
mod package;
mod report;
mod run;
mod schedule;
mod setup;
mod step;
mod suites;
mod test;

use std::env;
use std::process::ExitCode;
use step::Outcome;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Main commands (they install what is missing):
  run                 build, and open the window on the built-in sandbox; without a display, run the tour in the terminal
  test                pass every test
  test SUITE...       pass some suites
  test --list         list the suites

Other commands:
  spectroscope ARGS   build and start the command line; `cargo spectroscope ARGS` is the same
  bless               rewrite the generated files: contract.ts, schemas, reason codes, command-line reference, snapshots
  prove               run the fault suites with their full counts
  fuzz [ROUNDS]       mutate inputs and try new ones on properties; 20 000 rounds unless given
  bench [NAME]        run the benchmarks: diagnose, load
  package             build .deb and .rpm packages
  icons               make every icon size from icons/spectroscope.svg";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done: Outcome = match words.as_slice() {
        ["run"] => run::run(),
        ["test", "--list"] => {
            test::list();
            Ok(())
        }
        ["test", suites @ ..] => test::test(suites),
        ["spectroscope", args @ ..] => return run::spectroscope(args),
        ["bless"] => test::bless(),
        ["prove"] => test::prove(),
        ["fuzz"] => test::fuzz("20000"),
        ["fuzz", rounds] => test::fuzz(rounds),
        ["bench"] => test::bench(None),
        ["bench", name] => test::bench(Some(name)),
        ["package"] => package::package(),
        ["icons"] => icons::make(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("error: unknown command `{}`\n\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\nerror: {reason}");
            ExitCode::FAILURE
        }
    }
}
