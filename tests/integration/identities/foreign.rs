//! A token of another client: warned of, not used by itself, continued with or discarded.

use super::{BOARD, Console, codes};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_of_another_client_waits_for_an_answer() {
    let console = Console::open("foreign").await;
    let add = |used_for: Value| {
        let args = json!({ "secret": console.secret("mia_bot"), "used_for": used_for });
        console.call("add_identity", args)
    };
    let own = add(Value::Null).await.unwrap();
    assert_eq!(own["identity"]["foreign"], false);
    let discard = json!({ "identity": own["identity"]["id"] });
    console.call("remove_identity", discard).await.unwrap();

    let foreign = add(json!(BOARD)).await.unwrap();
    assert_eq!(foreign["identity"]["foreign"], true);
    assert_eq!(codes(&foreign["problems"]), ["token.foreign_client"]);
    let hint = foreign["problems"][0]["hints"][0].as_str().unwrap();
    assert!(hint.starts_with("Discard it") && hint.contains("continue"), "{hint}");
    let id = foreign["identity"]["id"].as_str().unwrap();

    // Nothing takes it by itself: the list of teams finds nobody else to ask.
    let teams = json!({ "identity": "", "pick": "team", "route": "list_sets" });
    let nobody = console.call("list_choices", teams.clone()).await.unwrap();
    assert_eq!((&nobody["choices"], &nobody["seen_by"]), (&json!([]), &Value::Null));
    // Used on purpose, it works, and the answer says whose token it was.
    let call = json!({ "identity": id, "route": "me", "values": {} });
    let report = console.call("test_call", call.clone()).await.unwrap();
    assert_eq!(report["exchange"]["status"], 200);
    assert_eq!(codes(&report["problems"]), ["token.foreign_client"]);
    let listed = console.world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(listed["connections"][1]["choices"]["call_glint"], Value::Null);

    let accepted = console.call("accept_identity", json!({ "identity": id })).await.unwrap();
    assert_eq!(super::found(&accepted, id)["foreign"], false);
    assert_eq!(accepted["connections"][1]["choices"]["call_glint"], json!(id));
    assert_eq!(console.call("test_call", call).await.unwrap()["problems"], json!([]));
    let found = console.call("list_choices", teams).await.unwrap();
    assert!(!found["choices"].as_array().unwrap().is_empty(), "{found}");
    let after = super::ask(&console.restarted(), "list_connections", json!({})).await.unwrap();
    assert_eq!(super::found(&after, id)["foreign"], false, "the answer is kept");
}
