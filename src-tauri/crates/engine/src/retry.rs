//! Asking again where that is safe: reads, and writes that do the same when done twice.

use crate::answer::{Answer, Trouble};
use crate::ask::Ask;
use crate::engine::Engine;
use crate::http::Credential;
use crate::jobs::Cancel;
use crate::server::Server;
use scopes::exchange::{Exchange, TransportFailure};
use serde::de::DeserializeOwned;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

const ATTEMPTS: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl Engine {
    /// A read whose answer the work rests on: passing trouble is waited out.
    pub(crate) async fn ask_patiently<T: DeserializeOwned>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
    ) -> Answer<T> {
        self.ask_again(server, ask, credential, &Cancel::new()).await
    }

    /// Asks up to three times while the answer is lost or says "later". Waits with full jitter, or as long as
    /// `Retry-After` says, but never longer than ten seconds; a stop ends the waiting.
    pub(crate) async fn ask_again<T: DeserializeOwned>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
        cancel: &Cancel,
    ) -> Answer<T> {
        let mut attempt = 1;
        loop {
            let answer = self.ask(server, ask, credential).await;
            if attempt >= ATTEMPTS || !is_passing(&answer, &ask.method) || cancel.is_set() {
                return answer;
            }
            tokio::select! {
                () = tokio::time::sleep(wait(attempt, &answer.exchange)) => {}
                () = cancel.wait() => return answer,
            }
            attempt += 1;
        }
    }
}

/// A read that was not answered in time is not waited for again: somebody is looking at the clock.
fn is_passing<T>(answer: &Answer<T>, method: &str) -> bool {
    match &answer.value {
        Ok(_) => false,
        Err(Trouble::Transport(TransportFailure::Timeout, _)) => method != "GET",
        Err(Trouble::Transport(failure, _)) => {
            matches!(failure, TransportFailure::Refused | TransportFailure::Reset)
        }
        Err(_) => matches!(answer.status(), 429 | 502 | 503 | 504),
    }
}

fn wait(attempt: u32, exchange: &Exchange) -> Duration {
    let headers = exchange.response.iter().flat_map(|response| &response.headers);
    let asked = headers.filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    let asked = asked.filter_map(|(_, value)| value.trim().parse().ok()).map(Duration::from_secs).next();
    let most = FIRST_WAIT.saturating_mul(1 << attempt);
    asked.unwrap_or_else(|| most.mul_f64(random())).min(LONGEST_WAIT)
}

/// A number from 0 to 1. The seed of the standard hasher is random for every instance, which is enough to keep two
/// clients from asking in step.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 40;
    f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(1_u32 << 24)
}
