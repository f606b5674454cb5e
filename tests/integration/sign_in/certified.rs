//! Against npm's `oidc-provider`, a certified OpenID provider that shares no code with anything here.

use super::Desk;
use serde_json::{Value, json};
use tests::sign_in::{Attempt, visit};
use tests::{OidcProvider, World};

async fn desk() -> (OidcProvider, Desk) {
    let provider = OidcProvider::start().await;
    let desk = Desk::at(World::start(), &provider.url).await;
    (provider, desk)
}

/// Follows the redirects of the provider as a browser with cookies does, and then those of the listener.
async fn browse(start: &str) -> (u16, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut jar = std::collections::BTreeMap::new();
    let mut url: url::Url = start.parse().unwrap();
    for _ in 0..20 {
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = client.get(url.clone()).header("Cookie", cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            jar.insert(name.to_owned(), value.to_owned());
        }
        let Some(next) = answer.headers().get("location") else {
            return (answer.status().as_u16(), answer.text().await.unwrap());
        };
        url = url.join(next.to_str().unwrap()).unwrap();
        if url.path().starts_with("/callback/") {
            return visit(url.as_str()).await;
        }
    }
    panic!("the provider redirects without end");
}

pub async fn register(desk: &Desk) -> String {
    let args = json!({ "name": "Spectroscope", "scopes": ["openid", "offline_access", "profile"] });
    let registered = desk.call("register_client", args).await.unwrap();
    assert_eq!((&registered["identity"], &registered["problems"]), (&Value::Null, &json!([])));
    registered["client_id"].as_str().unwrap().to_owned()
}

pub async fn sign_in(desk: &Desk, client_id: &str) -> Value {
    let scopes = ["openid", "offline_access", "profile"];
    let args = json!({ "connection": desk.connection, "client_id": client_id, "scopes": scopes });
    let attempt = Attempt::begin(desk.engine(), args).await.unwrap();
    let (status, page) = browse(attempt.url.as_str()).await;
    assert_eq!(status, 200, "{page}");
    attempt.end().await.unwrap()
}

#[tokio::test]
async fn a_registered_client_signs_in_refreshes_looks_and_revokes() {
    let (_provider, desk) = desk().await;
    let client_id = register(&desk).await;
    let plan = desk.call("prepare_sign_in", json!({ "client_id": client_id })).await.unwrap();
    assert_eq!(plan["can_register"], true);
    assert_eq!(plan["problems"], json!([]));
    let signed_in = sign_in(&desk, &client_id).await;
    assert_eq!(signed_in["dropped"], json!([]));
    let identity = &signed_in["identity"];
    assert_eq!((&identity["user_id"], &identity["user_name"]), (&json!("ada"), &json!("ada")));
    assert_eq!(identity["refreshable"], true);
    let id = json!({ "identity": identity["id"] });

    let seen = desk.call("introspect_identity", id.clone()).await.unwrap();
    assert_eq!(seen["done"], true, "{seen}");
    // The provider gives a new refresh token with every refresh, and takes each of them once.
    let force = json!({ "identity": identity["id"], "force": true });
    for _ in 0..3 {
        let refreshed = desk.call("refresh_identity", force.clone()).await.unwrap();
        assert_eq!(refreshed["done"], true, "{refreshed}");
        assert_eq!(refreshed["exchange"]["status"], 200);
    }
    let seen = desk.call("introspect_identity", id.clone()).await.unwrap();
    assert_eq!(seen["done"], true, "{seen}");
    let revoked = desk.call("revoke_identity", id.clone()).await.unwrap();
    assert_eq!(revoked["dead"], true, "{revoked}");
    let left = revoked["connections"].to_string();
    assert!(!left.contains(identity["id"].as_str().unwrap()), "{left}");
    println!(
        "count: oidc-provider: discovery, registration, code with PKCE, 3 refreshes, 2 introspections, revocation"
    );
}

#[tokio::test]
async fn a_client_signs_in_as_itself() {
    let (_provider, desk) = desk().await;
    let secret = "the-secret-of-the-machine: 100% & more";
    let args = |secret: &str| {
        json!({ "connection": desk.connection, "client_id": "machine", "client_secret": secret,
            "scopes": ["todos:read"], "as_client": true })
    };
    let problem = desk.world.call("sign_in", args("wrong")).await.unwrap_err();
    assert_eq!(problem.code, "oauth.invalid_client");
    let signed_in = desk.world.call("sign_in", args(secret)).await.unwrap();
    assert_eq!(signed_in["granted"], json!(["todos:read"]));
    assert_eq!(signed_in["identity"]["refreshable"], false);
    assert!(!signed_in.to_string().contains("machine: 100"));
    let id = json!({ "identity": signed_in["identity"]["id"] });
    let seen = desk.call("introspect_identity", id.clone()).await.unwrap();
    assert_eq!(seen["done"], true, "{seen}");
    let revoked = desk.call("revoke_identity", id).await.unwrap();
    assert_eq!(revoked["dead"], true, "{revoked}");
    println!("count: oidc-provider: client credentials, introspection, revocation with the client's secret");
}

#[tokio::test]
async fn a_redirect_uri_nobody_registered_stays_at_the_provider() {
    let (provider, desk) = desk().await;
    let client_id = register(&desk).await;
    let other = Desk::at(World::start(), &provider.url).await;
    let args = json!({ "connection": other.connection, "client_id": client_id, "scopes": ["openid"] });
    let attempt = Attempt::begin(other.engine(), args).await.unwrap();
    // A native client may come back on any loopback port (RFC 8252 §7.3), but on no other path.
    let elsewhere = attempt.url.as_str().replace("%2Fcallback%2F", "%2Felsewhere%2F");
    let (status, page) = browse(&elsewhere).await;
    assert!(status == 400 && page.contains("redirect_uri"), "{page}");
    assert!(!attempt.has_ended());
}
