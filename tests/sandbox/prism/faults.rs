//! Injected faults, seen from a client.

use crate::world::{World, answer};
use serde_json::{Value, json};

async fn inject(world: &World, fault: Value) {
    let (status, said) = answer(world.admin("POST /faults").body(fault.to_string())).await;
    assert_eq!(status, 200, "{said}");
}

#[tokio::test]
async fn a_status_comes_as_often_as_told_and_carries_nothing_out() {
    let world = World::new();
    inject(&world, json!({ "server": "prism", "path": "/api/site", "kind": "status", "status": 503, "error": "Busy", "times": 2, "skip": 1 })).await;
    let statuses = [200, 503, 503, 200];
    for expected in statuses {
        assert_eq!(answer(world.prism("GET /api/site")).await.0, expected);
    }
    inject(&world, json!({ "kind": "rate_limited", "retry_after_seconds": 7 })).await;
    let limited = world.prism("GET /api/site").send().await.expect("an answer");
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"7".parse().expect("a value"))
    );
    inject(&world, json!({ "kind": "html", "server": "glint" })).await;
    let page = world.glint("GET /api/cross-app/me").send().await.expect("an answer");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
}

#[tokio::test]
async fn a_reset_before_and_a_reset_after_the_deed_look_the_same() {
    let world = World::new();
    let olivia = world.secret("olivia_pat");
    let path = "/api/apps/052877d243367e69e10b707373ddb44b/scope-definitions";
    for (kind, scope, done) in
        [("reset_before_commit", "before", false), ("reset_after_commit", "after", true)]
    {
        inject(&world, json!({ "server": "prism", "method": "POST", "path": path, "kind": kind })).await;
        let body = json!({ "scope": scope, "title": "x" }).to_string();
        let lost = world.prism(&format!("POST {path}")).bearer_auth(olivia).body(body).send().await;
        assert!(lost.is_err(), "{kind}");
        let (_, list) = answer(world.prism(&format!("GET {path}")).bearer_auth(olivia)).await;
        let names: Vec<_> =
            list["definitions"].as_array().expect("a list").iter().map(|d| d["scope"].clone()).collect();
        assert_eq!(names.contains(&json!(scope)), done, "{kind}");
    }
}

#[tokio::test]
async fn a_truncated_answer_is_an_error_and_a_dripping_one_is_whole() {
    let world = World::new();
    inject(&world, json!({ "kind": "truncated", "bytes": 10 })).await;
    let mut cut = world.prism("GET /api/site").send().await.expect("a head");
    assert_eq!(cut.chunk().await.expect("the begin").as_deref(), Some(&b"{\"site_nam"[..]));
    assert!(cut.chunk().await.is_err());
    let whole = world.prism("GET /api/site").send().await.expect("an answer").bytes().await.expect("a body");
    inject(&world, json!({ "kind": "drip", "bytes": 100, "milliseconds": 1 })).await;
    let dripped =
        world.prism("GET /api/site").send().await.expect("an answer").bytes().await.expect("a body");
    assert_eq!(whole, dripped);
}

#[tokio::test]
async fn a_delayed_call_waits_while_others_are_answered() {
    let world = World::new();
    inject(&world, json!({ "path": "/api/init", "kind": "delay", "milliseconds": 600_000 })).await;
    let waiting = tokio::spawn(answer(world.prism("GET /api/init/status")));
    // The fault is used up as soon as the call has arrived.
    while answer(world.admin("GET /faults")).await.1["faults"] != json!([]) {
        tokio::task::yield_now().await;
    }
    assert_eq!(answer(world.prism("GET /api/site")).await.0, 200);
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[tokio::test]
async fn glints_own_calls_to_prism_are_hit_too() {
    let world = World::new();
    let token = world.secret("mia_full");
    inject(
        &world,
        json!({ "server": "prism", "path": "/api/oauth/introspect", "kind": "reset_before_commit" }),
    )
    .await;
    let (status, said) = answer(world.glint("GET /api/cross-app/me").bearer_auth(token)).await;
    assert_eq!((status, &said["error"]), (500, &json!("Network connection lost.")));
    assert_eq!(answer(world.admin("POST /caches/drop")).await.0, 200);
    inject(
        &world,
        json!({ "server": "prism", "path": "/api/oauth/me/teams", "kind": "status", "status": 503 }),
    )
    .await;
    let sets = "GET /api/cross-app/teams/22d71a4a3697a1d674be910d93c3cae1/sets";
    for _ in 0..2 {
        let (status, said) = answer(world.glint(sets).bearer_auth(token)).await;
        assert_eq!((status, said), (403, json!({ "error": "Not a member of this team" })));
    }
}
