//! `spectroscope call`, `routes` and `diagnose`, and the tour.

use crate::support::{Dir, run, run_with};

const PANTRY: [&str; 4] = ["--set", "team=Tea Party", "--set", "set=Pantry"];

fn call(route: &str, identity: &str, more: &[&str]) -> crate::support::Ran {
    let args: Vec<&str> = ["call", route, "--sandbox", "--as", identity]
        .into_iter()
        .chain(PANTRY)
        .chain(more.iter().copied())
        .collect();
    run(&args)
}

#[test]
fn an_allowed_call_ends_with_zero() {
    let ran = call("list_todos", "mia_full", &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("200  GET http://127.0.0.1:"), "{}", ran.out);
    assert!(ran.out.contains("Buy oolong"), "{}", ran.out);
}

#[test]
fn a_denied_call_ends_with_one_and_says_who_acts() {
    let ran = call("delete_todo", "mia_reader", &["--set", "todo=Label the tea tins"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("scope.not_registered  (proven)"), "{}", ran.out);
    assert!(ran.out.contains("✗ Scope: failed"), "{}", ran.out);
    assert!(ran.out.contains("1. developer of the consumer: Register `delete_todos`"), "{}", ran.out);
    let json = call("delete_todo", "mia_reader", &["--set", "todo=Label the tea tins", "--json"]).json();
    assert_eq!(json["diagnosis"]["cause"], "scope.not_registered");
}

#[test]
fn no_credential_is_printed() {
    let ran = call("list_todos", "mia_full", &["--json"]);
    let headers = ran.json()["exchange"]["request_headers"].clone();
    assert!(
        headers.to_string().contains("Authorization") || headers.to_string().contains("authorization"),
        "{headers}"
    );
    assert!(ran.json()["exchange"]["curl"].as_str().expect("a command").contains("$TOKEN"));
}

#[test]
fn a_request_can_be_seen_without_being_sent() {
    let ran = call("create_todo", "mia_full", &["--set", "title=it's", "--curl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("curl -X POST") && ran.out.contains("$TOKEN"), "{}", ran.out);
}

#[test]
fn wrong_names_are_usage_mistakes_with_what_was_meant() {
    let ran = call("list_todoes", "mia_full", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("Did you mean `list_todos`?"), "{}", ran.err);
    assert_eq!(call("list_todos", "nobody", &[]).code, 2);
    let ran = call("list_todos", "mia_full", &["--set", "colour=blue"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("It takes `team` and `set`."), "{}", ran.err);
}

#[test]
fn routes_are_listed_and_filtered() {
    let all = run(&["routes"]);
    assert_eq!((all.code, all.out.lines().count()), (0, 33), "{}", all.out);
    let some = run(&["routes", "assign_todos"]);
    assert_eq!(some.out.lines().count(), 2, "{}", some.out);
}

#[test]
fn a_pasted_answer_is_explained() {
    let input =
        b"HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n\r\n{\"error\":\"Unauthorized\"}";
    let ran = run_with(&["diagnose", "-"], input, &[]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("header."), "{}", ran.out);
    let open = run_with(&["diagnose", "--status", "403"], b"{\"error\":\"Not a member of this team\"}", &[]);
    assert_eq!(open.code, 3, "{}", open.out);
}

#[test]
fn a_recorded_call_is_explained_by_its_archive() {
    let cases = tests::places::data("cases/diagnosis").display().to_string();
    let denied =
        run(&["diagnose", &format!("{cases}/06-scope-denied-by-a-rule.har"), "--entry", "1", "--json"]);
    assert_eq!(denied.code, 1, "{}", denied.err);
    assert_eq!(denied.json()["subjects"][0]["cause"], "scope.denied_by_rule");
    let allowed = run(&["diagnose", &format!("{cases}/25-nothing-is-wrong.har"), "--entry", "1"]);
    assert_eq!(allowed.code, 0, "{}", allowed.out);
}

/// A recorded `reach.*` is a refusal with a known reason; an answer that proves nothing leaves the reason open.
#[test]
fn an_answer_that_proves_nothing_ends_with_3() {
    let dir = Dir::new();
    let token = "Bearer GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
    let archive = |response: serde_json::Value, error: Option<&str>| {
        let request = serde_json::json!({
            "method": "GET", "url": "https://glint.example/api/cross-app/me",
            "headers": [{"name": "Authorization", "value": token}],
        });
        let entry = serde_json::json!({"request": request, "response": response, "_error": error});
        let text = serde_json::json!({"log": {"version": "1.2", "entries": [entry]}}).to_string();
        dir.file("one.har", &text)
    };
    let answer = |status: u16, text: &str| serde_json::json!({"status": status, "headers": [], "content": {"mimeType": "application/json", "text": text}});
    for (status, text, cause) in [
        (200, "", "reach.unreadable"),
        (200, "[]", "reach.unreadable"),
        (200, "{\"user\":{\"id\":\"a", "reach.unreadable"),
        (429, "{}", "server.rate_limited"),
        (502, "", "server.error"),
        (503, "no healthy upstream", "server.error"),
        (504, "{\"message\":\"timeout\"}", "server.error"),
    ] {
        let ran = run(&["diagnose", &archive(answer(status, text), None)]);
        assert_eq!(ran.code, 3, "{status} {text}: {}", ran.out);
        assert!(ran.out.contains(cause) && !ran.out.contains('✓'), "{status} {text}: {}", ran.out);
    }
    for (error, cause) in [
        ("net::ERR_CONNECTION_REFUSED", "reach.refused"),
        ("net::ERR_NAME_NOT_RESOLVED", "reach.dns"),
        ("net::ERR_ABORTED", "reach.cancelled"),
    ] {
        let ran = run(&["diagnose", &archive(serde_json::json!({"status": 0}), Some(error))]);
        assert_eq!(ran.code, 1, "{error}: {}", ran.out);
        assert!(ran.out.contains(cause), "{error}: {}", ran.out);
    }
}

#[test]
fn what_cannot_be_read_is_not_guessed_at() {
    let dir = Dir::new();
    let file = dir.file("nothing.txt", "");
    assert_eq!(run(&["diagnose", &file]).code, 4);
}

#[test]
fn the_tour_does_what_it_says_in_both_languages() {
    let english = run(&["tour"]);
    assert_eq!(english.code, 0, "{}{}", english.out, english.err);
    assert!(english.out.ends_with("All 26 checks came out as they should.\n"), "{}", english.out);
    assert!(!english.out.contains('✗'), "{}", english.out);
    let chinese = run(&["tour", "--lang", "zh"]);
    assert!(chinese.code == 0 && chinese.out.contains("全部 26 项检查都符合预期。"), "{}", chinese.out);
    let json = run(&["tour", "--json"]).json();
    assert_eq!(json["different"], 0);
}

#[test]
fn what_a_call_lacks_is_a_usage_mistake_with_its_option() {
    let ran = run(&["call", "list_sets", "--sandbox", "--as", "mia_full"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("Add `--set team=…`."), "{}", ran.err);
    for wrong in [["--status", "99"], ["--format", "yaml"], ["--entry", "7"]] {
        let ran = run_with(&[&["diagnose"][..], &wrong].concat(), b"HTTP/1.1 401 Unauthorized", &[]);
        assert_eq!(ran.code, 2, "{wrong:?} {}", ran.err);
    }
}

#[test]
fn an_archive_may_be_longer_than_a_list() {
    let entry = |status: u16, body: &str| {
        serde_json::json!({
            "request": { "method": "GET", "url": "https://glint.example.com/api/cross-app/me", "headers": [] },
            "response": { "status": status, "headers": [], "content": { "text": body } },
        })
    };
    let long = entry(200, &format!("{{\"user\":\"{}\"}}", "x".repeat(17 * 1024 * 1024)));
    let denied = entry(401, r#"{"error":"Token inactive or expired"}"#);
    let archive = serde_json::json!({ "log": { "entries": [long, denied] } }).to_string();
    let ran = run_with(&["diagnose", "-", "--entry", "1"], archive.as_bytes(), &[]);
    assert!(ran.out.contains("token."), "{}{}", ran.out, ran.err);
}

#[test]
fn a_text_without_a_status_asks_for_it_and_claims_nothing() {
    let ran = run_with(&["diagnose"], br#"[{"scope":"read_todos"}]"#, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("Add `--status`."), "{}", ran.err);
}

/// An exchange explains other calls only where the system itself answered it; otherwise it is a call of its own.
#[test]
fn a_question_that_was_refused_or_cut_off_is_shown_and_decides_the_exit_code() {
    let dir = Dir::new();
    let file = tests::places::data("cases/diagnosis/25-nothing-is-wrong.har");
    let whole: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a case")).expect("JSON");
    // Configuration, introspection, own teams, `me`.
    for index in [0, 2, 3, 4] {
        for (status, body, code) in [
            (200, None, 0),
            (401, Some("{\"error\":\"Unauthorized\"}"), 1),
            (429, Some("{\"error\":\"Too many requests\"}"), 3),
            (503, Some("upstream connect error"), 3),
            (200, Some(""), 3),
            (200, Some("[]"), 3),
            (200, Some("{\"user\":{\"id\":\"9c0a"), 3),
        ] {
            let mut archive = whole.clone();
            let entry = &mut archive["log"]["entries"][index];
            if let Some(body) = body {
                entry["response"]["status"] = status.into();
                entry["response"]["content"]["text"] = body.into();
            }
            let url = entry["request"]["url"].as_str().expect("a URL").to_owned();
            let file = dir.file("changed.har", archive.to_string());
            let ran = run(&["diagnose", &file]);
            let shown = ran.out.contains(&format!("#{index}  "));
            assert_eq!((ran.code, shown), (code, body.is_some()), "{url} {status} {body:?}: {}", ran.out);
        }
    }
}

#[test]
fn a_refusal_that_was_cut_off_in_a_general_word_proves_nothing() {
    for (body, code, cause) in
        [("{\"error\":\"Unauthor", 3, "reach.unreadable"), ("{\"error\":\"Unauthorized\"", 1, "header.")]
    {
        let input = format!("HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n\r\n{body}");
        let ran = run_with(&["diagnose", "--url", "/api/cross-app/me"], input.as_bytes(), &[]);
        assert_eq!(ran.code, code, "{body}: {}", ran.out);
        assert!(ran.out.contains(cause), "{body}: {}", ran.out);
    }
}

#[test]
fn words_say_no_more_than_the_ladder() {
    let input =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"user\":{\"id\":\"a\",\"teams\":[]}}";
    let ran = run_with(&["diagnose"], input, &[]);
    assert!(!ran.out.contains("every gate let") || !ran.out.contains('?'), "{}", ran.out);
    let moved = run_with(
        &["diagnose", "--url", "/api/cross-app/me"],
        b"HTTP/1.1 302 Found\r\nlocation: /login\r\n\r\n",
        &[],
    );
    assert!(moved.out.contains("redirect") && !moved.out.contains("A web page"), "{}", moved.out);
    let wrong = run_with(&["diagnose", "--status", "99999"], b"{}", &[]);
    assert!(wrong.code == 2 && wrong.err.contains("100 to 599"), "{}", wrong.err);
}

#[test]
fn a_filter_that_no_call_fits_is_said() {
    let recorded = include_bytes!("../cases/diagnosis/06-scope-denied-by-a-rule.har");
    for more in [&[][..], &["--group-by", "cause"]] {
        let args = [&["diagnose", "--filter", "no such words"][..], more].concat();
        let ran = run_with(&args, recorded, &[]);
        assert!(ran.code == 3 && ran.err.contains("No call fits `--filter no such words`."), "{}", ran.err);
    }
}

#[test]
fn what_a_host_says_that_nobody_knows_proves_nothing() {
    for answer in
        ["401 Unauthorized\n\n{\"error\":\"Token inactive or expired\"}", "200 OK\n\n{\"things\":[1]}"]
    {
        let text = format!(
            "curl https://api.example.org/api/cross-app/me -H 'Authorization: Bearer {}'\nHTTP/1.1 {answer}\n",
            "a1".repeat(32)
        );
        let ran = run_with(&["diagnose", "--json"], text.as_bytes(), &[]);
        assert_eq!(ran.json()["subjects"][0]["certainty"], "possible", "{}", ran.out);
    }
}

/// A shipped archive with another answer in one place.
fn with_answer(file: &str, entry: usize, status: u16, body: &str) -> String {
    let path = tests::places::data(&format!("cases/diagnosis/{file}"));
    let mut archive: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a case")).expect("JSON");
    let response = &mut archive["log"]["entries"][entry]["response"];
    response["status"] = status.into();
    response["content"] =
        serde_json::json!({ "mimeType": "application/json", "size": body.len(), "text": body });
    archive.to_string()
}

#[test]
fn a_change_whose_outcome_is_open_makes_an_older_preview_prove_nothing() {
    let file = "32-registered-in-between-the-patch-on-record-no-second-preview.har";
    for (status, body) in [(504, ""), (200, ""), (200, "{\"app\":"), (0, ""), (500, "{}")] {
        let archive = with_answer(file, 3, status, body);
        let json = run_with(&["diagnose", "--json", "--entry", "4"], archive.as_bytes(), &[]).json();
        assert_eq!(json["subjects"][0]["certainty"], "likely", "{status} {body}: {json}");
    }
    // A change that was refused changed nothing.
    let archive = with_answer(file, 3, 403, "{\"error\":\"Forbidden\"}");
    let json = run_with(&["diagnose", "--json", "--entry", "4"], archive.as_bytes(), &[]).json();
    assert_eq!(json["subjects"][0]["certainty"], "proven", "{json}");
}

#[test]
fn the_prism_that_glint_asks_is_no_other_issuer() {
    let archive = with_answer("13-not-a-member.har", 1, 401, "{\"error\":\"Token inactive or expired\"}");
    let json = run_with(&["diagnose", "--json", "--entry", "1"], archive.as_bytes(), &[]).json();
    let found = &json["subjects"][0];
    assert!(found["cause"] == "token.inactive" && found["certainty"] == "likely", "{found}");
}

#[test]
fn oauth_endpoints_answer_neither_from_a_cache_nor_with_any_text() {
    for (path, answer) in [
        ("token", "304 Not Modified\r\n\r\n"),
        ("introspect", "304 Not Modified\r\n\r\n"),
        ("revoke", "304 Not Modified\r\n\r\n"),
        ("revoke", "200 OK\r\n\r\n[]"),
        ("revoke", "200 OK\r\n\r\nx"),
        ("revoke", "204 No Content\r\n\r\n"),
        ("token", "200 OK\r\n\r\n{\"access_token\":\"\"}"),
    ] {
        let url = format!("https://prism.example/api/oauth/{path}");
        let text = format!("HTTP/1.1 {answer}");
        let ran = run_with(&["diagnose", "-", "--method", "POST", "--url", &url], text.as_bytes(), &[]);
        assert!(ran.code != 0 && !ran.out.contains("\nallowed "), "{path} {answer}: {}", ran.out);
    }
    let gateway = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"corp\"\r\n\r\n";
    let url = "https://glint.example/api/cross-app/me";
    let ran = run_with(&["diagnose", "-", "--url", url], gateway.as_bytes(), &[]);
    assert!(ran.code == 3 && ran.out.contains("reach."), "{}", ran.out);
}

/// A shipped archive whose refusal goes on after the list of scopes, or whose request holds a list that nobody knows.
#[test]
fn what_follows_the_list_of_scopes_is_no_scope() {
    let dir = Dir::new();
    let listed = "Missing required scope. Token must include one of: comment";
    for more in [
        ". The token belongs to Anneliese Sommerfeld",
        " (Sommerfeld)",
        " for Sommerfeld",
        ". Debug: user=mia pass=Sommerfeld",
        "; Sommerfeld",
    ] {
        let body = serde_json::json!({ "error": format!("{listed}{more}") }).to_string();
        let file = dir.file("input.har", with_answer("13-not-a-member.har", 1, 403, &body));
        let ran = run(&["diagnose", &file, "--entry", "1", "--json"]);
        assert_eq!(
            ran.json()["subjects"][0]["needs"]["scopes"],
            serde_json::json!(["comment"]),
            "{}",
            ran.out
        );
        let capsule = run(&["diagnose", &file, "--entry", "1", "--minimise", "--capsule", "-"]);
        assert!(
            !capsule.out.is_empty() && !capsule.out.contains("Sommerfeld"),
            "{}{}",
            capsule.out,
            capsule.err
        );
    }
    let list = r#"["user","mia","password","hunter-bluebird"]"#;
    let file = dir.file("input.har", with_answer("13-not-a-member.har", 1, 200, list));
    let capsule = run(&["diagnose", &file, "--entry", "1", "--capsule", "-"]);
    assert!(!capsule.out.contains("hunter-bluebird"), "{}", capsule.out);
}
