//! Servers that Glint takes for Prism in the recordings of broken deployments.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sandbox::prism::Prism;
use sandbox::wire::Call;
use std::io;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// One server per kind of trouble; they stop when this is dropped.
pub(super) struct Upstreams {
    /// Answers everything with a page.
    pub(super) html: String,
    /// Answers everything with 503 and a JSON error.
    pub(super) down: String,
    /// Answers everything with an empty object.
    pub(super) empty: String,
    /// Passes everything on to Prism but the team list, which is a 503.
    pub(super) without_teams: String,
    tasks: Vec<JoinHandle<()>>,
}

impl Upstreams {
    /// Starts them on free loopback ports.
    pub(super) async fn start(prism: Prism) -> io::Result<Self> {
        let html =
            || async { ([(header::CONTENT_TYPE, "text/html")], "<!doctype html><title>Wi-Fi</title>\n") };
        let down = || async { (StatusCode::SERVICE_UNAVAILABLE, JSON, r#"{"error":"upstream down"}"#) };
        let empty = || async { (JSON, "{}") };
        let mut tasks = Vec::new();
        Ok(Self {
            html: serve(Router::new().fallback(html), &mut tasks).await?,
            down: serve(Router::new().fallback(down), &mut tasks).await?,
            empty: serve(Router::new().fallback(empty), &mut tasks).await?,
            without_teams: serve(Router::new().fallback(pass_on).with_state(prism), &mut tasks).await?,
            tasks,
        })
    }
}

impl Drop for Upstreams {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn serve(router: Router, tasks: &mut Vec<JoinHandle<()>>) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tasks.push(tokio::spawn(async move {
        // It ends with the task; an error would show as an exchange that differs.
        let _ = axum::serve(listener, router).await;
    }));
    Ok(format!("http://{address}"))
}

async fn pass_on(State(prism): State<Prism>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.uri.path() == "/api/oauth/me/teams" {
        return (StatusCode::SERVICE_UNAVAILABLE, r#"{"error":"upstream down"}"#).into_response();
    }
    let body = axum::body::to_bytes(body, 1024 * 1024).await.unwrap_or_default();
    let mut call = Call::new(parts.method, &parts.uri.to_string());
    call.headers = parts.headers;
    call.body = body;
    prism.call(&call).into_response()
}
