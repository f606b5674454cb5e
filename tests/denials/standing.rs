//! What a person is in a team and may do there.

use crate::scene::{
    G, GLINT, PRISM, TOKEN, USER, app, config, denied, explained, glint_me, introspected, lists, matrix,
    outsider, preview, prism_teams, says,
};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Possible, Proven};
use scopes::exchange::Exchange;
use scopes::problem::Actor;
use serde_json::json;

#[test]
fn memberships() {
    let scopes = format!("teams:read {}", app("read_todos"));
    let listed = |joined: i64| json!({"teams": [{"id": "t1", "name": "Tea Party", "role": "member", "joined_at": crate::support::START + joined}]});
    let none = || json!({"teams": []});
    says(
        &[outsider(), introspected(&scopes), prism_teams(200, none()), glint_me(json!([]))],
        "membership.not_member",
        Proven,
    );
    let stale = says(
        &[outsider(), introspected(&scopes), prism_teams(200, listed(-60)), glint_me(json!([]))],
        "membership.stale_denial",
        Proven,
    );
    assert_eq!(stale.remedies[0].who, Actor::EndUser);
    says(
        &[outsider(), introspected(&scopes), prism_teams(200, listed(60)), glint_me(json!([]))],
        "membership.not_member",
        Proven,
    );
    says(
        &[
            outsider(),
            introspected(&scopes),
            prism_teams(403, json!({"error": "insufficient_scope"})),
            glint_me(json!([])),
        ],
        "membership.account_deactivated",
        Proven,
    );
    says(
        &[
            outsider(),
            introspected(&app("read_todos")),
            prism_teams(403, json!({"error": "insufficient_scope"})),
            glint_me(json!([])),
        ],
        "membership.unproven",
        Likely,
    );
    says(&[outsider()], "membership.unproven", Possible);
    let personal =
        denied("GET /teams/personal:102b79a3ca715e79ec7d5ffe5ceb095e/sets", 403, "Not a member of this team");
    says(&[personal, introspected(&scopes)], "membership.not_member", Proven);
    // Lists read with another token are somebody else's.
    let theirs = [prism_teams(200, none()), glint_me(json!([]))].map(|mut other| {
        other.request.headers.pop();
        other.bearer("another-token")
    });
    let [prism, glint] = theirs;
    says(&[outsider(), introspected(&scopes), prism, glint], "membership.unproven", Likely);
}

#[test]
fn no_team_list_names_what_lies_behind() {
    let refused = || {
        denied(
            "GET /me",
            403,
            "Team membership is unavailable: add teams:read to the bearer token scope, or the user must log in to Glint at least once.",
        )
    };
    let read = app("read_todos");
    for (granted, rejected, because) in [
        (vec!["teams:read"], vec![], "scope.token_predates"),
        (vec![], vec![("teams:read", "not_allowed")], "scope.not_registered"),
    ] {
        let answer = says(
            &[refused(), introspected(&read), preview(&granted, &rejected), config(G, PRISM)],
            "membership.unavailable",
            Proven,
        );
        assert_eq!(
            (answer.because.map(scopes::diagnosis::Code::as_str), answer.reauthorize),
            (Some(because), true)
        );
        assert_eq!(answer.needs.scopes.unwrap(), ["teams:read"]);
    }
}

#[test]
fn roles() {
    let view = || denied("GET /teams/t1/sets/s1/todos", 403, "No permission to view todos in this set");
    let [prism, glint] = lists("member");
    let scene = |matrix: Exchange| [view(), introspected("teams:read"), prism.clone(), glint.clone(), matrix];
    says(&scene(matrix(false, false, json!({}))), "role.default", Proven);
    says(&scene(matrix(false, true, json!({}))), "role.global_row", Proven);
    says(
        &scene(matrix(true, true, json!({"s1": {"member": {"view_todos": false}}}))),
        "role.set_override",
        Proven,
    );
    says(
        &scene(matrix(true, true, json!({"s2": {"member": {"view_todos": false}}}))),
        "role.undetermined",
        Likely,
    );
    says(&[view(), matrix(false, false, json!({}))], "role.default", Likely);
    let [promoted, cached] = lists("admin");
    let admin = json!({"keys": [], "defaults": {"member": {"view_todos": false}, "admin": {"view_todos": true}}, "global": {"member": {"view_todos": false}, "admin": {"view_todos": true}}, "sets": {}, "role": "member"});
    let table = call(&format!("GET {GLINT}/teams/t1/permissions"), 200, admin).bearer(TOKEN).at(4);
    says(&[view(), introspected("teams:read"), promoted, cached, table], "role.stale_role", Proven);
    says(&[view()], "role.undetermined", Possible);
    says(
        &[denied("PUT /teams/t1/permissions", 403, "Only owners and co-owners can grant manage_permissions")],
        "role.reserved",
        Proven,
    );
}

