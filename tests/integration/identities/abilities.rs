//! The table of what an identity can do claims no more than was observed.

use super::Console;
use serde_json::{Value, json};

/// What is said of an ability: `yes`, `no`, or `unknown`, with the note.
fn said(identity: &Value, ability: &str) -> (&'static str, String) {
    let all = identity["abilities"].as_array().unwrap();
    let one = all.iter().find(|one| one["id"] == ability).unwrap();
    let word = match (one["can"].as_bool().unwrap(), one["known"].as_bool().unwrap()) {
        (true, true) => "yes",
        (true, false) => "unknown",
        (false, _) => "no",
    };
    (word, one["note"].as_str().unwrap().to_owned())
}

fn words(identity: &Value) -> Vec<&'static str> {
    ["read_apps", "write_apps", "definitions", "rules"]
        .iter()
        .map(|ability| said(identity, ability).0)
        .collect()
}

#[tokio::test]
async fn a_token_of_somebody_else_is_not_said_to_manage_the_provider() {
    let console = Console::open("abilities-foreign").await;
    // Prism does not tell whether a personal access token carries `apps:write`.
    let olivia = console.add("olivia_pat").await;
    let olivia = console.identity(&olivia).await;
    assert_eq!(words(&olivia), ["yes", "unknown", "unknown", "unknown"], "{olivia}");
    assert!(!said(&olivia, "rules").1.contains("its own apps"), "she owns the provider: {olivia}");
    let bob = console.add("bob_pat").await;
    let bob = console.identity(&bob).await;
    assert_eq!(words(&bob), ["yes", "unknown", "unknown", "unknown"], "{bob}");
    for ability in ["definitions", "rules"] {
        assert!(said(&bob, ability).1.contains("not among its own apps"), "{bob}");
    }
    assert!(!said(&bob, "write_apps").1.contains("its own apps"), "his own apps he may change: {bob}");
    // A session token carries everything, so that only the owner is left to ask for.
    let mia = console.add("mia_session").await;
    assert_eq!(words(&console.identity(&mia).await), ["yes", "yes", "unknown", "unknown"]);
    let owner = console.add("olivia_session").await;
    assert_eq!(words(&console.identity(&owner).await), ["yes", "yes", "yes", "yes"]);
    // What was seen is kept.
    let listed = super::ask(&console.restarted(), "list_connections", json!({})).await.unwrap();
    assert_eq!(words(&super::found(&listed, &owner)), ["yes", "yes", "yes", "yes"]);
}

#[tokio::test]
async fn the_owner_of_the_provider_is_taken_before_somebody_else() {
    let console = Console::open("abilities-order").await;
    let mia = console.add("mia_session").await;
    let olivia = console.add("olivia_session").await;
    console.call("use_admin_identity", json!({ "identity": mia })).await.unwrap();
    let listed = console.world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(listed["connections"][1]["choices"]["rules"], json!(mia), "the chosen one goes first");
    console.call("remove_identity", json!({ "identity": mia })).await.unwrap();
    console.add("mia_session").await;
    let listed = console.world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(listed["connections"][1]["choices"]["rules"], json!(olivia));
}

#[tokio::test]
async fn a_token_that_prism_no_longer_accepts_can_do_nothing_until_it_is_accepted_again() {
    for error in ["Token expired", "Unauthorized"] {
        let console = Console::open("abilities-refused").await;
        let olivia = console.add("olivia_pat").await;
        console.world.fault(json!({
            "server": "prism", "method": "GET", "path": "/api/apps", "kind": "status", "status": 401, "error": error, "times": 1,
        }));
        let report = console.call("introspect_identity", json!({ "identity": olivia })).await.unwrap();
        assert_eq!(report["done"], false, "{error}: {report}");
        assert_eq!(words(&report["identity"]), ["no"; 4], "{error}: the reply");
        let listed = console.identity(&olivia).await;
        assert_eq!(words(&listed), ["no"; 4], "{error}: the list");
        assert!(said(&listed, "rules").1.contains("401"), "{listed}");
        let again = console.call("introspect_identity", json!({ "identity": olivia })).await.unwrap();
        assert_eq!(words(&again["identity"]), ["yes", "unknown", "unknown", "unknown"], "{error}");
    }
}

#[tokio::test]
async fn a_401_met_in_use_is_in_the_table_and_a_gateways_is_not() {
    let console = Console::open("abilities-used").await;
    let olivia = console.add("olivia_pat").await;
    let definitions = format!("/api/apps/{}/scope-definitions", super::GLINT);
    for (status, expected) in [(503, "unknown"), (401, "no")] {
        console.world.fault(json!({
            "server": "prism", "method": "GET", "path": definitions, "kind": "status", "status": status, "times": null,
        }));
        console.call("plan_import", json!({ "text": "[]" })).await.unwrap_err();
        assert_eq!(said(&console.identity(&olivia).await, "definitions").0, expected, "{status}");
        console.world.sandbox.admin().faults().clear();
    }
}

#[tokio::test]
async fn the_sandbox_says_who_owns_its_provider() {
    let console = Console::open("abilities-sandbox").await;
    assert_eq!(words(&console.identity("olivia_pat").await), ["yes"; 4]);
    assert_eq!(words(&console.identity("bob_pat").await), ["yes", "yes", "unknown", "unknown"]);
    assert_eq!(words(&console.identity("bob_pat_read_only").await), ["yes", "no", "no", "no"]);
    assert_eq!(words(&console.identity("bob_pat_expired").await), ["no"; 4]);
}
