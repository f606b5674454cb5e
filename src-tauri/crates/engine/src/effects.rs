//! Effects: what a job changes outside of itself. Every one of them begins here, so that it is known of each job whether
//! anything was changed, and a host can watch.

use crate::host::Host;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// A request that may change something at a server.
    Request,
    /// A secret is kept, replaced, moved or deleted.
    Vault,
    /// A saved connection or identity, or any other file of the console.
    Saved,
}

/// When a host is told of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// Nothing of it has happened yet.
    Before,
    /// It has ended, one way or the other.
    After,
}

/// The effects of one job.
#[derive(Clone)]
pub(crate) struct Effects(Arc<Inner>);

struct Inner {
    host: Arc<dyn Host>,
    begun: AtomicU64,
}

tokio::task_local! {
    static JOB: Effects;
}

impl Effects {
    /// None yet.
    pub(crate) fn new(host: Arc<dyn Host>) -> Self {
        Self(Arc::new(Inner { host, begun: AtomicU64::new(0) }))
    }

    /// Whether none has begun: nothing was changed.
    pub(crate) fn none(&self) -> bool {
        self.0.begun.load(Ordering::SeqCst) == 0
    }

    /// Carries out a job; its effects are counted here.
    pub(crate) async fn of<T>(&self, job: impl Future<Output = T>) -> T {
        JOB.scope(self.clone(), job).await
    }
}

/// Carries out what goes on in a task of its own as a part of the present job.
pub(crate) fn of_this_job<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let job = JOB.try_with(Effects::clone).ok();
    async move {
        match job {
            Some(job) => job.of(work).await,
            None => work.await,
        }
    }
}

/// An effect under way; it ends when the value is dropped.
pub(crate) struct UnderWay {
    effect: Effect,
    job: Option<Effects>,
}

/// Begins an effect. To be called before anything of it can have happened.
pub(crate) fn begin(effect: Effect) -> UnderWay {
    let job = JOB.try_with(Effects::clone).ok();
    if let Some(Effects(job)) = &job {
        job.begun.fetch_add(1, Ordering::SeqCst);
        job.host.on_effect(effect, Moment::Before);
    }
    UnderWay { effect, job }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(Effects(job)) = &self.job {
            job.host.on_effect(self.effect, Moment::After);
        }
    }
}
