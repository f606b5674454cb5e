//! What leaves the process, to whom, and how a lost answer is named.

use super::{Credential, Http, Limits};
use crate::ask::Ask;
use crate::jobs::Cancel;
use crate::server::Server;
use scopes::exchange::{Exchange, TransportFailure};
use scopes::lang::Lang;
use scopes::secret::Secret;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that remembers what it was sent and answers every request the same.
struct Listener {
    server: Server,
    heard: Arc<Mutex<Vec<String>>>,
}

async fn listen(answer: String) -> Listener {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let hears = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let length = stream.read(&mut request).await.unwrap_or(0);
            hears.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Listener { server, heard }
}

fn answer(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn ask() -> Ask<Value> {
    Ask::get(["api", "x"])
}

async fn send(server: &Server, ask: &Ask<Value>, credential: Option<&Credential>) -> Exchange {
    Http::new(Limits::default()).send(server, ask, credential, 0, None).await
}

fn token(server: &Server) -> Credential {
    Credential::bearer(Secret::new("canary"), vec![server.clone()])
}

#[tokio::test]
async fn a_credential_goes_to_its_own_server_only() {
    let (home, honeypot) = (listen(answer("200 OK", "{}")).await, listen(answer("200 OK", "{}")).await);
    let credential = token(&home.server);
    assert!(send(&home.server, &ask(), Some(&credential)).await.response.is_some());
    let refused = send(&honeypot.server, &ask(), Some(&credential)).await;
    assert!(matches!(refused.failure, Some((TransportFailure::NotSent, _))));
    assert!(honeypot.heard.lock().unwrap().is_empty(), "not even the request goes there");
    assert!(home.heard.lock().unwrap()[0].contains("authorization: Bearer canary\r\n"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_never_called_the_servers_fault() {
    let home = listen(answer("200 OK", "{}")).await;
    let credential = Credential::bearer(Secret::new("a\nb"), vec![home.server.clone()]);
    let exchange = send(&home.server, &ask(), Some(&credential)).await;
    assert!(matches!(exchange.failure, Some((TransportFailure::NotSent, _))), "{:?}", exchange.failure);
    let problem = crate::answer::read::<Value>(exchange).or_problem(Lang::En).unwrap_err();
    assert_eq!(problem.code, "request.not_sent");
    assert!(home.heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn redirects_are_answers_like_any_other() {
    let honeypot = listen(answer("200 OK", "{}")).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = honeypot.server.base();
        let home = listen(answer(&format!("{status}\r\nLocation: {location}/api/x"), "")).await;
        let exchange = send(&home.server, &ask(), Some(&token(&home.server))).await;
        let response = exchange.response.unwrap();
        assert_eq!(response.status.to_string(), status[..3]);
    }
    assert!(honeypot.heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn client_credentials_go_as_basic() {
    let home = listen(answer("200 OK", "{}")).await;
    let credential = Credential::basic("prism_a", Secret::new("b:c +ü"), vec![home.server.clone()]);
    send(&home.server, &ask(), Some(&credential)).await;
    // Both parts are form-encoded first (RFC 6749 §2.3.1): base64 of `prism_a:b%3Ac+%2B%C3%BC`.
    let sent = home.heard.lock().unwrap()[0].clone();
    assert!(sent.contains("authorization: Basic cHJpc21fYTpiJTNBYyslMkIlQzMlQkM=\r\n"), "{sent}");
}

#[tokio::test]
async fn typed_parts_cannot_change_the_place_of_a_request() {
    let home = listen(answer("200 OK", "{}")).await;
    for id in [
        "a/../../b",
        "a?x=1",
        "a#b",
        "//evil.example",
        "a%2e%2e",
        "\\..\\b",
        "a b",
        "ü",
        "a\r\nX: y",
        "@evil",
    ] {
        let exchange = send(&home.server, &Ask::get(["api", "apps", id]), None).await;
        assert!(exchange.response.is_some(), "{id}");
        let heard = home.heard.lock().unwrap().pop().unwrap();
        let line = heard.lines().next().unwrap();
        assert!(line.starts_with("GET /api/apps/") && line.matches('/').count() == 4, "{id}: {line}");
        assert!(!heard.contains("\r\nX: y"), "{id}");
    }
    for id in ["", ".", ".."] {
        let exchange = send(&home.server, &Ask::get(["api", "apps", id]), None).await;
        assert!(exchange.failure.is_some() && home.heard.lock().unwrap().is_empty(), "{id:?}");
    }
}

#[tokio::test]
async fn bodies_are_sent_as_what_they_are() {
    let home = listen(answer("200 OK", "{}")).await;
    send(&home.server, &Ask::new("POST", ["x"]).json(json!({"a": "ä"})), None).await;
    send(&home.server, &Ask::new("POST", ["x"]).form(&[("token", "a b&c")]), None).await;
    let heard = home.heard.lock().unwrap().join("");
    assert!(heard.contains("content-type: application/json\r\n") && heard.contains("{\"a\":\"ä\"}"));
    assert!(heard.contains("content-type: application/x-www-form-urlencoded\r\n"));
    assert!(heard.contains("token=a+b%26c"));
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_cut_and_marked() {
    let home = listen(answer("200 OK", &"x".repeat(5000))).await;
    let limits = Limits { body: 1000, ..Limits::default() };
    let exchange = Http::new(limits).send(&home.server, &ask(), None, 0, None).await;
    let response = exchange.response.unwrap();
    assert!(response.truncated);
    assert_eq!(response.body.unwrap().len(), 1000);
}

#[tokio::test]
async fn lost_answers_are_named() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    // Only silence is met with little patience, so that a busy machine changes no other answer.
    let short = Limits {
        headers: Duration::from_millis(300),
        total: Duration::from_millis(600),
        ..Limits::default()
    };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cut = listen("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf".into()).await;
    for (address, failure) in [
        (gone.to_string(), TransportFailure::Refused),
        (silent.local_addr().unwrap().to_string(), TransportFailure::Timeout),
        (cut.server.base(), TransportFailure::Reset),
        (cut.server.base().replace("http:", "https:"), TransportFailure::Tls),
        ("https://name.invalid".to_owned(), TransportFailure::Dns),
    ] {
        let server = Server::parse(&address).unwrap();
        let limits = if failure == TransportFailure::Timeout { short } else { Limits::default() };
        let exchange = Http::new(limits).send(&server, &ask(), None, 0, None).await;
        let named = exchange.failure.unwrap();
        assert_eq!(named.0, failure, "{address}: {}", named.1);
        assert!(exchange.response.is_none());
    }
}

#[tokio::test]
async fn a_stop_ends_the_waiting() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::parse(&silent.local_addr().unwrap().to_string()).unwrap();
    let cancel = Cancel::new();
    let http = Http::new(Limits::default());
    let ask = ask();
    let sending = http.send(&server, &ask, None, 0, Some(&cancel));
    let stopping = async {
        // Somebody connected, so the request is under way.
        silent.accept().await.unwrap();
        cancel.set();
    };
    let (exchange, ()) = tokio::join!(sending, stopping);
    assert!(matches!(exchange.failure, Some((TransportFailure::Cancelled, _))));
}

#[tokio::test]
async fn an_event_stream_is_cut_after_its_first_words() {
    let body = "d\r\ndata: hello\n\n\r\n";
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let talking = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        // Ends only when the other side hangs up.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    let exchange = send(&server, &ask(), None).await;
    let response = exchange.response.unwrap();
    assert_eq!((response.status, response.truncated), (200, true));
    assert_eq!(response.body.as_deref(), Some("data: hello\n\n"));
    talking.await.unwrap();
}
