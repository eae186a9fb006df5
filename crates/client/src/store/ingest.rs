//! Ingestion of events: duplicates, what an event teaches, the decision, the row. One transaction per batch.

use domain::account::Audience;
use domain::event::Event;
use domain::itinerary::{Booking, Flight, is_older};
use domain::policy;
use domain::text;
use domain::view::Notification;
use domain::wire::{Decoded, Envelope, UNTIMED_REPEAT_SECS};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::batch::{Batch, Decider, NewEvent, Received, RenderContext, Stored, Subject};
use super::desk::note_change;
use super::itinerary::{booking, flight_of, known_flight, learn_booking, learn_flight};
use super::reconstructed::replace_reconstructed;
use super::rerender::rename;
use super::rooms::{RepeatedEvent, learn_rooms, set_of};
use super::row_columns::{RowColumns, kind, toast_event};
use super::sql_values::name;
use super::sync::move_cursor;
use super::{AccountKey, Store, StoreError};

impl Store {
    /// Takes a batch in, in one transaction: either all of it is in the inbox, decided and durable, or none of it. What
    /// the rows say is said to `audience`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn receive(
        &mut self,
        account: AccountKey,
        audience: Audience,
        batch: Batch<'_>,
        decider: &mut dyn Decider,
    ) -> Result<Received, StoreError> {
        let context = RenderContext { account, audience, language: self.language };
        let transaction = self.begin()?;
        let mut received = Received::default();
        for new in batch.events {
            match repeated(&transaction, account, new)? {
                Some(row) => {
                    count_repeat(&transaction, row.id)?;
                    if learn_rooms(&transaction, account, &row, &new.trace, new.received_at.as_millisecond())? {
                        received.renamed.push(row.id);
                    }
                }
                None => ingest(&transaction, context, new, batch.gap, decider, &mut received)?,
            }
        }
        if let Some(cursor) = batch.cursor {
            move_cursor(&transaction, account, cursor)?;
        }
        received.commit(transaction)
    }

    /// Adds bookings that the server told about, and says more in rows that could not name them. Returns those rows. A
    /// status that was known stays: its change is news, and news comes by an event or a comparison.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn learn(
        &mut self,
        account: AccountKey,
        audience: Audience,
        bookings: Vec<Booking>,
    ) -> Result<Vec<i64>, StoreError> {
        let context = RenderContext { account, audience, language: self.language };
        let transaction = self.begin()?;
        let mut renamed = Vec::new();
        for mut learned in bookings {
            let known = booking(&transaction, account, &learned.id)?;
            if known.is_some_and(|known| known.status.is_some()) {
                learned.status = None;
            }
            learned.flight.status = None;
            learn(&transaction, context, learned, &mut renamed)?;
        }
        transaction.commit()?;
        Ok(renamed)
    }
}

/// The row of the same event, when it came before (W1, W2).
fn repeated(
    transaction: &Transaction<'_>,
    account: AccountKey,
    new: &NewEvent,
) -> Result<Option<RepeatedEvent>, StoreError> {
    let key = &new.envelope.key;
    let sql = if key.timed {
        "SELECT id, received_ms FROM event WHERE account_id = ?1 AND digest = ?2 AND timed = 1"
    } else {
        "SELECT id, received_ms FROM event
         WHERE account_id = ?1 AND digest = ?2 AND timed = 0 AND received_ms > ?3 LIMIT 1"
    };
    let horizon = new.received_at.as_millisecond() - UNTIMED_REPEAT_SECS * 1000;
    let mut select = transaction.prepare_cached(sql)?;
    let read = |row: &Row<'_>| Ok(RepeatedEvent { id: row.get("id")?, received_ms: row.get("received_ms")? });
    let found = if key.timed {
        select.query_row(params![account.0, key.digest], read)
    } else {
        select.query_row(params![account.0, key.digest, horizon], read)
    };
    Ok(found.optional()?)
}

/// A repetition ends in the row that it repeats, and nowhere else.
fn count_repeat(transaction: &Transaction<'_>, row: i64) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE event SET repeats = repeats + 1 WHERE id = ?1")?.execute([row])?;
    Ok(())
}

pub(super) fn ingest(
    transaction: &Transaction<'_>,
    context: RenderContext,
    new: &NewEvent,
    gap: Option<i64>,
    decider: &mut dyn Decider,
    received: &mut Received,
) -> Result<(), StoreError> {
    let envelope = &new.envelope;
    let mut state = SubjectState::default();
    let (event, text) = match &envelope.decoded {
        Decoded::Known(event) => {
            if let Some(row) = replace_reconstructed(transaction, context.account, new, event)? {
                received.renamed.push(row);
                note_affected(transaction, context.account, event, new.received_at)?;
                return Ok(());
            }
            state = SubjectState::gather(transaction, context, new, event, &mut received.renamed)?;
            let text =
                text::render(event, state.booking.as_ref(), state.flight.as_ref(), context.audience, context.language);
            (Some(event.as_ref()), text)
        }
        Decoded::Unknown => (None, text::unreadable(&envelope.channel, false, context.language)),
        Decoded::Malformed => (None, text::unreadable(&envelope.channel, true, context.language)),
    };
    let thread = event.map(Event::thread);
    let columns = RowColumns::of(event, state.booking.as_ref(), state.flight.as_ref());
    let subject = Subject {
        event,
        thread: thread.as_deref(),
        before: state.before.as_ref(),
        traits: columns.traits(kind(event), state.booking.as_ref()),
        departure: state.departure(),
        received_at: new.received_at,
    };
    let decision = if state.is_superseded { policy::decide_superseded() } else { decider.decide(&subject) };
    let mut notification = Notification {
        id: 0,
        channel: envelope.channel.clone(),
        kind: kind(event),
        received_at: new.received_at,
        timestamp: envelope.timestamp,
        // An event of a newer server is kept, but nobody is asked to look at it.
        read: envelope.decoded == Decoded::Unknown,
        booking_id: event.and_then(Event::booking_id).map(str::to_owned),
        pnr: columns.pnr,
        flight_id: columns.flight_id,
        flight_number: columns.flight_number,
        origin: columns.origin,
        destination: columns.destination,
        status: columns.status,
        amount: columns.amount,
        urgency: decision.urgency,
        title: text.title,
        body: text.body,
        outcome: text::outcome(&decision.ruling, context.language),
        repeats: 0,
        thread,
        away: gap,
        done: false,
        reconstructed: false,
        rooms: new.trace.rooms().clone(),
    };
    notification.id = insert(transaction, context.account, envelope, &notification)?;
    let toast_event = event.map(|event| toast_event(event, &notification));
    let stored = Stored { notification, decision, toast_event, booking: state.booking, arrived: new.arrived };
    decider.stored(&stored);
    received.stored.push(stored);
    Ok(())
}

