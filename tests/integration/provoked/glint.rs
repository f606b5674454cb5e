//! Codes of Glint's gates.

use super::{Provoked, bearer, control, secret, send};
use crate::calls::{MIAS_TODO, NOWHERE, PANTRY, TEAM};
use serde_json::{Value, json};
use tests::World;

const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
const OTHER_TEAM: &str = "0a5ede7a4e6908a08a81ee86d44b7bac";
const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
const OLIVIAS_TODO: &str = "84797859-a710-412b-ba84-3ddde0e1f627";
const OLIVIA: &str = "102b79a3ca715e79ec7d5ffe5ceb095e";

pub(super) async fn all(to: &mut Provoked) {
    as_shipped(to).await;
    by_hand(to).await;
    on_a_bad_day(to).await;
    with_another_prism(to).await;
}

/// What the shipped scenario refuses by itself.
async fn as_shipped(to: &mut Provoked) {
    let world = World::start();
    let sets = || json!({ "team": TEAM });
    let todo = || json!({ "team": TEAM, "todo": MIAS_TODO });
    let titled = |set: &str, title: &str| json!({ "team": TEAM, "set": set, "title": title });
    let grant = |permission: &str| {
        json!({ "team": TEAM, "scope": "global",
            "permissions": [{ "role": "member", "permission": permission, "allowed": true }] })
    };
    let assign = |users: Value| json!({ "team": TEAM, "todo": MIAS_TODO, "userIds": users });
    let subtodo = json!({ "team": TEAM, "set": PANTRY, "title": "Spoons", "parentId": OLIVIAS_TODO });
    let rows: [(&str, &str, &str, &str, Value); 33] = [
        ("header.missing", "proven", "", "list_sets", sets()),
        ("header.malformed", "proven", "bot_client", "list_sets", sets()),
        ("token.personal_access_token", "proven", "olivia_pat", "list_sets", sets()),
        ("token.session_jwt", "proven", "mia_session", "list_sets", sets()),
        ("token.expired", "proven", "mia_expired", "list_sets", sets()),
        ("token.inactive", "likely", "mia_revoked", "list_sets", sets()),
        ("scope.not_registered", "proven", "mia_reader", "delete_todo", todo()),
        ("scope.token_predates", "likely", "mia_predates", "create_todo", titled(PANTRY, "Polish")),
        ("scope.legacy_does_not_cover", "proven", "mia_legacy", "list_sets", sets()),
        ("scope.bundle_excludes", "proven", "mia_bundle", "write_permissions", grant("comment")),
        ("scope.renamed", "proven", "mia_renamed", "assign_todo", assign(json!([]))),
        ("scope.other_namespace", "proven", "mia_other_namespace", "list_sets", sets()),
        ("scope.denied_by_rule", "proven", "mia_denied_by_rule", "list_sets", sets()),
        ("membership.unavailable", "proven", "quinn_no_teams", "list_sets", sets()),
        ("membership.not_member", "proven", "mia_full", "list_sets", json!({ "team": OTHER_TEAM })),
        ("membership.stale_denial", "proven", "ivy_stale_denial", "list_sets", sets()),
        ("membership.account_deactivated", "proven", "dora_deactivated", "list_sets", sets()),
        ("hidden.stale_access", "proven", "otto_stale_access", "list_sets", sets()),
        ("role.default", "proven", "mia_full", "create_set", json!({ "team": TEAM, "name": "New" })),
        ("role.global_row", "proven", "mia_full", "create_todo", subtodo),
        ("role.set_override", "proven", "mia_full", "list_todos", json!({ "team": TEAM, "set": BOARD })),
        (
            "role.stale_role",
            "proven",
            "rosa_stale_role",
            "create_set",
            json!({ "team": TEAM, "name": "New" }),
        ),
        ("role.reserved", "proven", "adam_permissions", "write_permissions", grant("manage_permissions")),
        ("resource.missing", "proven", "mia_full", "create_todo", titled(NOWHERE, "X")),
        ("request.invalid", "proven", "mia_full", "create_todo", json!({ "team": TEAM, "set": PANTRY })),
        ("request.conflict", "proven", "mia_full", "create_todo", titled(PANTRY, "Buy oolong")),
        (
            "request.upgrade_required",
            "proven",
            "olivia_full",
            "live_socket",
            json!({ "team": TEAM, "set": PANTRY }),
        ),
        ("hidden.set_missing", "proven", "mia_full", "list_todos", json!({ "team": TEAM, "set": NOWHERE })),
        (
            "hidden.noop",
            "proven",
            "adam_full",
            "update_set",
            json!({ "team": TEAM, "set": NOWHERE, "name": "X" }),
        ),
        ("hidden.assignees_dropped", "proven", "mia_full", "assign_todo", assign(json!([OLIVIA]))),
        ("allowed", "proven", "mia_full", "me", json!({})),
        ("allowed", "proven", "mia_full", "list_todos", json!({ "team": TEAM, "set": PANTRY })),
        (
            "membership.not_member",
            "proven",
            "mia_full",
            "list_sets",
            json!({ "team": format!("personal:{OLIVIA}") }),
        ),
    ];
    for (code, sure, identity, route, values) in rows {
        to.call(&world, (code, sure), identity, route, values).await;
    }
}

