//! The shipped scenarios and the schema of scenario files.

use crate::world::{World, answer};
use sandbox::Scenario;
use std::collections::BTreeSet;

#[test]
fn the_shipped_scenarios_are_readable_and_whole() {
    for name in Scenario::SHIPPED {
        let scenario = Scenario::named(name).expect("it is shipped");
        assert_eq!(scenario.name, name);
        let text = serde_json::to_string(&scenario).expect("it can be written");
        Scenario::from_json(&text).expect("it can be read back");
    }
}

#[test]
fn every_seeded_credential_is_issued_and_described_in_both_languages() {
    let world = World::new();
    let seeded = Scenario::lived_in().credentials;
    let issued = &world.sandbox.handout().credentials;
    assert_eq!(seeded.len(), issued.len());
    let handles: BTreeSet<_> = issued.iter().map(|c| &c.id).collect();
    assert_eq!(handles.len(), issued.len(), "handles are unique");
    for credential in issued {
        assert!(!credential.secret.is_empty() && !credential.note.en.is_empty(), "{}", credential.id);
        assert!(credential.note.zh.chars().any(|c| c > '\u{4e00}'), "{}", credential.id);
    }
}

#[test]
fn the_published_schema_is_current() {
    let path = tests::places::repository("src-tauri/crates/sandbox/scenarios/scenario.schema.json");
    let current = format!("{:#}\n", Scenario::schema());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &current).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == current, "scenario.schema.json is stale: `cargo xtask bless` rewrites it");
}

#[tokio::test]
async fn the_large_scenario_answers() {
    let world = World::with(Scenario::large());
    let path = "GET /api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
    let (status, list) = answer(world.prism(path).bearer_auth(world.secret("olivia_pat"))).await;
    assert_eq!((status, list["definitions"].as_array().map(Vec::len)), (200, Some(10_013)));
    let (_, apps) = answer(world.prism("GET /api/apps").bearer_auth(world.secret("bob_pat"))).await;
    assert_eq!(apps["apps"].as_array().map(Vec::len), Some(503));
}
