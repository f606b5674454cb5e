//! An import killed with `kill -9` and started again: nothing is lost, nothing is there twice.

use super::{Dir, at_once, chosen};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

const ROWS: usize = 60;
const DEFINITIONS: &str = "/api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";

/// The command line on a running sandbox, with nothing of the caller's surroundings.
fn apply(sandbox: &sandbox::Sandbox, data: &Dir, file: &str) -> Command {
    let handout = sandbox.handout();
    let token = &handout.credentials.iter().find(|c| c.id == "olivia_pat").unwrap().secret;
    let mut command = Command::new(tests::places::spectroscope());
    command.env_clear().env("LC_ALL", "C.UTF-8").env("HOME", data.path());
    command.env("SPECTROSCOPE_DATA_DIR", data.path().join("spectroscope"));
    command.env("SPECTROSCOPE_PRISM", &handout.prism_url).env("SPECTROSCOPE_GLINT", &handout.glint_url);
    command.env("SPECTROSCOPE_TOKEN", token);
    command.args(["definitions", "apply", file, "--yes", "--json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How many definitions were sent so far.
fn posts(sandbox: &sandbox::Sandbox) -> usize {
    let archive = sandbox.admin().log().archive();
    let entries = archive.pointer("/log/entries").and_then(Value::as_array).cloned().unwrap_or_default();
    entries.iter().filter(|entry| entry.pointer("/request/method") == Some(&json!("POST"))).count()
}

/// What is missing and what is there twice after an import that was killed and started again.
#[derive(Debug, Default, PartialEq, Eq)]
struct Damage {
    lost: usize,
    twice: usize,
}

/// Kills the import when so many definitions were sent, and imports again.
async fn killed_at(point: usize) -> Result<Damage, String> {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    // Slow enough that the kill falls within the import.
    let slow = json!({
        "server": "prism", "method": "POST", "path": DEFINITIONS, "kind": "delay", "milliseconds": 20, "times": null,
    });
    sandbox.admin().faults().inject(serde_json::from_value(slow).unwrap());
    let data = Dir::new("kill");
    let item = |n: usize| json!({ "scope": format!("kill_{n:03}"), "title": format!("Title {n}") });
    let file = data.path().join("source.json");
    std::fs::write(&file, json!((0..ROWS).map(item).collect::<Vec<_>>()).to_string()).unwrap();
    let file = file.display().to_string();
    let mut child = apply(&sandbox, &data, &file).spawn().unwrap();
    // Reading the log is not free: without a pause it would slow down what it waits for.
    while posts(&sandbox) < point && child.try_wait().unwrap().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // SIGKILL.
    child.kill().unwrap();
    child.wait().unwrap();
    let again = apply(&sandbox, &data, &file);
    let again = tokio::task::spawn_blocking(move || {
        let mut again = again;
        again.output().unwrap()
    })
    .await
    .unwrap();
    if again.status.code() != Some(0) {
        let said =
            String::from_utf8_lossy(&again.stdout).into_owned() + &String::from_utf8_lossy(&again.stderr);
        return Err(format!("the second import ended with {:?}: {said}", again.status.code()));
    }
    let handout = sandbox.handout();
    let token = &handout.credentials.iter().find(|c| c.id == "olivia_pat").unwrap().secret;
    let request =
        reqwest::Client::new().get(format!("{}{DEFINITIONS}", handout.prism_url)).bearer_auth(token);
    let list: Value = request.send().await.unwrap().json().await.unwrap();
    let scopes: Vec<&str> =
        list["definitions"].as_array().unwrap().iter().filter_map(|one| one["scope"].as_str()).collect();
    let ours: Vec<&&str> = scopes.iter().filter(|scope| scope.starts_with("kill_")).collect();
    let distinct: BTreeSet<&&str> = ours.iter().copied().collect();
    Ok(Damage { lost: ROWS - distinct.len(), twice: ours.len() - distinct.len() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_killed_at_any_point_is_completed_by_the_next() {
    let (mut ran, mut whole, mut damage, mut wrong) = (0, 0, Damage::default(), Vec::new());
    let runs = chosen(60, 20).map(async |point| (point, killed_at(point).await));
    for (point, ended) in at_once(runs, 3).await {
        ran += 1;
        match ended {
            Ok(one) => {
                whole += usize::from(one == Damage::default());
                damage.lost += one.lost;
                damage.twice += one.twice;
            }
            Err(why) => wrong.push(format!("killed at {point}: {why}")),
        }
    }
    let Damage { lost, twice } = damage;
    println!(
        "count: imports completed after kill -9 {whole} of {ran}, definitions lost {lost}, twice {twice}"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((whole, damage), (ran, Damage::default()));
}
