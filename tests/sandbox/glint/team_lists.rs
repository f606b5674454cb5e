//! The cached team list and how it goes stale.

use crate::desk::{Desk, said};
use reqwest::Response;
use serde_json::{Value, json};

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
async fn a_hiccup_of_prism_locks_out_for_an_hour() {
    let desk = Desk::new();
    desk.sandbox.glint().drop_caches();
    let fault = json!({ "server": "prism", "path": "/api/oauth/me/teams", "kind": "status", "status": 503 });
    let url = format!("{}/faults", desk.sandbox.handout().admin_url);
    let injected = desk.http.post(url).body(fault.to_string()).send().await.unwrap();
    assert!(injected.status().is_success(), "{}", injected.text().await.unwrap());
    let denied = said(403, "Not a member of this team");
    for _ in 0..2 {
        assert_eq!(desk.error("mia_full", "GET /overview", None).await, denied);
    }
    desk.sandbox.glint().drop_caches();
    assert_eq!(desk.team("mia_full", "GET /overview", None).await.0, 200);
}
