//! Running operations that can be stopped by name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// A switch that is turned once: "stop after the request in flight".
#[derive(Clone, Debug)]
pub(crate) struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// A switch nobody has turned.
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Turns it.
    pub(crate) fn set(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was turned.
    pub(crate) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is turned.
    pub(crate) async fn wait(&self) {
        let mut seen = self.0.subscribe();
        // The sender lives in `self`, so waiting ends only by turning the switch.
        let _ = seen.wait_for(|set| *set).await;
    }
}

/// The running jobs by the name their caller gave them.
#[derive(Default, Clone)]
pub(crate) struct Jobs(Arc<Mutex<HashMap<String, Cancel>>>);

impl Jobs {
    /// Enters a job; it leaves the list when the guard is dropped.
    pub(crate) fn enter(&self, name: Option<String>) -> Entered {
        let cancel = Cancel::new();
        if let Some(name) = &name {
            self.lock().insert(name.clone(), cancel.clone());
        }
        Entered { jobs: self.clone(), name, cancel }
    }

    /// Stops a job; whether there was one.
    pub(crate) fn cancel(&self, name: &str) -> bool {
        self.lock().get(name).map(Cancel::set).is_some()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Cancel>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job in the list.
pub(crate) struct Entered {
    jobs: Jobs,
    name: Option<String>,
    /// Its switch.
    pub(crate) cancel: Cancel,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let Some(name) = &self.name else { return };
        let mut jobs = self.jobs.lock();
        // A later job of the same name has its own switch and stays.
        if jobs.get(name).is_some_and(|other| Arc::ptr_eq(&other.0, &self.cancel.0)) {
            jobs.remove(name);
        }
    }
}
