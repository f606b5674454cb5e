//! Prism, the authorization server (contract §1–§6, §10).

mod account;
mod app_json;
mod apps;
mod auth;
mod authorize;
mod body;
mod controls;
mod definitions;
mod discovery;
mod grants;
mod me;
mod pages;
mod preview;
mod refusal;
mod route;
mod rules;
mod scopes;
mod seed;
mod signing;
mod state;
mod teams;
mod token;
mod tokens;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde::Serialize;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::handout::Handout;
use crate::random;
use crate::scenario::Scenario;
use crate::wire::{Call, Reply};
use state::State;

/// A handle on the running Prism; clones share one state.
#[derive(Clone)]
pub struct Prism {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    base_url: String,
    faults: Faults,
    /// What the secrets of this run are derived from, so that a reset leaves them as they were.
    run_key: [u8; 32],
    state: RwLock<State>,
}

/// What introspection says about a live access token (contract §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Introspection {
    /// Always true: a dead token has no introspection.
    pub active: bool,
    /// The granted scopes, joined by blanks.
    pub scope: String,
    /// The client the token was issued to.
    pub client_id: String,
    /// The user id, not the user name.
    pub username: String,
    /// End of the lifetime in Unix seconds.
    pub exp: i64,
    /// Time of the first issue in Unix seconds.
    pub iat: i64,
    /// The user id.
    pub sub: String,
}

/// One entry of `GET /api/oauth/me/teams` (contract §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MyTeam {
    /// Team id.
    pub id: String,
    /// Team name.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Address of the picture.
    pub avatar_url: Option<String>,
    /// Creation of the team in Unix seconds.
    pub created_at: i64,
    /// `owner`, `co-owner`, `admin` or `member`.
    pub role: String,
    /// Begin of the membership in Unix seconds.
    pub joined_at: i64,
    /// Address of the picture without a proxy.
    pub unproxied_avatar_url: Option<String>,
}

impl Prism {
    /// An empty Prism that gives `base_url` as its own address.
    pub fn new(clock: Clock, base_url: String, faults: Faults) -> Self {
        let run_key = random::bytes();
        let state = RwLock::new(State::new(&run_key));
        Self { inner: Arc::new(Inner { clock, base_url, faults, run_key, state }) }
    }

    /// Its own address, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// The shared clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Replaces everything it holds by the scenario and fills in the handout's provider and credentials.
    pub fn load(&self, scenario: &Scenario, handout: &mut Handout) {
        let fresh = seed::plant(scenario, handout, self.clock(), &self.inner.run_key);
        *self.write() = fresh;
    }

    /// Forgets everything it holds, until the next load.
    pub(crate) fn clear(&self) {
        *self.write() = State::new(&self.inner.run_key);
    }

    /// Introspection of an access token; `None` for everything that `POST /api/oauth/introspect` calls inactive.
    ///
    /// This is the same decision without a socket; injected faults do not touch it (see [`Prism::call`]).
    pub fn introspect(&self, token: &str) -> Option<Introspection> {
        self.read().introspect(token, self.clock().now())
    }

    /// `GET /api/oauth/me/teams` with this bearer token; `None` stands for its 403.
    pub fn my_teams(&self, token: &str) -> Option<Vec<MyTeam>> {
        self.read().my_teams(token, self.clock().now())
    }

    /// `GET /api/oauth/userinfo` with this bearer token; `None` stands for its 401.
    pub fn userinfo(&self, token: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
        self.read().userinfo(token, self.clock().now())
    }

    /// A call as Glint makes it, without a socket but with the injected faults; `None` when the connection is lost.
    pub async fn call_without_socket(&self, call: &Call) -> Option<Reply> {
        self.inner.faults.pass(call, |call| self.call(call)).await
    }

    /// The secret of this client, for the half that is configured with it.
    pub fn client_secret(&self, client_id: &str) -> Option<String> {
        self.read().client(client_id).map(|app| app.client_secret.clone())
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.inner.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.inner.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
