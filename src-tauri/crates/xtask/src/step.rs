//! One step of work: a line when it starts, a line when it ends, its output when it fails.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What every step returns: nothing, or the sentence that says what failed.
pub(crate) type Outcome = Result<(), String>;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}

/// What cargo tells a program that it starts about that program's own package. Passed on to another cargo, build scripts
/// that watch these variables would run again, and their packages would be compiled again.
const OF_THE_PACKAGE: [&str; 6] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "OUT_DIR"];

/// A command that starts in the root of the repository, with the environment that a person would give it.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if OF_THE_PACKAGE.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command.args(args).current_dir(root());
    command
}

/// Runs a step whose own output is worth seeing while it goes.
pub(crate) fn shown(title: &str, command: &mut Command) -> Outcome {
    let since = Instant::now();
    println!("\n▸ {title}");
    let status = command.status().map_err(|error| cannot_start(title, command, &error))?;
    if !status.success() {
        return Err(format!("{title}: {status}"));
    }
    println!("✓ {title}, {:.0} s", since.elapsed().as_secs_f32());
    Ok(())
}

/// Runs a step whose output matters only when it fails.
pub(crate) fn quiet(title: &str, command: &mut Command) -> Outcome {
    let since = Instant::now();
    println!("▸ {title} …");
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| cannot_start(title, command, &error))?;
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stdout));
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        return Err(format!("{title}: {}", output.status));
    }
    println!("✓ {title}, {:.0} s", since.elapsed().as_secs_f32());
    Ok(())
}

/// What a program prints, if it is there and ends well.
pub(crate) fn printed(program: &str, args: &[&str]) -> Option<String> {
    let output = command(program, args).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cannot_start(title: &str, command: &Command, error: &std::io::Error) -> String {
    format!("{title}: `{}` cannot be started: {error}", command.get_program().to_string_lossy())
}
