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
use tests::{ScriptedHost, World, signed_in};

pub use tests::signed_in::{CONSUMER as BOARD, PASSPHRASE, PROVIDER as GLINT};

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
        let real = signed_in::connect(&world).await;
        Self { connection: real["id"].as_str().unwrap().to_owned(), world, dir }
    }

    /// An operation on the connection.
    pub async fn call(&self, operation: &str, mut args: Value) -> Result<Value, Problem> {
        args["connection"] = json!(self.connection);
        self.world.call(operation, args).await
    }

    /// Signs mia in as a user of the board; the handle.
    pub async fn sign_in(&self) -> String {
        signed_in::sign_in(&self.world, &json!(self.connection)).await
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
