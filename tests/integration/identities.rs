//! Identities across runs, processes and faults: kept whole, renewed once, never lost, and nothing of them in a file.

mod abilities;
mod choosing;
mod expiry;
mod foreign;
mod kept;
mod renewal;
mod twins;

use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tests::sign_in::{Attempt, free_ports, visit};
use tests::{ScriptedHost, World};

pub const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
pub const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";
pub const PASSPHRASE: &str = "a passphrase of five words";
/// The path every refresh goes to.
pub const TOKEN: &str = "/api/oauth/token";

/// A saved connection to the sandbox's servers as if they were real ones, with its secrets in a passphrase vault.
pub struct Console {
    pub world: World,
    pub connection: String,
    pub dir: PathBuf,
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Console {
    /// One of its own for a test.
    pub async fn open(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("spectroscope-id-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let world = World::with(sandbox::Options::default(), Some(dir.clone()), Limits::default());
        world.call("choose_vault", json!({ "kind": "passphrase", "passphrase": PASSPHRASE })).await.unwrap();
        let handout = world.handout().clone();
        let ports = free_ports(3);
        let args = json!({
            "name": "Real", "environment": "staging", "prism_url": handout.prism_url,
            "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
            "transport": { "ca_file": null, "system_proxy": false, "redirect_ports": ports },
        });
        let added = world.call("add_connection", args).await.unwrap();
        let real = &added["connections"][1];
        let mut scenario = serde_json::to_value(sandbox::Scenario::lived_in()).unwrap();
        for app in scenario["prism"]["apps"].as_array_mut().unwrap() {
            let known = app["redirect_uris"].as_array_mut().unwrap();
            known.extend(real["redirect_uris"].as_array().unwrap().iter().cloned());
        }
        world.sandbox.admin().load(serde_json::from_value(scenario).unwrap());
        Self { connection: real["id"].as_str().unwrap().to_owned(), world, dir }
    }

    /// An operation on the connection.
    pub async fn call(&self, operation: &str, mut args: Value) -> Result<Value, Problem> {
        args["connection"] = json!(self.connection);
        self.world.call(operation, args).await
    }

    /// Signs mia in as a user of the board; the handle.
    pub async fn sign_in(&self) -> String {
        let read = format!("app:{GLINT}:read_todos");
        let scopes = ["openid", "profile", "teams:read", "offline_access", &read];
        let args = json!({ "connection": self.connection, "client_id": BOARD, "scopes": scopes });
        let attempt = Attempt::begin(&self.world.engine, args).await.unwrap();
        let (status, page) = visit(&approve(&self.world, &attempt).await).await;
        assert_eq!(status, 200, "{page}");
        attempt.end().await.unwrap()["identity"]["id"].as_str().unwrap().to_owned()
    }

    /// Adds a credential of the handout; the handle.
    pub async fn add(&self, id: &str) -> String {
        let added = self.call("add_identity", json!({ "secret": self.secret(id) })).await.unwrap();
        added["identity"]["id"].as_str().unwrap().to_owned()
    }

    /// A credential of the handout as somebody pastes it.
    pub fn secret(&self, id: &str) -> String {
        let found = self.world.handout().credentials.iter().find(|c| c.id == id).unwrap();
        match id.ends_with("_client") {
            true => format!("{}:{}", found.client_id.clone().unwrap(), found.secret),
            false => found.secret.clone(),
        }
    }

    /// The identity as the list shows it; `Null` when it is gone.
    pub async fn identity(&self, id: &str) -> Value {
        found(&self.world.call("list_connections", json!({})).await.unwrap(), id)
    }

    /// A call to Glint as the identity; the status.
    pub async fn call_glint(&self, identity: &str) -> Result<u64, Problem> {
        let args = json!({ "identity": identity, "route": "me", "values": {} });
        let report = self.call("test_call", args).await?;
        Ok(report["exchange"]["status"].as_u64().unwrap_or_default())
    }

    /// Moves the clocks of the servers and of this computer.
    pub fn pass(&self, seconds: i64) {
        self.world.sandbox.clock().advance(seconds);
        self.world.host.advance(seconds);
    }

    /// Requests to the token endpoint since the log was forgotten.
    pub fn token_requests(&self) -> usize {
        self.world.requests().iter().filter(|(_, path, _)| path == TOKEN).count()
    }

    /// The same data directory after a restart.
    pub fn restarted(&self) -> Engine {
        Engine::new(Arc::new(ScriptedHost::new(Some(self.dir.clone()))))
    }
}

/// Approves as mia does on the consent page; the address the browser is sent to.
async fn approve(world: &World, attempt: &Attempt) -> String {
    let handout = world.handout();
    let session = handout.credentials.iter().find(|c| c.id == "mia_session").unwrap();
    let names =
        ["client_id", "redirect_uri", "scope", "state", "code_challenge", "nonce", "code_challenge_method"];
    let mut body: serde_json::Map<String, Value> =
        names.iter().map(|&name| (name.to_owned(), json!(attempt.asked(name)))).collect();
    body.insert("action".into(), json!("approve"));
    let request = reqwest::Client::new().post(format!("{}/api/oauth/authorize", handout.prism_url));
    let answer = request.bearer_auth(&session.secret).body(json!(body).to_string()).send().await.unwrap();
    let value: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    value["redirect"].as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

pub async fn ask(engine: &Engine, operation: &str, args: Value) -> Result<Value, Problem> {
    engine.handle(Envelope { operation: operation.into(), args, lang: Lang::En, job: None }, &|_| {}).await
}

/// An identity in a list of connections.
pub fn found(connections: &Value, id: &str) -> Value {
    let all = connections["connections"].as_array().unwrap().iter();
    let mut identities = all.flat_map(|c| c["identities"].as_array().unwrap().clone());
    identities.find(|identity| identity["id"] == id).unwrap_or(Value::Null)
}

pub fn codes(problems: &Value) -> Vec<String> {
    problems.as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

/// Every file under a directory.
pub fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => all.extend(files(&entry.path())),
            false => all.push((entry.path(), std::fs::read(entry.path()).unwrap())),
        }
    }
    all
}
