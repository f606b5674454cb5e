//! Hostile answers: each ends in a problem or an exchange, in bounded time and with bounded memory.

use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::ScriptedHost;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Most that is read of a body here; the real limits are the same code with larger numbers.
const CAP: usize = 256 * 1024;
const LIMITS: Limits = Limits {
    headers: Duration::from_millis(700),
    total: Duration::from_millis(1500),
    body: CAP,
    sign_in: Duration::from_secs(1),
};

/// What a server does after a request came.
enum Act {
    /// Sends these bytes and hangs up.
    Say(Vec<u8>),
    /// Sends these bytes and says nothing more until the other side hangs up.
    Hold(Vec<u8>),
    /// Sends the first, then the second over and over until the other side hangs up.
    Flood(Vec<u8>, Vec<u8>),
    /// Sends the first, then one byte of the second now and then.
    Drip(Vec<u8>, u8),
}

fn head(lines: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{lines}\r\n").into_bytes()
}

fn with(lines: &str, body: &[u8]) -> Act {
    Act::Say([head(&format!("{lines}Content-Length: {}\r\n", body.len())), body.to_vec()].concat())
}

fn raw(text: &str) -> Act {
    Act::Say(text.as_bytes().to_vec())
}

/// A gzip stream of one stored block: enough to tell whether anybody unpacks it.
fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    packed.extend(length.to_le_bytes());
    packed.extend((!length).to_le_bytes());
    packed.extend(content);
    packed
}

