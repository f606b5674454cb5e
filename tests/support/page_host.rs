//! Serves the window's pages to a browser and carries its calls to the engine.
//!
//! `POST /call` takes an envelope and answers lines of JSON: any number of `{"progress":…}`, then one `{"reply":…}` or
//! `{"problem":…}`. `GET /host` tells what the scripted host was asked for. Loopback only.

use crate::host::ScriptedHost;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Json, Path as UrlPath, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use engine::{Engine, Envelope};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

#[derive(Clone)]
struct Pages {
    engine: Engine,
    host: Arc<ScriptedHost>,
    dist: PathBuf,
}

/// The routes of a page host over the built pages in `dist`.
pub fn router(engine: Engine, host: Arc<ScriptedHost>, dist: PathBuf) -> Router {
    Router::new()
        // The window's bridge has no limit either, and a source of megabytes is to be tried.
        .route("/call", post(call).layer(DefaultBodyLimit::disable()))
        .route("/host", get(asked))
        .route("/", get(index))
        .route("/{*path}", get(page))
        .with_state(Pages { engine, host, dist })
}

async fn call(State(pages): State<Pages>, Json(envelope): Json<Envelope>) -> Response {
    let (lines, received) = mpsc::unbounded_channel::<Value>();
    tokio::spawn(async move {
        let steps = lines.clone();
        // A page that went away no longer listens; the operation runs to its end all the same.
        let report = move |step| drop(steps.send(json!({ "progress": step })));
        let last = match pages.engine.handle(envelope, &report).await {
            Ok(reply) => json!({ "reply": reply }),
            Err(problem) => json!({ "problem": problem }),
        };
        drop(lines.send(last));
    });
    let text = futures_util::stream::unfold(received, |mut received| async move {
        let line = received.recv().await?;
        Some((Ok::<_, Infallible>(format!("{line}\n")), received))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(text)).into_response()
}

async fn asked(State(pages): State<Pages>) -> Json<Value> {
    Json(json!(pages.host.asked()))
}

async fn index(State(pages): State<Pages>) -> Response {
    file(&pages.dist.join("index.html")).await
}

async fn page(State(pages): State<Pages>, UrlPath(path): UrlPath<String>) -> Response {
    let path = Path::new(&path);
    if path.components().all(|part| matches!(part, Component::Normal(_))) {
        file(&pages.dist.join(path)).await
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

async fn file(path: &Path) -> Response {
    match tokio::fs::read(path).await {
        Ok(content) => ([(header::CONTENT_TYPE, media_type(path))], content).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, "not built: run the UI build first").into_response(),
    }
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
