//! Codes of Prism's authorization and token endpoints, by authorizations that go wrong.

use super::{Provoked, bearer, control, secret, send};
use crate::calls::TEAM;
use serde_json::{Value, json};
use tests::World;

const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
/// Confidential.
const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
/// Public.
const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";
const BACK: &str = "http://127.0.0.1:8899/callback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Mia's browser and the consumer's server.
struct Consumer<'w> {
    world: &'w World,
    prism: String,
    secret: String,
}

impl<'w> Consumer<'w> {
    fn of(world: &'w World) -> Self {
        world.forget_requests();
        let prism = world.handout().prism_url.clone();
        Self { world, prism, secret: secret(world, "bot_client") }
    }

    fn authorize(&self, more: Value) -> Value {
        let mut body = json!({ "client_id": BOT, "redirect_uri": BACK, "scope": "openid profile",
            "state": "s", "action": "approve" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let url = format!("{}/api/oauth/authorize", self.prism);
        send("POST", &url, &bearer(self.world, "mia_session"), &body.to_string())
    }

    fn code(&self, more: Value) -> String {
        let redirect = self.authorize(more)["redirect"].as_str().unwrap().to_owned();
        redirect.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
    }

    fn token(&self, form: &str) -> Value {
        send("POST", &format!("{}/api/oauth/token", self.prism), "", form)
    }

    fn exchange(&self, code: &str) -> Value {
        self.token(&format!("{}&code={code}&redirect_uri={BACK}", self.client()))
    }

    fn client(&self) -> String {
        format!("grant_type=authorization_code&client_id={BOT}&client_secret={}", self.secret)
    }
}

pub(super) async fn all(to: &mut Provoked) {
    authorizations(to).await;
    exchanges(to).await;
    lifetimes(to).await;
    scopes(to).await;
}

async fn authorizations(to: &mut Provoked) {
    let world = World::start();
    let consumer = Consumer::of(&world);
    consumer.authorize(json!({ "action": "deny" }));
    to.wire(&world, ("oauth.access_denied", "proven")).await;
    consumer.authorize(json!({ "redirect_uri": "https://elsewhere.test/callback" }));
    to.wire(&world, ("oauth.invalid_redirect_uri", "proven")).await;
    consumer.authorize(json!({ "client_id": "prism_0000000000000000000000" }));
    to.wire(&world, ("oauth.invalid_client", "proven")).await;
    consumer.authorize(json!({ "client_id": BOARD }));
    to.wire(&world, ("oauth.pkce_required", "proven")).await;
}

async fn exchanges(to: &mut Provoked) {
    let world = World::start();
    let consumer = Consumer::of(&world);
    consumer.token("grant_type=authorization_code&code=x");
    to.wire(&world, ("oauth.invalid_request", "proven")).await;
    consumer.token(&format!("grant_type=password&client_id={BOT}&client_secret={}", consumer.secret));
    to.wire(&world, ("oauth.unsupported_grant_type", "proven")).await;
    consumer.exchange("nobodys-code");
    to.wire(&world, ("oauth.invalid_grant", "likely")).await;
    world.forget_requests();
    let code = consumer.code(json!({}));
    let other = BACK.replace("8899", "47300");
    consumer.token(&format!("{}&code={code}&redirect_uri={other}", consumer.client()));
    to.wire(&world, ("oauth.redirect_uri_mismatch", "likely")).await;
    let challenged = json!({ "code_challenge": CHALLENGE, "code_challenge_method": "S256" });
    let code = consumer.code(challenged);
    consumer.exchange(&code);
    to.wire(&world, ("oauth.pkce_required", "proven")).await;
    let wrong = VERIFIER.replace('d', "e");
    consumer.token(&format!("{}&code={code}&redirect_uri={BACK}&code_verifier={wrong}", consumer.client()));
    to.wire(&world, ("oauth.pkce_failed", "proven")).await;
    control(&world, "PATCH", &format!("/clients/{BOT}"), json!({ "use_jwt_tokens": true }));
    world.forget_requests();
    consumer.exchange(&consumer.code(json!({})));
    to.wire(&world, ("oauth.jwt_tokens_broken", "likely")).await;
}

async fn lifetimes(to: &mut Provoked) {
    let world = World::start();
    let consumer = Consumer::of(&world);
    let code = consumer.code(json!({}));
    world.sandbox.clock().advance(11 * 60);
    consumer.exchange(&code);
    to.wire(&world, ("oauth.code_expired", "proven")).await;
    let issued = consumer.exchange(&consumer.code(json!({ "scope": "openid offline_access" })));
    let refresh = issued["refresh_token"].as_str().unwrap().to_owned();
    world.sandbox.clock().advance(400 * 24 * 3600);
    let form = format!(
        "grant_type=refresh_token&client_id={BOT}&client_secret={}&refresh_token={refresh}",
        consumer.secret
    );
    consumer.token(&form);
    to.wire(&world, ("oauth.refresh_expired", "proven")).await;
}

async fn scopes(to: &mut Provoked) {
    let world = World::start();
    let consumer = Consumer::of(&world);
    let asked = format!("openid teams:read app:{GLINT}:delete_comments");
    consumer.exchange(&consumer.code(json!({ "scope": asked })));
    to.wire(&world, ("oauth.scopes_narrowed", "proven")).await;
    world.forget_requests();
    let slip = format!("openid teams:read app:{GLINT}:read_todo");
    let issued = consumer.exchange(&consumer.code(json!({ "scope": slip })));
    let token = issued["access_token"].as_str().unwrap();
    let sets = format!("{}/api/cross-app/teams/{TEAM}/sets", world.handout().glint_url);
    send("GET", &sets, &format!("Bearer {token}"), "");
    to.wire(&world, ("scope.misspelt", "likely")).await;
    let id_token = issued["id_token"].as_str().unwrap();
    send("GET", &sets, &format!("Bearer {id_token}"), "");
    to.wire(&world, ("token.id_token", "proven")).await;
}
