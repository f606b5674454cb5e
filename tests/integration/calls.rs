//! Job 4: every denial the scenario makes possible, provoked by its real cause and explained live.

use serde_json::{Value, json};
use tests::World;

pub(crate) const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const OTHER_TEAM: &str = "0a5ede7a4e6908a08a81ee86d44b7bac";
pub(crate) const PANTRY: &str = "f1d7c906-2f4a-4fc4-bd52-e55f3154381c";
const ERRANDS: &str = "37adb705-c92d-4ff8-bf1d-a2567732b62e";
const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
pub(crate) const MIAS_TODO: &str = "1b893816-cb96-47dc-8dc7-1fd4213d0af8";
const OLIVIAS_TODO: &str = "84797859-a710-412b-ba84-3ddde0e1f627";
pub(crate) const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";
const OLIVIA: &str = "102b79a3ca715e79ec7d5ffe5ceb095e";

pub(crate) async fn call(world: &World, identity: &str, route: &str, values: Value) -> Value {
    let args = json!({ "identity": identity, "route": route, "values": values });
    match world.on_sandbox("test_call", args).await {
        Ok(report) => report,
        Err(problem) => panic!("{identity} {route}: {}", problem.message),
    }
}

pub(crate) struct Expected {
    identity: &'static str,
    route: &'static str,
    values: Value,
    status: u16,
    cause: &'static str,
}

pub(crate) fn expected(
    identity: &'static str,
    route: &'static str,
    values: Value,
    status: u16,
    cause: &'static str,
) -> Expected {
    Expected { identity, route, values, status, cause }
}

