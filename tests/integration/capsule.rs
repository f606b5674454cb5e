//! Capsules: what one person seals, another opens with the same answer; and what holds now.

use crate::calls::{MIAS_TODO, PANTRY, TEAM, call};
use serde_json::{Value, json};
use tests::World;

/// Calls that are refused at every gate, and one that is not.
fn denials() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("mia_reader", "delete_todo", json!({ "team": TEAM, "todo": MIAS_TODO })),
        ("mia_full", "create_set", json!({ "team": TEAM, "name": "S" })),
        ("nora_no_team", "list_todos", json!({ "team": TEAM, "set": PANTRY })),
        ("olivia_pat", "me", json!({})),
        ("mia_full", "list_todos", json!({ "team": TEAM, "set": "no-such-set" })),
        ("mia_full", "me", json!({})),
    ]
}

async fn sealed(world: &World, name: &Value, minimised: bool) -> Value {
    let args = json!({ "call": name, "minimised": minimised, "save": false });
    world.call("export_capsule", args).await.unwrap()
}

/// What has to be the same for whoever opens it.
fn answer(diagnosis: &Value) -> Value {
    let gates: Vec<Value> = diagnosis["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gate| json!([gate["id"], gate["state"]]))
        .collect();
    let remedies: Vec<Value> = diagnosis["remedies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| json!([step["who"], step["reauthorize"], step["fix"]]))
        .collect();
    json!([
        diagnosis["cause"],
        diagnosis["certainty"],
        diagnosis["because"],
        diagnosis["needs"],
        gates,
        remedies
    ])
}

#[tokio::test]
async fn whoever_opens_it_gets_the_same_answer_and_no_secret() {
    let world = World::start();
    // Somebody else, who knows neither connection nor token.
    let stranger = World::start();
    let secrets: Vec<String> = world.handout().credentials.iter().map(|c| c.secret.clone()).collect();
    for (identity, route, values) in denials() {
        let report = call(&world, identity, route, values).await;
        for minimised in [false, true] {
            let capsule = sealed(&world, &report["call"], minimised).await;
            let text = capsule["text"].as_str().unwrap();
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{identity} {route}");
            if minimised {
                assert!(!text.contains("Mia") && !text.contains("Pantry"), "{identity} {route}: {text}");
            }
            let opened = stranger.call("diagnose_text", json!({ "text": text })).await.unwrap();
            let subjects = opened["subjects"].as_array().unwrap();
            assert_eq!(subjects.len(), 1);
            assert_eq!(answer(&subjects[0]), answer(&report["diagnosis"]), "{identity} {route} {minimised}");
            // What was opened can be passed on again.
            let again = json!({ "text": text, "minimised": true, "save": false });
            let again = stranger.call("export_capsule", again).await.unwrap();
            let reopened = world.call("diagnose_text", json!({ "text": again["text"] })).await.unwrap();
            assert_eq!(answer(&reopened["subjects"][0]), answer(&report["diagnosis"]), "{identity} {route}");
        }
    }
}

#[tokio::test]
async fn it_is_saved_where_the_person_says() {
    let world = World::start();
    let report = call(&world, "mia_reader", "delete_todo", json!({ "team": TEAM, "todo": MIAS_TODO })).await;
    let args = json!({ "call": report["call"], "minimised": true, "save": true });
    let saved = world.call("export_capsule", args).await.unwrap();
    assert_eq!(saved["path"], "scope-not_registered.har");
    assert_eq!(saved["text"], Value::Null);
    let file = world.host.asked().saved.remove(0);
    let har: Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(har["log"]["creator"]["name"], "Spectroscope");
    assert_eq!(har["log"]["version"], "1.2");
    let mark = &har["log"]["_spectroscope"];
    assert_eq!((&mark["capsule"], &mark["call"], &mark["minimised"]), (&json!(1), &json!(0), &json!(true)));
    let gone = json!({ "call": "call-0", "minimised": true, "save": true });
    assert_eq!(world.call("export_capsule", gone).await.unwrap_err().code, "capsule.unknown_call");
}

#[tokio::test]
async fn a_call_of_an_archive_can_be_sealed() {
    let world = World::start();
    let case = include_str!("../cases/diagnosis/05-scope-never-registered.har");
    let before = world.call("diagnose_text", json!({ "text": case })).await.unwrap();
    let args =
        json!({ "text": case, "entry": before["subjects"][0]["index"], "minimised": true, "save": false });
    let capsule = world.call("export_capsule", args).await.unwrap();
    let after = world.call("diagnose_text", json!({ "text": capsule["text"] })).await.unwrap();
    assert_eq!(answer(&after["subjects"][0]), answer(&before["subjects"][0]));
}

#[tokio::test]
async fn a_call_with_replaced_ids_is_not_asked_again() {
    let world = World::start();
    let nora = json!({ "team": TEAM, "set": PANTRY });
    let refused = call(&world, "nora_no_team", "list_todos", nora).await;
    let created = call(&world, "mia_reader", "create_set", json!({ "team": TEAM, "name": "S" })).await;
    for report in [refused, created] {
        for (minimised, code) in [(true, Some("recheck.minimised")), (false, None)] {
            let text = sealed(&world, &report["call"], minimised).await["text"].clone();
            let opened = world.call("diagnose_text", json!({ "text": text })).await.unwrap();
            let exchange = &opened["subjects"][0]["exchange"];
            world.forget_requests();
            let args = json!({
                "identity": "mia_full", "method": exchange["method"], "url": exchange["url"],
                "body": exchange["request_body"],
            });
            let now = world.on_sandbox("recheck_call", args).await;
            assert_eq!(now.as_ref().err().map(|problem| problem.code.as_str()), code, "{}", exchange["url"]);
            assert_eq!(world.requests().is_empty(), minimised);
        }
    }
    // A call that names nothing by its ID can be asked again from any capsule.
    let me = call(&world, "olivia_pat", "me", json!({})).await;
    let text = sealed(&world, &me["call"], true).await["text"].clone();
    let opened = world.call("diagnose_text", json!({ "text": text })).await.unwrap();
    let url = &opened["subjects"][0]["exchange"]["url"];
    let args = json!({ "identity": "mia_full", "method": "GET", "url": url });
    assert_eq!(world.on_sandbox("recheck_call", args).await.unwrap()["report"]["diagnosis"]["status"], 200);
}

#[tokio::test]
async fn a_read_is_asked_again_and_a_write_is_only_foretold() {
    let world = World::start();
    let report = call(&world, "nora_no_team", "list_todos", json!({ "team": TEAM, "set": PANTRY })).await;
    world.forget_requests();
    // The record names another server; the call goes to the connection's own.
    let path = report["exchange"]["url"].as_str().unwrap().splitn(4, '/').nth(3).unwrap();
    let args =
        json!({ "identity": "mia_full", "method": "GET", "url": format!("https://elsewhere.test/{path}") });
    let now = world.on_sandbox("recheck_call", args).await.unwrap();
    assert_eq!(now["report"]["diagnosis"]["status"], 200);
    assert_eq!(now["route"], "list_todos");
    let writes = json!({
        "identity": "mia_full", "method": "PATCH", "body": "{\"sortOrder\":\"2\",\"title\":\"X\"}",
        "url": format!("https://elsewhere.test/api/cross-app/teams/{TEAM}/todos/{MIAS_TODO}"),
    });
    let now = world.on_sandbox("recheck_call", writes).await.unwrap();
    assert_eq!(now["report"], Value::Null);
    assert_eq!(now["problem"]["code"], "recheck.not_sent");
    let fields: Vec<&Value> = now["foretold"].as_array().unwrap().iter().map(|row| &row["field"]).collect();
    assert_eq!(fields, ["title", "sortOrder"]);
    assert!(
        world.requests().iter().all(|(method, path, _)| method == "GET" || path == "/api/oauth/introspect")
    );
    let nowhere = json!({ "identity": "mia_full", "method": "GET", "url": "https://elsewhere.test/x" });
    assert_eq!(world.on_sandbox("recheck_call", nowhere).await.unwrap_err().code, "recheck.no_route");
}
