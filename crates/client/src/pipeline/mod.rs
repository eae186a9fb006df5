//! The pipeline: a single writer that turns events into decisions and rows, and runs what people do with rows.
//!
//! One thread owns the [`OpenInbox`] and the [`Presenter`]. Events and commands arrive through bounded queues; a full
//! event queue stops reading from the socket. Each event is stored, then published, then shown as a toast. When the
//! disk takes no more, the batch is kept and retried every second, and no further event is read.

mod catch_up;
mod desk;
mod history_deletion;
mod latency;
mod maintenance;
mod messages;
mod offline;
mod open_inbox;
mod preferences;
mod presenter;
mod rebuild;
mod requests;
mod toast_worker;
mod undo;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::account::{AccountId, Audience};
use domain::desk::Tally;
use domain::itinerary::Booking;
use tokio::sync::{broadcast, mpsc, watch};

use self::catch_up::CatchUpDigest;
use self::history_deletion::HistoryDeletion;
use self::maintenance::Maintenance;
pub use self::messages::UndoTicket;
pub(crate) use self::messages::{StoreReply, WriterCommand, WriterInput};
use self::offline::Offline;
use self::open_inbox::OpenInbox;
use self::presenter::Presenter;
pub use self::presenter::test_toast;
use self::rebuild::Rebuild;
use self::toast_worker::ToastWorker;
use self::undo::Undo;
use crate::jobs::Jobs;
use crate::ports::{Clock, Toaster};
use crate::preferences::EffectivePreferences;
use crate::server_clock::ServerClock;
use crate::status::{Change, Part, Status};
use crate::store::{Batch, NewEvent, Received, Store, StoreError, SyncState};

/// Events that wait for the writer.
pub(crate) const INPUT_QUEUE: usize = 1024;
/// Commands that wait for the writer; more of them make their callers wait.
pub(crate) const COMMAND_QUEUE: usize = 256;
/// Events in one transaction.
const BATCH: usize = 256;
/// Pause before a failed write is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// A start has more urgent things to do.
const FIRST_MAINTENANCE: Duration = Duration::from_secs(10);

/// What the writer needs from outside.
pub(crate) struct WriterParts {
    /// The file of the store.
    pub path: PathBuf,
    pub account: Option<AccountId>,
    pub toaster: Option<Arc<dyn Toaster>>,
    pub clock: Arc<dyn Clock>,
    pub server_clock: ServerClock,
    pub preferences: watch::Receiver<Arc<EffectivePreferences>>,
    pub status: Status,
    pub jobs: Jobs,
    pub changes: broadcast::Sender<Change>,
    pub lookups: mpsc::Sender<String>,
    pub inputs: mpsc::Receiver<WriterInput>,
    pub commands: mpsc::Receiver<WriterCommand>,
    pub own_commands: mpsc::Sender<WriterCommand>,
}

/// The writer: see the module's documentation.
pub(crate) struct Writer {
    pub inbox: OpenInbox,
    pub presenter: Presenter,
    server_clock: ServerClock,
    tally: Tally,
    rebuild: Rebuild,
    deletion: Option<HistoryDeletion>,
    undo: Undo,
    jobs: Jobs,
    lookups: mpsc::Sender<String>,
    catch_up: Option<CatchUpDigest>,
    offline: Offline,
    maintenance: Maintenance,
    /// The full-text index was repaired once in this run.
    is_index_repaired: bool,
    /// Read from the queue and not yet stored.
    pending: VecDeque<WriterInput>,
}

/// Runs the writer until [`WriterCommand::Stop`]. Blocks its thread; the runtime in it only waits.
pub(crate) fn run(store: Store, parts: WriterParts) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(serve(store, parts))
}

async fn serve(mut store: Store, parts: WriterParts) -> std::io::Result<()> {
    let worker =
        parts.toaster.map(|toaster| ToastWorker::start(toaster, parts.own_commands.downgrade())).transpose()?;
    // A sender that we hold, or the worker, would keep the queue open for ever when everybody else has gone.
    drop(parts.own_commands);
    let preferences = Arc::clone(&parts.preferences.borrow());
    store.set_language(preferences.locale.language);
    let mut writer = Writer {
        inbox: OpenInbox {
            store,
            account: None,
            audience: Audience::default(),
            clock: parts.clock,
            status: parts.status,
            changes: parts.changes,
        },
        presenter: Presenter::new(preferences, worker),
        server_clock: parts.server_clock,
        tally: Tally::default(),
        rebuild: Rebuild::default(),
        deletion: None,
        undo: Undo::default(),
        jobs: parts.jobs,
        lookups: parts.lookups,
        catch_up: None,
        offline: Offline::default(),
        maintenance: Maintenance::new(parts.path),
        is_index_repaired: false,
        pending: VecDeque::from([WriterInput::Account(parts.account)]),
    };
    writer.serve(parts.inputs, parts.commands, parts.preferences).await;
    Ok(())
}

