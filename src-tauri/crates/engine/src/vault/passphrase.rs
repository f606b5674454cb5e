//! The passphrase vault: one age file per secret, encrypted to a key that a passphrase opens.
//!
//! `key.age` holds an X25519 identity, encrypted by scrypt once; the secrets are encrypted to it. Its public half is
//! nowhere in the clear, so without the passphrase nobody can make a file that passes for ours. Each file names what it
//! holds, so that exchanged files are noticed. Every write is one file placed in one step: window and command line may
//! work on the same vault at the same time.

use super::fault::Fault;
use super::name::SecretName;
use super::strength::is_weak;
use crate::data_dir::{DataDir, is_refusal};
use crate::private_file as files;
use age::secrecy::{ExposeSecret as _, SecretString};
use age::{DecryptError, scrypt, x25519};
use scopes::secret::Secret;
use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// scrypt's N is 2 to this power, with r 8 and p 1: 128 MiB and some tenths of a second per guess.
const WORK: u8 = 17;

/// With this variable a debug build makes vaults with [`QUICK_WORK`]: its own tests make a hundred of them, none of which
/// keeps anybody's secret. A release build does not read it.
const QUICK: &str = "SPECTROSCOPE_QUICK_VAULT";
const QUICK_WORK: u8 = 10;

/// A key file that asks for more was not made by us.
const MOST_WORK: u8 = 20;

/// The directory of the vault below the data directory.
const DIRECTORY: &str = "vault";
pub(super) const KEY: &str = "key.age";
const HEAD: &str = "spectroscope 1";

/// The directory, and its key while it is open.
pub(super) struct Passphrase {
    data: DataDir,
    dir: PathBuf,
    open: Mutex<Option<Open>>,
    /// Whether a vault that was there already opened with a passphrase that a new one may not have.
    weak: AtomicBool,
    /// Words a passphrase must not rest on: names and hosts of this person's connections.
    words: Mutex<Vec<String>>,
}

struct Open {
    identity: x25519::Identity,
    /// The key file it came from. When somebody makes a new vault meanwhile, this key is of no use any more.
    key_file: Vec<u8>,
}

impl Passphrase {
    /// The vault in a data directory.
    pub(super) fn new(data: DataDir) -> Self {
        let dir = data.join(DIRECTORY);
        Self { dir, data, open: Mutex::default(), weak: AtomicBool::new(false), words: Mutex::default() }
    }

    /// Sets the words that somebody who knows the person would try first.
    pub(super) fn expect(&self, words: Vec<String>) {
        *self.words.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }

