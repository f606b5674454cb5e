//! The real window under Xvfb.

use crate::driver::{Driver, Screen, artefacts};
use crate::page::Page;
use std::path::{Path, PathBuf};

/// The window's program, built before the suite by `cargo xtask test`.
fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let program = target.join("debug/spectroscope-desktop");
    assert!(program.exists(), "{} is missing: `cargo build -p desktop` makes it", program.display());
    program
}

#[tokio::test]
async fn opens_on_the_sandbox() {
    let home = std::env::temp_dir().join(format!("spectroscope-window-{}", std::process::id()));
    std::fs::create_dir_all(&home).expect("scratch home");
    let screen = Screen::start(1440, 900).await;
    let driver = Driver::webkit(&screen, &home, &artefacts().join("window.log")).await;
    let page = Page::new(driver.window(&program()).await);
    page.find_text("h1", "Connections").await;
    page.picture("window-connections").await;
    screen.picture("window-screen").await;
    let faults = page.axe().await;
    assert!(faults.is_empty(), "{faults:#?}");
    page.close().await;
    std::fs::remove_dir_all(&home).expect("scratch home goes");
}
