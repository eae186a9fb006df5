//! The single writer: events in, decisions and rows out, and everything that people do with rows.
//!
//! One thread owns the store. Events and commands reach it by bounded queues; a full event queue stops the reading
//! from the socket. Order for an event: store, then publish, then toast. When the disk takes no more, the batch is kept
//! and tried again every second, and no further event is read.

mod catch_up;
mod desk;
mod effects;
mod history_deletion;
mod inbox;
mod latency;
mod maintenance;
mod messages;
mod offline;
mod preferences;
mod rebuild;
mod toast_worker;
mod undo;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::account::{AccountId, Audience};
use domain::desk::Tally;
use domain::itinerary::Booking;
use domain::text::{self, Problem};
use domain::toast_scheduler::ToastScheduler;
use tokio::sync::{broadcast, mpsc, watch};

use self::catch_up::CatchUpDigest;
pub use self::effects::test_toast;
use self::history_deletion::HistoryDeletion;
use self::latency::LatencyTrace;
use self::maintenance::Maintenance;
pub use self::messages::Undoable;
pub(crate) use self::messages::{StoreReply, WriterCommand, WriterInput};
use self::offline::Offline;
use self::rebuild::Rebuild;
use self::toast_worker::ToastWorker;
use self::undo::Undo;
use crate::decisions::DecisionBatch;
use crate::jobs::Jobs;
use crate::ports::{Clock, Toaster};
use crate::preferences::EffectivePreferences;
use crate::server_clock::ServerClock;
use crate::status::{Change, Part, Status};
use crate::store::{AccountKey, Batch, NewEvent, Received, Store, StoreError, SyncState};

/// Events that wait for the writer.
pub(crate) const FEED_QUEUE: usize = 1024;
/// Commands that wait for the writer; more of them make their callers wait.
pub(crate) const COMMAND_QUEUE: usize = 256;
/// Events in one transaction.
const BATCH: usize = 256;
/// Pause before a failed write is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// A start has more urgent things to do.
const FIRST_UPKEEP: Duration = Duration::from_secs(10);
/// A change of more rows than this is announced as [`Change::Reload`].
const ANNOUNCED_ROWS: usize = 100;

/// What the writer needs from outside.
pub(crate) struct Parts {
    pub store: Store,
    /// Its file.
    pub path: PathBuf,
    pub account: Option<AccountId>,
    pub toaster: Option<Arc<dyn Toaster>>,
    pub clock: Arc<dyn Clock>,
    pub server_clock: ServerClock,
    pub wanted: watch::Receiver<Arc<EffectivePreferences>>,
    pub status: Status,
    pub works: Jobs,
    pub changes: broadcast::Sender<Change>,
    pub lookups: mpsc::Sender<String>,
    pub feed: mpsc::Receiver<WriterInput>,
    pub commands: mpsc::Receiver<WriterCommand>,
    pub own_commands: mpsc::Sender<WriterCommand>,
}

pub(crate) struct Pipeline {
    store: Store,
    account: Option<AccountKey>,
    audience: Audience,
    wanted: Arc<EffectivePreferences>,
    clock: Arc<dyn Clock>,
    server_clock: ServerClock,
    tally: Tally,
    /// The screen is locked: toasts say no more than that something changed.
    locked: bool,
    screen: ToastScheduler,
    renewal: Rebuild,
    wiping: Option<HistoryDeletion>,
    undo: Undo,
    toasting: Option<ToastWorker>,
    status: Status,
    works: Jobs,
    changes: broadcast::Sender<Change>,
    lookups: mpsc::Sender<String>,
    away: Option<CatchUpDigest>,
    offline: Offline,
    ways: LatencyTrace,
    upkeep: Maintenance,
    /// The index was made anew in this run.
    mended: bool,
    /// Read from the queue and not yet stored.
    pending: VecDeque<WriterInput>,
}

/// Runs the writer until [`WriterCommand::Stop`]. Blocks its thread; the runtime in it only waits.
pub(crate) fn run(parts: Parts) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(serve(parts))
}

