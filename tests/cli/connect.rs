//! `spectroscope connect`: a sandbox started separately, as if it were real.

use crate::support::{Dir, Ran, run_in, start};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;

fn run(dir: &Dir, args: &[&str]) -> Ran {
    run_in(dir.path(), args, b"", &[])
}

fn address<'a>(handout: &'a Value, name: &str) -> &'a str {
    handout[name].as_str().expect("an address")
}

#[test]
fn both_servers_are_found_from_the_address_of_glint() {
    let (dir, elsewhere) = (Dir::new(), Dir::new());
    let (_running, handout) = start(dir.path());
    let (glint, prism) = (address(&handout, "glint_url"), address(&handout, "prism_url"));

    let looked = run(&elsewhere, &["connect", glint, "--dry-run"]);
    assert_eq!(looked.code, 0, "{}", looked.err);
    assert!(looked.out.contains(prism) && looked.out.contains("GET /api/auth/config"), "{}", looked.out);
    assert!(looked.out.ends_with("Nothing was saved.\n"), "{}", looked.out);
    assert_eq!(run(&elsewhere, &["connections"]).out, "");

    let found = run(
        &elsewhere,
        &["connect", glint, "--prism", prism, "--name", "Tea", "--environment", "staging", "--json"],
    )
    .json();
    assert_eq!(found["discovered"]["prism_url"], prism);
    assert_eq!(found["connection"]["glint_url"], glint);
    assert_eq!(found["connection"]["provider_client_id"], handout["provider"]["client_id"]);
    assert_eq!(found["connection"]["environment"], "staging");
    let listed = run(&elsewhere, &["connections", "list"]);
    assert!(listed.out.contains("Tea") && listed.out.contains(prism), "{}", listed.out);

    let file = elsewhere.path().join("spectroscope/connections.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let checked = run(&elsewhere, &["connections", "check", "tea"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
}

#[test]
fn a_prism_alone_is_found_by_its_own_address() {
    let (dir, elsewhere) = (Dir::new(), Dir::new());
    let (_running, handout) = start(dir.path());
    let prism = address(&handout, "prism_url");
    let ran = run(&elsewhere, &["connect", prism, "--json"]);
    let found = ran.json();
    assert_eq!((ran.code, &found["connection"]["glint_url"]), (0, &Value::Null), "{found}");
    assert_eq!(found["connection"]["prism_url"], prism);
    // Its name is its host, as nobody gave one; the port belongs to it.
    assert_eq!(found["connection"]["name"], prism.trim_start_matches("http://"));
    assert_eq!(found["connection"]["environment"], "production", "the careful guess");
}

#[test]
fn the_same_servers_and_the_same_name_are_taken_once() {
    let (dir, elsewhere) = (Dir::new(), Dir::new());
    let (_running, handout) = start(dir.path());
    let (glint, prism) = (address(&handout, "glint_url"), address(&handout, "prism_url"));
    assert_eq!(run(&elsewhere, &["connect", glint, "--prism", prism, "--name", "Tea"]).code, 0);
    for (args, code) in [
        (["connect", glint, "--name", "Other"], "connection.known"),
        (["connect", prism, "--name", "Tea"], "connection.name_taken"),
    ] {
        let ran = run(&elsewhere, &args);
        assert!(ran.code == 1 && ran.err.contains(code), "{}", ran.err);
    }
    let list = run(&elsewhere, &["connections", "--json"]).json();
    assert_eq!(list["connections"].as_array().map(Vec::len), Some(1), "{list}");
}

#[test]
fn a_malformed_address_is_a_usage_mistake_with_a_cure() {
    let dir = Dir::new();
    for address in [
        "",
        " ",
        "://",
        "ftp://glint.example.com",
        "http://glint.example.com",
        "https://",
        "https://u:p@glint.example.com",
        "https://glint.example.com:99999",
        "java script",
        "http://localhost:1",
        "https://[::1",
        "\u{202e}moc.elpmaxe",
    ] {
        let ran = run(&dir, &["connect", address]);
        assert_eq!(ran.code, 2, "{address:?}: {}", ran.err);
        assert!(ran.err.contains("[address.") && ran.err.contains("→"), "{address:?}: {}", ran.err);
        assert!(!ran.err.contains('\u{202e}') && !ran.err.contains("u:p@"), "{}", ran.err);
    }
    assert!(!dir.path().join("spectroscope/connections.json").exists(), "nothing is saved");
}

/// Answers everything with the same bytes until the test ends.
pub(crate) fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut socket in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request);
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn servers_that_are_neither_leave_the_question_open_and_nothing_behind() {
    let dir = Dir::new();
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\nconnection: close\r\n\r\n<html>\u{1b}[31mx\n";
    let moved = "HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let failing = "HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    for (answer, code) in [(html, 4), (moved, 3), (failing, 3), ("junk\r\n", 4)] {
        let ran = run(&dir, &["connect", &server(answer)]);
        assert_eq!(ran.code, code, "{answer:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("→") && !ran.err.contains('\u{1b}'), "{answer:?}: {}", ran.err);
        let ran = run(&dir, &["connect", &server(answer), "--json"]);
        assert!(ran.json()["problem"]["code"].is_string(), "{}", ran.out);
    }
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let ran = run(&dir, &["connect", &format!("127.0.0.1:{port}")]);
    assert!(ran.code == 4 && ran.err.contains("[reach."), "{}", ran.err);
    assert!(!dir.path().join("spectroscope/connections.json").exists());
}

/// Answers `/api/auth/config` and everything else with these bytes until the test ends.
fn two_answers(config: &str, other: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (config, other) = (config.to_owned(), other.to_owned());
    std::thread::spawn(move || {
        for mut socket in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 4096];
            let length = socket.read(&mut request).unwrap_or(0);
            let asked = String::from_utf8_lossy(&request[..length]).into_owned();
            let answer = if asked.starts_with("GET /api/auth/config") { &config } else { &other };
            let _ = socket.write_all(answer.as_bytes());
        }
    });
    address
}

