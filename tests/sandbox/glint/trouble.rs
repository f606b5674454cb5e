//! Broken deployments and odd bodies.

use crate::desk::{Desk, MIA_TODO, PANTRY, TEAM, missing, said};
use sandbox::glint::DeploymentSeed;
use serde_json::{Value, json};

#[tokio::test]
async fn a_broken_deployment_says_what_it_lacks() {
    let desk = Desk::new();
    desk.sandbox.glint().deploy(DeploymentSeed { migrations: false, realtime: false });
    let (status, text) = desk.error("mia_full", "GET /sets", None).await;
    assert!(status == 500 && text.starts_with("D1_ERROR: no such column: split_completed"), "{text}");
    let call = format!("PUT /todos/{MIA_TODO}/assignees");
    let unavailable = said(503, "Assignment feature unavailable: database migration required");
    assert_eq!(desk.error("mia_full", &call, Some(json!({}))).await, unavailable);
    let unavailable = said(503, "Realtime sync is not available on this deployment");
    assert_eq!(desk.error("mia_full", &format!("GET /sets/{PANTRY}/sse"), None).await, unavailable);
}

#[tokio::test]
async fn a_wrong_prism_url_is_a_500_with_its_cause() {
    let desk = Desk::new();
    let handout = desk.sandbox.handout();
    let cases = [
        ("", "Invalid URL string."),
        ("127.0.0.1:1", "Invalid URL string."),
        ("http://127.0.0.1:1", "Network connection lost."),
        (handout.glint_url.as_str(), "Not Found"),
        (handout.prism_url.as_str(), ""),
    ];
    for (base, error) in cases {
        desk.sandbox.glint().configure(|config| config.prism_base_url = base.into());
        let status = if error.is_empty() { 200 } else { 500 };
        assert_eq!(desk.error("mia_full", "GET /overview", None).await, said(status, error), "{base}");
    }
    desk.sandbox.glint().configure(|config| config.prism_client_id.push(' '));
    assert_eq!(desk.error("mia_full", "GET /overview", None).await, missing("read_todos"));
}

#[tokio::test]
async fn odd_bodies_are_answered() {
    let desk = Desk::new();
    let deep = "[".repeat(100_000);
    let nested = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let bodies = [
        "",
        "null",
        "7",
        "[]",
        "\"text\"",
        "{",
        "{\"title\": {}}",
        "{\"items\": [null]}",
        "{\"items\": 7}",
        "\u{feff}{}",
        "{\"content\": \"- [ ]\"}",
        "{\"content\": \"a: [\", \"format\": \"yaml\"}",
        "{\"permissions\": [1], \"scope\": \"global\"}",
        "{\"title\": \"\\ud800\"}",
        &deep,
        &nested,
    ];
    let calls = [
        "POST /sets".to_owned(),
        "POST /sets/reorder".to_owned(),
        "POST /sets/import".to_owned(),
        format!("PATCH /sets/{PANTRY}"),
        format!("POST /sets/{PANTRY}/todos"),
        format!("POST /sets/{PANTRY}/import"),
        format!("PATCH /todos/{MIA_TODO}"),
        format!("PUT /todos/{MIA_TODO}/assignees"),
        format!("POST /todos/{MIA_TODO}/comments"),
        "POST /todos/reorder".to_owned(),
        "PATCH /settings".to_owned(),
        "PUT /permissions".to_owned(),
    ];
    for (call, body) in calls.iter().flat_map(|call| bodies.iter().map(move |body| (call, *body))) {
        let (method, path) = call.split_once(' ').unwrap();
        let call = format!("{method} /api/cross-app/teams/{TEAM}{path}");
        let answer = desk.send("olivia_full", &call, Some(body)).await;
        let status = answer.status().as_u16();
        let said: Value = answer.json().await.unwrap();
        let expected = match status {
            200 | 201 => said.is_object(),
            400 | 409 => said["error"].is_string(),
            _ => status == 500 && said["error"].is_string() && said["stack"].is_string(),
        };
        assert!(expected, "{call} `{}`: {status} {said}", body.get(..40).unwrap_or(body));
    }
    assert_eq!(desk.team("mia_full", "GET /overview", None).await.0, 200);
}

#[tokio::test]
async fn the_admin_controls_break_and_mend_it() {
    let desk = Desk::new();
    let url = format!("{}/glint", desk.sandbox.handout().admin_url);
    let change = async |change: Value| -> Value {
        desk.http.post(&url).body(change.to_string()).send().await.unwrap().json().await.unwrap()
    };
    let broken = change(json!({ "realtime": false, "config": { "prism_client_id": "prism_other" } })).await;
    assert_eq!(broken["config"]["prism_client_id"], json!("prism_other"));
    assert_eq!((&broken["migrations"], &broken["realtime"]), (&json!(true), &json!(false)));
    assert_eq!(desk.error("mia_full", "GET /overview", None).await, missing("read_todos"));
    let id = &desk.sandbox.handout().provider.client_id;
    change(json!({ "config": { "prism_client_id": id } })).await;
    assert_eq!(desk.team("mia_full", "GET /overview", None).await.0, 200);
    assert!(change(json!({ "nonsense": 1 })).await["error"].is_string());
}
