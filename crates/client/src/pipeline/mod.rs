//! The single writer: events in, decisions and rows out, and everything that people do with rows.
//!
//! One thread owns the store. Events and commands reach it by bounded queues; a full event queue stops the reading
//! from the socket. Order for an event: store, then publish, then toast. When the disk takes no more, the batch is kept
//! and tried again every second, and no further event is read.

mod inbox;
mod screen;
mod toasting;
mod undo;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::Toast;
use domain::account::{AccountId, Audience};
use domain::itinerary::Booking;
use domain::policy::{self, Context, Decision, Outcome, OutcomeCode};
use jiff::Timestamp;
use tokio::sync::{broadcast, mpsc, oneshot};

use self::screen::{Screen, expiry};
use self::toasting::Toasting;
use self::undo::Undo;
use crate::ports::{ToastError, ToastFeedback, Toaster};
use crate::status::{Change, Part, Status};
use crate::store::{AccountKey, NewEvent, Page, Received, Store, StoreError, Stored, Subject};

/// Events that wait for the writer.
pub(crate) const FEED_QUEUE: usize = 1024;
/// Commands that wait for the writer; more of them make their callers wait.
pub(crate) const COMMAND_QUEUE: usize = 256;
/// Events in one transaction.
const BATCH: usize = 256;
/// Pause before a failed write is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// A change of more rows than this is announced as [`Change::Reload`].
const ANNOUNCED_ROWS: usize = 100;

/// What the connection tells the writer, in order.
#[derive(Debug)]
pub(crate) enum Feed {
    /// Whose events follow.
    Account(Option<AccountId>),
    /// How to decide about them.
    Audience(Audience),
    /// An event.
    Event(Box<NewEvent>),
    /// Bookings as the server's REST side knows them.
    Bookings(Vec<Booking>),
}

/// What everybody else asks of the writer.
#[derive(Debug)]
pub(crate) enum Command {
    List { before: Option<i64>, limit: u32, unread_only: bool, reply: Reply<Page> },
    SetRead { ids: Vec<i64>, read: bool, reply: Reply<Undoable> },
    MarkAllRead { reply: Reply<Undoable> },
    ClearAll { reply: Reply<Undoable> },
    Undo { number: u64, reply: Reply<bool> },
    Wipe { account: AccountId, reply: Reply<()> },
    Toasted { id: i64, result: Result<(), ToastError> },
    Feedback(ToastFeedback),
    Stop,
}

pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A change that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undoable {
    /// How many rows changed.
    pub changed: u64,
    /// Takes it back within 10 s; `None` when nothing changed.
    pub undo: Option<u64>,
}

/// What the writer needs from outside.
pub(crate) struct Parts {
    pub store: Store,
    pub account: Option<AccountId>,
    pub toaster: Option<Arc<dyn Toaster>>,
    pub toasts: bool,
    pub status: Status,
    pub changes: broadcast::Sender<Change>,
    pub lookups: mpsc::Sender<String>,
    pub feed: mpsc::Receiver<Feed>,
    pub commands: mpsc::Receiver<Command>,
    pub own_commands: mpsc::Sender<Command>,
}

pub(crate) struct Pipeline {
    store: Store,
    account: Option<AccountKey>,
    audience: Audience,
    toasts: bool,
    screen: Screen,
    undo: Undo,
    toasting: Option<Toasting>,
    status: Status,
    changes: broadcast::Sender<Change>,
    lookups: mpsc::Sender<String>,
    /// Read from the queue and not yet stored.
    pending: VecDeque<Feed>,
}

