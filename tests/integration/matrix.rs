//! The access matrix: what is foretold is what the servers do, for every credential of the sandbox.

use crate::calls::{PANTRY, TEAM};
use serde_json::{Value, json};
use tests::World;

fn rows(matrix: &Value) -> &Vec<Value> {
    matrix["rows"].as_array().unwrap()
}

fn row<'a>(matrix: &'a Value, route: &str, field: Option<&str>) -> &'a Value {
    let found = rows(matrix).iter().find(|row| row["route"] == route && row["field"].as_str() == field);
    found.unwrap_or_else(|| panic!("{route} {field:?}"))
}

async fn matrix(world: &World, identity: &str, more: Value) -> Value {
    let mut args = json!({ "identity": identity, "prove": false });
    args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.on_sandbox("access_matrix", args).await.unwrap()
}

#[tokio::test]
async fn what_is_foretold_is_what_the_servers_do_for_every_credential() {
    let world = World::start();
    let ids: Vec<String> = world.handout().credentials.iter().map(|c| c.id.clone()).collect();
    let (mut proven, mut wrong) = (0, Vec::new());
    for identity in &ids {
        for place in [json!({ "team": TEAM }), json!({ "team": TEAM, "set": PANTRY }), json!({})] {
            let mut args = place.clone();
            args["prove"] = json!(true);
            let found = matrix(&world, identity, args).await;
            for row in rows(&found).iter().filter(|row| !row["observed"].is_null()) {
                proven += 1;
                if !row["observed"]["differs"].is_null() {
                    wrong
                        .push(format!("{identity} {place} {}: {}", row["route"], row["observed"]["differs"]));
                }
                // Whatever is unknown to the prediction, the proof is not.
                assert_ne!(row["observed"]["access"], "own_only");
            }
            assert_eq!(found["differ"], 0, "{wrong:#?}");
        }
    }
    println!("count: {} credentials, {proven} reads proven, {} differ", ids.len(), wrong.len());
    assert!(proven > 400, "{proven}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_prediction_sends_reads_only_and_a_proof_too() {
    let world = World::start();
    for prove in [false, true] {
        world.forget_requests();
        matrix(&world, "mia_full", json!({ "team": TEAM, "prove": prove })).await;
        let sent = world.requests();
        let other: Vec<_> = sent
            .iter()
            .filter(|(method, path, _)| method != "GET" && path != "/api/oauth/introspect")
            .collect();
        assert!(other.is_empty(), "{other:?}");
        assert!(sent.iter().all(|(_, path, _)| !path.ends_with("/ws") && !path.ends_with("/sse")));
        assert_eq!(sent.iter().any(|(_, path, _)| path.ends_with("/feed")), prove);
    }
}

#[tokio::test]
async fn every_gate_shows_in_its_rows() {
    let world = World::start();
    let reader = matrix(&world, "mia_reader", json!({ "team": TEAM })).await;
    let denied = row(&reader, "delete_todo", None);
    assert_eq!((&denied["access"], &denied["gate"]), (&json!("denied"), &json!("scope")), "{denied}");
    assert_eq!(denied["cause"], "scope.not_registered");
    assert_eq!(denied["needs"]["scopes"], json!(["delete_todos"]));
    assert_eq!(denied["certainty"], "likely");
    assert_eq!(row(&reader, "list_todos", None)["access"], "allowed");
    let full = matrix(&world, "mia_full", json!({ "team": TEAM })).await;
    for (route, field, access, cause) in [
        ("create_todo", None, "allowed", "allowed"),
        ("delete_todo", None, "own_only", "role.default"),
        ("update_todo", Some("completed"), "own_only", "role.default"),
        ("update_todo", Some("title"), "own_only", "role.default"),
        ("update_todo", Some("sortOrder"), "denied", "role.default"),
        ("create_set", None, "denied", "role.default"),
        ("import_into_set", Some("mode"), "denied", "role.default"),
    ] {
        let row = row(&full, route, field);
        assert_eq!(
            (&row["access"], &row["cause"]),
            (&json!(access), &json!(cause)),
            "{route} {field:?}: {row}"
        );
    }
    assert!(rows(&full).iter().all(|row| row["certainty"] != "proven"));
    assert_eq!(full["role"], "member");
}

#[tokio::test]
async fn a_foretold_write_is_what_happens_when_it_is_sent() {
    let world = World::start();
    for identity in ["mia_full", "mia_reader"] {
        let found = matrix(&world, identity, json!({ "team": TEAM, "set": PANTRY })).await;
        for (route, values) in [
            ("create_todo", json!({ "team": TEAM, "set": PANTRY, "title": "T" })),
            ("create_set", json!({ "team": TEAM, "name": "S" })),
            ("reorder_sets", json!({ "team": TEAM, "items": [{ "id": PANTRY, "sortOrder": 1 }] })),
            ("update_settings", json!({ "team": TEAM, "accent_color": "#000000" })),
            ("reset_permissions", json!({ "team": TEAM })),
        ] {
            let foretold = row(&found, route, None);
            let args = json!({ "identity": identity, "route": route, "values": values });
            let sent = world.on_sandbox("test_call", args).await.unwrap();
            let allowed = sent["diagnosis"]["cause"] == "allowed";
            assert_eq!(foretold["access"] == "allowed", allowed, "{identity} {route}: {foretold}");
            if !allowed {
                assert_eq!(foretold["cause"], sent["diagnosis"]["cause"], "{identity} {route}");
            }
        }
    }
}

#[tokio::test]
async fn it_is_written_as_a_table_and_as_json() {
    let world = World::start();
    let found = matrix(&world, "mia_reader", json!({ "team": TEAM, "prove": true })).await;
    let save = |format: &str, save: bool| json!({ "matrix": found["id"], "format": format, "save": save });
    let csv = world.call("save_matrix", save("csv", false)).await.unwrap();
    let text = csv["text"].as_str().unwrap();
    assert!(text.starts_with("group,route,field,method,path,access,"), "{text}");
    assert_eq!(text.matches("\r\n").count(), rows(&found).len() + 1);
    let json = world.call("save_matrix", save("json", true)).await.unwrap();
    assert_eq!(json["path"], "access-matrix.json");
    let saved = world.host.asked().saved;
    let written: Value = serde_json::from_str(&saved.last().unwrap().text).unwrap();
    assert_eq!(&written, &found["rows"]);
    for credential in &world.handout().credentials {
        assert!(!found.to_string().contains(&credential.secret) && !text.contains(&credential.secret));
    }
    let problem =
        world.call("save_matrix", json!({ "matrix": "matrix-0", "format": "csv", "save": false })).await;
    assert_eq!(problem.unwrap_err().code, "matrix.unknown");
}

#[tokio::test]
async fn a_proof_that_differs_is_shown() {
    let world = World::start();
    // Glint breaks its promise for one route only.
    world.fault(json!({
        "server": "glint", "path": "/api/cross-app/teams/22d71a4a3697a1d674be910d93c3cae1/feed",
        "kind": "status", "status": 403, "error": "Not a member of this team", "times": null,
    }));
    let found = matrix(&world, "mia_full", json!({ "team": TEAM, "prove": true })).await;
    assert_eq!(found["differ"], 1);
    let feed = row(&found, "feed", None);
    assert_eq!((&feed["access"], &feed["observed"]["access"]), (&json!("allowed"), &json!("denied")));
    assert!(feed["observed"]["differs"].as_str().unwrap().starts_with("Foretold as allowed"), "{feed}");
}
