//! A token that ends in the middle of an import.

use super::Console;
use engine::Envelope;
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::sync::Mutex;

const ROWS: usize = 40;

/// A personal access token that olivia makes at Prism, good for a day.
async fn pat_of_a_day(console: &Console) -> String {
    let prism = &console.world.handout().prism_url;
    let body =
        json!({ "name": "day", "scopes": ["apps:read", "apps:write", "profile"], "expires_in_days": 1 });
    let request = reqwest::Client::new().post(format!("{prism}/api/user/tokens"));
    let answer =
        request.bearer_auth(console.secret("olivia_session")).body(body.to_string()).send().await.unwrap();
    let value: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    value["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_import_whose_token_ends_midway_goes_on_with_another_and_loses_nothing() {
    let console = Console::open("midway").await;
    let pat = pat_of_a_day(&console).await;
    console.call("add_identity", json!({ "secret": pat })).await.unwrap();
    let rows: Vec<Value> = (0..ROWS)
        .map(|n| json!({ "scope": format!("midway_{n:02}"), "title": format!("Row {n}"), "description": "" }))
        .collect();
    let text = json!(rows).to_string();
    let plan = console.call("plan_import", json!({ "text": text })).await.unwrap();
    assert_eq!(plan["counts"]["create"], ROWS);
    // After the tenth row was answered a day goes by.
    let answered = Mutex::new(0);
    let clock = console.world.sandbox.clock().clone();
    let report = |step: Value| {
        if step["state"] == "reading_back" {
            let mut answered = answered.lock().unwrap();
            *answered += 1;
            if *answered == 10 {
                clock.advance(86_401);
            }
        }
    };
    let args = json!({ "connection": console.connection, "text": text, "base": plan["base"] });
    let envelope = Envelope { operation: "apply_import".into(), args, lang: Lang::En, job: None };
    let result = console.world.engine.handle(envelope, &report).await.unwrap();
    let count = |name: &str| usize::try_from(result[name].as_u64().unwrap()).unwrap();
    let (verified, refused, not_sent) = (count("verified"), count("refused"), count("not_sent"));
    // Rows that were stored before cannot be read back with a token that has ended.
    assert_eq!(verified + refused + not_sent + count("unclear"), ROWS, "every row has an end");
    assert!(refused + not_sent > 0, "the token did end midway");

    let other = console.add("olivia_pat").await;
    console.call("use_admin_identity", json!({ "identity": other })).await.unwrap();
    let rest = console.call("plan_import", json!({ "text": text })).await.unwrap();
    let (made, left) = (rest["counts"]["unchanged"].as_u64(), rest["counts"]["create"].as_u64());
    assert_eq!(made.unwrap() + left.unwrap(), u64::try_from(ROWS).unwrap());
    assert!(made.unwrap() >= 10 && left.unwrap() > 0, "it ended midway: {rest}");
    let args = json!({ "text": text, "base": rest["base"] });
    let done = console.call("apply_import", args).await.unwrap();
    assert_eq!(done["verified"], left.unwrap());
    assert_eq!(done["plan"]["counts"]["unchanged"], ROWS);
    println!(
        "count: {ROWS} rows: {} there before the token ended, {} after; 0 lost, 0 twice",
        made.unwrap(),
        left.unwrap()
    );
}
