//! The codes of the taxonomy, each provoked by its cause in a made-up scene.

use crate::support::{With, call, explain};
use scopes::diagnosis::{Certainty, Diagnosis, Known, diagnose, subjects};
use scopes::exchange::{Exchange, TransportFailure};
use scopes::lang::Lang;
use scopes::problem::Actor;
use serde_json::{Value, json};

const TOKEN: &str = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
const GLINT: &str = "https://glint.test/api/cross-app";
const PRISM: &str = "https://prism.test";
const G: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
const B: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
const USER: &str = "159fce5177007d6aa099850af74fda98";

fn config(id: &str, base: &str) -> Exchange {
    call(
        "GET https://glint.test/api/auth/config",
        200,
        json!({"baseUrl": base, "clientId": id, "redirectUri": "x", "usePkce": true}),
    )
}

/// What Prism says about the token, a second after the call.
fn introspected(scopes: &str) -> Exchange {
    let answer = json!({"active": true, "scope": scopes, "client_id": B, "username": USER, "sub": USER, "exp": crate::support::START + 3000, "iat": crate::support::START});
    call(&format!("POST {PRISM}/api/oauth/introspect"), 200, answer)
        .sent(json!(format!("token={TOKEN}")))
        .at(1)
}

fn dead() -> Exchange {
    call(&format!("POST {PRISM}/api/oauth/introspect"), 200, json!({"active": false}))
        .sent(json!(format!("token={TOKEN}")))
        .at(1)
}

fn app(inner: &str) -> String {
    format!("app:{G}:{inner}")
}

/// The consent preview of the consumer for these scopes.
fn preview(granted: &[&str], rejected: &[(&str, &str)]) -> Exchange {
    let rejected: Vec<Value> =
        rejected.iter().map(|(scope, reason)| json!({"scope": scope, "reason": reason})).collect();
    let answer = json!({"app": {"id": "a", "name": "Standup Bot"}, "scopes": granted, "optional_scopes": [], "app_scopes": [], "rejected_scopes": rejected});
    call(
        &format!("GET {PRISM}/api/oauth/app-info?response_type=code&client_id={B}&redirect_uri=x&scope=y"),
        200,
        answer,
    )
    .at(2)
}

fn denied(line: &str, status: u16, error: &str) -> Exchange {
    let (method, path) = line.split_once(' ').unwrap();
    call(&format!("{method} {GLINT}{path}"), status, json!({"error": error})).bearer(TOKEN)
}

fn lacks_read() -> Exchange {
    denied(
        "GET /teams/t1/sets",
        403,
        "Missing required scope. Token must include one of: read_todos (or the bundle scope \"workbench\")",
    )
}

fn outsider() -> Exchange {
    denied("GET /teams/t1/sets", 403, "Not a member of this team")
}

fn prism_teams(status: u16, teams: Value) -> Exchange {
    call(&format!("GET {PRISM}/api/oauth/me/teams"), status, teams).bearer(TOKEN).at(2)
}

fn glint_me(teams: Value) -> Exchange {
    call(&format!("GET {GLINT}/me"), 200, json!({"user": {"id": USER, "username": "mia", "displayName": "Mia", "teams": teams}, "grantedScopes": []})).bearer(TOKEN).at(3)
}

fn explained(scene: &[Exchange]) -> Diagnosis {
    explain(scene, 0, Lang::En)
}

/// The answer to a whole scene; any part of the evidence may make it less sure, never surer or surely something else.
#[track_caller]
fn says(scene: &[Exchange], code: &str, certainty: Certainty) -> Diagnosis {
    let answer = explained(scene);
    assert_eq!((answer.cause.as_str(), answer.certainty), (code, certainty), "{}", answer.headline);
    let (subject, evidence) = scene.split_first().unwrap();
    for mask in 0..(1u32 << evidence.len()) {
        let kept = evidence
            .iter()
            .enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0)
            .map(|(_, other)| other.clone());
        let kept: Vec<Exchange> = kept.collect();
        let less = diagnose(subject, &kept, &Known::default(), Lang::En);
        let what = format!("{code} with only {mask:b}: {}", less.cause);
        assert!(less.certainty <= certainty, "{what} {:?}", less.certainty);
        assert!(less.certainty < Proven || less.cause == code, "{what}");
        let turned: Vec<Exchange> = kept.into_iter().rev().collect();
        let turned = diagnose(subject, &turned, &Known::default(), Lang::En);
        assert_eq!(
            (&turned.cause, turned.certainty),
            (&less.cause, less.certainty),
            "{what} in another order"
        );
    }
    answer
}

