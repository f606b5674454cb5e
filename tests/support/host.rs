//! A host that does nothing to the machine and remembers what it was asked for.

use engine::host::{Passing, Saving};
use engine::{Effect, Host, KeychainUse, Moment};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

/// What a [`ScriptedHost`] was asked for, in order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Asked {
    /// Texts put on the clipboard.
    pub copied: Vec<String>,
    /// Those of them that were called secret.
    pub hinted: Vec<String>,
    /// What is on the clipboard now.
    pub clipboard: Option<String>,
    /// How often somebody looked whether a secret is still there.
    pub looked: usize,
    /// Pages opened.
    pub opened: Vec<String>,
    /// Files saved.
    pub saved: Vec<SavedFile>,
}

/// One saved file.
#[derive(Debug, Clone, Serialize)]
pub struct SavedFile {
    /// Suggested name.
    pub name: String,
    /// Content.
    pub text: String,
}

type Watch = Arc<dyn Fn(Effect, Moment) + Send + Sync>;

/// A host for tests and browser runs.
pub struct ScriptedHost {
    data_dir: Option<PathBuf>,
    keychain: KeychainUse,
    asked: Mutex<Asked>,
    ahead_ms: AtomicI64,
    /// Time that passed for those who wait; it passes by [`Self::advance`] only.
    passed: watch::Sender<Duration>,
    /// Whether the clipboard answers.
    clipboard_fails: AtomicBool,
    /// The waits before requests were sent again; each passes at once.
    back_offs: Mutex<Vec<Duration>>,
    /// Who hears of every effect.
    effects: Mutex<Option<Watch>>,
}

impl ScriptedHost {
    /// A host that keeps files under the directory, or nowhere. It has no keychain: the one of whoever runs the tests is
    /// not theirs.
    pub fn new(data_dir: Option<PathBuf>) -> Self {
        Self::with_keychain(data_dir, KeychainUse::None)
    }

    /// The same with a keychain.
    pub fn with_keychain(data_dir: Option<PathBuf>, keychain: KeychainUse) -> Self {
        Self {
            data_dir,
            keychain,
            asked: Mutex::default(),
            ahead_ms: AtomicI64::new(0),
            passed: watch::Sender::default(),
            clipboard_fails: AtomicBool::new(false),
            back_offs: Mutex::default(),
            effects: Mutex::default(),
        }
    }

    /// Calls this before and after every effect of an operation from now on.
    pub fn at_every_effect(&self, watch: impl Fn(Effect, Moment) + Send + Sync + 'static) {
        *self.effects.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(watch));
    }

    /// Puts its clock forward.
    pub fn advance(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds.saturating_mul(1000), Ordering::SeqCst);
        let time = Duration::from_secs(seconds.unsigned_abs());
        self.passed.send_modify(|passed| *passed = passed.saturating_add(time));
    }

    /// Puts a text on the clipboard as another program does.
    pub fn copied_elsewhere(&self, text: &str) {
        self.lock().clipboard = Some(text.to_owned());
    }

    /// Whether the clipboard refuses from now on.
    pub fn fail_clipboard(&self, fails: bool) {
        self.clipboard_fails.store(fails, Ordering::SeqCst);
    }

    /// The waits before requests were sent again, in order.
    pub fn back_offs(&self) -> Vec<Duration> {
        self.back_offs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many wait for time to pass.
    pub fn waiting(&self) -> usize {
        self.passed.receiver_count()
    }

    fn clipboard(&self) -> Result<MutexGuard<'_, Asked>, String> {
        if self.clipboard_fails.load(Ordering::SeqCst) { Err("no clipboard".into()) } else { Ok(self.lock()) }
    }

    /// What it was asked for so far.
    pub fn asked(&self) -> Asked {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for ScriptedHost {
    fn on_effect(&self, effect: Effect, moment: Moment) {
        let watch = self.effects.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(watch) = watch {
            watch(effect, moment);
        }
    }

    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        now.saturating_add(self.ahead_ms.load(Ordering::SeqCst))
    }

    fn data_dir(&self) -> Option<PathBuf> {
        self.data_dir.clone()
    }

    fn keychain(&self) -> KeychainUse {
        self.keychain
    }

    fn open_url(&self, url: &str) -> Result<(), String> {
        self.lock().opened.push(url.to_owned());
        Ok(())
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        let mut asked = self.clipboard()?;
        asked.copied.push(text.to_owned());
        asked.clipboard = Some(text.to_owned());
        Ok(())
    }

    fn copy_secret(&self, text: &str) -> Result<(), String> {
        self.copy(text)?;
        self.lock().hinted.push(text.to_owned());
        Ok(())
    }

    fn clear_clipboard_if(&self, text: &str) -> Result<bool, String> {
        self.lock().looked += 1;
        let mut asked = self.clipboard()?;
        let same = asked.clipboard.as_deref() == Some(text);
        if same {
            asked.clipboard = None;
        }
        Ok(same)
    }

    fn pass(&self, time: Duration) -> Passing {
        let mut passed = self.passed.subscribe();
        let until = passed.borrow().saturating_add(time);
        Box::pin(async move {
            // The host outlives whoever waits on it.
            let _ = passed.wait_for(|passed| *passed >= until).await;
        })
    }

    fn uptime(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed() + self.back_offs().iter().sum::<Duration>()
    }

    fn back_off(&self, time: Duration) -> Passing {
        self.back_offs.lock().unwrap_or_else(PoisonError::into_inner).push(time);
        Box::pin(std::future::ready(()))
    }

    fn save<'a>(&'a self, name: &'a str, text: &'a str) -> Saving<'a> {
        self.lock().saved.push(SavedFile { name: name.to_owned(), text: text.to_owned() });
        Box::pin(async move { Ok(Some(PathBuf::from(name))) })
    }
}
