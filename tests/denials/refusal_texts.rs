//! Refusals with every text the product knows, and names planted in them that nobody knows.

use crate::recorded::{GLINT, PRISM, exchange, recordings};
use crate::scene::{B, app, denied};
use crate::support::{With, all_cases, call};
use scopes::exchange::Exchange;
use serde_json::{Value, json};

/// Headers, parameters and members that nobody knows, each with a value that nobody needs.
pub(crate) fn planted(mut exchange: Exchange) -> Exchange {
    let sign = if exchange.request.url.contains('?') { '&' } else { '?' };
    if !exchange.request.url.contains('#') {
        exchange.request.url.push_str(&format!("{sign}kanarieParam=kanarie-a"));
    }
    exchange.request.headers.push(("X-Kanarie".to_owned(), "kanarie-b".to_owned()));
    if let Some(response) = &mut exchange.response {
        response.headers.push(("Kanarie-Trace".to_owned(), "kanarie-c".to_owned()));
        response.body = response.body.take().map(|body| with_members(&body));
    }
    exchange.request.body = exchange.request.body.take().map(|body| with_members(&body));
    exchange
}

fn with_members(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(Value::Object(mut members)) => {
            members.insert("kanarieText".to_owned(), json!("kanarie-d"));
            members
                .insert("kanarieDeep".to_owned(), json!({ "kanarie": ["kanarie-e", { "x": "kanarie-f" }] }));
            members.insert("kanarie_flag".to_owned(), json!(true));
            Value::Object(members).to_string()
        }
        _ if body.contains('=') && !body.contains(['{', '<', '\n', ' ']) => {
            format!("{body}&kanarie=kanarie-g")
        }
        _ => body.to_owned(),
    }
}

/// Glint's refusals as its profile lists them, each with something in the place of `…`.
pub(crate) fn of_glint() -> Vec<(String, Exchange)> {
    let profile = tests::places::repository("src-tauri/crates/scopes/profiles/glint.calls.json");
    let profile: Value = serde_json::from_str(&std::fs::read_to_string(profile).unwrap()).unwrap();
    let mut all = Vec::new();
    for denial in profile["denials"].as_array().unwrap() {
        let status = u16::try_from(denial["status"].as_u64().unwrap()).unwrap();
        let pattern = denial["text"].as_str().unwrap();
        let body = match pattern {
            "Missing required scope …" => {
                "Missing required scope. Token must include one of: read_todos (or the bundle scope \"workbench\")"
                    .to_owned()
            }
            _ => pattern.replace("… ", "title ").replace(" …", " 'title' at position 3"),
        };
        for (line, sent) in [
            ("GET /teams/t1/sets", None),
            ("POST /teams/t1/sets/s1/todos", Some(json!({ "title": "Tea", "parentId": "d1" }))),
            ("PATCH /teams/t1/todos/d1", Some(json!({ "title": "Tea", "sortOrder": 5 }))),
            (
                "PUT /teams/t1/permissions",
                Some(json!({ "scope": "global", "permissions": [{ "role": "member" }] })),
            ),
        ] {
            let mut refused = denied(line, status, &body);
            if status == 404 && pattern.starts_with("404") {
                refused.response.as_mut().unwrap().body = Some(body.clone());
            }
            if status == 500 {
                let stack = format!("Error: {body}\n    at kanarie-h (worker.js:1:2)");
                refused.response.as_mut().unwrap().body =
                    Some(json!({ "error": body, "stack": stack }).to_string());
            }
            let refused = match sent {
                Some(sent) => refused.sent(sent),
                None => refused,
            };
            all.push((format!("{line} {status} {body}"), refused));
        }
    }
    all
}

