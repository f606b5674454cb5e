//! Job 2: plan, apply, verify; single changes; export.

use scopes::lang::Lang;
use serde_json::{Value, json};
use tests::World;

/// Two new, one changed, one deleted.
const SOURCE: &str = r#"[
  {"scope": "assign_todos", "title": "Assign todos"},
  {"scope": "workbench", "title": "Workbench", "description": "Everything but permissions."},
  {"scope": "read_todos", "title": "Read everything"}
]"#;

async fn plan(world: &World, text: &str, delete: Value) -> Value {
    world.on_sandbox("plan_import", json!({ "text": text, "delete": delete })).await.unwrap()
}

fn row<'a>(rows: &'a Value, scope: &str) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row["scope"] == scope).unwrap()
}

#[tokio::test]
async fn a_plan_sends_nothing_and_an_empty_text_lists_what_is_there() {
    let world = World::start();
    let listed = plan(&world, "", json!([])).await;
    assert_eq!(listed["counts"]["only_at_prism"], 13);
    let planned = plan(&world, SOURCE, json!(["claim_todos"])).await;
    assert_eq!(
        planned["counts"],
        json!({"create": 2, "update": 1, "delete": 1, "unchanged": 0, "only_at_prism": 11})
    );
    let read = row(&planned["rows"], "read_todos");
    assert_eq!(
        read["changes"],
        json!([{"field": "title", "before": "Read todos", "after": "Read everything"}])
    );
    assert_eq!(
        read["description"], "List sets, read todos, and read comments.",
        "what the source leaves out stays"
    );
    assert!(world.requests().iter().all(|(method, ..)| method == "GET"), "{:?}", world.requests());
}

#[tokio::test]
async fn applying_sends_only_changed_rows_and_verifies_each() {
    let world = World::start();
    let planned = plan(&world, SOURCE, json!(["claim_todos"])).await;
    world.forget_requests();
    let args = json!({ "connection": "sandbox", "text": SOURCE, "delete": ["claim_todos"], "base": planned["base"] });
    let (result, steps) = world.call_with_progress("apply_import", args).await.unwrap();
    assert_eq!(result["verified"], 4);
    assert_eq!(result["refused"], 0);
    assert_eq!(result["summary"], "All 4 changes were sent and verified.");
    assert_eq!(result["plan"]["counts"]["unchanged"], 3);
    let writes: Vec<_> = world.requests().into_iter().filter(|(method, ..)| method != "GET").collect();
    assert_eq!(writes.len(), 4, "{writes:?}");
    for scope in ["assign_todos", "workbench", "read_todos", "claim_todos"] {
        let states: Vec<_> = steps
            .iter()
            .filter(|step| step["scope"] == scope)
            .map(|step| step["state"].as_str().unwrap())
            .collect();
        assert_eq!(states, ["sending", "reading_back", "verified"], "{scope}");
    }
}

#[tokio::test]
async fn applying_twice_sends_nothing_the_second_time() {
    let world = World::start();
    let export = world.on_sandbox("export_definitions", json!({})).await.unwrap();
    let text = export["text"].as_str().unwrap();
    let planned = plan(&world, text, json!([])).await;
    assert_eq!(planned["counts"]["unchanged"], 13);
    world.forget_requests();
    let args = json!({ "text": text, "base": planned["base"] });
    let result = world.on_sandbox("apply_import", args).await.unwrap();
    assert_eq!(result["rows"], json!([]));
    assert_eq!(world.requests().len(), 1, "one read, no write: {:?}", world.requests());
}

#[tokio::test]
async fn a_plan_made_before_somebody_else_changed_something_is_refused() {
    let world = World::start();
    let planned = plan(&world, SOURCE, json!([])).await;
    let other = json!({ "definition": { "scope": "comment", "title": "Comment", "description": "" } });
    world.on_sandbox("save_definition", other).await.unwrap();
    world.forget_requests();
    let args = json!({ "text": SOURCE, "base": planned["base"] });
    let problem = world.on_sandbox("apply_import", args).await.unwrap_err();
    assert_eq!(problem.code, "stale_plan");
    assert!(world.requests().iter().all(|(method, ..)| method == "GET"));
}

#[tokio::test]
async fn a_source_with_a_mistake_is_not_sent() {
    let world = World::start();
    let text = r#"[{"scope": "read todos", "title": "x"}]"#;
    let planned = plan(&world, text, json!([])).await;
    assert_eq!(planned["blocked"]["code"], "import.blocked");
    assert_eq!(planned["problems"][0]["span"]["line"], 1);
    let args = json!({ "text": text, "base": planned["base"] });
    let problem = world.on_sandbox("apply_import", args).await.unwrap_err();
    assert_eq!(problem.code, "import.blocked");
}

