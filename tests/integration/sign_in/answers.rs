//! Answers of a token endpoint and discovery documents that are none: a Problem with a cure each.

use super::pair;
use tests::Provider;
use tests::provider::{Canned, Script, document};
use tests::sign_in::visit;

fn token_answers(honeypot: &str) -> Vec<(&'static str, &'static str, Canned)> {
    let json = |body: &str| Canned::json(200, body);
    let moved =
        |status| Canned { status, kind: "", location: format!("{honeypot}/token"), body: String::new() };
    let deep = format!(
        r#"{{"access_token":"t","token_type":"Bearer","x":{}{}}}"#,
        "[".repeat(9000),
        "]".repeat(9000)
    );
    let page = Canned { kind: "text/html", ..json("<!doctype html><title>Sign in</title>") };
    vec![
        ("a web page", "reach.not_api", page),
        ("a web page called JSON", "reach.not_api", json("<html><body>hello</body></html>")),
        ("nothing", "oauth.empty_answer", json("")),
        ("blanks", "oauth.empty_answer", json(" \n ")),
        ("words", "reach.unreadable", json("welcome")),
        ("half an answer", "reach.unreadable", json(r#"{"access_token":"#)),
        ("a list", "oauth.token_answer", json("[]")),
        ("null", "oauth.token_answer", json("null")),
        ("no access token", "oauth.token_answer", json(r#"{"token_type":"Bearer"}"#)),
        ("an empty access token", "oauth.token_answer", json(r#"{"access_token":"","token_type":"Bearer"}"#)),
        ("a number for a token", "oauth.token_answer", json(r#"{"access_token":7,"token_type":"Bearer"}"#)),
        (
            "a line break in a token",
            "oauth.token_answer",
            json(r#"{"access_token":"a\nb","token_type":"Bearer"}"#),
        ),
        ("no token type", "oauth.token_answer", json(r#"{"access_token":"t"}"#)),
        ("another token type", "oauth.token_answer", json(r#"{"access_token":"t","token_type":"mac"}"#)),
        (
            "a lifetime in words",
            "oauth.token_answer",
            json(r#"{"access_token":"t","token_type":"Bearer","expires_in":"an hour"}"#),
        ),
        (
            "a lifetime below zero",
            "oauth.token_answer",
            json(r#"{"access_token":"t","token_type":"Bearer","expires_in":-1}"#),
        ),
        (
            "a list of scopes",
            "oauth.token_answer",
            json(r#"{"access_token":"t","token_type":"Bearer","scope":["a"]}"#),
        ),
        (
            "a token twice",
            "reach.unreadable",
            json(r#"{"access_token":"t","access_token":"u","token_type":"Bearer"}"#),
        ),
        (
            "1 MB",
            "oauth.too_large",
            json(&format!(r#"{{"access_token":"t","token_type":"Bearer","x":"{}"}}"#, "a".repeat(1 << 20))),
        ),
        ("9000 brackets", "reach.unreadable", json(&deep)),
        (
            "201",
            "oauth.unexpected_status",
            Canned::json(201, r#"{"access_token":"t","token_type":"Bearer"}"#),
        ),
        (
            "204",
            "oauth.unexpected_status",
            Canned { status: 204, kind: "", location: String::new(), body: String::new() },
        ),
        ("302", "oauth.redirected", moved(302)),
        ("307", "oauth.redirected", moved(307)),
        ("308", "oauth.redirected", moved(308)),
        ("400 without a word", "oauth.invalid_request", Canned::json(400, "{}")),
        ("400 of another form", "oauth.invalid_request", Canned::json(400, r#"{"error":{"code":7}}"#)),
        ("401 invalid_client", "oauth.invalid_client", Canned::json(401, r#"{"error":"invalid_client"}"#)),
        ("400 invalid_grant", "oauth.invalid_grant", Canned::json(400, r#"{"error":"invalid_grant"}"#)),
        ("400 a word of its own", "oauth.invalid_request", Canned::json(400, r#"{"error":"<script>"}"#)),
        ("429", "server.rate_limited", Canned::json(429, r#"{"error":"rate_limited"}"#)),
        ("500", "server.error", Canned::json(500, r#"{"error":"Internal server error"}"#)),
        ("503 in words", "server.error", Canned { kind: "text/plain", ..Canned::json(503, "busy") }),
    ]
}

/// Who answered decides what helps: a gateway, a limit, a redirect, or Prism itself.
#[tokio::test]
async fn a_gateway_a_limit_and_prism_itself_have_words_of_their_own() {
    let (provider, desk) = pair(Script::default()).await;
    for (status, code, helps, does_not) in [
        (429, "server.rate_limited", "wait a minute", "use_jwt_tokens"),
        (500, "server.error", "use_jwt_tokens", "gateway"),
        (502, "server.error", "gateway", "use_jwt_tokens"),
        (503, "server.error", "gateway", "use_jwt_tokens"),
        (504, "server.error", "gateway", "use_jwt_tokens"),
        (307, "oauth.redirected", "without a redirect", "gateway"),
    ] {
        for body in ["", "{}", r#"{"error":"unavailable"}"#] {
            let location =
                if status == 307 { format!("{}/elsewhere", provider.url()) } else { String::new() };
            let canned = Canned { location, ..Canned::json(status, body) };
            provider.play(Script { token_endpoint: Some(canned), ..Script::default() });
            let attempt = desk.begin(&["todos"]).await.unwrap();
            visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
            let problem = attempt.end().await.unwrap_err();
            let hints = problem.hints.join(" ");
            assert_eq!(problem.code, code, "{status} {body}");
            assert!(hints.contains(helps) && !hints.contains(does_not), "{status} {body}: {hints}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_no_tokens_is_a_problem_with_a_cure() {
    let honeypot = Provider::start().await;
    let (provider, desk) = pair(Script::default()).await;
    let cases = token_answers(honeypot.url());
    let count = cases.len();
    for (what, code, canned) in cases {
        provider.play(Script { token_endpoint: Some(canned), ..Script::default() });
        let attempt = desk.begin(&["todos"]).await.unwrap();
        provider.asked();
        let (status, page) = visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
        assert!(status == 400 && !page.contains("<script>"), "{what}: {page}");
        let problem = attempt.end().await.unwrap_err();
        assert_eq!(problem.code, code, "{what}: {}", problem.message);
        assert!(!problem.hints.is_empty(), "{what}");
        // The code goes out once, whatever comes back.
        assert_eq!(provider.asked().iter().filter(|path| *path == "/token").count(), 1, "{what}");
        let shown = serde_json::to_string(&problem).unwrap();
        assert!(!shown.contains("code_verifier=a") && !shown.contains("code=code-"), "{what}: {shown}");
    }
    assert_eq!(honeypot.asked(), Vec::<String>::new());
    println!("count: {count} answers that are no tokens, a cure for each, none followed");
}

#[tokio::test]
async fn a_document_that_is_none_is_a_problem_with_a_cure() {
    let (provider, desk) = pair(Script::default()).await;
    let whole = document(provider.url());
    let without = |member: &str| {
        let mut document = whole.clone();
        document.as_object_mut().unwrap().remove(member);
        document.to_string()
    };
    let with = |member: &str, value: serde_json::Value| {
        let mut document = whole.clone();
        document[member] = value;
        document.to_string()
    };
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(9000), "]".repeat(9000));
    let cases = [
        ("a web page", "reach.not_api", "<!doctype html>".to_owned()),
        ("nothing", "reach.unreadable", String::new()),
        ("a list", "reach.unreadable", "[]".to_owned()),
        ("9000 brackets", "reach.unreadable", deep),
        ("1 MB", "oauth.too_large", with("x", "a".repeat(1 << 20).into())),
        ("no issuer", "oauth.discovery_incomplete", without("issuer")),
        ("no token endpoint", "oauth.discovery_incomplete", without("token_endpoint")),
        ("no authorization endpoint", "oauth.discovery_incomplete", without("authorization_endpoint")),
        ("a number for an endpoint", "reach.unreadable", with("token_endpoint", 7.into())),
        ("words for a list", "reach.unreadable", with("grant_types_supported", "all".into())),
        ("an endpoint that is no address", "oauth.foreign_endpoint", with("token_endpoint", "/token".into())),
    ];
    for (what, code, body) in &cases {
        let canned = Canned::json(200, body.clone());
        provider.play(Script { openid_configuration: Some(canned), ..Script::default() });
        let problem = desk.begin(&["todos"]).await.err().unwrap();
        assert_eq!(problem.code, *code, "{what}: {}", problem.message);
        assert!(!problem.hints.is_empty(), "{what}");
    }
    // Nothing at either place.
    let gone = || Some(Canned::json(404, "{}"));
    provider.play(Script { openid_configuration: gone(), ..Script::default() });
    assert_eq!(desk.begin(&["todos"]).await.err().unwrap().code, "oauth.no_discovery");
    // The second place is asked where the first has nothing (RFC 8414).
    let second = Some(Canned::json(200, whole.to_string()));
    provider.play(Script { openid_configuration: gone(), authorization_server: second, ..Script::default() });
    let attempt = desk.begin(&["todos"]).await.unwrap();
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    attempt.end().await.unwrap();
    println!("count: {} documents that are none, a cure for each", cases.len() + 1);
}
