//! Glint over real HTTP, on the lived-in scenario.

use reqwest::{Method, Response};
use sandbox::glint::{DeploymentSeed, GlintVersion};
use sandbox::{Options, Sandbox, start};
use serde_json::{Value, json};

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const PANTRY: &str = "f1d7c906-2f4a-4fc4-bd52-e55f3154381c";
const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
const MIA_TODO: &str = "1b893816-cb96-47dc-8dc7-1fd4213d0af8";
const OLIVIA_TODO: &str = "84797859-a710-412b-ba84-3ddde0e1f627";
const MISSING: &str = "00000000-0000-0000-0000-000000000000";

/// A sandbox, somebody's token, and a way to call Glint with it.
struct Desk {
    sandbox: Sandbox,
    http: reqwest::Client,
}

impl Desk {
    fn new() -> Self {
        // Only the first of the tests in this process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = start(Options::default()).unwrap();
        Self { sandbox, http: reqwest::Client::new() }
    }

    fn secret(&self, id: &str) -> String {
        self.sandbox.handout().credentials.iter().find(|c| c.id == id).unwrap().secret.clone()
    }

    async fn send(&self, who: &str, call: &str, body: Option<&str>) -> Response {
        let (method, path) = call.split_once(' ').unwrap();
        let url = format!("{}{path}", self.sandbox.handout().glint_url);
        let mut request = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if !who.is_empty() {
            request = request.bearer_auth(self.secret(who));
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        request.send().await.unwrap()
    }

    /// Status and JSON of a call below the team.
    async fn team(&self, who: &str, call: &str, body: Option<Value>) -> (u16, Value) {
        let (method, path) = call.split_once(' ').unwrap();
        let call = format!("{method} /api/cross-app/teams/{TEAM}{path}");
        let answer = self.send(who, &call, body.map(|b| b.to_string()).as_deref()).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn error(&self, who: &str, call: &str, body: Option<Value>) -> (u16, String) {
        let (status, answer) = self.team(who, call, body).await;
        (status, answer["error"].as_str().unwrap_or_default().to_owned())
    }
}

fn missing(scopes: &str) -> (u16, String) {
    let text = format!(
        "Missing required scope. Token must include one of: {scopes} (or the bundle scope \"workbench\")"
    );
    (403, text)
}

fn said(status: u16, text: &str) -> (u16, String) {
    (status, text.to_owned())
}

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

#[tokio::test]
async fn a_stale_team_list_is_served_until_it_is_forgotten() {
    let desk = Desk::new();
    let denied = said(403, "Not a member of this team");
    assert_eq!(desk.error("ivy_stale_denial", "GET /overview", None).await, denied);
    assert_eq!(desk.team("otto_stale_access", "GET /overview", None).await.0, 200);
    desk.sandbox.glint().drop_caches();
    assert_eq!(desk.team("ivy_stale_denial", "GET /overview", None).await.0, 200);
    assert_eq!(desk.error("otto_stale_access", "GET /overview", None).await, denied);
}

/// Logs Mia in to Glint; the answer of Glint's callback.
async fn log_in(desk: &Desk, scope: &str) -> Response {
    let handout = desk.sandbox.handout();
    let config: Value = desk.send("", "GET /api/auth/config", None).await.json().await.unwrap();
    let verifier = "a-verifier-of-at-least-forty-three-characters-0123";
    let challenge = sandbox::random::base64url(&sandbox::random::sha256(verifier.as_bytes()));
    let wanted = json!({
        "client_id": config["clientId"], "redirect_uri": config["redirectUri"], "scope": scope, "action": "approve",
        "code_challenge": challenge, "code_challenge_method": "S256",
    });
    let url = format!("{}/api/oauth/authorize", handout.prism_url);
    let request = desk.http.post(url).bearer_auth(desk.secret("mia_session")).body(wanted.to_string());
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let redirect = answer["redirect"].as_str().unwrap();
    let code = redirect.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).unwrap();
    let body = json!({ "code": code, "codeVerifier": verifier });
    desk.send("", "POST /api/auth/callback", Some(&body.to_string())).await
}

#[tokio::test]
async fn a_login_rewrites_the_team_list_for_better_or_worse() {
    let desk = Desk::new();
    let poisoned = log_in(&desk, "openid profile").await;
    assert_eq!(poisoned.status(), 200);
    let denied = said(403, "Not a member of this team");
    assert_eq!(desk.error("mia_full", "GET /overview", None).await, denied);
    let cured = log_in(&desk, "openid profile teams:read").await;
    let cookie = cured.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("session=")
            && cookie.ends_with("; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Lax")
    );
    let user: Value = cured.json().await.unwrap();
    assert_eq!(user["user"]["teams"][0]["role"], json!("member"));
    assert_eq!(user["welcomeMessage"], json!(desk.sandbox.glint().config().welcome_message));
    assert_eq!(desk.team("mia_full", "GET /overview", None).await.0, 200);
    desk.sandbox.glint().configure(|config| config.allowed_team_id = "elsewhere".into());
    assert_eq!(log_in(&desk, "openid profile").await.status(), 403);
    assert_eq!(desk.team("mia_full", "GET /overview", None).await.0, 200);
    desk.sandbox.glint().configure(|config| config.prism_client_secret = "wrong".into());
    assert_eq!(log_in(&desk, "openid profile").await.status(), 401);
}

#[tokio::test]
async fn an_empty_list_is_cached_like_any_other() {
    let desk = Desk::new();
    let nora = desk.sandbox.handout().credentials.iter().find(|c| c.id == "nora_no_team").unwrap();
    let nora = nora.user_id.clone().unwrap();
    assert!(!desk.sandbox.glint().has_team_list(&nora));
    desk.error("nora_no_team", "GET /sets", None).await;
    assert!(desk.sandbox.glint().has_team_list(&nora));
    desk.sandbox.clock().advance(3599);
    assert!(desk.sandbox.glint().has_team_list(&nora));
    desk.sandbox.clock().advance(2);
    assert!(!desk.sandbox.glint().has_team_list(&nora));
}

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