/// Requests the panel does not make, and calls with nothing around them.
async fn by_hand(to: &mut Provoked) {
    let world = World::start();
    let base = format!("{}/api/cross-app", world.handout().glint_url);
    let sets = format!("{base}/teams/{TEAM}/sets");
    let full = bearer(&world, "mia_full");
    send("GET", &sets, "Bearer undefined", "");
    to.wire(&world, ("token.empty", "proven")).await;
    send("GET", &sets, &full.replace("Bearer ", "Bearer  "), "");
    to.wire(&world, ("token.whitespace", "proven")).await;
    send("GET", &format!("{base}/nothing"), &full, "");
    to.wire(&world, ("reach.no_route", "proven")).await;
    send("POST", &format!("{sets}/{PANTRY}/todos"), &full, "{\"title\":\"Tea");
    to.wire(&world, ("request.malformed_body", "proven")).await;
    send("DELETE", &format!("{base}/teams/{TEAM}/todos/{MIAS_TODO}"), &bearer(&world, "mia_reader"), "");
    to.alone(&world, ("scope.undetermined", "possible")).await;
    send("GET", &format!("{base}/teams/{OTHER_TEAM}/sets"), &full, "");
    to.alone(&world, ("membership.unproven", "possible")).await;
    send("POST", &sets, &full, r#"{"name":"New"}"#);
    to.alone(&world, ("role.undetermined", "possible")).await;
}

/// Deployments that are incomplete or in trouble.
async fn on_a_bad_day(to: &mut Provoked) {
    let sets = || json!({ "team": TEAM });
    let todo = json!({ "team": TEAM, "todo": MIAS_TODO, "userIds": [] });
    let stream = json!({ "team": TEAM, "set": PANTRY });
    let changed = |change: Value| {
        let world = World::start();
        control(&world, "POST", "/glint", change);
        world
    };
    let world = changed(json!({ "migrations": false }));
    to.call(&world, ("server.migrations_missing", "proven"), "mia_full", "list_sets", sets()).await;
    to.call(&world, ("server.assignments_unavailable", "proven"), "mia_full", "assign_todo", todo).await;
    let world = changed(json!({ "realtime": false }));
    to.call(&world, ("server.realtime_unavailable", "proven"), "mia_full", "live_stream", stream).await;
    let world = changed(json!({ "config": { "prism_base_url": "" } }));
    to.call(&world, ("server.prism_url_invalid", "proven"), "mia_full", "list_sets", sets()).await;
    let world = World::start();
    control(&world, "PATCH", &format!("/clients/{GLINT}"), json!({ "is_active": false }));
    let new = json!({ "team": TEAM, "set": PANTRY, "title": "X" });
    to.call(&world, ("scope.target_missing", "proven"), "mia_predates", "create_todo", new).await;
    for (server, path, kind, code, sure) in [
        ("prism", "/api/oauth/introspect", json!({ "kind": "html" }), "server.prism_not_api", "proven"),
        (
            "prism",
            "/api/oauth/introspect",
            json!({ "kind": "reset_before_commit" }),
            "server.prism_unreachable",
            "proven",
        ),
        (
            "prism",
            "/api/oauth/introspect",
            json!({ "kind": "status", "status": 503, "error": "maintenance" }),
            "server.prism_failed",
            "proven",
        ),
        ("glint", "/api/cross-app", json!({ "kind": "html" }), "reach.not_api", "proven"),
        ("glint", "/api/cross-app", json!({ "kind": "status", "status": 502 }), "server.error", "proven"),
        (
            "glint",
            "/api/cross-app",
            json!({ "kind": "rate_limited", "retry_after_seconds": 1 }),
            "server.rate_limited",
            "proven",
        ),
    ] {
        let world = World::start();
        let mut fault = json!({ "server": server, "path": path, "times": null });
        fault.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        world.fault(fault);
        to.call(&world, (code, sure), "mia_full", "me", json!({})).await;
    }
}

/// A token of one Prism at a Glint that asks another one.
async fn with_another_prism(to: &mut Provoked) {
    let (world, other) = (World::start(), World::start());
    assert_ne!(secret(&world, "mia_full"), secret(&other, "mia_full"));
    let elsewhere = json!({ "config": { "prism_base_url": other.handout().prism_url } });
    control(&world, "POST", "/glint", elsewhere);
    to.call(&world, ("token.other_issuer", "proven"), "mia_full", "me", json!({})).await;
}
