//! Answers of another form than the system's own: another object under 200, a page under an error's status, a refusal
//! that was cut off.

use crate::recorded::{self, recordings};
use crate::scene::{GLINT, PRISM, TOKEN, app, dead, explained, introspected};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Possible, Proven};
use scopes::diagnosis::groups::Standing;
use scopes::diagnosis::{Certainty, Diagnosis, GateState};
use scopes::exchange::Exchange;
use serde_json::{Value, json};

/// Objects that no route of either system answers with.
fn foreign() -> [Value; 7] {
    [
        json!({"x": 1}),
        json!({"status": "ok"}),
        json!({"sets": {}, "user": "mia", "todos": null, "settings": [], "apps": {}, "teams": "t", "ok": "yes"}),
        json!({"user": {}, "set": [], "todo": 1, "comment": "c", "app": null, "definitions": 3, "ok": false}),
        json!({"sets": ["a"], "todos": [1], "comments": [null], "items": ["x"], "rules": [[]], "ok": 1}),
        json!({"active": "yes", "access_token": null, "redirect": {}, "permissions": [], "global": []}),
        json!({"message": {"text": "Deleted"}, "imported": "3", "content": {}, "token": 5, "members": {}}),
    ]
}

fn passed(answer: &Diagnosis) -> Vec<&str> {
    let passed = answer.gates.iter().filter(|gate| gate.state == GateState::Passed);
    passed.map(|gate| gate.id.as_str()).collect()
}

#[track_caller]
fn unreadable(answer: &Diagnosis, what: &str) {
    assert_eq!((answer.cause.as_str(), answer.certainty), ("reach.unreadable", Possible), "{what}");
    assert_eq!(passed(answer), Vec::<&str>::new(), "{what}");
    assert_eq!(Standing::of(answer.cause.as_str(), answer.status), Standing::Open, "{what}");
}

/// Every route of Glint, and those of Prism that the console uses.
fn lines() -> Vec<String> {
    let glint = scopes::routes::glint().iter().map(|route| {
        let path: Vec<&str> =
            route.path.split('/').map(|part| if part.starts_with(':') { "x1" } else { part }).collect();
        format!("{} https://glint.test{}", route.method, path.join("/"))
    });
    let prism = [
        "GET /api/apps",
        "POST /api/apps",
        "GET /api/apps/a",
        "PATCH /api/apps/a",
        "GET /api/apps/a/scope-definitions",
        "POST /api/apps/a/scope-definitions",
        "PATCH /api/apps/a/scope-definitions/d",
        "DELETE /api/apps/a/scope-definitions/d",
        "GET /api/apps/a/scope-access-rules",
        "POST /api/apps/a/scope-access-rules",
        "DELETE /api/apps/a/scope-access-rules/r",
        "GET /api/oauth/me/teams",
        "GET /api/oauth/me/team-apps",
        "GET /api/oauth/me/profile",
        "GET /api/oauth/userinfo",
        "GET /api/user/me",
        "GET /api/teams/t",
        "POST /api/oauth/token",
        "POST /api/oauth/introspect",
        "GET /api/oauth/app-info",
        "POST /api/oauth/authorize",
    ]
    .map(|line| line.replacen(' ', &format!(" {PRISM}"), 1));
    glint.chain(prism).collect()
}

#[test]
fn an_object_of_another_form_is_no_success_on_any_route() {
    let mut checked = 0;
    for line in lines() {
        for answer in foreign() {
            let subject = call(&line, 200, answer.clone()).bearer(TOKEN);
            let found = explained(&[subject, introspected(&app("read_todos")), dead()]);
            unreadable(&found, &format!("{line} {answer}"));
            checked += 1;
        }
    }
    println!("count: answers of another form refused as evidence {checked}");
}

