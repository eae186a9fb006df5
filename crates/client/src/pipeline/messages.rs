//! Messages to the writer: ordered input from the connection, and jobs from everybody else.

use domain::account::{AccountId, Audience};
use domain::itinerary::Booking;
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::Writer;
use crate::store::{Gap, NewEvent, States, StoreError, SyncState};

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
    /// Run this on the writer's thread.
    Run(WriterJob),
    Stop,
}

impl WriterCommand {
    pub fn run(job: impl FnOnce(&mut Writer) + Send + 'static) -> Self {
        Self::Run(Box::new(job))
    }
}

/// A piece of work for the writer. It carries its own way to answer.
pub(crate) type WriterJob = Box<dyn FnOnce(&mut Writer) + Send>;

/// Where the answer to a request goes. A caller that has stopped waiting is no error.
pub(crate) type StoreReply<T> = oneshot::Sender<Result<T, StoreError>>;

/// A change that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UndoTicket {
    /// How many rows changed.
    pub changed: u64,
    /// Takes it back within 10 s; `None` when nothing changed.
    pub undo: Option<u64>,
}
