//! Secrets go in and never come out: a canary is looked for in every reply, every request to a wrong host, every file.

use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::sync::Mutex;
use tests::World;

const CANARY: &str = "canary-7f3a91c2-do-not-leak";

async fn every_line(engine: &Engine, operation: &str, args: Value) -> String {
    let lines = Mutex::new(String::new());
    let report = |step: Value| lines.lock().unwrap().push_str(&step.to_string());
    for lang in [Lang::En, Lang::Zh] {
        let envelope = Envelope { operation: operation.into(), args: args.clone(), lang, job: None };
        let last = match engine.handle(envelope, &report).await {
            Ok(reply) => reply.to_string(),
            Err(problem) => serde_json::to_string(&problem).unwrap(),
        };
        lines.lock().unwrap().push_str(&last);
    }
    lines.into_inner().unwrap()
}

/// RFC 4648 §4, without a dependency.
fn base64(text: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in text.as_bytes().chunks(3) {
        let bits =
            part.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
        for at in 0..=part.len() {
            out.push(char::from(SIGNS[usize::try_from(bits >> (18 - 6 * at) & 63).unwrap()]));
        }
    }
    out
}

#[tokio::test]
async fn no_secret_is_in_any_reply_or_file() {
    let dir = std::env::temp_dir().join(format!("spectroscope-it-canary-{}", std::process::id()));
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), Limits::default());
    let handout = world.handout().clone();
    let add = json!({
        "name": "Canary", "environment": "staging", "prism_url": handout.prism_url,
        "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
    });
    let added = world.call("add_connection", add).await.unwrap();
    let other = added["connections"][1]["id"].clone();
    world.call("choose_vault", json!({ "kind": "memory" })).await.unwrap();
    let mut said = String::new();
    for secret in [
        CANARY.to_owned(),
        format!("prism_pat_{CANARY}"),
        format!("prism_x:{CANARY}"),
        format!("eyJ{CANARY}.eyJ.x"),
        format!("  {CANARY} inner blank"),
    ] {
        said += &every_line(&world.engine, "add_identity", json!({ "connection": other, "secret": secret }))
            .await;
    }
    let bad = json!({ "connection": other, "secret": { "nested": CANARY } });
    let refused = every_line(&world.engine, "add_identity", bad).await;
    assert!(refused.contains("operation.bad_arguments"));
    said += &refused;
    for connection in [json!("sandbox"), other.clone()] {
        for (operation, mut args) in [
            ("list_connections", json!({})),
            ("check_connection", json!({})),
            ("open_catalog", json!({})),
            ("plan_import", json!({ "text": "" })),
            ("review_access", json!({})),
            ("save_definition", json!({ "definition": { "scope": "a", "title": "A", "description": "" } })),
            ("read_activity", json!({})),
        ] {
            args["connection"] = connection.clone();
            said += &every_line(&world.engine, operation, args).await;
        }
    }
    for identity in handout.credentials.iter().map(|credential| &credential.id) {
        let values = json!({ "team": "22d71a4a3697a1d674be910d93c3cae1", "name": "New" });
        for route in ["list_sets", "create_set", "me"] {
            let args =
                json!({ "connection": "sandbox", "identity": identity, "route": route, "values": values });
            said += &every_line(&world.engine, "test_call", args).await;
        }
    }
    for text in [
        format!(
            "curl -i https://glint.example/api/cross-app/me -H 'Authorization: bearer {CANARY}'\nHTTP/2 401\n\n{{\"error\":\"Unauthorized\"}}"
        ),
        format!(
            "{{\"access_token\":\"{CANARY}\",\"refresh_token\":\"{CANARY}\",\"client_secret\":\"{CANARY}\"}}"
        ),
    ] {
        said += &every_line(&world.engine, "diagnose_text", json!({ "text": text })).await;
    }
    let mut secrets: Vec<String> = handout.credentials.iter().map(|c| c.secret.clone()).collect();
    // The header of client credentials is no secret's own form, but as good as one.
    let basics =
        handout.credentials.iter().filter_map(|c| Some(format!("{}:{}", c.client_id.clone()?, c.secret)));
    secrets.extend(basics.map(|pair| base64(&pair)).collect::<Vec<_>>());
    secrets.push(CANARY.to_owned());
    for secret in secrets {
        assert!(!said.contains(&secret), "a reply holds {}…", &secret[..12]);
    }
    let files = std::fs::read_to_string(dir.join("connections.json")).unwrap();
    assert!(!files.contains(CANARY));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 2, "the file and its lock");
    std::fs::remove_dir_all(dir).unwrap();
}
