//! Around a call: the list of routes, the preview, the pickers, the language, and who may be sent where.

use scopes::lang::Lang;
use serde_json::{Value, json};
use tests::World;

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
const MIAS_TODO: &str = "1b893816-cb96-47dc-8dc7-1fd4213d0af8";
const OLIVIA: &str = "102b79a3ca715e79ec7d5ffe5ceb095e";

#[tokio::test]
async fn explanations_are_in_the_language_asked_for() {
    let world = World::start();
    let args = json!({ "connection": "sandbox", "identity": "mia_reader", "route": "delete_todo",
        "values": { "team": TEAM, "todo": MIAS_TODO } });
    let report = world.call_in(Lang::Zh, "test_call", args).await.unwrap();
    let headline = report["diagnosis"]["headline"].as_str().unwrap();
    assert!(headline.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{headline}");
}

#[tokio::test]
async fn every_route_is_listed_and_can_be_previewed() {
    let world = World::start();
    let routes = world.call("list_routes", json!({})).await.unwrap();
    let routes = routes["routes"].as_array().unwrap();
    assert_eq!(routes.len(), 32);
    for route in routes {
        let values: serde_json::Map<String, Value> = route["inputs"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|input| input["place"] == "path")
            .map(|input| (input["name"].as_str().unwrap().to_owned(), json!("a/b")))
            .collect();
        let args = json!({ "route": route["id"], "values": values });
        let preview = world.on_sandbox("preview_call", args).await.unwrap();
        let (url, curl) = (preview["url"].as_str().unwrap(), preview["curl"].as_str().unwrap());
        assert!(url.starts_with(&world.handout().glint_url) && !url.contains("/:"), "{url}");
        assert!(curl.contains("$TOKEN"), "{curl}");
        if !values.is_empty() {
            assert!(url.contains("a%2Fb"), "{url}");
        }
    }
    assert!(world.requests().is_empty(), "a preview sends nothing");
}

#[tokio::test]
async fn what_can_be_picked_is_what_somebody_can_see() {
    let world = World::start();
    let ask = |identity: &str, pick: &str| json!({ "identity": identity, "pick": pick, "team": TEAM, "set": BOARD, "todo": MIAS_TODO });
    let teams = world.on_sandbox("list_choices", ask("mia_reader", "team")).await.unwrap();
    assert_eq!(teams["choices"][0], json!({ "id": TEAM, "label": "Tea Party", "note": "member" }));
    assert_eq!(teams["seen_by"], Value::Null);
    let teams = world.on_sandbox("list_choices", ask("nora_no_team", "team")).await.unwrap();
    assert!(teams["choices"].as_array().unwrap().iter().any(|choice| choice["id"] == TEAM));
    assert_eq!(teams["seen_by"], "Olivia, all scopes");
    let todos = world.on_sandbox("list_choices", ask("mia_full", "todo")).await.unwrap();
    assert_eq!(todos["problem"]["code"], "choices.refused");
    assert_eq!(todos["choices"][0]["note"], "olivia");
    let everywhere = json!({ "identity": "mia_full", "pick": "todo", "team": TEAM });
    let todos = world.on_sandbox("list_choices", everywhere).await.unwrap();
    assert_eq!(todos["problem"], Value::Null, "a set that may not be viewed is left out");
    let notes: Vec<&str> =
        todos["choices"].as_array().unwrap().iter().filter_map(|todo| todo["note"].as_str()).collect();
    assert!(notes.iter().any(|note| note.ends_with("in Pantry")), "{notes:?}");
    assert!(notes.iter().any(|note| note.ends_with("in Errands")), "{notes:?}");
    let comments = world.on_sandbox("list_choices", ask("mia_full", "comment")).await.unwrap();
    assert_eq!(comments["choices"].as_array().unwrap().len(), 3);
    let users = world.on_sandbox("list_choices", ask("mia_full", "user")).await.unwrap();
    assert!(users["choices"].as_array().unwrap().iter().any(|choice| choice["id"] == OLIVIA));
    let early = json!({ "identity": "mia_full", "pick": "set" });
    let early = world.on_sandbox("list_choices", early).await.unwrap();
    assert_eq!(early["problem"]["code"], "choices.first");
}

#[tokio::test]
async fn a_team_that_was_picked_is_called_by_its_name() {
    let world = World::start();
    let teams = json!({ "identity": "olivia_full", "pick": "team" });
    world.on_sandbox("list_choices", teams).await.unwrap();
    let args = json!({ "identity": "nora_no_team", "route": "list_sets", "values": { "team": TEAM } });
    let report = world.on_sandbox("test_call", args).await.unwrap();
    let gates = report["diagnosis"]["gates"].as_array().unwrap();
    let membership = gates.iter().find(|gate| gate["id"] == "membership").unwrap();
    assert_eq!(membership["question"], "is Nora Novak in Tea Party?");
}

#[tokio::test]
async fn only_access_tokens_are_sent_to_a_real_glint() {
    let world = World::start();
    let handout = world.handout().clone();
    let args = json!({ "name": "Real", "environment": "production", "prism_url": handout.prism_url,
        "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id });
    let added = world.call("add_connection", args).await.unwrap();
    let id = added["connections"][1]["id"].clone();
    let secret = &handout.credentials[0].secret;
    let added = world.call("add_identity", json!({ "connection": id, "secret": secret })).await.unwrap();
    assert_eq!(added["identity"]["for_calls"], false);
    world.forget_requests();
    let args = json!({ "connection": id, "identity": added["identity"]["id"], "route": "me", "values": {} });
    let problem = world.call("test_call", args).await.unwrap_err();
    assert_eq!(problem.code, "identity.not_for_calls");
    assert!(world.requests().is_empty());
}
