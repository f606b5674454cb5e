//! Calls to the system's keychain. A call may block on a dialog or on a service that hangs, so each runs on a thread of
//! its own, one at a time; while one hangs, further ones are refused at once.

use super::fault::Fault;
use super::name::SecretName;
use super::store;
use crate::host::KeychainUse;
use keyring_core::{CredentialStore, Entry, Error};
use scopes::secret::Secret;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::timeout;
use zeroize::Zeroize as _;

/// The name all entries are under.
const SERVICE: &str = "spectroscope";

/// Until the keychain has answered, where no dialog is open.
const ANSWER: Duration = Duration::from_secs(10);

/// Until the person has answered the keychain's dialog.
const DIALOG: Duration = Duration::from_secs(60);

type Opener = Arc<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync>;

/// The system's keychain, or none.
pub(crate) struct Keychain {
    open: Opener,
    answer: Duration,
    dialog: Duration,
    turn: Arc<Semaphore>,
    /// Why the call that has the turn will not end soon.
    stuck: Arc<watch::Sender<Option<Fault>>>,
}

/// The turn of a call. When the call ends, however late or badly, the next one may begin.
struct Turn {
    stuck: Arc<watch::Sender<Option<Fault>>>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.stuck.send_replace(None);
    }
}

impl Keychain {
    /// The keychain a host allows.
    pub(super) fn new(allowed: KeychainUse) -> Self {
        match allowed {
            KeychainUse::System => Self::opened_by(Arc::new(store::open), ANSWER, DIALOG),
            KeychainUse::Within { answer, dialog } => Self::opened_by(Arc::new(store::open), answer, dialog),
            KeychainUse::None => {
                let none = || Err(Error::NotSupportedByStore("this run uses none".to_owned()));
                Self::opened_by(Arc::new(none), ANSWER, DIALOG)
            }
        }
    }

    pub(super) fn opened_by(open: Opener, answer: Duration, dialog: Duration) -> Self {
        let (turn, stuck) = (Arc::new(Semaphore::new(1)), Arc::new(watch::Sender::new(None)));
        Self { open, answer, dialog, turn, stuck }
    }

    /// Writes, reads and deletes an entry of a random name. That an entry is not there proves nothing: a service that was
    /// never unlocked says so, too.
    pub(super) async fn probe(&self) -> Result<(), Fault> {
        let id = uuid::Uuid::new_v4();
        self.call(move |store| {
            let entry = entry(store, &format!("probe-{id}"))?;
            let kept = keep(&entry, id.as_bytes());
            let removed = entry.delete_credential().map_err(|error| store::meaning(&error));
            kept.and(removed)
        })
        .await
    }

    /// Writes a secret and reads it back.
    pub(super) async fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Fault> {
        let (name, secret) = (name.to_string(), secret.clone());
        self.call(move |store| keep(&entry(store, &name)?, secret.expose().as_bytes())).await
    }

    /// Reads a secret; `None` when there is no such entry.
    pub(super) async fn get(&self, name: &SecretName) -> Result<Option<Secret>, Fault> {
        let name = name.to_string();
        self.call(move |store| match entry(store, &name)?.get_secret() {
            Ok(bytes) => text(bytes).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(store::meaning(&error)),
        })
        .await
    }

