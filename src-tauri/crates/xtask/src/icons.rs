//! `cargo xtask icons`: every size from the one source.

use crate::step::{Outcome, command, quiet, root};
use std::fs;

const SIZES: &[u32] = &[16, 24, 32, 48, 64, 128, 256, 512];

/// Renders all sizes and the Windows and macOS files.
pub(crate) fn make() -> Outcome {
    let icons = root().join("icons");
    for size in SIZES {
        let (side, file) = (size.to_string(), format!("{size}x{size}.png"));
        let args = ["-w", &side, "-h", &side, "spectroscope.svg", "-o", &file];
        quiet(&file, command("rsvg-convert", &args).current_dir(&icons))?;
    }
    let copy = |from: &str, to: &str| {
        fs::copy(icons.join(from), icons.join(to)).map(drop).map_err(|error| format!("icons/{to}: {error}"))
    };
    copy("256x256.png", "128x128@2x.png")?;
    copy("512x512.png", "icon.png")?;
    let ico = ["16x16.png", "24x24.png", "32x32.png", "48x48.png", "64x64.png", "256x256.png", "icon.ico"];
    quiet("icon.ico", command("convert", &ico).current_dir(&icons))?;
    let icns = ["icon.icns", "16x16.png", "32x32.png", "128x128.png", "256x256.png", "512x512.png"];
    quiet("icon.icns", command("png2icns", &icns).current_dir(&icons))
}
