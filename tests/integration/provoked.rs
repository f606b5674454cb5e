//! Every reason code of the table, provoked by its real cause and explained live. What cannot be provoked on the sandbox
//! is named with the reason, and the list is printed: `cargo test --workspace --test integration provoked -- --nocapture`.

mod glint;
mod oauth;
mod prism;
mod reach;

use scopes::diagnosis::reasons;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use tests::World;

/// Codes whose cause does not exist on the sandbox, each with what would be needed.
const NOT_PROVOKED: [(&str, &str); 10] = [
    ("oauth.invalid_scope", "Prism drops scopes silently and never answers it"),
    ("oauth.unauthorized_client", "Prism never answers it"),
    ("oauth.interaction_required", "Prism knows no `prompt` and never answers it"),
    ("oauth.server_error", "Prism never answers it"),
    (
        "oauth.state_mismatch",
        "a forged redirect: the sign-in ignores it, only an archive of a browser shows one",
    ),
    ("oauth.issuer_mismatch", "Prism sends no `iss` with its redirect"),
    ("oauth.timeout", "an outcome of the console's own sign-in, no call"),
    ("oauth.cancelled", "an outcome of the console's own sign-in, no call"),
    ("reach.cancelled", "only a client gives up a call of its own: an archive of a browser shows one"),
    ("reach.cors", "only a browser sends preflights: an archive of a browser shows one"),
];

/// What was provoked, with how sure the answer was.
#[derive(Default)]
pub(crate) struct Provoked {
    found: BTreeMap<String, String>,
    wrong: Vec<String>,
}

impl Provoked {
    /// Notes the answer to a call whose cause is known.
    pub(crate) fn note(&mut self, code: &str, sure: &str, answer: &Value) {
        let (cause, certainty) = (&answer["cause"], &answer["certainty"]);
        if cause != code || certainty != sure {
            self.wrong.push(format!(
                "{cause} {certainty} instead of {code} {sure}: {} {}",
                answer["status"], answer["headline"]
            ));
        }
        self.found.insert(code.to_owned(), sure.to_owned());
    }

    /// The same for a call of the panel, all evidence gathered live.
    pub(crate) async fn call(
        &mut self,
        world: &World,
        (code, sure): (&str, &str),
        identity: &str,
        route: &str,
        values: Value,
    ) {
        let report = crate::calls::call(world, identity, route, values).await;
        self.note(code, sure, &report["diagnosis"]);
    }

    /// The same for a call made elsewhere: explained from what went over the wire, the last call with all before it.
    pub(crate) async fn wire(&mut self, world: &World, (code, sure): (&str, &str)) {
        let archive = world.sandbox.admin().log().archive();
        let last = archive["log"]["entries"].as_array().unwrap().len() - 1;
        let args = json!({ "text": archive.to_string(), "format": "har", "entry": last });
        let explained = world.call("diagnose_text", args).await.unwrap();
        self.note(code, sure, &explained["subjects"][0]);
    }

    /// The same with nothing but the call itself.
    pub(crate) async fn alone(&mut self, world: &World, (code, sure): (&str, &str)) {
        let archive = world.sandbox.admin().log().archive();
        let entry = archive["log"]["entries"].as_array().unwrap().last().unwrap().clone();
        let text = json!({ "log": { "entries": [entry] } }).to_string();
        let explained = world.call("diagnose_text", json!({ "text": text, "entry": 0 })).await.unwrap();
        self.note(code, sure, &explained["subjects"][0]);
    }
}

/// Carries out a request with `curl` and gives back what it printed, the answer's head first.
pub(crate) fn curl(args: &[&str]) -> String {
    let out = Command::new("curl").args(["-sS", "-i", "--max-time", "20"]).args(args).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

/// Verb, URL, credential, JSON or form body.
pub(crate) fn send(method: &str, url: &str, authorization: &str, body: &str) -> Value {
    let header = format!("Authorization: {authorization}");
    let mut args = vec!["-X", method, url];
    if !authorization.is_empty() {
        args.extend(["-H", header.as_str()]);
    }
    if body.starts_with('{') {
        args.extend(["-H", "Content-Type: application/json"]);
    }
    if !body.is_empty() {
        args.extend(["--data-raw", body]);
    }
    let printed = curl(&args);
    let body = printed.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    serde_json::from_str(body).unwrap_or(Value::Null)
}

/// The secret of a ready-made credential.
pub(crate) fn secret(world: &World, id: &str) -> String {
    world.handout().credentials.iter().find(|one| one.id == id).unwrap().secret.clone()
}

pub(crate) fn bearer(world: &World, id: &str) -> String {
    format!("Bearer {}", secret(world, id))
}

/// Uses one of the sandbox's controls.
pub(crate) fn control(world: &World, method: &str, path: &str, body: Value) {
    let call =
        sandbox::wire::Call::new(method.parse().unwrap(), path).content("application/json", body.to_string());
    assert_eq!(world.sandbox.admin().call(&call).status, 200, "{method} {path}");
}

#[tokio::test]
async fn every_code_is_provoked_or_named() {
    let mut provoked = Provoked::default();
    glint::all(&mut provoked).await;
    prism::all(&mut provoked).await;
    oauth::all(&mut provoked).await;
    reach::all(&mut provoked).await;
    let Provoked { found, wrong } = provoked;
    let missing: Vec<&str> = reasons::all()
        .iter()
        .map(|reason| reason.code.as_str())
        .filter(|code| !found.contains_key(*code))
        .collect();
    println!(
        "count: {} of {} codes provoked and explained live; not provoked:",
        found.len(),
        reasons::all().len()
    );
    for (code, why) in NOT_PROVOKED {
        println!("  {code}: {why}");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let named: Vec<&str> = NOT_PROVOKED.iter().map(|(code, _)| *code).collect();
    let mut sorted = missing.clone();
    sorted.sort_unstable();
    let mut wanted = named.clone();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted);
}
