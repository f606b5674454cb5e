//! Where secrets are kept: the system's keychain, encrypted files, or this run only. Plaintext on disk does not exist.

#[cfg(test)]
mod chest;
mod choice;
mod fault;
mod keychain;
mod moving;
mod name;
mod passphrase;
#[cfg(test)]
pub(crate) mod scratch;
mod store;
mod strength;
#[cfg(test)]
mod tests;

pub(crate) use fault::Fault;
pub(crate) use name::{Part, SecretName, keychain_name};

use crate::data_dir::DataDir;
use crate::effects::{self, Effect};
use crate::host::KeychainUse;
use crate::operations::vault::VaultKind;
use choice::Choice;
use keychain::Keychain;
use passphrase::Passphrase;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::secret::Secret;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::RwLock;

/// The places, and which of them is in use.
pub(crate) struct Vault {
    memory: Mutex<BTreeMap<SecretName, InMemory>>,
    keychain: Keychain,
    disk: Option<Disk>,
    /// Whether new secrets are for this run only, because somebody chose so in this run.
    this_run: AtomicBool,
    probed: Mutex<Option<Result<(), Fault>>>,
    /// Held for writing while secrets move from one place to another.
    moving: RwLock<()>,
}

struct InMemory {
    secret: Secret,
    /// Whether it goes along when another place is chosen.
    moves: bool,
}

/// What a data directory makes possible.
struct Disk {
    choice: Choice,
    passphrase: Arc<Passphrase>,
}

/// Where secrets go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Memory,
    /// Whether somebody chose it, or it is taken because nothing was chosen.
    Keychain {
        chosen: bool,
    },
    Passphrase,
}

impl Place {
    fn kind(self) -> VaultKind {
        match self {
            Self::Memory => VaultKind::Memory,
            Self::Keychain { .. } => VaultKind::Keychain,
            Self::Passphrase => VaultKind::Passphrase,
        }
    }

    /// What is wrong with it, as a person reads it.
    fn problem(self, fault: &Fault, lang: Lang) -> Problem {
        match self {
            Self::Keychain { chosen: false } => fault::unchosen(fault, lang),
            _ => fault.problem(lang),
        }
    }
}

impl Vault {
    /// What the data directory says was chosen; without a directory, this run only.
    pub(crate) fn new(data_dir: Option<DataDir>, keychain: KeychainUse) -> Self {
        Self::on(data_dir, Keychain::new(keychain))
    }

    fn on(data_dir: Option<DataDir>, keychain: Keychain) -> Self {
        let disk = data_dir
            .map(|dir| Disk { passphrase: Arc::new(Passphrase::new(dir.clone())), choice: Choice::new(dir) });
        Self {
            memory: Mutex::default(),
            keychain,
            disk,
            this_run: AtomicBool::new(false),
            probed: Mutex::default(),
            moving: RwLock::default(),
        }
    }

    /// Sets the words that a new passphrase must not rest on: names and hosts of the connections, and of the person.
    pub(crate) fn expect_words(&self, words: Vec<String>) {
        if let Some(disk) = &self.disk {
            disk.passphrase.expect(words);
        }
    }

    /// Where a new secret would go.
    ///
    /// # Errors
    /// When nothing was chosen and there is no keychain, or the place is locked or absent.
    pub(crate) async fn ready(&self, lang: Lang) -> Result<VaultKind, Problem> {
        let place = self.place().map_err(|fault| fault.problem(lang))?;
        let ready = match place {
            Place::Memory => Ok(()),
            Place::Keychain { .. } => self.probe(false).await,
            Place::Passphrase => self.passphrase(|vault| vault.check()).await,
        };
        ready.map(|()| place.kind()).map_err(|fault| place.problem(&fault, lang))
    }

