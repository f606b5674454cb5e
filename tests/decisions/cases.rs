//! The pure decisions against the case files of `tests/cases`. Adding a case is adding a file.
//!
//! A case holds what is given and what is expected. What is expected is matched in part: an object may have more members
//! than the case names, a list has to have exactly the entries it names, in order.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it found by failing"
)]

use scopes::access::{Party, ReviewInput, Rule, RuleDraft, review};
use scopes::build::{BuildInput, build};
use scopes::import::read;
use scopes::lang::Lang;
use scopes::plan::{Definition, plan, remarks};
use scopes::profile::glint;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case<T> {
    /// What the case shows, and where the fact is from.
    about: String,
    #[serde(default)]
    lang: Lang,
    given: T,
    expected: Value,
}

fn folder(name: &str) -> PathBuf {
    tests::places::data("cases").join(name)
}

/// Runs every case of a folder and reports all that fail, not the first alone.
fn run<T: for<'de> Deserialize<'de>>(name: &str, answer: impl Fn(T, Lang, &Path) -> Value) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(name))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
        let shown = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("readable");
        let case: Case<T> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let got = answer(case.given, case.lang, path);
        if let Err(why) = matches(&case.expected, &got, "") {
            failures.push(format!("{shown} ({}): {why}\n  got: {got:#}", case.about));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{} of {count} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 0, "no case in {name}");
}

fn matches(expected: &Value, got: &Value, at: &str) -> Result<(), String> {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => expected.iter().try_for_each(|(key, value)| {
            matches(value, got.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"))
        }),
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
            (0..expected.len()).try_for_each(|i| matches(&expected[i], &got[i], &format!("{at}[{i}]")))
        }
        _ if expected == got => Ok(()),
        _ => Err(format!("{at} should be {expected}, is {got}")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Build {
    client_id: String,
    #[serde(default)]
    known: Option<String>,
    #[serde(default)]
    live: Option<Vec<Definition>>,
    #[serde(default)]
    platform: Vec<String>,
    #[serde(default)]
    inner: Vec<String>,
    #[serde(default)]
    merge: Option<String>,
}

#[test]
fn scope() {
    run("scope", |given: Build, lang, _| {
        let built = build(&BuildInput {
            profile: glint(),
            provider_client_id_known: given.known.as_deref(),
            live: given.live.as_deref(),
            client_id: &given.client_id,
            platform: &given.platform,
            inner: &given.inner,
            merge: given.merge.as_deref(),
            lang,
        });
        let scopes: Vec<&String> = built.lines.iter().map(|line| &line.scope).collect();
        let remarks: Vec<&String> = built.lints.iter().map(|lint| &lint.problem.code).collect();
        let mut value = json!({ "scopes": scopes, "remarks": remarks });
        merge_into(&mut value, serde_json::to_value(&built).expect("serialisable"));
        value
    });
}

fn merge_into(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Access {
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    add: Vec<RuleDraft>,
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    consumers: Vec<Party>,
    #[serde(default)]
    people: Vec<Party>,
    #[serde(default)]
    asked_consumers: Vec<String>,
    #[serde(default)]
    asked_people: Vec<String>,
    #[serde(default)]
    self_id: Option<String>,
}

#[test]
fn access() {
    run("access", |given: Access, lang, _| {
        let answer = review(&ReviewInput {
            rules: &given.rules,
            add: &given.add,
            remove: &given.remove,
            consumers: &given.consumers,
            people: &given.people,
            asked_consumers: &given.asked_consumers,
            asked_people: &given.asked_people,
            self_id: given.self_id.as_deref(),
            lang,
        });
        serde_json::to_value(&answer).expect("serialisable")
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    source: Value,
    #[serde(default)]
    live: Vec<Definition>,
    #[serde(default)]
    delete: Vec<String>,
}

#[test]
fn plans() {
    run("plan", |given: Plan, lang, _| {
        let source = read(given.source.to_string().as_bytes(), lang);
        assert!(source.problems.is_empty(), "{:?}", source.problems);
        let rows = plan(&source.items, &given.live, &given.delete);
        let short: Vec<String> = rows
            .iter()
            .map(|row| {
                format!("{} {}", serde_json::to_value(row.action).expect("a word"), row.scope)
                    .replace('"', "")
            })
            .collect();
        json!({ "order": short, "remarks": remarks(&rows, glint(), lang), "rows": rows })
    });
}

/// The source of a case stands beside it, as a file of its own, so that it may be broken in any way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Import {
    source: String,
}

#[test]
fn import() {
    run("import", |given: Import, lang, path| {
        let bytes = std::fs::read(path.with_file_name(&given.source)).expect("the source of the case");
        let source = read(&bytes, lang);
        let short: Vec<String> = source
            .problems
            .iter()
            .map(|problem| {
                let place =
                    problem.span.map_or("-".into(), |s| format!("{}:{}+{}", s.line, s.column, s.length));
                format!(
                    "{} {} {place}",
                    serde_json::to_value(problem.severity).expect("a word"),
                    problem.code
                )
                .replace('"', "")
            })
            .collect();
        let scopes: Vec<&String> = source.items.iter().map(|item| &item.scope).collect();
        let mut value = json!({ "short": short, "scopes": scopes });
        merge_into(&mut value, serde_json::to_value(&source).expect("serialisable"));
        value
    });
}

#[test]
fn every_source_belongs_to_a_case() {
    let files: Vec<PathBuf> = std::fs::read_dir(folder("import"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    let named: Vec<String> = files
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let case: Value =
                serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("a case");
            case["given"]["source"].as_str().expect("a source").to_owned()
        })
        .collect();
    for path in files.iter().filter(|path| path.extension().is_none_or(|e| e != "json")) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(named.contains(&name), "no case reads {name}");
    }
}
