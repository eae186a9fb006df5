//! The background half, wired: one supervisor task, one writer thread, and a handle for everybody else.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use domain::account::{AccountId, Audience, ServerUrl};
use domain::policy::Wishes;
use domain::settings::{Account, Preferences};
use domain::text::{self, Trouble};
use domain::view::{Snapshot, ThreadChoice};
use domain::{Language, Secret, Voice};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::judging::{BackTest, back_test};
use crate::network::{Network, NetworkError};
use crate::pipeline::{self, COMMAND_QUEUE, FEED_QUEUE, Undoable};
use crate::ports::{Clock, Keychain, KeychainError, ToastError, ToastFeedback, Toaster};
use crate::rest::Rest;
use crate::server_clock::ServerClock;
use crate::settings_file::{SettingsError, SettingsFile};
use crate::status::{Change, Part, Status};
use crate::store::{Page, Rescue, Store, StoreError};
use crate::supervisor::{self, SignInError, SignedOut, Supervisor};
use crate::wishes::{Wanted, Wanting};

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
    pub voice: Voice,
    /// Rooms for this run only.
    pub extra_rooms: Vec<String>,
    /// Whether the server is the embedded demo.
    pub demo: bool,
}

/// Why the engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The inbox cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings cannot be used; they are left as they are.
    #[error("the settings cannot be read: {0}")]
    Settings(#[from] SettingsError),
    /// The settings describe no way to the server.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The HTTP library refuses its configuration.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
    /// No thread is to be had.
    #[error("the writer thread cannot be started")]
    Thread(#[source] std::io::Error),
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
    /// The program is ending.
    #[error("Gatecall is ending")]
    Ending,
}

/// Talks to the engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    status: Status,
    changes: broadcast::Sender<Change>,
    writer: mpsc::Sender<pipeline::Command>,
    supervisor: mpsc::Sender<supervisor::Command>,
    addresses: Arc<watch::Sender<Option<Arc<[IpAddr]>>>>,
    rest: Rest,
    wanted: watch::Receiver<Arc<Wanted>>,
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
        let network = Network::of_settings(&settings.network)?;
        let own_clock = config.clock;
        let clock = ServerClock::new(Arc::clone(&own_clock));
        let rest = Rest::new(&network, clock.clone()).map_err(StartError::Http)?;

        let (changes, _) = broadcast::channel(CHANGES);
        let (feed, feed_queue) = mpsc::channel(FEED_QUEUE);
        let (writer, writer_queue) = mpsc::channel(COMMAND_QUEUE);
        let (supervisor, supervisor_queue) = mpsc::channel(COMMAND_QUEUE);
        let (lookups, lookup_queue) = mpsc::channel(LOOKUPS);
        let (addresses, watched_addresses) = watch::channel(None);
        // Without a toaster no toast is due, and the outcomes say so.
        let wanting = Wanting::new(config.voice, config.toaster.is_none(), &settings);
        let wanted = wanting.subscribe();
        let status = Status::new(config.demo, wanted.borrow().voice.language);

        let (opened, store_opened) = oneshot::channel();
        let writer_thread = {
            let path = database_path(&config.data_dir);
            let (status, changes, own_commands) = (status.clone(), changes.clone(), writer.clone());
            let account = settings.account.as_ref().map(Account::id);
            let clock_for_rescue = clock.clone();
            let (toaster, watched) = (config.toaster, wanted.clone());
            thread::Builder::new().name("inbox".to_owned()).spawn(move || {
                let stamp = clock_for_rescue.now().strftime("%Y%m%d-%H%M%S").to_string();
                let store = match Store::open_or_rescue(&path, &stamp) {
                    Ok((store, rescue)) => {
                        let language = watched.borrow().voice.language;
                        status.trouble(Part::Rescue, rescue.as_ref().map(|rescue| told(rescue, language)));
                        store
                    }
                    Err(error) => return drop(opened.send(Err(error))),
                };
                drop(opened.send(Ok(())));
                let ran = pipeline::run(pipeline::Parts {
                    store,
                    path,
                    account,
                    toaster,
                    clock: own_clock,
                    wanted: watched,
                    status: status.clone(),
                    changes,
                    lookups,
                    feed: feed_queue,
                    commands: writer_queue,
                    own_commands,
                });
                if let Err(error) = ran {
                    tracing::error!(%error, "the inbox thread could not start");
                    let language = status.subscribe().borrow().language;
                    status.trouble(Part::Inbox, Some(text::trouble(&Trouble::Unkept(&error.to_string()), language)));
                }
            })
        }
        .map_err(StartError::Thread)?;
        // The thread always answers; if it died instead, the store is what failed.
        store_opened.await.map_err(|_| StoreError::Io(std::io::Error::other("the inbox thread died")))??;

        let supervisor_task = Supervisor::new(supervisor::Parts {
            keychain: config.keychain,
            rest: rest.clone(),
            network,
            clock,
            settings,
            settings_file,
            wanting,
            extra_rooms: config.extra_rooms,
            feed,
            status: status.clone(),
            lookups: lookup_queue,
            commands: supervisor_queue,
            addresses: watched_addresses,
        });
        let path = database_path(&config.data_dir);
        let engine = Self { status, changes, writer, supervisor, addresses: Arc::new(addresses), rest, wanted, path };
        Ok(Running { engine, supervisor: tokio::spawn(supervisor_task.run()), writer: writer_thread })
    }

    /// The state around the inbox, now and from now on.
    pub fn snapshot(&self) -> watch::Receiver<Snapshot> {
        self.status.subscribe()
    }

    /// What happens to the inbox from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Rows, newest first. See [`Store::list`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn list(&self, before: Option<i64>, limit: u32, unread_only: bool) -> Result<Page, CommandError> {
        self.ask(|reply| pipeline::Command::List { before, limit, unread_only, reply }).await
    }

    /// Rows that contain every word of `text`, newest first. See [`Store::search`].
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn search(&self, text: String, before: Option<i64>, limit: u32) -> Result<Page, CommandError> {
        self.ask(|reply| pipeline::Command::Search { text, before, limit, reply }).await
    }

    /// The person has looked at what was missed.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn digest_seen(&self, gap: i64) -> Result<(), CommandError> {
        self.ask(|reply| pipeline::Command::DigestSeen { gap, reply }).await
    }

    /// Marks rows.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn set_read(&self, ids: Vec<i64>, read: bool) -> Result<Undoable, CommandError> {
        self.ask(|reply| pipeline::Command::SetRead { ids, read, reply }).await
    }

    /// Marks every row as read.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn mark_all_read(&self) -> Result<Undoable, CommandError> {
        self.ask(|reply| pipeline::Command::MarkAllRead { reply }).await
    }

    /// Empties the inbox.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn clear_all(&self) -> Result<Undoable, CommandError> {
        self.ask(|reply| pipeline::Command::ClearAll { reply }).await
    }

    /// Takes a change back; false when it is too late.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn undo(&self, number: u64) -> Result<bool, CommandError> {
        self.ask(|reply| pipeline::Command::Undo { number, reply }).await
    }

    /// Signs in and connects. A link that is up stays up until the server has said yes.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(&self, account: Account, password: Secret) -> Result<(), SignInError> {
        let login = self.rest.login(account.auth(), &account.email, &password).await;
        let tokens = login.map_err(|error| SignInError::of(error, &account))?;
        let (reply, answer) = oneshot::channel();
        let command = supervisor::Command::Adopt { account: Box::new(account), tokens, reply };
        self.supervisor.send(command).await.map_err(|_| SignInError::Ending)?;
        answer.await.map_err(|_| SignInError::Ending)
    }

    /// Closes the session, forgets the account, deletes its tokens and, when asked, its history.
    ///
    /// # Errors
    /// See [`CommandError`]; the account is forgotten even when the keychain keeps the tokens.
    pub async fn sign_out(&self, wipe: bool) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        let command = supervisor::Command::SignOut { wipe, reply };
        self.supervisor.send(command).await.map_err(|_| CommandError::Ending)?;
        let SignedOut { tokens_deleted, wiped } = answer.await.map_err(|_| CommandError::Ending)?;
        if let Some(wiped) = wiped {
            wiped.await.map_err(|_| CommandError::Ending)??;
        }
        Ok(tokens_deleted?)
    }

    /// What the person may change while the program runs.
    pub async fn preferences(&self) -> Result<Preferences, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.tell(supervisor::Command::Preferences { reply }).await;
        answer.await.map_err(|_| CommandError::Ending)
    }

    /// Changes it, at once and for good.
    pub async fn prefer(&self, preferences: Preferences) {
        self.tell(supervisor::Command::Prefer(Box::new(preferences))).await;
    }

    /// What these preferences would have done with what came in the last `days`.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn back_test(&self, preferences: &Preferences, days: u32) -> Result<BackTest, CommandError> {
        let account = self.account();
        let mut wanted = Wanted::clone(&self.wanted.borrow());
        wanted.wishes = Wishes::preferred(preferences);
        let (path, audience) = (self.path.clone(), self.audience());
        let tested = tokio::task::spawn_blocking(move || back_test(&path, account, audience, &wanted, days)).await;
        Ok(tested.map_err(|_| CommandError::Ending)??)
    }

    fn account(&self) -> Option<AccountId> {
        let snapshot = self.status.subscribe();
        let account = snapshot.borrow().account.clone()?;
        Some(AccountId::new(&account.email, &ServerUrl::parse(&account.server).ok()?))
    }

    fn audience(&self) -> Audience {
        let snapshot = self.status.subscribe();
        let now = snapshot.borrow();
        let role = now.account.as_ref().and_then(|account| account.role.as_deref());
        let audience = role.map_or_else(Audience::default, Audience::of_role);
        audience.in_rooms(now.rooms.iter().map(|view| view.room.as_str()))
    }

    /// What the person wants of a booking or a flight: to hear no more of it, or later.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn choose(&self, thread: String, choice: ThreadChoice) -> Result<(), CommandError> {
        self.ask(|reply| pipeline::Command::Choose { thread, choice, reply }).await
    }

    /// Shows a toast that says that toasts come through; what becomes of it is a [`Change::TestToast`].
    ///
    /// # Errors
    /// See [`ToastError`].
    pub async fn test_toast(&self) -> Result<(), ToastError> {
        let ending = || ToastError::Unavailable("Gatecall is ending".to_owned());
        let (reply, answer) = oneshot::channel();
        self.writer.send(pipeline::Command::TestToast { reply }).await.map_err(|_| ending())?;
        answer.await.map_err(|_| ending())?
    }

    /// The screen was locked, or is not locked any more.
    pub async fn set_locked(&self, locked: bool) {
        // An engine that is ending shows nothing.
        let _ = self.writer.send(pipeline::Command::Locked(locked)).await;
    }

    /// The machine slept: whatever the link looks like, it is made anew.
    pub async fn woke(&self) {
        self.tell(supervisor::Command::Woke).await;
    }

    /// The machine's addresses are these now. A link that hangs on another one is given up, and a new one is tried at
    /// once.
    pub fn network_changed(&self, addresses: Vec<IpAddr>) {
        self.addresses.send_replace(Some(addresses.into()));
    }

    /// Disconnects until resumed.
    pub async fn pause(&self) {
        self.tell(supervisor::Command::Pause).await;
    }

    /// Connects again after a pause.
    pub async fn resume(&self) {
        self.tell(supervisor::Command::Resume).await;
    }

    /// Tries at once.
    pub async fn reconnect(&self) {
        self.tell(supervisor::Command::Reconnect).await;
    }

    /// Asks for a room, now and after each connect.
    pub async fn subscribe(&self, room: String) {
        self.tell(supervisor::Command::Subscribe { room }).await;
    }

    /// Leaves a room that was asked for, now and for good.
    pub async fn unsubscribe(&self, room: String) {
        self.tell(supervisor::Command::Unsubscribe { room }).await;
    }

    /// Asks for a room until it is released as often as it was held; never remembered.
    pub async fn hold_room(&self, room: String) {
        self.tell(supervisor::Command::Hold { room }).await;
    }

    /// Takes one hold back.
    pub async fn release_room(&self, room: String) {
        self.tell(supervisor::Command::Release { room }).await;
    }

    /// Passes on what the desktop says about a toast.
    pub async fn toast_feedback(&self, feedback: ToastFeedback) {
        // An engine that is ending needs no feedback.
        let _ = self.writer.send(pipeline::Command::Feedback(feedback)).await;
    }

    /// Says whether the desktop has a tray.
    pub fn set_tray_host(&self, present: bool) {
        self.status.modify(|snapshot| snapshot.tray_host = present);
    }

    async fn tell(&self, command: supervisor::Command) {
        // An engine that is ending has nothing left to change.
        let _ = self.supervisor.send(command).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(pipeline::Reply<T>) -> pipeline::Command) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.writer.send(command(reply)).await.map_err(|_| CommandError::Ending)?;
        Ok(answer.await.map_err(|_| CommandError::Ending)??)
    }
}

impl Running {
    /// The handle.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Says goodbye to the server, stores what was received, and ends.
    pub async fn stop(self) {
        // Either queue may be closed already when its owner has died; then there is nothing to wait for.
        let _ = self.engine.supervisor.send(supervisor::Command::Stop).await;
        if let Err(error) = self.supervisor.await {
            tracing::error!(%error, "the supervisor failed");
        }
        let _ = self.engine.writer.send(pipeline::Command::Stop).await;
        let writer = self.writer;
        if !matches!(tokio::task::spawn_blocking(move || writer.join()).await, Ok(Ok(()))) {
            tracing::error!("the inbox thread failed");
        }
    }
}

/// What a person has to know about a rescued inbox.
fn told(rescue: &Rescue, language: Language) -> String {
    let path = rescue.damaged.display().to_string();
    text::trouble(&Trouble::Rescued { restored: rescue.restored, path: &path }, language)
}

/// Where the inbox of a data folder is.
pub fn database_path(data_dir: &std::path::Path) -> PathBuf {
    data_dir.join("inbox.sqlite3")
}
