//! Job 1: the catalogue of a live connection, the built list, the consent preview.

use serde_json::{Value, json};
use tests::World;

const G: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";

#[tokio::test]
async fn the_catalogue_holds_profile_definitions_and_consumers() {
    let world = World::start();
    let catalog = world.on_sandbox("open_catalog", json!({})).await.unwrap();
    assert_eq!(catalog["provider_client_id"], G);
    assert_eq!(catalog["problems"], json!([]));
    let scopes = catalog["scopes"].as_array().unwrap();
    let line = |key: &str| scopes.iter().find(|scope| scope["key"] == key).unwrap();
    assert_eq!(line("read_todos")["defined"], true);
    assert_eq!(line("workbench")["defined"], false);
    assert_eq!(line("teams:read")["defined"], Value::Null);
    let consumers = catalog["consumers"].as_array().unwrap();
    let bot = consumers.iter().find(|c| c["name"] == "Standup Bot").unwrap();
    assert_eq!(bot["owner_id"], "ff5327c922d16d9ca05bd28b4aac10ad");
    assert!(bot["allowed_scopes"].as_array().unwrap().contains(&json!(format!("app:{G}:read_todos"))));
    assert!(consumers.iter().all(|c| c["client_id"] != G), "the provider is no consumer of itself");
}

#[tokio::test]
async fn the_guides_example_is_built_as_it_stands_there() {
    let world = World::start();
    let built = world
        .call(
            "build_scopes",
            json!({
                "connection": null, "client_id": "prism_abc123", "inner": ["read_todos"],
                "platform": ["openid", "profile", "teams:read", "offline_access"],
            }),
        )
        .await
        .unwrap();
    let wanted = "[\n  \"openid\",\n  \"profile\",\n  \"teams:read\",\n  \"offline_access\",\n  \"app:prism_abc123:read_todos\"\n]";
    assert_eq!(built["json"], wanted);
}

#[tokio::test]
async fn undefined_scopes_are_remarked_once_the_definitions_are_known() {
    let world = World::start();
    world.on_sandbox("open_catalog", json!({})).await.unwrap();
    let args = json!({ "client_id": G, "platform": ["teams:read"], "inner": ["read_todos", "workbench"] });
    let built = world.on_sandbox("build_scopes", args).await.unwrap();
    let about: Vec<&Value> =
        built["lints"].as_array().unwrap().iter().map(|lint| &lint["problem"]["code"]).collect();
    assert!(about.iter().any(|code| code.as_str().unwrap().contains("not_defined")), "{about:?}");
}

#[tokio::test]
async fn the_preview_names_each_scope_prism_would_leave_out_and_why() {
    let world = World::start();
    let catalog = world.on_sandbox("open_catalog", json!({})).await.unwrap();
    let consumers = catalog["consumers"].as_array().unwrap();
    let id = |name: &str| consumers.iter().find(|c| c["name"] == name).unwrap()["client_id"].clone();
    let app = |inner: &str| format!("app:{G}:{inner}");
    let scopes = json!([
        "openid",
        app("read_todos"),
        app("delete_todos"),
        "app:x",
        "app:prism_8jNqcG9siRFGM6gaGawPQw:read_todos"
    ]);
    let args = json!({ "consumer": id("Standup Bot"), "scopes": scopes });
    let preview = world.on_sandbox("preview_consent", args).await.unwrap();
    assert_eq!(preview["consumer_name"], "Standup Bot");
    let granted: Vec<_> =
        preview["granted"].as_array().unwrap().iter().map(|g| (&g["key"], &g["title"])).collect();
    assert_eq!(granted[1], (&json!("read_todos"), &json!("Read todos")));
    let refused: Vec<_> = preview["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            (
                r["key"].as_str().unwrap(),
                r["reason"].as_str().unwrap(),
                r["problem"]["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        refused,
        [
            ("delete_todos", "not_allowed", "scope.not_registered"),
            ("app:x", "unknown", "scope.misspelt"),
            ("read_todos", "target_missing", "scope.target_missing"),
        ]
    );
    let args = json!({ "consumer": id("Night Mailer"), "scopes": [app("read_todos")] });
    let preview = world.on_sandbox("preview_consent", args).await.unwrap();
    assert_eq!(preview["refused"][0]["problem"]["code"], "scope.denied_by_rule");
}

#[tokio::test]
async fn a_preview_that_prism_refuses_says_which_of_the_two_is_wrong() {
    let world = World::start();
    let ask = |consumer: &str, uri: Value| json!({ "consumer": consumer, "redirect_uri": uri, "scopes": ["openid"] });
    for (consumer, uri, code) in [
        ("prism_nobody", json!("https://x.example/cb"), "oauth.invalid_client"),
        (G, json!("https://x.example/cb"), "oauth.invalid_redirect_uri"),
        ("prism_nobody", Value::Null, "preview.no_redirect_uri"),
    ] {
        let problem = world.on_sandbox("preview_consent", ask(consumer, uri)).await.unwrap_err();
        assert_eq!(problem.code, code);
        assert!(!problem.hints.is_empty());
    }
}

#[tokio::test]
async fn the_catalogue_is_complete_without_what_cannot_be_read() {
    let world = World::start();
    world.fault(json!({ "server": "glint", "path": "/api/auth/config", "kind": "status", "status": 502, "times": null }));
    world.fault(json!({ "server": "prism", "path": "/api/apps", "kind": "html", "times": null }));
    let catalog = world.on_sandbox("open_catalog", json!({})).await.unwrap();
    assert_eq!(catalog["provider_client_id"], Value::Null);
    assert!(catalog["scopes"].as_array().unwrap().len() > 20);
    let problems = catalog["problems"].as_array().unwrap();
    assert!(problems.iter().all(|problem| problem["severity"] == "note"));
    let codes: Vec<_> = problems.iter().map(|problem| problem["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["server.error", "reach.not_api", "reach.not_api"]);
}