pub(crate) async fn check(world: &World, expected: &[Expected]) {
    let mut wrong = Vec::new();
    for Expected { identity, route, values, status, cause } in expected {
        let report = call(world, identity, route, values.clone()).await;
        let diagnosis = &report["diagnosis"];
        let place = format!("{identity} {route}");
        if diagnosis["cause"] != *cause || diagnosis["status"] != *status {
            let found = (&diagnosis["status"], &diagnosis["cause"], &diagnosis["certainty"]);
            wrong.push(format!(
                "{place}: {found:?} instead of {status} {cause}\n  {}",
                report["exchange"]["body"]
            ));
        }
        let asked = report["asked"].as_array().unwrap();
        let harmless = |asked: &Value| {
            asked["method"] == "GET" || asked["url"].as_str().unwrap().ends_with("/introspect")
        };
        assert!(asked.iter().all(harmless), "{place}: {asked:?}");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn credentials_of_every_wrong_kind() {
    let world = World::start();
    let sets = || json!({ "team": TEAM });
    check(
        &world,
        &[
            expected("", "list_sets", sets(), 401, "header.missing"),
            expected("bot_client", "list_sets", sets(), 401, "header.malformed"),
            expected("olivia_pat", "list_sets", sets(), 401, "token.personal_access_token"),
            expected("mia_session", "list_sets", sets(), 401, "token.session_jwt"),
            expected("mia_expired", "list_sets", sets(), 401, "token.expired"),
            expected("mia_revoked", "list_sets", sets(), 401, "token.inactive"),
            expected("mia_refresh", "list_sets", sets(), 401, "token.inactive"),
        ],
    )
    .await;
}

#[tokio::test]
async fn scopes_missing_for_every_reason() {
    let world = World::start();
    let sets = || json!({ "team": TEAM });
    let todo = || json!({ "team": TEAM, "todo": MIAS_TODO });
    let new_todo = || json!({ "team": TEAM, "set": PANTRY, "title": "Polish the spoons" });
    let assign = || json!({ "team": TEAM, "todo": MIAS_TODO, "userIds": [] });
    let grant = || {
        json!({ "team": TEAM, "scope": "global",
            "permissions": [{ "role": "member", "permission": "comment", "allowed": true }] })
    };
    check(
        &world,
        &[
            expected("mia_reader", "delete_todo", todo(), 403, "scope.not_registered"),
            expected("mia_predates", "create_todo", new_todo(), 403, "scope.token_predates"),
            expected("mia_legacy", "list_sets", sets(), 403, "scope.legacy_does_not_cover"),
            expected("mia_bundle", "write_permissions", grant(), 403, "scope.bundle_excludes"),
            expected("mia_renamed", "assign_todo", assign(), 403, "scope.renamed"),
            expected("mia_other_namespace", "list_sets", sets(), 403, "scope.other_namespace"),
            expected("mia_denied_by_rule", "list_sets", sets(), 403, "scope.denied_by_rule"),
            expected("mia_before_rule", "list_sets", sets(), 200, "allowed"),
        ],
    )
    .await;
}

#[tokio::test]
async fn memberships_unknown_stale_and_gone() {
    let world = World::start();
    let sets = || json!({ "team": TEAM });
    check(
        &world,
        &[
            expected("quinn_no_teams", "list_sets", sets(), 403, "membership.unavailable"),
            expected("nora_no_team", "list_sets", sets(), 403, "membership.not_member"),
            expected("mia_full", "list_sets", json!({ "team": OTHER_TEAM }), 403, "membership.not_member"),
            expected(
                "mia_full",
                "list_sets",
                json!({ "team": format!("personal:{OLIVIA}") }),
                403,
                "membership.not_member",
            ),
            expected("ivy_stale_denial", "list_sets", sets(), 403, "membership.stale_denial"),
            expected("dora_deactivated", "list_sets", sets(), 403, "membership.account_deactivated"),
            expected("otto_stale_access", "list_sets", sets(), 200, "hidden.stale_access"),
        ],
    )
    .await;
    let report = call(&world, "quinn_no_teams", "list_sets", sets()).await;
    assert_eq!(report["diagnosis"]["because"], "scope.token_predates");
    assert_eq!(report["cached_list"], json!({ "effect": "none", "until": null }));
    let report = call(&world, "ivy_stale_denial", "list_sets", sets()).await;
    let until = report["exchange"]["started_at"].as_i64().unwrap() + 3_600_000;
    assert_eq!(report["cached_list"], json!({ "effect": "denies", "until": until }));
}

#[tokio::test]
async fn roles_that_may_not() {
    let world = World::start();
    let reserved = json!({ "team": TEAM, "scope": "global",
        "permissions": [{ "role": "member", "permission": "manage_permissions", "allowed": true }] });
    let subtodo = json!({ "team": TEAM, "set": PANTRY, "title": "Spoons", "parentId": OLIVIAS_TODO });
    check(
        &world,
        &[
            expected("mia_full", "create_set", json!({ "team": TEAM, "name": "New" }), 403, "role.default"),
            expected("mia_full", "create_todo", subtodo, 403, "role.global_row"),
            expected(
                "mia_full",
                "list_todos",
                json!({ "team": TEAM, "set": BOARD }),
                403,
                "role.set_override",
            ),
            expected(
                "mia_full",
                "create_todo",
                json!({ "team": TEAM, "set": ERRANDS, "title": "X" }),
                403,
                "role.set_override",
            ),
            expected(
                "rosa_stale_role",
                "create_set",
                json!({ "team": TEAM, "name": "New" }),
                403,
                "role.stale_role",
            ),
            expected("adam_permissions", "write_permissions", reserved, 403, "role.reserved"),
            expected(
                "mia_full",
                "update_todo",
                json!({ "team": TEAM, "set": PANTRY, "todo": OLIVIAS_TODO, "title": "Mine now" }),
                403,
                "role.default",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn requests_that_cannot_be_carried_out() {
    let world = World::start();
    let in_set = |set: &str, title: &str| json!({ "team": TEAM, "set": set, "title": title });
    let unknown_role = json!({ "team": TEAM, "scope": "global",
        "permissions": [{ "role": "guest", "permission": "comment", "allowed": true }] });
    check(
        &world,
        &[
            expected(
                "mia_full",
                "list_comments",
                json!({ "team": TEAM, "todo": NOWHERE }),
                404,
                "resource.missing",
            ),
            expected(
                "mia_full",
                "delete_todo",
                json!({ "team": TEAM, "todo": NOWHERE }),
                404,
                "resource.missing",
            ),
            expected("mia_full", "create_todo", in_set(NOWHERE, "X"), 404, "resource.missing"),
            expected(
                "mia_full",
                "create_todo",
                json!({ "team": TEAM, "set": PANTRY }),
                400,
                "request.invalid",
            ),
            expected("mia_full", "create_todo", in_set(PANTRY, "Buy oolong"), 409, "request.conflict"),
            expected(
                "olivia_full",
                "live_socket",
                json!({ "team": TEAM, "set": PANTRY }),
                426,
                "request.upgrade_required",
            ),
            expected(
                "olivia_full",
                "import_into_set",
                json!({ "team": TEAM, "set": NOWHERE, "content": "- [ ] Tea", "format": "md" }),
                500,
                "resource.missing",
            ),
            expected("olivia_full", "write_permissions", unknown_role, 500, "request.invalid"),
        ],
    )
    .await;
}

#[tokio::test]
async fn successes_that_are_none() {
    let world = World::start();
    check(
        &world,
        &[
            expected(
                "mia_full",
                "list_todos",
                json!({ "team": TEAM, "set": NOWHERE }),
                200,
                "hidden.set_missing",
            ),
            expected(
                "adam_full",
                "update_set",
                json!({ "team": TEAM, "set": NOWHERE, "name": "X" }),
                200,
                "hidden.noop",
            ),
            expected(
                "mia_full",
                "assign_todo",
                json!({ "team": TEAM, "todo": MIAS_TODO, "userIds": [OLIVIA] }),
                200,
                "hidden.assignees_dropped",
            ),
            expected("mia_full", "list_todos", json!({ "team": TEAM, "set": PANTRY }), 200, "allowed"),
            expected("mia_full", "me", json!({}), 200, "allowed"),
            expected("mia_full", "live_stream", json!({ "team": TEAM, "set": PANTRY }), 200, "allowed"),
        ],
    )
    .await;
}
