//! Every ready-made token shows the denial its note promises.

use crate::world::{World, answer};
use serde_json::{Value, json};

const TEA: &str = "22d71a4a3697a1d674be910d93c3cae1";
const PANTRY: &str = "f1d7c906-2f4a-4fc4-bd52-e55f3154381c";
const ERRANDS: &str = "37adb705-c92d-4ff8-bf1d-a2567732b62e";
const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
const MIAS: &str = "1b893816-cb96-47dc-8dc7-1fd4213d0af8";
const OLIVIAS: &str = "84797859-a710-412b-ba84-3ddde0e1f627";

/// Credential, call below the team, body, status, begin of the error text (empty for none).
type Case = (&'static str, String, Value, u16, &'static str);

fn token_cases() -> Vec<Case> {
    let sets = || "GET /sets".to_owned();
    let inactive = "Token inactive or expired";
    let missing = "Missing required scope. Token must include one of: ";
    vec![
        ("olivia_full", sets(), Value::Null, 200, ""),
        ("mia_bot", sets(), Value::Null, 200, ""),
        ("mia_expired", sets(), Value::Null, 401, inactive),
        ("mia_revoked", sets(), Value::Null, 401, inactive),
        ("mia_refresh", sets(), Value::Null, 401, inactive),
        ("mia_session", sets(), Value::Null, 401, inactive),
        ("bob_pat", sets(), Value::Null, 401, inactive),
        ("mia_reader", format!("DELETE /todos/{MIAS}"), Value::Null, 403, missing),
        ("mia_predates", format!("POST /sets/{PANTRY}/todos"), json!({ "title": "x" }), 403, missing),
        ("mia_legacy", sets(), Value::Null, 403, missing),
        ("mia_legacy", format!("POST /sets/{PANTRY}/todos"), json!({ "title": "Legacy" }), 201, ""),
        ("mia_bundle", sets(), Value::Null, 200, ""),
        ("mia_bundle", "DELETE /permissions".into(), Value::Null, 403, missing),
        ("mia_renamed", format!("PUT /todos/{MIAS}/assignees"), json!({ "userIds": [] }), 403, missing),
        ("mia_other_namespace", sets(), Value::Null, 403, missing),
        ("mia_denied_by_rule", sets(), Value::Null, 403, missing),
        ("mia_before_rule", sets(), Value::Null, 200, ""),
    ]
}

fn standing_cases() -> Vec<Case> {
    let sets = || "GET /sets".to_owned();
    let todo = |id: &str| format!("PATCH /todos/{id}");
    let stranger = "Not a member of this team";
    let titled = || json!({ "title": "Renamed" });
    vec![
        ("quinn_no_teams", sets(), Value::Null, 403, "Team membership is unavailable"),
        ("nora_no_team", sets(), Value::Null, 403, stranger),
        ("ivy_stale_denial", sets(), Value::Null, 403, stranger),
        ("dora_deactivated", sets(), Value::Null, 403, stranger),
        ("otto_stale_access", sets(), Value::Null, 200, ""),
        ("rosa_stale_role", todo(OLIVIAS), titled(), 403, "No permission to edit"),
        ("mia_full", todo(OLIVIAS), titled(), 403, "No permission to edit"),
        ("mia_full", todo(MIAS), titled(), 200, ""),
        ("mia_full", todo(OLIVIAS), json!({ "completed": true }), 403, "No permission to toggle completion"),
        (
            "mia_full",
            format!("GET /sets/{BOARD}/todos"),
            Value::Null,
            403,
            "No permission to view todos in this set",
        ),
        ("mia_full", format!("POST /sets/{ERRANDS}/todos"), titled(), 403, "No permission: create_todos"),
        (
            "mia_full",
            format!("POST /sets/{PANTRY}/todos"),
            json!({ "title": "Below", "parentId": MIAS }),
            403,
            "No permission: add_subtodos",
        ),
        ("bob_full", todo(OLIVIAS), titled(), 403, "No permission to edit"),
        ("adam_full", format!("GET /sets/{BOARD}/todos"), Value::Null, 200, ""),
        ("adam_full", "PATCH /settings".into(), json!({}), 403, "No permission to manage settings"),
        (
            "adam_permissions",
            "PUT /permissions".into(),
            json!({ "scope": "global", "permissions": [{ "role": "member", "permission": "manage_permissions", "allowed": true }] }),
            403,
            "Only owners and co-owners can grant manage_permissions",
        ),
    ]
}

#[tokio::test]
async fn ready_made_tokens_show_what_their_notes_promise() {
    let world = World::new();
    for (credential, call, body, status, error) in token_cases().into_iter().chain(standing_cases()) {
        let (verb, path) = call.split_once(' ').expect("a verb and a path");
        let request = world.glint(&format!("{verb} /api/cross-app/teams/{TEA}{path}"));
        let request = request.bearer_auth(world.secret(credential));
        let request = if body.is_null() { request } else { request.body(body.to_string()) };
        let (got, said) = answer(request).await;
        let text = said["error"].as_str().unwrap_or_default();
        assert_eq!(got, status, "{credential} {call}: {said}");
        assert!(
            text.starts_with(error) && text.is_empty() == error.is_empty(),
            "{credential} {call}: {text}"
        );
    }
}

#[tokio::test]
async fn prism_refuses_the_other_ready_made_credentials_in_its_own_words() {
    let world = World::new();
    for (credential, call, status, error) in [
        ("bob_pat_expired", "GET /api/apps", 401, "Token expired"),
        ("bob_pat_read_only", "POST /api/apps", 403, "insufficient_scope"),
        ("mia_full", "GET /api/apps", 401, "Unauthorized"),
        ("dora_deactivated", "GET /api/oauth/me/teams", 403, "insufficient_scope"),
        ("bob_pat", "GET /api/apps/052877d243367e69e10b707373ddb44b", 403, "Forbidden"),
    ] {
        let (got, said) = answer(world.prism(call).bearer_auth(world.secret(credential)).body("{}")).await;
        assert_eq!((got, said), (status, json!({ "error": error })), "{credential} {call}");
    }
    let client = world.credential("glint_client");
    let path = format!("GET /api/apps/{}/scope-definitions", world.sandbox.handout().provider.client_id);
    let request =
        world.prism(&path).basic_auth(client.client_id.as_deref().expect("an id"), Some(&client.secret));
    let (status, list) = answer(request).await;
    assert_eq!((status, list["definitions"].as_array().map(Vec::len)), (200, Some(13)));
}
