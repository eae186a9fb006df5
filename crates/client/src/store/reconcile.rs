//! Reconciliation with the server's states: the net change of each booking and flight since they were last known.

use domain::account::Audience;
use domain::digest::{booking_change, flight_change};
use domain::event::{BookingChange, Event, EventKind, status};
use domain::itinerary::{Booking, Flight};
use domain::room_tracking::RoomTrace;
use domain::rooms::Rooms;
use domain::wire::{Decoded, Envelope, EventKey};
use jiff::Timestamp;
use rusqlite::{Transaction, params};
use serde_json::json;

use super::batch::{Decider, NewEvent, Received, RenderContext};
use super::ingest::{ingest, learn};
use super::itinerary::{booking, known_flight, learn_flight};
use super::reconstructed::status as status_of;
use super::{AccountKey, Store, StoreError};

/// What the server's REST side says, and when.
#[derive(Debug, Clone)]
pub struct States {
    /// Bookings with their flights.
    pub bookings: Vec<Booking>,
    /// When the answer was given, by the server's clock.
    pub seen_at: Timestamp,
    /// When it came, by ours.
    pub received_at: Timestamp,
    /// By which rooms the events would have come that are missing.
    pub trace: RoomTrace,
}

impl Store {
    /// Compares states with what is known, in one transaction: each net change becomes a row of `gap`, and everything
    /// is learned. Without a `gap` it is learned in silence, as at the first connection. The watermark moves with it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn reconcile(
        &mut self,
        account: AccountKey,
        audience: Audience,
        states: &States,
        gap: Option<i64>,
        decider: &mut dyn Decider,
    ) -> Result<Received, StoreError> {
        let context = RenderContext { account, audience, language: self.language };
        let transaction = self.begin()?;
        let mut received = Received::default();
        let mut flights: Vec<(Flight, Option<String>, Vec<String>)> = Vec::new();
        for state in &states.bookings {
            let before = booking(&transaction, account, &state.id)?;
            if let Some(id) = state.flight.id.as_deref() {
                match flights.iter_mut().find(|(flight, ..)| flight.id.as_deref() == Some(id)) {
                    Some((_, _, bookings)) => bookings.push(state.id.clone()),
                    None => {
                        let known = known_flight(&transaction, account, id)?.and_then(|flight| flight.status);
                        let known = known.or_else(|| before.as_ref().and_then(|before| before.flight.status.clone()));
                        flights.push((state.flight.clone(), known, vec![state.id.clone()]));
                    }
                }
            }
            let mut state = state.clone();
            // A flight's status is told by a row of its own.
            state.flight.status = None;
            let change = booking_change(before.as_ref(), &state);
            match (change, gap) {
                (Some(change), Some(gap)) => {
                    let at = state.status_at;
                    learn(&transaction, context, Booking { status: None, ..state }, &mut received.renamed)?;
                    let event = Event::Booking(change);
                    add(&transaction, (context, gap), event, at, states, decider, &mut received)?;
                }
                _ => {
                    learn(&transaction, context, state, &mut received.renamed)?;
                }
            }
        }
        for (flight, before, bookings) in flights {
            match (flight_change(before.as_deref(), &flight, bookings), gap) {
                (Some(change), Some(gap)) => {
                    learn_flight(&transaction, account, Flight { status: None, ..flight })?;
                    let at = Some(states.seen_at);
                    add(&transaction, (context, gap), Event::Flight(change), at, states, decider, &mut received)?;
                }
                _ => learn_flight(&transaction, account, Flight { status_at: Some(states.seen_at), ..flight })?,
            }
        }
        if let Some(gap) = gap.filter(|_| !received.stored.is_empty()) {
            transaction.prepare_cached("UPDATE gap SET reconstructed = 1 WHERE id = ?1")?.execute([gap])?;
        }
        received.commit(transaction)
    }

    /// Everything that changed before `watermark`, by the server's clock, has been compared.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn set_watermark(&mut self, account: AccountKey, watermark: Timestamp) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO sync (account_id, watermark_ms) VALUES (?1, ?2)
             ON CONFLICT (account_id) DO UPDATE SET watermark_ms = excluded.watermark_ms",
            params![account.0, watermark.as_millisecond()],
        )?;
        Ok(())
    }
}

/// A row for an event that was never received.
fn add(
    transaction: &Transaction<'_>,
    (context, gap): (RenderContext, i64),
    event: Event,
    at: Option<Timestamp>,
    states: &States,
    decider: &mut dyn Decider,
    received: &mut Received,
) -> Result<(), StoreError> {
    let kind = match &event {
        // The change says what happened; the status, what is so now.
        Event::Booking(event) => match event.status.as_deref() {
            Some(status::CONFIRMED) => EventKind::BookingConfirmed,
            Some(status::CANCELLED) => EventKind::BookingCancelled,
            _ if event.change == BookingChange::Created => EventKind::BookingCreated,
            _ => EventKind::BookingUpdated,
        },
        event => event.kind(),
    };
    let raw = json!({ "reconstructed": true, "data": data(&event) }).to_string();
    let envelope = Envelope {
        channel: kind.channel().unwrap_or_default().to_owned(),
        raw,
        timestamp: at.or(Some(states.seen_at)),
        // Never equal to a real event: that one finds the row by what it says.
        key: EventKey { digest: format!("net:{gap}:{}:{}", event.thread(), status_of(&event)), timed: true },
        rooms: Rooms::default(),
        decoded: Decoded::Known(Box::new(event)),
    };
    let new = NewEvent::new(envelope, states.trace.clone(), states.received_at);
    ingest(transaction, context, &new, Some(gap), decider, received)?;
    if let Some(row) = received.stored.last_mut() {
        row.notification.reconstructed = true;
        transaction
            .prepare_cached("UPDATE event SET reconstructed = 1 WHERE id = ?1")?
            .execute([row.notification.id])?;
    }
    Ok(())
}

/// The data of an event as the wire would have it, so that the row can be decoded again.
fn data(event: &Event) -> serde_json::Value {
    match event {
        Event::Booking(event) => json!({
            "bookingId": event.booking_id, "pnr": event.pnr, "status": event.status,
            "flightNumber": event.flight_number, "origin": event.origin, "destination": event.destination,
            "totalPrice": event.total.as_ref().map(|total| &total.value),
            "currency": event.total.as_ref().map(|total| &total.currency),
            "passengerCount": event.passengers,
        }),
        Event::Flight(event) => json!({
            "flightId": event.flight_id, "flightNumber": event.flight_number, "oldStatus": event.old_status,
            "newStatus": event.new_status, "affectedBookings": event.affected_bookings,
        }),
        Event::Payment(event) => json!({ "bookingId": event.booking_id }),
    }
}
