//! Answers that prove nothing, records that outweigh others, clocks that disagree.

use crate::scene::{
    B, GLINT, PRISM, TOKEN, app, config, dead, denied, explained, introspected, lacks_read, outsider,
    preview, prism, prism_teams, refusal, says,
};
use crate::scene::{G, glint_me};
use crate::support::{START, With, call};
use scopes::diagnosis::Certainty::{Likely, Possible, Proven};
use scopes::diagnosis::groups::Standing;
use scopes::diagnosis::{Diagnosis, GateState};
use scopes::exchange::Exchange;
use serde_json::{Value, json};

fn passes_nothing(answer: &Diagnosis) {
    let passed = answer.gates.iter().filter(|gate| gate.state == GateState::Passed).map(|gate| &gate.id);
    assert_eq!(passed.collect::<Vec<_>>(), Vec::<&scopes::diagnosis::GateId>::new(), "{}", answer.cause);
    assert_eq!(Standing::of(answer.cause.as_str(), answer.status), Standing::Open, "{}", answer.cause);
}

fn answers(status: u16, body: &str) -> [Exchange; 3] {
    let body = Value::from(body);
    [
        call(&format!("GET {GLINT}/me"), status, body.clone()).bearer(TOKEN),
        call(&format!("GET {PRISM}/api/apps"), status, body.clone()).bearer("prism_pat_x"),
        call(&format!("POST {PRISM}/api/oauth/token"), status, body)
            .sent(json!("grant_type=x&client_id=c&code=d")),
    ]
}

#[test]
fn an_answer_that_is_not_the_systems_own_passes_no_gate() {
    for status in [429, 502, 503, 504] {
        for body in ["", "upstream connect error", "{\"message\":\"no healthy upstream\"}", "[]"] {
            for answer in answers(status, body) {
                let found = explained(&[answer, introspected(&app("read_todos"))]);
                let code = if status == 429 { "server.rate_limited" } else { "server.error" };
                assert_eq!(found.cause, code, "{status} {body}");
                passes_nothing(&found);
            }
        }
    }
    for body in ["", " ", "[]", "{}", "null", "true", "ok", "{\"user\":{\"id\":\"x\",\"tea"] {
        for answer in answers(200, body) {
            let found = explained(&[answer, introspected(&app("read_todos")), dead()]);
            assert_eq!((found.cause.as_str(), found.certainty), ("reach.unreadable", Possible), "{body}");
            passes_nothing(&found);
        }
    }
    // A token endpoint that says `error` under 200 is explained by that word.
    for answer in answers(200, "{\"error\":\"x\"}").into_iter().take(2) {
        let found = explained(&[answer, introspected(&app("read_todos")), dead()]);
        assert_eq!((found.cause.as_str(), found.certainty), ("reach.unreadable", Possible));
        passes_nothing(&found);
    }
    let mut unrecorded = call(&format!("GET {GLINT}/me"), 200, json!("")).bearer(TOKEN);
    unrecorded.response.as_mut().unwrap().body = None;
    passes_nothing(&explained(&[unrecorded]));
}

#[test]
fn an_answer_that_needs_no_body_is_complete_without_one() {
    for line in ["HEAD /teams/t1/sets/s1/sse", "HEAD /me"] {
        let (method, path) = line.split_once(' ').unwrap();
        let found = explained(&[call(&format!("{method} {GLINT}{path}"), 200, json!("")).bearer(TOKEN)]);
        assert_eq!(found.cause, "allowed", "{line}");
    }
    let revoked = prism("POST /api/oauth/revoke", 200, json!("")).sent(json!("token=x"));
    assert_eq!(explained(&[revoked]).cause, "allowed");
}

#[test]
fn a_gateways_answer_is_no_evidence() {
    let asked = |answer: Value| {
        call(&format!("POST {PRISM}/api/oauth/introspect"), 200, answer)
            .sent(json!(format!("token={TOKEN}")))
            .at(1)
    };
    let refused = || denied("GET /me", 401, "Token inactive or expired");
    for answer in [json!([]), json!({}), json!(""), json!("<html></html>"), json!({"active": "yes"})] {
        says(&[refused(), asked(answer)], "token.inactive", Possible);
    }
    let scopes = format!("teams:read {}", app("read_todos"));
    for list in [json!([]), json!({}), json!({"teams": null}), json!("")] {
        let found = explained(&[
            outsider(),
            introspected(&scopes),
            prism_teams(200, list.clone()),
            glint_me(json!([])),
        ]);
        assert_eq!((found.cause.as_str(), found.certainty), ("membership.unproven", Likely), "{list}");
    }
    let gateway = prism_teams(403, json!("forbidden by the firewall"));
    let found = explained(&[outsider(), introspected(&scopes), gateway, glint_me(json!([]))]);
    assert_eq!(found.cause, "membership.unproven");
}

#[test]
fn a_text_that_breaks_off_keeps_what_it_says() {
    let cut = |status: u16, body: &str| {
        explained(&[call(&format!("GET {GLINT}/teams/t1/sets"), status, json!(body)).bearer(TOKEN)])
    };
    let found = cut(403, "{\"error\":\"Missing required scope. Token mu");
    assert_eq!((found.cause.as_str(), found.certainty), ("scope.undetermined", Possible));
    assert_eq!(found.needs.scopes.unwrap(), ["read_todos"]);
    let found = cut(403, "{\"error\":\"Not a member of this te");
    assert_eq!(found.cause, "membership.unproven");
    assert!(cut(403, "{\"error\":\"No").certainty < Proven);
    let stack = cut(500, "{\"error\":\"Network connection lost.\",\"stack\":\"Error: Net");
    assert_eq!((stack.cause.as_str(), stack.certainty), ("server.prism_unreachable", Likely));
}

