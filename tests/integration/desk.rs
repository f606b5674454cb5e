//! The door itself and the surroundings.

use engine::Envelope;
use scopes::lang::Lang;
use serde_json::json;
use std::sync::Mutex;
use tests::World;

#[tokio::test]
async fn what_cannot_be_carried_out_is_said_in_the_language_asked_for() {
    let world = World::start();
    let problem = world.call("make_coffee", json!({})).await.unwrap_err();
    assert_eq!(problem.code, "operation.unknown");
    let problem = world.call_in(Lang::Zh, "make_coffee", json!({})).await.unwrap_err();
    assert!(problem.message.contains("没有"), "{}", problem.message);
    let problem = world.call("open_catalog", json!({ "connection": 7 })).await.unwrap_err();
    assert_eq!(problem.code, "operation.bad_arguments");
    let problem = world.call("open_catalog", json!({ "connection": "nowhere" })).await.unwrap_err();
    assert_eq!(problem.code, "connection.unknown");
}

#[tokio::test]
async fn texts_are_copied_and_saved_by_the_host() {
    let world = World::start();
    world.call("copy_text", json!({ "text": "app:x:y" })).await.unwrap();
    let saved = world.call("save_text", json!({ "name": "a.json", "text": "[]" })).await.unwrap();
    assert_eq!(saved["path"], "a.json");
    let asked = world.host.asked();
    assert_eq!(asked.copied, ["app:x:y"]);
    assert_eq!(asked.saved[0].text, "[]");
}

#[tokio::test]
async fn only_pages_of_known_servers_are_opened() {
    let world = World::start();
    let page = format!("{}/apps", world.handout().prism_url);
    world.call("open_url", json!({ "url": page })).await.unwrap();
    assert_eq!(world.host.asked().opened, std::slice::from_ref(&page));
    let evil = page.replacen("http://", "http://evil@", 1);
    for url in [
        "https://example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        &evil,
        "",
    ] {
        let problem = world.call("open_url", json!({ "url": url })).await.unwrap_err();
        assert_eq!(problem.code, "desk.open_refused", "{url}");
    }
    assert_eq!(world.host.asked().opened.len(), 1);
}

#[tokio::test]
async fn a_running_import_stops_after_what_is_under_way() {
    let world = World::start();
    let rows: Vec<_> = (0..40).map(|n| json!({ "scope": format!("bulk_{n}"), "title": "Bulk" })).collect();
    let text = json!(rows).to_string();
    let planned = world.on_sandbox("plan_import", json!({ "text": text })).await.unwrap();
    let args = json!({ "connection": "sandbox", "text": text, "base": planned["base"] });
    let envelope =
        Envelope { operation: "apply_import".into(), args, lang: Lang::En, job: Some("import".into()) };
    let engine = world.engine.clone();
    let handle = tokio::runtime::Handle::current();
    let stopping = Mutex::new(None);
    // The first finished request turns the switch, from inside the progress report.
    let report = |step: serde_json::Value| {
        let mut stopping = stopping.lock().unwrap();
        if step["state"] == "reading_back" && stopping.is_none() {
            let engine = engine.clone();
            let cancel = Envelope {
                operation: "cancel_job".into(),
                args: json!({ "job": "import" }),
                lang: Lang::En,
                job: None,
            };
            *stopping = Some(handle.spawn(async move { engine.handle(cancel, &|_| {}).await.is_ok() }));
        }
    };
    let result = world.engine.handle(envelope, &report).await.unwrap();
    let count =
        |state: &str| result["rows"].as_array().unwrap().iter().filter(|row| row["state"] == state).count();
    assert_eq!(result["stopped"], true);
    assert!(count("verified") >= 1 && count("not_sent") >= 1, "{}", result["summary"]);
    assert_eq!(
        count("verified") + count("not_sent"),
        40,
        "nothing is left in between: {}",
        result["summary"]
    );
    assert_eq!(result["plan"]["counts"]["unchanged"], count("verified"), "what is said to be there is there");
}

#[tokio::test]
async fn a_slow_read_is_dropped_at_once() {
    let world = World::start();
    world.fault(json!({ "server": "prism", "path": "/api/apps", "kind": "delay", "milliseconds": 600_000, "times": null }));
    let engine = world.engine.clone();
    let args = json!({ "connection": "sandbox", "text": "" });
    let slow = Envelope { operation: "plan_import".into(), args, lang: Lang::En, job: Some("slow".into()) };
    let running = tokio::spawn(async move { engine.handle(slow, &|_| {}).await });
    let cancel = || world.call("cancel_job", json!({ "job": "slow" }));
    while !running.is_finished() {
        cancel().await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(running.await.unwrap().unwrap_err().code, "cancelled");
}