use Certainty::{Likely, Possible, Proven};

#[test]
fn transport_and_pages() {
    for (kind, code) in [
        (TransportFailure::Dns, "reach.dns"),
        (TransportFailure::Refused, "reach.refused"),
        (TransportFailure::Timeout, "reach.timeout"),
        (TransportFailure::Tls, "reach.tls"),
    ] {
        let mut subject = lacks_read();
        subject.response = None;
        subject.failure = Some((kind, "words".into()));
        says(&[subject], code, Proven);
    }
    says(
        &[call(&format!("GET {GLINT}/me"), 200, json!("<!doctype html><title>x</title>")).bearer(TOKEN)],
        "reach.not_api",
        Proven,
    );
    says(
        &[call(&format!("GET {GLINT}/me"), 502, json!("<html><h1>Bad gateway</h1></html>")).bearer(TOKEN)],
        "reach.not_api",
        Proven,
    );
    says(
        &[call(&format!("GET {GLINT}/nothing"), 404, json!("404 Not Found")).bearer(TOKEN)],
        "reach.no_route",
        Proven,
    );
}

#[test]
fn header_and_form_of_the_token() {
    let unauthorized = || call(&format!("GET {GLINT}/me"), 401, json!({"error": "Unauthorized"}));
    says(&[unauthorized(), introspected("profile").bearer("other")], "header.missing", Proven);
    says(&[unauthorized().header("Sec-Fetch-Mode", "cors")], "header.missing", Likely);
    says(&[unauthorized().header("authorization", &format!("Basic {TOKEN}"))], "header.malformed", Proven);
    let sent = |token: &str| {
        call(&format!("GET {GLINT}/me"), 401, json!({"error": "Token inactive or expired"})).bearer(token)
    };
    let id = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl";
    let session = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    for (token, code) in [
        ("", "token.empty"),
        ("undefined", "token.empty"),
        ("${TOKEN}", "token.empty"),
        (&format!("{TOKEN}\n"), "token.whitespace"),
        (&format!("\"{TOKEN}\""), "token.whitespace"),
        ("prism_pat_abc", "token.personal_access_token"),
        ("‹personal access token 12ab34›", "token.personal_access_token"),
        (session, "token.session_jwt"),
        (id, "token.id_token"),
    ] {
        says(&[sent(token)], code, Proven);
    }
    for masked in ["***", "[REDACTED]", "<redacted>", "abc…", "‹access token 12ab34›"] {
        says(&[sent(masked)], "token.inactive", Possible);
    }
}

#[test]
fn a_live_token_that_glint_does_not_know() {
    let refused = || denied("GET /me", 401, "Token inactive or expired");
    let scope = app("read_todos");
    says(&[refused(), introspected(&scope), config(G, "https://other.test")], "token.other_issuer", Proven);
    says(&[refused(), introspected(&scope)], "token.other_issuer", Likely);
    let before = introspected(&scope).at(-60);
    says(&[refused(), before, config(G, "https://other.test")], "token.inactive", Possible);
    // A JSON body is never read by Prism: its `active: false` says nothing.
    let as_json = dead().sent(json!({"token": TOKEN}));
    says(&[refused(), as_json], "token.inactive", Possible);
}

#[test]
fn dead_tokens() {
    let refused = || denied("GET /me", 401, "Token inactive or expired").at(100);
    let issued = |lives: i64, at: i64| {
        call(
            &format!("POST {PRISM}/api/oauth/token"),
            200,
            json!({"access_token": TOKEN, "refresh_token": "R1", "expires_in": lives, "scope": "profile"}),
        )
        .sent(json!(format!("grant_type=authorization_code&code=c&client_id={B}")))
        .at(at)
    };
    let dead = || dead().at(101);
    let answer = says(&[refused(), dead(), issued(60, 0), config(G, PRISM)], "token.expired", Proven);
    assert!(!answer.reauthorize);
    says(&[refused(), dead(), issued(3600, 0)], "token.inactive", Likely);
    says(&[refused(), dead(), introspected("profile").at(-4000)], "token.inactive", Likely);
    let revoked =
        call(&format!("POST {PRISM}/api/oauth/revoke"), 200, json!("")).sent(json!("token=R1")).at(50);
    says(&[refused(), dead(), issued(3600, 0), revoked], "token.inactive", Proven);
    let refreshed = call(
        &format!("POST {PRISM}/api/oauth/token"),
        200,
        json!({"access_token": "A2", "refresh_token": "R1", "expires_in": 3600}),
    )
    .sent(json!("grant_type=refresh_token&refresh_token=R1"))
    .at(50);
    says(&[refused(), dead(), issued(3600, 0), refreshed], "token.inactive", Proven);
}

