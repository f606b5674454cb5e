//! Glint, the resource server.

use axum::Router;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::prism::Prism;
use crate::scenario::Scenario;

/// What Glint holds at the start.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlintSeed {}

/// A handle on the running Glint; clones share one state.
#[derive(Clone)]
pub struct Glint {
    clock: Clock,
    prism: Prism,
    base_url: String,
}

impl Glint {
    /// An empty Glint that gives `base_url` as its own address.
    pub fn new(clock: Clock, prism: Prism, base_url: String) -> Self {
        Self { clock, prism, base_url }
    }

    /// Replaces everything it holds by the scenario.
    pub fn load(&self, scenario: &Scenario) {
        let _ = (scenario, &self.clock, &self.prism, &self.base_url);
    }

    /// Forgets the cached team lists.
    pub fn drop_caches(&self) {}

    /// Every route, over HTTP.
    pub fn router(&self) -> Router {
        Router::new()
    }
}