#[tokio::test]
async fn definitions_are_saved_deleted_and_exported_one_by_one() {
    let world = World::start();
    let args =
        json!({ "definition": { "scope": " export_all ", "title": " Export ", "description": "All of it" } });
    let saved = world.on_sandbox("save_definition", args).await.unwrap();
    assert_eq!(
        *row(&saved["definitions"], "export_all"),
        json!({"scope": "export_all", "title": "Export", "description": "All of it"})
    );
    let left = world.on_sandbox("delete_definition", json!({ "scope": "export_all" })).await.unwrap();
    assert!(left["definitions"].as_array().unwrap().iter().all(|d| d["scope"] != "export_all"));
    let problem = world.on_sandbox("delete_definition", json!({ "scope": "export_all" })).await.unwrap_err();
    assert_eq!(problem.code, "definition.missing");
    let args = json!({ "definition": { "scope": "a:b", "title": "x", "description": "" } });
    let problem = world.on_sandbox("save_definition", args).await.unwrap_err();
    assert_eq!(problem.related.first().map(String::as_str), Some("scope"));
    let built_in = world.call("export_definitions", json!({ "connection": null })).await.unwrap();
    let guide: Vec<Value> = serde_json::from_str(built_in["text"].as_str().unwrap()).unwrap();
    assert_eq!(guide.len(), 13);
}

#[tokio::test]
async fn client_credentials_of_the_provider_manage_its_definitions() {
    let world = World::start();
    world.on_sandbox("use_admin_identity", json!({ "identity": "glint_client" })).await.unwrap();
    let planned = plan(&world, SOURCE, json!([])).await;
    assert_eq!(planned["acts_as"], "Glint, client credentials");
    let args = json!({ "text": SOURCE, "base": planned["base"] });
    let result = world.on_sandbox("apply_import", args).await.unwrap();
    assert_eq!(result["verified"], 3);
}

#[tokio::test]
async fn an_identity_that_may_not_is_told_so() {
    let world = World::start();
    world.on_sandbox("use_admin_identity", json!({ "identity": "bob_pat" })).await.unwrap();
    let problem = world.on_sandbox("plan_import", json!({ "text": "" })).await.unwrap_err();
    assert_eq!(problem.code, "app.forbidden");
    assert!(problem.exchange.is_some(), "the exchange that shows it comes along");
}

#[tokio::test]
async fn what_was_done_is_listed_newest_first_in_the_language_of_the_reader() {
    let world = World::start();
    let args = json!({ "definition": { "scope": "one", "title": "One", "description": "" } });
    world.on_sandbox("save_definition", args).await.unwrap();
    world.on_sandbox("delete_definition", json!({ "scope": "one" })).await.unwrap();
    let activity = world.call("read_activity", json!({})).await.unwrap();
    let entries = activity["entries"].as_array().unwrap();
    assert_eq!(
        entries.iter().map(|e| e["operation"].as_str().unwrap()).collect::<Vec<_>>(),
        ["delete_definition", "save_definition"]
    );
    assert_eq!(entries[0]["items"][0]["action"], "deleted");
    assert_eq!(entries[0]["complete"], true);
    let zh = world.call_in(Lang::Zh, "read_activity", json!({})).await.unwrap();
    assert_eq!(zh["entries"][0]["items"][0]["action"], "删除");
}

#[tokio::test]
async fn a_plan_brings_the_edits_that_settle_its_problems() {
    let world = World::start();
    let text = "[\n  {\"scope\": \"read_todos\"},\n  {\"scope\": \"a b\", \"title\": \"😀\"}\n]";
    let planned = plan(&world, text, json!([])).await;
    let problems = planned["problems"].as_array().unwrap();
    let codes: Vec<_> = problems.iter().take(2).map(|one| &one["code"]).collect();
    assert_eq!(codes, ["import.no_title", "import.bad_name"]);
    let apply = |kind: &str, problem: u64| {
        let fixes = planned["fixes"].as_array().unwrap();
        let fix = fixes.iter().find(|fix| fix["kind"] == kind && fix["problem"] == problem).unwrap();
        let units: Vec<u16> = text.encode_utf16().collect();
        let at = |name: &str| usize::try_from(fix["edit"][name].as_u64().unwrap()).unwrap();
        let cut = |range: &[u16]| String::from_utf16(range).unwrap();
        let insert = fix["edit"]["insert"].as_str().unwrap();
        format!("{}{insert}{}", cut(&units[..at("from")]), cut(&units[at("to")..]))
    };
    let titled: Value = serde_json::from_str(&apply("add_title", 0)).unwrap();
    assert_eq!(titled[0], json!({ "title": "Read todos", "scope": "read_todos" }));
    let left: Value = serde_json::from_str(&apply("remove_entry", 1)).unwrap();
    assert_eq!(left, json!([{ "scope": "read_todos" }]));
}
