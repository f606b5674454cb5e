//! The admin controls.

use crate::world::{World, answer};
use sandbox::admin::CONTROLS;
use serde_json::{Value, json};

#[tokio::test]
async fn a_reset_undoes_everything_but_keeps_secrets() {
    let world = World::new();
    let bob = world.secret("bob_pat");
    let gone = "DELETE /api/apps/0a78444e7e74c1c0526bcd7a170a8152";
    assert_eq!(answer(world.prism(gone).bearer_auth(bob)).await.0, 200);
    let step = json!({ "advance_seconds": 86_400 * 365 }).to_string();
    assert_eq!(answer(world.admin("POST /clock").body(step)).await.0, 200);
    let (status, handout) = answer(world.admin("POST /reset")).await;
    assert_eq!(status, 200);
    for (before, now) in
        world.sandbox.handout().credentials.iter().zip(handout["credentials"].as_array().expect("a list"))
    {
        if before.kind != sandbox::handout::CredentialKind::Session {
            assert_eq!(now["secret"], before.secret.as_str(), "{}", before.id);
        }
    }
    let (_, apps) = answer(world.prism("GET /api/apps").bearer_auth(bob)).await;
    let apps = apps["apps"].as_array().expect("a list");
    assert!(
        apps.iter().any(|app| app["id"] == "0a78444e7e74c1c0526bcd7a170a8152"),
        "the deleted app is back"
    );
    let teams = answer(world.prism("GET /api/teams").bearer_auth(world.secret("mia_session"))).await;
    assert_eq!(teams.0, 200);
    assert_eq!(answer(world.admin("GET /clock")).await.1["offset_seconds"], 0);
}

#[tokio::test]
async fn scenarios_are_loaded_by_name_and_by_file() {
    let world = World::new();
    let (status, handout) = answer(world.admin("POST /scenario").body(r#"{"name":"empty"}"#)).await;
    assert_eq!((status, &handout["credentials"]), (200, &json!([])));
    assert_eq!(answer(world.prism("GET /api/init/status")).await.1, json!({ "initialized": false }));
    let (status, why) = answer(world.admin("POST /scenario").body(r#"{"name":"none"}"#)).await;
    assert_eq!((status, why), (404, json!({ "error": "There is no scenario `none`." })));
    let (status, why) = answer(world.admin("POST /scenario").body("{\n \"nam\": 1}")).await;
    assert_eq!(status, 400);
    assert!(why["error"].as_str().expect("a sentence").contains("line 2"), "{why}");
    let (_, file) = answer(world.admin("POST /scenario").body(r#"{"name":"lived-in"}"#)).await;
    assert!(file["credentials"].as_array().expect("a list").len() > 20);
    let (_, file) = answer(world.admin("GET /scenario")).await;
    assert_eq!(answer(world.admin("POST /scenario").body(file.to_string())).await.0, 200);
}

#[tokio::test]
async fn memberships_change_at_prism_and_glint_keeps_its_list() {
    let world = World::new();
    let team = world.sandbox.handout().clone();
    let tea = "22d71a4a3697a1d674be910d93c3cae1";
    assert!(!team.credentials.is_empty());
    let token = world.secret("mia_full");
    assert_eq!(answer(world.admin(&format!("DELETE /teams/{tea}/members/mia"))).await.0, 200);
    let (_, live) = answer(world.prism("GET /api/oauth/me/teams").bearer_auth(token)).await;
    assert_eq!(live["teams"], json!([]));
    let sets = format!("GET /api/cross-app/teams/{tea}/sets");
    assert_eq!(answer(world.glint(&sets).bearer_auth(token)).await.0, 200);
    assert_eq!(answer(world.admin("POST /caches/drop")).await.0, 200);
    let (status, denial) = answer(world.glint(&sets).bearer_auth(token)).await;
    assert_eq!((status, denial), (403, json!({ "error": "Not a member of this team" })));
    let role = json!({ "role": "admin" }).to_string();
    assert_eq!(answer(world.admin(&format!("PUT /teams/{tea}/members/mia")).body(role)).await.0, 200);
    let (_, live) = answer(world.prism("GET /api/oauth/me/teams").bearer_auth(token)).await;
    assert_eq!(live["teams"][0]["role"], "admin");
}

#[tokio::test]
async fn the_log_is_an_archive_of_both_servers() {
    let world = World::new();
    answer(world.prism("GET /api/apps?x=%20y").bearer_auth("nobody")).await;
    answer(world.glint("POST /api/cross-app/teams/t/sets").body("{}")).await;
    let (_, archive) = answer(world.admin("GET /log")).await;
    let entries = archive["log"]["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["request"]["queryString"], json!([{ "name": "x", "value": " y" }]));
    assert_eq!(entries[0]["response"]["content"]["text"], r#"{"error":"Unauthorized"}"#);
    assert_eq!(entries[1]["request"]["postData"]["text"], "{}");
    assert_eq!(entries[1]["response"]["status"], 401);
    answer(world.admin("DELETE /log")).await;
    assert_eq!(answer(world.admin("GET /log")).await.1["log"]["entries"], json!([]));
}

#[tokio::test]
async fn web_pages_of_other_origins_and_other_names_are_refused() {
    let world = World::new();
    let (status, _) = answer(world.admin("POST /reset").header("Origin", "https://elsewhere.example")).await;
    assert_eq!(status, 403);
    let (status, _) = answer(world.admin("GET /handout").header("Host", "elsewhere.example:47312")).await;
    assert_eq!(status, 403);
    for call in [world.prism("GET /api/site"), world.glint("GET /api/cross-app/discovery")] {
        assert_eq!(answer(call.header("Host", "elsewhere.example")).await.0, 403);
    }
    let own = origin(&world).to_owned();
    assert_eq!(answer(world.admin("GET /handout").header("Origin", own)).await.0, 200);
}

/// The admin address without the token.
fn origin(world: &World) -> &str {
    world.sandbox.handout().admin_url.rsplit_once('/').unwrap().0
}

#[tokio::test]
async fn the_controls_ask_for_the_token_of_their_run() {
    let (world, other) = (World::new(), World::new());
    let token = |world: &World| world.sandbox.handout().admin_url.rsplit_once('/').unwrap().1.to_owned();
    assert_ne!(token(&world), token(&other));
    let at = |path: &str| world.client.get(format!("{}{path}", origin(&world)));
    for path in ["/", "/handout", &format!("/{}/handout", token(&other))] {
        assert_eq!(answer(at(path)).await.0, 401, "{path}");
    }
    assert_eq!(answer(at("/handout").bearer_auth(token(&other))).await.0, 401);
    assert_eq!(answer(at("/handout").bearer_auth(token(&world))).await.0, 200);
    assert_eq!(answer(at(&format!("/{}/handout", token(&world)))).await.0, 200);
}

#[tokio::test]
async fn every_listed_control_exists() {
    let world = World::new();
    let (_, listed) = answer(world.admin("GET /")).await;
    assert_eq!(listed["controls"].as_array().map(Vec::len), Some(CONTROLS.len()));
    for (call, body, _) in CONTROLS {
        let call = call.split('[').next().expect("a call");
        let body = if body.starts_with('{') { body.split(" or ").next().expect("a body") } else { "" };
        let (status, said): (u16, Value) = answer(world.admin(call).body(body)).await;
        let unknown = said["error"].as_str().is_some_and(|e| e.contains("no such control"));
        assert!(!unknown && status != 400, "{call}: {status} {said}");
    }
}
