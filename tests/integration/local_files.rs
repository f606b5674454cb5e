//! What lies in the data directory: readable by its owner only, and never read or written through a link.

#![cfg(unix)]

use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tests::ScriptedHost;

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("spectroscope-local-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    dir
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

async fn ask(dir: &Path, operation: &str, args: Value) -> Result<Value, Problem> {
    let engine = Engine::new(Arc::new(ScriptedHost::new(Some(dir.to_owned()))));
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await
}

async fn add(dir: &Path) -> Result<Value, Problem> {
    let args = json!({ "name": "New", "environment": "staging", "prism_url": "https://prism.example" });
    ask(dir, "add_connection", args).await
}

/// What somebody puts in the way of a file.
type Obstacle = fn(&Path, &Path);

const VICTIM: &str = "not ours";

/// Where an obstacle lies, what it is, and how adding a connection ends: refused, or the obstacle replaced.
const OBSTACLES: [(&str, &str, Obstacle, bool); 10] = [
    ("a link to a file", "connections.json", |at, victim| symlink(victim, at).unwrap(), false),
    ("a link to nowhere", "connections.json", |at, _| symlink("/nonexistent/x", at).unwrap(), false),
    (
        "a link to a directory",
        "connections.json",
        |at, victim| symlink(victim.parent().unwrap(), at).unwrap(),
        false,
    ),
    ("a directory", "connections.json", |at, _| fs::create_dir(at).unwrap(), false),
    ("a pipe", "connections.json", |at, _| pipe(at), false),
    ("a device", "connections.json", |at, _| symlink("/dev/zero", at).unwrap(), false),
    ("a link as the lock", "connections.lock", |at, victim| symlink(victim, at).unwrap(), false),
    ("a pipe as the lock", "connections.lock", |at, _| pipe(at), false),
    ("a directory as the lock", "connections.lock", |at, _| fs::create_dir(at).unwrap(), false),
    (
        "a file everybody reads",
        "connections.json",
        |at, _| {
            fs::write(at, r#"{"version":1,"connections":[]}"#).unwrap();
            fs::set_permissions(at, fs::Permissions::from_mode(0o666)).unwrap();
        },
        true,
    ),
];

fn pipe(at: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(at).status().unwrap().success());
}

#[tokio::test]
async fn nothing_is_read_or_written_through_what_somebody_put_there() {
    let mut cases = 0;
    for (what, name, obstacle, passes) in OBSTACLES {
        let dir = scratch("obstacles");
        fs::create_dir_all(dir.join("elsewhere")).unwrap();
        let victim = dir.join("elsewhere/victim");
        fs::write(&victim, VICTIM).unwrap();
        let data = dir.join("data");
        fs::create_dir(&data).unwrap();
        obstacle(&data.join(name), &victim);
        let ended = add(&data).await;
        assert_eq!(ended.is_ok(), passes, "{what}");
        if let Err(problem) = ended {
            assert!(
                ["connections.unreadable", "connections.not_saved"].contains(&problem.code.as_str()),
                "{what}"
            );
            assert!(!problem.hints.is_empty());
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), VICTIM, "{what}");
        assert_eq!(fs::read_dir(dir.join("elsewhere")).unwrap().count(), 1, "{what}");
        if passes {
            assert_eq!(mode(&data.join(name)), 0o600, "{what}");
        }
        cases += 1;
        fs::remove_dir_all(dir).unwrap();
    }
    println!("count: T16: {cases} obstacles, 0 followed");
}

