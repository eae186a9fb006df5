//! The SQLite store: one connection on one thread of its own, one transaction per job, events appended in it.
//!
//! No async thread ever waits for SQLite: a job goes to the store's thread and its answer comes back. The submodules
//! own the statements of their table; the rules are in [`crate::desk`] and [`crate::auth`].

pub mod bookings;
mod events;
pub mod flights;
pub mod idempotency_keys;
pub mod refresh_tokens;
mod schema;
pub mod users;

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use tokio::sync::{mpsc, oneshot, watch};

use crate::event_log::{Epoch, Event, EventLog, Seq};
use crate::stamp::UnixMillis;

/// Jobs that wait for the store's thread. When the queue is full, callers wait their turn.
const QUEUE: usize = 256;

/// How long closing may take before the thread is left to end on its own.
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&mut Opened) + Send>;

enum Order {
    Run(Job),
    Stop,
}

/// The database on its thread. With it goes the word of what was committed last.
struct Opened {
    connection: Connection,
    head: watch::Sender<Seq>,
}

/// The door to the store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    orders: mpsc::Sender<Order>,
    epoch: Epoch,
    head: watch::Receiver<Seq>,
}

/// Resolves when the store's thread has closed the database.
pub struct Closed(oneshot::Receiver<()>);

/// What a job works with: a transaction and the time.
pub struct Work<'a> {
    /// The transaction; committed when the job returns `Ok`.
    pub tx: Transaction<'a>,
    /// The time of everything in this transaction, read once.
    pub now: UnixMillis,
    appended: Option<Seq>,
}

impl Work<'_> {
    /// The event log, for reading.
    pub fn log(&self) -> &impl EventLog {
        &*self.tx
    }

    /// Publishes an event with this transaction.
    ///
    /// # Errors
    /// When the store refuses; then the job has to fail as well.
    pub fn append(&mut self, event: &Event) -> Result<Seq, StoreError> {
        let seq = self.log().append(event, self.now)?;
        self.appended = Some(seq);
        Ok(seq)
    }
}

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite could not open, read or prepare the file.
    #[error("the database cannot be opened")]
    Sqlite(#[from] rusqlite::Error),
    /// The event log in it could not be read.
    #[error("the event log cannot be read")]
    Log(#[from] StoreError),
    /// The file was written by a newer version; it is left untouched.
    #[error("the database has schema {found}, this version knows up to {known}")]
    Newer {
        /// The file's schema version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The file fails SQLite's own check.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The file cannot be made, or the store's thread cannot be started.
    #[error("the database cannot be made")]
    Io(#[from] std::io::Error),
    /// The store's thread ended before it answered.
    #[error("the store's thread ended early")]
    Gone,
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused a statement or the commit.
    #[error("the database refused")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored JSON column cannot be read or written.
    #[error("a stored value cannot be read")]
    Json(#[from] serde_json::Error),
    /// The store has been closed.
    #[error("the store is closed")]
    Gone,
}

impl Store {
    /// Opens `database` (in memory when `None`) on a new thread. The flag says whether the database is new.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(database: Option<PathBuf>) -> Result<(Self, Closed, bool), OpenError> {
        let (orders, queue) = mpsc::channel(QUEUE);
        let (opened, answer) = oneshot::channel();
        let (closing, closed) = oneshot::channel();
        thread::Builder::new().name("gateway-store".to_owned()).spawn(move || {
            match open(database) {
                Ok((store, epoch, fresh)) => {
                    if opened.send(Ok((store.head.subscribe(), epoch, fresh))).is_ok() {
                        run(store, queue);
                    }
                }
                Err(error) => {
                    // A caller that has gone away needs no reason.
                    let _ = opened.send(Err(error));
                }
            }
            let _ = closing.send(());
        })?;
        let (head, epoch, fresh) = answer.await.map_err(|_| OpenError::Gone)??;
        Ok((Self { orders, epoch, head }, Closed(closed), fresh))
    }

    /// The epoch of the event log.
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// The last event that was committed. Ends with the store.
    pub fn head(&self) -> watch::Receiver<Seq> {
        self.head.clone()
    }

    /// Runs `work` in one transaction: commits and tells of its events when it returns `Ok`, undoes it otherwise.
    ///
    /// # Errors
    /// The error of `work`, or a [`StoreError`] turned into it.
    pub async fn call<T, E>(&self, work: impl FnOnce(&mut Work<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            // The asker may have hung up; what was committed stays committed.
            let _ = sender.send(transact(store, work));
        });
        self.orders.send(Order::Run(job)).await.map_err(|_| E::from(StoreError::Gone))?;
        answer.await.map_err(|_| E::from(StoreError::Gone))?
    }

    /// Closes the database after the jobs that are already waiting. Later calls find the store gone.
    pub async fn close(&self, closed: Closed) {
        // An error means that the thread has ended already.
        let _ = self.orders.send(Order::Stop).await;
        if tokio::time::timeout(CLOSE_DEADLINE, closed.0).await.is_err() {
            tracing::warn!(deadline_secs = CLOSE_DEADLINE.as_secs(), "the database did not close in time");
        }
    }
}

fn open(database: Option<PathBuf>) -> Result<(Opened, Epoch, bool), OpenError> {
    let (connection, fresh) = schema::open(database.as_deref())?;
    let bounds = connection.bounds()?;
    let (head, _) = watch::channel(bounds.head);
    Ok((Opened { connection, head }, bounds.epoch, fresh))
}

fn run(mut store: Opened, mut queue: mpsc::Receiver<Order>) {
    while let Some(Order::Run(job)) = queue.blocking_recv() {
        job(&mut store);
    }
    if let Err((_, error)) = store.connection.close() {
        tracing::warn!(%error, "the database did not close cleanly");
    }
}

fn transact<T, E: From<StoreError>>(
    store: &mut Opened,
    work: impl FnOnce(&mut Work<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = store.connection.transaction().map_err(StoreError::from)?;
    let mut job = Work { tx, now: UnixMillis::now(), appended: None };
    let value = work(&mut job)?;
    let Work { tx, appended, .. } = job;
    tx.commit().map_err(StoreError::from)?;
    if let Some(seq) = appended {
        // After the commit and never before: whoever sees this head finds its event.
        store.head.send_replace(seq);
    }
    Ok(value)
}
