//! The certified OpenID provider of `tests/oidc`, as a process that ends with the value.

use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// npm's `oidc-provider` on a loopback port.
pub struct OidcProvider {
    _process: Child,
    /// Its address.
    pub url: String,
}

impl OidcProvider {
    /// Starts it.
    ///
    /// # Panics
    /// When Node or its packages are missing: `cargo xtask test` installs them.
    #[expect(clippy::expect_used, clippy::panic, reason = "a test cannot go on without it")]
    pub async fn start() -> Self {
        let folder = crate::places::data("oidc");
        assert!(
            folder.join("node_modules").is_dir(),
            "run `npm ci --ignore-scripts` in {}",
            folder.display()
        );
        let mut process = Command::new("node")
            .arg("server.mjs")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node is installed");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        match lines.next_line().await.expect("readable") {
            Some(url) => Self { _process: process, url },
            None => panic!("the provider did not start: run `node server.mjs` in {}", folder.display()),
        }
    }
}
