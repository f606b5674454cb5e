//! A person's data directory, connected to a sandbox that runs elsewhere as if it were real.

use crate::support::{Dir, Ran, Running, run_in, start};
use serde_json::Value;

/// What the vault of the tests opens with.
pub(crate) const PASSPHRASE: &str = "seven-lamps-under-a-quiet-bridge";

/// A saved connection, a vault, and everything that was printed.
pub(crate) struct Home {
    pub(crate) dir: Dir,
    pub(crate) handout: Value,
    pub(crate) printed: std::cell::RefCell<String>,
    _sandbox: (Running, Dir),
}

impl Home {
    /// A home connected to a sandbox that runs elsewhere, with a free redirect port.
    pub(crate) fn new() -> Self {
        let (dir, elsewhere) = (Dir::new(), Dir::new());
        let (running, handout) = start(elsewhere.path());
        let home = Self { dir, handout, printed: Default::default(), _sandbox: (running, elsewhere) };
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let glint = home.handout.get("glint_url").and_then(Value::as_str).expect("an address").to_owned();
        let prism = home.handout.get("prism_url").and_then(Value::as_str).expect("an address").to_owned();
        let port = port.to_string();
        let named = ["--prism", &prism, "--name", "Tea", "--redirect-port", &port, "--json"];
        let args: Vec<&str> = ["connect", &glint].into_iter().chain(named).collect();
        let ran = home.run(&args, b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        home
    }

    pub(crate) fn run(&self, args: &[&str], input: &[u8]) -> Ran {
        self.run_with(args, input, &[("SPECTROSCOPE_VAULT_PASSPHRASE", PASSPHRASE)])
    }

    pub(crate) fn run_with(&self, args: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Ran {
        let ran = run_in(self.dir.path(), args, input, variables);
        self.printed.borrow_mut().push_str(&(ran.out.clone() + &ran.err));
        ran
    }

    /// Takes in a credential of the sandbox.
    pub(crate) fn add(&self, args: &[&str], secret: &str) -> Ran {
        let args: Vec<&str> =
            ["identity", "add", "--vault", "passphrase"].iter().chain(args).copied().collect();
        self.run(&args, format!("{secret}\n").as_bytes())
    }

    /// Neither on a screen nor in a file.
    pub(crate) fn leaks(&self, secrets: &[&str]) {
        let mut folders = vec![self.dir.path().to_owned()];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                files += 1;
                let content = std::fs::read(&path).expect("readable");
                for secret in secrets {
                    let found = content.windows(secret.len()).any(|part| part == secret.as_bytes());
                    assert!(!found, "a secret stands in {}", path.display());
                }
            }
        }
        assert!(files >= 2, "connections and vault are there");
        for secret in secrets {
            assert!(!self.printed.borrow().contains(secret), "a secret was printed");
        }
    }

    pub(crate) fn identities(&self) -> Vec<Value> {
        let list = self.run(&["identity", "list", "--json"], b"").json();
        list.get("identities").and_then(Value::as_array).expect("a list").clone()
    }
}
