//! What a later change does to tokens already issued (contract §6, the table).

use crate::world::{World, answer};
use serde_json::{Value, json};

const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
const BOT_APP: &str = "/api/apps/0a78444e7e74c1c0526bcd7a170a8152";
const GLINT_APP: &str = "/api/apps/052877d243367e69e10b707373ddb44b";
const CALLBACK: &str = "http://127.0.0.1:8899/callback";

impl World {
    /// A new authorization of the bot for Mia; the answer of the token endpoint.
    async fn authorize(&self) -> (u16, Value) {
        let wanted = json!({
            "client_id": BOT, "redirect_uri": CALLBACK, "action": "approve",
            "scope": format!("openid offline_access {}", self.scope("read_todos")),
        });
        let request = self.prism("POST /api/oauth/authorize").bearer_auth(self.secret("mia_session"));
        let (status, approved) = answer(request.body(wanted.to_string())).await;
        let redirect = approved["redirect"].as_str().unwrap_or_default();
        let Some((_, code)) = redirect.split_once("code=") else { return (status, approved) };
        self.token(&[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)]).await
    }

    async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let request = self.prism("POST /api/oauth/token").basic_auth(BOT, Some(self.secret("bot_client")));
        answer(request.form(form)).await
    }

    async fn refresh(&self, token: &Value) -> (u16, Value) {
        let refresh = token["refresh_token"].as_str().expect("offline access gives a refresh token");
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await
    }

    async fn introspect(&self, token: &Value) -> Value {
        let form = [("token", token["access_token"].as_str().expect("an access token"))];
        answer(self.prism("POST /api/oauth/introspect").form(&form)).await.1
    }

    async fn asks_mia(&self) -> (u16, Value) {
        let (status, token) = self.authorize().await;
        assert_eq!(status, 200);
        assert_eq!(self.introspect(&token).await["active"], true);
        (status, token)
    }
}

#[tokio::test]
async fn a_rule_a_registration_and_a_definition_leave_tokens_alone() {
    let world = World::new();
    let olivia = world.secret("olivia_pat");
    let (_, token) = world.asks_mia().await;
    let scope = token["scope"].clone();
    let rule = json!({ "rule_type": "app_deny", "target_id": BOT }).to_string();
    let path = format!("POST {GLINT_APP}/scope-access-rules");
    assert_eq!(answer(world.prism(&path).bearer_auth(olivia).body(rule)).await.0, 201);
    let fewer = json!({ "allowed_scopes": ["openid", "offline_access"] }).to_string();
    assert_eq!(answer(world.prism(&format!("PATCH {BOT_APP}")).bearer_auth(olivia).body(fewer)).await.0, 200);
    assert_eq!(world.introspect(&token).await["scope"], scope);
    let (status, renewed) = world.refresh(&token).await;
    assert_eq!((status, &renewed["scope"]), (200, &scope));
    assert_eq!(world.introspect(&token).await, json!({ "active": false }));
    let (status, narrow) = world.authorize().await;
    assert_eq!((status, &narrow["scope"]), (200, &json!("openid offline_access")));
    assert_eq!(world.introspect(&renewed).await["scope"], scope);
}

#[tokio::test]
async fn a_deactivated_client_or_user_keeps_live_tokens() {
    let world = World::new();
    let (_, token) = world.asks_mia().await;
    let off = async |call: &str, on: bool| {
        let body = json!({ "is_active": on }).to_string();
        assert_eq!(answer(world.admin(call).body(body)).await.0, 200);
    };
    off(&format!("PATCH /clients/{BOT}"), false).await;
    assert_eq!(world.introspect(&token).await["active"], true);
    assert_eq!(world.refresh(&token).await, (401, json!({ "error": "invalid_client" })));
    assert_eq!(world.authorize().await, (400, json!({ "error": "invalid_client" })));
    off(&format!("PATCH /clients/{BOT}"), true).await;
    off("PATCH /users/mia", false).await;
    assert_eq!(world.introspect(&token).await["active"], true);
    assert_eq!(world.refresh(&token).await, (400, json!({ "error": "invalid_grant" })));
    assert_eq!(world.authorize().await, (401, json!({ "error": "Unauthorized" })));
}

#[tokio::test]
async fn revoking_a_token_or_a_consent_ends_it_at_once() {
    let world = World::new();
    let (_, token) = world.asks_mia().await;
    let form = [("token", token["refresh_token"].as_str().expect("a refresh token"))];
    let revoked = world.prism("POST /api/oauth/revoke").form(&form).send().await.expect("an answer");
    assert_eq!((revoked.status().as_u16(), revoked.text().await.expect("a body").as_str()), (200, ""));
    assert_eq!(world.introspect(&token).await, json!({ "active": false }));
    let (_, token) = world.asks_mia().await;
    let request = world.prism(&format!("DELETE /api/oauth/consents/{BOT}"));
    assert_eq!(answer(request.bearer_auth(world.secret("mia_session"))).await.0, 200);
    assert_eq!(world.introspect(&token).await, json!({ "active": false }));
    assert_eq!(world.refresh(&token).await.0, 400);
}

#[tokio::test]
async fn signed_tokens_break_the_exchange_and_eat_the_code() {
    let world = World::new();
    let body = json!({ "use_jwt_tokens": true }).to_string();
    assert_eq!(answer(world.admin(&format!("PATCH /clients/{BOT}")).body(body)).await.0, 200);
    assert_eq!(world.authorize().await, (500, json!({ "error": "Internal server error" })));
}

#[tokio::test]
async fn an_hour_later_the_token_is_dead_and_the_refresh_token_is_not() {
    let world = World::new();
    let (_, token) = world.asks_mia().await;
    let step = json!({ "advance_seconds": 3601 }).to_string();
    assert_eq!(answer(world.admin("POST /clock").body(step)).await.0, 200);
    assert_eq!(world.introspect(&token).await, json!({ "active": false }));
    assert_eq!(world.refresh(&token).await.0, 200);
}
