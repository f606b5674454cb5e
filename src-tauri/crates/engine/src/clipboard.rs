//! Which of our secrets may be on the clipboard now.

use scopes::secret::Secret;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The secret that was put on the clipboard last, until its time is over.
#[derive(Default)]
pub(crate) struct Clipboard(Mutex<Option<Arc<Secret>>>);

impl Clipboard {
    /// A secret was copied.
    pub(crate) fn holds(&self, copy: Arc<Secret>) {
        *self.lock() = Some(copy);
    }

    /// What may still be there, no longer remembered.
    pub(crate) fn take(&self) -> Option<Arc<Secret>> {
        self.lock().take()
    }

    /// The time of this copy is over; whether it may be cleared: not where the same text was copied again meanwhile.
    pub(crate) fn is_over(&self, copy: &Arc<Secret>) -> bool {
        let mut last = self.lock();
        let latest = last.as_ref().is_some_and(|last| Arc::ptr_eq(last, copy));
        let again = !latest && last.as_ref().is_some_and(|last| last.expose() == copy.expose());
        if latest {
            *last = None;
        }
        !again
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Secret>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
