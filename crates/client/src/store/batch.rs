//! A batch of events: the input of [`super::Store::receive`], the decider it asks, and the result.

use std::time::Instant;

use domain::Language;
use domain::account::Audience;
use domain::event::Event;
use domain::itinerary::Booking;
use domain::policy::Decision;
use domain::room_tracking::RoomTrace;
use domain::rules::RuleInput;
use domain::toast_scheduler::ToastEvent;
use domain::view::Notification;
use domain::wire::Envelope;
use jiff::Timestamp;
use rusqlite::Transaction;

use super::{AccountKey, StoreError};

/// An event on its way into the inbox.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What came.
    pub envelope: Envelope,
    /// What this delivery shows of its rooms.
    pub trace: RoomTrace,
    /// When it came.
    pub received_at: Timestamp,
    /// The same, to measure its way by.
    pub arrived: Instant,
}

impl NewEvent {
    /// An event that has just come.
    pub fn new(envelope: Envelope, trace: RoomTrace, received_at: Timestamp) -> Self {
        Self { envelope, trace, received_at, arrived: Instant::now() }
    }
}

/// What a decision may look at.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The event; `None` when it could not be read.
    pub event: Option<&'a Event>,
    /// The booking or flight it belongs to.
    pub thread: Option<&'a str>,
    /// What was known of the booking before.
    pub before: Option<&'a Booking>,
    /// What rules look at.
    pub traits: RuleInput<'a>,
    /// Departure of the flight concerned.
    pub departure: Option<Timestamp>,
    /// When the event came.
    pub received_at: Timestamp,
}

/// Events that are taken in together.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// In the order of arrival.
    pub events: &'a [NewEvent],
    /// With them everything up to here is in the inbox.
    pub cursor: Option<&'a str>,
    /// The gap in which they were missed.
    pub gap: Option<i64>,
}

/// A new row.
#[derive(Debug)]
pub struct Stored {
    /// As it is shown.
    pub notification: Notification,
    /// What was decided about it.
    pub decision: Decision,
    /// What a toast would tell of it; none for an event that could not be read.
    pub toast_event: Option<ToastEvent>,
    /// What is known of its booking now.
    pub booking: Option<Booking>,
    /// When its event came.
    pub arrived: Instant,
}

/// Who decides about events on their way into the inbox.
pub trait Decider {
    /// Decides.
    fn decide(&mut self, subject: &Subject<'_>) -> Decision;
    /// The row is written; it is committed with the others.
    fn stored(&mut self, _row: &Stored) {}
}

impl<F: FnMut(&Subject<'_>) -> Decision> Decider for F {
    fn decide(&mut self, subject: &Subject<'_>) -> Decision {
        self(subject)
    }
}

/// Everything a batch of events did.
#[derive(Debug, Default)]
pub struct Received {
    /// New rows in the order of arrival; duplicates leave none.
    pub stored: Vec<Stored>,
    /// Older rows that now say more.
    pub renamed: Vec<i64>,
}

impl Received {
    /// Commits what led to it.
    pub(super) fn commit(self, transaction: Transaction<'_>) -> Result<Self, StoreError> {
        transaction.commit()?;
        Ok(self)
    }
}

/// Whose rows they are, and how they are spoken to.
#[derive(Debug, Clone, Copy)]
pub(super) struct RenderContext {
    pub account: AccountKey,
    pub audience: Audience,
    pub language: Language,
}