async fn serve(parts: Parts) -> std::io::Result<()> {
    let toasting =
        parts.toaster.map(|toaster| ToastWorker::start(toaster, parts.own_commands.downgrade())).transpose()?;
    let mut pipeline = Pipeline {
        store: parts.store,
        account: None,
        audience: Audience::default(),
        wanted: Arc::clone(&parts.wanted.borrow()),
        clock: parts.clock,
        server_clock: parts.server_clock,
        tally: Tally::default(),
        locked: false,
        screen: ToastScheduler::default(),
        renewal: Rebuild::default(),
        wiping: None,
        undo: Undo::default(),
        toasting,
        status: parts.status,
        works: parts.works,
        changes: parts.changes,
        lookups: parts.lookups,
        away: None,
        offline: Offline::default(),
        ways: LatencyTrace::default(),
        upkeep: Maintenance::new(parts.path),
        mended: false,
        pending: VecDeque::from([WriterInput::Account(parts.account)]),
    };
    // A sender that we hold, or the worker, would keep the queue open for ever when everybody else has gone.
    drop(parts.own_commands);
    pipeline.store.speak(pipeline.wanted.voice.language);
    pipeline.serve(parts.feed, parts.commands, parts.wanted).await;
    Ok(())
}

impl Pipeline {
    async fn serve(
        &mut self,
        mut feed: mpsc::Receiver<WriterInput>,
        mut commands: mpsc::Receiver<WriterCommand>,
        mut wanted: watch::Receiver<Arc<EffectivePreferences>>,
    ) {
        self.store_pending();
        self.resume_index();
        let mut snapshot = self.status.subscribe();
        snapshot.mark_changed();
        let mut batch = Vec::with_capacity(BATCH);
        let mut upkeep = std::pin::pin!(tokio::time::sleep(FIRST_UPKEEP));
        loop {
            let stalled = !self.pending.is_empty();
            tokio::select! {
                biased;
                // Before the commands: one that follows a wish is meant with it.
                Ok(()) = wanted.changed() => {
                    let now = Arc::clone(&wanted.borrow_and_update());
                    if now.keep_days != self.wanted.keep_days {
                        upkeep.as_mut().reset(tokio::time::Instant::now());
                    }
                    self.want(now);
                }
                command = commands.recv() => match command {
                    Some(WriterCommand::Stop) | None => break,
                    Some(command) => self.obey(command),
                },
                () = tokio::time::sleep(RETRY), if stalled => self.store_pending(),
                () = due(self.until_due()) => self.tick(),
                Ok(()) = snapshot.changed() => {
                    let state = snapshot.borrow_and_update().connection.clone();
                    self.connection_changed(&state);
                }
                () = due(self.offline.until_due()) => self.tell_offline(),
                () = &mut upkeep => {
                    let next = self.upkeep();
                    upkeep.as_mut().reset(tokio::time::Instant::now() + next);
                }
                () = std::future::ready(()), if self.wiping.is_some() => self.wipe_some(),
                // While nothing else is to be done.
                () = std::future::ready(()), if self.renewal.is_due() && !stalled && feed.is_empty() => self.renew(),
                count = feed.recv_many(&mut batch, BATCH), if !stalled => {
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
        self.wiping = None;
        // What was received is kept, as long as the disk takes it.
        while let Ok(item) = feed.try_recv() {
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
                WriterCommand::Stop => return,
                command => self.obey(command),
            }
        }
    }

    /// Takes in what is pending, in order, as far as the disk allows.
    fn store_pending(&mut self) {
        while self.wiping.is_none()
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
                    self.begin_wipe(account, reply);
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
                self.store_failed(&error);
                self.mend(&error);
                return;
            }
        }
        self.status.trouble(Part::Inbox, None);
    }

    /// A damaged full-text index stops every write, and is nothing but a copy of the rows: it is made anew, once.
    fn mend(&mut self, error: &StoreError) {
        if crate::store::is_damage(error) && !std::mem::replace(&mut self.mended, true) {
            match self.mend_index() {
                Ok(()) => tracing::warn!("the index of the inbox was damaged and is made anew"),
                Err(error) => tracing::error!(%error, "the index of the inbox cannot be made anew"),
            }
        }
    }

    fn store_item(&mut self, item: &WriterInput) -> Result<(), StoreError> {
        match item {
            WriterInput::Account(account) => self.switch(account.as_ref()),
            WriterInput::Audience(audience) => {
                self.audience = *audience;
                Ok(())
            }
            WriterInput::Bookings(bookings) => self.learn(bookings),
            WriterInput::Contact(at) => self.account.map_or(Ok(()), |account| self.store.note_contact(account, *at)),
            WriterInput::Gap(gap) => self.begin_gap(*gap),
            WriterInput::Missed { events, cursor } => self.receive_missed(events, cursor.as_deref()),
            WriterInput::States(states) => self.receive_states(states),
            WriterInput::Watermark(at) => self.account.map_or(Ok(()), |account| self.store.set_watermark(account, *at)),
            WriterInput::Cursor(cursor) => {
                self.account.map_or(Ok(()), |account| self.store.set_cursor(account, cursor))
            }
            WriterInput::CaughtUp { at, incomplete } => self.end_gap(*at, *incomplete),
            // The caller's own.
            WriterInput::Event(_) | WriterInput::SyncState { .. } | WriterInput::Wipe { .. } => Ok(()),
        }
    }

