//! The same read under several identities.

use crate::calls::{MIAS_TODO, PANTRY, TEAM};
use serde_json::{Value, json};
use tests::World;

async fn compare(world: &World, route: &str, values: Value, identities: Value) -> Value {
    let args = json!({ "route": route, "values": values, "identities": identities });
    world.on_sandbox("compare_calls", args).await.unwrap()
}

#[tokio::test]
async fn each_identity_gets_the_answer_of_its_own_call() {
    let world = World::start();
    let identities = ["mia_full", "mia_reader", "nora_no_team", "olivia_pat", "nobody"];
    let values = json!({ "team": TEAM, "set": PANTRY });
    let found = compare(&world, "list_todos", values.clone(), json!(identities)).await;
    let calls = found["calls"].as_array().unwrap();
    assert_eq!(calls.len(), identities.len());
    for (call, identity) in calls.iter().zip(identities) {
        assert_eq!(call["identity"], identity);
        if identity == "nobody" {
            assert_eq!(call["problem"]["code"], "identity.unknown");
            continue;
        }
        let args = json!({ "identity": identity, "route": "list_todos", "values": values });
        let alone = world.on_sandbox("test_call", args).await.unwrap();
        for member in ["status", "cause", "certainty", "remedies", "gates"] {
            assert_eq!(call["diagnosis"][member], alone["diagnosis"][member], "{identity} {member}");
        }
        assert!(call["call"].is_string());
    }
    let gates: Vec<&Value> = calls.iter().map(|call| &call["gate"]).collect();
    assert_eq!(gates[0], &Value::Null);
    assert_eq!(gates[2], "membership", "{}", calls[2]);
}

#[tokio::test]
async fn what_writes_or_never_ends_is_refused_and_not_sent() {
    let world = World::start();
    world.forget_requests();
    for (route, code) in [("delete_todo", "compare.writes"), ("live_stream", "compare.stream")] {
        let values = json!({ "team": TEAM, "set": PANTRY, "todo": MIAS_TODO });
        let args = json!({ "route": route, "values": values, "identities": ["mia_full"] });
        assert_eq!(world.on_sandbox("compare_calls", args).await.unwrap_err().code, code);
    }
    let args = json!({ "route": "me", "values": {}, "identities": [] });
    assert_eq!(world.on_sandbox("compare_calls", args).await.unwrap_err().code, "compare.identities");
    assert!(world.requests().is_empty());
}
