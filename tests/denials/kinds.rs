//! Kinds of refusals that are told apart by the request's own body, by the route and by the address.

use crate::scene::{
    B, G, GLINT, PRISM, TOKEN, USER, app, config, denied, explained, introspected, prism, refusal,
};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Proven};
use scopes::diagnosis::{Diagnosis, subjects};
use scopes::exchange::Exchange;
use scopes::problem::Actor;
use serde_json::{Value, json};

fn broke(line: &str, sent: Value, error: &str) -> Diagnosis {
    explained(&[denied(line, 500, error).sent(sent)])
}

/// Texts of contract §8.4 and of the measured differences, with the field each is about.
#[test]
fn glints_500s_about_the_body_name_the_field_and_not_prism() {
    let create = "POST /teams/t1/sets/s1/todos";
    let rows: [(&str, Value, &str, Option<&str>); 12] = [
        (
            create,
            json!(null),
            "Cannot destructure property 'title' of '(intermediate value)' as it is null.",
            Some("title"),
        ),
        (
            "PATCH /teams/t1/settings",
            json!(null),
            "Cannot use 'in' operator to search for 'site_name' in null",
            Some("site_name"),
        ),
        (
            "PATCH /teams/t1/sets/s1",
            json!(null),
            "Cannot read properties of null (reading 'name')",
            Some("name"),
        ),
        (
            "PUT /teams/t1/permissions",
            json!({"scope": "global", "permissions": [null]}),
            "Cannot read properties of null (reading 'role')",
            Some("permissions"),
        ),
        (
            "PUT /teams/t1/permissions",
            json!({"scope": "global", "permissions": "x"}),
            "perms.map is not a function",
            Some("permissions"),
        ),
        ("POST /teams/t1/todos/reorder", json!({"items": "x"}), "items.map is not a function", Some("items")),
        (
            "POST /teams/t1/todos/reorder",
            json!({"items": [null]}),
            "Cannot destructure property 'id' of 'object null' as it is null.",
            Some("items"),
        ),
        (
            "POST /teams/t1/sets/s1/import",
            json!({"content": 5}),
            "body.content?.trim is not a function",
            Some("content"),
        ),
        (
            "POST /teams/t1/sets/import",
            json!({"content": "x", "setName": 5}),
            "(body.setName || parsed.setName || (intermediate value)(intermediate value)(intermediate value)).trim is not a function",
            Some("setName"),
        ),
        (
            "PUT /teams/t1/permissions",
            json!({"scope": "global", "permissions": [{}]}),
            "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'",
            Some("permissions"),
        ),
        (
            create,
            json!({"title": {}}),
            "D1_TYPE_ERROR: Type 'object' not supported for value '[object Object]'",
            Some("title"),
        ),
        (create, json!("NaN"), "\"NaN\" is not valid JSON", None),
    ];
    for (line, sent, error, field) in rows {
        let found = broke(line, sent, error);
        assert_eq!((found.cause.as_str(), found.certainty), ("request.malformed_body", Proven), "{error}");
        assert_eq!(found.needs.field.as_deref(), field, "{error}");
        assert_eq!(found.remedies[0].who, Actor::ConsumerDeveloper, "{error}");
    }
    let rows = [
        (
            "POST /teams/t1/sets/reorder",
            "D1_ERROR: NOT NULL constraint failed: todo_sets.sort_order: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_NOTNULL)",
            "sortOrder",
        ),
        (
            "PUT /teams/t1/permissions",
            "D1_ERROR: CHECK constraint failed: role IN ('owner','co-owner','admin','member'): SQLITE_CONSTRAINT",
            "role",
        ),
    ];
    for (line, error, field) in rows {
        let found = broke(line, json!({"items": []}), error);
        assert_eq!(
            (found.cause.as_str(), found.needs.field.as_deref()),
            ("request.invalid", Some(field)),
            "{error}"
        );
    }
    // A program's error on a call without a body is no fault of the request.
    let own = explained(&[denied("GET /me", 500, "Cannot read properties of undefined (reading 'id')")]);
    assert_eq!(own.cause, "server.error");
}

#[test]
fn a_reference_to_nothing_is_missing_and_an_empty_one_is_wrong() {
    let error =
        "D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)";
    let create = "POST /teams/t1/sets/s1/todos";
    let empty = broke(create, json!({"title": "x", "parentId": ""}), error);
    assert_eq!((empty.cause.as_str(), empty.certainty), ("request.invalid", Likely));
    assert_eq!(empty.needs.field.as_deref(), Some("parentId"));
    let given = broke(create, json!({"title": "x", "parentId": "p1"}), error);
    assert_eq!((given.cause.as_str(), given.needs.resource.as_deref()), ("resource.missing", Some("parent")));
    let import = broke("POST /teams/t1/sets/s1/import", json!({"content": "- [ ] a"}), error);
    assert_eq!((import.cause.as_str(), import.needs.resource.as_deref()), ("resource.missing", Some("set")));
}

#[test]
fn prisms_400_names_the_field() {
    for (line, error, code, field) in [
        ("POST /api/apps/a/scope-definitions", "scope is required", "definition.invalid", "scope"),
        (
            "POST /api/apps/a/scope-definitions",
            "scope must be an alphanumeric identifier (a-z, 0-9, _, -, .)",
            "definition.invalid",
            "scope",
        ),
        (
            "POST /api/apps/a/scope-access-rules",
            "rule_type must be one of: owner_allow, owner_deny, app_allow, app_deny",
            "rule.invalid",
            "rule_type",
        ),
        ("POST /api/apps/a/scope-access-rules", "target_id is required", "rule.invalid", "target_id"),
        ("POST /api/apps", "name is required", "request.invalid", "name"),
        ("POST /api/apps", "Invalid redirect_uri: h", "request.invalid", "redirect_uris"),
        ("POST /api/apps", "At least one redirect_uri required", "request.invalid", "redirect_uris"),
    ] {
        let found = explained(&[prism(line, 400, refusal(error)).bearer("prism_pat_x").sent(json!({}))]);
        assert_eq!((found.cause.as_str(), found.needs.field.as_deref()), (code, Some(field)), "{error}");
    }
}

