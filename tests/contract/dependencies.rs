//! Every crate of the lock file, for all systems: its licence, its source, and whether it is forbidden. The lists are those
//! of `.cargo/deny.toml`, which `cargo deny check advisories` reads as well; advisories need a network and are no part of
//! the tests.

use serde_json::Value;
use spdx::Expression;
use std::collections::BTreeSet;
use std::process::Command;
use tests::places::repository;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Every package that any target of any system is built from, as `cargo metadata` describes it.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(repository(""))
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata");
    metadata["packages"].as_array().expect("packages").clone()
}

fn lists() -> toml::Table {
    let text = std::fs::read_to_string(repository(".cargo/deny.toml")).expect("the lists");
    text.parse().expect("TOML")
}

fn name(package: &Value) -> &str {
    package["name"].as_str().expect("a name")
}

/// Why a licence expression is not allowed; `None` if it is.
fn objection(license: Option<&str>, allowed: &BTreeSet<String>) -> Option<String> {
    let Some(text) = license else { return Some("no licence".to_owned()) };
    let expression = match Expression::parse_mode(text, spdx::ParseMode::LAX) {
        Ok(expression) => expression,
        Err(error) => return Some(format!("`{text}`: {}", error.reason)),
    };
    let fits = expression.evaluate(|requirement| allowed.contains(&requirement.to_string()));
    (!fits).then(|| format!("`{text}` is not among the allowed licences"))
}

/// Why packages may not be used, one line each.
fn objections(packages: &[Value], lists: &toml::Table) -> Vec<String> {
    let texts = |list: &toml::Value, key: Option<&str>| -> BTreeSet<String> {
        let rows = list.as_array().expect("a list").iter();
        rows.map(|row| key.map_or(row, |key| &row[key]).as_str().expect("a text").to_owned()).collect()
    };
    let allowed = texts(&lists["licenses"]["allow"], None);
    let denied = texts(&lists["bans"]["deny"], Some("crate"));
    let mut found = Vec::new();
    for package in packages {
        let name = name(package);
        if denied.contains(name) {
            found.push(format!("{name}: forbidden by .cargo/deny.toml"));
        }
        // A package without a source is one of this workspace.
        let Some(source) = package["source"].as_str() else { continue };
        if source != REGISTRY {
            found.push(format!("{name}: comes from {source}"));
        }
        found.extend(objection(package["license"].as_str(), &allowed).map(|why| format!("{name}: {why}")));
    }
    found
}

#[test]
fn every_crate_may_be_used() {
    let packages = packages();
    let found = objections(&packages, &lists());
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(packages.len() > 300, "only {} packages", packages.len());
    println!("count: crates with allowed licence and source {0} of {0}", packages.len());
}

#[test]
fn requirements_of_the_workspace_name_versions() {
    let own: Vec<Value> = packages().into_iter().filter(|package| package["source"].is_null()).collect();
    assert!(own.len() >= 7, "{}", own.len());
    for package in &own {
        for wanted in package["dependencies"].as_array().expect("dependencies") {
            let is_wildcard = wanted["req"] == "*" && wanted["path"].is_null();
            assert!(!is_wildcard, "{} asks for any version of {}", name(package), name(wanted));
        }
    }
}

#[test]
fn each_kind_of_objection_is_found() {
    let lists = lists();
    let package = |name: &str, source: &str, license: Option<&str>| serde_json::json!({ "name": name, "source": source, "license": license });
    let fine = package("fine", REGISTRY, Some("MIT/Apache-2.0"));
    assert_eq!(objections(&[fine], &lists), Vec::<String>::new());
    let wrong = [
        package("openssl", REGISTRY, Some("Apache-2.0")),
        package("elsewhere", "git+https://example.test/elsewhere", Some("MIT")),
        package("copyleft", REGISTRY, Some("GPL-3.0-only")),
        package("both", REGISTRY, Some("MIT AND AGPL-3.0-only")),
        package("silent", REGISTRY, None),
    ];
    for package in wrong {
        assert_eq!(objections(std::slice::from_ref(&package), &lists).len(), 1, "{package}");
    }
}
