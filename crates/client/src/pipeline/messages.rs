//! What is said to the writer.

use std::collections::HashMap;

use domain::account::{AccountId, Audience};
use domain::criteria::{Criteria, Which};
use domain::desk::DeskView;
use domain::itinerary::Booking;
use domain::view::ThreadChoice;
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::ports::{ToastError, ToastFeedback};
use crate::store::{Gap, NewEvent, Page, States, StoreError, SyncState, ThreadPage};
use crate::work::Working;

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
    /// Where the account stands with its server, once everything before this is stored.
    SyncState { reply: oneshot::Sender<SyncState> },
    /// The server was heard at this moment.
    Contact(Timestamp),
    /// A gap begins: what follows up to [`Feed::CaughtUp`] was missed.
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
    Wipe { account: AccountId, reply: Reply<bool> },
}

/// What everybody else asks of the writer.
pub(crate) enum Command {
    List {
        criteria: Criteria,
        before: Option<i64>,
        limit: u32,
        reply: Reply<Page>,
    },
    Threads {
        criteria: Criteria,
        before: Option<i64>,
        limit: u32,
        reply: Reply<ThreadPage>,
    },
    Thread {
        thread: String,
        before: Option<i64>,
        limit: u32,
        reply: Reply<Page>,
    },
    SetRead {
        which: Which,
        read: bool,
        reply: Reply<Undoable>,
    },
    SetDone {
        which: Which,
        done: bool,
        reply: Reply<Undoable>,
    },
    Undo {
        number: u64,
        reply: Reply<bool>,
    },
    DigestSeen {
        gap: i64,
        reply: Reply<()>,
    },
    /// What the person wants of a booking or a flight.
    Choose {
        thread: String,
        choice: ThreadChoice,
        reply: Reply<()>,
    },
    /// What is wanted of each booking and flight that is muted or snoozed.
    Choices {
        reply: Reply<HashMap<String, ThreadChoice>>,
    },
    /// How it looks at the desk.
    Desk {
        reply: Reply<DeskView>,
    },
    /// Make the full-text index anew.
    Reindex {
        working: Working,
        reply: Reply<bool>,
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

pub(crate) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A change that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undoable {
    /// How many rows changed.
    pub changed: u64,
    /// Takes it back within 10 s; `None` when nothing changed.
    pub undo: Option<u64>,
}