    /// Deletes a secret; whether it was there.
    pub(super) async fn delete(&self, name: &SecretName) -> Result<bool, Fault> {
        let name = name.to_string();
        self.call(move |store| match entry(store, &name)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(store::meaning(&error)),
        })
        .await
    }

    /// How many of these secrets are there.
    pub(super) async fn count(&self, names: &[SecretName]) -> Result<usize, Fault> {
        let names: Vec<String> = names.iter().map(SecretName::to_string).collect();
        self.call(move |store| {
            let mut found = 0;
            for name in &names {
                match entry(store, name)?.get_attributes() {
                    Ok(_) => found += 1,
                    Err(Error::NoEntry) => {}
                    Err(error) => return Err(store::meaning(&error)),
                }
            }
            Ok(found)
        })
        .await
    }

    /// Runs one call on a thread of its own. The connection is made anew each time: one of earlier does not survive the
    /// service's restart.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&CredentialStore) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let turn = self.turn().await?;
        let open = self.open.clone();
        let (ended, mut end) = oneshot::channel();
        let run = move || {
            let result = opened(&open).and_then(|store| work(store.as_ref()));
            // First the turn, then the answer: whoever has the answer may begin the next call.
            drop(turn);
            // Nobody waits any more when it took too long.
            let _ = ended.send(result);
        };
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(run)
            .map_err(|error| Fault::KeychainFailed(error.to_string()))?;
        let died = |_| Fault::KeychainFailed("the call broke off".to_owned());
        if let Ok(result) = timeout(self.answer, &mut end).await {
            return result.map_err(died)?;
        }
        if !store::may_ask() || !self.is_alive().await {
            return Err(self.give_up(&mut end, Fault::KeychainHung));
        }
        match timeout(self.dialog.saturating_sub(self.answer), &mut end).await {
            Ok(result) => result.map_err(died)?,
            Err(_) => Err(self.give_up(&mut end, Fault::KeychainWaits)),
        }
    }

    /// Waits for the turn; refused at once while the call that has it is stuck.
    async fn turn(&self) -> Result<Turn, Fault> {
        let mut stuck = self.stuck.subscribe();
        tokio::select! {
            biased;
            found = stuck.wait_for(Option::is_some) => {
                let fault = found.ok().and_then(|fault| fault.clone());
                Err(fault.unwrap_or(Fault::KeychainHung))
            }
            permit = self.turn.clone().acquire_owned() => {
                let permit = permit.map_err(|_| Fault::KeychainHung)?;
                Ok(Turn { stuck: self.stuck.clone(), _permit: permit })
            }
        }
    }

    /// Whether the service answers somebody else: then the call waits for a dialog.
    async fn is_alive(&self) -> bool {
        let open = self.open.clone();
        let (ended, end) = oneshot::channel();
        let thread = std::thread::Builder::new().name("keychain-alive".to_owned());
        let started = thread.spawn(move || {
            // Nobody waits any more when it took too long.
            let _ = ended.send(open().is_ok());
        });
        started.is_ok() && matches!(timeout(self.answer, end).await, Ok(Ok(true)))
    }

    /// Leaves the call to itself; until it ends, every further call is refused.
    fn give_up<T>(&self, end: &mut oneshot::Receiver<T>, fault: Fault) -> Fault {
        self.stuck.send_if_modified(|stuck| {
            // It may have ended in this very moment; then nothing would ever clear the mark.
            let goes_on = matches!(end.try_recv(), Err(oneshot::error::TryRecvError::Empty))
                && self.turn.available_permits() == 0;
            if goes_on {
                *stuck = Some(fault.clone());
            }
            goes_on
        });
        fault
    }
}

fn opened(open: &Opener) -> Result<Arc<CredentialStore>, Fault> {
    let store = open().map_err(|error| match store::meaning(&error) {
        Fault::KeychainFailed(words) => Fault::KeychainAbsent(words),
        other => other,
    })?;
    store::must_persist(store.as_ref())?;
    Ok(store)
}

fn entry(store: &CredentialStore, name: &str) -> Result<Entry, Fault> {
    let label = format!("Spectroscope {name}");
    // What people see in the keychain's own window; the other systems show the service.
    let modifiers = cfg!(target_os = "linux").then(|| HashMap::from([("label", label.as_str())]));
    store.build(SERVICE, name, modifiers.as_ref()).map_err(|error| store::meaning(&error))
}

fn keep(entry: &Entry, secret: &[u8]) -> Result<(), Fault> {
    entry.set_secret(secret).map_err(|error| store::meaning(&error))?;
    let mut read = match entry.get_secret() {
        Err(Error::NoEntry) => return Err(Fault::NotKept),
        read => read.map_err(|error| store::meaning(&error))?,
    };
    let same = read == secret;
    read.zeroize();
    if same { Ok(()) } else { Err(Fault::NotKept) }
}

fn text(bytes: Vec<u8>) -> Result<Secret, Fault> {
    String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        let mut bytes = error.into_bytes();
        bytes.zeroize();
        Fault::KeychainFailed("the entry is not text".to_owned())
    })
}
