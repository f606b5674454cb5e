//! The other end of `spectroscope-tests engine`.

use crate::keyring::{Bus, Running, Scratch};
use serde_json::{Value, json};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{ChildStdout, Stdio};

/// An engine in a process of its own.
pub struct Driven {
    process: Running,
    replies: BufReader<ChildStdout>,
}

impl Driven {
    /// Starts it on the bus, or on none. It keeps its files in the scratch directory's `product`.
    ///
    /// # Errors
    /// The system's.
    pub fn start(program: &str, scratch: &Scratch, bus: Option<&Bus>, args: &[&str]) -> io::Result<Self> {
        let mut command = bus.map_or_else(|| scratch.command(program), |bus| bus.command(scratch, program));
        command.args(["engine", "--data"]).arg(scratch.path().join("product")).args(args);
        let mut process = Running::new(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        let pipe = process.child().stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        Ok(Self { process, replies: BufReader::new(pipe) })
    }

    /// Its process.
    #[must_use]
    pub fn process(&self) -> &Running {
        &self.process
    }

    /// How many of its threads work on the keychain.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn keychain_threads(&self) -> io::Result<usize> {
        let mut count = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            // A thread may end while they are counted.
            let name = std::fs::read_to_string(task?.path().join("comm")).unwrap_or_default();
            count += usize::from(name.starts_with("keychain"));
        }
        Ok(count)
    }

    /// Carries out an operation: `{"reply":…}` or `{"problem":…}`.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn ask(&mut self, operation: &str, args: &Value) -> io::Result<Value> {
        self.send(operation, args)?;
        self.reply()
    }

    /// Begins an operation.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn send(&mut self, operation: &str, args: &Value) -> io::Result<()> {
        let mut line = json!({ "operation": operation, "args": args }).to_string();
        line.push('\n');
        let pipe = self.process.child().stdin.as_mut().ok_or_else(|| io::Error::other("no pipe"))?;
        pipe.write_all(line.as_bytes())
    }

    /// Waits for what the oldest begun operation ends in.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn reply(&mut self) -> io::Result<Value> {
        let mut reply = String::new();
        self.replies.read_line(&mut reply)?;
        Ok(serde_json::from_str(&reply)?)
    }
}