fn http(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

#[test]
fn the_fault_of_a_server_is_named_and_not_called_another_server() {
    let dir = Dir::new();
    let (html, page) = ("content-type: text/html\r\n", "<!doctype html><title>Sorry</title>");
    let json = "content-type: application/json\r\n";
    let missing = http("404 Not Found", json, r#"{"error":"Not found"}"#);
    let date = "Retry-After: Sun, 22 Nov 2026 06:31:40 GMT\r\nDate: Sun, 22 Nov 2026 06:30:00 GMT\r\n";
    for (faulty, code, words) in [
        (http("503 Service Unavailable", html, page), "server.error", "503"),
        (
            http("503 Service Unavailable", &format!("{html}Retry-After: 120\r\n"), page),
            "server.error",
            "120 s",
        ),
        (
            http("429 Too Many Requests", &format!("{html}Retry-After: 45\r\n"), page),
            "server.rate_limited",
            "45 s",
        ),
        (http("429 Too Many Requests", &format!("{json}{date}"), "{}"), "server.rate_limited", "100 s"),
        (http("429 Too Many Requests", "", ""), "server.rate_limited", "429"),
        (http("502 Bad Gateway", html, page), "server.error", "502"),
        (
            http("302 Found", &format!("{html}Location: https://new.example/x?y=1\r\n"), page),
            "discovery.redirected",
            "https://new.example`",
        ),
        (http("301 Moved Permanently", html, page), "reach.redirected", "301"),
    ] {
        // In front of a Glint, and in front of a Prism that has no `/api/auth/config`.
        for address in [two_answers(&faulty, &faulty), two_answers(&missing, &faulty)] {
            let ran = run(&dir, &["connect", &address]);
            let lines = faulty.lines().next().unwrap_or_default();
            assert!(ran.err.contains(&format!("[{code}]")), "{lines}: {}", ran.err);
            assert!(ran.err.contains(words), "{lines}: {}", ran.err);
            assert!(!ran.err.contains("neither a Glint nor a Prism"), "{lines}: {}", ran.err);
            assert_eq!(ran.code, if code == "reach.redirected" { 4 } else { 3 }, "{lines}: {}", ran.err);
        }
    }
}

#[test]
fn a_wrong_certificate_file_is_named() {
    let (dir, elsewhere) = (Dir::new(), Dir::new());
    let (_running, handout) = start(dir.path());
    let glint = address(&handout, "glint_url");
    let empty = elsewhere.file("empty.pem", "no certificate");
    for file in ["/nowhere/ca.pem", &empty] {
        let ran = run(&elsewhere, &["connect", glint, "--ca-file", file]);
        assert!(
            ran.code != 0 && ran.err.contains(file) && ran.err.contains("→"),
            "{file}: {}{}",
            ran.out,
            ran.err
        );
    }
    assert_eq!(run(&elsewhere, &["connect", glint, "--redirect-port", "0"]).code, 2);
    assert_eq!(run(&elsewhere, &["connect", glint, "--colour", "pink"]).code, 2);
}
