//! A saved connection to the sandbox's servers as if they were real ones, and a sign-in there.

use crate::World;
use crate::sign_in::{Attempt, free_ports, visit};
use serde_json::{Map, Value, json};

/// Client ID of the provider in the default scenario.
pub const PROVIDER: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
/// Client ID of the consumer that is signed in to.
pub const CONSUMER: &str = "prism_wl26DFRxxToGcOuw00SsQA";
/// What the passphrase vault of these tests opens with.
pub const PASSPHRASE: &str = "a passphrase of five words";

/// Chooses a passphrase vault and saves a connection to the sandbox's servers with redirect ports that are free; the
/// clients of the sandbox have its redirect URIs registered. Returns the connection as `add_connection` shows it.
///
/// # Panics
/// When any of it fails.
#[expect(clippy::expect_used, reason = "a test cannot go on")]
pub async fn connect(world: &World) -> Value {
    let vault = json!({ "kind": "passphrase", "passphrase": PASSPHRASE });
    world.call("choose_vault", vault).await.expect("a vault");
    let handout = world.handout();
    let args = json!({
        "name": "Real", "environment": "staging", "prism_url": handout.prism_url,
        "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
        "transport": { "ca_file": null, "system_proxy": false, "redirect_ports": free_ports(3) },
    });
    let added = world.call("add_connection", args).await.expect("a connection");
    let connection = added.pointer("/connections/1").cloned().expect("the connection");
    let mut scenario = serde_json::to_value(sandbox::Scenario::lived_in()).expect("a scenario");
    let uris = connection.get("redirect_uris").and_then(Value::as_array).cloned().expect("redirect URIs");
    let apps = scenario.pointer_mut("/prism/apps").and_then(Value::as_array_mut).expect("apps");
    for known in apps.iter_mut().filter_map(|app| app.get_mut("redirect_uris")?.as_array_mut()) {
        known.extend(uris.iter().cloned());
    }
    world.sandbox.admin().load(serde_json::from_value(scenario).expect("a scenario"));
    connection
}

/// Signs mia in to the consumer; the handle of the identity.
///
/// # Panics
/// When any of it fails.
#[expect(clippy::expect_used, reason = "a test cannot go on")]
pub async fn sign_in(world: &World, connection: &Value) -> String {
    let read = format!("app:{PROVIDER}:read_todos");
    let scopes = ["openid", "profile", "teams:read", "offline_access", &read];
    let args = json!({ "connection": connection, "client_id": CONSUMER, "scopes": scopes });
    let attempt = Attempt::begin(&world.engine, args).await.expect("a sign-in");
    let (status, page) = visit(&approve(world, &attempt).await).await;
    assert_eq!(status, 200, "{page}");
    let ended = attempt.end().await.expect("an identity");
    ended.pointer("/identity/id").and_then(Value::as_str).expect("a handle").to_owned()
}

/// Approves as mia does on the consent page; the address the browser is sent to.
#[expect(clippy::expect_used, reason = "a test cannot go on")]
async fn approve(world: &World, attempt: &Attempt) -> String {
    let handout = world.handout();
    let session = handout.credentials.iter().find(|known| known.id == "mia_session").expect("a session");
    let names =
        ["client_id", "redirect_uri", "scope", "state", "code_challenge", "nonce", "code_challenge_method"];
    let mut body: Map<String, Value> =
        names.iter().map(|&name| (name.to_owned(), json!(attempt.asked(name)))).collect();
    body.insert("action".into(), json!("approve"));
    let request = reqwest::Client::new().post(format!("{}/api/oauth/authorize", handout.prism_url));
    let answer =
        request.bearer_auth(&session.secret).body(json!(body).to_string()).send().await.expect("an answer");
    let value: Value = answer.json().await.expect("JSON");
    value.get("redirect").and_then(Value::as_str).expect("a redirect").to_owned()
}