#[test]
fn scopes_told_by_what_the_token_holds() {
    let other = "app:prism_aaaaaaaaaaaaaaaaaaaaaa:read_todos";
    says(&[lacks_read(), introspected(other)], "scope.other_namespace", Proven);
    let blank = says(
        &[lacks_read(), introspected(&app("read_todos")), config(&format!("{G} "), PRISM)],
        "scope.other_namespace",
        Proven,
    );
    assert_eq!((blank.remedies[0].who, blank.reauthorize), (Actor::Operator, false));
    says(
        &[lacks_read(), introspected(&app("write_todos")), config(G, PRISM)],
        "scope.legacy_does_not_cover",
        Proven,
    );
    says(&[lacks_read(), introspected(&app("write_todos"))], "scope.legacy_does_not_cover", Likely);
    says(&[lacks_read(), introspected(&app("read_todo")), config(G, PRISM)], "scope.misspelt", Proven);
    // Another provider's scope of the same name is no reason when this provider's own was asked about.
    let foreign = "app:prism_bbbbbbbbbbbbbbbbbbbbbb:read_todos";
    let scene = [lacks_read(), introspected("profile"), config(G, PRISM), preview(&[foreign], &[])];
    assert_ne!(explained(&scene).cause, "scope.token_predates");
}

#[test]
fn scopes_told_by_the_preview() {
    let read = app("read_todos");
    for (reason, code) in [
        ("not_allowed", "scope.not_registered"),
        ("app_denied", "scope.denied_by_rule"),
        ("target_missing", "scope.target_missing"),
    ] {
        let scene = |with_config: bool| {
            let mut scene = vec![lacks_read(), introspected("profile"), preview(&[], &[(&read, reason)])];
            if with_config {
                scene.push(config(G, PRISM));
            }
            scene
        };
        says(&scene(true), code, Proven);
        assert!(explained(&scene(false)).certainty < Proven, "{code}");
    }
    let answer = says(
        &[lacks_read(), introspected("profile"), preview(&[&read], &[]), config(G, PRISM)],
        "scope.token_predates",
        Proven,
    );
    assert!(answer.reauthorize && answer.headline.contains("read_todos"));
    says(&[lacks_read(), introspected("profile"), config(G, PRISM)], "scope.undetermined", Likely);
    says(&[lacks_read()], "scope.undetermined", Possible);
    let wrong_id = preview(&[], &[("app:prism_cccccccccccccccccccccc:read_todos", "target_missing")]);
    let answer = explained(&[lacks_read(), introspected("profile"), wrong_id, config(G, PRISM)]);
    assert_eq!(
        (answer.cause.as_str(), answer.remedies[0].who),
        ("scope.target_missing", Actor::ConsumerDeveloper)
    );
    let misspelt = preview(&["profile"], &[("glint:read_todos", "unknown")]);
    says(&[lacks_read(), introspected("profile"), misspelt, config(G, PRISM)], "scope.misspelt", Proven);
}

#[test]
fn a_misspelt_scope_of_the_authorization_that_led_to_the_token() {
    let authorize = call(
        &format!("POST {PRISM}/api/oauth/authorize"),
        200,
        json!({"redirect": "https://app.test/cb?code=C1&state=s"}),
    )
    .bearer("session")
    .sent(json!({"client_id": B, "redirect_uri": "x", "scope": format!("profile {}", app("read-todos"))}))
    .at(-10);
    let token = call(
        &format!("POST {PRISM}/api/oauth/token"),
        200,
        json!({"access_token": TOKEN, "expires_in": 3600, "scope": "profile"}),
    )
    .sent(json!(format!("grant_type=authorization_code&code=C1&client_id={B}")))
    .at(-9);
    let preview = preview(&[], &[(&app("read_todos"), "not_allowed")]);
    // Not by `says`: without the request, what the preview says is the surer reason.
    let answer =
        explained(&[lacks_read(), introspected("profile"), authorize, token, preview, config(G, PRISM)]);
    assert_eq!((answer.cause.as_str(), answer.certainty), ("scope.misspelt", Likely));
}

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
        assert_eq!((answer.because.as_deref(), answer.reauthorize), (Some(because), true));
        assert_eq!(answer.needs.scopes.unwrap(), ["teams:read"]);
    }
}

