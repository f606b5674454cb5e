//! Texts of many calls: rows at once, one whole explanation when it is asked for.

use engine::Envelope;
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::sync::Mutex;
use tests::World;

fn case(file: &str) -> Vec<Value> {
    let path = tests::places::data("cases/diagnosis").join(file);
    let archive: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    archive["log"]["entries"].as_array().unwrap().clone()
}

fn lines(entries: &[Value]) -> String {
    entries.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_row_says_what_the_whole_explanation_says() {
    let world = World::start();
    let expected = std::fs::read_to_string(tests::places::data("cases/diagnosis/expected.json")).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    let mut entries = Vec::new();
    for one in expected.iter().filter_map(|one| one["file"].as_str()).filter(|file| file.ends_with(".har")) {
        entries.extend(case(one));
    }
    let text = lines(&entries);
    let opened = world.call("open_text", json!({ "text": text })).await.unwrap();
    let whole = world.call("diagnose_text", json!({ "text": text })).await.unwrap();
    let (rows, subjects) = (opened["rows"].as_array().unwrap(), whole["subjects"].as_array().unwrap());
    assert_eq!(rows.len(), subjects.len());
    assert!(rows.len() > 20, "{}", rows.len());
    assert_eq!(opened["first"], subjects[0]);
    for (row, subject) in rows.iter().zip(subjects) {
        for same in ["index", "status", "cause", "certainty", "route"] {
            assert_eq!(row[same], subject[same], "{same} of {row}");
        }
        for who in ["consumer", "person"] {
            assert_eq!(row[who], subject[who]["id"], "{who} of {row}");
        }
        assert_eq!(
            (&row["method"], &row["url"]),
            (&subject["exchange"]["method"], &subject["exchange"]["url"])
        );
        assert!(opened["titles"]["cause"][row["cause"].as_str().unwrap()].is_string());
    }
    let last = subjects.last().unwrap();
    let args = json!({ "text": opened["text"], "entry": last["index"] });
    assert_eq!(&world.call("explain_entry", args.clone()).await.unwrap(), last);
    world.call("close_text", json!({ "text": opened["text"] })).await.unwrap();
    let gone = world.call("explain_entry", args).await.unwrap_err();
    assert_eq!(gone.code, "text.closed");
}

#[tokio::test]
async fn a_long_text_tells_how_far_it_is() {
    let world = World::start();
    let call = case("05-scope-never-registered.har").remove(2);
    let text = lines(&vec![call; 600]);
    let steps = Mutex::new(Vec::new());
    let envelope =
        Envelope { operation: "open_text".into(), args: json!({ "text": text }), lang: Lang::Zh, job: None };
    let keep = |step: Value| steps.lock().unwrap().push((step["done"].clone(), step["total"].clone()));
    let opened = world.engine.handle(envelope, &keep).await.unwrap();
    assert_eq!(opened["rows"].as_array().unwrap().len(), 600);
    let total = json!(600);
    let told = [0, 250, 500].map(|done| (json!(done), total.clone()));
    assert_eq!(*steps.lock().unwrap(), told);
    assert!(world.requests().is_empty(), "nothing is sent");
}
