//! Where test data and built programs are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A file or folder of test data, by its path below `tests/`.
#[must_use]
pub fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file or folder of the repository, by its path below the root.
#[must_use]
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Makes a folder that only its owner can open, as a data directory has to be.
///
/// # Panics
/// When it cannot be made.
#[expect(clippy::expect_used, reason = "a test cannot go on without its folder")]
pub fn private_folder(path: &Path) {
    std::fs::create_dir_all(path).expect("a folder");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).expect("its permissions");
    }
}

/// The command line, up to date.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn spectroscope() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("spectroscope"))
}

/// Runs many commands of the command line within one process; see its own description.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn many_commands() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("many-commands"))
}

/// The window's program, up to date with the Rust sources and with the pages in `ui/dist`.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn window() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built("spectroscope-desktop"))
}

/// Builds a program of the workspace with the one package selection, so that nothing built before is built again.
#[expect(clippy::panic, reason = "a test cannot go on without the program that it tests")]
fn built(program: &str) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--workspace", "--bin", program]).current_dir(repository(""));
    // What cargo tells this test about its own package: build scripts that watch it would run again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_", "OUT_DIR"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            cargo.env_remove(&name);
        }
    }
    if !cargo.status().is_ok_and(|status| status.success()) {
        panic!("`cargo build --workspace --bin {program}` failed");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository("target"), PathBuf::from);
    target.join("debug").join(program).with_extension(std::env::consts::EXE_EXTENSION)
}
