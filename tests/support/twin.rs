//! `spectroscope-tests twin --data DIR`: an engine in a process of its own over a shared data directory and its passphrase
//! vault. One line of JSON comes in, `{"now": <Unix ms>, "call": <envelope>}`; one goes out, `{"reply":…}` or
//! `{"problem":…}`. The clock is the one it is told, so that it goes along with the sandbox's.

use engine::host::Saving;
use engine::{Engine, Envelope, Host, KeychainUse};
use serde::Deserialize;
use serde_json::{Value, json};
use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

struct Told {
    data: PathBuf,
    now_ms: AtomicI64,
}

impl Host for Told {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn data_dir(&self) -> Option<PathBuf> {
        Some(self.data.clone())
    }

    fn keychain(&self) -> KeychainUse {
        KeychainUse::None
    }

    fn open_url(&self, _: &str) -> Result<(), String> {
        Err("nobody is here".into())
    }

    fn copy(&self, _: &str) -> Result<(), String> {
        Err("nobody is here".into())
    }

    fn save<'a>(&'a self, _: &'a str, _: &'a str) -> Saving<'a> {
        Box::pin(async { Err("nobody is here".into()) })
    }
}

#[derive(Deserialize)]
struct Line {
    now: i64,
    call: Envelope,
}

/// Serves lines until standard input ends.
///
/// # Errors
/// When the directory is missing, or a line is not a call.
pub async fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let data = args.iter().position(|arg| arg == "--data").and_then(|at| args.get(at + 1));
    let data = PathBuf::from(data.ok_or("--data DIR is missing")?);
    let host = Arc::new(Told { data, now_ms: AtomicI64::new(0) });
    let engine = Engine::new(host.clone());
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut out = std::io::stdout();
    while let Some(line) = lines.next_line().await? {
        let Line { now, call } = serde_json::from_str(&line)?;
        host.now_ms.store(now, Ordering::SeqCst);
        let reply = match engine.handle(call, &|_| {}).await {
            Ok(reply) => json!({ "reply": reply }),
            Err(problem) => json!({ "problem": problem }),
        };
        writeln!(out, "{reply}")?;
        out.flush()?;
    }
    Ok(())
}

/// Such a process, as a test drives it. It ends when this is dropped.
pub struct Twin {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Twin {
    /// Starts the built binary.
    ///
    /// # Panics
    /// When it cannot be started.
    #[expect(clippy::expect_used, reason = "a test cannot go on")]
    pub fn start(binary: &str, data: &std::path::Path) -> Self {
        let mut child = Command::new(binary)
            .args(["twin", "--data"])
            .arg(data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { _child: child, input, output }
    }

    /// Carries out an operation there, at a time.
    ///
    /// # Panics
    /// When the process ended.
    #[expect(clippy::expect_used, reason = "a test cannot go on")]
    pub async fn call(&mut self, now_ms: i64, operation: &str, args: Value) -> Value {
        let line = json!({ "now": now_ms, "call": { "operation": operation, "args": args } });
        self.input.write_all(format!("{line}\n").as_bytes()).await.expect("it reads");
        self.input.flush().await.expect("it reads");
        let answer = self.output.next_line().await.expect("it writes").expect("it goes on");
        serde_json::from_str(&answer).expect("an answer")
    }
}
