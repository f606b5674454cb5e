//! A client that nobody here wrote gets along with the sandbox.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Debian's own interpreter, the one that sees Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

#[test]
fn requests_oauthlib_does_code_refresh_introspection_and_revocation() {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    let script = tests::places::data("e2e/third_party_client.py");
    let mut client = Command::new(PYTHON)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Debian's python3 is there");
    let handout = serde_json::to_vec(sandbox.handout()).unwrap();
    client.stdin.take().unwrap().write_all(&handout).unwrap();
    let ended = client.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "the package python3-requests-oauthlib is needed\n{said}");
    assert!(said.contains("confidential and public client: whole"), "{said}");
}
