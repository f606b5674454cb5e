//! Everything a fresh machine needs beside Rust and Node.

use crate::step::{Outcome, command, printed, quiet, root};
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

/// To build the window and open it.
const WINDOW: &[&str] =
    &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "libgtk-3-dev", "librsvg2-dev"];

/// To drive the window and a browser without a screen, to read the clipboard, to keep secrets, to see every script, and to
/// record which files are written.
const TESTS: &[&str] = &[
    "xvfb",
    "xauth",
    "dbus",
    "gnome-keyring",
    "libsecret-tools",
    "webkit2gtk-driver",
    "chromium",
    "chromium-driver",
    "xclip",
    "imagemagick",
    "fonts-dejavu-core",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "python3-requests-oauthlib",
    "python3-jwt",
    "strace",
];

/// Installs what building the window needs.
pub(crate) fn for_window() -> Outcome {
    system_packages(WINDOW)
}

/// Installs what the tests need; does nothing, within a second, where all of it is there.
pub(crate) fn for_tests() -> Outcome {
    let since = Instant::now();
    let all: Vec<&str> = WINDOW.iter().chain(TESTS).copied().collect();
    system_packages(&all)?;
    node_packages()?;
    packages_of("tests/oidc", "OpenID provider for the tests")?;
    crates()?;
    println!("✓ set-up, {:.1} s", since.elapsed().as_secs_f32());
    Ok(())
}

fn system_packages(wanted: &[&str]) -> Outcome {
    if cfg!(target_os = "macos") {
        return need("xcrun", "Xcode's command line tools: `xcode-select --install`");
    }
    if cfg!(windows) {
        println!(
            "▸ Windows: Microsoft C++ Build Tools and WebView2 must be installed (WebView2 is part of Windows 11)"
        );
        return Ok(());
    }
    if printed("dpkg-query", &["--version"]).is_none() {
        println!(
            "▸ not a Debian system: these packages, or their likes, must be installed: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let installed = installed(wanted);
    let missing: Vec<&str> =
        wanted.iter().copied().filter(|name| !installed.lines().any(|line| line == *name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install -y --no-install-recommends {}", missing.join(" "));
    let Some(prefix) = root_prefix() else {
        return Err(format!(
            "these packages are missing and need administrator rights: run `sudo {install}`"
        ));
    };
    let sh = |line: &str| {
        let mut sh = Command::new("sh");
        sh.args(["-c", &format!("{prefix}{line}")]).env("DEBIAN_FRONTEND", "noninteractive");
        sh
    };
    quiet("Debian's list of packages", &mut sh("apt-get update"))?;
    quiet(&format!("Debian packages: {}", missing.join(" ")), &mut sh(&install))
}

/// The packages among these that are installed, one a line.
fn installed(packages: &[&str]) -> String {
    let mut dpkg = command("dpkg-query", &["-W", "-f", "${db:Status-Status} ${Package}\n"]);
    // It ends with an error when one is unknown, and prints the others all the same.
    let output = dpkg.args(packages).stderr(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().filter_map(|line| line.strip_prefix("installed ")).collect::<Vec<_>>().join("\n")
}

/// What to put before a command so that it may install: nothing for root, `sudo` where it asks for no password.
fn root_prefix() -> Option<&'static str> {
    if printed("id", &["-u"]).as_deref() == Some("0") {
        return Some("");
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    sudo.is_ok_and(|status| status.success()).then_some("sudo ")
}

fn need(program: &str, what: &str) -> Outcome {
    match printed(program, &["--version"]) {
        Some(_) => Ok(()),
        None => Err(format!("this is missing: {what}")),
    }
}

/// Installs the UI's packages when the lock file changed since the last time.
pub(crate) fn node_packages() -> Outcome {
    let version = printed("node", &["--version"]).ok_or("Node is missing: install Node 20.19 or newer")?;
    if !is_new_enough(&version) {
        return Err(format!("Node {version} is too old: install Node 20.19 or newer"));
    }
    packages_of("ui", "UI packages")
}

/// Downloads every crate of the lock file, those of other systems included: the dependency check reads all of them.
fn crates() -> Outcome {
    let lock =
        fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let stamp = root().join("target/.fetched-lock");
    if fs::read_to_string(&stamp).is_ok_and(|fetched| fetched == lock) {
        return Ok(());
    }
    quiet("crates of the lock file", &mut command("cargo", &["fetch", "--locked"]))?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn packages_of(folder: &str, title: &str) -> Outcome {
    let at = root().join(folder);
    let lock = fs::read_to_string(at.join("package-lock.json"))
        .map_err(|error| format!("{folder}/package-lock.json: {error}"))?;
    let stamp = at.join("node_modules/.installed-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    quiet(title, npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&at))?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// `npm` with arguments.
pub(crate) fn npm(args: &[&str]) -> Command {
    command(if cfg!(windows) { "npm.cmd" } else { "npm" }, args)
}

fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    matches!((parts.next(), parts.next()), (Some(major), Some(minor)) if (major, minor) >= (20, 19))
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn node_versions() {
        assert!(is_new_enough("v20.19.0"));
        assert!(is_new_enough("v22.1.0"));
        assert!(!is_new_enough("v20.18.9"));
        assert!(!is_new_enough("v8.0.0"));
        assert!(!is_new_enough("nonsense"));
    }
}
