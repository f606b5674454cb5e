//! A server that says a credential back, in every shape: nothing that leaves the engine holds it.

use engine::Limits;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tests::{RawServer, World};

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";

/// What a hostile or careless server says, `@` for the secret.
const SHAPES: [&str; 32] = [
    "@",
    "see @, please",
    "Bearer @",
    "bearer @",
    "Authorization: Bearer @",
    "Bearer%20@",
    "X-Session-Token: @",
    "token @ is not known",
    "access_token=@",
    "code=@&state=s1",
    "a=1&code_verifier=@",
    "refresh_token=@&x=1",
    "client_secret=@",
    "password=@",
    "id_token=@",
    "x%3D@%26y",
    "redirect=https%3A%2F%2Fapp.test%2Fcb%3Fcode%3D@%26state%3Ds1",
    "https://app.test/cb?code=@#x",
    "https://app.test/cb#access_token=@&token_type=Bearer",
    "https://bob:@@app.test/",
    "{\"access_token\":\"@\"}",
    "{\"refresh_token\" : \"@\"}",
    "{\"clientSecret\":\"@\",\"n\":1}",
    "{\"inner\":\"{\\\"refresh_token\\\":\\\"@\\\"}\"}",
    "{'token': '@'}",
    "{\"password\":\"@",
    "client_secret: @",
    "<client_secret>@</client_secret>",
    "<input type='hidden' name=\"client_secret\" value=\"@\">",
    "--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n@\r\n--b--",
    "curl -H 'Authorization: Bearer @' https://x.test",
    "[@]",
];

/// A server whose every answer says the current text: as the error, and in a header where a header can hold it.
async fn echo(status: &'static str) -> (RawServer, Arc<Mutex<String>>) {
    let says: Arc<Mutex<String>> = Arc::default();
    let text = says.clone();
    let server = RawServer::start(move |_| {
        let text = text.lock().unwrap().clone();
        let one_line = text.replace(['\r', '\n'], " ");
        let body = json!({ "error": text, "message": text, "error_description": text, "detail": [text] });
        RawServer::json(status, &format!("X-Note: {one_line}\r\nLocation: {one_line}\r\n"), &body.to_string())
    })
    .await;
    (server, says)
}

/// What one sink says of a secret: every text that leaves.
async fn sinks(
    world: &World,
    connection: &Value,
    identity: &Value,
    said: &str,
) -> Vec<(&'static str, String)> {
    let text = |reply: Result<Value, scopes::problem::Problem>| match reply {
        Ok(reply) => reply.to_string(),
        Err(problem) => serde_json::to_string(&problem).unwrap(),
    };
    let values = json!({ "team": TEAM, "name": "New" });
    let call =
        json!({ "connection": connection, "identity": identity, "route": "create_set", "values": values });
    let on = |operation: &'static str, args: Value| async move { text(world.call(operation, args).await) };
    let report = world.call("test_call", call).await;
    let name = report.as_ref().map(|report| report["call"].clone()).unwrap_or_default();
    let sealed = |minimised: bool| json!({ "call": name, "minimised": minimised, "save": false });
    let one = json!({ "connection": connection });
    let of = json!({ "connection": connection, "identity": identity });
    vec![
        ("a call with its exchange, curl and diagnosis", text(report)),
        ("an archive to pass on", on("export_capsule", sealed(false)).await),
        ("a minimised archive", on("export_capsule", sealed(true)).await),
        ("a check", on("check_connection", one.clone()).await),
        ("the catalogue", on("open_catalog", one.clone()).await),
        ("the rules", on("review_access", one.clone()).await),
        ("introspection", on("introspect_identity", of.clone()).await),
        (
            "a pasted text",
            on("diagnose_text", json!({ "text": format!("HTTP/1.1 403 Forbidden\r\n\r\n{said}") })).await,
        ),
        ("the activity", on("read_activity", one).await),
        ("the connections", on("list_connections", json!({})).await),
        ("a discovery", {
            let reply = world.call("list_connections", json!({})).await.unwrap();
            let address = reply["connections"][1]["prism_url"].clone();
            on("discover_connection", json!({ "address": address })).await
        }),
    ]
}