#[tokio::test]
async fn everything_written_is_its_owners_only() {
    let dir = scratch("modes");
    let data = dir.join("made/below");
    add(&data).await.unwrap();
    assert_eq!(mode(&data), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(&data).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["connections.json", "connections.lock"]);
    fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn drafts_that_an_ended_process_left_are_removed() {
    let dir = scratch("drafts");
    fs::create_dir_all(&dir).unwrap();
    let theirs = dir.join("theirs");
    fs::write(&theirs, VICTIM).unwrap();
    fs::write(dir.join("connections.json.4242-0.new"), "{").unwrap();
    symlink(&theirs, dir.join(format!("connections.json.{}-0.new", std::process::id()))).unwrap();
    add(&dir).await.unwrap();
    assert_eq!(fs::read_to_string(&theirs).unwrap(), VICTIM);
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 3, "the file, its lock, and what is not ours");
    fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn version_1_is_read_and_becomes_version_2_with_unknown_members_kept() {
    let dir = scratch("version");
    fs::create_dir_all(&dir).unwrap();
    let path = dir.join("connections.json");
    let old = json!({ "version": 1, "written_by": "tomorrow", "connections": [{
        "id": "c1", "name": "Old", "environment": "production", "prism_url": "https://prism.example",
        "glint_url": "https://glint.example", "provider_client_id": "prism_x", "mood": { "a": [1, 2] },
    }] });
    fs::write(&path, old.to_string()).unwrap();
    let listed = ask(&dir, "list_connections", json!({})).await.unwrap();
    assert_eq!(listed["connections"][0]["name"], "Old");
    assert_eq!(fs::read_to_string(&path).unwrap(), old.to_string(), "reading changes nothing");
    ask(&dir, "edit_connection", json!({ "connection": "c1", "colour": "red" })).await.unwrap();
    let now: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(now["version"], 2);
    assert_eq!(now["written_by"], "tomorrow");
    assert_eq!(now["connections"][0]["mood"], json!({ "a": [1, 2] }));
    assert_eq!(now["connections"][0]["colour"], "red");
    for (text, code) in [
        (r#"{"version":3,"connections":[]}"#, "connections.newer_version"),
        (r#"{"version":2,"connections":[{"id":7}]}"#, "connections.unreadable"),
        (r#"{"version":2,"connections":["#, "connections.unreadable"),
        ("", "connections.unreadable"),
        ("[]", "connections.unreadable"),
    ] {
        fs::write(&path, text).unwrap();
        let listed = ask(&dir, "list_connections", json!({})).await.unwrap();
        assert_eq!(listed["problems"][0]["code"], code, "{text}");
        assert_eq!(add(&dir).await.unwrap_err().code, code, "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "it is left alone");
    }
    fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_lock_that_is_never_let_go_is_told() {
    let dir = scratch("stuck");
    add(&dir).await.unwrap();
    let lock = fs::File::open(dir.join("connections.lock")).unwrap();
    lock.lock().unwrap();
    let args = json!({ "name": "Second", "environment": "staging", "prism_url": "https://prism.example" });
    let problem = ask(&dir, "add_connection", args).await.unwrap_err();
    assert_eq!(problem.code, "connections.locked");
    assert_eq!(
        ask(&dir, "list_connections", json!({})).await.unwrap()["connections"].as_array().unwrap().len(),
        1
    );
    lock.unlock().unwrap();
    fs::remove_dir_all(dir).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn whoever_waits_for_the_lock_lets_the_others_go_on() {
    let dir = scratch("beside");
    add(&dir).await.unwrap();
    let lock = fs::File::open(dir.join("connections.lock")).unwrap();
    lock.lock().unwrap();
    let engine = Engine::new(Arc::new(ScriptedHost::new(Some(dir.clone()))));
    let start = |operation: &str, args: Value| {
        let (engine, operation) = (engine.clone(), operation.to_owned());
        tokio::spawn(async move {
            let envelope = Envelope { operation, args, lang: Lang::En, job: None };
            engine.handle(envelope, &|_| {}).await
        })
    };
    let second = json!({ "name": "Second", "environment": "staging", "prism_url": "https://prism.example" });
    let adding = start("add_connection", second);
    // The only thread took the first task before this one.
    let listed = start("list_connections", json!({})).await.unwrap().unwrap();
    assert_eq!(listed["connections"].as_array().unwrap().len(), 1);
    assert!(!adding.is_finished());
    lock.unlock().unwrap();
    let added = adding.await.unwrap().unwrap();
    assert_eq!(added["connections"].as_array().unwrap().len(), 2);
    fs::remove_dir_all(dir).unwrap();
}
