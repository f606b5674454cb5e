//! Injected faults: what a real deployment does on a bad day, on demand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::random;
use crate::wire::{Call, Reply};

/// One of the two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Server {
    /// The authorization server.
    Prism,
    /// The resource server.
    Glint,
}

impl Server {
    /// Its name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prism => "prism",
            Self::Glint => "glint",
        }
    }
}

/// One injected fault: which calls it hits and what happens to them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Given when it is injected; what is sent here is ignored.
    #[serde(default)]
    pub id: String,
    /// The server whose calls it hits, Glint's own calls to Prism included; both when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// The verb it hits; every verb when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The begin of the paths it hits; every path when left out.
    #[serde(default)]
    pub path: String,
    /// How many matching calls pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// How many calls it hits, 1 when left out; `null` until it is removed.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// What happens to a call.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// The answer comes late.
    Delay {
        /// By how many milliseconds.
        milliseconds: u64,
    },
    /// Another status, without the call being carried out.
    Status {
        /// The status code.
        status: u16,
        /// Text of the JSON `error`.
        #[serde(default)]
        error: String,
    },
    /// 429 with `Retry-After`, without the call being carried out.
    RateLimited {
        /// The header's value in seconds.
        retry_after_seconds: u32,
    },
    /// A web page with status 200 in place of the answer.
    Html,
    /// The connection is reset before the call is carried out.
    ResetBeforeCommit,
    /// The call is carried out, then the connection is reset.
    ResetAfterCommit,
    /// The answer comes a few bytes at a time.
    Drip {
        /// Bytes at a time.
        bytes: usize,
        /// Milliseconds between them.
        milliseconds: u64,
    },
    /// The connection ends after so many bytes of the body.
    Truncated {
        /// How many bytes still come.
        bytes: usize,
    },
}

/// How the answer travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// As usual.
    #[default]
    Whole,
    /// A few bytes at a time.
    Drip {
        /// Bytes at a time.
        bytes: usize,
        /// The pause between them.
        pause: Duration,
    },
    /// Only so many bytes of the body, then the connection ends.
    Truncated(usize),
    /// Not at all: the connection is reset.
    Reset,
}

/// What a fault makes of one call.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// How long to wait first.
    pub delay: Duration,
    /// The answer that comes in place of the real one; the call is then not carried out.
    pub instead: Option<Reply>,
    /// How the answer travels.
    pub delivery: Delivery,
}

/// The faults in force; clones share them.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    /// Puts a fault in force and returns it with its id.
    pub fn inject(&self, mut fault: Fault) -> Fault {
        fault.id = random::uuid();
        self.locked(|faults| faults.push(fault.clone()));
        fault
    }

    /// The faults in force.
    pub fn list(&self) -> Vec<Fault> {
        self.locked(|faults| faults.clone())
    }

    /// Removes one fault; true when it was in force.
    pub fn remove(&self, id: &str) -> bool {
        self.locked(|faults| {
            let before = faults.len();
            faults.retain(|fault| fault.id != id);
            faults.len() < before
        })
    }

    /// Removes every fault.
    pub fn clear(&self) {
        self.locked(Vec::clear);
    }

    /// Uses up the first fault that hits this call.
    pub fn hit(&self, server: Server, method: &str, path: &str) -> Option<Effect> {
        self.locked(|faults| {
            let at = faults.iter_mut().position(|fault| fault.takes(server, method, path))?;
            let fault = faults.get_mut(at)?;
            let effect = fault.kind.effect();
            match &mut fault.times {
                Some(left) if *left <= 1 => {
                    faults.remove(at);
                }
                Some(left) => *left -= 1,
                None => {}
            }
            Some(effect)
        })
    }

    /// A call without a socket, as Glint makes it to this Prism; `None` when the connection is lost.
    pub async fn pass(&self, call: &Call, answer: impl FnOnce(&Call) -> Reply) -> Option<Reply> {
        let Some(effect) = self.hit(Server::Prism, call.method.as_str(), &call.path) else {
            return Some(answer(call));
        };
        tokio::time::sleep(effect.delay).await;
        let carried_out = effect.instead.unwrap_or_else(|| answer(call));
        match effect.delivery {
            Delivery::Whole | Delivery::Drip { .. } => Some(carried_out),
            Delivery::Truncated(_) | Delivery::Reset => None,
        }
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Vec<Fault>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fault {
    /// Whether this call is hit; a call that is let pass counts.
    fn takes(&mut self, server: Server, method: &str, path: &str) -> bool {
        let matches = self.server.is_none_or(|s| s == server)
            && self.method.as_ref().is_none_or(|m| m.eq_ignore_ascii_case(method))
            && path.starts_with(&self.path);
        if matches && self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        matches
    }
}

impl FaultKind {
    fn effect(&self) -> Effect {
        let instead = |reply| Effect { instead: Some(reply), ..Effect::default() };
        let delivered = |delivery| Effect { delivery, ..Effect::default() };
        match self {
            Self::Delay { milliseconds } => {
                Effect { delay: Duration::from_millis(*milliseconds), ..Effect::default() }
            }
            Self::Status { status, error } => instead(Reply::error(*status, error)),
            Self::RateLimited { retry_after_seconds } => {
                let reply = Reply::error(429, "Too many requests");
                let header = axum::http::header::RETRY_AFTER;
                instead(reply.with_header(header, &retry_after_seconds.to_string()))
            }
            Self::Html => instead(Reply::html(200, "<!doctype html><title>Not the API</title>\n")),
            // An empty stand-in keeps the call from being carried out.
            Self::ResetBeforeCommit => {
                Effect { instead: Some(Reply::empty(500)), delivery: Delivery::Reset, ..Effect::default() }
            }
            Self::ResetAfterCommit => delivered(Delivery::Reset),
            Self::Drip { bytes, milliseconds } => delivered(Delivery::Drip {
                bytes: (*bytes).max(1),
                pause: Duration::from_millis(*milliseconds),
            }),
            Self::Truncated { bytes } => delivered(Delivery::Truncated(*bytes)),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is the default of an optional field")]
fn once() -> Option<u32> {
    Some(1)
}
