//! Makes the window's resources; works without Node by putting a placeholder page where the built UI would be.

use std::{fs, path::Path};

fn main() {
    let page = Path::new("../ui/dist/index.html");
    if !page.exists() {
        let placeholder = "<!doctype html><title>Spectroscope</title><p>The window's pages are not built: run <code>cargo xtask run</code>.</p>";
        if let Err(error) = fs::create_dir_all("../ui/dist").and_then(|()| fs::write(page, placeholder)) {
            println!("cargo:warning=cannot write {}: {error}", page.display());
        }
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    let commands = tauri_build::AppManifest::new().commands(&["call", "watch_quit", "answer_quit"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
