//! A session bus and a keychain of a test's own: the real `dbus-daemon` and `gnome-keyring-daemon`, with every directory
//! in a scratch one. Nothing of whoever runs the tests is touched.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Who may talk to whom on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody.
    Open,
    /// Nobody may send anything to the keychain.
    NoKeychain,
}

/// A directory of a test's own with a home in it; removed when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A fresh one.
    ///
    /// # Errors
    /// The system's.
    pub fn new(name: &str) -> io::Result<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("spectroscope-{name}-{}-{count}", std::process::id()));
        for dir in ["home", "data", "cache", "config", "runtime", "tmp", "product"] {
            fs::create_dir_all(root.join(dir))?;
        }
        Ok(Self(root))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A command that finds its directories here and no display.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.0.join("home")).env("TMPDIR", self.0.join("tmp"));
        for (name, dir) in [("DATA", "data"), ("CACHE", "cache"), ("CONFIG", "config")] {
            command.env(format!("XDG_{name}_HOME"), self.0.join(dir));
        }
        command.env("XDG_RUNTIME_DIR", self.0.join("runtime"));
        command
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own cleaning.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that ends with the test.
pub struct Running(Child);

impl Running {
    /// Takes a started program over.
    #[must_use]
    pub fn new(child: Child) -> Self {
        Self(child)
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Sends it a signal, by the name `kill` knows it by.
    ///
    /// # Errors
    /// When `kill` cannot be run, or fails.
    pub fn signal(&self, name: &str) -> io::Result<()> {
        let status = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("kill -{name}: {status}"))) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A bus without activation: nothing is on it that the test did not start.
pub struct Bus {
    /// Its address.
    pub address: String,
    _daemon: Running,
}

impl Bus {
    /// Starts a bus and waits until it listens.
    ///
    /// # Errors
    /// The system's.
    pub fn start(scratch: &Scratch, policy: Policy) -> io::Result<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("bus-{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let (socket, config) = (scratch.path().join(&name), scratch.path().join(format!("{name}.conf")));
        let denied = match policy {
            Policy::Open => "",
            Policy::NoKeychain => "<deny send_destination=\"org.freedesktop.secrets\"/>",
        };
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\"/><allow receive_sender=\"*\"/>\
             <allow own=\"*\"/>{denied}</policy></busconfig>",
            socket.display()
        );
        fs::write(&config, text)?;
        let mut daemon = Running::new(
            scratch
                .command("dbus-daemon")
                .args(["--nofork", "--nosyslog", "--print-address=1", "--config-file"])
                .arg(&config)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?,
        );
        let pipe = daemon.child().stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
        let mut address = String::new();
        io::BufRead::read_line(&mut io::BufReader::new(pipe), &mut address)?;
        Ok(Self { address: address.trim().to_owned(), _daemon: daemon })
    }

    /// A command on this bus.
    #[must_use]
    pub fn command(&self, scratch: &Scratch, program: &str) -> Command {
        let mut command = scratch.command(program);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }

    /// Starts the keychain and waits until it is on the bus; with a passphrase it is open.
    ///
    /// # Errors
    /// The system's.
    pub fn keychain(&self, scratch: &Scratch, passphrase: Option<&str>) -> io::Result<Running> {
        let mut command = self.command(scratch, "gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        command.arg("--control-directory").arg(scratch.path().join("runtime/keyring"));
        if passphrase.is_some() {
            command.arg("--unlock");
        }
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut daemon = Running::new(piped);
        if let (Some(passphrase), Some(mut pipe)) = (passphrase, daemon.child().stdin.take()) {
            pipe.write_all(passphrase.as_bytes())?;
        }
        let mut wait = self.command(scratch, "gdbus");
        wait.args(["wait", "--session", "--timeout", "30", "org.freedesktop.secrets"]);
        let status = wait.stdout(Stdio::null()).status()?;
        if status.success() { Ok(daemon) } else { Err(io::Error::other("the keychain did not come up")) }
    }

    /// Runs `secret-tool` and answers what it printed.
    ///
    /// # Errors
    /// The system's.
    pub fn secret_tool(&self, scratch: &Scratch, args: &[&str]) -> io::Result<String> {
        let output = self.command(scratch, "secret-tool").args(args).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }
}
