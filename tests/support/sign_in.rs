//! A sign-in as a test drives it: started, waiting, and ended by whatever the test does with the address.

use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::Value;
use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A sign-in that waits for its browser.
pub struct Attempt {
    /// The authorization request.
    pub url: Url,
    /// Where the browser is sent back to.
    pub redirect_uri: String,
    /// The problem beside it, if the browser did not open.
    pub problem: Value,
    /// The name `cancel_job` knows it by.
    pub job: String,
    done: JoinHandle<Result<Value, Problem>>,
}

impl Attempt {
    /// Starts `sign_in` and waits until it waits.
    ///
    /// # Errors
    /// The problem, when it ends before.
    ///
    /// # Panics
    /// When it ends well without a browser.
    pub async fn begin(engine: &Engine, args: Value) -> Result<Self, Problem> {
        Self::begin_in(Lang::En, engine, args).await
    }

    /// The same in a language.
    ///
    /// # Errors
    /// The problem, when it ends before.
    ///
    /// # Panics
    /// When it ends well without a browser.
    #[expect(clippy::panic, clippy::expect_used, reason = "a test cannot go on")]
    pub async fn begin_in(lang: Lang, engine: &Engine, args: Value) -> Result<Self, Problem> {
        let (steps, mut seen) = mpsc::unbounded_channel::<Value>();
        let job = format!("sign-in-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let envelope = Envelope { operation: "sign_in".into(), args, lang, job: Some(job.clone()) };
        let engine = engine.clone();
        let report = Arc::new(move |step: Value| drop(steps.send(step)));
        let done = tokio::spawn(async move { engine.handle(envelope, &*report).await });
        let Some(step) = seen.recv().await else {
            match done.await.expect("it ends") {
                Ok(reply) => panic!("it ended without a browser: {reply}"),
                Err(problem) => return Err(problem),
            }
        };
        let text = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
        let url = text("authorization_url").parse().expect("an address");
        Ok(Self { url, redirect_uri: text("redirect_uri"), problem: step["problem"].clone(), job, done })
    }

    /// A parameter of the authorization request.
    pub fn asked(&self, name: &str) -> String {
        let pairs: HashMap<_, _> = self.url.query_pairs().into_owned().collect();
        pairs.get(name).cloned().unwrap_or_default()
    }

    /// The redirect with these parameters; `state` is the right one unless it is given.
    pub fn redirect(&self, parameters: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        if !parameters.iter().any(|(name, _)| *name == "state") {
            query.append_pair("state", &self.asked("state"));
        }
        format!("{}?{}", self.redirect_uri, query.finish())
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.done.is_finished()
    }

    /// How it ends.
    ///
    /// # Errors
    /// The problem it ended in.
    ///
    /// # Panics
    /// When it panicked.
    #[expect(clippy::expect_used, reason = "a test cannot go on")]
    pub async fn end(self) -> Result<Value, Problem> {
        self.done.await.expect("it ends")
    }
}

/// Opens an address as a browser does; status and text.
///
/// # Panics
/// When nobody answers.
#[expect(clippy::expect_used, reason = "a test cannot go on")]
pub async fn visit(address: &str) -> (u16, String) {
    let url: Url = address.parse().expect("an address");
    let port = url.port().expect("a port");
    let target = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n");
    raw(port, request.as_bytes()).await
}

/// Sends bytes to a loopback port; status and the whole answer. Status 0: the connection ended without one.
///
/// # Panics
/// When nobody listens.
#[expect(clippy::expect_used, reason = "a test cannot go on")]
pub async fn raw(port: u16, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("somebody listens");
    // A server that refuses a long request early may end the connection before all of it is written.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, text)
}

/// So many ports that are free now.
///
/// # Panics
/// When none is.
#[expect(clippy::expect_used, reason = "a test cannot go on")]
pub fn free_ports(count: usize) -> Vec<u16> {
    let held: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port is free")).collect();
    held.iter().map(|listener| listener.local_addr().expect("bound").port()).collect()
}
