//! Sending a recorded request.

use super::{Request, Response};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Long enough for a machine under load; a server that is silent for longer does not answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends a request whose placeholders are filled in and reads the answer: all of it, or what a stream says first.
pub(super) async fn send(http: &reqwest::Client, base: &str, request: &Request) -> Result<Response, String> {
    if request.headers.contains_key("Upgrade") {
        return tokio::time::timeout(PATIENCE, upgrade(base, request)).await.map_err(|e| e.to_string())?;
    }
    let method = request.method.parse::<reqwest::Method>().map_err(|e| e.to_string())?;
    let mut sending = http.request(method, format!("{base}{}", request.path)).timeout(PATIENCE);
    for (name, value) in &request.headers {
        sending = sending.header(name, value);
    }
    sending = match &request.body {
        Value::Null => sending,
        Value::String(text) => sending.body(text.clone()),
        body => sending.body(body.to_string()),
    };
    let mut answer = sending.send().await.map_err(|e| e.to_string())?;
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: BTreeMap<String, String> =
        answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let status = Some(answer.status().as_u16());
    let streams = headers.get("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
    let body = if streams {
        let first = answer.chunk().await.map_err(|e| e.to_string())?.unwrap_or_default();
        String::from_utf8_lossy(&first).into_owned()
    } else {
        answer.text().await.map_err(|e| e.to_string())?
    };
    Ok(Response { status, headers, body: read(body) })
}

fn read(body: String) -> Value {
    serde_json::from_str(&body).unwrap_or(Value::String(body))
}

/// A WebSocket handshake (RFC 6455 §4.1) and the first text frame behind it.
async fn upgrade(base: &str, request: &Request) -> Result<Response, String> {
    let authority = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).await.map_err(|e| e.to_string())?;
    let mut head = format!("GET {} HTTP/1.1\r\nHost: {authority}\r\nConnection: Upgrade\r\n", request.path);
    head.push_str("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.map_err(|e| e.to_string())?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.map_err(|e| e.to_string())?);
    }
    let status = String::from_utf8_lossy(&answer).split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut body = Value::String(String::new());
    if status == Some(101) {
        let [_, length] = [stream.read_u8().await, stream.read_u8().await];
        let mut frame = vec![0; usize::from(length.map_err(|e| e.to_string())?)];
        stream.read_exact(&mut frame).await.map_err(|e| e.to_string())?;
        body = read(String::from_utf8_lossy(&frame).into_owned());
    }
    Ok(Response { status, headers: BTreeMap::new(), body })
}