#[test]
fn rows_of_a_set_do_nothing_for_what_is_looked_up_for_the_team() {
    let sets = denied("PATCH /teams/t1/sets/s1", 403, "No permission to manage sets");
    let [prism, glint] = lists("member");
    let rows = json!({"s1": {"member": {"manage_sets": true}}});
    says(
        &[sets, introspected("teams:read"), prism, glint, matrix(false, false, rows)],
        "role.default",
        Proven,
    );
}

#[test]
fn own_and_foreign_todos_are_told_apart_by_who_made_them() {
    let delete = || denied("DELETE /teams/t1/todos/d1", 403, "No permission to delete");
    let [prism, glint] = lists("member");
    let todos = |owner: &str| {
        call(
            &format!("GET {GLINT}/teams/t1/sets/s1/todos"),
            200,
            json!({"todos": [{"id": "d1", "userId": owner}]}),
        )
        .bearer(TOKEN)
        .at(5)
    };
    let table = || matrix(false, false, json!({"s1": {"member": {"delete_own_todos": false}}}));
    let own = says(
        &[delete(), introspected("teams:read"), prism.clone(), glint.clone(), table(), todos(USER)],
        "role.set_override",
        Proven,
    );
    assert_eq!(own.needs.permission.as_deref(), Some("delete_own_todos"));
    let foreign = says(
        &[delete(), introspected("teams:read"), prism.clone(), glint.clone(), table(), todos("somebody")],
        "role.default",
        Proven,
    );
    assert_eq!(foreign.needs.permission.as_deref(), Some("delete_any_todo"));
    assert!(explained(&[delete(), introspected("teams:read"), prism, glint, table()]).certainty < Proven);
}

#[test]
fn a_missing_comment_of_a_todo_that_is_there() {
    let gone = || denied("DELETE /teams/t1/todos/d1/comments/c1", 404, "Not found");
    assert_eq!(explained(&[gone()]).needs.resource.as_deref(), Some("todo_or_comment"));
    let listed =
        call(&format!("GET {GLINT}/teams/t1/todos/d1/comments"), 200, json!({"comments": []})).bearer(TOKEN);
    assert_eq!(explained(&[gone(), listed]).needs.resource.as_deref(), Some("comment"));
}

#[test]
fn the_next_obstacle_is_told_only_where_it_is_certain() {
    let delete = || {
        denied(
            "DELETE /teams/t1/todos/d1",
            403,
            "Missing required scope. Token must include one of: delete_todos (or the bundle scope \"workbench\")",
        )
    };
    let [prism, glint] = lists("member");
    let table = call(&format!("GET {GLINT}/teams/t1/permissions"), 200, json!({"defaults": {}, "global": {"member": {"delete_own_todos": true, "delete_any_todo": false}}, "sets": {}, "role": "member"})).bearer(TOKEN).at(4);
    let todos = |owner: &str| {
        call(
            &format!("GET {GLINT}/teams/t1/sets/s1/todos"),
            200,
            json!({"todos": [{"id": "d1", "userId": owner}]}),
        )
        .bearer(TOKEN)
        .at(5)
    };
    let scene = |todo: Option<Exchange>| {
        let mut scene = vec![
            delete(),
            introspected("teams:read"),
            prism.clone(),
            glint.clone(),
            table.clone(),
            config(G, PRISM),
        ];
        scene.extend(todo);
        explained(&scene)
    };
    assert_eq!(scene(None).next_obstacle, None);
    assert_eq!(scene(Some(todos(USER))).next_obstacle, None);
    assert!(scene(Some(todos("olivia"))).next_obstacle.unwrap().contains("delete_any_todo"));
}
