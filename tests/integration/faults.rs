//! Writes on a bad day: lost answers, refusals, garbage. What is said in the end is what the server holds.

use scopes::plan::RowState;
use serde_json::{Value, json};
use tests::World;

const DEFINITIONS: &str = "/api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
const RULES: &str = "/api/apps/052877d243367e69e10b707373ddb44b/scope-access-rules";
const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";

async fn import_one(world: &World) -> Value {
    let text = json!([{ "scope": "fresh", "title": "Fresh" }]).to_string();
    let planned = world.on_sandbox("plan_import", json!({ "text": text })).await.unwrap();
    world.forget_requests();
    world.on_sandbox("apply_import", json!({ "text": text, "base": planned["base"] })).await.unwrap()
}

fn state(result: &Value) -> RowState {
    serde_json::from_value(result["rows"][0]["state"].clone()).unwrap()
}

fn posts(world: &World) -> usize {
    world.requests().iter().filter(|(method, ..)| method == "POST").count()
}

async fn is_stored(world: &World) -> bool {
    let listed = world.on_sandbox("plan_import", json!({ "text": "" })).await.unwrap();
    listed["rows"].as_array().unwrap().iter().any(|row| row["scope"] == "fresh")
}

#[tokio::test]
async fn a_definition_survives_passing_trouble() {
    for fault in [
        json!({ "kind": "reset_before_commit" }),
        json!({ "kind": "reset_after_commit" }),
        json!({ "kind": "status", "status": 503 }),
        json!({ "kind": "rate_limited", "retry_after_seconds": 0 }),
        json!({ "kind": "html" }),
        json!({ "kind": "truncated", "bytes": 5 }),
    ] {
        let world = World::start();
        let mut description = json!({ "server": "prism", "method": "POST", "path": DEFINITIONS });
        description.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        world.fault(description);
        let result = import_one(&world).await;
        let stored = is_stored(&world).await;
        assert_eq!(state(&result) == RowState::Verified, stored, "{fault}: {}", result["rows"][0]);
        if fault["kind"] != "html" {
            assert!(stored, "{fault}: {}", result["rows"][0]);
        }
    }
}

#[tokio::test]
async fn a_read_survives_passing_trouble() {
    for kind in [
        json!({ "kind": "reset_before_commit", "times": 2 }),
        json!({ "kind": "status", "status": 503, "times": 2 }),
        json!({ "kind": "rate_limited", "retry_after_seconds": 0 }),
    ] {
        let world = World::start();
        let mut fault = json!({ "server": "prism", "method": "GET", "path": DEFINITIONS });
        fault.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        world.fault(fault);
        let planned = world.on_sandbox("plan_import", json!({ "text": "" })).await.unwrap();
        assert_eq!(planned["counts"]["only_at_prism"], 13, "{kind}");
    }
}

#[tokio::test]
async fn a_definite_refusal_is_not_repeated() {
    let world = World::start();
    world.fault(json!({
        "server": "prism", "method": "POST", "path": DEFINITIONS, "kind": "status", "status": 403,
        "error": "insufficient_scope", "times": null,
    }));
    let result = import_one(&world).await;
    assert_eq!(state(&result), RowState::Refused);
    assert_eq!(result["rows"][0]["problem"]["code"], "credential.insufficient_scope");
    assert_eq!(posts(&world), 1);
    assert_eq!(result["summary"], "Of 1 changes: 1 refused.");
}

#[tokio::test]
async fn a_redirect_of_a_write_is_refused_in_its_own_words_and_not_followed() {
    for status in [301, 302, 307, 308] {
        let world = World::start();
        world.fault(json!({
            "server": "prism", "method": "POST", "path": DEFINITIONS, "kind": "status", "status": status, "times": null,
        }));
        let result = import_one(&world).await;
        assert_eq!(state(&result), RowState::Refused, "{result}");
        let problem = &result["rows"][0]["problem"];
        assert_eq!(problem["code"], "reach.redirected", "{status}: {problem}");
        assert!(problem["message"].as_str().unwrap().contains("which was not followed"), "{problem}");
        assert!(problem["hints"][0].as_str().unwrap().contains("without a redirect"), "{problem}");
        assert_eq!(posts(&world), 1, "{status}");
    }
}

#[tokio::test]
async fn a_write_that_cannot_be_read_back_is_unknown_never_claimed() {
    let world = World::start();
    world.fault(json!({
        "server": "prism", "method": "GET", "path": DEFINITIONS, "kind": "html", "skip": 2, "times": null,
    }));
    let result = import_one(&world).await;
    assert_eq!(state(&result), RowState::Unknown);
    assert_eq!(result["rows"][0]["problem"]["code"], "definition.not_read_back");
    assert_eq!(result["verified"], 0);
}

async fn add_rule(world: &World) -> Value {
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    world.forget_requests();
    let args = json!({ "add": [{ "rule_type": "app_deny", "target_id": BOT }], "base": review["base"] });
    world.on_sandbox("apply_rules", args).await.unwrap()
}

#[tokio::test]
async fn a_rule_whose_answer_got_lost_is_looked_for_before_it_is_sent_again() {
    for (kind, sent) in [("reset_after_commit", 1), ("reset_before_commit", 2)] {
        let world = World::start();
        world.fault(json!({ "server": "prism", "method": "POST", "path": RULES, "kind": kind }));
        let result = add_rule(&world).await;
        assert_eq!(state(&result), RowState::Verified, "{kind}: {result}");
        assert_eq!(posts(&world), sent, "{kind}");
        let rules = result["review"]["rules"].as_array().unwrap();
        assert_eq!(rules.iter().filter(|r| r["rule"]["target_id"] == BOT).count(), 1, "{kind}: exactly once");
    }
}

#[tokio::test]
async fn a_conflict_after_an_own_lost_answer_is_a_success() {
    let world = World::start();
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    world.forget_requests();
    world.fault(json!({ "server": "prism", "method": "POST", "path": RULES, "kind": "reset_after_commit" }));
    // The look in between fails as well, so the rule is sent again and Prism says that it exists.
    world.fault(json!({ "server": "prism", "method": "GET", "path": RULES, "kind": "html", "skip": 1 }));
    let args = json!({ "add": [{ "rule_type": "app_deny", "target_id": BOT }], "base": review["base"] });
    let result = world.on_sandbox("apply_rules", args).await.unwrap();
    assert_eq!(state(&result), RowState::Verified);
    let posted: Vec<u64> =
        world.requests().iter().filter(|(method, ..)| method == "POST").map(|(.., status)| *status).collect();
    assert_eq!(posted, [0, 409], "the first was carried out and its answer lost");
    let rules = result["review"]["rules"].as_array().unwrap();
    assert_eq!(rules.iter().filter(|r| r["rule"]["target_id"] == BOT).count(), 1);
}
