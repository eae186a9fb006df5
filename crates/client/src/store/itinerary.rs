//! Itinerary index on disk: what is known of each booking and flight.

use domain::event::Event;
use domain::itinerary::{Booking, Flight};
use domain::money::Money;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::sql_values::maybe_moment;
use super::{AccountKey, StoreError};

/// What is known of a booking.
pub(super) fn booking(
    transaction: &Transaction<'_>,
    account: AccountKey,
    id: &str,
) -> Result<Option<Booking>, StoreError> {
    let mut select = transaction.prepare_cached("SELECT * FROM booking WHERE account_id = ?1 AND id = ?2")?;
    Ok(select.query_row(params![account.0, id], read_booking).optional()?)
}

/// What is known of a flight, by itself or through the first of `bookings` that names it.
fn flight(
    transaction: &Transaction<'_>,
    account: AccountKey,
    id: &str,
    bookings: &[String],
) -> Result<Option<Flight>, StoreError> {
    let mut known = known_flight(transaction, account, id)?;
    // A flight's own row knows its latest status; its route and departure may be known through a booking only.
    for booking_id in bookings.iter().take(8) {
        if known.as_ref().is_some_and(|flight| flight.destination.is_some() && flight.departure.is_some()) {
            break;
        }
        if let Some(booking) = booking(transaction, account, booking_id)? {
            let mut through = booking.flight;
            through.id = None;
            through.learn(known.take().unwrap_or_default());
            known = Some(through);
        }
    }
    Ok(known)
}

/// What is known of the flight that an event is about, if it is about one.
pub(super) fn flight_of(
    transaction: &Transaction<'_>,
    account: AccountKey,
    event: &Event,
) -> Result<Option<Flight>, StoreError> {
    match event.as_flight() {
        Some(event) => flight(transaction, account, &event.flight_id, &event.affected_bookings),
        None => Ok(None),
    }
}

/// A flight's own row.
pub(super) fn known_flight(
    transaction: &Transaction<'_>,
    account: AccountKey,
    id: &str,
) -> Result<Option<Flight>, StoreError> {
    let mut select = transaction.prepare_cached("SELECT * FROM flight WHERE account_id = ?1 AND id = ?2")?;
    Ok(select.query_row(params![account.0, id], read_flight).optional()?)
}

/// Adds what `learned` says to what is known, and returns the sum. The second value tells whether anything was new.
pub(super) fn learn_booking(
    transaction: &Transaction<'_>,
    account: AccountKey,
    learned: Booking,
) -> Result<(Booking, bool), StoreError> {
    let before = booking(transaction, account, &learned.id)?;
    let mut known = before.clone().unwrap_or_else(|| Booking::new(learned.id.clone()));
    known.learn(learned);
    if before.as_ref() == Some(&known) {
        return Ok((known, false));
    }
    let mut upsert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO booking (account_id, id, pnr, status, flight_id, flight_number, origin, destination,
            departure_ms, flight_status, amount, currency, passengers, status_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    let flight = &known.flight;
    upsert.execute(params![
        account.0,
        known.id,
        known.pnr,
        known.status,
        flight.id,
        flight.number,
        flight.origin,
        flight.destination,
        flight.departure.map(Timestamp::as_millisecond),
        flight.status,
        known.total.as_ref().map(|total| &total.value),
        known.total.as_ref().map(|total| &total.currency),
        known.passengers,
        known.status_at.map(Timestamp::as_millisecond),
    ])?;
    Ok((known, true))
}

/// Adds what `learned` says to what is known of a flight that has an id.
pub(super) fn learn_flight(
    transaction: &Transaction<'_>,
    account: AccountKey,
    learned: Flight,
) -> Result<(), StoreError> {
    let Some(id) = learned.id.clone() else { return Ok(()) };
    let mut known = flight(transaction, account, &id, &[])?.unwrap_or_default();
    known.learn(learned);
    let mut upsert = transaction.prepare_cached(
        // What the desk notes about a flight stays.
        "INSERT INTO flight (account_id, id, number, origin, destination, departure_ms, status, status_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (account_id, id) DO UPDATE SET number = excluded.number, origin = excluded.origin,
            destination = excluded.destination, departure_ms = excluded.departure_ms, status = excluded.status,
            status_ms = excluded.status_ms",
    )?;
    upsert.execute(params![
        account.0,
        id,
        known.number,
        known.origin,
        known.destination,
        known.departure.map(Timestamp::as_millisecond),
        known.status,
        known.status_at.map(Timestamp::as_millisecond),
    ])?;
    Ok(())
}

pub(super) fn read_booking(row: &Row<'_>) -> rusqlite::Result<Booking> {
    Ok(Booking {
        id: row.get("id")?,
        pnr: row.get("pnr")?,
        status: row.get("status")?,
        status_at: maybe_moment(row, "status_ms")?,
        flight: Flight {
            id: row.get("flight_id")?,
            number: row.get("flight_number")?,
            origin: row.get("origin")?,
            destination: row.get("destination")?,
            departure: maybe_moment(row, "departure_ms")?,
            status: row.get("flight_status")?,
            status_at: None,
        },
        total: money(row)?,
        passengers: row.get("passengers")?,
    })
}

fn read_flight(row: &Row<'_>) -> rusqlite::Result<Flight> {
    Ok(Flight {
        id: row.get("id")?,
        number: row.get("number")?,
        origin: row.get("origin")?,
        destination: row.get("destination")?,
        departure: maybe_moment(row, "departure_ms")?,
        status: row.get("status")?,
        status_at: maybe_moment(row, "status_ms")?,
    })
}

/// Amount and currency of a row, where both are there.
pub(super) fn money(row: &Row<'_>) -> rusqlite::Result<Option<Money>> {
    let value: Option<String> = row.get("amount")?;
    let currency: Option<String> = row.get("currency")?;
    Ok(value.zip(currency).map(|(value, currency)| Money { value, currency }))
}
