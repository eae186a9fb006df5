//! Token storage in the operating system's keychain, with a deadline for every call.
//!
//! Service = the application's id, user = the account. The store is rebuilt after each failure: the default store of the
//! `keyring` crates caches a failed one until restart, and at login the keyring often starts later.

#[cfg(any(windows, test))]
mod chunks;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use client::ports::KeychainError;
use domain::Secret;
use keyring_core::{CredentialStore, Entry, Error};

/// Deadline of a call; an open unlock prompt blocks longer, and the program continues without the keychain.
const DEADLINE: Duration = Duration::from_secs(3);
/// Limit of calls blocked by a prompt at the same time; above it the keychain counts as locked.
const MAX_BLOCKED: usize = 2;

/// Keychain of this system.
#[derive(Debug, Default)]
pub struct Keychain {
    shared: Arc<KeychainStore>,
}

#[derive(Debug, Default)]
struct KeychainStore {
    store: Mutex<Option<Arc<CredentialStore>>>,
    blocked: AtomicUsize,
}

impl Keychain {
    /// Creates the adapter without accessing the keychain.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `call` on its own thread and waits until the deadline. A blocked call keeps its thread until the prompt is closed
    /// and counts towards [`MAX_BLOCKED`].
    fn ask<T: Send + 'static>(
        &self,
        account: &str,
        call: impl FnOnce(&Entries) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeychainError> {
        if self.shared.blocked.load(Ordering::SeqCst) >= MAX_BLOCKED {
            return Err(KeychainError::Locked);
        }
        let (shared, account) = (Arc::clone(&self.shared), account.to_owned());
        let (answer, answered) = sync_channel(1);
        shared.blocked.fetch_add(1, Ordering::SeqCst);
        let worker = thread::Builder::new().name("keychain".to_owned()).spawn(move || {
            let result = shared.entries(account).and_then(|entries| call(&entries));
            if matches!(result, Err(Error::PlatformFailure(_) | Error::NoStorageAccess(_))) {
                // The store itself may have failed: the next call builds another.
                shared.store.lock().unwrap_or_else(PoisonError::into_inner).take();
            }
            shared.blocked.fetch_sub(1, Ordering::SeqCst);
            // Sending fails only after the caller's deadline.
            let _ = answer.send(result.map_err(|error| to_keychain_error(&error)));
        });
        if let Err(error) = worker {
            self.shared.blocked.fetch_sub(1, Ordering::SeqCst);
            return Err(KeychainError::Unavailable(error.to_string()));
        }
        match answered.recv_timeout(DEADLINE) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(KeychainError::Timeout),
            Err(RecvTimeoutError::Disconnected) => Err(KeychainError::Unavailable("its adapter failed".to_owned())),
        }
    }
}

impl client::ports::Keychain for Keychain {
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        self.ask(account, |entries| match entries.read() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError> {
        let secret = secret.clone();
        self.ask(account, move |entries| entries.write(&secret))
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.ask(account, |entries| match entries.delete() {
            Err(Error::NoEntry) => Ok(()),
            result => result,
        })
    }
}

impl KeychainStore {
    fn entries(&self, account: String) -> Result<Entries, Error> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match &mut *store {
            Some(store) => Arc::clone(store),
            none => Arc::clone(none.insert(platform_store()?)),
        };
        Ok(Entries { store, account })
    }
}

impl Drop for KeychainStore {
    fn drop(&mut self) {
        let store = self.store.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // The Linux store blocks on its own runtime when it is dropped, which panics on an async thread.
        if let Some(dropping) = store.and_then(|store| thread::Builder::new().spawn(move || drop(store)).ok()) {
            // The panic hook has reported a panic already.
            let _ = dropping.join();
        }
    }
}

/// Keychain entries of one account.
struct Entries {
    store: Arc<CredentialStore>,
    account: String,
}

impl Entries {
    fn entry(&self, user: &str) -> Result<Entry, Error> {
        self.store.build(domain::APP_ID, user, None)
    }
}

#[cfg(not(windows))]
impl Entries {
    fn read(&self) -> Result<Secret, Error> {
        self.entry(&self.account)?.get_password().map(Secret::new)
    }

    fn write(&self, secret: &Secret) -> Result<(), Error> {
        self.entry(&self.account)?.set_password(secret.expose())
    }

    fn delete(&self) -> Result<(), Error> {
        self.entry(&self.account)?.delete_credential()
    }
}

/// Credential Manager limits an entry to 2,560 bytes, and two JWTs may be longer: the text is split into parts. The header
/// is written last, so that a crash leaves the old header or none.
#[cfg(windows)]
impl Entries {
    fn read(&self) -> Result<Secret, Error> {
        let header = self.entry(&self.account)?.get_secret()?;
        let count = chunks::count(&header).ok_or_else(|| Error::BadStoreFormat("not our header".to_owned()))?;
        let parts = (0..count).map(|index| self.entry(&chunks::name(&self.account, index))?.get_secret());
        let text = chunks::join(parts.collect::<Result<Vec<_>, _>>()?);
        text.map(Secret::new).ok_or_else(|| Error::BadStoreFormat("not UTF-8".to_owned()))
    }

    fn write(&self, secret: &Secret) -> Result<(), Error> {
        let parts = chunks::split(secret.expose());
        for (index, part) in parts.iter().enumerate() {
            self.entry(&chunks::name(&self.account, index))?.set_secret(part)?;
        }
        self.entry(&self.account)?.set_secret(&chunks::header(parts.len()))
    }

    fn delete(&self) -> Result<(), Error> {
        let header = self.entry(&self.account)?.get_secret()?;
        self.entry(&self.account)?.delete_credential()?;
        for index in 0..chunks::count(&header).unwrap_or_default() {
            match self.entry(&chunks::name(&self.account, index))?.delete_credential() {
                Err(Error::NoEntry) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(target_os = "linux")]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "windows")]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn platform_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// Maps an error without its contents, which may include the secret.
fn to_keychain_error(error: &Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::PlatformFailure(_) | Error::NoDefaultStore => {
            KeychainError::Unavailable("the system's keychain does not answer".to_owned())
        }
        Error::Ambiguous(_) => KeychainError::Unavailable("it holds the sign-in more than once".to_owned()),
        Error::TooLong(..) => KeychainError::Unavailable("the sign-in is too long for it".to_owned()),
        _ => KeychainError::Unavailable("it holds something that is not ours".to_owned()),
    }
}
