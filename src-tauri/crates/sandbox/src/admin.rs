//! The admin controls, on their own address: what a test may change that no client of the real servers can.

mod controls;

use std::sync::{Arc, PoisonError, RwLock};

use axum::http::header;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::faults::{Faults, Server};
use crate::glint::Glint;
use crate::handout::Handout;
use crate::har::Log;
use crate::prism::Prism;
use crate::scenario::Scenario;
use crate::wire::{Call, Reply};

/// A handle on the controls of one sandbox; clones act on the same one.
#[derive(Clone)]
pub struct Admin {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    prism: Prism,
    glint: Glint,
    faults: Faults,
    log: Log,
    loaded: RwLock<(Arc<Scenario>, Handout)>,
}

/// Every control in one line each: verb and path, body, meaning. `spectroscope sandbox --help` prints it.
pub const CONTROLS: [(&str, &str, &str); 19] = [
    ("GET /handout", "", "addresses and ready-made credentials"),
    ("POST /reset", "", "back to the start of the scenario, real time, no faults, empty log; secrets stay"),
    ("GET /scenarios", "", "the shipped scenarios"),
    ("POST /scenario", r#"{"name":"large"} or a scenario file"#, "load another scenario and reset"),
    ("GET /scenario", "", "the scenario that is loaded, as a file"),
    ("GET /scenario/schema", "", "the JSON schema of scenario files"),
    ("GET /clock", "", "the sandbox's time in Unix seconds and its offset"),
    ("POST /clock", r#"{"advance_seconds":3600}"#, "move the clock of both servers"),
    ("POST /caches/drop", "", "forget Glint's team lists and Prism's rate limits"),
    ("PATCH /users/:name", r#"{"is_active":false}"#, "switch an account on or off, or its public profile"),
    (
        "PATCH /clients/:client_id",
        r#"{"is_active":false}"#,
        "switch a client or its use_jwt_tokens on or off",
    ),
    ("PUT /teams/:id/members/:name", r#"{"role":"member"}"#, "add a member or change a role at Prism"),
    ("DELETE /teams/:id/members/:name", "", "remove a member at Prism"),
    (
        "POST /glint",
        r#"{"version":"document"}"#,
        "which Glint answers (measured or document), and what it lacks: migrations, realtime, config",
    ),
    ("GET /faults", "", "the faults in force"),
    (
        "POST /faults",
        r#"{"server":"glint","path":"/api/cross-app","kind":"delay","milliseconds":500}"#,
        "inject delay, status, rate_limited, html, reset_before_commit, reset_after_commit, drip or truncated",
    ),
    ("DELETE /faults[/:id]", "", "remove one fault or all"),
    ("GET /log", "", "the last 1000 exchanges as an HTTP archive (HAR 1.2)"),
    ("DELETE /log", "", "forget them"),
];

impl Admin {
    pub(crate) fn new(
        clock: Clock,
        prism: Prism,
        glint: Glint,
        faults: Faults,
        log: Log,
        handout: Handout,
    ) -> Self {
        let empty = Arc::new(Scenario::empty());
        let loaded = RwLock::new((empty, handout));
        Self { inner: Arc::new(Inner { clock, prism, glint, faults, log, loaded }) }
    }

    /// Loads a scenario into both servers: real time, no faults, empty log.
    ///
    /// What was there before goes first, so that two scenarios are never in memory at a time. The allocator keeps what
    /// is free for later loads.
    pub fn load(&self, scenario: Scenario) -> Handout {
        self.inner.prism.clear();
        self.inner.glint.clear();
        self.inner.log.clear();
        {
            let mut loaded = self.inner.loaded.write().unwrap_or_else(PoisonError::into_inner);
            loaded.0 = Arc::new(Scenario::empty());
            loaded.1.credentials = Vec::new();
        }
        self.load_shared(Arc::new(scenario))
    }

    /// Back to the start of the loaded scenario; secrets stay as they were.
    pub fn reset(&self) -> Handout {
        let scenario = Arc::clone(&self.loaded().0);
        self.load_shared(scenario)
    }

    fn load_shared(&self, scenario: Arc<Scenario>) -> Handout {
        let Inner { clock, prism, glint, faults, log, loaded } = &*self.inner;
        let mut loaded = loaded.write().unwrap_or_else(PoisonError::into_inner);
        clock.reset();
        faults.clear();
        prism.load(&scenario, &mut loaded.1);
        glint.load(&scenario);
        log.clear();
        loaded.0 = scenario;
        loaded.1.clone()
    }

    /// Addresses and credentials as they are now.
    pub fn handout(&self) -> Handout {
        self.loaded().1.clone()
    }

    /// The faults in force.
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// The log of exchanges.
    pub fn log(&self) -> &Log {
        &self.inner.log
    }

    fn loaded(&self) -> std::sync::RwLockReadGuard<'_, (Arc<Scenario>, Handout)> {
        self.inner.loaded.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call that came over HTTP: it has to bring the token of this run, as the first part of its path or as a bearer.
    pub(crate) fn guarded(&self, call: &Call, token: &str) -> Reply {
        if let Some(why) = foreign(call) {
            return Reply::error(403, why);
        }
        let segments = call.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let bearer = format!("Bearer {token}");
        let inner = match path.split_first() {
            Some((first, rest)) if *first == token => rest,
            _ if call.text_header(header::AUTHORIZATION.as_str()) == Some(&bearer) => &path,
            _ => return Reply::error(401, UNKNOWN),
        };
        self.answered(call, inner)
    }

    /// Any control, answered as over HTTP but without a socket and without the token.
    pub fn call(&self, call: &Call) -> Reply {
        let segments = call.segments();
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        self.answered(call, &path)
    }

    fn answered(&self, call: &Call, path: &[&str]) -> Reply {
        self.control(call, path).unwrap_or_else(|(status, why)| Reply::error(status, &why))
    }
}

/// What a call without the token reads.
const UNKNOWN: &str =
    "The admin controls answer at the address that the sandbox printed: it holds the token of this run.";

/// Why a request is refused that a web page of another origin may have made.
fn foreign(call: &Call) -> Option<&'static str> {
    let own = format!("http://{}", call.text_header(header::HOST.as_str()).unwrap_or("127.0.0.1"));
    match call.text_header(header::ORIGIN.as_str()) {
        Some(origin) if origin != own => {
            Some("The admin controls do not answer web pages of another origin.")
        }
        _ => None,
    }
}

fn described() -> Value {
    let control =
        |(call, body, meaning): &(&str, &str, &str)| json!({ "call": call, "body": body, "does": meaning });
    json!({
        "controls": CONTROLS.iter().map(control).collect::<Vec<_>>(),
        "servers": [Server::Prism.name(), Server::Glint.name()],
    })
}
