//! What people see, whole: help and the output of the main commands, as snapshots. `cargo xtask bless` accepts a change.

use crate::support::{Dir, run, run_in};
use tests::places::data;

/// Compares standard output, standard error and exit code with the snapshot of that name.
fn shows(name: &str, args: &[&str]) {
    shows_with(name, args, &[]);
}

fn shows_with(name: &str, args: &[&str], variables: &[(&str, &str)]) {
    let dir = Dir::new();
    let ran = run_in(dir.path(), args, b"", variables);
    let cases = data("cases").display().to_string();
    let text = |text: &str| text.replace(&cases, "cases").replace(&dir.path().display().to_string(), "HOME");
    let whole = format!("exit code {}\n--- out\n{}--- err\n{}", ran.code, text(&ran.out), text(&ran.err));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, whole);
    });
}

#[test]
fn help() {
    shows("help", &["--help"]);
    shows("help-short", &["-h"]);
    shows("help-diagnose", &["diagnose", "--help"]);
    shows("help-rules", &["rules", "--help"]);
}

#[test]
fn usage_errors() {
    shows("usage-unknown-command", &["definition", "plan"]);
    shows("usage-unknown-option", &["diagnose", "--formt", "har"]);
}

#[test]
fn explanations() {
    for (name, file, entry) in [
        ("not-registered", "05-scope-never-registered.har", "2"),
        ("deny-rule", "06-scope-denied-by-a-rule.har", "1"),
        ("role", "15-a-member-may-not-rename-sets.har", "1"),
        ("only-the-answer", "09-missing-scope-only-the-answer-is-known.har", "0"),
        ("allowed", "25-nothing-is-wrong.har", "1"),
    ] {
        let path = data("cases/diagnosis").join(file).display().to_string();
        shows(&format!("diagnose-{name}"), &["diagnose", &path, "--entry", entry]);
        shows(&format!("diagnose-{name}-zh"), &["diagnose", &path, "--entry", entry, "--lang", "zh"]);
    }
}

#[test]
fn lists_and_plans() {
    let document = ["scopes", "build", "--client-id", "prism_abc123", "--scope", "read_todos"];
    shows("scopes-build", &document);
    shows("reasons", &["reasons", "scope.not_registered"]);
    let source = data("cases/import/missing-comma.source.txt").display().to_string();
    shows("definitions-plan-error", &["definitions", "plan", &source, "--sandbox"]);
}

#[test]
fn a_narrow_terminal_changes_no_word_of_an_explanation() {
    let path = data("cases/diagnosis/06-scope-denied-by-a-rule.har").display().to_string();
    let wide = run(&["diagnose", &path, "--entry", "1"]);
    let dir = Dir::new();
    let narrow = run_in(dir.path(), &["diagnose", &path, "--entry", "1"], b"", &[("COLUMNS", "40")]);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&wide.out), words(&narrow.out));
    assert!(!wide.out.is_empty());
}
