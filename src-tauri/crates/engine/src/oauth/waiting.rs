//! The sign-ins that wait for the browser, found by their state.

use super::callback::Callback;
use super::loopback::Arrived;
use oauth2::CsrfToken;
use scopes::secret::Secret;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;
use url::Url;

/// Where the one-time addresses of a listener begin.
const OPENING: &str = "/open/";
/// Most addresses that were made and not used; an older one ends.
const MAX_TICKETS: usize = 16;

/// A sign-in that waits.
#[derive(Clone)]
pub(crate) struct Waiting {
    /// The state its answer must carry.
    pub(crate) state: Secret,
    /// Where the browser is sent back to.
    pub(crate) redirect_uri: String,
    /// The authorization request. Its `state` stays out of the opener's arguments, which every user of the machine reads.
    pub(crate) authorization_url: Url,
    /// What is left of the one-time addresses that lead to it.
    tickets: Arc<Mutex<Vec<String>>>,
    /// Where an answer is handed in.
    inbox: mpsc::Sender<Arrived>,
    taken: Arc<AtomicBool>,
}

impl Waiting {
    /// One with this state, and where its answer comes out.
    pub(crate) fn new(
        state: Secret,
        redirect_uri: String,
        authorization_url: Url,
    ) -> (Self, mpsc::Receiver<Arrived>) {
        let (inbox, answers) = mpsc::channel(1);
        let (tickets, taken) = (Arc::default(), Arc::default());
        (Self { state, redirect_uri, authorization_url, tickets, inbox, taken }, answers)
    }

    /// A new loopback address that leads to the authorization request once.
    pub(crate) fn one_time_address(&self) -> String {
        let ticket = CsrfToken::new_random_len(32).secret().clone();
        let address = Url::parse(&self.redirect_uri).and_then(|uri| uri.join(&format!("{OPENING}{ticket}")));
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        if tickets.len() >= MAX_TICKETS {
            tickets.remove(0);
        }
        tickets.push(ticket);
        // A redirect URI is an address, so that the other one never is taken.
        address.map_or_else(|_| self.authorization_url.to_string(), |address| address.to_string())
    }

    /// Uses up a one-time address; `None` when the path is no such address, `Some(false)` when it was used before.
    pub(super) fn redeem(&self, path: &str) -> Option<bool> {
        let ticket = path.strip_prefix(OPENING)?;
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let at = tickets.iter().position(|known| same(known, ticket));
        if let Some(at) = at {
            tickets.remove(at);
        }
        Some(at.is_some())
    }

    /// Whether an answer carries its state.
    pub(crate) fn is_mine(&self, callback: &Callback) -> bool {
        same(self.state.expose(), callback.state.expose())
    }

    /// Hands in an answer; whether it is the first. A second one is refused: a code is for one use.
    pub(crate) fn hand_in(&self, arrived: Arrived) -> bool {
        !self.taken.swap(true, Ordering::SeqCst) && self.inbox.try_send(arrived).is_ok()
    }
}

/// All of them.
#[derive(Clone, Default)]
pub(crate) struct SignIns(Arc<Mutex<Vec<Waiting>>>);

impl SignIns {
    fn lock(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a sign-in; it leaves when the guard is dropped.
    pub(crate) fn enter(&self, waiting: Waiting) -> Entered {
        let state = waiting.state.clone();
        self.lock().push(waiting);
        Entered { all: self.clone(), state }
    }

    /// The sign-in with this state.
    pub(crate) fn find(&self, state: &str) -> Option<Waiting> {
        self.lock().iter().find(|waiting| same(waiting.state.expose(), state)).cloned()
    }

    /// The sign-in whose authorization request this is.
    pub(crate) fn leading_to(&self, url: &Url) -> Option<Waiting> {
        self.lock().iter().find(|waiting| waiting.authorization_url == *url).cloned()
    }

    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }
}

/// A sign-in in the list.
pub(crate) struct Entered {
    all: SignIns,
    state: Secret,
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.all.lock().retain(|waiting| !same(waiting.state.expose(), self.state.expose()));
    }
}

/// Whether two texts are the same, in a time that does not tell how much of them is.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other)) == 0
}
