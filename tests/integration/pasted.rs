//! Calls made elsewhere: pasted answers, `curl` output, archives and lines of them.

use serde_json::{Value, json};
use tests::World;

const MISSING: &str = r#"{"error":"Missing required scope. Token must include one of: delete_todos (or the bundle scope \"workbench\")"}"#;
const URL: &str = "https://glint.example.test/api/cross-app/teams/t1/todos/x1";
async fn explain(text: &str, more: Value) -> Value {
    let world = World::start();
    let mut args = json!({ "text": text });
    args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let explained = world.call("diagnose_text", args).await.unwrap();
    assert!(world.requests().is_empty(), "nothing is sent");
    explained
}

fn case(file: &str) -> String {
    let path = tests::places::data("cases/diagnosis").join(file);
    std::fs::read_to_string(path).unwrap()
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
    let archive = case("05-scope-never-registered.har");
    let explained = explain(&archive, json!({})).await;
    let subjects = explained["subjects"].as_array().unwrap();
    let subject = subjects.iter().find(|subject| subject["index"] == 2).unwrap();
    assert_eq!(
        (&subject["cause"], &subject["certainty"]),
        (&json!("scope.not_registered"), &json!("proven"))
    );
    let entries: Value = serde_json::from_str(&archive).unwrap();
    let entries = entries["log"]["entries"].as_array().unwrap();
    assert!(subjects.len() < entries.len(), "the evidence is no subject");
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    let streamed = explain(&lines.join("\n"), json!({ "entry": 2 })).await;
    assert_eq!(streamed["subjects"][0]["cause"], "scope.not_registered");
}

#[tokio::test]
async fn every_recorded_case_gets_its_answer_through_the_door() {
    let expected: Vec<Value> = serde_json::from_str(&case("expected.json")).unwrap();
    assert!(expected.len() >= 25);
    let strength =
        |word: &Value| ["possible", "likely", "proven"].iter().position(|known| word == known).unwrap();
    for case_of in expected {
        let file = case_of["file"].as_str().unwrap();
        let explained = explain(&case(file), json!({ "entry": case_of["subject"] })).await;
        let subject = &explained["subjects"][0];
        let right = match &case_of["cause"] {
            Value::Array(any) => any.contains(&subject["cause"]),
            one => *one == subject["cause"],
        };
        assert!(right, "{file}: {}", subject["cause"]);
        let found = &subject["certainty"];
        match case_of.get("certainty") {
            Some(exact) => assert_eq!(found, exact, "{file}"),
            None => assert!(strength(found) <= strength(&case_of["certainty_max"]), "{file}"),
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_a_place() {
    let world = World::start();
    let archive = case("05-scope-never-registered.har");
    for (text, more, code) in [
        ("  \n", json!({}), "read.empty"),
        (&archive[..200], json!({}), "read.truncated"),
        ("x", json!({ "format": "xml" }), "read.format"),
        (&archive, json!({ "entry": 900 }), "read.no_such_entry"),
    ] {
        let mut args = json!({ "text": text });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let problem = world.call("diagnose_text", args).await.unwrap_err();
        assert_eq!(problem.code, code);
    }
}
