//! Registration: the filter, the owner rules, the lossy routes.

use crate::world::{World, answer};
use serde_json::json;

const BOT: &str = "/api/apps/0a78444e7e74c1c0526bcd7a170a8152";

#[tokio::test]
async fn a_pat_reads_and_registers() {
    let world = World::new();
    let bob = world.secret("bob_pat");
    let (status, apps) = answer(world.prism("GET /api/apps").bearer_auth(bob)).await;
    let apps = apps["apps"].as_array().expect("a list");
    assert!(status == 200 && apps.iter().any(|app| app["name"] == "Standup Bot"));
    let made: Vec<i64> = apps.iter().map(|app| app["created_at"].as_i64().expect("a time")).collect();
    assert!(made.is_sorted_by(|a, b| a >= b), "newest first: {made:?}");
    let scope = world.scope("delete_todos");
    let wanted = json!({ "allowed_scopes": ["openid", "made:up", &scope] }).to_string();
    let (status, app) = answer(world.prism(&format!("PATCH {BOT}")).bearer_auth(bob).body(wanted)).await;
    assert_eq!(status, 200);
    assert_eq!(app["app"]["allowed_scopes"], json!(["openid", scope]));
}

#[tokio::test]
async fn an_owner_rule_looks_at_the_caller_and_only_at_patch() {
    let world = World::new();
    let nora = world.secret("nora_pat");
    let scopes = [world.scope("read_todos")];
    let app = json!({ "name": "Notes", "redirect_uris": ["http://127.0.0.1:8899/callback"], "allowed_scopes": scopes });
    let (status, made) = answer(world.prism("POST /api/apps").bearer_auth(nora).body(app.to_string())).await;
    assert_eq!((status, &made["app"]["allowed_scopes"]), (201, &json!(scopes)));
    let path = format!("PATCH /api/apps/{}", made["app"]["id"].as_str().expect("an id"));
    let more = json!({ "allowed_scopes": [world.scope("read_todos"), world.scope("comment")] }).to_string();
    let (status, refused) = answer(world.prism(&path).bearer_auth(nora).body(more.clone())).await;
    assert_eq!(
        (status, refused),
        (403, json!({ "error": "You are not permitted to use this app's scopes" }))
    );
    let (status, _) = answer(world.prism(&path).bearer_auth(world.secret("olivia_pat")).body(more)).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn the_me_route_erases_app_scopes() {
    let world = World::new();
    let bob = world.secret("bob_pat");
    let same = json!({ "allowed_scopes": ["openid", world.scope("read_todos")] }).to_string();
    let path = format!("PATCH {}", BOT.replace("/api/apps", "/api/oauth/me/apps"));
    let (status, row) = answer(world.prism(&path).bearer_auth(bob).body(same)).await;
    assert_eq!((status, &row["app"]["allowed_scopes"]), (200, &json!("[\"openid\"]")));
    let (_, app) = answer(world.prism(&format!("GET {BOT}")).bearer_auth(bob)).await;
    assert_eq!(app["app"]["allowed_scopes"], json!(["openid"]));
}

#[tokio::test]
async fn the_preview_gives_the_four_reasons_in_their_order() {
    let world = World::new();
    let ask = async |client_id: &str, scope: &str| {
        let call = format!(
            "GET /api/oauth/app-info?response_type=code&client_id={client_id}&redirect_uri=http://127.0.0.1:8899/callback&scope={scope}"
        );
        let (status, preview) = answer(world.prism(&call)).await;
        assert_eq!(status, 200);
        (preview["scopes"].clone(), preview["rejected_scopes"][0]["reason"].clone())
    };
    let (bot, mailer) = ("prism_4Kg-r67d_NcD72Kg9XU1Fg", "prism_N1ghtMailerSandbox0000");
    assert_eq!(ask(bot, "OPENID").await, (json!([]), json!("unknown")));
    assert_eq!(ask(bot, &world.scope("delete_todos")).await, (json!([]), json!("not_allowed")));
    let retired = "app:prism_8jNqcG9siRFGM6gaGawPQw:read_todos";
    assert_eq!(ask(bot, retired).await, (json!([]), json!("target_missing")));
    assert_eq!(ask(mailer, &world.scope("read_todos")).await, (json!([]), json!("app_denied")));
    let granted = world.scope("read_todos");
    assert_eq!(ask(bot, &granted).await, (json!([granted]), json!(null)));
}
