//! The sign-ins that wait for the browser, found by their state.

use super::callback::Callback;
use super::loopback::Arrived;
use scopes::secret::Secret;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// A sign-in that waits.
#[derive(Clone)]
pub(crate) struct Waiting {
    /// The state its answer must carry.
    pub(crate) state: Secret,
    /// Where the browser is sent back to.
    pub(crate) redirect_uri: String,
    /// Where an answer is handed in.
    inbox: mpsc::Sender<Arrived>,
    taken: Arc<AtomicBool>,
}

impl Waiting {
    /// One with this state, and where its answer comes out.
    pub(crate) fn new(state: Secret, redirect_uri: String) -> (Self, mpsc::Receiver<Arrived>) {
        let (inbox, answers) = mpsc::channel(1);
        (Self { state, redirect_uri, inbox, taken: Arc::default() }, answers)
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