fn insert(
    transaction: &Transaction<'_>,
    account: AccountKey,
    envelope: &Envelope,
    row: &Notification,
) -> Result<i64, StoreError> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO event (account_id, digest, timed, channel, kind, raw, received_ms, emitted_ms, thread, booking_id,
            pnr, flight_id, flight_number, origin, destination, status, amount, currency, urgency, title, body,
            outcome_code, outcome_text, outcome_reason, outcome_rule, merged_into, read, gap_id, room_set)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            '', ?23, ?24, ?25, ?26, ?27, ?28)",
    )?;
    Ok(insert.insert(params![
        account.0,
        envelope.key.digest,
        envelope.key.timed,
        row.channel,
        name(&row.kind),
        envelope.raw,
        row.received_at.as_millisecond(),
        row.timestamp.map(Timestamp::as_millisecond),
        row.thread,
        row.booking_id,
        row.pnr,
        row.flight_id,
        row.flight_number,
        row.origin,
        row.destination,
        row.status,
        row.amount.as_ref().map(|amount| &amount.value),
        row.amount.as_ref().map(|amount| &amount.currency),
        name(&row.urgency),
        row.title,
        row.body,
        name(&row.outcome.code),
        row.outcome.reason.as_ref().map(name),
        row.outcome.rule,
        row.outcome.into,
        row.read,
        row.away,
        set_of(transaction, account, &row.rooms)?,
    ])?)
}

/// What is known about the subject of an event.
#[derive(Default)]
struct SubjectState {
    before: Option<Booking>,
    booking: Option<Booking>,
    flight: Option<Flight>,
    /// It speaks of a state that had been followed by another already.
    is_superseded: bool,
}

impl SubjectState {
    /// Learns from the event, and reads what there is to know now.
    fn gather(
        transaction: &Transaction<'_>,
        context: RenderContext,
        new: &NewEvent,
        event: &Event,
        renamed: &mut Vec<i64>,
    ) -> Result<Self, StoreError> {
        let account = context.account;
        let mut state = Self::default();
        let since = new.envelope.timestamp;
        if let Some(mut learned) = Booking::from_event(event) {
            learned.status_at = since;
            state.before = booking(transaction, account, &learned.id)?;
            let before = state.before.as_ref();
            state.is_superseded = learned.status.is_some()
                && before.is_some_and(|before| learned.status != before.status && is_older(since, before.status_at));
            state.booking = Some(learn(transaction, context, learned, renamed)?);
        }
        if let Some(mut learned) = Flight::from_event(event) {
            learned.status_at = since;
            let before = known_flight(transaction, account, learned.id.as_deref().unwrap_or_default())?;
            state.is_superseded =
                before.is_some_and(|before| learned.status != before.status && is_older(since, before.status_at));
            learn_flight(transaction, account, learned)?;
            if !state.is_superseded {
                note_affected(transaction, account, event, new.received_at)?;
            }
        }
        state.flight = flight_of(transaction, account, event)?;
        Ok(state)
    }

    fn departure(&self) -> Option<Timestamp> {
        let through_booking = self.booking.as_ref().and_then(|booking| booking.flight.departure);
        self.flight.as_ref().and_then(|flight| flight.departure).or(through_booking)
    }
}

/// What the change of a flight affects, if the event is one.
fn note_affected(
    transaction: &Transaction<'_>,
    account: AccountKey,
    event: &Event,
    at: Timestamp,
) -> Result<(), StoreError> {
    match event.as_flight() {
        Some(flight) => note_change(transaction, account, &flight.flight_id, flight.affected_bookings.len(), at),
        None => Ok(()),
    }
}

pub(super) fn learn(
    transaction: &Transaction<'_>,
    context: RenderContext,
    learned: Booking,
    renamed: &mut Vec<i64>,
) -> Result<Booking, StoreError> {
    let account = context.account;
    let (known, new) = learn_booking(transaction, account, learned)?;
    if new {
        let itinerary = Flight { status: None, status_at: None, ..known.flight.clone() };
        learn_flight(transaction, account, itinerary)?;
        if known.is_named() {
            rename(transaction, context, "booking_id = ?2 AND pnr IS NULL", &known.id, Some(&known), renamed)?;
        }
        if let Some(flight_id) = known.flight.id.as_deref().filter(|_| known.flight.destination.is_some()) {
            rename(transaction, context, "flight_id = ?2 AND destination IS NULL", flight_id, None, renamed)?;
        }
    }
    Ok(known)
}