/// Runs the writer until [`Command::Stop`]. Blocks its thread; the runtime in it only waits.
pub(crate) fn run(parts: Parts) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let toasting = parts.toaster.map(|toaster| Toasting::start(toaster, parts.own_commands.clone())).transpose()?;
    let mut pipeline = Pipeline {
        store: parts.store,
        account: None,
        audience: Audience::default(),
        toasts: parts.toasts,
        screen: Screen::default(),
        undo: Undo::default(),
        toasting,
        status: parts.status,
        changes: parts.changes,
        lookups: parts.lookups,
        pending: VecDeque::from([Feed::Account(parts.account)]),
    };
    // The worker holds the only other sender that matters; ours would keep the queue open for ever.
    drop(parts.own_commands);
    runtime.block_on(pipeline.serve(parts.feed, parts.commands));
    Ok(())
}

impl Pipeline {
    async fn serve(&mut self, mut feed: mpsc::Receiver<Feed>, mut commands: mpsc::Receiver<Command>) {
        self.store_pending();
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let stalled = !self.pending.is_empty();
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(Command::Stop) | None => break,
                    Some(command) => self.obey(command),
                },
                () = tokio::time::sleep(RETRY), if stalled => self.store_pending(),
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
        // What was received is kept, as long as the disk takes it.
        while let Ok(item) = feed.try_recv() {
            self.pending.push_back(item);
        }
        self.store_pending();
        if !self.pending.is_empty() {
            tracing::error!(events = self.pending.len(), "received events could not be stored before the end");
        }
    }

    async fn only_commands(&mut self, commands: &mut mpsc::Receiver<Command>) {
        while let Some(command) = commands.recv().await {
            match command {
                Command::Stop => return,
                command => self.obey(command),
            }
        }
    }

    /// Takes in what is pending, in order, as far as the disk allows.
    fn store_pending(&mut self) {
        while let Some(item) = self.pending.pop_front() {
            let stored = match item {
                Feed::Account(account) => self.switch(account),
                Feed::Audience(audience) => {
                    self.audience = audience;
                    Ok(())
                }
                Feed::Bookings(bookings) => self.learn(bookings),
                Feed::Event(event) => {
                    let mut batch = vec![*event];
                    while batch.len() < BATCH
                        && let Some(Feed::Event(_)) = self.pending.front()
                        && let Some(Feed::Event(event)) = self.pending.pop_front()
                    {
                        batch.push(*event);
                    }
                    self.receive(batch)
                }
            };
            if let Err(error) = stored {
                self.store_failed(&error);
                return;
            }
        }
        self.status.trouble(Part::Inbox, None);
    }

    fn switch(&mut self, account: Option<AccountId>) -> Result<(), StoreError> {
        self.account = match &account {
            Some(id) => match self.store.account(id) {
                Ok(key) => Some(key),
                Err(error) => {
                    self.pending.push_front(Feed::Account(account));
                    return Err(error);
                }
            },
            None => None,
        };
        self.withdraw(|screen| screen.clear());
        self.recount();
        self.announce(Change::Reload);
        Ok(())
    }

    fn learn(&mut self, bookings: Vec<Booking>) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        match self.store.learn(account, self.audience, bookings.clone()) {
            Ok(renamed) => {
                self.announce_rows(&renamed);
                Ok(())
            }
            Err(error) => {
                self.pending.push_front(Feed::Bookings(bookings));
                Err(error)
            }
        }
    }

    fn receive(&mut self, batch: Vec<NewEvent>) -> Result<(), StoreError> {
        let Some(account) = self.account else {
            tracing::error!(events = batch.len(), "events without an account were dropped");
            return Ok(());
        };
        let now = Timestamp::now();
        // Decisions change the screen; if the transaction fails, they have not been taken.
        let mut screen = self.screen.clone();
        let (toasts, audience) = (self.toasts && self.toasting.is_some(), self.audience);
        let decide = |subject: &Subject<'_>| decide(&mut screen, toasts, audience, now, subject);
        match self.store.receive(account, audience, &batch, decide) {
            Ok(received) => {
                self.screen = screen;
                self.follow_up(received, now);
                Ok(())
            }
            Err(error) => {
                for event in batch.into_iter().rev() {
                    self.pending.push_front(Feed::Event(Box::new(event)));
                }
                Err(error)
            }
        }
    }

    /// Publish, then toast.
    fn follow_up(&mut self, received: Received, now: Timestamp) {
        if received.stored.is_empty() && received.renamed.is_empty() {
            return;
        }
        self.recount();
        let mut changed: Vec<i64> = received.stored.iter().map(|row| row.notification.id).collect();
        changed.extend(&received.renamed);
        self.announce_rows(&changed);
        for row in &received.stored {
            let outcome = row.notification.outcome.clone();
            self.announce(Change::Outcome { id: row.notification.id, outcome });
        }
        for row in received.stored {
            if let Some(booking) = row.booking.as_ref().filter(|booking| self.wants_to_know(booking)) {
                // A full queue means that the server is slow to answer: the next event of the booking asks again.
                let _ = self.lookups.try_send(booking.id.clone());
            }
            if row.pops {
                self.toast(row, now);
            }
        }
        self.withdraw(Screen::evict);
    }

    /// Whether the server should be asked about a booking. A traveler's is asked for its departure too, on which the
    /// urgency of a delay hangs; at the desk there are too many of them.
    fn wants_to_know(&self, booking: &Booking) -> bool {
        let undated = booking.flight.departure.is_none();
        !booking.is_named() || (undated && self.audience == Audience::Traveler)
    }

    fn toast(&mut self, row: Stored, now: Timestamp) {
        let (Some(toasting), Some(thread)) = (&self.toasting, row.thread) else { return };
        let notification = row.notification;
        self.screen.show(&thread, notification.id, notification.urgency, now);
        let toast = Toast {
            key: thread,
            notification_id: notification.id,
            title: notification.title,
            body: notification.body,
            urgency: notification.urgency,
            expires: expiry(notification.urgency),
        };
        if !toasting.show(toast) {
            self.toast_failed(notification.id, &ToastError::Timeout);
        }
    }

    fn toasted(&mut self, id: i64, result: Result<(), ToastError>) {
        match result {
            Ok(()) => {
                self.status.trouble(Part::Toasts, None);
                if let Err(error) = self.store.mark_shown(id, Timestamp::now()) {
                    self.store_failed(&error);
                }
            }
            Err(error) => self.toast_failed(id, &error),
        }
    }

    /// The row says what really happened, and the state says that toasts do not come through.
    fn toast_failed(&mut self, id: i64, error: &ToastError) {
        tracing::warn!(%error, "a toast was not shown");
        self.screen.gone(id);
        self.status.trouble(Part::Toasts, Some(format!("Toasts are not shown: {error}.")));
        let outcome = Outcome { code: OutcomeCode::InboxOnly, text: format!("A toast was due, but {error}.") };
        match self.store.set_outcome(id, &outcome) {
            Ok(()) => {
                self.announce_rows(&[id]);
                self.announce(Change::Outcome { id, outcome });
            }
            Err(error) => self.store_failed(&error),
        }
    }

    fn withdraw(&mut self, which: impl FnOnce(&mut Screen) -> Vec<String>) {
        let threads = which(&mut self.screen);
        if let Some(toasting) = &self.toasting {
            threads.into_iter().for_each(|thread| toasting.withdraw(thread));
        }
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
        self.status.trouble(Part::Inbox, Some(format!("New events cannot be kept: {error}.")));
    }
}

/// The policy's decision, with the screen as it will be when the decisions before it are carried out.
fn decide(screen: &mut Screen, toasts: bool, audience: Audience, now: Timestamp, subject: &Subject<'_>) -> Decision {
    let Some(event) = subject.event else { return policy::decide_unreadable() };
    let thread = subject.thread.unwrap_or_default();
    let decision = policy::decide(
        event,
        &Context {
            audience,
            booking: subject.booking,
            departure: subject.departure,
            toasts,
            toast_alive: screen.is_alive(thread, now),
            recent_popups: screen.recent_popups(now),
            now,
        },
    );
    if decision.pops() {
        // The row has no id yet; it is named when the toast is shown.
        screen.show(thread, 0, decision.urgency, now);
    }
    decision
}
