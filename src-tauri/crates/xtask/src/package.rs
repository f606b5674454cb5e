//! `cargo xtask package`: the packages that people install.

use crate::build;
use crate::setup;
use crate::step::{Outcome, command, root, shown};

/// Builds the release programs with the one package selection and bundles them as .deb and .rpm.
pub(crate) fn package() -> Outcome {
    setup::for_window()?;
    setup::node_packages()?;
    build::pages()?;
    let args =
        ["build", "--release", "--workspace", "--bin", "spectroscope", "--bin", "spectroscope-desktop"];
    shown("release build", &mut command("cargo", &args))?;
    let tauri = root().join("ui/node_modules/.bin/tauri");
    let mut bundle = command(&tauri.to_string_lossy(), &["bundle", "--bundles", "deb,rpm"]);
    shown("packages", &mut bundle)?;
    println!("target/release/bundle/deb and target/release/bundle/rpm hold the packages");
    Ok(())
}
