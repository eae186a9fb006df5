//! The real engine in a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::ports::Toaster;
use client::{Config, Engine, Running, SignInError};
use domain::Secret;
use domain::account::ServerUrl;
use domain::connection::{ConnectionState, LinkReasonCode};
use domain::criteria::Criteria;
use domain::settings::Account;
use domain::view::{Notification, Snapshot};

use crate::PATIENCE;
use crate::fakes::{MemoryKeychain, RecordingToaster, SettableClock};

/// The traveler that every server here knows.
pub const EMAIL: &str = "test@example.com";
/// Their password.
pub const PASSWORD: &str = "Test123!";

/// An engine with a keychain, a toaster and a clock in memory.
pub struct TestEngine {
    folder: PathBuf,
    /// Where there is none of the test's own.
    _temporary: Option<tempfile::TempDir>,
    /// Where its tokens are.
    pub keychain: Arc<MemoryKeychain>,
    /// What it showed, unless another toaster shows it.
    pub toaster: Arc<RecordingToaster>,
    shown_by: Option<Arc<dyn Toaster>>,
    /// Its wall clock.
    pub clock: Arc<SettableClock>,
    running: Option<Running>,
}

impl TestEngine {
    /// Starts one.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::start_in(folder.path().to_owned(), Some(folder)).await
    }

    /// Starts one in a folder of the test's own.
    pub async fn in_folder(folder: &Path) -> Self {
        Self::start_in(folder.to_owned(), None).await
    }

    async fn start_in(folder: PathBuf, temporary: Option<tempfile::TempDir>) -> Self {
        let mut engine = Self {
            folder,
            _temporary: temporary,
            keychain: Arc::default(),
            toaster: Arc::default(),
            shown_by: None,
            clock: Arc::default(),
            running: None,
        };
        engine.restart().await;
        engine
    }

    /// Lets this toaster show everything from now on.
    pub async fn show_by(&mut self, toaster: Arc<dyn Toaster>) {
        self.shown_by = Some(toaster);
        self.restart().await;
    }

    /// Starts one and signs in.
    pub async fn online(server: &str) -> Self {
        let engine = Self::start().await;
        engine.sign_in(server, PASSWORD).await.unwrap();
        engine.until_online().await;
        engine
    }

    /// Ends it, if it runs, and starts it again on the same folder.
    pub async fn restart(&mut self) {
        self.stop().await;
        let config = Config {
            data_dir: self.folder.clone(),
            config_dir: self.folder.clone(),
            keychain: self.keychain.clone(),
            toaster: Some(self.shown_by.clone().unwrap_or_else(|| self.toaster.clone())),
            clock: self.clock.clone(),
            locale: crate::english(),
            extra_rooms: Vec::new(),
            demo: false,
        };
        self.running = Some(Engine::start(config).await.unwrap());
    }

    /// Ends it in order.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Its handle.
    pub fn engine(&self) -> &Engine {
        self.running.as_ref().unwrap().engine()
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Signs in at one address for everything.
    pub async fn sign_in(&self, server: &str, password: &str) -> Result<(), SignInError> {
        let account = Account {
            server: ServerUrl::parse(server).unwrap(),
            auth_url: None,
            booking_url: None,
            email: EMAIL.to_owned(),
        };
        self.engine().sign_in(account, Secret::new(password)).await
    }

    /// Waits for a state.
    pub async fn until(&self, what: &str, is_so: impl FnMut(&Snapshot) -> bool) -> Snapshot {
        let mut snapshot = self.engine().snapshot();
        // Bound, so that the borrow of the channel ends before the channel does.
        let found = match tokio::time::timeout(PATIENCE, snapshot.wait_for(is_so)).await {
            Ok(found) => found.unwrap().clone(),
            Err(_) => {
                let now = self.engine().snapshot().borrow().clone();
                panic!("waited in vain: {what}; the state is {now:?}")
            }
        };
        drop(snapshot);
        found
    }

    /// Waits for the connection.
    pub async fn until_online(&self) -> Snapshot {
        self.until("online", |snapshot| matches!(snapshot.connection, ConnectionState::Online { .. })).await
    }

    /// Waits until the link is down for this reason, and gives the sentence.
    pub async fn until_down(&self, expected: LinkReasonCode) -> String {
        let is_so = |snapshot: &Snapshot| match &snapshot.connection {
            ConnectionState::Waiting { reason, .. } | ConnectionState::SignInNeeded { reason } => {
                reason.code == expected
            }
            _ => false,
        };
        match self.until(&format!("{expected:?}"), is_so).await.connection {
            ConnectionState::Waiting { reason, .. } | ConnectionState::SignInNeeded { reason } => reason.message,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the inbox holds this many rows, and gives them, newest first.
    pub async fn rows(&self, count: u64) -> Vec<Notification> {
        self.until(&format!("{count} rows"), |snapshot| snapshot.total == count).await;
        self.engine().list(Criteria::default(), None, 200).await.unwrap().items
    }
}

/// Holds the inbox's write lock, so that nobody else can write.
pub struct Blocker(rusqlite::Connection);

impl Blocker {
    /// Takes the lock.
    pub fn new(folder: &std::path::Path) -> Self {
        let connection = rusqlite::Connection::open(client::database_path(folder)).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        Self(connection)
    }
}

impl Drop for Blocker {
    fn drop(&mut self) {
        self.0.execute_batch("ROLLBACK").unwrap();
    }
}
