//! The system browser, started without this product's variables.

use std::process::{Command, Stdio};

/// What the names of this product's variables begin with; some of them hold secrets.
const PREFIX: &str = "SPECTROSCOPE_";

/// Opens a page in the system browser. The opener and what it starts inherit no `SPECTROSCOPE_*` variable, none of the
/// standard streams, and on Unix no signal of the terminal.
///
/// # Errors
/// The system's words when no opener could be started.
pub fn open_in_browser(url: &str) -> Result<(), String> {
    let mut failed = "there is no program that opens pages".to_owned();
    for mut command in open::commands(url) {
        isolate(&mut command);
        match command.spawn() {
            Ok(mut child) => {
                // Waited for, so that it does not stay behind as a zombie.
                std::thread::spawn(move || child.wait());
                return Ok(());
            }
            Err(error) => failed = error.to_string(),
        }
    }
    Err(failed)
}

fn isolate(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(PREFIX)) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
}
