//! `cargo xtask run`: the product on the sandbox.

use crate::setup;
use crate::step::{Outcome, command, quiet, root, shown};
use std::env;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Opens the window on the sandbox; without a display runs the tour in the terminal.
pub(crate) fn run() -> Outcome {
    if !has_display() {
        println!(
            "▸ there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the tour runs in the terminal instead"
        );
        return shown(
            "the tour",
            &mut command("cargo", &["run", "--quiet", "--package", "cli", "--", "tour"]),
        );
    }
    setup::for_window()?;
    setup::node_packages()?;
    build_pages()?;
    shown("building the window", &mut command("cargo", &["build", "--package", "desktop"]))?;
    println!("\n▸ Spectroscope opens on the built-in sandbox; close its window to end");
    shown("Spectroscope", &mut command("cargo", &["run", "--quiet", "--package", "desktop"]))
}

/// Builds the window's pages when a source is newer than the last build.
pub(crate) fn build_pages() -> Outcome {
    let ui = root().join("ui");
    let built = fs::metadata(ui.join("dist/built")).and_then(|file| file.modified()).ok();
    let inputs = ["src", "index.html", "package-lock.json", "vite.config.ts"];
    let newest = inputs.iter().filter_map(|name| newest(&ui.join(name))).max();
    if built.is_some_and(|built| newest.is_none_or(|newest| newest <= built)) {
        return Ok(());
    }
    quiet("the window's pages", setup::npm(&["run", "build"]).current_dir(&ui))?;
    fs::write(ui.join("dist/built"), "").map_err(|error| format!("ui/dist: {error}"))
}

fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return fs::metadata(path).and_then(|file| file.modified()).ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path())).max()
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
