//! Generated files are committed and compared; with `BLESS=1` they are rewritten instead.

use std::fs;

/// Compares a file of the repository with what it should be.
pub(crate) fn check(path: &str, wanted: &str) {
    let file = tests::places::repository(path);
    let there = fs::read_to_string(&file).unwrap_or_default();
    if there == wanted {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, wanted).expect("the generated file can be written");
        return;
    }
    let line = there.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count() + 1;
    panic!("{path} is stale from line {line}; `cargo xtask bless` rewrites it");
}