fn matrix(global: bool, default: bool, sets: Value) -> Exchange {
    let row = |value: bool| json!({"member": {"delete_own_todos": value, "delete_any_todo": value, "manage_sets": value, "view_todos": value}});
    call(
        &format!("GET {GLINT}/teams/t1/permissions"),
        200,
        json!({"keys": [], "defaults": row(default), "global": row(global), "sets": sets, "role": "member"}),
    )
    .bearer(TOKEN)
    .at(4)
}

fn lists(prism_role: &str) -> [Exchange; 2] {
    [
        prism_teams(200, json!({"teams": [{"id": "t1", "name": "T", "role": prism_role, "joined_at": 1}]})),
        glint_me(json!([{"id": "t1", "name": "T", "role": "member"}])),
    ]
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
fn broken_deployments() {
    let failed = |error: &str| {
        call(&format!("GET {GLINT}/me"), 500, json!({"error": error, "stack": "Error: x"})).bearer(TOKEN)
    };
    for (error, code) in [
        ("Network connection lost.", "server.prism_unreachable"),
        ("Invalid URL string.", "server.prism_url_invalid"),
        ("Unexpected token '<', \"<!doctype \"... is not valid JSON", "server.prism_not_api"),
        ("D1_ERROR: no such column: split_completed at offset 89: SQLITE_ERROR", "server.migrations_missing"),
    ] {
        says(&[failed(error)], code, Proven);
    }
    let upstream = call(
        &format!("GET {GLINT}/me"),
        500,
        json!({"error": "upstream down", "stack": "PrismError: upstream down\n at x"}),
    )
    .bearer(TOKEN);
    says(&[upstream], "server.prism_failed", Proven);
    says(&[denied("GET /me", 429, "Too many requests")], "server.rate_limited", Proven);
    says(&[denied("GET /me", 502, "bad gateway")], "server.error", Proven);
    let valid =
        denied("POST /teams/t1/sets", 500, "Unexpected token '<', \"<!doctype \"... is not valid JSON")
            .sent(json!({"name": "x"}));
    says(&[valid], "server.prism_not_api", Proven);
    let cut = denied("POST /teams/t1/sets", 500, "Unterminated string in JSON at position 9")
        .sent(json!("{\"name\": \""));
    says(&[cut], "request.malformed_body", Proven);
}

#[test]
fn answers_of_200_that_hide_something() {
    let set = "00000000-0000-4000-8000-000000000000";
    let sets = |at: i64| {
        call(&format!("GET {GLINT}/teams/t1/sets"), 200, json!({"sets": [{"id": "s1"}], "role": "member"}))
            .bearer(TOKEN)
            .at(at)
    };
    let ok = |line: &str, answer: Value| {
        let (method, path) = line.split_once(' ').unwrap();
        call(&format!("{method} {GLINT}{path}"), 200, answer).bearer(TOKEN)
    };
    says(
        &[ok(&format!("GET /teams/t1/sets/{set}/todos"), json!({"todos": []})), sets(1)],
        "hidden.set_missing",
        Proven,
    );
    says(&[ok(&format!("PATCH /teams/t1/sets/{set}"), json!({"ok": true})), sets(1)], "hidden.noop", Proven);
    says(
        &[ok(&format!("DELETE /teams/t1/sets/{set}"), json!({"ok": true})), sets(-1)],
        "hidden.noop",
        Likely,
    );
    assert_eq!(
        explained(&[ok(&format!("DELETE /teams/t1/sets/{set}"), json!({"ok": true})), sets(1)]).cause,
        "allowed"
    );
    let assigned = ok("PUT /teams/t1/todos/d1/assignees", json!({"ok": true, "assignees": []}))
        .sent(json!({"userIds": ["u1"]}));
    says(&[assigned], "hidden.assignees_dropped", Proven);
    let [_, glint] = lists("member");
    says(&[sets(0), prism_teams(200, json!({"teams": []})), glint], "hidden.stale_access", Proven);
    let [prism, glint] = lists("member");
    says(&[sets(0), prism, glint], "allowed", Proven);
}

#[test]
fn archives_without_bodies_still_name_the_gate() {
    let mut subject = lacks_read();
    subject.response.as_mut().unwrap().body = None;
    let read = app("read_todos");
    says(
        &[subject, introspected("profile"), preview(&[], &[(&read, "not_allowed")]), config(G, PRISM)],
        "scope.not_registered",
        Likely,
    );
    let mut subject = outsider();
    subject.response.as_mut().unwrap().body = None;
    assert!(explained(&[subject]).certainty == Possible);
    let mut subject = denied("GET /me", 401, "x").header("X", "y");
    subject.response.as_mut().unwrap().body = None;
    says(&[subject], "token.inactive", Possible);
}

fn prism(line: &str, status: u16, answer: Value) -> Exchange {
    let (method, path) = line.split_once(' ').unwrap();
    call(&format!("{method} {PRISM}{path}"), status, answer)
}

fn refusal(error: &str) -> Value {
    json!({ "error": error })
}

#[test]
fn calls_to_prism() {
    let pat = "prism_pat_byLKhJJ4DNYGl-oMnstkbI7gTLLECPC3IFOtQQPVUFgXu0li9nmLslm-Y2wWiTxx";
    says(&[prism("GET /api/apps", 401, refusal("Unauthorized"))], "credential.missing", Proven);
    says(
        &[prism("GET /api/apps/a/scope-access-rules", 401, refusal("Unauthorized"))
            .header("Authorization", "Basic eDp5")],
        "credential.wrong_kind",
        Proven,
    );
    says(
        &[prism("GET /api/apps", 401, refusal("Unauthorized")).bearer(TOKEN), introspected("profile")],
        "credential.wrong_kind",
        Proven,
    );
    says(&[prism("GET /api/apps", 401, refusal("Unauthorized")).bearer(pat)], "credential.invalid", Likely);
    says(&[prism("GET /api/apps", 401, refusal("Token expired")).bearer(pat)], "credential.expired", Proven);
    let needs = says(
        &[prism("POST /api/apps", 403, refusal("insufficient_scope")).bearer(pat)],
        "credential.insufficient_scope",
        Proven,
    )
    .needs;
    assert_eq!(needs.scopes.unwrap(), ["apps:write"]);
    says(
        &[prism("GET /api/oauth/me/teams", 403, refusal("insufficient_scope")).bearer(TOKEN), dead()],
        "credential.invalid",
        Likely,
    );
    says(
        &[
            prism("GET /api/oauth/me/teams", 403, refusal("insufficient_scope")).bearer(TOKEN),
            introspected("profile"),
        ],
        "credential.insufficient_scope",
        Proven,
    );
    says(
        &[prism("POST /api/oauth/authorize", 401, refusal("Unauthorized")).bearer(pat).sent(json!({}))],
        "credential.wrong_kind",
        Proven,
    );
    says(
        &[prism("PATCH /api/apps/a", 403, refusal("Forbidden")).bearer(pat).sent(json!({}))],
        "app.forbidden",
        Proven,
    );
    says(
        &[prism(&format!("GET /api/apps/{B}"), 404, refusal("Not found")).bearer(pat)],
        "app.not_found",
        Proven,
    );
    let patch = |status: u16, answer: Value| {
        prism("PATCH /api/apps/a", status, answer)
            .bearer(pat)
            .sent(json!({"allowed_scopes": ["profile", app("read_todos")]}))
    };
    for (text, code) in [
        ("You are not permitted to use this app's scopes", "registration.owner_denied"),
        ("You are not on the allow-list for this app's scopes", "registration.owner_not_listed"),
        (&format!("App with client_id {G} not found or inactive"), "registration.target_missing"),
    ] {
        assert_eq!(says(&[patch(403, refusal(text))], code, Proven).needs.scopes.unwrap(), ["read_todos"]);
    }
    says(&[patch(200, json!({"app": {"allowed_scopes": ["profile"]}}))], "registration.dropped", Proven);
    says(
        &[patch(200, json!({"app": {"allowed_scopes": ["profile", app("read_todos")]}}))],
        "allowed",
        Proven,
    );
    says(
        &[prism("POST /api/apps/a/scope-definitions", 400, refusal("title is required"))
            .bearer(pat)
            .sent(json!({}))],
        "definition.invalid",
        Proven,
    );
    says(
        &[prism("POST /api/apps/a/scope-access-rules", 400, refusal("target_id is required"))
            .bearer(pat)
            .sent(json!({}))],
        "rule.invalid",
        Proven,
    );
    says(
        &[prism("POST /api/apps/a/scope-access-rules", 409, refusal("Rule already exists"))
            .bearer(pat)
            .sent(json!({}))],
        "rule.exists",
        Proven,
    );
    says(
        &[prism("POST /api/apps", 500, refusal("Internal server error")).bearer(pat).sent(json!("{"))],
        "request.malformed_body",
        Proven,
    );
}

#[test]
fn authorization_and_token_endpoints() {
    let token = |sent: &str, status: u16, answer: Value| {
        prism("POST /api/oauth/token", status, answer).sent(json!(sent))
    };
    let full =
        "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&client_id=prism_x";
    for (error, description, code) in [
        ("invalid_grant", "Code expired", "oauth.code_expired"),
        ("invalid_grant", "PKCE verification failed", "oauth.pkce_failed"),
        ("invalid_grant", "code_verifier required", "oauth.pkce_required"),
        ("invalid_grant", "Refresh token expired", "oauth.refresh_expired"),
        ("unsupported_grant_type", "", "oauth.unsupported_grant_type"),
        ("invalid_client", "", "oauth.invalid_client"),
        ("unauthorized_client", "", "oauth.unauthorized_client"),
        ("invalid_scope", "", "oauth.invalid_scope"),
    ] {
        says(&[token(full, 400, json!({"error": error, "error_description": description}))], code, Proven);
    }
    says(&[token(full, 400, refusal("invalid_grant"))], "oauth.invalid_grant", Likely);
    let authorized = prism(
        "GET /api/oauth/authorize?client_id=prism_x&redirect_uri=https%3A%2F%2Fapp.test%2Fcb%2F&scope=profile",
        302,
        json!(""),
    );
    assert_eq!(
        explained(&[token(full, 400, refusal("invalid_grant")), authorized]).cause,
        "oauth.redirect_uri_mismatch"
    );
    assert_eq!(
        explained(&[token(full, 500, refusal("Internal server error"))]).cause,
        "oauth.jwt_tokens_broken"
    );
    says(
        &[token("grant_type=authorization_code&code=c", 500, refusal("Internal server error"))],
        "oauth.invalid_request",
        Proven,
    );
    let authorize = |status: u16, answer: Value| {
        prism("POST /api/oauth/authorize", status, answer).bearer("s").sent(json!({"client_id": "prism_x"}))
    };
    says(
        &[authorize(200, json!({"redirect": "https://app.test/cb?error=access_denied&state=s"}))],
        "oauth.access_denied",
        Proven,
    );
    says(&[authorize(400, refusal("invalid_redirect_uri"))], "oauth.invalid_redirect_uri", Proven);
    says(
        &[authorize(
            400,
            json!({"error": "invalid_request", "error_description": "code_challenge is required for public clients"}),
        )],
        "oauth.pkce_required",
        Proven,
    );
}

#[test]
fn later_facts_count_and_foreign_servers_do_not() {
    let scopes = format!("teams:read {}", app("read_todos"));
    let teams = |at: i64, rows: Value| prism_teams(200, json!({ "teams": rows })).at(at);
    let member = json!([{"id": "t1", "name": "T", "role": "member", "joined_at": 5}]);
    let scene = [
        outsider(),
        introspected(&scopes),
        teams(-30, json!([])),
        teams(2, member.clone()),
        glint_me(json!([])),
    ];
    assert_eq!(explained(&scene).cause, "membership.stale_denial");
    let mut other = glint_me(json!([{"id": "t1", "name": "T", "role": "member"}]));
    other.request.url = other.request.url.replace("glint.test", "other-glint.test");
    says(
        &[outsider(), introspected(&scopes), teams(2, member), glint_me(json!([])), other],
        "membership.stale_denial",
        Proven,
    );
}

#[test]
fn noise_of_an_archive_is_no_subject() {
    let page = call("GET https://app.test/index.html", 200, json!("<!doctype html>"));
    let icon = call("GET https://app.test/favicon.ico", 404, json!("not here"));
    let preflight = call(&format!("OPTIONS {GLINT}/me"), 204, json!(""));
    assert_eq!(
        subjects(&[page.clone(), icon.clone(), preflight, lacks_read(), introspected("profile")]),
        [3]
    );
    assert_eq!(subjects(&[page, icon]), [1]);
    assert_eq!(
        subjects(&[introspected("profile"), denied("GET /me", 401, "Token inactive or expired")]),
        [1]
    );
}

#[test]
fn an_archive_without_credentials_is_read_as_far_as_it_goes() {
    let bare = |mut exchange: Exchange| {
        exchange.request.headers.retain(|(name, _)| name != "Authorization");
        exchange
    };
    let read = app("read_todos");
    let preview = || preview(&[], &[(&read, "not_allowed")]);
    says(
        &[bare(lacks_read()), introspected("profile"), preview(), config(G, PRISM)],
        "scope.not_registered",
        Likely,
    );
    let masked = bare(lacks_read()).bearer("***");
    says(&[masked, introspected("profile"), preview(), config(G, PRISM)], "scope.not_registered", Likely);
    let mut second = introspected("profile");
    second.request.body = Some("token=another".into());
    assert_eq!(
        explained(&[bare(lacks_read()), introspected("profile"), second, preview(), config(G, PRISM)]).cause,
        "scope.undetermined"
    );
}

#[test]
fn the_way_back_to_the_consumer() {
    let back =
        |query: &str| call(&format!("GET https://app.test/callback?{query}"), 200, json!("<!doctype html>"));
    says(&[back("error=access_denied&state=s1")], "oauth.access_denied", Proven);
    let authorize = prism(
        "GET /api/oauth/authorize?client_id=prism_x&redirect_uri=x&scope=profile&state=s1",
        302,
        json!(""),
    );
    assert_eq!(explained(&[back("code=c&state=s2"), authorize.clone()]).cause, "oauth.state_mismatch");
    assert_ne!(explained(&[back("code=c&state=s1"), authorize.clone()]).cause, "oauth.state_mismatch");
    let other = back("code=c&state=s1&iss=https%3A%2F%2Fevil.test");
    assert_eq!(explained(&[other, authorize]).cause, "oauth.issuer_mismatch");
}

#[test]
fn a_refresh_never_widens() {
    let answer = json!({"access_token": "a", "scope": "profile", "expires_in": 60});
    let refresh = prism("POST /api/oauth/token", 200, answer).sent(json!(format!(
        "grant_type=refresh_token&refresh_token=r&scope=profile+{}",
        app("comment").replace(':', "%3A")
    )));
    let said = says(&[refresh], "oauth.scopes_narrowed", Proven);
    assert_eq!(
        (said.because.as_deref(), said.needs.scopes.unwrap()),
        (Some("scope.token_predates"), vec!["comment".to_owned()])
    );
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

#[test]
fn a_connection_that_broke_is_a_guess() {
    for kind in [TransportFailure::Reset, TransportFailure::Other, TransportFailure::Cancelled] {
        let mut subject = lacks_read();
        subject.response = None;
        subject.failure = Some((kind, String::new()));
        assert_eq!(explained(&[subject]).certainty, Possible);
    }
}

#[test]
fn a_cure_that_came_later_does_not_hide_the_cause() {
    let scopes = format!("teams:read {}", app("read_todos"));
    let [prism, cured] = lists("member");
    let scene = [outsider(), introspected(&scopes), prism, glint_me(json!([])).at(3), cured.at(60)];
    assert_eq!(explained(&scene).cause, "membership.stale_denial");
    let view = denied("GET /teams/t1/sets/s1/todos", 403, "No permission to view todos in this set");
    let [prism, glint] = lists("member");
    let row = |value: bool| matrix(true, true, json!({"s1": {"member": {"view_todos": value}}}));
    let scene = [view, introspected("teams:read"), prism, glint, row(false).at(5), row(true).at(60)];
    assert_eq!(explained(&scene).cause, "role.set_override");
    let read = app("read_todos");
    let later = preview(&[&read], &[]).at(60);
    let scene = [
        lacks_read(),
        introspected("profile"),
        preview(&[], &[(&read, "not_allowed")]),
        later,
        config(G, PRISM),
    ];
    assert_eq!(explained(&scene).cause, "scope.token_predates");
}