    /// Keeps a secret and reads it back to see that it is kept; for the sandbox call [`Self::put_in_memory`].
    ///
    /// # Errors
    /// When it is not kept; an earlier one of the same name is as it was.
    pub(crate) async fn put(
        &self,
        name: &SecretName,
        secret: &Secret,
        lang: Lang,
    ) -> Result<VaultKind, Problem> {
        let _still = self.moving.read().await;
        let place = self.place().map_err(|fault| fault.problem(lang))?;
        let put = match place {
            Place::Memory => {
                self.hold(name, secret, true);
                return Ok(VaultKind::Memory);
            }
            _ => self.put_at(place, name, secret).await,
        };
        put.map_err(|fault| place.problem(&fault, lang))?;
        if let (Place::Keychain { chosen: false }, Some(disk)) = (place, &self.disk) {
            // From now on a missing keychain is a fault, not a question. A choice that cannot be saved is made again.
            let _ = disk.choice.save(VaultKind::Keychain);
        }
        self.memory().remove(name);
        Ok(place.kind())
    }

    /// Keeps a newer secret where the older one of that name is kept, though new secrets go somewhere else meanwhile: what
    /// outlives this run must not be older than what is in use.
    ///
    /// # Errors
    /// When it is not kept; the older one is as it was.
    pub(crate) async fn renew(&self, name: &SecretName, secret: &Secret, lang: Lang) -> Result<(), Problem> {
        let _still = self.moving.read().await;
        if let Some(held) = self.memory().get_mut(name) {
            let _effect = effects::begin(Effect::Vault);
            held.secret = secret.clone();
            return Ok(());
        }
        let place = self.lasting().map_err(|fault| fault.problem(lang))?;
        self.put_at(place, name, secret).await.map_err(|fault| place.problem(&fault, lang))
    }

    /// Tries whether [`Self::renew`] could keep a secret of this size now, and changes nothing.
    ///
    /// # Errors
    /// When it could not: locked, absent, full.
    pub(crate) async fn rehearse(
        &self,
        name: &SecretName,
        secret: &Secret,
        lang: Lang,
    ) -> Result<(), Problem> {
        let _still = self.moving.read().await;
        if self.memory().contains_key(name) {
            return Ok(());
        }
        let place = self.lasting().map_err(|fault| fault.problem(lang))?;
        let rehearsed = match place {
            Place::Memory => Ok(()),
            Place::Keychain { .. } => self.probe(true).await,
            Place::Passphrase => {
                let (name, secret) = (name.clone(), secret.clone());
                self.passphrase(move |vault| vault.rehearse(&name, &secret)).await
            }
        };
        rehearsed.map_err(|fault| place.problem(&fault, lang))
    }

    /// Keeps a secret for this run.
    pub(crate) fn put_in_memory(&self, name: &SecretName, secret: &Secret) {
        self.hold(name, secret, false);
    }

    fn hold(&self, name: &SecretName, secret: &Secret, moves: bool) {
        let _effect = effects::begin(Effect::Vault);
        self.memory().insert(name.clone(), InMemory { secret: secret.clone(), moves });
    }

    /// A secret; `None` when it is not there (deleted behind our back, or kept for another run only).
    ///
    /// # Errors
    /// When the place cannot be asked.
    pub(crate) async fn get(&self, name: &SecretName, lang: Lang) -> Result<Option<Secret>, Problem> {
        let _still = self.moving.read().await;
        let held = self.memory().get(name).map(|held| held.secret.clone());
        if held.is_some() {
            return Ok(held);
        }
        let place = self.lasting().map_err(|fault| fault.problem(lang))?;
        self.get_at(place, name).await.map_err(|fault| place.problem(&fault, lang))
    }

    /// Deletes a secret; whether it was there.
    ///
    /// # Errors
    /// When the place cannot be asked.
    pub(crate) async fn delete(&self, name: &SecretName, lang: Lang) -> Result<bool, Problem> {
        let _still = self.moving.read().await;
        let _effect = effects::begin(Effect::Vault);
        let held = self.memory().remove(name).is_some();
        let place = self.lasting().map_err(|fault| fault.problem(lang))?;
        if held && matches!(place, Place::Keychain { chosen: false }) {
            // Nothing was ever kept beyond this run.
            return Ok(true);
        }
        let deleted = self.delete_at(place, name).await;
        deleted.map(|deleted| deleted || held).map_err(|fault| place.problem(&fault, lang))
    }

    /// Whether a secret of this identity is in memory only.
    pub(crate) fn is_in_memory(&self, identity: &str) -> bool {
        self.memory().keys().any(|name| name.identity == identity)
    }