#[tokio::test]
async fn what_a_server_says_back_does_not_leave() {
    let world = World::with(sandbox::Options::default(), None, Limits::default());
    let secret_of =
        |id: &str| world.handout().credentials.iter().find(|c| c.id == id).unwrap().secret.clone();
    let (mut looked, mut count) = (0, 0);
    for status in ["403 Forbidden", "200 OK"] {
        let (server, says) = echo(status).await;
        let args = json!({
            "name": "Echo", "environment": "staging", "prism_url": server.base, "glint_url": server.base,
            "provider_client_id": world.handout().provider.client_id,
        });
        let reply = world.call("add_connection", args).await.unwrap();
        let connection = reply["connections"][1]["id"].clone();
        for id in ["mia_full", "olivia_pat"] {
            let secret = secret_of(id);
            let added = world
                .call("add_identity", json!({ "connection": connection, "secret": secret }))
                .await
                .unwrap();
            let identity = added["identity"]["id"].clone();
            for shape in SHAPES {
                let said = if shape == SHAPES[19] {
                    format!("https://bob:{secret}@app.test/")
                } else {
                    shape.replace('@', &secret)
                };
                says.lock().unwrap().clone_from(&said);
                for (sink, text) in sinks(&world, &connection, &identity, &said).await {
                    assert!(
                        !text.contains(&secret),
                        "{sink} tells {id} said as {shape}: {}",
                        around(&text, &secret)
                    );
                    looked += 1;
                }
                count += 1;
            }
            world
                .call("remove_identity", json!({ "connection": connection, "identity": identity }))
                .await
                .unwrap();
        }
        world.call("remove_connection", json!({ "connection": connection })).await.unwrap();
    }
    println!("count: T9: {} shapes, {count} answers, {looked} texts looked at, 0 leaks", SHAPES.len());
    assert!(SHAPES.len() >= 30 && looked >= count * 8);
}

/// The place of a leak, without the leak.
fn around(text: &str, secret: &str) -> String {
    let at = text.find(secret).unwrap_or_default();
    text[..at].chars().rev().take(120).collect::<Vec<_>>().into_iter().rev().collect()
}

#[tokio::test]
async fn a_token_endpoint_that_says_its_secrets_back_is_quoted_without_them() {
    let world = World::with(sandbox::Options::default(), None, Limits::default());
    let secret = "canary-51c7e0a94d-client-secret-that-is-long";
    let (says, base): (Arc<Mutex<String>>, Arc<Mutex<String>>) = Default::default();
    let (text, at) = (says.clone(), base.clone());
    let server = RawServer::start(move |request| {
        let (text, at) = (text.lock().unwrap().clone(), at.lock().unwrap().clone());
        if request.starts_with("POST") {
            let body = json!({ "error": text, "error_description": text });
            return RawServer::json("400 Bad Request", "", &body.to_string());
        }
        let body = json!({
            "issuer": at, "authorization_endpoint": format!("{at}/a"), "token_endpoint": format!("{at}/t"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "grant_types_supported": ["client_credentials"],
        });
        RawServer::json("200 OK", "", &body.to_string())
    })
    .await;
    base.lock().unwrap().clone_from(&server.base);
    let args = json!({ "name": "Echo", "environment": "staging", "prism_url": server.base });
    let reply = world.call("add_connection", args).await.unwrap();
    let connection = reply["connections"][1]["id"].clone();
    let long = format!("{}@", "x".repeat(380));
    for shape in SHAPES.into_iter().chain([long.as_str()]) {
        says.lock().unwrap().clone_from(&shape.replace('@', secret));
        let args = json!({
            "connection": connection, "client_id": "prism_x", "client_secret": secret,
            "scopes": ["a"], "as_client": true,
        });
        let problem = world.call("sign_in", args).await.unwrap_err();
        let told = serde_json::to_string(&problem).unwrap();
        assert!(problem.code.starts_with("oauth."), "{told}");
        assert!(!told.contains(&secret[..24]), "{shape}: {}", around(&told, &secret[..24]));
    }
    println!("count: T9: {} shapes said by a token endpoint, 0 leaks", SHAPES.len() + 1);
}
