//! `many-commands`: runs commands of the command line one after another within one process. Each line of standard input
//! is a JSON list of arguments; each line of standard output is a JSON list of what the command wrote to standard output
//! and to standard error. Starting a program takes longer than most commands do.

use std::error::Error;
use std::ffi::OsString;
use std::io::Write as _;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    for line in std::io::stdin().lines() {
        let args: Vec<String> = serde_json::from_str(&line?)?;
        let program = OsString::from("spectroscope");
        let ran = cli::run_captured(std::iter::once(program).chain(args.into_iter().map(OsString::from)));
        writeln!(out, "{}", serde_json::to_string(&(ran.out, ran.error))?)?;
        out.flush()?;
    }
    Ok(())
}
