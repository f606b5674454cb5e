//! Files torn at every place: each is read whole or refused, nothing of it is lost, and no command ends in a panic.

use super::{Dir, at_once, chosen};
use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tests::ScriptedHost;

const PASSPHRASE: &str = "seven-lamps-under-a-quiet-bridge";
const SECRET: &str = "prism_pat_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

async fn ask(data: &Path, operation: &str, args: Value) -> Result<Value, Problem> {
    let engine = Engine::new(Arc::new(ScriptedHost::new(Some(data.to_owned()))));
    engine.handle(Envelope { operation: operation.into(), args, lang: Lang::En, job: None }, &|_| {}).await
}

fn connection(name: &str) -> Value {
    json!({
        "name": name, "environment": "staging", "prism_url": "https://prism.example",
        "glint_url": "https://glint.example", "provider_client_id": "prism_6wsjw653PfFYk7GOq6wuSQ",
    })
}

/// Every file below a directory with its content.
fn files(dir: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn copy(from: &[(std::path::PathBuf, Vec<u8>)], home: &Path, to: &Path) {
    for (path, content) in from {
        let target = to.join(path.strip_prefix(home).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, content).unwrap();
    }
}

/// Reads and changes over one torn file; what is wrong with what came of it.
async fn torn(
    whole: &[(std::path::PathBuf, Vec<u8>)],
    home: &Path,
    which: usize,
    length: usize,
) -> Result<bool, String> {
    let dir = Dir::new("torn");
    copy(whole, home, dir.path());
    let (path, content) = &whole[which];
    let path = dir.path().join(path.strip_prefix(home).unwrap());
    let cut = content.get(..length).unwrap_or(content);
    std::fs::write(&path, cut).unwrap();
    let listed =
        ask(dir.path(), "list_connections", json!({})).await.map_err(|p| format!("list: {}", p.code))?;
    if std::fs::read(&path).unwrap() != cut {
        return Err("reading changed it".to_owned());
    }
    let named: Vec<&str> =
        listed["connections"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    let problems = listed["problems"].as_array().unwrap().len();
    let is_list = path.ends_with("connections.json");
    if is_list && !named.contains(&"One") && problems == 0 {
        return Err(format!("the connections are gone and nothing says so: {named:?}"));
    }
    // Whatever the vault says, it is no panic, and a wrong word is never taken for the secret.
    let opened = if is_list {
        Ok(Value::Null)
    } else {
        ask(dir.path(), "unlock_vault", json!({ "passphrase": PASSPHRASE })).await
    };
    let added = ask(dir.path(), "add_connection", connection("Two")).await;
    let left = files(dir.path());
    let kept = left.iter().any(|(_, now)| now == cut) || added.is_ok() && named.contains(&"One");
    if is_list && !kept {
        return Err(format!("what was torn was written over: {added:?}"));
    }
    if left.iter().any(|(_, now)| now.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())) {
        return Err("a secret stands in a file".to_owned());
    }
    Ok(problems > 0 || opened.is_err() || added.is_err())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_torn_at_any_place_loses_nothing() {
    let home = Dir::new("torn-home");
    let added = ask(home.path(), "add_connection", connection("One")).await.unwrap();
    let id = added["connections"][0]["id"].clone();
    let host = Arc::new(ScriptedHost::new(Some(home.path().to_owned())));
    let engine = Engine::new(host);
    for (operation, args) in [
        ("choose_vault", json!({ "kind": "passphrase", "passphrase": PASSPHRASE })),
        ("add_identity", json!({ "connection": id, "secret": SECRET })),
    ] {
        let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
        engine.handle(envelope, &|_| {}).await.unwrap_or_else(|problem| panic!("{operation}: {problem:?}"));
    }
    let whole = files(home.path());
    let with_content: Vec<usize> = (0..whole.len()).filter(|at| whole[*at].1.len() > 1).collect();
    assert!(with_content.len() >= 2, "connections and vault are there");
    let (mut ran, mut noticed, mut wrong) = (0, 0, Vec::new());
    let runs = chosen(200, 10).map(async |number| {
        let which = with_content[number % with_content.len()];
        let all = whole[which].1.len();
        let length = all * (number / with_content.len()) / (200 / with_content.len() + 1);
        let ended = torn(&whole, home.path(), which, length).await;
        ended.map_err(|why| format!("{} cut at {length} of {all}: {why}", whole[which].0.display()))
    });
    for ended in at_once(runs, 2).await {
        ran += 1;
        match ended {
            Ok(seen) => noticed += usize::from(seen),
            Err(why) => wrong.push(why),
        }
    }
    println!("count: torn files survived {} of {ran}, noticed {noticed}", ran - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