/// Refusals of Prism, and of OAuth by code and description (RFC 6749 §5.2, RFC 6750 §3.1).
pub(crate) fn of_prism() -> Vec<(String, Exchange)> {
    let pat = format!("prism_pat_{}", "0123456789abcdef".repeat(4));
    let mut all = Vec::new();
    for (line, status, error) in [
        ("GET /api/apps", 401, "Unauthorized"),
        ("GET /api/apps", 401, "Token expired"),
        ("GET /api/apps", 403, "insufficient_scope"),
        ("GET /api/apps/22d71a4a3697a1d674be910d93c3cae1", 403, "Forbidden"),
        ("PATCH /api/apps/a1", 403, "You are not permitted to use this app's scopes"),
        ("PATCH /api/apps/a1", 403, "You are not on the allow-list for this app's scopes"),
        ("PATCH /api/apps/a1", 403, "App with client_id prism_6wsjw653PfFYk7GOq6wuSQ not found or inactive"),
        ("PATCH /api/apps/a1", 403, "App with client_id prism_nosuchclient not found or inactive"),
        ("GET /api/apps/prism_6wsjw653PfFYk7GOq6wuSQ", 404, "Not found"),
        ("POST /api/apps", 400, "name is required"),
        ("POST /api/apps", 400, "At least one redirect_uri required"),
        ("POST /api/apps", 400, "Invalid redirect_uri: not a url"),
        ("POST /api/apps/a1/scope-definitions", 400, "scope is required"),
        ("POST /api/apps/a1/scope-definitions", 400, "title is required"),
        (
            "POST /api/apps/a1/scope-definitions",
            400,
            "scope must be an alphanumeric identifier (a-z, 0-9, _, -, .)",
        ),
        (
            "POST /api/apps/a1/scope-access-rules",
            400,
            "rule_type must be one of: owner_allow, owner_deny, app_allow, app_deny",
        ),
        ("POST /api/apps/a1/scope-access-rules", 400, "target_id is required"),
        ("POST /api/apps/a1/scope-access-rules", 409, "Rule already exists"),
        ("POST /api/auth/login", 401, "Invalid credentials"),
        ("POST /api/auth/login", 429, "Too many requests"),
        ("PATCH /api/apps/a1", 500, "Internal server error"),
        ("GET /api/oauth/userinfo", 401, "invalid_token"),
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        let mut refused =
            call(&format!("{method} {PRISM}{path}"), status, json!({ "error": error })).bearer(&pat);
        if method != "GET" {
            refused = refused.sent(json!({ "name": "Bot", "allowed_scopes": [app("read_todos")] }));
        }
        all.push((format!("{line} {error}"), refused));
    }
    for (status, error, described) in [
        (400, "invalid_request", "code_challenge is required for public clients"),
        (400, "invalid_grant", "Code expired"),
        (400, "invalid_grant", "code_verifier required"),
        (400, "invalid_grant", "PKCE verification failed"),
        (400, "invalid_grant", "Refresh token expired"),
        (400, "invalid_grant", ""),
        (401, "invalid_client", ""),
        (400, "unsupported_grant_type", ""),
        (400, "unauthorized_client", "The client may not use this grant"),
        (400, "invalid_scope", "The scope is unknown"),
        (400, "invalid_redirect_uri", ""),
        (403, "access_denied", "The resource owner denied the request"),
        (401, "invalid_token", "The access token expired"),
        (500, "server_error", ""),
        (503, "temporarily_unavailable", ""),
    ] {
        for path in ["token", "authorize", "introspect"] {
            let body = json!({ "error": error, "error_description": described });
            let refused = call(&format!("POST {PRISM}/api/oauth/{path}"), status, body).sent(json!(format!(
                "grant_type=authorization_code&code=abcdefghij0123456789&client_id={B}&redirect_uri=https%3A%2F%2Fa.test%2Fcb"
            )));
            all.push((format!("{path} {error} {described}"), refused));
        }
    }
    all
}

/// The refusals of the cases and of the recordings, with what is around them.
pub(crate) fn of_records() -> Vec<(String, Exchange, Vec<Exchange>)> {
    let mut all = Vec::new();
    for (file, exchanges, subject) in all_cases() {
        let others = exchanges.iter().enumerate().filter(|(at, _)| at != subject);
        all.push((file.clone(), exchanges[*subject].clone(), others.map(|(_, e)| e.clone()).collect()));
    }
    for (file, base) in [
        ("glint-crossapp-denials.json", GLINT),
        ("glint-broken-deployments.json", GLINT),
        ("prism-auth-failures.json", PRISM),
        ("prism-oauth.json", PRISM),
        ("prism-apps.json", PRISM),
        ("prism-access-rules.json", PRISM),
        ("prism-scope-definitions.json", PRISM),
    ] {
        for entry in recordings(file) {
            let refused =
                exchange(base, &entry).filter(|e| e.response.as_ref().is_some_and(|r| r.status >= 400));
            all.extend(refused.map(|refused| (format!("{file} {}", entry["name"]), refused, Vec::new())));
        }
    }
    all
}
