//! `spectroscope-tests engine --data DIR …`: an engine in a process of its own, for what cannot be tried in one: another
//! keychain, a dying service, and what is left in memory. One JSON envelope a line comes in, one reply a line goes out.

use engine::host::Saving;
use engine::{Engine, Envelope, Host, KeychainUse, Limits};
use serde_json::{Value, json};
use std::error::Error;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

struct Alone {
    data: PathBuf,
    keychain: KeychainUse,
}

impl Host for Alone {
    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    fn data_dir(&self) -> Option<PathBuf> {
        Some(self.data.clone())
    }

    fn keychain(&self) -> KeychainUse {
        self.keychain
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

/// Serves envelopes until standard input ends. `--harden` does first what the product does first.
///
/// # Errors
/// When the arguments make no call, or a line is not an envelope.
pub async fn run(args: &[String]) -> Result<(), Box<dyn Error>> {
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    if args.iter().any(|arg| arg == "--harden") {
        engine::harden_process();
    }
    let data = PathBuf::from(value("--data").ok_or("--data DIR is missing")?);
    let answer = Duration::from_millis(value("--answer-ms").map_or(Ok(10_000), |ms| ms.parse())?);
    let keychain = KeychainUse::Within { answer, dialog: answer * 2 };
    let engine = Engine::with_limits(Arc::new(Alone { data, keychain }), Limits::default());
    let mut out = std::io::stdout();
    // Not through the standard library's own buffer: that one is never given back, and would hold what came last.
    let mut input = standard_input()?;
    while let Some(line) = line(&mut input)? {
        let envelope: Envelope = serde_json::from_slice(&line)?;
        drop(line);
        let reply = match engine.handle(envelope, &|_| {}).await {
            Ok(reply) => json!({ "reply": reply }),
            Err(problem) => json!({ "problem": problem }),
        };
        writeln!(out, "{reply}")?;
        out.flush()?;
    }
    Ok(())
}

#[cfg(unix)]
fn standard_input() -> std::io::Result<File> {
    use std::os::fd::AsFd as _;
    std::io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn standard_input() -> std::io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    std::io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

fn line(input: &mut File) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while input.read(&mut byte)? == 1 {
        if byte == [b'\n'] {
            return Ok(Some(line));
        }
        line.extend_from_slice(&byte);
    }
    Ok(None)
}

/// What a driven engine answered: the reply, or the code of the problem.
#[must_use]
pub fn code(answer: &Value) -> &str {
    answer.pointer("/problem/code").and_then(Value::as_str).unwrap_or_default()
}
