//! Every code of a problem that the sources can give has a row in the table of exit codes.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Literals of the same form that are no codes: files, protocols, marks of pages.
const NO_CODES: [&str; 21] = [
    "app.spectroscope.console",
    "connections.json",
    "connections.lock",
    "curl.exe",
    "errors.edgesuite.net",
    "history.json",
    "journal.sqlite",
    "key.age",
    // A text of refusal that is looked for while evidence is gathered.
    "membership.unavailable",
    "mqttv3.1",
    "ocpp1.6",
    "page.css",
    "page.svg",
    "sandbox.json",
    "server.prism",
    "v10.stomp",
    "v11.stomp",
    "v12.stomp",
    "vault.json",
    "wamp.2.json",
    "wamp.2.msgpack",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The literals of a source that have the form of a code, and those that a problem is made with.
fn codes(text: &str) -> Vec<String> {
    let own = text.split("#[cfg(test)]").next().unwrap();
    let dotted = own.split('"').filter(|part| part.contains('.') && part.split('.').all(is_word));
    let made = ["Problem::refused(", "Problem::risky(", "Problem::note("].into_iter().flat_map(|call| {
        own.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
    });
    dotted.chain(made).map(str::to_owned).collect()
}

/// The names that are put behind `json.` and `client_id.`.
fn composed(crates: &Path) -> Vec<String> {
    let read = |path: &str| std::fs::read_to_string(crates.join(path)).unwrap();
    let (json, id) = (read("scopes/src/json/words.rs"), read("scopes/src/id.rs"));
    let first = |line: &str| {
        let name = line.trim().trim_start_matches('(').strip_prefix('"')?.strip_suffix("\",")?;
        is_word(name).then(|| format!("json.{name}"))
    };
    let named = |line: &str| {
        let name = line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.strip_suffix("\",")?;
        is_word(name).then(|| format!("client_id.{name}"))
    };
    json.lines().filter_map(first).chain(id.lines().filter_map(named)).collect()
}

#[test]
fn every_code_of_a_problem_has_its_exit_code() {
    let crates = tests::places::repository("src-tauri/crates");
    let reasons = std::fs::read_to_string(crates.join("scopes/profiles/reasons.json")).unwrap();
    let reasons: Value = serde_json::from_str(&reasons).unwrap();
    let is_reason = |code: &str| reasons["reasons"].as_array().unwrap().iter().any(|one| one["code"] == code);
    let mut files = Vec::new();
    for name in ["scopes", "engine", "cli"] {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files {
        // The causes of a diagnosis end a command by how the call stands; the tour names those it expects.
        let names_causes = file.iter().any(|part| part == "diagnosis" || part == "tour");
        for code in codes(&std::fs::read_to_string(&file).unwrap()) {
            if !(names_causes && is_reason(&code)) {
                found.entry(code).or_insert_with(|| file.clone());
            }
        }
    }
    let composed = composed(&crates);
    assert!(composed.len() > 25, "{composed:?}");
    found.extend(composed.into_iter().map(|code| (code, crates.clone())));
    assert!(found.len() > 300, "{}", found.len());
    let known = |code: &str| cli::of_problem_code(code).is_some() || NO_CODES.contains(&code);
    let missing: Vec<String> = found
        .iter()
        .filter(|(code, _)| !known(code))
        .map(|(code, file)| format!("{code}  {}", file.display()))
        .collect();
    assert!(missing.is_empty(), "no exit code for:\n{}", missing.join("\n"));
    println!("count: codes of problems with an exit code {}", found.len() - NO_CODES.len());
}

#[test]
fn the_families_that_the_rules_name_end_as_they_say() {
    for (code, exit) in [
        ("connection.no_provider", Some(2)),
        ("identity.none_for_definitions", Some(2)),
        ("identity.none_for_calls", Some(2)),
        ("import.blocked", Some(4)),
        ("import.duplicate_scope", Some(4)),
        ("reach.refused", Some(4)),
        ("reach.unreadable", Some(3)),
        ("server.rate_limited", Some(3)),
        ("definition.unclear", Some(3)),
        ("connection.read_only", Some(1)),
        ("credential.invalid", Some(1)),
        ("access.locks_out", None),
    ] {
        assert_eq!(cli::of_problem_code(code), Some(exit), "{code}");
    }
    assert_eq!(cli::of_problem_code("no.such_code"), None);
}
