//! The fault suites: what networks, gateways, signals and disks do, counted. `SPECTROSCOPE_PROVE=full` runs all of each,
//! otherwise a fixed sample.

mod faults;
mod kill;
mod refresh;
mod scene;
mod torn;

use futures_util::StreamExt as _;

/// Which of so many runs are done: all of them, or every `stride`th.
fn chosen(all: usize, stride: usize) -> impl Iterator<Item = usize> {
    let full = std::env::var("SPECTROSCOPE_PROVE").is_ok_and(|value| value == "full");
    (0..all).step_by(if full { 1 } else { stride })
}

/// What all these runs give, some of them at a time: most of a run is waiting.
async fn at_once<T>(runs: impl IntoIterator<Item = impl Future<Output = T>>, most: usize) -> Vec<T> {
    futures_util::stream::iter(runs).buffer_unordered(most).collect().await
}

/// A data directory that is removed when it is dropped.
struct Dir(std::path::PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("spectroscope-prove-{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
