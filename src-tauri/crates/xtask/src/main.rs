//! The two commands of the house. `cargo xtask run` shows the product, `cargo xtask test` proves it; both set up what they need.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program: printing is what it is for"
)]

mod check;
mod demo;
mod icons;
mod setup;
mod step;

use std::env;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run            set up, build, and open the window on the sandbox (without a display: the tour in the terminal)
cargo xtask test           set up and pass every test: format, lints, Rust, UI, contract, browser, real window
cargo xtask test PART…     only these parts: fmt ui lint deny rust contract integration e2e
cargo xtask bless          rewrite the generated files: contract.ts, profile.schema.json, reason codes, command-line reference
cargo xtask icons          make all icon sizes from icons/spectroscope.svg";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["run"] => demo::run(),
        ["test", parts @ ..] => check::test(parts),
        ["bless"] => check::bless(),
        ["icons"] => icons::make(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("unknown command `{}`\n\n{USAGE}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\n✗ {reason}");
            ExitCode::FAILURE
        }
    }
}
