//! Runs the real binary, each time with a data directory of its own.

use serde_json::Value;
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// What a command did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// A directory that is removed when dropped.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("spectroscope-cli-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and answers its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("a file");
        path.display().to_string()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

thread_local! {
    /// Where the system calls of this thread's commands are recorded.
    static RECORD: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Records the file accesses of this thread's commands from now on, one after the other in one file.
pub(crate) fn record_file_accesses(log: &Path) {
    RECORD.with_borrow_mut(|record| *record = Some(log.to_owned()));
}

/// The program itself, or strace with the program.
fn program() -> Command {
    let binary = tests::places::spectroscope();
    RECORD.with_borrow(|record| match record {
        None => Command::new(binary),
        Some(log) => {
            let mut strace = Command::new("strace");
            strace.args(["-f", "-qq", "-A", "-s", "4096", "-e", "trace=%file,fchmod", "-o"]);
            strace.arg(log).arg("--").arg(binary);
            strace
        }
    })
}

/// The binary, with nothing of the caller's surroundings that could change its answer.
pub(crate) fn command(data: &Path) -> Command {
    alone(program(), data)
}

/// Many commands in one process, with the same surroundings.
pub(crate) struct Many {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Many {
    pub(crate) fn start(data: &Path) -> Self {
        let mut command = alone(Command::new(tests::places::many_commands()), data);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program of many commands");
        let said = BufReader::new(child.stdout.take().expect("standard output"));
        Self { child, said }
    }

    /// What a command writes to standard output and to standard error.
    pub(crate) fn run(&mut self, args: &[&str]) -> (String, String) {
        let line = serde_json::to_string(args).expect("JSON");
        let input = self.child.stdin.as_mut().expect("standard input");
        writeln!(input, "{line}").expect("it reads");
        let mut answer = String::new();
        self.said.read_line(&mut answer).expect("its answer");
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{args:?}: {error}: {answer}"))
    }
}

impl Drop for Many {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn alone(mut command: Command, data: &Path) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SPECTROSCOPE_") {
            command.env_remove(name);
        }
    }
    for name in ["LC_MESSAGES", "LANG", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    // No keychain: a test that wants one starts its own.
    command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
    command.env("LC_ALL", "C.UTF-8").env("XDG_DATA_HOME", data).env("HOME", data);
    command.env("SPECTROSCOPE_DATA_DIR", data.join("spectroscope")).env("SPECTROSCOPE_QUICK_VAULT", "1");
    command
}

/// The same, with every signal as a terminal hands it on: a test started by `nohup` inherits that SIGHUP is ignored.
pub(crate) fn command_that_heeds_signals(data: &Path) -> Command {
    if !cfg!(target_os = "linux") {
        return command(data);
    }
    let plain = command(data);
    let mut command = Command::new("env");
    command.args(["--default-signal=HUP,INT,TERM"]).arg(plain.get_program()).args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Runs it to its end.
pub(crate) fn run(args: &[&str]) -> Ran {
    run_with(args, b"", &[])
}

/// Runs it with something on standard input and variables set.
pub(crate) fn run_with(args: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Ran {
    let dir = Dir::new();
    run_in(dir.path(), args, input, variables)
}

/// Runs it with a given data directory.
pub(crate) fn run_in(data: &Path, args: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Ran {
    let mut child = command(data)
        .args(args)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().expect("standard input").write_all(input);
    let output = child.wait_with_output().expect("its output");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran {
        code: output.status.code().expect("an exit code"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A process that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a sandbox and waits for its handout, which is printed when both servers answer.
pub(crate) fn start(data: &Path) -> (Running, Value) {
    let mut child = command(data)
        .args(["sandbox", "--any-port", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output")).lines();
    let running = Running(child);
    let mut text = String::new();
    loop {
        let line = lines.next().expect("more lines").expect("a line");
        text.push_str(&line);
        if line == "}" {
            return (running, serde_json::from_str(&text).expect("a handout"));
        }
    }
}

/// A credential of the sandbox.
pub(crate) fn secret<'a>(handout: &'a Value, id: &str) -> &'a str {
    let credentials = handout["credentials"].as_array().expect("credentials");
    let found = credentials.iter().find(|credential| credential["id"] == id).expect("the credential");
    found["secret"].as_str().expect("a secret")
}
