//! Job 4: what is asked to explain a call, whom, and what a deployment in trouble answers.

use crate::calls::{MIAS_TODO, NOWHERE, PANTRY, TEAM, call, check, expected};
use serde_json::json;
use tests::World;

const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";

#[tokio::test]
async fn asking_about_a_team_without_sets_makes_none() {
    let world = World::start();
    let space = "personal:0e59370791a76d72f6305b6456bebe52";
    let values = json!({ "team": space, "set": NOWHERE });
    let report = call(&world, "nora_no_team", "list_todos", values).await;
    assert_eq!(report["diagnosis"]["status"], 200);
    let overview = call(&world, "nora_no_team", "overview", json!({ "team": space })).await;
    assert!(
        overview["exchange"]["body"].as_str().unwrap().contains("\"sets\":0"),
        "{}",
        overview["exchange"]["body"]
    );
}

#[tokio::test]
async fn a_provider_that_is_switched_off() {
    let world = World::start();
    let off = sandbox::wire::Call::new("PATCH".parse().unwrap(), &format!("/clients/{GLINT}"))
        .content("application/json", json!({ "is_active": false }).to_string());
    assert_eq!(world.sandbox.admin().call(&off).status, 200);
    let values = json!({ "team": TEAM, "set": PANTRY, "title": "X" });
    check(&world, &[expected("mia_predates", "create_todo", values, 403, "scope.target_missing")]).await;
}

#[tokio::test]
async fn a_glint_that_cannot_reach_its_prism() {
    for (kind, cause) in [
        (json!({ "kind": "html" }), "server.prism_not_api"),
        (json!({ "kind": "status", "status": 503, "error": "maintenance" }), "server.prism_failed"),
        (json!({ "kind": "reset_before_commit" }), "server.prism_unreachable"),
    ] {
        let world = World::start();
        let mut fault = json!({ "server": "prism", "path": "/api/oauth/introspect", "times": null });
        fault.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        world.fault(fault);
        check(&world, &[expected("mia_full", "me", json!({}), 500, cause)]).await;
    }
}

#[tokio::test]
async fn a_glint_that_is_not_there() {
    let world = World::start();
    world.fault(json!({ "server": "glint", "path": "/api/cross-app", "kind": "html", "times": null }));
    check(&world, &[expected("mia_full", "me", json!({}), 200, "reach.not_api")]).await;
}

#[tokio::test]
async fn evidence_is_gathered_from_who_may_give_it_and_from_nobody_else() {
    let world = World::start();
    let report = call(&world, "mia_reader", "delete_todo", json!({ "team": TEAM, "todo": MIAS_TODO })).await;
    let asked: Vec<String> = report["asked"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asked| {
            let url = asked["url"].as_str().unwrap();
            let path = url.splitn(4, '/').nth(3).unwrap().split('?').next().unwrap();
            format!("{} /{path}", asked["method"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        asked,
        [
            "POST /api/oauth/introspect",
            "GET /api/auth/config",
            "GET /api/oauth/app-info",
            "GET /api/apps/0a78444e7e74c1c0526bcd7a170a8152",
        ]
    );
    assert_eq!(report["diagnosis"]["certainty"], "proven");
    assert_eq!(report["diagnosis"]["remedies"][0]["who"], "consumer_developer");
    let secrets: Vec<&str> = world.handout().credentials.iter().map(|c| c.secret.as_str()).collect();
    let text = report.to_string();
    assert!(secrets.iter().all(|secret| !text.contains(secret)));
}

#[tokio::test]
async fn a_call_that_succeeds_is_passed_at_every_gate_and_a_write_is_recorded() {
    let world = World::start();
    let values = json!({ "team": TEAM, "set": PANTRY, "title": "Polish the spoons" });
    let report = call(&world, "mia_full", "create_todo", values).await;
    assert_eq!(report["exchange"]["status"], 201);
    let gates = report["diagnosis"]["gates"].as_array().unwrap();
    assert!(gates.iter().all(|gate| gate["state"] != "failed"), "{gates:?}");
    let activity = world.call("read_activity", json!({})).await.unwrap();
    assert_eq!(activity["entries"][0]["operation"], "test_call");
    assert_eq!(activity["entries"][0]["complete"], true);
    assert_eq!(activity["entries"].as_array().unwrap().len(), 1);
}