    fn sync_state(&self) -> Result<SyncState, StoreError> {
        self.account.map_or_else(|| Ok(SyncState::default()), |account| self.store.sync_state(account))
    }

    fn switch(&mut self, account: Option<&AccountId>) -> Result<(), StoreError> {
        let before = self.account;
        self.account = account.map(|id| self.store.account(id)).transpose()?;
        self.away = None;
        // Whoever signs in again is the same person, in front of the same screen.
        if self.account != before {
            self.leave_the_screen();
            self.remember()?;
            self.fill_desk()?;
            self.tell_unshown();
        }
        // The language may have changed while the program was not running, or before it was through with the rows.
        let is_worded = self.account.map_or(Ok(true), |account| self.store.is_worded(account))?;
        self.renewal.reword(!is_worded);
        self.recount();
        self.refresh_digest();
        self.announce(Change::Reload);
        Ok(())
    }

    fn learn(&mut self, bookings: &[Booking]) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let renamed = self.store.learn(account, self.audience, bookings.to_vec())?;
        self.announce_rows(&renamed);
        Ok(())
    }

    fn receive(&mut self, batch: Vec<NewEvent>) -> Result<(), StoreError> {
        let Some(account) = self.account else {
            tracing::error!(events = batch.len(), "events without an account were dropped");
            return Ok(());
        };
        // Decisions change the screen; if the transaction fails, they have not been taken.
        let wanted = Arc::clone(&self.wanted);
        let mut sitting = DecisionBatch::new(self.screen.clone(), self.audience, &wanted, self.clock.now());
        let batch_of = Batch { events: &batch, cursor: None, gap: None };
        match self.store.receive(account, self.audience, batch_of, &mut sitting) {
            Ok(received) => {
                let orders;
                (self.screen, orders) = sitting.adjourn();
                self.ways.committed(&received);
                // Publish, then toast.
                self.publish(&received);
                self.carry_out(orders);
                Ok(())
            }
            Err(error) => {
                for event in batch.into_iter().rev() {
                    self.pending.push_front(WriterInput::Event(Box::new(event)));
                }
                Err(error)
            }
        }
    }

    /// Tells everybody what is in the inbox now.
    fn publish(&mut self, received: &Received) {
        if received.stored.is_empty() && received.renamed.is_empty() {
            return;
        }
        self.recount();
        self.count(received);
        let mut changed: Vec<i64> = received.stored.iter().map(|row| row.notification.id).collect();
        changed.extend(&received.renamed);
        // An own event's second copy may come with the first.
        changed.sort_unstable();
        changed.dedup();
        self.announce_rows(&changed);
        for row in &received.stored {
            let outcome = row.notification.outcome.clone();
            self.announce(Change::Outcome { id: row.notification.id, outcome });
            if let Some(booking) = row.booking.as_ref().filter(|booking| self.wants_to_know(booking)) {
                // A full queue means that the server is slow to answer: the next event of the booking asks again.
                let _ = self.lookups.try_send(booking.id.clone());
            }
        }
    }

    /// Whether the server should be asked about a booking. A traveler's is asked for its departure too, on which the
    /// urgency of a delay hangs; at the desk there are too many of them.
    fn wants_to_know(&self, booking: &Booking) -> bool {
        let undated = booking.flight.departure.is_none();
        !booking.is_named() || (undated && self.audience == Audience::Traveler)
    }

    fn recount(&mut self) {
        let counts = self.account.map_or(Ok((0, 0)), |account| self.store.counts(account));
        match counts {
            Ok((unread, total)) => self.status.modify(|snapshot| {
                snapshot.unread = unread;
                snapshot.total = total;
            }),
            Err(error) => self.store_failed(&error),
        }
    }

    fn announce_rows(&self, ids: &[i64]) {
        let Some(account) = self.account else { return };
        if ids.is_empty() {
            return;
        }
        let change = if ids.len() > ANNOUNCED_ROWS {
            Change::Reload
        } else {
            self.store.rows(account, ids).map_or(Change::Reload, Change::Rows)
        };
        self.announce(change);
    }

    fn announce(&self, change: Change) {
        // Nobody may be listening.
        let _ = self.changes.send(change);
    }

    fn store_failed(&self, error: &StoreError) {
        tracing::error!(%error, "the inbox failed");
        let language = self.wanted.voice.language;
        let sentence = text::trouble(&Problem::Unkept(&error.said(language)), language);
        self.status.trouble(Part::Inbox, Some(sentence));
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
