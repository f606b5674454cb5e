//! Job 3: rules reviewed, saved and verified.

use serde_json::{Value, json};
use tests::World;

const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";

fn effect<'a>(effects: &'a Value, name: &str) -> &'a Value {
    effects.as_array().unwrap().iter().find(|effect| effect["name"] == name).unwrap()
}

fn rule_id(review: &Value, rule_type: &str) -> Value {
    let rules = review["rules"].as_array().unwrap();
    rules.iter().find(|r| r["rule"]["rule_type"] == rule_type).unwrap()["rule"]["id"].clone()
}

#[tokio::test]
async fn everybody_known_is_judged_by_the_rules_there_are() {
    let world = World::start();
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    assert_eq!(effect(&review["consumers"], "Night Mailer")["before"]["allowed"], false);
    assert_eq!(effect(&review["consumers"], "Standup Bot")["before"]["allowed"], true);
    assert_eq!(effect(&review["people"], "nora")["before"]["decided_by"], "deny_rule");
    assert_eq!(effect(&review["people"], "olivia")["is_self"], true);
    let bob = effect(&review["people"], "bob");
    assert!(bob["note"].as_str().unwrap().contains("Standup Bot"), "{bob}");
    assert!(!review["limits"].as_array().unwrap().is_empty());
    assert!(world.requests().iter().all(|(method, ..)| method == "GET"));
}

#[tokio::test]
async fn a_staged_change_is_saved_in_the_least_requests_and_verified() {
    let world = World::start();
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    let add = json!([{ "rule_type": "app_allow", "target_id": BOT }]);
    let remove = json!([rule_id(&review, "app_deny")]);
    let staged = json!({ "add": add, "remove": remove });
    let staged = world.on_sandbox("review_access", staged).await.unwrap();
    assert_eq!(effect(&staged["consumers"], "Tea Board")["changed"], true);
    assert_eq!(staged["app_mode_after"], "allow_list");
    world.forget_requests();
    let args = json!({ "connection": "sandbox", "add": add, "remove": remove, "base": staged["base"] });
    let (result, steps) = world.call_with_progress("apply_rules", args).await.unwrap();
    let states: Vec<_> =
        result["rows"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["verified", "verified"]);
    assert_eq!(result["review"]["app_mode"], "allow_list");
    assert_eq!(effect(&result["review"]["consumers"], "Night Mailer")["before"]["decided_by"], "not_listed");
    let writes: Vec<_> = world.requests().into_iter().filter(|(method, ..)| method != "GET").collect();
    assert_eq!(writes.iter().map(|(method, ..)| method.as_str()).collect::<Vec<_>>(), ["POST", "DELETE"]);
    assert!(steps.iter().any(|step| step["state"] == "sending"));
    let activity = world.call("read_activity", json!({})).await.unwrap();
    assert_eq!(activity["entries"][0]["operation"], "apply_rules");
    assert_eq!(activity["entries"][0]["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_review_that_is_out_of_date_saves_nothing() {
    let world = World::start();
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    let args = json!({ "add": [{ "rule_type": "app_deny", "target_id": BOT }], "base": review["base"] });
    world.on_sandbox("apply_rules", args.clone()).await.unwrap();
    world.forget_requests();
    let problem = world.on_sandbox("apply_rules", args).await.unwrap_err();
    assert_eq!(problem.code, "stale_plan");
    assert!(world.requests().iter().all(|(method, ..)| method == "GET"));
}

#[tokio::test]
async fn a_target_of_the_wrong_kind_is_refused_before_it_is_sent() {
    let world = World::start();
    let add = json!([{ "rule_type": "owner_deny", "target_id": BOT }]);
    let review = world.on_sandbox("review_access", json!({ "add": add })).await.unwrap();
    assert!(review["blocked"].is_object(), "{}", review["blocked"]);
    world.forget_requests();
    let args = json!({ "add": add, "base": review["base"] });
    let problem = world.on_sandbox("apply_rules", args).await.unwrap_err();
    assert_eq!(problem.code, review["blocked"]["code"].as_str().unwrap());
    assert!(world.requests().iter().all(|(method, ..)| method == "GET"));
}

#[tokio::test]
async fn rules_cannot_be_read_without_the_right_kind_of_identity() {
    let world = World::start();
    let handout = world.handout().clone();
    let args = json!({
        "name": "Bare", "environment": "staging", "prism_url": handout.prism_url,
        "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
    });
    let added = world.call("add_connection", args).await.unwrap();
    let id = added["connections"][1]["id"].clone();
    let problem = world.call("review_access", json!({ "connection": id })).await.unwrap_err();
    assert_eq!(problem.code, "identity.none_for_rules");
    assert_eq!(
        (problem.no_identity, problem.other_identity),
        (true, Some(scopes::problem::IdentityWay::Pat))
    );
    let client = handout.credentials.iter().find(|c| c.id == "glint_client").unwrap();
    let secret = format!("{}:{}", handout.provider.client_id, client.secret);
    world.call("add_identity", json!({ "connection": id, "secret": secret })).await.unwrap();
    let problem = world.call("review_access", json!({ "connection": id })).await.unwrap_err();
    assert_eq!(problem.code, "identity.none_for_rules", "client credentials reach definitions only");
    let listed = world.call("plan_import", json!({ "connection": id, "text": "" })).await.unwrap();
    assert_eq!(listed["counts"]["only_at_prism"], 13);
}
