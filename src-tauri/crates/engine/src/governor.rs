//! One governor for all requests of a job: how many are under way at once, when one is sent again, and when nothing more
//! is sent.
//!
//! The decisions are in [`state`], one state machine per server; here is what waits and counts.

mod backoff;
mod send;
mod state;
mod words;

#[cfg(test)]
mod tests;

use crate::host::Host;
use crate::jobs::Cancel;
use crate::server::Server;
pub(crate) use backoff::asked_wait;
use backoff::{Policy, retry_after};
use scopes::exchange::{Exchange, TransportFailure};
use state::{Admission, Next, Observation, Sent, State};
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

pub(crate) use send::{Asked, Fate, NotSent};
pub(crate) use state::{Manner, Stop};

/// What one job may still send, and how fast.
pub(crate) struct Governor {
    host: Arc<dyn Host>,
    policy: Policy,
    began: Duration,
    servers: Mutex<HashMap<String, State>>,
    /// Counts the requests that ended; whoever waits for room looks again.
    ended: watch::Sender<u64>,
}

impl Governor {
    /// For a job that begins now.
    pub(crate) fn new(host: Arc<dyn Host>) -> Self {
        let began = host.uptime();
        let ended = watch::Sender::new(0);
        Self { host, policy: Policy::default(), began, servers: Mutex::default(), ended }
    }

    /// Waits until a request may be sent.
    ///
    /// # Errors
    /// Why it is not sent in this job.
    pub(crate) async fn admit(
        &self,
        server: &Server,
        manner: Manner,
        cancel: Option<&Cancel>,
    ) -> Result<Permit<'_>, Stop> {
        let name = server.base();
        loop {
            if cancel.is_some_and(Cancel::is_set) {
                return Err(Stop::Cancelled);
            }
            let mut ended = self.ended.subscribe();
            let now = self.now();
            let wait = match self.on(&name, |state| state.admit(now, manner)) {
                Admission::Go => {
                    return Ok(Permit {
                        governor: self,
                        server: name,
                        manner,
                        sent_at: now,
                        finished: false,
                    });
                }
                Admission::Stop(stop) => return Err(stop),
                Admission::Wait(wait) => wait,
            };
            let room = async {
                match wait {
                    Some(time) => self.host.back_off(time).await,
                    // The sender lives in `self`.
                    None => drop(ended.changed().await),
                }
            };
            tokio::select! {
                () = room => {}
                () = turned(cancel) => return Err(Stop::Cancelled),
            }
        }
    }

    fn now(&self) -> Duration {
        self.host.uptime().saturating_sub(self.began)
    }

    fn on<T>(&self, server: &str, work: impl FnOnce(&mut State) -> T) -> T {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        work(servers.entry(server.to_owned()).or_insert_with(|| State::new(self.policy)))
    }

    fn observation(&self, exchange: &Exchange) -> Observation {
        if let Some((failure, _)) = &exchange.failure {
            return match failure {
                TransportFailure::Timeout => Observation::Silent,
                TransportFailure::Reset | TransportFailure::Other => Observation::Lost,
                TransportFailure::Refused => Observation::Unreachable { passing: true },
                TransportFailure::Dns | TransportFailure::Tls => Observation::Unreachable { passing: false },
                TransportFailure::CaFile | TransportFailure::Cancelled | TransportFailure::NotSent => {
                    Observation::Ours
                }
            };
        }
        match exchange.response.as_ref().map_or(0, |response| response.status) {
            401 | 403 => Observation::Denied,
            429 | 503 => Observation::Busy(retry_after(exchange, self.host.now_ms())),
            500 => Observation::Failing { gateway: false },
            502 | 504 => Observation::Failing { gateway: true },
            _ => Observation::Answered,
        }
    }
}

/// A request that may be under way.
pub(crate) struct Permit<'a> {
    governor: &'a Governor,
    server: String,
    manner: Manner,
    sent_at: Duration,
    finished: bool,
}

impl Permit<'_> {
    /// When it was admitted.
    pub(crate) fn sent_at(&self) -> Duration {
        self.sent_at
    }

    /// The request, sent for the `attempt`th time and for the first time at `first`, ended so; what follows.
    pub(crate) fn finish(mut self, attempt: u32, first: Duration, exchange: &Exchange) -> Next {
        self.finished = true;
        let governor = self.governor;
        let (seen, now, random) = (governor.observation(exchange), governor.now(), random());
        let sent = Sent { at: self.sent_at, first, attempt };
        let next = governor.on(&self.server, |state| state.finish(now, sent, self.manner, seen, random));
        governor.ended.send_modify(|ended| *ended = ended.wrapping_add(1));
        next
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        self.governor.on(&self.server, |state| state.abandon(self.sent_at));
        self.governor.ended.send_modify(|ended| *ended = ended.wrapping_add(1));
    }
}

async fn turned(cancel: Option<&Cancel>) {
    match cancel {
        Some(cancel) => cancel.wait().await,
        None => std::future::pending().await,
    }
}

/// A number from 0 to 1. The seed of the standard hasher is random for every instance, which is enough to keep two
/// clients from asking in step.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 40;
    f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(1_u32 << 24)
}
