//! Glint, the resource server (contract §7, §8, §10).
//!
//! Answers follow the recorded exchanges; where none shows a case, they follow what the code of the measured server does
//! with such a value: the operators and methods of its language, the types its database takes, its constraints.
//!
//! What is left out, and then plain:
//! - after its first words a realtime stream only pings and a socket only listens;
//! - the Glint of its integration guide has no bundle, so its denials do not name one, and none of the four permission routes;
//! - share links and moves of the web app;
//! - nesting deeper than 100 levels is neither imported nor exported.

mod assignees;
mod checklist;
mod comments;
mod control;
mod gate;
mod init;
mod input;
mod login;
mod matrix;
mod order;
mod page;
mod permission;
mod plant;
mod realtime;
mod refusal;
mod routes;
mod seed;
mod sets;
mod settings;
mod state;
mod time;
mod todos;
mod transfer;
mod upstream;
mod views;
mod yaml;

use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;
use crate::prism::Prism;
use crate::scenario::Scenario;
use crate::wire::{Call, Reply};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Response;
pub use control::{ConfigChange, GlintChange};
use plant::Place;
pub use seed::{
    CachedTeamSeed, CommentSeed, ConfigSeed, DeploymentSeed, GlintSeed, GlintVersion, PermissionSeed,
    SetSeed, TeamListSeed, TodoSeed,
};
pub use state::Config;
use state::State;

/// Bodies above this are refused with 413.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A handle on the running Glint; clones share one state.
#[derive(Clone)]
pub struct Glint {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    prism: Prism,
    base_url: String,
    state: Mutex<State>,
}

impl Glint {
    /// An empty Glint, not yet set up, that gives `base_url` as its own address and knows this Prism.
    pub fn new(clock: Clock, prism: Prism, base_url: String) -> Self {
        Self { inner: Arc::new(Inner { clock, prism, base_url, state: Mutex::new(State::default()) }) }
    }

    /// Replaces everything it holds by the scenario.
    pub fn load(&self, scenario: &Scenario) {
        let place =
            Place { prism: self.prism(), glint_url: &self.inner.base_url, now_ms: self.clock().now_ms() };
        let fresh = plant::plant(scenario, &place);
        self.locked(|state| *state = fresh);
    }

    /// Forgets everything it holds, until the next load.
    pub(crate) fn clear(&self) {
        self.locked(|state| *state = state::State::default());
    }

    /// Every route, over HTTP.
    pub fn router(&self) -> Router {
        let glint = self.clone();
        Router::new().fallback(move |request: Request| {
            let glint = glint.clone();
            async move { glint.serve(request).await }
        })
    }

    /// One request of the HTTP library, event streams and upgrades included.
    pub async fn serve(&self, request: Request) -> Response<Body> {
        let (mut parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            return Reply::error(413, "Payload too large").into_response();
        };
        let call = Call {
            method: parts.method.clone(),
            path: parts.uri.path().into(),
            query: parts.uri.query().unwrap_or_default().into(),
            headers: parts.headers.clone(),
            body,
        };
        let reply = self.call(&call).await;
        match reply.status.as_u16() {
            101 => {
                let set = call.segments().into_iter().rev().nth(1).unwrap_or_default();
                let incomplete = || Reply::error(426, "Expected WebSocket upgrade").into_response();
                realtime::upgrade(&mut parts, set).await.unwrap_or_else(incomplete)
            }
            200 if reply.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") => {
                realtime::keep_pinging(reply)
            }
            _ => reply.into_response(),
        }
    }

    fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    fn prism(&self) -> &Prism {
        &self.inner.prism
    }

    fn locked<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.inner.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