/// The other way round: every answer with 2xx that the real servers gave is of the form that is expected.
#[test]
fn every_recorded_success_is_of_its_form() {
    let (mut checked, mut wrong) = (0, Vec::new());
    let files = [
        ("glint-crossapp-success.json", recorded::GLINT),
        ("glint-crossapp-denials.json", recorded::GLINT),
        ("glint-membership-cache.json", recorded::GLINT),
        ("prism-apps.json", recorded::PRISM),
        ("prism-access-rules.json", recorded::PRISM),
        ("prism-scope-definitions.json", recorded::PRISM),
        ("prism-consent-preview.json", recorded::PRISM),
        ("prism-identity.json", recorded::PRISM),
        ("prism-oauth.json", recorded::PRISM),
    ];
    for (file, base) in files {
        for entry in recordings(file) {
            let Some(subject) = recorded::exchange(base, &entry) else { continue };
            let page = subject
                .response
                .as_ref()
                .is_some_and(|answer| answer.body.as_deref().is_some_and(|b| b.contains("<!doctype")));
            let success = subject.response.as_ref().is_some_and(|answer| (200..300).contains(&answer.status));
            // An event stream was recorded as the number of its bytes.
            if !success || page || subject.request.url.ends_with("/sse") {
                continue;
            }
            let line = format!("{} {}", subject.request.method, subject.request.url);
            let found = explained(&[subject]);
            checked += 1;
            if found.cause == "reach.unreadable" {
                wrong.push(line);
            }
        }
    }
    assert!(checked > 200, "{checked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("count: recorded answers of the expected form {checked}");
}

#[test]
fn nothing_is_proven_about_a_server_that_nothing_identifies() {
    let ok = |url: &str| explained(&[call(&format!("GET {url}"), 200, json!({"x": 1})).bearer(TOKEN)]);
    let elsewhere = ok("https://other.test/v1/things");
    assert_eq!((elsewhere.cause.as_str(), elsewhere.certainty), ("allowed", Possible));
    assert_eq!(passed(&elsewhere), Vec::<&str>::new());
    // A path like Prism's that is in no table.
    let unknown = ok("https://other.test/api/things");
    assert_eq!((unknown.cause.as_str(), unknown.certainty), ("allowed", Likely));
    let refused = call("GET https://other.test/v1/things", 401, json!({"error": "Unauthorized"}));
    assert!(explained(&[refused]).certainty < Proven);
}

fn page(status: u16, body: &str) -> Diagnosis {
    explained(&[call(&format!("GET {GLINT}/me"), status, json!(body)).bearer(TOKEN)])
}

#[test]
fn a_page_keeps_the_cause_of_its_status() {
    let plain = "<html><head><title>Error</title></head><body><center>nginx</center></body></html>";
    for (status, code, certainty) in [
        (429, "server.rate_limited", Proven),
        (500, "server.error", Likely),
        (502, "server.error", Likely),
        (503, "server.error", Likely),
        (504, "server.error", Likely),
        (200, "reach.not_api", Proven),
        (403, "reach.not_api", Proven),
        (404, "reach.not_api", Proven),
    ] {
        let found = page(status, plain);
        assert_eq!((found.cause.as_str(), found.certainty), (code, certainty), "{status}");
        assert_eq!(passed(&found), Vec::<&str>::new(), "{status}");
    }
    for address in ["/api/apps", "/api/oauth/token", "/api/oauth/app-info"] {
        let answer = call(&format!("GET {PRISM}{address}"), 503, json!(plain)).bearer("prism_pat_x");
        assert_eq!(explained(&[answer]).cause, "server.error", "{address}");
    }
}

#[test]
fn an_edge_networks_page_is_no_answer_of_the_server() {
    let cloudflare = "<!DOCTYPE html><title>x | 502: Bad gateway</title><div id=\"cf-error-details\"></div>";
    for (status, body) in [
        (502, cloudflare),
        (503, "<html><title>Just a moment... | Cloudflare</title></html>"),
        (522, "<html><h1>Connection timed out</h1></html>"),
        (530, "<html><h1>Error 1016</h1></html>"),
        (429, "<html><div class=\"cf-error-code\">1015</div></html>"),
        (503, "<HTML><H1>503 ERROR</H1>Generated by cloudfront (CloudFront)</HTML>"),
        (503, "<html><h1>Fastly error: unknown domain</h1></html>"),
    ] {
        let found = page(status, body);
        assert_eq!(found.cause, "reach.not_api", "{status} {body}");
        assert_eq!(Standing::of(found.cause.as_str(), status), Standing::Open, "{status}");
    }
}

fn cut(url: &str, status: u16, body: &str) -> (String, Certainty, Vec<String>) {
    let subject: Exchange = call(&format!("GET {url}"), status, json!(body)).bearer(TOKEN);
    let found = explained(&[subject]);
    let failed = found.gates.iter().filter(|gate| gate.state == GateState::Failed);
    let failed = failed.map(|gate| gate.id.to_string()).collect();
    (found.cause.to_string(), found.certainty, failed)
}

#[test]
fn a_refusal_that_is_cut_off_fails_no_gate_unless_it_says_enough() {
    let (glint, prism) = (format!("{GLINT}/teams/t1/sets"), format!("{PRISM}/api/apps/a"));
    let token = format!("{PRISM}/api/oauth/token");
    for (url, status, body) in [
        (&glint, 403, "{\"err"),
        (&glint, 403, "{\"error\":\"No"),
        (&glint, 403, "forbidden by the firewall"),
        (&glint, 401, "{"),
        (&glint, 400, "{\"error\":\"Ti"),
        (&glint, 409, "conflict"),
        (&prism, 401, "{\"error\":\"Una"),
        (&prism, 403, "{\"error\":\"insufficient_sc"),
        (&prism, 400, "bad request"),
        (&token, 400, "{\"error\":\"invalid_gr"),
        (&token, 401, "denied"),
    ] {
        let (cause, certainty, failed) = cut(url, status, body);
        assert_eq!((cause.as_str(), certainty), ("reach.unreadable", Possible), "{status} {body}");
        // The gate is that of the way to the server, which stays open.
        assert_eq!(failed, Vec::<String>::new(), "{status} {body}");
    }
    for (url, status, body, code) in [
        (&glint, 403, "{\"error\":\"Missing required scope. Tok", "scope.undetermined"),
        (&glint, 403, "{\"error\":\"No permission to manage sets\"", "role.undetermined"),
        (&glint, 401, "{\"error\":\"Token inactive or exp", "token.inactive"),
        (&prism, 403, "{\"error\":\"Forbidden\"", "app.forbidden"),
        (&token, 400, "{\"error\":\"invalid_grant\",\"error_desc", "oauth.invalid_grant"),
    ] {
        let (cause, certainty, failed) = cut(url, status, body);
        assert_eq!(cause, code, "{status} {body}");
        assert!(certainty < Proven, "{status} {body}");
        assert_eq!(failed.len(), 1, "{status} {body}: {failed:?}");
    }
}