impl Writer {
    async fn serve(
        &mut self,
        mut inputs: mpsc::Receiver<WriterInput>,
        mut commands: mpsc::Receiver<WriterCommand>,
        mut preferences: watch::Receiver<Arc<EffectivePreferences>>,
    ) {
        self.store_pending();
        self.resume_index();
        let mut snapshot = self.inbox.status.subscribe();
        snapshot.mark_changed();
        let mut batch = Vec::with_capacity(BATCH);
        let mut maintenance = std::pin::pin!(tokio::time::sleep(FIRST_MAINTENANCE));
        loop {
            let stalled = !self.pending.is_empty();
            tokio::select! {
                biased;
                // Before the commands: one that follows a change of the preferences is meant with it.
                Ok(()) = preferences.changed() => {
                    let now = Arc::clone(&preferences.borrow_and_update());
                    if now.keep_days != self.presenter.preferences.keep_days {
                        maintenance.as_mut().reset(tokio::time::Instant::now());
                    }
                    self.set_preferences(now);
                }
                command = commands.recv() => match command {
                    Some(WriterCommand::Run(job)) => job(self),
                    Some(WriterCommand::Stop) | None => break,
                },
                () = tokio::time::sleep(RETRY), if stalled => self.store_pending(),
                () = due(self.presenter.until_due(self.inbox.clock.now())) => self.presenter.tick(&mut self.inbox),
                Ok(()) = snapshot.changed() => {
                    let state = snapshot.borrow_and_update().connection.clone();
                    self.connection_changed(&state);
                }
                () = due(self.offline.until_due()) => self.tell_offline(),
                () = &mut maintenance => {
                    let next = self.maintain();
                    maintenance.as_mut().reset(tokio::time::Instant::now() + next);
                }
                () = std::future::ready(()), if self.deletion.is_some() => self.delete_some(),
                // While nothing else is to be done.
                () = std::future::ready(()), if self.rebuild.is_due() && !stalled && inputs.is_empty() => self.rebuild_some(),
                count = inputs.recv_many(&mut batch, BATCH), if !stalled => {
                    if count == 0 {
                        // The connection is gone for good; commands still come.
                        self.only_commands(&mut commands).await;
                        break;
                    }
                    self.pending.extend(batch.drain(..));
                    self.store_pending();
                }
            }
        }
        // What is left of it stays.
        self.deletion = None;
        // What was received is kept, as long as the disk takes it.
        while let Ok(item) = inputs.try_recv() {
            self.pending.push_back(item);
        }
        self.store_pending();
        if !self.pending.is_empty() {
            tracing::error!(events = self.pending.len(), "received events could not be stored before the end");
        }
    }

    async fn only_commands(&mut self, commands: &mut mpsc::Receiver<WriterCommand>) {
        while let Some(command) = commands.recv().await {
            match command {
                WriterCommand::Run(job) => job(self),
                WriterCommand::Stop => return,
            }
        }
    }

    /// Takes in what is pending, in order, as far as the disk allows.
    fn store_pending(&mut self) {
        while self.deletion.is_none()
            && let Some(item) = self.pending.pop_front()
        {
            let stored = match item {
                WriterInput::SyncState { reply } => {
                    // Without an answer the asker knows that the inbox cannot be read.
                    if let Ok(state) = self.sync_state() {
                        let _ = reply.send(state);
                    }
                    Ok(())
                }
                WriterInput::Wipe { account, reply } => {
                    self.begin_deletion(account, reply);
                    Ok(())
                }
                WriterInput::Event(event) => {
                    let mut batch = vec![*event];
                    while batch.len() < BATCH
                        && let Some(WriterInput::Event(_)) = self.pending.front()
                        && let Some(WriterInput::Event(event)) = self.pending.pop_front()
                    {
                        batch.push(*event);
                    }
                    self.receive(batch)
                }
                item => {
                    let stored = self.store_item(&item);
                    if stored.is_err() {
                        self.pending.push_front(item);
                    }
                    stored
                }
            };
            if let Err(error) = stored {
                self.inbox.report(&error);
                self.repair_if_damaged(&error);
                return;
            }
        }
        self.inbox.status.problem(Part::Inbox, None);
    }

    /// A damaged full-text index stops every write, and is nothing but a copy of the rows: it is rebuilt, once.
    fn repair_if_damaged(&mut self, error: &StoreError) {
        if crate::store::is_damage(error) && !std::mem::replace(&mut self.is_index_repaired, true) {
            match self.repair_index() {
                Ok(()) => tracing::warn!("the full-text index was damaged and is rebuilt"),
                Err(error) => tracing::error!(%error, "the full-text index cannot be rebuilt"),
            }
        }
    }

