//! Signing in, against the sandbox's Prism and against a server that does as it is told. Counts are printed.

mod answers;
mod at_prism;
mod attacks;
mod certified;
mod loopback;
mod rotated;

use engine::{Engine, Limits};
use serde_json::{Value, json};
use std::sync::Arc;
use tests::provider::{Provider, Script};
use tests::sign_in::{Attempt, free_ports};
use tests::{ScriptedHost, World};

/// A connection of this run to some authorization server, with ports nobody else uses.
pub struct Desk {
    pub world: World,
    pub connection: String,
    pub ports: Vec<u16>,
}

impl Desk {
    /// At the given address, for this run.
    pub async fn at(world: World, prism_url: &str) -> Self {
        Self::sit_down(world, prism_url, true).await
    }

    /// At the given address, for good.
    pub async fn saved(world: World, prism_url: &str) -> Self {
        Self::sit_down(world, prism_url, false).await
    }

    async fn sit_down(world: World, prism_url: &str, unsaved: bool) -> Self {
        let ports = free_ports(3);
        let args = json!({
            "name": "Test", "environment": "staging", "prism_url": prism_url, "unsaved": unsaved,
            "transport": { "ca_file": null, "system_proxy": false, "redirect_ports": ports },
        });
        let reply = world.call("add_connection", args).await.unwrap();
        let connections = reply["connections"].as_array().unwrap();
        let connection = connections.last().unwrap()["id"].as_str().unwrap().to_owned();
        Self { world, connection, ports }
    }

    /// At a provider, with limits.
    pub async fn of(provider: &Provider, limits: Limits) -> Self {
        Self::at(World::with(sandbox::Options::default(), None, limits), provider.url()).await
    }

    pub fn engine(&self) -> &Engine {
        &self.world.engine
    }

    pub fn host(&self) -> &Arc<ScriptedHost> {
        &self.world.host
    }

    pub async fn call(&self, operation: &str, mut args: Value) -> Result<Value, scopes::problem::Problem> {
        args["connection"] = json!(self.connection);
        self.world.call(operation, args).await
    }

    /// Starts a sign-in of a public client.
    pub async fn begin(&self, scopes: &[&str]) -> Result<Attempt, scopes::problem::Problem> {
        let args = json!({ "connection": self.connection, "client_id": "client-1", "scopes": scopes });
        Attempt::begin(self.engine(), args).await
    }
}

/// A provider with a script and a desk at it.
pub async fn pair(script: Script) -> (Provider, Desk) {
    let provider = Provider::start().await;
    provider.play(script);
    let desk = Desk::of(&provider, Limits::default()).await;
    (provider, desk)
}