    /// Where secrets of earlier runs can be read now, as far as that is known without asking anybody: not from a locked
    /// vault, nor from a keychain that did not answer last time.
    pub(crate) fn open_now(&self) -> Option<VaultKind> {
        match self.lasting().ok()? {
            Place::Memory | Place::Keychain { chosen: false } => None,
            Place::Keychain { chosen: true } => {
                let last = self.probed.lock().unwrap_or_else(PoisonError::into_inner);
                (!matches!(*last, Some(Err(_)))).then_some(VaultKind::Keychain)
            }
            Place::Passphrase => {
                let vault = &self.disk.as_ref()?.passphrase;
                vault.check().ok().map(|()| VaultKind::Passphrase)
            }
        }
    }

    /// Where new secrets go.
    fn place(&self) -> Result<Place, Fault> {
        if self.this_run.load(Ordering::Acquire) { Ok(Place::Memory) } else { self.lasting() }
    }

    /// Where secrets of earlier runs are.
    fn lasting(&self) -> Result<Place, Fault> {
        let Some(disk) = &self.disk else { return Ok(Place::Memory) };
        Ok(match disk.choice.load()? {
            Some(VaultKind::Passphrase) => Place::Passphrase,
            Some(_) => Place::Keychain { chosen: true },
            None => Place::Keychain { chosen: false },
        })
    }

    fn memory(&self) -> MutexGuard<'_, BTreeMap<SecretName, InMemory>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the keychain works: asked once, then again only where it did not, or on demand.
    async fn probe(&self, again: bool) -> Result<(), Fault> {
        let known = || self.probed.lock().unwrap_or_else(PoisonError::into_inner);
        if !again && matches!(*known(), Some(Ok(()))) {
            return Ok(());
        }
        let found = self.keychain.probe().await;
        *known() = Some(found.clone());
        found
    }

    /// Remembers whether the keychain let itself be used: one that worked may be locked or gone by now, and the reverse.
    fn noted<T>(&self, result: Result<T, Fault>, proves: impl FnOnce(&T) -> bool) -> Result<T, Fault> {
        let found = match &result {
            Ok(answer) if proves(answer) => Ok(()),
            Err(fault) if fault.is_of_whole_keychain() => Err(fault.clone()),
            // That an entry is not there proves nothing, and a fault of one entry says nothing of the others.
            _ => return result,
        };
        *self.probed.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        result
    }

    async fn put_at(&self, place: Place, name: &SecretName, secret: &Secret) -> Result<(), Fault> {
        let _effect = effects::begin(Effect::Vault);
        match place {
            Place::Memory => Err(Fault::NoDirectory),
            Place::Keychain { .. } => self.noted(self.keychain.put(name, secret).await, |()| true),
            Place::Passphrase => {
                let (name, secret) = (name.clone(), secret.clone());
                self.passphrase(move |vault| vault.put(&name, &secret)).await
            }
        }
    }

    async fn get_at(&self, place: Place, name: &SecretName) -> Result<Option<Secret>, Fault> {
        match place {
            Place::Memory => Ok(None),
            Place::Keychain { .. } => self.noted(self.keychain.get(name).await, Option::is_some),
            Place::Passphrase => {
                let name = name.clone();
                self.passphrase(move |vault| vault.get(&name)).await
            }
        }
    }

    async fn delete_at(&self, place: Place, name: &SecretName) -> Result<bool, Fault> {
        let _effect = effects::begin(Effect::Vault);
        match place {
            Place::Memory => Ok(false),
            Place::Keychain { .. } => self.noted(self.keychain.delete(name).await, |deleted| *deleted),
            Place::Passphrase => {
                let name = name.clone();
                self.passphrase(move |vault| vault.delete(&name)).await
            }
        }
    }

    /// Runs something on the passphrase vault where it may take its time.
    async fn passphrase<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Passphrase) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let disk = self.disk.as_ref().ok_or(Fault::NoDirectory)?;
        let vault = disk.passphrase.clone();
        tokio::task::spawn_blocking(move || work(&vault))
            .await
            .unwrap_or_else(|error| Err(Fault::NotRead(error.to_string())))
    }
}