    fn is_guessable(&self, passphrase: &Secret) -> bool {
        is_weak(passphrase.expose(), &self.words.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the passphrase it was opened with is too easy to guess.
    pub(super) fn is_weak(&self) -> bool {
        self.weak.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it was made.
    pub(super) fn exists(&self) -> bool {
        self.enter().is_ok() && fs::symlink_metadata(self.dir.join(KEY)).is_ok()
    }

    /// Whether its key is here, and still the one of the directory.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.key().map(drop)
    }

    /// Forgets the key.
    pub(super) fn close(&self) {
        *self.lock() = None;
    }

    /// Makes the vault, or opens the one that is there.
    pub(super) fn make(&self, passphrase: &Secret) -> Result<(), Fault> {
        self.enter()?;
        if self.exists() {
            return self.unlock(passphrase);
        }
        if self.is_guessable(passphrase) {
            return Err(Fault::WeakPassphrase);
        }
        self.data.make_below(DIRECTORY).map_err(unsafe_dir)?;
        let identity = x25519::Identity::generate();
        let mut lock = scrypt::Recipient::new(given(passphrase));
        lock.set_work_factor(work());
        let text = identity.to_string();
        let bytes = age::encrypt(&lock, text.expose_secret().as_bytes())
            .map_err(|error| Fault::NotWritten(error.to_string()))?;
        if !files::create(&self.dir.join(KEY), &bytes).map_err(not_written)? {
            return self.unlock(passphrase);
        }
        *self.lock() = Some(Open { identity, key_file: bytes });
        Ok(())
    }

    /// Opens the vault for this run.
    pub(super) fn unlock(&self, passphrase: &Secret) -> Result<(), Fault> {
        let key_file = self.key_file()?.ok_or(Fault::Missing)?;
        let mut key = scrypt::Identity::new(given(passphrase));
        key.set_max_work_factor(MOST_WORK);
        let damaged = || Fault::Damaged(KEY.to_owned());
        let text = decrypt(&key, &key_file).map_err(|error| match error {
            DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => Fault::WrongPassphrase,
            _ => damaged(),
        })?;
        let text = std::str::from_utf8(&text).map_err(|_| damaged())?;
        let identity = text.parse().map_err(|_| damaged())?;
        *self.lock() = Some(Open { identity, key_file });
        self.weak.store(self.is_guessable(passphrase), Ordering::Release);
        Ok(())
    }

    fn encrypted(&self, name: &SecretName, secret: &Secret) -> Result<Vec<u8>, Fault> {
        let identity = self.key()?;
        let mut plain = Zeroizing::new(head(name).into_bytes());
        plain.reserve_exact(secret.expose().len());
        plain.extend_from_slice(secret.expose().as_bytes());
        age::encrypt(&identity.to_public(), &plain).map_err(|error| Fault::NotWritten(error.to_string()))
    }

    /// Tries whether a secret could be written, and writes none.
    pub(super) fn rehearse(&self, name: &SecretName, secret: &Secret) -> Result<(), Fault> {
        files::rehearse(&self.file(name), &self.encrypted(name, secret)?).map_err(not_written)
    }

    /// Writes a secret and reads it back.
    pub(super) fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Fault> {
        files::write(&self.file(name), &self.encrypted(name, secret)?).map_err(not_written)?;
        match self.get(name)? {
            Some(read) if read.expose() == secret.expose() => Ok(()),
            _ => Err(Fault::NotKept),
        }
    }

    /// Reads a secret; `None` when there is no such file.
    pub(super) fn get(&self, name: &SecretName) -> Result<Option<Secret>, Fault> {
        let identity = self.key()?;
        let path = self.file(name);
        let file = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(bytes) = files::read(&path).map_err(not_read)? else { return Ok(None) };
        let plain = decrypt(&identity, &bytes).map_err(|_| Fault::Damaged(file()))?;
        let secret = plain.strip_prefix(head(name).as_bytes()).ok_or_else(|| Fault::Swapped(file()))?;
        let secret = std::str::from_utf8(secret).map_err(|_| Fault::Damaged(file()))?;
        Ok(Some(Secret::new(secret)))
    }

    /// Removes a secret, for which no key is needed; whether it was there.
    pub(super) fn delete(&self, name: &SecretName) -> Result<bool, Fault> {
        self.enter()?;
        files::remove(&self.file(name)).map_err(not_written)
    }

    /// How many secrets there are.
    pub(super) fn count(&self) -> Result<usize, Fault> {
        Ok(self.listed()?.iter().filter(|path| is_secret(path)).count())
    }

    /// Removes everything, the key first: without it the rest is noise. Answers how many secrets there were.
    pub(super) fn forget(&self) -> Result<usize, Fault> {
        self.close();
        let secrets = self.count()?;
        files::remove(&self.dir.join(KEY)).map_err(not_written)?;
        for path in self.listed()? {
            files::remove(&path).map_err(not_written)?;
        }
        match fs::remove_dir(&self.dir) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(not_written(error)),
            _ => Ok(secrets),
        }
    }

    /// Our own files in the directory, drafts of a process that is gone included.
    fn listed(&self) -> Result<Vec<PathBuf>, Fault> {
        self.enter()?;
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(not_read)?,
        };
        let ours = |path: &PathBuf| path.extension().is_some_and(|end| end == "age" || end == "new");
        entries
            .map(|entry| entry.map(|entry| entry.path()).map_err(not_read))
            .filter(|path| path.as_ref().map_or(true, ours))
            .collect()
    }

    /// Checks the directories before anything in them is used.
    fn enter(&self) -> Result<(), Fault> {
        self.data.enter_below(DIRECTORY).map(drop).map_err(unsafe_dir)
    }

    fn key_file(&self) -> Result<Option<Vec<u8>>, Fault> {
        self.enter()?;
        files::read(&self.dir.join(KEY)).map_err(not_read)
    }

    fn key(&self) -> Result<x25519::Identity, Fault> {
        let key_file = self.key_file()?;
        let mut open = self.lock();
        match (&*open, key_file) {
            (_, None) => {
                *open = None;
                Err(Fault::Missing)
            }
            (Some(held), Some(found)) if held.key_file == found => Ok(held.identity.clone()),
            _ => {
                *open = None;
                Err(Fault::Locked)
            }
        }
    }

    fn file(&self, name: &SecretName) -> PathBuf {
        self.dir.join(format!("{}.age", name.file_stem()))
    }
}

fn is_secret(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|end| end == "age") && path.file_name().is_some_and(|name| name != KEY)
}

/// The first line of what is encrypted.
fn head(name: &SecretName) -> String {
    format!("{HEAD} {}\n", name.file_stem())
}

fn given(passphrase: &Secret) -> SecretString {
    SecretString::from(passphrase.expose().to_owned())
}

/// Into a buffer that never grows, so that no part of the secret is left behind where it was first.
fn decrypt(key: &impl age::Identity, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let decryptor = age::Decryptor::new_buffered(bytes)?;
    let mut reader = decryptor.decrypt(std::iter::once(key as &dyn age::Identity))?;
    let mut plain = Zeroizing::new(vec![0; bytes.len()]);
    let mut filled = 0;
    while let Some(rest) = plain.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest)? {
            0 => break,
            count => filled += count,
        }
    }
    plain.truncate(filled);
    Ok(plain)
}

fn work() -> u8 {
    if cfg!(debug_assertions) && std::env::var_os(QUICK).is_some_and(|value| !value.is_empty()) {
        QUICK_WORK
    } else {
        WORK
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the argument of `map_err`")]
fn unsafe_dir(error: io::Error) -> Fault {
    if is_refusal(&error) {
        Fault::Directory(error.to_string())
    } else {
        Fault::NotWritten(error.to_string())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn not_written(error: io::Error) -> Fault {
    Fault::NotWritten(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn not_read(error: io::Error) -> Fault {
    Fault::NotRead(error.to_string())
}
