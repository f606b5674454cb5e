//! Prism over real HTTP.

use sandbox::handout::HandoutCredential;
use sandbox::{Options, Sandbox, start};
use serde_json::{Value, json};

fn credential<'a>(sandbox: &'a Sandbox, id: &str) -> &'a HandoutCredential {
    sandbox.handout().credentials.iter().find(|c| c.id == id).expect("the seed has this credential")
}

fn url(sandbox: &Sandbox, path: &str) -> String {
    format!("{}{path}", sandbox.handout().prism_url)
}

fn client() -> reqwest::Client {
    // Only the first of the tests in this process installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

async fn json_of(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("Prism answers");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("the answer is JSON"))
}

#[tokio::test]
async fn a_pat_reads_and_registers() {
    let sandbox = start(Options::default()).expect("starts");
    let client = client();
    let bob = &credential(&sandbox, "bob_pat").secret;
    let (status, apps) = json_of(client.get(url(&sandbox, "/api/apps")).bearer_auth(bob)).await;
    assert_eq!(status, 200);
    let bot = &apps["apps"][0];
    assert_eq!(bot["name"], "Standup Bot");
    let glint = &sandbox.handout().provider.client_id;
    let path = format!("/api/apps/{}", bot["id"].as_str().expect("has an id"));
    let wanted = json!({ "allowed_scopes": ["openid", "made:up", format!("app:{glint}:delete_todos")] });
    let (status, app) =
        json_of(client.patch(url(&sandbox, &path)).bearer_auth(bob).body(wanted.to_string())).await;
    assert_eq!(status, 200);
    assert_eq!(app["app"]["allowed_scopes"], json!(["openid", format!("app:{glint}:delete_todos")]));
}

#[tokio::test]
async fn introspection_needs_no_credential_and_lies_about_nothing() {
    let sandbox = start(Options::default()).expect("starts");
    let client = client();
    let ask = async |id: &str| {
        let token = credential(&sandbox, id).secret.clone();
        json_of(client.post(url(&sandbox, "/api/oauth/introspect")).body(format!("token={token}"))).await.1
    };
    assert_eq!(ask("mia_reader").await["active"], true);
    for dead in ["mia_expired", "mia_revoked", "mia_refresh", "mia_session", "bob_pat"] {
        assert_eq!(ask(dead).await, json!({ "active": false }), "{dead}");
    }
}
