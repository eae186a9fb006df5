//! The SQLite store: one connection on one thread of its own, one transaction per job, events appended in it.
//!
//! No async thread ever waits for SQLite: a job goes to the store's thread and its answer comes back. The submodules
//! own the statements of their table; the rules are in [`crate::bookings`] and [`crate::auth`].

pub mod bookings;
mod error;
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

pub use self::error::{GatewayStoreError, OpenError};
use self::events::EventLog;

use crate::event_log::{Epoch, PublishedEvent, Seq};
use crate::time::UnixMillis;

/// Jobs that wait for the store's thread. When the queue is full, callers wait their turn.
const JOB_QUEUE_CAPACITY: usize = 256;

/// How long closing may take before the thread is left to end on its own.
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

/// A job of the store's thread.
enum Job {
    Run(Box<dyn FnOnce(&mut OpenDatabase) + Send>),
    Stop,
}

/// The database on its thread, and the head of the event log as of the last commit.
struct OpenDatabase {
    connection: Connection,
    head: watch::Sender<Seq>,
}

/// A handle to the store. Cheap to clone.
#[derive(Clone)]
pub struct GatewayStore {
    jobs: mpsc::Sender<Job>,
    epoch: Epoch,
    head: watch::Receiver<Seq>,
}

/// Resolves when the store's thread has closed the database.
pub struct Closed(oneshot::Receiver<()>);

/// The unit of work of one job: a transaction and its time.
pub struct UnitOfWork<'a> {
    /// The transaction; committed when the job returns `Ok`.
    pub tx: Transaction<'a>,
    /// The time of everything in this transaction, read once.
    pub now: UnixMillis,
    appended: Option<Seq>,
}

impl UnitOfWork<'_> {
    /// The event log, for reading.
    pub fn log(&self) -> EventLog<'_> {
        EventLog(&self.tx)
    }

    /// Publishes an event with this transaction.
    ///
    /// # Errors
    /// When the store refuses; then the job has to fail as well.
    pub fn append(&mut self, event: &PublishedEvent) -> Result<Seq, GatewayStoreError> {
        let seq = self.log().append(event, self.now)?;
        self.appended = Some(seq);
        Ok(seq)
    }
}

impl GatewayStore {
    /// Opens `database` (in memory when `None`) on a new thread. The flag says whether the database is new.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(database: Option<PathBuf>) -> Result<(Self, Closed, bool), OpenError> {
        let (jobs, queue) = mpsc::channel(JOB_QUEUE_CAPACITY);
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
        Ok((Self { jobs, epoch, head }, Closed(closed), fresh))
    }

    /// The epoch of the event log.
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// The last event that was committed. Ends with the store.
    pub fn head(&self) -> watch::Receiver<Seq> {
        self.head.clone()
    }

    /// Runs `work` in one transaction: commits and publishes the new head when it returns `Ok`, rolls back otherwise.
    ///
    /// # Errors
    /// The error of `work`, or a [`GatewayStoreError`] turned into it.
    pub async fn call<T, E>(
        &self,
        work: impl FnOnce(&mut UnitOfWork<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<GatewayStoreError> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job = Job::Run(Box::new(move |store| {
            // The caller may have gone away; what was committed stays committed.
            let _ = sender.send(transact(store, work));
        }));
        self.jobs.send(job).await.map_err(|_| E::from(GatewayStoreError::Gone))?;
        answer.await.map_err(|_| E::from(GatewayStoreError::Gone))?
    }

    /// Closes the database after the jobs that are already waiting. Later calls find the store gone.
    pub async fn close(&self, closed: Closed) {
        // An error means that the thread has ended already.
        let _ = self.jobs.send(Job::Stop).await;
        if tokio::time::timeout(CLOSE_DEADLINE, closed.0).await.is_err() {
            tracing::warn!(deadline_secs = CLOSE_DEADLINE.as_secs(), "the database did not close in time");
        }
    }
}

fn open(database: Option<PathBuf>) -> Result<(OpenDatabase, Epoch, bool), OpenError> {
    let (connection, fresh) = schema::open(database.as_deref())?;
    let bounds = EventLog(&connection).bounds()?;
    let (head, _) = watch::channel(bounds.head);
    Ok((OpenDatabase { connection, head }, bounds.epoch, fresh))
}

fn run(mut store: OpenDatabase, mut queue: mpsc::Receiver<Job>) {
    while let Some(Job::Run(job)) = queue.blocking_recv() {
        job(&mut store);
    }
    if let Err((_, error)) = store.connection.close() {
        tracing::warn!(%error, "the database did not close cleanly");
    }
}

fn transact<T, E: From<GatewayStoreError>>(
    store: &mut OpenDatabase,
    work: impl FnOnce(&mut UnitOfWork<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let tx = store.connection.transaction().map_err(GatewayStoreError::from)?;
    let mut unit = UnitOfWork { tx, now: UnixMillis::now(), appended: None };
    let value = work(&mut unit)?;
    let UnitOfWork { tx, appended, .. } = unit;
    tx.commit().map_err(GatewayStoreError::from)?;
    if let Some(seq) = appended {
        // After the commit and never before: whoever sees this head finds its event.
        store.head.send_replace(seq);
    }
    Ok(value)
}
