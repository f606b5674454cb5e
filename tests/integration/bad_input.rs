//! Servers that are down, slow, hostile or broken: a problem with a cause, in bounded time, and nothing half-believed.

use engine::Limits;
use serde_json::{Value, json};
use std::time::Duration;
use tests::World;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that answers every request with the same bytes, and then waits or closes.
async fn canned(answer: Vec<u8>, then_wait: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 16 * 1024];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                if then_wait {
                    let _ = stream.read(&mut request).await;
                }
            });
        }
    });
    format!("http://{address}")
}

fn http(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Only where silence is expected is the patience short, so that a busy machine changes no answer.
async fn discover(address: &str, expected: &str) -> String {
    let short = Limits {
        headers: Duration::from_millis(400),
        total: Duration::from_millis(800),
        ..Limits::default()
    };
    let limits = if expected == "reach.timeout" { short } else { Limits::default() };
    let world = World::with(sandbox::Options::default(), None, limits);
    match world.call("discover_connection", json!({ "address": address })).await {
        Ok(found) => panic!("found something: {found}"),
        Err(problem) => problem.code,
    }
}

#[tokio::test]
async fn servers_that_are_no_servers_of_ours_are_named_for_what_they_are() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let page = b"<!doctype html><title>hello</title>";
    for (what, address, code) in [
        ("nobody", "http://127.0.0.1:1".to_owned(), "reach.refused"),
        ("silence", canned(Vec::new(), true).await, "reach.timeout"),
        ("a hang-up", canned(Vec::new(), false).await, "reach.reset"),
        (
            "half an answer",
            canned(http("200 OK", "application/json", b"{\"baseUrl\":")[..90].to_vec(), true).await,
            "reach.timeout",
        ),
        (
            "a cut answer",
            canned(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\"".to_vec(), false).await,
            "reach.reset",
        ),
        ("no HTTP", canned(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(), false).await, "reach.reset"),
        ("a web page", canned(http("200 OK", "text/html", page), false).await, "discovery.neither"),
        (
            "a redirect",
            canned(
                b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec(),
                false,
            )
            .await,
            "discovery.redirected",
        ),
        (
            "an error",
            canned(http("500 Broken", "application/json", b"{\"error\":\"x\",\"stack\":\"at y\"}"), false)
                .await,
            "server.error",
        ),
        (
            "other JSON",
            canned(http("200 OK", "application/json", b"[1,2]"), false).await,
            "discovery.neither",
        ),
        (
            "endless brackets",
            canned(http("200 OK", "application/json", deep.as_bytes()), false).await,
            "discovery.neither",
        ),
    ] {
        assert_eq!(discover(&address, code).await, code, "{what}");
    }
}

#[tokio::test]
async fn an_answer_beyond_the_cap_is_cut_and_refused() {
    let huge = format!("{{\"baseUrl\":\"{}\",\"clientId\":\"x\"}}", "a".repeat(9 * 1024 * 1024));
    let address = canned(http("200 OK", "application/json", huge.as_bytes()), false).await;
    let world = World::start();
    let problem = world.call("discover_connection", json!({ "address": address })).await.unwrap_err();
    assert_eq!(problem.code, "discovery.neither");
    let reply = serde_json::to_string(&problem).unwrap();
    assert!(reply.len() < 200 * 1024, "the answer does not come along whole: {} bytes", reply.len());
}

#[tokio::test]
async fn a_megabyte_of_hostile_title_is_text_like_any_other() {
    let world = World::start();
    let title = format!("<img src=x onerror=alert(1)>\u{202e}\u{1b}[31m{}", "A".repeat(1024 * 1024));
    let text = json!([{ "scope": "hostile", "title": title, "description": "" }]).to_string();
    let planned = world.on_sandbox("plan_import", json!({ "text": text })).await.unwrap();
    assert!(
        planned["problems"].as_array().unwrap().iter().any(|p| p["severity"] != "note"),
        "it is remarked"
    );
    // Written by somebody else, it has to be listed all the same.
    let mut scenario = serde_json::to_value(sandbox::Scenario::lived_in()).unwrap();
    scenario["prism"]["apps"][0]["definitions"][0]["title"] = json!(title);
    world.sandbox.admin().load(serde_json::from_value(scenario).unwrap());
    let listed = world.on_sandbox("plan_import", json!({ "text": "" })).await;
    let listed = match listed {
        Ok(listed) => listed,
        Err(problem) => panic!("{}", problem.message),
    };
    let longest =
        listed["rows"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap().len()).max();
    assert_eq!(longest, Some(title.len()));
}

#[tokio::test]
async fn hostile_sources_are_refused_with_a_place() {
    let world = World::start();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let huge = format!("[{}]", "\"a\",".repeat(3_000_000));
    for (what, text) in [
        ("cut off", "[{\"scope\": \"a\"".to_owned()),
        ("nested", deep),
        ("huge", huge),
        ("a duplicate key", "[{\"scope\":\"a\",\"scope\":\"b\",\"title\":\"t\"}]".to_owned()),
        ("no JSON", "scope: a".to_owned()),
        ("a prototype", "[{\"__proto__\":{\"x\":1},\"scope\":\"a b\",\"title\":\"t\"}]".to_owned()),
    ] {
        let planned = world.on_sandbox("plan_import", json!({ "text": text })).await.unwrap();
        assert_eq!(planned["blocked"]["code"], "import.blocked", "{what}");
        assert_ne!(planned["problems"], Value::Array(Vec::new()), "{what}");
    }
}
