//! Calls that got no answer of an API, and deployments that cannot answer well.

use crate::scene::{GLINT, TOKEN, denied, explained, lacks_read, lists, prism_teams, says};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Possible, Proven};
use scopes::diagnosis::read::{self, Format, Hint};
use scopes::diagnosis::{Known, diagnose};
use scopes::exchange::TransportFailure;
use scopes::lang::Lang;
use serde_json::{Value, json};

#[test]
fn transport_and_pages() {
    for (kind, code) in [
        (TransportFailure::Dns, "reach.dns"),
        (TransportFailure::Refused, "reach.refused"),
        (TransportFailure::Timeout, "reach.timeout"),
        (TransportFailure::Tls, "reach.tls"),
        (TransportFailure::Cancelled, "reach.cancelled"),
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
        &[call(&format!("GET {GLINT}/me"), 404, json!("<html><h1>No such page</h1></html>")).bearer(TOKEN)],
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
fn a_connection_that_broke_is_a_guess() {
    for kind in [TransportFailure::Reset, TransportFailure::Other] {
        let mut subject = lacks_read();
        subject.response = None;
        subject.failure = Some((kind, String::new()));
        assert_eq!(explained(&[subject]).certainty, Possible);
    }
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
    for error in ["upstream down", "Internal server error"] {
        let stack = format!("PrismError: {error}\n at x");
        let upstream =
            call(&format!("GET {GLINT}/me"), 500, json!({"error": error, "stack": stack})).bearer(TOKEN);
        says(&[upstream], "server.prism_failed", Proven);
    }
    // Without the stack trace these words may be anybody's.
    let bare = says(&[denied("GET /me", 500, "Internal server error")], "server.error", Likely);
    assert_eq!(bare.alternatives[0].code, "server.prism_failed");
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

/// What was pasted without a status is no failed connection as long as somebody answered.
#[test]
fn pasted_words_are_not_taken_for_silence() {
    let answer = |text: &str| {
        let read = read::read(text, Some(Format::Answer), &Hint::default(), Lang::En);
        diagnose(&read.entries[0].exchange, &[], &Known::default(), Lang::En)
    };
    for (text, cause) in [
        ("<!doctype html><html></html>", "reach.not_api"),
        ("hello world", "reach.not_api"),
        (
            "Error: 403 from server, status code 403: {\"error\":\"Not a member of this team\"}",
            "membership.unproven",
        ),
        ("https://app.example/callback?error=access_denied&state=s", "oauth.access_denied"),
    ] {
        assert_eq!(answer(text).cause, cause, "{text}");
    }
}
