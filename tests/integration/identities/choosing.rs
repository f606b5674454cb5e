//! Every panel takes the identity that fits, says which, and says what is missing where none does.

use super::Console;
use serde_json::json;

#[tokio::test]
async fn panels_take_the_identity_that_fits_and_say_which() {
    let console = Console::open("choosing").await;
    let empty = json!({ "text": "[]" });
    let definition = json!({ "definition": { "scope": "z_new", "title": "New", "description": "" } });
    let code = |result: Result<serde_json::Value, scopes::problem::Problem>| result.unwrap_err().code;
    assert_eq!(code(console.call("plan_import", empty.clone()).await), "identity.none_for_definitions");
    assert_eq!(code(console.call("review_access", json!({})).await), "identity.none_for_rules");
    console.add("mia_reader").await;
    assert_eq!(code(console.call("plan_import", empty.clone()).await), "identity.none_for_definitions");
    console.add("glint_client").await;
    let plan = console.call("plan_import", empty.clone()).await.unwrap();
    assert_eq!(plan["acts_as"], "Glint, client credentials");
    assert_eq!(code(console.call("review_access", json!({})).await), "identity.none_for_rules");
    let pat = console.add("olivia_pat").await;
    let review = console.call("review_access", json!({})).await.unwrap();
    assert_eq!(review["acts_as"], "olivia, personal access token");
    // The chosen one, the client, still goes first where it fits; another choice changes that.
    let saved = console.call("save_definition", definition.clone()).await.unwrap();
    assert_eq!(saved["acts_as"], "Glint, client credentials");
    console.call("use_admin_identity", json!({ "identity": pat })).await.unwrap();
    let saved = console.call("delete_definition", json!({ "scope": "z_new" })).await.unwrap();
    assert_eq!(saved["acts_as"], "olivia, personal access token");
    let listed = super::ask(&console.restarted(), "list_connections", json!({})).await.unwrap();
    assert_eq!(listed["connections"][0]["admin_identity"], json!(pat), "the choice is saved");
}
