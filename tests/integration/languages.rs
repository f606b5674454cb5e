//! Every sentence a person gets is in the language asked for: problems, hints, summaries, verdicts.

use engine::Envelope;
use scopes::lang::Lang;
use serde_json::{Value, json};
use tests::World;

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Members that hold a sentence of ours. Titles of definitions and server texts are not.
const SENTENCES: [&str; 10] = [
    "message", "hints", "summary", "sentence", "headline", "detail", "question", "action", "meaning",
    "limits",
];

fn sentences<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if SENTENCES.contains(&name.as_str()) => found.push(text),
                    Value::Array(texts) if SENTENCES.contains(&name.as_str()) => {
                        found.extend(texts.iter().filter_map(Value::as_str));
                        texts.iter().filter(|v| !v.is_string()).for_each(|v| sentences(v, found));
                    }
                    other => sentences(other, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| sentences(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn sentences_are_in_the_language_asked_for() {
    let world = World::start();
    let team = "22d71a4a3697a1d674be910d93c3cae1";
    let call = |identity: &str, route: &str| json!({ "identity": identity, "route": route, "values": { "team": team, "name": "X", "todo": "x" } });
    let mut seen = 0;
    for (operation, mut args) in [
        ("list_connections", json!({})),
        ("make_coffee", json!({})),
        ("open_catalog", json!({ "connection": 1 })),
        ("discover_connection", json!({ "address": "http://x.example" })),
        ("discover_connection", json!({ "address": "127.0.0.1:1" })),
        ("discover_connection", json!({ "address": world.handout().prism_url })),
        ("add_identity", json!({ "secret": "" })),
        ("add_identity", json!({ "secret": " prism_pat_x " })),
        ("add_identity", json!({ "secret": "opaque" })),
        ("remove_identity", json!({ "identity": "olivia_pat" })),
        ("use_admin_identity", json!({ "identity": "mia_full" })),
        ("build_scopes", json!({ "client_id": "x", "platform": [], "inner": ["write_todos"], "merge": "[" })),
        ("preview_consent", json!({ "consumer": "prism_x", "scopes": ["openid"] })),
        ("plan_import", json!({ "text": "[{\"scope\": \"a b\", \"titel\": \"\"}]" })),
        ("apply_import", json!({ "text": "", "base": "old" })),
        ("delete_definition", json!({ "scope": "nothing" })),
        ("save_definition", json!({ "definition": { "scope": "", "title": "", "description": "" } })),
        ("review_access", json!({ "add": [{ "rule_type": "owner_allow", "target_id": "prism_x" }] })),
        ("apply_rules", json!({ "base": "old" })),
        ("preview_call", json!({ "route": "create_todo", "values": {} })),
        ("test_call", call("mia_reader", "delete_todo")),
        ("test_call", call("mia_full", "create_set")),
        ("test_call", call("nora_no_team", "list_sets")),
        ("test_call", call("mia_expired", "list_sets")),
        ("diagnose_text", json!({ "text": "" })),
        ("diagnose_text", json!({ "text": "{\"error\":\"Unauthorized\"}", "status": 401 })),
        ("open_url", json!({ "url": "https://x.example" })),
    ] {
        if args["connection"].is_null() {
            args["connection"] = json!("sandbox");
        }
        for lang in [Lang::En, Lang::Zh] {
            let envelope = Envelope { operation: operation.into(), args: args.clone(), lang, job: None };
            let said = match world.engine.handle(envelope, &|_| {}).await {
                Ok(reply) => reply,
                Err(problem) => serde_json::to_value(problem).unwrap(),
            };
            let mut found = Vec::new();
            sentences(&said, &mut found);
            let is_word = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            for text in found.iter().filter(|text| !is_word(text)) {
                assert_eq!(is_chinese(text), lang == Lang::Zh, "{operation} {args}: {text}");
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen} sentences were looked at");
}
