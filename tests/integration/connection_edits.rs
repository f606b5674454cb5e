//! Connections are changed, copied and removed, by two processes at the same time as well.

use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tests::{ScriptedHost, World};

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("spectroscope-edits-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

/// Another process, as far as the files are concerned.
fn process(dir: &Path) -> Engine {
    Engine::new(Arc::new(ScriptedHost::new(Some(dir.to_owned()))))
}

async fn ask(engine: &Engine, operation: &str, args: Value) -> Result<Value, Problem> {
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await
}

async fn names(engine: &Engine) -> Vec<String> {
    let reply = ask(engine, "list_connections", json!({})).await.unwrap();
    assert_eq!(reply["problems"], json!([]));
    let all = reply["connections"].as_array().unwrap();
    all.iter().map(|connection| connection["name"].as_str().unwrap().to_owned()).collect()
}

fn new(name: &str) -> Value {
    json!({ "name": name, "environment": "staging", "prism_url": "https://prism.example" })
}

async fn add(engine: &Engine, name: &str) -> String {
    let reply = ask(engine, "add_connection", new(name)).await.unwrap();
    let all = reply["connections"].as_array().unwrap();
    let added = all.iter().find(|connection| connection["name"] == name).unwrap();
    added["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn two_processes_see_and_keep_each_others_changes() {
    let dir = scratch("two");
    let (window, terminal) = (process(&dir), process(&dir));
    let first = add(&window, "First").await;
    assert_eq!(names(&terminal).await, ["First"]);
    add(&terminal, "Second").await;
    let edit = json!({ "connection": first, "name": "Renamed", "colour": "teal" });
    ask(&window, "edit_connection", edit).await.unwrap();
    assert_eq!(names(&terminal).await, ["Renamed", "Second"]);
    // A colour that is not mentioned stays; to have none is said.
    let colour = async |edit: Value| {
        let list = ask(&terminal, "edit_connection", edit).await.unwrap();
        list["connections"][0]["colour"].clone()
    };
    assert_eq!(colour(json!({ "connection": first, "colour": null })).await, "teal");
    assert_eq!(colour(json!({ "connection": first, "no_colour": true })).await, Value::Null);
    assert_eq!(colour(json!({ "connection": first, "no_colour": true, "colour": "red" })).await, "red");
    ask(&terminal, "remove_connection", json!({ "connection": first })).await.unwrap();
    let gone =
        ask(&window, "edit_connection", json!({ "connection": first, "name": "X" })).await.unwrap_err();
    assert_eq!(gone.code, "connection.unknown");
    assert_eq!(names(&window).await, ["Second"]);
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_changes_at_the_same_time_are_all_there() {
    let dir = scratch("hundred");
    let adding = (0..4).map(|process_number| {
        let engine = process(&dir);
        tokio::spawn(async move {
            for number in 0..25 {
                add(&engine, &format!("{process_number}-{number}")).await;
            }
        })
    });
    for task in adding.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let all = names(&process(&dir)).await;
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 100);
    let left: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    println!("count: changes at the same time: 100 made by 4 processes, {} there", all.len());
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn names_are_told_apart_whatever_their_case() {
    let dir = scratch("names");
    let engine = process(&dir);
    let first = add(&engine, "Staging").await;
    let second = add(&engine, "Other").await;
    for (operation, args) in [
        ("add_connection", new(" STAGING ")),
        ("add_connection", new("sandbox")),
        ("add_connection", new("沙盒")),
        ("edit_connection", json!({ "connection": second, "name": "staging" })),
        ("duplicate_connection", json!({ "connection": first, "name": "staging" })),
    ] {
        let problem = ask(&engine, operation, args).await.unwrap_err();
        assert_eq!(problem.code, "connection.name_taken");
        assert!(!problem.hints.is_empty());
    }
    for name in ["", "  ", "a\u{200b}b", "a\nb", &"x".repeat(101)] {
        let problem = ask(&engine, "add_connection", new(name)).await.unwrap_err();
        assert_eq!(problem.code, "connection.no_name", "{name:?}");
    }
    let own = json!({ "connection": first, "name": "STAGING" });
    ask(&engine, "edit_connection", own).await.unwrap();
    assert_eq!(names(&engine).await, ["STAGING", "Other"]);
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_copy_has_everything_but_the_identities() {
    let world = World::start();
    let handout = world.handout().clone();
    let mut args = new("Original");
    args["prism_url"] = json!(handout.prism_url);
    args["glint_url"] = json!(handout.glint_url);
    args["provider_client_id"] = json!(handout.provider.client_id);
    args["colour"] = json!("violet");
    args["transport"] = json!({ "redirect_ports": [50001, 50002] });
    let reply = world.call("add_connection", args).await.unwrap();
    let original = reply["connections"][1].clone();
    assert_eq!(original["saved"], false, "without a data directory nothing outlives the run");
    let host = handout.prism_url.trim_start_matches("http://").replace(':', "-");
    assert_eq!(original["redirect_uris"][0], format!("http://127.0.0.1:50001/callback/{host}"));
    assert_eq!(reply["connections"][0]["redirect_uris"][0], "http://127.0.0.1:47831/callback/sandbox");
    let secret = &handout.credentials[0].secret;
    let args = json!({ "connection": original["id"], "secret": secret });
    world.call("add_identity", args).await.unwrap();
    let args = json!({ "connection": original["id"], "name": "Copy" });
    let reply = world.call("duplicate_connection", args).await.unwrap();
    let copy = &reply["connections"][2];
    for same in ["prism_url", "glint_url", "provider_client_id", "colour", "transport", "environment"] {
        assert_eq!(copy[same], original[same], "{same}");
    }
    assert_ne!(copy["id"], original["id"]);
    assert_eq!(copy["identities"], json!([]));
    assert_eq!(reply["connections"][1]["identities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn another_address_forgets_what_was_bound_to_the_old_one() {
    let world = World::start();
    let handout = world.handout().clone();
    let secret = |id: &str| handout.credentials.iter().find(|c| c.id == id).unwrap().secret.clone();
    for (edit, left) in [
        (json!({ "glint_url": "https://glint.example" }), vec!["personal_access_token"]),
        (json!({ "glint_url": "" }), vec!["personal_access_token"]),
        (json!({ "prism_url": "https://prism.example" }), vec![]),
        (
            json!({ "prism_url": format!("{}/a/path", handout.prism_url) }),
            vec!["personal_access_token", "access_token"],
        ),
        (json!({ "transport": { "system_proxy": true } }), vec!["personal_access_token", "access_token"]),
    ] {
        let mut args = new("Real");
        args["prism_url"] = json!(handout.prism_url);
        args["glint_url"] = json!(handout.glint_url);
        let reply = world.call("add_connection", args).await.unwrap();
        let id = reply["connections"][1]["id"].clone();
        for identity in ["olivia_pat", "mia_full"] {
            let args = json!({ "connection": id, "secret": secret(identity) });
            world.call("add_identity", args).await.unwrap();
        }
        let mut args = edit.clone();
        args["connection"] = id.clone();
        let reply = world.call("edit_connection", args).await.unwrap();
        let identities = reply["connections"][1]["identities"].as_array().unwrap();
        let kinds: Vec<_> = identities.iter().map(|identity| identity["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, left, "{edit}");
        let said = reply["problems"].as_array().unwrap();
        let forgotten = said.iter().any(|problem| problem["code"] == "connection.identities_forgotten");
        assert_eq!(forgotten, left.len() < 2, "{edit}");
        world.call("remove_connection", json!({ "connection": id })).await.unwrap();
    }
}

#[tokio::test]
async fn the_sandbox_is_neither_changed_nor_copied_nor_removed() {
    let world = World::start();
    for (operation, args) in [
        ("edit_connection", json!({ "name": "X" })),
        ("duplicate_connection", json!({ "name": "X" })),
        ("remove_connection", json!({})),
    ] {
        let problem = world.on_sandbox(operation, args).await.unwrap_err();
        assert_eq!(problem.code, "connection.sandbox", "{operation}");
    }
    for environment in ["add_connection", "edit_connection"] {
        let reply = world.call("add_connection", new(environment)).await.unwrap();
        let id = reply["connections"].as_array().unwrap().last().unwrap()["id"].clone();
        let mut args = new("Fake");
        args["environment"] = json!("sandbox");
        args["connection"] = id;
        let problem = world.call(environment, args).await.unwrap_err();
        assert_eq!(problem.code, "connection.sandbox");
    }
}

#[tokio::test]
async fn ports_and_certificate_files_are_looked_at_before_they_are_saved() {
    let dir = scratch("transport");
    std::fs::create_dir_all(&dir).unwrap();
    let (empty, prose) = (dir.join("empty.pem"), dir.join("prose.pem"));
    std::fs::write(&empty, "").unwrap();
    std::fs::write(&prose, "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydA==\n-----END CERTIFICATE-----\n")
        .unwrap();
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), Limits::default());
    let mut refused = 0;
    for (transport, code) in [
        (json!({ "redirect_ports": [1023] }), "transport.redirect_ports"),
        (json!({ "redirect_ports": [0] }), "transport.redirect_ports"),
        (json!({ "redirect_ports": [5000, 5000] }), "transport.redirect_ports"),
        (json!({ "redirect_ports": [2001, 2002, 2003, 2004, 2005, 2006] }), "transport.redirect_ports"),
        (json!({ "redirect_ports": [65536] }), "operation.bad_arguments"),
        (json!({ "typed_ports": "47831, 443" }), "transport.redirect_ports"),
        (json!({ "typed_ports": "65536" }), "transport.redirect_ports"),
        (json!({ "typed_ports": "47831 x" }), "transport.redirect_ports"),
        (json!({ "ca_file": dir.join("missing.pem") }), "transport.ca_file"),
        (json!({ "ca_file": empty }), "transport.ca_file"),
        (json!({ "ca_file": prose }), "transport.ca_file"),
        (json!({ "ca_file": dir }), "transport.ca_file"),
    ] {
        let mut args = new("Real");
        args["transport"] = transport.clone();
        let problem = world.call("add_connection", args).await.unwrap_err();
        assert_eq!(problem.code, code, "{transport}");
        refused += 1;
    }
    assert!(!dir.join("connections.json").exists());
    println!("count: transport: {refused} unusable settings, 0 saved");
    std::fs::remove_dir_all(dir).unwrap();
}

/// What the form shows and proposes is decided here: which environments start read-only, and which writes ask.
#[tokio::test]
async fn typed_ports_and_the_rules_of_an_environment_come_with_the_list() {
    let world = World::with(sandbox::Options::default(), None, Limits::default());
    let mut args = new("Typed");
    args["transport"] = json!({ "redirect_ports": [50001], "typed_ports": "47831, 47832，47833 47834" });
    let list = world.call("add_connection", args).await.unwrap();
    assert_eq!(list["read_only_environments"], json!(["production"]));
    let of = |name: &str, field: &str| {
        let all = list["connections"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()[field].clone()
    };
    assert_eq!(
        of("Typed", "transport"),
        json!({
            "ca_file": null, "system_proxy": false, "redirect_ports": [47831, 47832, 47833, 47834],
        })
    );
    assert_eq!(of("Typed", "confirms_writes"), json!(true));
    assert_eq!(of("Sandbox", "confirms_writes"), json!(false));
}
