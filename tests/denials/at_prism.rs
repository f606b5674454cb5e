//! Calls to Prism itself: its interface, the authorization, the token request and the way back.

use crate::scene::{B, G, TOKEN, app, dead, explained, introspected, prism, refusal, says};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Proven};
use serde_json::{Value, json};

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
        (said.because.map(scopes::diagnosis::Code::as_str), said.needs.scopes.unwrap()),
        (Some("scope.token_predates"), vec!["comment".to_owned()])
    );
}

#[test]
fn a_token_endpoint_that_says_its_secrets_back_is_quoted_without_them() {
    let sent =
        format!("grant_type=refresh_token&refresh_token={TOKEN}&client_id=prism_x&client_secret={TOKEN}s");
    for (error, description) in [
        ("invalid_grant", format!("no such token: {TOKEN}")),
        (TOKEN, String::new()),
        ("invalid_client", format!("{}{TOKEN}s", "x".repeat(130))),
        ("invalid_request", format!("refresh_token={TOKEN}")),
    ] {
        let answer = json!({ "error": error, "error_description": description });
        let found = explained(&[prism("POST /api/oauth/token", 400, answer).sent(json!(sent.clone()))]);
        let said: Vec<&str> = found.evidence.iter().map(|fact| fact.text.as_str()).collect();
        let said = said.join("\n");
        assert!(!said.is_empty() && !said.contains(&TOKEN[..12]), "{said}");
    }
    let endless = json!({ "error": "invalid_grant", "error_description": "權".repeat(400_000) });
    let found = explained(&[prism("POST /api/oauth/token", 400, endless).sent(json!(sent))]);
    assert!(found.evidence.iter().all(|fact| fact.text.chars().count() < 400));
}
