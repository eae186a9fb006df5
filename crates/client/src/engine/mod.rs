//! The engine: one supervisor task and one writer thread, wired together, with a cloneable handle for everybody else.

mod calls;
mod jobs;
mod network;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use domain::settings::Account;
use domain::text::{self, Problem};
use domain::{Language, Locale};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::jobs::Jobs;
use crate::network::NetworkConfig;
use crate::pipeline::{self, COMMAND_QUEUE, INPUT_QUEUE, WriterParts};
use crate::ports::{Clock, Keychain, KeychainError, Toaster};
use crate::preferences::{EffectivePreferences, PreferencesSender};
use crate::rest::Rest;
use crate::server_clock::ServerClock;
use crate::settings_file::SettingsFile;
use crate::start_error::StartError;
use crate::status::{Change, Part, Status};
use crate::store::{Rescue, Store, StoreError};
use crate::supervisor::{self, Supervisor};

pub use self::network::ApplyNetworkError;

/// Changes that a slow receiver may be behind.
const CHANGES: usize = 256;
/// Bookings that wait to be looked up.
const LOOKUPS: usize = 256;

/// What the engine is started with.
pub struct Config {
    /// Holds `inbox.sqlite3`. The caller holds its lock.
    pub data_dir: PathBuf,
    /// Holds `settings.json`.
    pub config_dir: PathBuf,
    /// Where tokens are kept.
    pub keychain: Arc<dyn Keychain>,
    /// Where toasts are shown; `None` shows none.
    pub toaster: Option<Arc<dyn Toaster>>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The language of the system, in which everything is said unless the settings name another, and its time zone.
    pub locale: Locale,
    /// Rooms for this run only.
    pub extra_rooms: Vec<String>,
    /// Whether the server is the embedded demo.
    pub demo: bool,
}

/// The engine is going away, or the inbox failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The inbox could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keychain did not let go of the tokens.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// A person stopped it.
    #[error("stopped before it was through")]
    Cancelled,
    /// The program is ending.
    #[error("Gatecall is ending")]
    Ending,
}

/// Talks to the engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    status: Status,
    jobs: Jobs,
    changes: broadcast::Sender<Change>,
    writer: mpsc::Sender<pipeline::WriterCommand>,
    supervisor: mpsc::Sender<supervisor::SupervisorCommand>,
    addresses: Arc<watch::Sender<Option<Arc<[IpAddr]>>>>,
    rest: Rest,
    /// The way to the server of now.
    network: watch::Receiver<NetworkConfig>,
    preferences: watch::Receiver<Arc<EffectivePreferences>>,
    /// The inbox, to be read beside the writer.
    path: PathBuf,
}

/// Owns the engine's task and thread; [`Running::stop`] ends them in order.
pub struct Running {
    engine: Engine,
    supervisor: JoinHandle<()>,
    writer: thread::JoinHandle<()>,
}

impl Engine {
    /// Opens the inbox and starts to connect.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let settings_file = SettingsFile::in_dir(&config.config_dir);
        let settings = settings_file.load()?;
        let network = NetworkConfig::of_settings(&settings.network)?;
        let own_clock = config.clock;
        let clock = ServerClock::new(Arc::clone(&own_clock));
        let rest = Rest::new(&network, clock.clone()).map_err(StartError::Http)?;

        let (changes, _) = broadcast::channel(CHANGES);
        let (inputs, input_queue) = mpsc::channel(INPUT_QUEUE);
        let (writer, writer_queue) = mpsc::channel(COMMAND_QUEUE);
        let (supervisor, supervisor_queue) = mpsc::channel(COMMAND_QUEUE);
        let (network, watched_network) = watch::channel(network);
        let (lookups, lookup_queue) = mpsc::channel(LOOKUPS);
        let (addresses, watched_addresses) = watch::channel(None);
        // Without a toaster no toast is due, and the outcomes say so.
        let preferences_sender = PreferencesSender::new(config.locale, config.toaster.is_none(), &settings);
        let preferences = preferences_sender.subscribe();
        let status = Status::new(config.demo, preferences.borrow().locale.language);

