//! The system's keychain as a store of the `keyring` family, and what its refusals mean.

use super::fault::Fault;
use keyring_core::{CredentialPersistence, CredentialStore, Error};
use std::sync::Arc;

/// Connects to the system's keychain. No store is made the process's default: entries are built from this one.
///
/// # Errors
/// The store's.
pub(super) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "linux")]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
    #[cfg(target_os = "macos")]
    return Ok(apple_native_keyring_store::keychain::Store::new()?);
    #[cfg(windows)]
    return Ok(windows_native_keyring_store::Store::new()?);
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    Err(Error::NotSupportedByStore(std::env::consts::OS.to_owned()))
}

/// Whether the keychain may show a dialog of its own.
pub(super) fn may_ask() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A store that forgets is none: what is put there is gone with the entry, the process, the session or the next start.
///
/// # Errors
/// [`Fault::Mock`].
pub(super) fn must_persist(store: &CredentialStore) -> Result<(), Fault> {
    let vendor = store.vendor();
    let lasts = matches!(store.persistence(), CredentialPersistence::UntilDelete);
    if lasts && !vendor.to_ascii_lowercase().contains("mock") { Ok(()) } else { Err(Fault::Mock(vendor)) }
}

/// What a refusal of an opened or unopened store means.
pub(super) fn meaning(error: &Error) -> Fault {
    match error {
        Error::NoStorageAccess(words) if may_ask() => Fault::KeychainDenied(words.to_string()),
        Error::NoStorageAccess(_) => Fault::KeychainLocked,
        Error::PlatformFailure(platform) => system::meaning(platform.as_ref()),
        Error::NotSupportedByStore(words) => Fault::KeychainAbsent(words.clone()),
        // The entries themselves are not for a sentence.
        Error::Ambiguous(entries) => {
            Fault::KeychainFailed(format!("{} entries of the same name", entries.len()))
        }
        other => Fault::KeychainFailed(other.to_string()),
    }
}

#[cfg(target_os = "linux")]
mod system {
    use super::Fault;
    use secret_service::Error as Service;
    use std::error::Error;
    use zbus::{Error as Bus, fdo};

    pub(super) fn meaning(error: &(dyn Error + Send + Sync + 'static)) -> Fault {
        let words = error.to_string();
        match error.downcast_ref::<Service>() {
            Some(Service::Unavailable) => Fault::KeychainAbsent(words),
            Some(Service::Zbus(bus)) => of_bus(bus, words),
            Some(Service::ZbusFdo(bus)) => of_standard(bus, words),
            _ => Fault::KeychainFailed(words),
        }
    }

    fn of_bus(error: &Bus, words: String) -> Fault {
        match error {
            Bus::InputOutput(_) | Bus::Address(_) | Bus::Handshake(_) => Fault::KeychainAbsent(words),
            Bus::MethodError(name, _, _) => of_name(name.as_str(), words),
            Bus::FDO(standard) => of_standard(standard, words),
            _ => Fault::KeychainFailed(words),
        }
    }

    fn of_standard(error: &fdo::Error, words: String) -> Fault {
        match error {
            fdo::Error::ZBus(bus) => of_bus(bus, words),
            fdo::Error::AccessDenied(_) | fdo::Error::AuthFailed(_) => Fault::KeychainDenied(words),
            fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_) | fdo::Error::NoServer(_) => {
                Fault::KeychainAbsent(words)
            }
            _ => Fault::KeychainFailed(words),
        }
    }

    /// Names of errors as the D-Bus and Secret Service specifications give them.
    fn of_name(name: &str, words: String) -> Fault {
        match name {
            "org.freedesktop.DBus.Error.AccessDenied" | "org.freedesktop.DBus.Error.AuthFailed" => {
                Fault::KeychainDenied(words)
            }
            "org.freedesktop.DBus.Error.ServiceUnknown"
            | "org.freedesktop.DBus.Error.NameHasNoOwner"
            | "org.freedesktop.DBus.Error.Spawn.ServiceNotFound"
            | "org.freedesktop.DBus.Error.Disconnected"
            | "org.freedesktop.DBus.Error.NoReply" => Fault::KeychainAbsent(words),
            "org.freedesktop.Secret.Error.IsLocked" => Fault::KeychainLocked,
            _ => Fault::KeychainFailed(words),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::Fault;
    use std::error::Error;

    pub(super) fn meaning(error: &(dyn Error + Send + Sync + 'static)) -> Fault {
        Fault::KeychainFailed(error.to_string())
    }
}
