//! Connections and identities: found, saved without secrets, judged by the measured matrix.

use engine::{Engine, Envelope};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use tests::{ScriptedHost, World};

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("spectroscope-it-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    dir
}

fn codes(problems: &Value) -> Vec<&str> {
    problems.as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_sandbox_is_there_with_every_credential_of_its_handout() {
    let world = World::start();
    let reply = world.call("list_connections", json!({})).await.unwrap();
    let sandbox = &reply["connections"][0];
    assert_eq!(sandbox["id"], "sandbox");
    assert_eq!(sandbox["environment"], "sandbox");
    assert_eq!(sandbox["identities"].as_array().unwrap().len(), world.handout().credentials.len());
    assert_eq!(sandbox["admin_identity"], "olivia_pat");
    let zh = world.call_in(Lang::Zh, "list_connections", json!({})).await.unwrap();
    assert_eq!(zh["connections"][0]["name"], "沙盒");
}

#[tokio::test]
async fn abilities_follow_the_kind_and_the_scopes_of_a_credential() {
    let world = World::start();
    let reply = world.call("list_connections", json!({})).await.unwrap();
    let can = |identity: &str| -> Vec<String> {
        let identities = reply["connections"][0]["identities"].as_array().unwrap();
        let found = identities.iter().find(|i| i["id"] == identity).unwrap();
        let abilities = found["abilities"].as_array().unwrap();
        abilities.iter().filter(|a| a["can"] == true).map(|a| a["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(can("olivia_pat"), ["read_apps", "write_apps", "definitions", "rules", "read_teams"]);
    assert_eq!(can("bob_pat_read_only"), ["read_apps"]);
    assert_eq!(can("mia_session"), ["read_apps", "write_apps", "definitions", "rules", "read_teams"]);
    assert_eq!(can("glint_client"), ["definitions"]);
    assert_eq!(can("bot_client"), Vec::<String>::new());
    assert_eq!(can("mia_full"), ["call_glint", "read_teams"]);
    assert_eq!(can("quinn_no_teams"), ["call_glint"]);
}

#[tokio::test]
async fn a_glint_address_leads_to_its_prism_and_client() {
    let world = World::start();
    let handout = world.handout().clone();
    let address = format!("{}/some/page", handout.glint_url.trim_start_matches("http://"));
    let found = world.call("discover_connection", json!({ "address": address })).await.unwrap();
    assert_eq!(found["glint_url"], handout.glint_url);
    assert_eq!(found["prism_url"], handout.prism_url);
    assert_eq!(found["provider_client_id"], handout.provider.client_id);
    let titles: Vec<_> =
        found["found"].as_array().unwrap().iter().map(|f| f["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"Provider at Prism"), "{titles:?}");
    assert_eq!(codes(&found["problems"]), Vec::<&str>::new());
}

#[tokio::test]
async fn a_prism_address_is_recognised_as_such() {
    let world = World::start();
    let address = world.handout().prism_url.clone();
    let found = world.call("discover_connection", json!({ "address": address })).await.unwrap();
    assert_eq!(found["glint_url"], Value::Null);
    assert_eq!(found["prism_url"], world.handout().prism_url);
    assert_eq!(codes(&found["problems"]), ["discovery.prism_alone"]);
}

#[tokio::test]
async fn a_blank_in_the_client_id_and_an_unknown_client_are_found() {
    let world = World::start();
    let mut scenario = sandbox::Scenario::lived_in();
    scenario.glint = serde_json::from_value({
        let mut glint = serde_json::to_value(&scenario.glint).unwrap();
        glint["config"]["prism_client_id"] = json!("prism_6wsjw653PfFYk7GOq6wuSQ ");
        glint
    })
    .unwrap();
    world.sandbox.admin().load(scenario);
    let address = world.handout().glint_url.clone();
    let found = world.call("discover_connection", json!({ "address": address })).await.unwrap();
    assert_eq!(codes(&found["problems"]), ["discovery.blank_in_client_id", "discovery.unknown_client"]);
    assert_eq!(found["provider_client_id"], "prism_6wsjw653PfFYk7GOq6wuSQ ");
}

#[tokio::test]
async fn a_prism_address_that_cannot_be_used_is_found() {
    for (address, code) in [
        ("http://prism.example.org/sub", "address.cleartext"),
        ("", "discovery.not_configured"),
        ("not an address", "address.invalid"),
    ] {
        let world = World::start();
        let mut scenario = serde_json::to_value(sandbox::Scenario::lived_in()).unwrap();
        scenario["glint"]["config"]["prism_base_url"] = json!(address);
        world.sandbox.admin().load(serde_json::from_value(scenario).unwrap());
        let glint = world.handout().glint_url.clone();
        let found = world.call("discover_connection", json!({ "address": glint })).await.unwrap();
        assert_eq!(found["prism_url"], Value::Null, "{address}");
        assert_eq!(codes(&found["problems"]), [code], "{address}");
        assert_eq!(found["problems"][0]["severity"], "refused");
    }
}

#[tokio::test]
async fn unusable_addresses_say_what_to_do() {
    let world = World::start();
    for (address, code) in [
        ("http://glint.example.org", "address.cleartext"),
        ("ftp://glint.example.org", "address.scheme"),
        ("https://a:b@glint.example.org", "address.credentials"),
        ("", "address.invalid"),
        ("127.0.0.1:1", "reach.refused"),
    ] {
        let problem = world.call("discover_connection", json!({ "address": address })).await.unwrap_err();
        assert_eq!(problem.code, code, "{address}");
        assert!(!problem.hints.is_empty(), "{address}");
    }
}

async fn call(engine: &Engine, operation: &str, args: Value) -> Value {
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await.unwrap()
}

#[tokio::test]
async fn connections_outlive_the_run_and_the_file_holds_no_secret() {
    let dir = scratch("saved");
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), engine::Limits::default());
    let handout = world.handout().clone();
    let added = world
        .call(
            "add_connection",
            json!({
                "name": "My Glint", "environment": "staging", "prism_url": handout.prism_url,
                "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
            }),
        )
        .await
        .unwrap();
    let id = added["connections"][1]["id"].as_str().unwrap().to_owned();
    let secret = &handout.credentials[0].secret;
    world.call("choose_vault", json!({ "kind": "memory" })).await.unwrap();
    let added = world.call("add_identity", json!({ "connection": id, "secret": secret })).await.unwrap();
    assert_eq!(added["identity"]["label"], "olivia, personal access token");

    let text = std::fs::read_to_string(dir.join("connections.json")).unwrap();
    assert!(!text.contains(secret.as_str()));
    let again = Engine::new(Arc::new(ScriptedHost::new(Some(dir.clone()))));
    let reply = call(&again, "list_connections", json!({})).await;
    assert_eq!(reply["connections"][0]["name"], "My Glint");
    assert_eq!(
        reply["connections"][0]["identities"][0]["kept"],
        Value::Null,
        "what was kept for one run is gone"
    );
    let reply = call(&again, "remove_connection", json!({ "connection": id })).await;
    assert_eq!(reply["connections"], json!([]));
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_left_alone_and_said() {
    let dir = scratch("newer");
    tests::places::private_folder(&dir);
    let newer = r#"{"version": 99, "connections": "of another form"}"#;
    std::fs::write(dir.join("connections.json"), newer).unwrap();
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), engine::Limits::default());
    let reply = world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(codes(&reply["problems"]), ["connections.newer_version"]);
    let args = json!({ "name": "X", "environment": "staging", "prism_url": "https://prism.example" });
    let problem = world.call("add_connection", args).await.unwrap_err();
    assert_eq!(problem.code, "connections.newer_version");
    assert_eq!(std::fs::read_to_string(dir.join("connections.json")).unwrap(), newer);
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_saved_address_that_cannot_be_used_is_said_and_not_lost() {
    let dir = scratch("unusable");
    tests::places::private_folder(&dir);
    let saved = json!({ "version": 1, "connections": [{ "id": "c1", "name": "Old", "environment": "staging",
        "prism_url": "http://prism.example.org", "glint_url": null, "provider_client_id": null }] });
    std::fs::write(dir.join("connections.json"), saved.to_string()).unwrap();
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), engine::Limits::default());
    let reply = world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(codes(&reply["problems"]), ["connections.unusable_address"]);
    let args = json!({ "name": "New", "environment": "staging", "prism_url": "https://prism.example" });
    world.call("add_connection", args).await.unwrap();
    let text = std::fs::read_to_string(dir.join("connections.json")).unwrap();
    assert!(text.contains("http://prism.example.org") && text.contains("https://prism.example"), "{text}");
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn credentials_are_looked_at_when_they_come_in() {
    let world = World::start();
    let secret = |id: &str| world.handout().credentials.iter().find(|c| c.id == id).unwrap().secret.clone();
    let client = |id: &str| {
        let found = world.handout().credentials.iter().find(|c| c.id == id).unwrap();
        format!("{}:{}", found.client_id.clone().unwrap(), found.secret)
    };
    for (given, kind, label, problems) in [
        (secret("olivia_pat"), "personal_access_token", "olivia, personal access token", vec![]),
        (
            format!(" {}\n", secret("bob_pat_read_only")),
            "personal_access_token",
            "personal access token",
            vec!["token.whitespace", "identity.nameless"],
        ),
        (secret("mia_session"), "session_token", "mia, session token", vec![]),
        (secret("mia_reader"), "access_token", "mia, access token", vec![]),
        (secret("mia_revoked"), "access_token", "access token", vec!["token.inactive"]),
        (secret("mia_other_namespace"), "access_token", "mia, access token", vec!["scope.other_namespace"]),
        (client("glint_client"), "client_credentials", "Glint, client credentials", vec![]),
        (
            client("bot_client"),
            "client_credentials",
            "Standup Bot, client credentials",
            vec!["credential.invalid"],
        ),
    ] {
        // The consumers' names are known once somebody looked.
        world.on_sandbox("open_catalog", json!({})).await.unwrap();
        let added = world.on_sandbox("add_identity", json!({ "secret": given })).await.unwrap();
        assert_eq!(added["identity"]["kind"], kind, "{label}");
        assert_eq!(added["identity"]["label"], label);
        assert_eq!(codes(&added["problems"]), problems, "{label}");
        assert_eq!(added["identity"]["removable"], true);
    }
    for (given, code) in
        [(" \n".to_owned(), "identity.empty"), (secret("bob_pat_expired"), "identity.not_accepted")]
    {
        let problem = world.on_sandbox("add_identity", json!({ "secret": given })).await.unwrap_err();
        assert_eq!(problem.code, code);
    }
}

#[tokio::test]
async fn only_pasted_identities_can_be_removed_and_only_fitting_ones_administer() {
    let world = World::start();
    let problem = world.on_sandbox("remove_identity", json!({ "identity": "olivia_pat" })).await.unwrap_err();
    assert_eq!(problem.code, "identity.built_in");
    let problem =
        world.on_sandbox("use_admin_identity", json!({ "identity": "mia_full" })).await.unwrap_err();
    assert_eq!(problem.code, "identity.not_for_admin");
    let reply = world.on_sandbox("use_admin_identity", json!({ "identity": "bob_pat" })).await.unwrap();
    assert_eq!(reply["connections"][0]["admin_identity"], "bob_pat");
    let secret = &world.handout().credentials[0].secret;
    let added = world.on_sandbox("add_identity", json!({ "secret": secret })).await.unwrap();
    let id = &added["identity"]["id"];
    let reply = world.on_sandbox("remove_identity", json!({ "identity": id })).await.unwrap();
    let left = reply["connections"][0]["identities"].as_array().unwrap();
    assert!(left.iter().all(|identity| identity["id"] != *id));
}

#[tokio::test]
async fn a_check_times_both_servers_and_sees_what_moved() {
    let world = World::start();
    let check = world.on_sandbox("check_connection", json!({})).await.unwrap();
    assert!(check["prism_ms"].is_number() && check["glint_ms"].is_number());
    assert_eq!(codes(&check["problems"]), Vec::<&str>::new());
    world.fault(json!({ "server": "glint", "path": "/api/auth/config", "kind": "html" }));
    let check = world.on_sandbox("check_connection", json!({})).await.unwrap();
    assert_eq!(codes(&check["problems"]), ["reach.not_api"]);
}