fn framing() -> Vec<(&'static str, Act)> {
    let chunk = b"400\r\n".iter().copied().chain([b'x'; 1024]).chain(*b"\r\n").collect::<Vec<u8>>();
    vec![
        ("nothing at all", raw("")),
        ("silence", Act::Hold(Vec::new())),
        ("half a status line", Act::Hold(b"HTTP/1.1 2".to_vec())),
        ("half the headers", Act::Hold(b"HTTP/1.1 200 OK\r\nA: b\r\n".to_vec())),
        ("slow headers", Act::Drip(b"HTTP/1.1 200 OK\r\nA: ".to_vec(), b'a')),
        ("slow body", Act::Drip(head("Content-Length: 100000\r\n"), b' ')),
        ("silent body", Act::Hold(head("Content-Length: 100000\r\n"))),
        ("endless chunks", Act::Flood(head("Transfer-Encoding: chunked\r\n"), chunk)),
        ("endless body", Act::Flood(head(""), vec![b'['; 4096])),
        ("endless headers", Act::Flood(b"HTTP/1.1 200 OK\r\n".to_vec(), b"A: b\r\n".to_vec())),
        ("one endless header", Act::Flood(b"HTTP/1.1 200 OK\r\nA: ".to_vec(), vec![b'a'; 4096])),
        ("a flood of 1xx", Act::Flood(Vec::new(), b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec())),
        ("a flood of 100", Act::Flood(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec())),
        ("length too long", raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}")),
        ("length too short", raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{\"a\":1}")),
        ("length negative", raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")),
        ("length huge", Act::Hold(head("Content-Length: 18446744073709551615\r\n"))),
        (
            "length beyond numbers",
            raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n{}"),
        ),
        ("two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x")),
        (
            "length and chunks",
            raw(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            ),
        ),
        ("a chunk of no number", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")),
        (
            "a chunk of huge size",
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n"),
        ),
        (
            "chunks without an end",
            Act::Hold(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n".to_vec()),
        ),
        (
            "endless trailers",
            Act::Flood(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n".to_vec(),
                b"T: x\r\n".to_vec(),
            ),
        ),
        ("HTTP/0.9", raw("{\"baseUrl\":\"x\"}")),
        ("HTTP/3.7", raw("HTTP/3.7 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
        ("another protocol", raw("SSH-2.0-OpenSSH_9.9\r\n")),
        ("a status of no number", raw("HTTP/1.1 abc OK\r\n\r\n")),
        ("status 999", raw("HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n")),
        (
            "a switch of protocols",
            raw("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx"),
        ),
        ("a header of 1 MB", raw(&format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n{{}}", "a".repeat(1_000_000)))),
        ("20000 headers", raw(&format!("HTTP/1.1 200 OK\r\n{}\r\n{{}}", "A: b\r\n".repeat(20_000)))),
        ("a header with NUL", raw("HTTP/1.1 200 OK\r\nA: \0\r\nContent-Length: 2\r\n\r\n{}")),
        ("a folded header", raw("HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\n{}")),
    ]
}

fn content() -> Vec<(&'static str, Act)> {
    let deep = |open: &str, close: &str, depth: usize| open.repeat(depth) + &close.repeat(depth);
    vec![
        ("a body beyond the cap", with("", &vec![b'9'; CAP * 4])),
        ("gzip nobody asked for", with("Content-Encoding: gzip\r\n", &gzip(&[b' '; 60_000]))),
        ("brotli nobody asked for", with("Content-Encoding: br\r\n", &[0x1b, 0xff, 0xff, 0xff, 0x7f])),
        (
            "gzip ten times",
            with(
                "Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip\r\n",
                &gzip(b"{}"),
            ),
        ),
        ("an unknown coding", with("Content-Encoding: x-bomb\r\n", b"{}")),
        ("129 lists deep", with("", deep("[", "]", 129).as_bytes())),
        ("100000 objects deep", with("", (r#"{"a":"#.repeat(20_000) + "1" + &"}".repeat(20_000)).as_bytes())),
        ("lists that never end", with("", "[".repeat(100_000).as_bytes())),
        ("bytes that are no text", with("", &[0xff, 0xfe, 0xc0, 0x80, b'{', b'}'])),
        ("NUL bytes", with("", b"{\"baseUrl\":\"\0\"}\0\0")),
        ("half a surrogate", with("", br#"{"baseUrl":"\ud800","clientId":"x","redirectUri":""}"#)),
        ("a number beyond numbers", with("", format!("{{\"baseUrl\":1e{}}}", "9".repeat(5000)).as_bytes())),
        ("members twice", with("", br#"{"baseUrl":"a","baseUrl":"b","clientId":"","redirectUri":""}"#)),
        ("wrong types", with("", br#"{"baseUrl":[],"clientId":{},"redirectUri":7}"#)),
        ("a web page", with("", b"<!doctype html><title>Sign in</title>")),
        ("nothing in it", with("", b"")),
    ]
}

async fn act(mut stream: TcpStream, act: &Act, sent: &AtomicUsize) {
    let mut request = vec![0; 8192];
    let _ = stream.read(&mut request).await;
    let (first, more) = match act {
        Act::Say(bytes) => (bytes, None),
        Act::Hold(bytes) => (bytes, Some(Vec::new())),
        Act::Flood(bytes, more) => (bytes, Some(more.clone())),
        Act::Drip(bytes, byte) => (bytes, Some(vec![*byte])),
    };
    if stream.write_all(first).await.is_err() {
        return;
    }
    sent.fetch_add(first.len(), Ordering::Relaxed);
    let Some(more) = more else {
        let _ = stream.shutdown().await;
        return;
    };
    let mut gone = [0; 64];
    loop {
        let pause = if matches!(act, Act::Flood(..)) { Duration::ZERO } else { Duration::from_millis(20) };
        tokio::select! {
            biased;
            read = stream.read(&mut gone) => if read.unwrap_or(0) == 0 { return },
            () = tokio::time::sleep(pause), if !more.is_empty() => {
                if stream.write_all(&more).await.is_err() { return }
                sent.fetch_add(more.len(), Ordering::Relaxed);
            }
        }
    }
}

async fn ask(engine: &Engine, operation: &str, args: Value) -> Result<Value, scopes::problem::Problem> {
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hostile_answer_ends_in_a_problem() {
    let engine = Engine::with_limits(Arc::new(ScriptedHost::new(None)), LIMITS);
    let mut longest = Duration::ZERO;
    let (mut count, mut most_sent) = (0, 0);
    for (what, does) in framing().into_iter().chain(content()) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (does, sent) = (Arc::new(does), Arc::new(AtomicUsize::new(0)));
        let sends = sent.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (does, sent) = (does.clone(), sends.clone());
                tokio::spawn(async move { act(stream, &does, &sent).await });
            }
        });
        let began = Instant::now();
        // The two questions of a discovery run together: one limit bounds them both.
        let ended = ask(&engine, "discover_connection", json!({ "address": address })).await;
        let took = began.elapsed();
        serving.abort();
        longest = longest.max(took);
        most_sent = most_sent.max(sent.load(Ordering::Relaxed));
        match ended {
            Err(problem) => {
                let known = ["reach.", "discovery."].iter().any(|family| problem.code.starts_with(family));
                assert!(known && !problem.hints.is_empty(), "{what}: {}: {}", problem.code, problem.message);
                let said = serde_json::to_string(&problem).unwrap();
                assert!(said.len() < CAP, "{what}: a problem of {} bytes", said.len());
            }
            // A later member wins, and what is in it is judged like any other address.
            Ok(found) => assert!(!found["problems"].as_array().unwrap().is_empty(), "{what}: {found}"),
        }
        count += 1;
    }
    println!(
        "count: T12: {count} hostile answers, longest {} ms, at most {most_sent} bytes taken",
        longest.as_millis()
    );
    assert!(count >= 40);
    assert!(most_sent < 64 * 1024 * 1024, "what nobody reads is not taken");
}

#[tokio::test]
async fn nothing_compressed_is_asked_for() {
    let server = tests::RawServer::start(|_| tests::RawServer::json("200 OK", "", "{}")).await;
    let engine = Engine::new(Arc::new(ScriptedHost::new(None)));
    let _ = ask(&engine, "discover_connection", json!({ "address": server.base })).await;
    let heard = server.heard();
    assert!(!heard.is_empty());
    assert!(heard.iter().all(|heard| !heard.to_ascii_lowercase().contains("accept-encoding")), "{heard:?}");
}
