//! Tokens that are malformed, dead, unknown or too narrow.

use crate::scene::{
    B, G, GLINT, PRISM, TOKEN, app, config, dead, denied, explained, introspected, lacks_read, preview, says,
};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Possible, Proven};
use scopes::problem::Actor;
use serde_json::json;

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
    assert_eq!((blank.remedies[0].who, blank.reauthorize), (Actor::ProviderOwner, false));
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

/// Any one of two scopes would do, one is registered and the other is not: which one the authorization was after is open.
#[test]
fn a_preview_that_grants_one_of_two_is_not_proof() {
    let (create, write) = (app("create_todos"), app("write_todos"));
    let refused = || {
        let lacks = "Missing required scope. Token must include one of: create_todos, write_todos (or the bundle scope \"workbench\")";
        denied("POST /teams/t1/sets/s1/todos", 403, lacks)
    };
    let scene =
        |shown: scopes::exchange::Exchange| [refused(), introspected("profile"), config(G, PRISM), shown];
    let mixed = preview(&[&write], &[(&create, "not_allowed")]);
    let answer = says(&scene(mixed), "scope.token_predates", Likely);
    assert_eq!(answer.alternatives[0].code, "scope.not_registered");
    says(&scene(preview(&[&write, &create], &[])), "scope.token_predates", Proven);
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
