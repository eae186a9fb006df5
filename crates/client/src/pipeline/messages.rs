//! What is said to the writer.

use std::collections::HashMap;

use domain::account::{AccountId, Audience};
use domain::criteria::{Criteria, RowSelector};
use domain::desk::DeskView;
use domain::itinerary::Booking;
use domain::view::ThreadPreference;
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::jobs::JobHandle;
use crate::ports::{ToastError, ToastFeedback};
use crate::store::{Gap, NewEvent, Page, States, StoreError, SyncState, ThreadPage};

/// What the connection tells the writer, in order.
#[derive(Debug)]
pub(crate) enum WriterInput {
    /// Whose events follow.
    Account(Option<AccountId>),
    /// How to decide about them.
    Audience(Audience),
    /// An event.
    Event(Box<NewEvent>),
    /// Bookings as the server's REST side knows them.
    Bookings(Vec<Booking>),
    /// Where the account stands with its server, once everything before this is stored.
    SyncState { reply: oneshot::Sender<SyncState> },
    /// The server was heard at this moment.
    Contact(Timestamp),
    /// A gap begins: what follows up to [`WriterInput::CaughtUp`] was missed.
    Gap(Gap),
    /// Events of the server's log, and where they end.
    Missed { events: Vec<NewEvent>, cursor: Option<String> },
    /// States to compare with what is known.
    States(Box<States>),
    /// Everything that changed before this was compared, by the server's clock.
    Watermark(Timestamp),
    /// The place in the server's log, where nothing comes with it.
    Cursor(String),
    /// Everything that was missed has come; `incomplete` when the server had forgotten some of it.
    CaughtUp { at: Timestamp, incomplete: bool },
    /// Remove everything of this account; answered with whether it was done to the end. In order, so that none of its events
    /// come after it.
    Wipe { account: AccountId, reply: StoreReply<bool> },
}

/// What everybody else asks of the writer.
pub(crate) enum WriterCommand {
    List {
        criteria: Criteria,
        before: Option<i64>,
        limit: u32,
        reply: StoreReply<Page>,
    },
    Threads {
        criteria: Criteria,
        before: Option<i64>,
        limit: u32,
        reply: StoreReply<ThreadPage>,
    },
    Thread {
        thread: String,
        before: Option<i64>,
        limit: u32,
        reply: StoreReply<Page>,
    },
    SetRead {
        which: RowSelector,
        read: bool,
        reply: StoreReply<Undoable>,
    },
    SetDone {
        which: RowSelector,
        done: bool,
        reply: StoreReply<Undoable>,
    },
    Undo {
        number: u64,
        reply: StoreReply<bool>,
    },
    DigestSeen {
        gap: i64,
        reply: StoreReply<()>,
    },
    /// What the person wants of a booking or a flight.
    Choose {
        thread: String,
        choice: ThreadPreference,
        reply: StoreReply<()>,
    },
    /// What is wanted of each booking and flight that is muted or snoozed.
    Choices {
        reply: StoreReply<HashMap<String, ThreadPreference>>,
    },
    /// How it looks at the desk.
    Desk {
        reply: StoreReply<DeskView>,
    },
    /// Make the full-text index anew.
    Reindex {
        working: JobHandle,
        reply: StoreReply<bool>,
    },
    /// The screen is locked, or not any more.
    Locked(bool),
    /// Show a toast, to see whether toasts come through.
    TestToast {
        reply: oneshot::Sender<Result<(), ToastError>>,
    },
    Toasted {
        key: String,
        row: i64,
        rows: Vec<i64>,
        result: Result<(), ToastError>,
    },
    Tested {
        result: Result<(), ToastError>,
        reply: oneshot::Sender<Result<(), ToastError>>,
    },
    Feedback(ToastFeedback),
    Stop,
}

pub(crate) type StoreReply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A change that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undoable {
    /// How many rows changed.
    pub changed: u64,
    /// Takes it back within 10 s; `None` when nothing changed.
    pub undo: Option<u64>,
}
