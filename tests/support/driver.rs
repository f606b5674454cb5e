//! The other end of `spectroscope-tests engine`.

use crate::keyring::{Bus, Running, Scratch};
use serde_json::{Value, json};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::fs::FileExt as _;
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

    /// How often a text is in its memory. Anonymous and file mappings alike; what cannot be read is not memory of its own.
    ///
    /// # Errors
    /// When the system does not let the parent look.
    pub fn copies_in_memory(&self, text: &str) -> io::Result<usize> {
        let id = self.process.id();
        let maps = std::fs::read_to_string(format!("/proc/{id}/maps"))?;
        let memory = std::fs::File::open(format!("/proc/{id}/mem"))?;
        let mut count = 0;
        for line in
            maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|may| may.starts_with("rw")))
        {
            let range = line.split(' ').next().and_then(|range| range.split_once('-'));
            let bound = |hex: &str| u64::from_str_radix(hex, 16).map_err(io::Error::other);
            let (from, to) = range.ok_or_else(|| io::Error::other("no range"))?;
            let (from, to) = (bound(from)?, bound(to)?);
            let mut bytes = vec![0; usize::try_from(to - from).map_err(io::Error::other)?];
            // A stack's guard pages cannot be read.
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                count += bytes.windows(text.len()).filter(|part| *part == text.as_bytes()).count();
            }
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
