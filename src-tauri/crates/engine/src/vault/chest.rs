//! A keychain for tests that can be told to fail, to forget and to hang.

use keyring_core::api::{CredentialApi, CredentialPersistence, CredentialStoreApi};
use keyring_core::{Credential, Entry, Error};
use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex};

/// A keychain of the test's own: a map that can be told to fail or to hang.
#[derive(Default)]
pub(super) struct Chest {
    pub(super) entries: Mutex<BTreeMap<String, Vec<u8>>>,
    held: Mutex<bool>,
    released: Condvar,
    refuses: Mutex<Option<&'static str>>,
    pub(super) forgets: Mutex<bool>,
}

struct Drawer(Arc<Chest>, String);

impl Chest {
    pub(super) fn hold(&self, held: bool) {
        *self.held.lock().unwrap() = held;
        self.released.notify_all();
    }

    pub(super) fn refuse(&self, what: Option<&'static str>) {
        *self.refuses.lock().unwrap() = what;
    }

    fn pass(&self, what: &str) -> keyring_core::Result<()> {
        drop(self.released.wait_while(self.held.lock().unwrap(), |held| *held).unwrap());
        match *self.refuses.lock().unwrap() {
            Some(refused) if refused == what => Err(Error::PlatformFailure("a test".into())),
            _ => Ok(()),
        }
    }
}

/// The chest as a store.
pub(super) struct Shared(pub(super) Arc<Chest>);

impl CredentialStoreApi for Shared {
    fn vendor(&self) -> String {
        "chest".into()
    }
    fn id(&self) -> String {
        "1".into()
    }
    fn build(&self, _: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> keyring_core::Result<Entry> {
        let drawer: Arc<Credential> = Arc::new(Drawer(self.0.clone(), user.to_owned()));
        Ok(Entry::new_with_credential(drawer))
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn persistence(&self) -> CredentialPersistence {
        CredentialPersistence::UntilDelete
    }
}

impl CredentialApi for Drawer {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        self.0.pass("set")?;
        if !*self.0.forgets.lock().unwrap() {
            self.0.entries.lock().unwrap().insert(self.1.clone(), secret.to_vec());
        }
        Ok(())
    }
    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.0.pass("get")?;
        self.0.entries.lock().unwrap().get(&self.1).cloned().ok_or(Error::NoEntry)
    }
    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.0.pass("delete")?;
        self.0.entries.lock().unwrap().remove(&self.1).map(drop).ok_or(Error::NoEntry)
    }
    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}