    fn store_item(&mut self, item: &WriterInput) -> Result<(), StoreError> {
        match item {
            WriterInput::Account(account) => self.switch_to(account.as_ref()),
            WriterInput::Audience(audience) => {
                self.inbox.audience = *audience;
                Ok(())
            }
            WriterInput::Bookings(bookings) => self.learn(bookings),
            WriterInput::Contact(at) => {
                self.inbox.account.map_or(Ok(()), |account| self.inbox.store.note_contact(account, *at))
            }
            WriterInput::Gap(gap) => self.begin_gap(*gap),
            WriterInput::Missed { events, cursor } => self.receive_missed(events, cursor.as_deref()),
            WriterInput::States(states) => self.receive_states(states),
            WriterInput::Watermark(at) => {
                self.inbox.account.map_or(Ok(()), |account| self.inbox.store.set_watermark(account, *at))
            }
            WriterInput::Cursor(cursor) => {
                self.inbox.account.map_or(Ok(()), |account| self.inbox.store.set_cursor(account, cursor))
            }
            WriterInput::CaughtUp { at, incomplete } => self.end_gap(*at, *incomplete),
            // The caller's own.
            WriterInput::Event(_) | WriterInput::SyncState { .. } | WriterInput::Wipe { .. } => Ok(()),
        }
    }

    fn sync_state(&self) -> Result<SyncState, StoreError> {
        self.inbox.account.map_or_else(|| Ok(SyncState::default()), |account| self.inbox.store.sync_state(account))
    }

    fn switch_to(&mut self, account: Option<&AccountId>) -> Result<(), StoreError> {
        let before = self.inbox.account;
        self.inbox.account = account.map(|id| self.inbox.store.account(id)).transpose()?;
        self.catch_up = None;
        // Whoever signs in again is the same person, in front of the same screen.
        if self.inbox.account != before {
            self.presenter.clear_account(&mut self.inbox);
            self.presenter.restore(&self.inbox)?;
            self.load_tally()?;
            self.tell_unshown();
        }
        // The language may have changed while the program was not running, or before it was through with the rows.
        let is_current = self.inbox.account.map_or(Ok(true), |account| self.inbox.store.is_rendered(account))?;
        self.rebuild.rerender(!is_current);
        self.inbox.publish_counts();
        self.publish_digest();
        self.inbox.announce(Change::Reload);
        Ok(())
    }

    fn learn(&mut self, bookings: &[Booking]) -> Result<(), StoreError> {
        let Some(account) = self.inbox.account else { return Ok(()) };
        let renamed = self.inbox.store.learn(account, self.inbox.audience, bookings.to_vec())?;
        self.inbox.announce_rows(&renamed);
        Ok(())
    }

    fn receive(&mut self, events: Vec<NewEvent>) -> Result<(), StoreError> {
        let Some(account) = self.inbox.account else {
            tracing::error!(events = events.len(), "events without an account were dropped");
            return Ok(());
        };
        // Decisions change the screen; if the transaction fails, they have not been taken.
        let mut decisions = self.presenter.begin_decisions(self.inbox.audience, self.inbox.clock.now());
        let batch = Batch { events: &events, cursor: None, gap: None };
        match self.inbox.store.receive(account, self.inbox.audience, batch, &mut decisions) {
            Ok(received) => {
                let effects = self.presenter.accept(decisions);
                self.presenter.latency.committed(&received);
                // Publish, then toast.
                self.publish(&received);
                self.presenter.apply(effects, &mut self.inbox);
                Ok(())
            }
            Err(error) => {
                for event in events.into_iter().rev() {
                    self.pending.push_front(WriterInput::Event(Box::new(event)));
                }
                Err(error)
            }
        }
    }

    /// Announces what is in the inbox now.
    fn publish(&mut self, received: &Received) {
        if received.stored.is_empty() && received.renamed.is_empty() {
            return;
        }
        self.inbox.publish_counts();
        self.count(received);
        let mut changed: Vec<i64> = received.stored.iter().map(|row| row.notification.id).collect();
        changed.extend(&received.renamed);
        // An own event's second copy may come with the first.
        changed.sort_unstable();
        changed.dedup();
        self.inbox.announce_rows(&changed);
        for row in &received.stored {
            let outcome = row.notification.outcome.clone();
            self.inbox.announce(Change::Outcome { id: row.notification.id, outcome });
            if let Some(booking) = row.booking.as_ref().filter(|booking| self.needs_lookup(booking)) {
                // A full queue means that the server is slow to answer: the next event of the booking asks again.
                let _ = self.lookups.try_send(booking.id.clone());
            }
        }
    }

    /// Whether the server should be asked about a booking. A traveler's is asked for its departure too, on which the
    /// urgency of a delay hangs; at the desk there are too many of them.
    fn needs_lookup(&self, booking: &Booking) -> bool {
        let undated = booking.flight.departure.is_none();
        !booking.is_named() || (undated && self.inbox.audience == Audience::Traveler)
    }
}

/// Waits for so long, or for ever. Cancel-safe.
async fn due(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
