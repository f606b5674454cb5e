//! A read-only connection sends nothing that changes its servers; reading goes on.

use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tests::{ScriptedHost, World};

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("spectroscope-read-only-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

/// The sandbox's servers as if they were real, with an administrator and a caller.
async fn real(world: &World, environment: &str) -> Value {
    let handout = world.handout().clone();
    let args = json!({ "name": format!("Real {environment}"), "environment": environment,
        "prism_url": handout.prism_url, "glint_url": handout.glint_url,
        "provider_client_id": handout.provider.client_id });
    let reply = world.call("add_connection", args).await.unwrap();
    let connection = reply["connections"].as_array().unwrap().last().unwrap().clone();
    for name in ["olivia_pat", "mia_full"] {
        let secret = &handout.credentials.iter().find(|known| known.id == name).unwrap().secret;
        let args = json!({ "connection": connection["id"], "secret": secret });
        world.call("add_identity", args).await.unwrap();
    }
    connection
}

async fn edited(world: &World, connection: &Value, mut edit: Value) -> Value {
    edit["connection"] = connection["id"].clone();
    let reply = world.call("edit_connection", edit).await.unwrap();
    let all = reply["connections"].as_array().unwrap();
    all.iter().find(|one| one["id"] == connection["id"]).unwrap().clone()
}

/// Every operation that changes a server, with arguments that would be carried out.
async fn changes(world: &World, connection: &Value) -> Vec<(&'static str, Value)> {
    let id = &connection["id"];
    let text = r#"[{"scope":"one_more","title":"One more","description":"d"}]"#;
    let plan =
        world.call("plan_import", json!({ "connection": id, "text": text, "delete": [] })).await.unwrap();
    let add = json!([{ "rule_type": "app_deny", "target_id": "prism_4Kg-r67d_NcD72Kg9XU1Fg" }]);
    let review =
        world.call("review_access", json!({ "connection": id, "add": add, "remove": [] })).await.unwrap();
    let list = world.call("list_connections", json!({})).await.unwrap();
    let here = list["connections"].as_array().unwrap().iter().find(|one| one["id"] == *id).unwrap().clone();
    let caller = here["identities"][1]["id"].clone();
    let values = json!({ "team": TEAM, "name": "A set" });
    let definition = json!({ "scope": "one_more", "title": "One more", "description": "d" });
    vec![
        ("apply_import", json!({ "connection": id, "text": text, "delete": [], "base": plan["base"] })),
        ("save_definition", json!({ "connection": id, "definition": definition })),
        ("delete_definition", json!({ "connection": id, "scope": "read_todos" })),
        ("apply_rules", json!({ "connection": id, "add": add, "remove": [], "base": review["base"] })),
        (
            "test_call",
            json!({ "connection": id, "identity": caller, "route": "create_set", "values": values }),
        ),
        ("register_client", json!({ "connection": id, "name": "Console", "scopes": [] })),
    ]
}

/// Requests that changed something; introspection is a read that is sent by POST.
fn writes(world: &World) -> Vec<(String, String, u64)> {
    let mut requests = world.requests();
    requests.retain(|(method, path, _)| method != "GET" && path != "/api/oauth/introspect");
    requests
}

#[tokio::test]
async fn production_starts_read_only_and_no_change_is_sent() {
    let world = World::start();
    let connection = real(&world, "production").await;
    assert_eq!(connection["read_only"], true);
    for (operation, args) in changes(&world, &connection).await {
        world.forget_requests();
        let problem = world.call(operation, args.clone()).await.expect_err(operation);
        assert_eq!(problem.code, "connection.read_only", "{operation}");
        assert!(problem.hints.join(" ").contains("--allow-changes"), "{operation}: {:?}", problem.hints);
        assert_eq!(writes(&world), [], "{operation}");
        let problem = world.call_in(Lang::Zh, operation, args).await.expect_err(operation);
        assert!(problem.message.contains("只读"), "{}", problem.message);
    }
    let list = world.call("list_connections", json!({})).await.unwrap();
    let caller = list["connections"][1]["identities"][1]["id"].clone();
    let read = json!({ "connection": connection["id"], "identity": caller, "route": "me", "values": {} });
    assert_eq!(world.call("test_call", read).await.unwrap()["exchange"]["status"], 200, "reads go on");

    let connection = edited(&world, &connection, json!({ "read_only": false })).await;
    assert_eq!(connection["read_only"], false);
    for (operation, args) in changes(&world, &connection).await {
        let ended = world.call(operation, args).await.map_err(|problem| problem.code);
        // The sandbox's Prism registers no clients; the request got that far.
        let expected = if operation == "register_client" { Some("sign_in.no_registration") } else { None };
        assert_eq!(ended.err().as_deref(), expected, "{operation}");
    }
    // What was imported needs no second save.
    assert_eq!(writes(&world).len(), 4, "{:?}", writes(&world));
}

#[tokio::test]
async fn the_person_decides_and_the_sandbox_never_is() {
    let world = World::start();
    let list = world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(list["connections"][0]["read_only"], false, "the sandbox");
    let args = json!({ "definition": { "scope": "one_more", "title": "t", "description": "" } });
    world.on_sandbox("save_definition", args).await.unwrap();

    let staging = real(&world, "staging").await;
    assert_eq!(staging["read_only"], false);
    let staging = edited(&world, &staging, json!({ "read_only": true })).await;
    assert_eq!(staging["read_only"], true);
    let copied = json!({ "connection": staging["id"], "name": "Copy" });
    let copied = world.call("duplicate_connection", copied).await.unwrap();
    assert_eq!(copied["connections"][2]["read_only"], true, "a copy allows no more than its original");
    let staging = edited(&world, &staging, json!({ "read_only": false, "name": "Open" })).await;
    assert_eq!(staging["read_only"], false);
    // What was allowed at a test deployment is not allowed in production.
    let production = edited(&world, &staging, json!({ "environment": "production" })).await;
    assert_eq!(production["read_only"], true);
    let both = edited(&world, &staging, json!({ "environment": "staging" })).await;
    assert_eq!(both["read_only"], false);
    let both = edited(&world, &staging, json!({ "environment": "production", "read_only": false })).await;
    assert_eq!(both["read_only"], false);
    let other = edited(&world, &staging, json!({ "colour": "red" })).await;
    assert_eq!(other["read_only"], false, "another edit leaves it");
}

async fn ask(dir: &Path, operation: &str, args: Value) -> Result<Value, Problem> {
    let engine = Engine::with_limits(Arc::new(ScriptedHost::new(Some(dir.to_owned()))), Limits::default());
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await
}

#[tokio::test]
async fn it_is_saved_and_old_files_still_open() {
    let dir = scratch("saved");
    tests::places::private_folder(&dir);
    let path = dir.join("connections.json");
    let one = |id: &str, environment: &str| {
        json!({ "id": id, "name": id, "environment": environment, "prism_url": "https://prism.example",
            "glint_url": null, "provider_client_id": null })
    };
    let old = json!({ "version": 2, "connections": [one("c-1", "production"), one("c-2", "staging")] });
    std::fs::write(&path, old.to_string()).unwrap();
    let read_only = async || {
        let list = ask(&dir, "list_connections", json!({})).await.unwrap();
        assert_eq!(list["problems"], json!([]));
        let all = list["connections"].as_array().unwrap();
        all.iter().map(|one| one["read_only"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(read_only().await, [true, false]);
    ask(&dir, "edit_connection", json!({ "connection": "c-1", "read_only": false })).await.unwrap();
    ask(&dir, "edit_connection", json!({ "connection": "c-2", "read_only": true })).await.unwrap();
    assert_eq!(read_only().await, [false, true]);
    std::fs::remove_dir_all(dir).unwrap();
}
