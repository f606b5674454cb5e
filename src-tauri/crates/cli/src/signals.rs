//! SIGINT, SIGTERM and SIGHUP: the operation under way is stopped and reported. Where none is, the command ends at once.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::watch;

/// What a shell adds to the number of the signal that ended a command.
const BY_SIGNAL: u8 = 128;

static FIRST: LazyLock<watch::Sender<Option<u8>>> = LazyLock::new(|| watch::Sender::new(None));
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
static SENT: AtomicBool = AtomicBool::new(false);

/// While it lives, a signal waits for the operation instead of ending the command.
pub(crate) struct UnderWay(());

impl UnderWay {
    /// Begins.
    pub(crate) fn begin() -> Self {
        UNDER_WAY.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Waits for a signal; at once where one came before.
pub(crate) async fn received() {
    let mut first = FIRST.subscribe();
    // The sender is never dropped, so that waiting ends by a signal only.
    let _ = first.wait_for(Option::is_some).await;
}

/// Whether a signal came.
pub(crate) fn came() -> bool {
    FIRST.borrow().is_some()
}

/// Forgets the signal: it was how the command ends.
pub(crate) fn expected() {
    FIRST.send_replace(None);
}

/// Notes that a change was sent to a server.
pub(crate) fn note_sent() {
    SENT.store(true, Ordering::SeqCst);
}

/// The exit code after a signal: 3 if something was sent, else 128 and the signal's number. `None`: none came.
pub(crate) fn exit_code() -> Option<u8> {
    let number = (*FIRST.borrow())?;
    Some(if SENT.load(Ordering::SeqCst) { 3 } else { BY_SIGNAL.saturating_add(number) })
}

fn take(number: u8) {
    FIRST.send_if_modified(|first| first.is_none() && first.replace(number).is_none());
    if UNDER_WAY.load(Ordering::SeqCst) == 0 {
        // A question on the terminal, or a file: nothing has to be finished, and the main thread may be waiting for input.
        std::process::exit(i32::from(exit_code().unwrap_or(BY_SIGNAL)));
    }
}

/// Listens from now on, on a thread of its own: the main one may wait for input. A system without signals leaves its own way
/// to end a program.
pub(crate) fn listen() {
    let (ready, listening) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(listen_until_the_end(ready));
    });
    // Ends with an error where the thread could not listen.
    let _ = listening.recv();
}

#[cfg(unix)]
async fn listen_until_the_end(ready: std::sync::mpsc::Sender<()>) {
    use tokio::signal::unix::{SignalKind, signal};
    let ignored = ignored();
    let listen = |kind: SignalKind| {
        let bit = u32::try_from(kind.as_raw_value()).unwrap_or_default().saturating_sub(1);
        (ignored >> bit & 1 == 0).then(|| signal(kind).ok()).flatten()
    };
    let mut interrupt = listen(SignalKind::interrupt());
    let mut end = listen(SignalKind::terminate());
    let mut hang_up = listen(SignalKind::hangup());
    drop(ready);
    loop {
        tokio::select! {
            Some(()) = next(&mut interrupt) => take(2),
            Some(()) = next(&mut end) => take(15),
            Some(()) = next(&mut hang_up) => take(1),
        }
    }
}

#[cfg(unix)]
async fn next(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    match signal {
        Some(signal) => signal.recv().await,
        None => std::future::pending().await,
    }
}

/// The signals this process was started to ignore, as under `nohup` or in the background of a script; they stay ignored.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

#[cfg(not(unix))]
async fn listen_until_the_end(ready: std::sync::mpsc::Sender<()>) {
    drop(ready);
    while tokio::signal::ctrl_c().await.is_ok() {
        take(2);
    }
}
