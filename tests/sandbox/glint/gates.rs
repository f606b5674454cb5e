//! Discovery, the order of the checks, and what is no route.

use crate::desk::{BOARD, Desk, MIA_TODO, MISSING, OLIVIA_TODO, TEAM, missing, said};
use sandbox::glint::GlintVersion;
use serde_json::{Value, json};

#[tokio::test]
async fn discovery_needs_no_credential() {
    let desk = Desk::new();
    let answer: Value = desk.send("", "GET /api/auth/config", None).await.json().await.unwrap();
    let handout = desk.sandbox.handout();
    assert_eq!(answer["baseUrl"], json!(handout.prism_url));
    assert_eq!(answer["clientId"], json!(handout.provider.client_id));
    let status: Value = desk.send("", "GET /api/init/status", None).await.json().await.unwrap();
    assert_eq!(status, json!({ "configured": true }));
    let config = desk.send("mia_full", "GET /api/init/config", None).await;
    assert_eq!(config.status(), 401);
}

#[tokio::test]
async fn the_gates_stand_in_order() {
    let desk = Desk::new();
    let inactive = said(401, "Token inactive or expired");
    assert_eq!(desk.error("", "GET /sets", None).await, said(401, "Unauthorized"));
    for dead in ["mia_expired", "mia_revoked", "mia_refresh", "bob_pat", "mia_session"] {
        assert_eq!(desk.error(dead, "GET /sets", None).await, inactive, "{dead}");
    }
    let call = format!("DELETE /todos/{MISSING}");
    assert_eq!(desk.error("mia_reader", &call, None).await, missing("delete_todos"));
    let unavailable = "Team membership is unavailable: add teams:read to the bearer token scope, or the user must log in to \
                       Glint at least once.";
    assert_eq!(desk.error("quinn_no_teams", "GET /sets", None).await, said(403, unavailable));
    assert_eq!(desk.error("nora_no_team", &call, None).await, said(403, "Not a member of this team"));
    assert_eq!(desk.error("mia_full", &call, None).await, said(404, "Not found"));
    let call = format!("DELETE /todos/{OLIVIA_TODO}");
    assert_eq!(desk.error("mia_full", &call, None).await, said(403, "No permission to delete"));
}

#[tokio::test]
async fn patch_todo_reads_the_body_before_it_asks_for_membership() {
    let desk = Desk::new();
    let path = format!("PATCH /api/cross-app/teams/{TEAM}/todos/{MISSING}");
    let answer = desk.send("nora_no_team", &path, Some("{")).await;
    assert_eq!(answer.status(), 500);
    let thrown: Value = answer.json().await.unwrap();
    assert_eq!(thrown["error"], "Expected property name or '}' in JSON at position 1 (line 1 column 2)");
    assert!(thrown["stack"].is_string());
    let call = format!("PATCH /todos/{MISSING}");
    let field = said(403, "Missing required scope: reorder_todos");
    assert_eq!(desk.error("mia_legacy", &call, Some(json!({ "sortOrder": 1 }))).await, field);
}

#[tokio::test]
async fn role_rows_decide_per_set() {
    let desk = Desk::new();
    let call = format!("GET /sets/{BOARD}/todos");
    let denied = said(403, "No permission to view todos in this set");
    assert_eq!(desk.error("mia_full", &call, None).await, denied);
    assert_eq!(desk.team("adam_full", &call, None).await.0, 200);
    let (status, mine) = desk.team("mia_full", &format!("GET /permissions/me?setId={BOARD}"), None).await;
    assert_eq!((status, &mine["permissions"]["view_todos"]), (200, &json!(false)));
    let row = json!({ "scope": "global", "permissions": [{ "role": "member", "permission": "comment", "allowed": false }] });
    assert_eq!(desk.team("olivia_full", "PUT /permissions", Some(row)).await, (200, json!({ "ok": true })));
    let comment = format!("POST /todos/{MIA_TODO}/comments");
    let body = Some(json!({ "body": "x" }));
    assert_eq!(desk.error("mia_full", &comment, body).await, said(403, "No permission to comment"));
}

#[tokio::test]
async fn paths_that_are_no_routes_are_plain_text_and_navigation_is_html() {
    let desk = Desk::new();
    for call in ["GET /api/nope", "PUT /api/cross-app/me", "GET /api/cross-app/me/"] {
        let answer = desk.send("", call, None).await;
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), kind.as_str()), (404, "text/plain; charset=UTF-8"), "{call}");
        assert_eq!(answer.text().await.unwrap(), "404 Not Found");
    }
    let url = format!("{}/api/cross-app/me", desk.sandbox.handout().glint_url);
    let page = desk.http.get(url).header("Sec-Fetch-Mode", "navigate").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn the_glint_of_the_document_has_claim_todos_and_no_bundle() {
    let desk = Desk::new();
    desk.sandbox.glint().set_version(GlintVersion::Document);
    let call = format!("PUT /todos/{MIA_TODO}/assignees");
    let assign = Some(json!({ "userIds": [] }));
    assert_eq!(desk.team("mia_renamed", &call, assign).await.0, 200);
    let text = "Missing required scope. Token must include one of: read_todos";
    assert_eq!(desk.error("mia_bundle", "GET /overview", None).await, said(403, text));
    let path = format!("GET /api/cross-app/teams/{TEAM}/permissions/me");
    assert_eq!(desk.send("mia_full", &path, None).await.text().await.unwrap(), "404 Not Found");
}
