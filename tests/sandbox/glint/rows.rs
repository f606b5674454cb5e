//! Todos, assignees and imports.

use crate::desk::{Desk, MIA_TODO, MISSING, PANTRY, said};
use serde_json::json;

#[tokio::test]
async fn todos_come_and_go() {
    let desk = Desk::new();
    let call = format!("POST /sets/{PANTRY}/todos");
    let (status, made) = desk.team("mia_full", &call, Some(json!({ "title": " Rinse the pot " }))).await;
    assert_eq!((status, &made["todo"]["title"]), (201, &json!("Rinse the pot")));
    let id = made["todo"]["id"].as_str().unwrap();
    let twice = said(409, "Todo item title already exists among sibling todos");
    assert_eq!(desk.error("mia_full", &call, Some(json!({ "title": "Rinse the pot" }))).await, twice);
    let patch = format!("PATCH /todos/{id}");
    assert_eq!(desk.team("mia_full", &patch, Some(json!({ "completed": "no" }))).await.0, 200);
    let (_, list) = desk.team("mia_full", &format!("GET /sets/{PANTRY}/todos"), None).await;
    let row = list["todos"].as_array().unwrap().iter().find(|todo| todo["id"] == json!(id)).unwrap();
    assert_eq!(row["completed"], json!(true));
    assert!(row["createdAt"].as_str().unwrap().ends_with('Z'));
    assert!(row["updatedAt"].as_str().unwrap().contains(' '));
    assert_eq!(desk.team("mia_full", &format!("DELETE /todos/{id}"), None).await.0, 200);
    assert_eq!(desk.error("mia_full", &patch, Some(json!({ "title": "x" }))).await, said(404, "Not found"));
}

#[tokio::test]
async fn assigning_somebody_else_unassigns_everybody() {
    let desk = Desk::new();
    let call = format!("PUT /todos/{MIA_TODO}/assignees");
    let mia = "159fce5177007d6aa099850af74fda98";
    let (_, own) = desk.team("mia_full", &call, Some(json!({ "userIds": [mia] }))).await;
    assert_eq!(own["assignees"][0]["userId"], json!(mia));
    let other = json!({ "userIds": ["9c0aabdbef5f7759f4e14d9a3551edc2"] });
    assert_eq!(
        desk.team("mia_full", &call, Some(other)).await,
        (200, json!({ "ok": true, "assignees": [] }))
    );
}

#[tokio::test]
async fn an_import_is_all_or_nothing() {
    let desk = Desk::new();
    let new = json!({ "content": "- [ ] a\n  - [x] b\n- [ ] c", "setName": "Brought along" });
    let (status, made) = desk.team("olivia_full", "POST /sets/import", Some(new)).await;
    assert_eq!((status, &made["imported"]), (201, &json!(2)));
    let set = made["set"]["id"].as_str().unwrap();
    let call = format!("POST /sets/{set}/import");
    let twice = said(409, "Todo item title already exists among sibling todos: a");
    assert_eq!(desk.error("mia_full", &call, Some(json!({ "content": "- [ ] d\n- [ ] a" }))).await, twice);
    let replace = json!({ "content": "- [ ] x", "mode": "replace" });
    let denied = said(403, "No permission to replace set content");
    assert_eq!(desk.error("mia_full", &call, Some(replace)).await, denied);
    let (_, out) = desk.team("mia_full", &format!("GET /sets/{set}/export?format=md"), None).await;
    assert_eq!(out["content"], json!("- [ ] a\n  - [x] b\n- [ ] c"));
    let gone = format!("POST /sets/{MISSING}/import");
    let (status, text) = desk.error("olivia_full", &gone, Some(json!({ "content": "- [ ] x" }))).await;
    assert!(status == 500 && text.starts_with("D1_ERROR: FOREIGN KEY"), "{text}");
}
