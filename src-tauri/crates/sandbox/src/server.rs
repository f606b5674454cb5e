//! Listening: one loop per address; connections, heads, bodies and waiting are all bounded.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::admin::Admin;
use crate::clock::Clock;
use crate::delivery::{self, Sent};
use crate::faults::{Effect, Faults, Server};
use crate::glint::Glint;
use crate::har::{Entry, Log};
use crate::prism::Prism;
use crate::wire::{Call, Reply};

/// How many connections one address serves at a time; one more is told so and closed.
const MOST_CONNECTIONS: usize = 12_000;
/// How long a client may take for a request's head, and again for its body.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest body that is read.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// Bodies above this wait for one of a few places, so that many large ones cannot fill the memory.
const SMALL_BODY: usize = 64 * 1024;
/// How many large bodies are in memory at a time.
const LARGE_BODIES: usize = 8;

/// A loopback listener on `preferred`, or on any free port when that is taken or not asked for.
pub(crate) fn bind(preferred: Option<u16>) -> io::Result<std::net::TcpListener> {
    let at = |port| std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let listener = match preferred.map(at) {
        Some(Ok(listener)) => listener,
        _ => at(0)?,
    };
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The base URL of a listener, without a slash at the end.
pub(crate) fn base_url(listener: &std::net::TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

/// What answers on one address.
pub(crate) enum Answerer {
    Prism(Prism),
    Glint(Glint),
    /// The controls and the token they ask for.
    Admin {
        admin: Admin,
        token: String,
    },
}

impl Answerer {
    /// Which server this is, for faults and the log; `None` for the admin controls.
    fn server(&self) -> Option<Server> {
        match self {
            Self::Prism(_) => Some(Server::Prism),
            Self::Glint(_) => Some(Server::Glint),
            Self::Admin { .. } => None,
        }
    }

    async fn answer(&self, parts: Parts, body: Bytes) -> Response<Body> {
        let call = |parts: Parts| Call {
            method: parts.method,
            path: parts.uri.path().into(),
            query: parts.uri.query().unwrap_or_default().into(),
            headers: parts.headers,
            body: body.clone(),
        };
        match self {
            Self::Prism(prism) => prism.call(&call(parts)).into_response(),
            Self::Glint(glint) => glint.serve(Request::from_parts(parts, Body::from(body))).await,
            Self::Admin { admin, token } => admin.guarded(&call(parts), token).into_response(),
        }
    }
}

/// One address.
pub(crate) struct Site {
    pub(crate) answerer: Answerer,
    pub(crate) base_url: String,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) clock: Clock,
    pub(crate) large_bodies: Arc<Semaphore>,
}

/// Places for large bodies, shared by all addresses.
pub(crate) fn large_bodies() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(LARGE_BODIES))
}

/// Accepts for as long as the runtime lives.
pub(crate) async fn serve(listener: TcpListener, site: Arc<Site>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors: the ones in use come back when their clients leave or time out.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let site = Arc::clone(&site);
                tokio::spawn(async move {
                    converse(stream, site).await;
                    drop(place);
                });
            }
            Err(_) => drop(tokio::spawn(turn_away(stream))),
        }
    }
}

async fn turn_away(mut stream: TcpStream) {
    let text = format!("The sandbox serves at most {MOST_CONNECTIONS} connections at a time.");
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
        text.len(),
    );
    let _ = tokio::time::timeout(PATIENCE, stream.write_all(answer.as_bytes())).await;
}

async fn converse(stream: TcpStream, site: Arc<Site>) {
    let (stream, cord) = delivery::with_cord(stream);
    let service = service_fn(move |request| {
        let (site, cord) = (Arc::clone(&site), cord.clone());
        async move {
            cord.reads_body();
            let sent = answer(&site, request).await;
            cord.reads_head();
            if sent.reset {
                cord.cut();
            }
            Ok::<_, Infallible>(sent.response)
        }
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 * 1024).half_close(false);
    // A client that leaves early or speaks no HTTP is its own business.
    let _ = builder.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
}

async fn answer(site: &Site, request: Request<Incoming>) -> Sent {
    let begun = (Instant::now(), site.clock.now_ms());
    let (mut parts, body) = request.into_parts();
    if !parts.headers.get_all(header::HOST).iter().all(is_loopback) {
        return refuse(403, "The sandbox answers to 127.0.0.1 and localhost only.");
    }
    delivery::restore_blanks(&mut parts.headers);
    let body = match tokio::time::timeout(PATIENCE, read(site, body)).await {
        Ok(Some(body)) => body,
        Ok(None) => return refuse(413, "The body is larger than 16 MiB."),
        Err(_) => return refuse(408, "The body took longer than 20 seconds."),
    };
    let path = parts.uri.path();
    let effect = site
        .answerer
        .server()
        .and_then(|server| site.faults.hit(server, parts.method.as_str(), path))
        .unwrap_or_default();
    let mut entry = Entry {
        started_ms: begun.1,
        elapsed_ms: 0,
        method: parts.method.to_string(),
        url: format!("{}{}", site.base_url, parts.uri),
        request_headers: parts.headers.clone(),
        request_body: body.clone(),
        status: 0,
        response_headers: HeaderMap::new(),
        response_body: Bytes::new(),
    };
    let response = carry_out(site, parts, body, &effect).await;
    let (response, whole) = delivery::settle(response).await;
    let sent = delivery::send(response, whole.clone(), effect.delivery);
    if site.answerer.server().is_some() {
        if !sent.reset {
            entry.status = sent.response.status().as_u16();
            entry.response_headers = sent.response.headers().clone();
            entry.response_body = whole.unwrap_or_default();
        }
        entry.elapsed_ms = u64::try_from(begun.0.elapsed().as_millis()).unwrap_or(u64::MAX);
        site.log.add(entry);
    }
    sent
}

/// Whether a `Host` field names this computer: another name may be one that a web page pointed here.
fn is_loopback(host: &HeaderValue) -> bool {
    let host = host.to_str().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    (name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1") && port.parse::<u16>().is_ok()
}

fn refuse(status: u16, text: &str) -> Sent {
    let response = Reply::error(status, text).with_header(header::CONNECTION, "close").into_response();
    Sent { response, reset: false }
}

async fn carry_out(site: &Site, parts: Parts, body: Bytes, effect: &Effect) -> Response<Body> {
    if !effect.delay.is_zero() {
        tokio::time::sleep(effect.delay).await;
    }
    match &effect.instead {
        Some(reply) => reply.clone().into_response(),
        None => site.answerer.answer(parts, body).await,
    }
}

/// The whole body, or `None` when it is too large.
async fn read(site: &Site, mut body: Incoming) -> Option<Bytes> {
    let mut place = None;
    let mut first: Option<Bytes> = None;
    let mut whole: Vec<u8> = Vec::new();
    while let Some(frame) = Pin::new(&mut body).frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        if whole.is_empty() && first.is_none() {
            first = Some(data);
            continue;
        }
        if let Some(begin) = first.take() {
            whole.extend_from_slice(&begin);
        }
        whole.extend_from_slice(&data);
        if whole.len() > LARGEST_BODY {
            return None;
        }
        if whole.len() > SMALL_BODY && place.is_none() {
            place = site.large_bodies.acquire().await.ok();
        }
    }
    Some(first.unwrap_or_else(|| Bytes::from(whole)))
}
