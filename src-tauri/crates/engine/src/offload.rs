//! Work that takes its time must not keep the other tasks of the runtime waiting.

use std::future::Future;
use std::pin::pin;
use tokio::runtime::{Handle, RuntimeFlavor};

/// Lets the other tasks of a runtime with several threads go on while this thread works or waits.
pub(crate) fn beside_others<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(work)
        }
        _ => work(),
    }
}

/// Carries out a future whose steps may compute for long, read files or wait for locks: each step runs beside the other
/// tasks, so that none of them has to be looked after one by one.
pub(crate) async fn steps_beside_others<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    std::future::poll_fn(|cx| beside_others(|| work.as_mut().poll(cx))).await
}
