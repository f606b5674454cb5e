//! A proxy in front of a server that does to one request what networks and gateways do on a bad day.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mishap {
    /// The connection ends before the request is passed on.
    ResetBefore,
    /// The request is passed on, and the connection ends within the status line.
    ResetDuring,
    /// The request is passed on, and the connection ends before any answer.
    ResetAfter,
    /// The answer comes one byte at a time, without a pause.
    Sliced,
    /// The answer comes one byte in each such time.
    Drip(Duration),
    /// The answer stops within its headers, and the connection stays.
    StallInHeaders,
    /// The answer stops within its body, and the connection stays.
    StallInBody,
    /// The answer ends within its body.
    Truncated,
    /// The request is passed on when [`Proxy::release`] is called.
    Held,
    /// This answer comes, and the request is not passed on.
    Instead(Vec<u8>),
}

/// Which requests a mishap hits.
#[derive(Debug, Clone)]
pub struct Script {
    /// Verb.
    pub method: String,
    /// Begin of the path.
    pub path: String,
    /// How many of them; `None` for all.
    pub times: Option<usize>,
    /// What happens.
    pub mishap: Mishap,
}

/// Stops when it is dropped.
pub struct Proxy {
    /// `http://127.0.0.1:<port>`.
    pub base: String,
    shared: Arc<Shared>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    script: Mutex<Option<Script>>,
    /// Whether held requests are passed on.
    released: watch::Sender<bool>,
    /// How many requests are held.
    held: watch::Sender<usize>,
}

impl Proxy {
    /// A proxy that passes everything on to an `http://` address.
    ///
    /// # Panics
    /// When no loopback port can be had.
    #[expect(clippy::expect_used, reason = "a test cannot go on without its server")]
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let shared: Arc<Shared> = Arc::default();
        let theirs = shared.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (upstream, shared) = (upstream.clone(), theirs.clone());
                // An error is the other side's hanging up, which is its right.
                tokio::spawn(async move { serve(stream, &upstream, &shared).await.ok() });
            }
        });
        Self { base, shared, serving }
    }

    /// From now on this happens.
    pub fn inject(&self, script: Script) {
        *self.shared.script.lock().unwrap_or_else(PoisonError::into_inner) = Some(script);
    }

    /// Passes on what is held, and waits until it was carried out.
    pub async fn release(&self) {
        self.shared.released.send_replace(true);
        // The sender lives in `self`.
        let _ = self.shared.held.subscribe().wait_for(|held| *held == 0).await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn taken(script: &Mutex<Option<Script>>, head: &str) -> Option<Mishap> {
    let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
    let Script { method, path, times, mishap } = script.as_mut()?;
    if !head.starts_with(&format!("{method} {path}")) {
        return None;
    }
    let mishap = mishap.clone();
    match times {
        Some(0) => return None,
        Some(left) => *left -= 1,
        None => {}
    }
    Some(mishap)
}

async fn serve(mut stream: TcpStream, upstream: &str, shared: &Shared) -> std::io::Result<()> {
    let request = read_request(&mut stream).await?;
    let head = String::from_utf8_lossy(&request).into_owned();
    let mishap = taken(&shared.script, &head);
    match &mishap {
        Some(Mishap::ResetBefore) => return Ok(()),
        Some(Mishap::Instead(answer)) => return finish(&mut stream, answer).await,
        Some(Mishap::Held) => {
            shared.held.send_modify(|held| *held += 1);
            let _ = shared.released.subscribe().wait_for(|released| *released).await;
        }
        _ => {}
    }
    let answer = forward(&request, upstream).await;
    if mishap == Some(Mishap::Held) {
        shared.held.send_modify(|held| *held -= 1);
    }
    let answer = answer?;
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
    let within_body = body + answer.len().saturating_sub(body) / 2;
    match mishap {
        Some(Mishap::ResetAfter) => Ok(()),
        Some(Mishap::ResetDuring) => finish(&mut stream, part(&answer, 9)).await,
        Some(Mishap::Sliced) => drip(&mut stream, &answer, Duration::ZERO).await,
        Some(Mishap::Drip(pause)) => drip(&mut stream, &answer, pause).await,
        Some(Mishap::StallInHeaders) => stall(&mut stream, part(&answer, body / 2)).await,
        Some(Mishap::StallInBody) => stall(&mut stream, part(&answer, within_body)).await,
        Some(Mishap::Truncated) => finish(&mut stream, part(&answer, within_body)).await,
        _ => finish(&mut stream, &answer).await,
    }
}

fn part(answer: &[u8], length: usize) -> &[u8] {
    answer.get(..length).unwrap_or(answer)
}

async fn finish(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.shutdown().await
}

async fn drip(stream: &mut TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        stream.flush().await?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    stream.shutdown().await
}

/// Sends a part and waits for the other side to hang up.
async fn stall(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    let mut rest = [0; 64];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

async fn forward(request: &[u8], upstream: &str) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(upstream).await?;
    let line = request.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    server.write_all(part(request, line)).await?;
    server.write_all(b"connection: close\r\n").await?;
    server.write_all(request.get(line..).unwrap_or_default()).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Head and body of one request, as far as it came.
async fn read_request(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    loop {
        let read = stream.read(&mut part).await?;
        bytes.extend(part.iter().take(read));
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= length_of(head));
        if read == 0 || whole {
            return Ok(bytes);
        }
    }
}

fn length_of(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}