        let jobs = Jobs::new(status.clone());

        let path = database_path(&config.data_dir);
        let writer_thread = start_writer(WriterParts {
            path: path.clone(),
            account: settings.account.as_ref().map(Account::id),
            toaster: config.toaster,
            clock: own_clock,
            server_clock: clock.clone(),
            preferences: preferences.clone(),
            status: status.clone(),
            jobs: jobs.clone(),
            changes: changes.clone(),
            lookups,
            inputs: input_queue,
            commands: writer_queue,
            own_commands: writer.clone(),
        })
        .await?;

        let supervisor_task = Supervisor::new(supervisor::SupervisorParts {
            keychain: config.keychain,
            rest: rest.clone(),
            network,
            clock,
            settings,
            settings_file,
            preferences_sender,
            extra_rooms: config.extra_rooms,
            writer: inputs,
            status: status.clone(),
            jobs: jobs.clone(),
            lookups: lookup_queue,
            commands: supervisor_queue,
            addresses: watched_addresses,
        });
        let engine = Self {
            status,
            jobs,
            changes,
            writer,
            supervisor,
            addresses: Arc::new(addresses),
            rest,
            network: watched_network,
            preferences,
            path,
        };
        Ok(Running { engine, supervisor: tokio::spawn(supervisor_task.run()), writer: writer_thread })
    }
}

/// Starts the writer's thread and waits until the inbox is open, rescued where it was damaged.
async fn start_writer(parts: WriterParts) -> Result<thread::JoinHandle<()>, StartError> {
    let (opened, store_opened) = oneshot::channel();
    let run = move || {
        let language = parts.preferences.borrow().locale.language;
        let stamp = parts.server_clock.now().strftime("%Y%m%d-%H%M%S").to_string();
        let store = match Store::open_or_rescue(&parts.path, &stamp) {
            Ok((store, rescue)) => {
                parts.status.problem(Part::Rescue, rescue.as_ref().map(|rescue| rescue_notice(rescue, language)));
                store
            }
            Err(error) => return drop(opened.send(Err(error))),
        };
        drop(opened.send(Ok(())));
        let status = parts.status.clone();
        let ran = pipeline::run(store, parts);
        if let Err(error) = ran {
            tracing::error!(%error, "the inbox thread could not start");
            let language = status.subscribe().borrow().language;
            status.problem(Part::Inbox, Some(text::problem(&Problem::Unkept(&error.to_string()), language)));
        }
    };
    let thread = thread::Builder::new().name("inbox".to_owned()).spawn(run).map_err(StartError::Thread)?;
    // The thread always answers; if it died instead, the store is what failed.
    store_opened.await.map_err(|_| StoreError::Io(std::io::Error::other("the inbox thread died")))??;
    Ok(thread)
}

impl Running {
    /// The handle.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Says goodbye to the server, stores what was received, and ends.
    pub async fn stop(self) {
        // Either queue may be closed already when its owner has died; then there is nothing to wait for.
        let _ = self.engine.supervisor.send(supervisor::SupervisorCommand::Stop).await;
        if let Err(error) = self.supervisor.await {
            tracing::error!(%error, "the supervisor failed");
        }
        let _ = self.engine.writer.send(pipeline::WriterCommand::Stop).await;
        let writer = self.writer;
        if !matches!(tokio::task::spawn_blocking(move || writer.join()).await, Ok(Ok(()))) {
            tracing::error!("the inbox thread failed");
        }
    }
}

/// What a person has to know about a rescued inbox.
fn rescue_notice(rescue: &Rescue, language: Language) -> String {
    let path = rescue.damaged.display().to_string();
    text::problem(&Problem::Rescued { restored: rescue.restored, path: &path }, language)
}

/// Where the inbox of a data folder is.
pub fn database_path(data_dir: &std::path::Path) -> PathBuf {
    data_dir.join("inbox.sqlite3")
}