fn registration(scopes: &[&str], at: i64) -> Exchange {
    prism(
        "PATCH /api/apps/a",
        200,
        json!({"app": {"id": "a", "client_id": B, "name": "Standup Bot", "allowed_scopes": scopes}}),
    )
    .bearer("prism_pat_x")
    .at(at)
}

#[test]
fn a_record_of_the_registration_outweighs_an_older_preview() {
    let read = app("read_todos");
    let rejects = || preview(&[], &[(&read, "not_allowed")]);
    let scene = |registered: Exchange, preview: Exchange| {
        explained(&[lacks_read(), introspected("profile"), config(G, PRISM), registered, preview])
    };
    let found = scene(registration(&[&read], 3), rejects());
    assert_eq!((found.cause.as_str(), found.certainty), ("scope.token_predates", Likely));
    let found = scene(registration(&[&read], 1), rejects());
    assert_eq!((found.cause.as_str(), found.certainty), ("scope.not_registered", Proven));
    let found = scene(registration(&["profile"], 3), preview(&[&read], &[]));
    assert_eq!((found.cause.as_str(), found.certainty), ("scope.not_registered", Likely));
}

#[test]
fn a_clock_that_disagrees_proves_no_expiry() {
    let refused = |at: i64| denied("GET /me", 401, "Token inactive or expired").at(at);
    // The token ends at 3000 by the server's clock.
    let active = |at: i64| introspected(&app("read_todos")).at(at);
    let dead = |at: i64| dead().at(at);
    let found = explained(&[refused(4000), active(3990), dead(4001)]);
    assert_eq!((found.cause.as_str(), found.certainty), ("token.inactive", Likely));
    let found = explained(&[refused(4000), active(10), dead(4001)]);
    assert_eq!((found.cause.as_str(), found.certainty), ("token.expired", Proven));
    // `Date` of the answer says when it was: an hour earlier than the recorder thinks.
    let date = |mut exchange: Exchange, text: &str| {
        exchange.response.as_mut().unwrap().headers.push(("Date".into(), text.into()));
        exchange
    };
    assert_eq!(START, 1_795_328_700);
    // START + 400 s.
    let found = explained(&[date(refused(4000), "Sun, 22 Nov 2026 06:31:40 GMT"), active(10), dead(4001)]);
    assert_eq!((found.cause.as_str(), found.certainty), ("token.inactive", Likely));
    // The same difference, told by another answer of the archive.
    let other = date(config(G, PRISM).at(4000), "Sun, 22 Nov 2026 06:31:40 GMT");
    let found = explained(&[refused(4000), active(10), dead(4001), other]);
    assert!(found.certainty < Proven, "{}", found.cause);
}

#[test]
fn an_end_on_record_is_proof() {
    let refused = || denied("GET /me", 401, "Token inactive or expired").at(100);
    let revoked =
        prism("POST /api/oauth/revoke", 200, json!("")).sent(json!(format!("token={TOKEN}"))).at(50);
    says(&[refused(), dead().at(101), revoked], "token.inactive", Proven);
    let session = |user: &str| {
        use base64::Engine as _;
        let claims =
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json!({"sub": user}).to_string());
        format!("eyJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJl")
    };
    let withdrawn = |user: &str| {
        prism(&format!("DELETE /api/oauth/consents/{B}"), 200, json!({"message": "Deleted"}))
            .bearer(&session(user))
            .at(50)
    };
    let scene =
        |user: &str| explained(&[refused(), introspected("profile").at(10), dead().at(101), withdrawn(user)]);
    let own = scene(crate::scene::USER);
    assert_eq!((own.cause.as_str(), own.certainty), ("token.inactive", Proven));
    assert_eq!(scene("somebody else").certainty, Likely);
    let logged_out =
        prism("POST /api/auth/logout", 200, json!({"message": "ok"})).bearer(&session("u")).at(-5);
    let refused = prism("GET /api/apps", 401, refusal("Unauthorized")).bearer(&session("u"));
    says(&[refused, logged_out], "credential.invalid", Proven);
}

#[test]
fn one_word_in_place_of_all_credentials_proves_no_equality() {
    for word in ["[REDACTED]", "***", "REMOVED", "xxxxxxxx"] {
        let mut refused = lacks_read();
        refused.request.headers.retain(|(name, _)| name != "Authorization");
        let refused = refused.bearer(word);
        let holds = introspected(&app("read_todos")).sent(json!(format!("token={word}")));
        let found = explained(&[refused, holds, config(G, PRISM)]);
        assert_eq!((found.cause.as_str(), found.certainty), ("scope.undetermined", Possible), "{word}");
    }
}

#[test]
fn scopes_joined_by_line_breaks_are_misspelt() {
    let read = app("read_todos");
    for join in ["\n", ",", "\t"] {
        let joined = format!("teams:read{join}{read}");
        let rejects = preview(&[], &[(&joined, "unknown")]);
        says(&[lacks_read(), introspected("profile"), config(G, PRISM), rejects], "scope.misspelt", Proven);
    }
}

#[test]
fn active_at_one_prism_and_inactive_at_glints_own_is_another_issuer() {
    let refused = || denied("GET /me", 401, "Token inactive or expired");
    let elsewhere = |at: i64| {
        let mut seen = introspected(&app("read_todos")).at(at);
        seen.request.url = "https://other.test/api/oauth/introspect".into();
        seen
    };
    let own = || dead().at(2);
    let found = explained(&[refused(), config(G, PRISM), elsewhere(3), own()]);
    assert_eq!((found.cause.as_str(), found.certainty), ("token.other_issuer", Proven));
    let found = explained(&[refused(), config(G, PRISM), elsewhere(-3), own()]);
    assert_eq!((found.cause.as_str(), found.certainty), ("token.other_issuer", Likely));
}
