//! Calls made elsewhere: pasted answers, `curl` output, archives and lines of them.

use serde_json::{Value, json};
use tests::World;

const MISSING: &str = r#"{"error":"Missing required scope. Token must include one of: delete_todos (or the bundle scope \"workbench\")"}"#;
const URL: &str = "https://glint.example.test/api/cross-app/teams/t1/todos/x1";
const G: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";

async fn explain(text: &str, more: Value) -> Value {
    let world = World::start();
    let mut args = json!({ "text": text });
    args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let explained = world.call("diagnose_text", args).await.unwrap();
    assert!(world.requests().is_empty(), "nothing is sent");
    explained
}

fn entry(method: &str, url: &str, token: &str, body: &str, status: u16, answer: &str, at: u32) -> Value {
    json!({
        "startedDateTime": format!("2026-11-22T05:17:{at:02}.000Z"), "time": 12,
        "request": { "method": method, "url": url, "headers": [{ "name": "Authorization", "value": token }],
            "postData": { "mimeType": "application/x-www-form-urlencoded", "text": body } },
        "response": { "status": status, "headers": [{ "name": "content-type", "value": "application/json" }],
            "content": { "text": answer } },
    })
}

/// A denied call and the introspection that explains it.
fn entries() -> Vec<Value> {
    let token = "qq-JUPk0YkeLNACVBVNFlorh_wZ5ezlG_Rdih2YAyuzOw1hZkV32VfiuLjqAeTQ6";
    let seen = json!({ "active": true, "scope": format!("openid teams:read app:{G}:read_todos"),
        "client_id": "prism_4Kg-r67d_NcD72Kg9XU1Fg", "sub": "u", "username": "u", "exp": 1_895_324_648, "iat": 1_795_320_000 });
    let preview = json!({ "app": { "id": "a", "name": "App B" }, "scopes": [], "app_scopes": [],
        "rejected_scopes": [{ "scope": format!("app:{G}:delete_todos"), "reason": "not_allowed" }] });
    let preview_url = format!(
        "https://prism.example.test/api/oauth/app-info?response_type=code&client_id=prism_4Kg-r67d_NcD72Kg9XU1Fg&redirect_uri=x&scope=app%3A{G}%3Adelete_todos"
    );
    vec![
        entry("DELETE", URL, &format!("Bearer {token}"), "", 403, MISSING, 1),
        entry(
            "POST",
            "https://prism.example.test/api/oauth/introspect",
            "",
            &format!("token={token}"),
            200,
            &seen.to_string(),
            2,
        ),
        entry("GET", &preview_url, "", "", 200, &preview.to_string(), 3),
    ]
}

#[tokio::test]
async fn an_answer_alone_is_never_proof_of_more_than_its_gate() {
    let explained = explain(MISSING, json!({ "method": "DELETE", "url": URL, "status": 403 })).await;
    let subject = &explained["subjects"][0];
    assert_eq!(subject["cause"], "scope.undetermined");
    assert_eq!(subject["certainty"], "possible");
    assert_eq!(subject["needs"]["scopes"], json!(["delete_todos"]));
}

#[tokio::test]
async fn a_curl_command_with_its_output_says_more() {
    let text = format!(
        "$ curl -i -X DELETE '{URL}' \\\n  -H 'Authorization: bearer abc'\nHTTP/2 401\ncontent-type: application/json\n\n{{\"error\":\"Unauthorized\"}}\n"
    );
    let explained = explain(&text, json!({})).await;
    assert_eq!(explained["subjects"][0]["cause"], "header.malformed");
    assert!(!explained.to_string().contains("bearer abc"), "the token does not come back");
}

#[tokio::test]
async fn an_archive_is_explained_with_the_evidence_it_holds() {
    let archive = json!({ "log": { "version": "1.2", "entries": entries() } }).to_string();
    let explained = explain(&archive, json!({})).await;
    assert_eq!(explained["subjects"].as_array().unwrap().len(), 1, "the evidence is no subject");
    assert_eq!(explained["subjects"][0]["index"], 0);
    assert_eq!(explained["subjects"][0]["cause"], "scope.not_registered");
    let lines: Vec<String> = entries().iter().map(Value::to_string).collect();
    let streamed = explain(&lines.join("\n"), json!({})).await;
    assert_eq!(streamed["subjects"][0]["cause"], "scope.not_registered");
    let chosen = explain(&archive, json!({ "entry": 1 })).await;
    assert_eq!(chosen["subjects"][0]["index"], 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_a_place() {
    let world = World::start();
    let archive = json!({ "log": { "entries": entries() } }).to_string();
    for (text, more, code) in [
        ("  \n", json!({}), "read.empty"),
        (&archive[..200], json!({}), "pasted.json"),
        ("{\"log\": {\"entries\": []}}", json!({}), "pasted.no_entries"),
        ("curl -i", json!({}), "pasted.curl"),
        ("x", json!({ "format": "xml" }), "read.format"),
        (&archive, json!({ "entry": 9 }), "read.no_such_entry"),
    ] {
        let mut args = json!({ "text": text });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let problem = world.call("diagnose_text", args).await.unwrap_err();
        assert_eq!(problem.code, code);
        assert!(!problem.hints.is_empty(), "{code}");
    }
}