#[test]
fn a_json_404_is_a_missing_app_only_where_one_was_asked_for() {
    for (line, code) in [
        ("GET /api/apps/a", "app.not_found"),
        ("DELETE /api/apps/a/scope-access-rules/r", "app.not_found"),
        ("PUT /api/apps/a", "reach.no_route"),
        ("GET /api/nothing", "reach.no_route"),
        ("POST /api/oauth/userinfo", "reach.no_route"),
        ("GET /api/teams/t", "resource.missing"),
    ] {
        assert_eq!(explained(&[prism(line, 404, refusal("Not found")).bearer("x")]).cause, code, "{line}");
    }
}

#[test]
fn a_login_and_a_malformed_authorization_have_meanings_of_their_own() {
    let login =
        explained(&[prism("POST /api/auth/login", 401, refusal("Invalid credentials")).sent(json!({}))]);
    assert_eq!((login.cause.as_str(), login.remedies[0].who), ("credential.invalid", Actor::EndUser));
    let authorize = |sent: Value| {
        let failed = prism("POST /api/oauth/authorize", 500, refusal("Internal server error"));
        explained(&[failed.bearer("session").sent(sent)])
    };
    let empty = authorize(json!({}));
    assert_eq!(
        (empty.cause.as_str(), empty.needs.field.as_deref()),
        ("oauth.invalid_request", Some("client_id"))
    );
    assert_eq!(authorize(json!(null)).cause, "request.malformed_body");
    let gateway =
        prism("POST /api/oauth/token", 502, refusal("bad gateway")).sent(json!("client_id=a&code=b"));
    assert_eq!(explained(&[gateway]).cause, "server.error");
}

/// The routes of Glint's web application take its cookie; the same origin is known by its configuration.
#[test]
fn routes_beside_the_cross_app_interface_belong_to_glints_web_application() {
    let own = |path: &str| {
        call(&format!("GET https://glint.test{path}"), 401, refusal("Unauthorized")).bearer(TOKEN)
    };
    let found = explained(&[own("/api/teams/t1/sets"), config(G, PRISM), introspected("profile")]);
    assert_eq!((found.cause.as_str(), found.certainty), ("credential.wrong_kind", Likely));
    assert!(
        found.remedies[0].action.contains("/api/cross-app/teams/t1/sets"),
        "{}",
        found.remedies[0].action
    );
    let setup = explained(&[own("/api/init/config")]);
    assert_eq!(
        (setup.cause.as_str(), setup.remedies[0].who),
        ("credential.wrong_kind", Actor::ProviderOwner)
    );
    // The other interface answers on the same path.
    let at_prism = prism("GET /api/teams/t1", 401, refusal("Unauthorized")).bearer("prism_pat_x");
    assert_eq!(explained(&[at_prism, config(G, PRISM)]).cause, "credential.wrong_kind");
}

#[test]
fn a_glint_below_a_prefix_is_known_by_its_configuration() {
    let below = |mut exchange: Exchange| {
        exchange.request.url = exchange.request.url.replace("https://glint.test/", "https://host.test/todo/");
        exchange
    };
    let refused = || below(denied("GET /teams/t1/sets", 403, "Not a member of this team"));
    let me =
        || below(call(&format!("GET {GLINT}/me"), 200, json!({"user": {"teams": []}})).bearer(TOKEN).at(3));
    let teams =
        call(&format!("GET {PRISM}/api/oauth/me/teams"), 200, json!({"teams": []})).bearer(TOKEN).at(2);
    let scene = [refused(), below(config(G, PRISM)), introspected("teams:read"), teams, me()];
    let found = explained(&scene);
    assert_eq!((found.cause.as_str(), found.certainty), ("membership.not_member", Proven));
    assert_eq!(subjects(&scene), [0]);
}

#[test]
fn who_acts_is_whose_mistake_it_is() {
    let space =
        denied("GET /teams/personal:102b79a3ca715e79ec7d5ffe5ceb095e/sets", 403, "Not a member of this team");
    let personal = explained(&[space, introspected("teams:read")]);
    assert_ne!(USER, "102b79a3ca715e79ec7d5ffe5ceb095e");
    assert_eq!(
        (personal.cause.as_str(), personal.remedies[0].who),
        ("membership.not_member", Actor::ConsumerDeveloper)
    );
}

#[test]
fn what_is_registered_already_is_not_what_is_missing() {
    let (read, write) = (app("read_todos"), app("write_todos"));
    let before =
        prism("GET /api/apps/a", 200, json!({"app": {"id": "a", "client_id": B, "allowed_scopes": [&read]}}))
            .bearer("prism_pat_x")
            .at(-5);
    let refused = prism("PATCH /api/apps/a", 403, refusal("You are not permitted to use this app's scopes"))
        .bearer("prism_pat_x")
        .sent(json!({"allowed_scopes": [&read, &write]}));
    let found = explained(&[refused, before]);
    assert_eq!(found.needs.scopes.unwrap(), ["write_todos"]);
}
