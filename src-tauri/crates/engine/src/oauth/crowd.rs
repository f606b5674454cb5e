//! The connections of a listener: bounded, and one that says nothing makes room for a newer one.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::AbortHandle;

/// Most connections at once; a browser needs two.
const MAX_CONNECTIONS: usize = 64;

/// The open connections, the oldest first.
#[derive(Default)]
pub(super) struct Crowd(VecDeque<Connection>);

struct Connection {
    task: AbortHandle,
    has_asked: Arc<AtomicBool>,
}

impl Crowd {
    /// Makes room for one more: ended connections go, then the oldest that has not sent a whole request. `false` when
    /// all of them wait for an answer.
    pub(super) fn make_room(&mut self) -> bool {
        self.0.retain(|connection| !connection.task.is_finished());
        if self.0.len() < MAX_CONNECTIONS {
            return true;
        }
        let silent = self.0.iter().position(|connection| !connection.has_asked.load(Ordering::Acquire));
        let Some(oldest) = silent.and_then(|at| self.0.remove(at)) else { return false };
        oldest.task.abort();
        true
    }

    /// Adds a connection; `has_asked` is set when its request is there.
    pub(super) fn add(&mut self, task: AbortHandle, has_asked: Arc<AtomicBool>) {
        self.0.push_back(Connection { task, has_asked });
    }
}
