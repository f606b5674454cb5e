//! Requests through the governor: once, patiently, and as one of many.

use super::state::{Manner, Next, Stop};
use crate::answer::{Answer, read};
use crate::ask::Ask;
use crate::engine::Engine;
use crate::http::Credential;
use crate::jobs::Cancel;
use crate::server::Server;
use scopes::exchange::{Exchange, Request, TransportFailure};
use serde::de::DeserializeOwned;

/// Why a request of a batch was not sent.
pub(crate) type NotSent = Stop;

impl Manner {
    /// One request, sent once.
    fn once(method: &str) -> Self {
        Self { batch: false, repeats: false, reads: method == "GET" }
    }

    /// A read that other work rests on.
    const PATIENT: Self = Self { batch: false, repeats: true, reads: true };

    /// A read that belongs to a batch.
    pub(crate) const READ_BACK: Self = Self { batch: true, repeats: true, reads: true };

    /// One write of many that has the same effect when carried out twice.
    pub(crate) const IDEMPOTENT: Self = Self { batch: true, repeats: true, reads: false };

    /// One write of many that is sent again only after a look.
    pub(crate) const WITH_A_LOOK: Self = Self { batch: true, repeats: false, reads: false };
}

impl Engine {
    /// Sends a request once.
    pub(crate) async fn send<T>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
        cancel: Option<&Cancel>,
    ) -> Exchange {
        let manner = Manner::once(&ask.method);
        let permit = match self.governor().admit(server, manner, cancel).await {
            Ok(permit) => permit,
            Err(stop) => return unsent(&self.exchange_of(server, ask), stop),
        };
        let exchange = self.exchange(server, ask, credential, cancel).await;
        let sent_at = permit.sent_at();
        permit.finish(1, sent_at, &exchange);
        exchange
    }

    /// Sends a request that was made whole elsewhere, its credential included. It is never sent again.
    pub(crate) async fn send_prepared(&self, server: &Server, request: Request) -> Exchange {
        // A single write is never kept back; without a permit it would merely not be counted.
        let permit = self.governor().admit(server, Manner::once(&request.method), None).await.ok();
        let exchange = self.exchange_prepared(server, request).await;
        if let Some(permit) = permit {
            let sent_at = permit.sent_at();
            permit.finish(1, sent_at, &exchange);
        }
        exchange
    }

    /// A read whose answer the work rests on: passing trouble is waited out.
    pub(crate) async fn ask_patiently<T: DeserializeOwned>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
    ) -> Answer<T> {
        match self.repeat(server, ask, credential, Manner::PATIENT, &Cancel::new(), 1).await {
            Ok(asked) => asked.answer,
            Err(stop) => read(unsent(&self.exchange_of(server, ask), stop)),
        }
    }

    /// One request of many. Where the manner allows it, it is sent again while its answer is lost or says "later".
    /// `attempt` counts, from 1, how often the caller has sent it.
    ///
    /// # Errors
    /// Why it was not sent.
    pub(crate) async fn ask_in_batch<T: DeserializeOwned>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: &Credential,
        manner: Manner,
        cancel: &Cancel,
        attempt: u32,
    ) -> Result<Asked<T>, NotSent> {
        self.repeat(server, ask, Some(credential), manner, cancel, attempt).await
    }

    async fn repeat<T: DeserializeOwned>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
        manner: Manner,
        cancel: &Cancel,
        first: u32,
    ) -> Result<Asked<T>, Stop> {
        let governor = self.governor();
        let mut last: Option<Exchange> = None;
        let mut lost = false;
        let mut first_sent = None;
        let mut attempt = first;
        loop {
            // What was sent before has an answer of its own, if only a lost one.
            let permit = match (governor.admit(server, manner, waiting(manner, cancel)).await, last.take()) {
                (Ok(permit), _) => permit,
                (Err(_), Some(exchange)) => return Ok(Asked { answer: read(exchange), lost }),
                (Err(stop), None) => return Err(stop),
            };
            let sent_at = permit.sent_at();
            let exchange = self.exchange(server, ask, credential, None).await;
            let began = *first_sent.get_or_insert(sent_at);
            lost |= fate_of(&exchange) == Fate::Unclear;
            let next = permit.finish(attempt, began, &exchange);
            let Next::Again(wait) = next else { return Ok(Asked { answer: read(exchange), lost }) };
            tokio::select! {
                () = self.host().back_off(wait) => {}
                () = cancel.wait(), if !manner.reads => return Ok(Asked { answer: read(exchange), lost }),
            }
            last = Some(exchange);
            attempt += 1;
        }
    }
}

/// The answer to the last of one or more equal requests.
pub(crate) struct Asked<T> {
    /// The answer.
    pub(crate) answer: Answer<T>,
    /// Whether it is open what became of any of them: a write may still be carried out.
    lost: bool,
}

impl<T> Asked<T> {
    /// What became of the request.
    pub(crate) fn fate(&self) -> Fate {
        match fate_of(&self.answer.exchange) {
            _ if self.answer.value.is_ok() => Fate::Accepted,
            // The status says that it was accepted, the rest is no answer of this server.
            Fate::Accepted => Fate::Unclear,
            _ if self.lost => Fate::Unclear,
            fate => fate,
        }
    }
}

/// What became of a request, as far as its answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The server says that it was carried out.
    Accepted,
    /// The server says that it was not.
    Refused,
    /// It never left.
    NotSent,
    /// No complete answer of the server came: it may have been carried out, or still be.
    Unclear,
}

fn fate_of(exchange: &Exchange) -> Fate {
    use TransportFailure::{CaFile, Dns, NotSent, Refused, Tls};
    if let Some((failure, _)) = &exchange.failure {
        let left = !matches!(failure, Dns | Refused | Tls | CaFile | NotSent);
        return if left { Fate::Unclear } else { Fate::NotSent };
    }
    match exchange.response.as_ref().map_or(0, |response| response.status) {
        200..300 => Fate::Accepted,
        // A gateway gave up waiting for the server.
        0 | 408 | 502 | 504 => Fate::Unclear,
        _ => Fate::Refused,
    }
}

/// What was written is read back after a stop, too.
fn waiting(manner: Manner, cancel: &Cancel) -> Option<&Cancel> {
    (!manner.reads).then_some(cancel)
}

/// An exchange that did not take place.
fn unsent(planned: &Exchange, stop: Stop) -> Exchange {
    let failure = match stop {
        Stop::Cancelled => (TransportFailure::Cancelled, String::new()),
        _ => (TransportFailure::Timeout, "not asked again: earlier requests were not answered".to_owned()),
    };
    Exchange { failure: Some(failure), ..planned.clone() }
}
