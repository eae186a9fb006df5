//! The client's ports, kept in memory.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

use client::ports::{Clock, Keychain, KeychainError, ToastError, Toaster};
use domain::{Secret, Toast};
use jiff::{SignedDuration, Timestamp};

/// A keychain that can be made to fail.
#[derive(Default)]
pub struct MemoryKeychain {
    entries: Mutex<HashMap<String, Secret>>,
    failure: Mutex<Option<KeychainError>>,
}

impl MemoryKeychain {
    /// From now on every call fails like this, or none does.
    pub fn fail(&self, failure: Option<KeychainError>) {
        *self.failure.lock().unwrap() = failure;
    }

    /// Everything that it holds.
    pub fn entries(&self) -> HashMap<String, Secret> {
        self.entries.lock().unwrap().clone()
    }

    fn check(&self) -> Result<(), KeychainError> {
        self.failure.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl Keychain for MemoryKeychain {
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        self.check()?;
        Ok(self.entries.lock().unwrap().get(account).cloned())
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError> {
        self.check()?;
        self.entries.lock().unwrap().insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        self.check()?;
        self.entries.lock().unwrap().remove(account);
        Ok(())
    }
}

/// Remembers what it was asked to show.
#[derive(Default)]
pub struct RecordingToaster {
    shown: Mutex<Vec<Toast>>,
    withdrawn: Mutex<Vec<String>>,
    failure: Mutex<Option<ToastError>>,
}

impl RecordingToaster {
    /// All toasts so far.
    pub fn toasts(&self) -> Vec<Toast> {
        self.shown.lock().unwrap().clone()
    }

    /// The keys of those that were withdrawn.
    pub fn withdrawn(&self) -> Vec<String> {
        self.withdrawn.lock().unwrap().clone()
    }

    /// The titles of all toasts so far.
    pub fn titles(&self) -> Vec<String> {
        self.shown.lock().unwrap().iter().map(|toast| toast.title.clone()).collect()
    }

    /// From now on every toast fails like this, or none does.
    pub fn fail(&self, failure: Option<ToastError>) {
        *self.failure.lock().unwrap() = failure;
    }
}

impl Toaster for RecordingToaster {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        if let Some(failure) = self.failure.lock().unwrap().clone() {
            return Err(failure);
        }
        self.shown.lock().unwrap().push(toast.clone());
        Ok(())
    }

    fn withdraw(&self, key: &str) -> Result<(), ToastError> {
        self.withdrawn.lock().unwrap().push(key.to_owned());
        Ok(())
    }
}

/// A wall clock that goes with the runtime's timers, paused or not, until it is set.
pub struct SettableClock {
    began: (Timestamp, tokio::time::Instant),
    set_by: Mutex<SignedDuration>,
}

impl Default for SettableClock {
    fn default() -> Self {
        Self { began: (Timestamp::now(), tokio::time::Instant::now()), set_by: Mutex::default() }
    }
}

impl SettableClock {
    /// Sets it forward, or back.
    pub fn set_by(&self, by: SignedDuration) {
        *self.set_by.lock().unwrap() += by;
    }
}

impl Clock for SettableClock {
    fn now(&self) -> Timestamp {
        let by_timer = SignedDuration::try_from(self.began.1.elapsed()).unwrap();
        self.began.0 + by_timer + *self.set_by.lock().unwrap()
    }
}

/// A keychain that outlives its process.
pub struct FileKeychain(PathBuf);

impl FileKeychain {
    /// Everything in one file.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    fn read(&self) -> HashMap<String, String> {
        std::fs::read(&self.0).map(|text| serde_json::from_slice(&text).unwrap()).unwrap_or_default()
    }

    fn write(&self, entries: &HashMap<String, String>) {
        let new = self.0.with_extension("new");
        std::fs::write(&new, serde_json::to_vec(entries).unwrap()).unwrap();
        std::fs::rename(&new, &self.0).unwrap();
    }
}

impl Keychain for FileKeychain {
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        Ok(self.read().remove(account).map(Secret::new))
    }

    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError> {
        let mut entries = self.read();
        entries.insert(account.to_owned(), secret.expose().to_owned());
        self.write(&entries);
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        let mut entries = self.read();
        entries.remove(account);
        self.write(&entries);
        Ok(())
    }
}

/// Writes down what was shown, a line each: the row, then the key. A line that was written was shown.
pub struct FileToaster(PathBuf);

impl FileToaster {
    /// Appends to this file.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }
}

impl Toaster for FileToaster {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        let line = format!("{} {}\n", toast.notification_id, toast.key);
        let file = std::fs::File::options().append(true).create(true).open(&self.0);
        file.and_then(|mut file| file.write_all(line.as_bytes()))
            .map_err(|error| ToastError::Refused(error.to_string()))
    }

    fn withdraw(&self, _key: &str) -> Result<(), ToastError> {
        Ok(())
    }
}
