//! The conformance command against servers that were started elsewhere: a sandbox in the state of the recordings.

use sandbox::glint::GlintChange;
use sandbox::handout::HandoutCredential;
use sandbox::scenario::Scenario;
use sandbox::{Handout, Options, Sandbox};
use serde_json::{Value, json};
use std::process::Command;

const SCENARIO: &str = include_str!("../recorded/_scenario.json");

fn running() -> Sandbox {
    let scenario = Scenario::from_json(SCENARIO).unwrap();
    sandbox::start(Options { preferred_ports: false, scenario }).unwrap()
}

fn state(handout: &Handout, files: &[&str]) -> Value {
    let credential = |c: &HandoutCredential| json!({ "id": c.id, "kind": c.kind, "secret": c.secret, "client_id": c.client_id });
    let credentials: Vec<Value> = handout.credentials.iter().map(credential).collect();
    json!({ "files": files, "credentials": credentials })
}

/// Exit code and output of the command, with the state in a file of this name.
fn conformance(handout: &Handout, name: &str, files: &[&str]) -> (Option<i32>, String) {
    let file = std::env::temp_dir().join(format!("spectroscope-{name}-{}.json", std::process::id()));
    std::fs::write(&file, state(handout, files).to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_spectroscope-tests"))
        .args(["conformance", "--prism", &handout.prism_url, "--glint", &handout.glint_url])
        .arg("--state")
        .arg(&file)
        .output()
        .unwrap();
    std::fs::remove_file(file).unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn running_servers_are_checked_from_outside() {
    let sandbox = running();
    let (code, said) = conformance(sandbox.handout(), "agrees", &["glint-crossapp-denials"]);
    assert!(said.contains("Glint: matched 188 of 188"), "{said}");
    assert_eq!(code, Some(0));
}

#[test]
fn what_only_a_sandbox_can_be_made_to_do_is_not_judged() {
    let sandbox = running();
    let (code, said) = conformance(sandbox.handout(), "partly", &["glint-membership-cache"]);
    assert!(said.contains("Glint: matched 1 of 37"), "{said}");
    assert!(said.contains("not applicable: glint-membership-cache 1-not-cached"), "{said}");
    assert_eq!(code, Some(0));
}

#[test]
fn servers_that_answer_otherwise_are_told_so() {
    let sandbox = running();
    sandbox.glint().change(GlintChange { realtime: Some(false), ..GlintChange::default() });
    let (code, said) = conformance(sandbox.handout(), "differs", &["glint-crossapp-denials"]);
    assert!(
        said.contains("differs: glint-crossapp-denials 426-ws: status Some(503), recorded Some(426)"),
        "{said}"
    );
    assert_eq!(code, Some(1));
}

/// A recording made of a running pair holds no credential, and a fresh pair answers as it says.
#[test]
fn a_live_pair_is_recorded_in_the_format_of_the_recordings() {
    let sandbox = running();
    let handout = sandbox.handout();
    let team = "/api/cross-app/teams/22d71a4a3697a1d674be910d93c3cae1";
    let ask = |name: &str, method: &str, path: &str, who: &str, body: Value| {
        let headers = json!({ "Authorization": format!("Bearer {{{who}}}") });
        json!({ "name": name, "request": { "method": method, "path": path, "headers": headers, "body": body } })
    };
    let pat = json!({ "name": "p", "scopes": ["apps:read"] });
    let requests = json!([
        ask("matrix", "GET", &format!("{team}/permissions"), "token:olivia_all", Value::Null),
        ask("pat", "POST", "/api/user/tokens", "session:bob", pat),
        ask("apps", "GET", "/api/apps/0a78444e7e74c1c0526bcd7a170a8152", "new:token:1", Value::Null),
        ask("denied", "POST", &format!("{team}/sets"), "token:mia_read", json!({ "name": "x" })),
    ]);
    let dir = std::env::temp_dir();
    let file = |name: &str| dir.join(format!("spectroscope-record-{name}-{}.json", std::process::id()));
    std::fs::write(file("state"), state(handout, &[]).to_string()).unwrap();
    std::fs::write(file("requests"), requests.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_spectroscope-tests"))
        .args(["record", "--prism", &handout.prism_url, "--glint", &handout.glint_url])
        .arg("--state")
        .arg(file("state"))
        .arg("--requests")
        .arg(file("requests"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let exchanges = tests::replay::exchanges(&text).unwrap();
    let statuses: Vec<Option<u16>> = exchanges.iter().map(|exchange| exchange.response.status).collect();
    assert_eq!(statuses, [Some(200), Some(201), Some(200), Some(403)], "{text}");
    assert_eq!(exchanges[1].response.body["token"], "{new:token:1}");
    assert_eq!(exchanges[2].response.body["app"]["client_secret"], "{secret:b}");
    let left = handout.credentials.iter().filter(|credential| text.contains(&credential.secret));
    assert_eq!(left.map(|credential| &credential.id).collect::<Vec<_>>(), Vec::<&String>::new());
}
