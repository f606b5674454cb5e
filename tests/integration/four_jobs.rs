//! The four jobs one after the other, as the people they are for would do them.

use serde_json::{Value, json};
use tests::World;

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const NIGHT_MAILER: &str = "prism_N1ghtMailerSandbox0000";

async fn done(world: &World, operation: &str, args: Value) -> Value {
    match world.on_sandbox(operation, args).await {
        Ok(reply) => reply,
        Err(problem) => panic!("{operation}: {}", problem.message),
    }
}

#[tokio::test]
async fn from_definitions_to_an_explained_denial() {
    let world = World::start();

    // The provider's owner brings the definitions up to what the newer Glint knows.
    let text = json!([{ "scope": "assign_todos", "title": "Assign todos", "description": "Assign people to todos." }]);
    let text = text.to_string();
    let plan = done(&world, "plan_import", json!({ "text": text, "delete": ["claim_todos"] })).await;
    let args = json!({ "text": text, "delete": ["claim_todos"], "base": plan["base"] });
    assert_eq!(done(&world, "apply_import", args).await["verified"], 2);

    // A consumer's developer builds the list; what was just defined has its title.
    let catalog = done(&world, "open_catalog", json!({})).await;
    let assign = catalog["scopes"].as_array().unwrap().iter().find(|s| s["key"] == "assign_todos").unwrap();
    assert_eq!((&assign["title"], &assign["defined"]), (&json!("Assign todos"), &json!(true)));
    let ticked = json!({ "client_id": catalog["provider_client_id"], "platform": ["openid", "teams:read"],
        "inner": ["read_todos", "assign_todos"] });
    let built = done(&world, "build_scopes", ticked).await;
    assert_eq!(built["count"], 4);

    // Support asks why a call is refused, the owner takes the rule away, and the next answer is another one.
    let call = json!({ "identity": "mia_denied_by_rule", "route": "list_sets", "values": { "team": TEAM } });
    let before = done(&world, "test_call", call.clone()).await;
    assert_eq!(before["diagnosis"]["cause"], "scope.denied_by_rule");
    assert_eq!(before["diagnosis"]["remedies"][0]["fix"]["kind"], "open_rules");
    let review = done(&world, "review_access", json!({})).await;
    let rules = review["rules"].as_array().unwrap();
    let rule = rules.iter().find(|view| view["rule"]["target_id"] == NIGHT_MAILER).unwrap();
    let args = json!({ "remove": [rule["rule"]["id"]], "base": review["base"] });
    assert_eq!(done(&world, "apply_rules", args).await["rows"][0]["state"], "verified");
    let after = done(&world, "test_call", call).await;
    assert_eq!(after["diagnosis"]["cause"], "scope.token_predates");
    assert_eq!(after["diagnosis"]["reauthorize"], true, "a refresh widens nothing");

    // Everything that was changed is in the activity, complete.
    let activity = done(&world, "read_activity", json!({})).await;
    let entries = activity["entries"].as_array().unwrap();
    let done: Vec<&str> = entries.iter().map(|entry| entry["operation"].as_str().unwrap()).collect();
    assert_eq!(done, ["apply_rules", "apply_import"]);
    assert!(entries.iter().all(|entry| entry["complete"] == true));
}
