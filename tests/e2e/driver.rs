//! Screens, drivers and sessions that end with the test.

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a condition may take before the test says what it waited for. Long, because builds may run beside it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A screen nobody looks at, with a number no other has. Ends with the value.
pub struct Screen {
    _server: Child,
    /// The value for `DISPLAY`.
    pub display: String,
}

impl Screen {
    /// Starts Xvfb of the given size.
    pub async fn start(width: u32, height: u32) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Xvfb is installed");
        let mut lines = BufReader::new(server.stdout.take().expect("piped")).lines();
        let number = lines.next_line().await.expect("readable").expect("Xvfb says its display");
        Self { _server: server, display: format!(":{}", number.trim()) }
    }

    /// Keeps a picture of the whole screen among the artefacts.
    pub async fn picture(&self, name: &str) {
        let file = artefacts().join(format!("{name}.png"));
        let done = Command::new("import")
            .args(["-display", &self.display, "-window", "root"])
            .arg(&file)
            .status()
            .await
            .expect("ImageMagick is installed");
        assert!(done.success(), "no picture {}", file.display());
    }

    /// What is on the clipboard of this screen.
    pub async fn clipboard(&self) -> String {
        let output = Command::new("timeout")
            .args(["5", "xclip", "-selection", "clipboard", "-o"])
            .env("DISPLAY", &self.display)
            .output()
            .await
            .expect("xclip is installed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A WebDriver server; ends with everything it started.
pub struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// Debian's ChromeDriver.
    pub async fn chromium() -> Self {
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        Self::spawn(command, port).await
    }

    /// WebKit's driver on a screen, on a private message bus, with a scratch home.
    pub async fn webkit(screen: &Screen, home: &Path, log: &Path) -> Self {
        let port = free_port();
        let log = std::fs::File::create(log).expect("log can be written");
        let mut command = Command::new("dbus-run-session");
        command
            .args(["--", "WebKitWebDriver", "--host=127.0.0.1"])
            .arg(format!("--port={port}"))
            .env("DISPLAY", &screen.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("LANG", "C.UTF-8")
            .stdout(log.try_clone().expect("log"))
            .stderr(log);
        Self::spawn(command, port).await
    }

    async fn spawn(mut command: Command, port: u16) -> Self {
        let process = command
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .process_group(0)
            .spawn()
            .expect("the driver is installed");
        let driver = Self { process, url: format!("http://127.0.0.1:{port}") };
        until("the driver answers", || async {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok().then_some(())
        })
        .await;
        driver
    }

    /// A browser window of the given size.
    pub async fn browser(&self, profile: &Path, width: u32, height: u32) -> Client {
        self.browser_with(profile, width, height, &[]).await
    }

    /// The same with more switches.
    pub async fn browser_with(&self, profile: &Path, width: u32, height: u32, more: &[String]) -> Client {
        let usual = [
            "--headless=new".into(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", profile.display()),
        ];
        let arguments: Vec<&String> = usual.iter().chain(more).collect();
        self.session(json!({"goog:chromeOptions": {"args": arguments}})).await
    }

    /// The product's own window.
    pub async fn window(&self, program: &Path) -> Client {
        self.session(json!({"webkitgtk:browserOptions": {"binary": program, "args": []}})).await
    }

    async fn session(&self, capabilities: Value) -> Client {
        let Value::Object(capabilities) = capabilities else { unreachable!("an object was written above") };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(Map::from_iter(capabilities))
            .connect(&self.url)
            .await
            .expect("a session starts")
    }
}

impl Drop for Driver {
    /// Ends the driver and whatever it started, also when a test fails in the middle.
    fn drop(&mut self) {
        if let Some(group) = self.process.id() {
            // Nobody is left to hear of a failure; the session's end has closed everything in the good case.
            let _ = std::process::Command::new("kill").args(["--", &format!("-{group}")]).status();
        }
    }
}

/// Waits for a condition; `None` when it never comes true.
pub async fn wait<T, F: Future<Output = Option<T>>>(mut condition: impl FnMut() -> F) -> Option<T> {
    let waited = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(value) = condition().await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited.await.ok()
}

/// Waits for a condition; says which one when it never comes true.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, condition: impl FnMut() -> F) -> T {
    wait(condition).await.unwrap_or_else(|| panic!("waited in vain: {what}"))
}

/// Where pictures and logs of a run are kept.
pub fn artefacts() -> PathBuf {
    let folder = tests::places::repository("artefacts");
    std::fs::create_dir_all(&folder).expect("artefacts can be written");
    folder
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("bound").port()
}
