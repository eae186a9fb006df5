//! Queries for the agents' desk: the last day's counts, and the flights that changed in it.

use domain::desk::{DeskFlight, HOURS, Tally};
use domain::event::EventKind;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::sql_values::{maybe_moment, moment, named};
use super::{AccountKey, Store, StoreError};

/// Rows that the counts are filled from at most, of each place: all that are kept.
const LOOKED_AT: u32 = 200_000;
/// Flights on the desk.
const FLIGHTS: u32 = 20;
/// How far back flights are looked for.
const DAY: SignedDuration = SignedDuration::from_hours(HOURS as i64);

impl Store {
    /// The counts as they would be if the program had run all day.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn day(&self, account: AccountKey, now: Timestamp) -> Result<Tally, StoreError> {
        let horizon = (now - DAY).as_millisecond();
        let mut came: Vec<(Timestamp, EventKind)> = Vec::new();
        let mut decided: Vec<(Timestamp, String)> = Vec::new();
        for (index, place) in [("", "cleared_ms IS NULL"), ("done_", "cleared_ms IS NOT NULL")] {
            // Both from the index alone.
            let mut select = self.connection.prepare(&format!(
                "SELECT kind, received_ms FROM event INDEXED BY event_{index}kind
                 WHERE account_id = ?1 AND {place} AND received_ms >= ?2 LIMIT ?3"
            ))?;
            for row in select.query_map(params![account.0, horizon, LOOKED_AT], event)? {
                came.push(row?);
            }
            let mut select = self.connection.prepare(&format!(
                "SELECT outcome_rule, received_ms FROM event INDEXED BY event_{index}rule
                 WHERE account_id = ?1 AND outcome_rule IS NOT NULL AND {place} AND received_ms >= ?2 LIMIT ?3"
            ))?;
            for row in select.query_map(params![account.0, horizon, LOOKED_AT], decision)? {
                decided.push(row?);
            }
        }
        came.sort_by_key(|(at, _)| *at);
        decided.sort_by_key(|(at, _)| *at);
        let mut tally = Tally::default();
        for (at, kind) in came {
            tally.came(kind, at);
        }
        for (at, rule) in decided {
            tally.decided(&rule, at);
        }
        Ok(tally)
    }

    /// The flights that changed in the last day, the one whose last change affected most bookings first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn changed_flights(&self, account: AccountKey, now: Timestamp) -> Result<Vec<DeskFlight>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, number, origin, destination, status, affected, coalesce(status_ms, changed_ms) AS at_ms
             FROM flight INDEXED BY flight_changed
             WHERE account_id = ?1 AND changed_ms >= ?2 AND changed_ms IS NOT NULL
             ORDER BY affected DESC, changed_ms DESC, id LIMIT ?3",
        )?;
        let horizon = (now - DAY).as_millisecond();
        let flights = select.query_map(params![account.0, horizon, FLIGHTS], flight)?;
        let mut flights = flights.collect::<Result<Vec<_>, _>>()?;
        // The flight itself often does not know its route; its rows do, by their bookings.
        let mut latest_row = self.connection.prepare_cached(
            "SELECT flight_number, origin, destination FROM event
             WHERE account_id = ?1 AND thread = ?2 ORDER BY id DESC LIMIT 1",
        )?;
        for flight in &mut flights {
            let latest = latest_row
                .query_row(params![account.0, flight.thread], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .optional()?;
            let Some((number, origin, destination)) = latest else { continue };
            flight.flight_number = flight.flight_number.take().or(number);
            flight.origin = flight.origin.take().or(origin);
            flight.destination = flight.destination.take().or(destination);
        }
        Ok(flights)
    }
}

fn event(row: &Row<'_>) -> rusqlite::Result<(Timestamp, EventKind)> {
    Ok((moment(row, "received_ms")?, named(row, "kind")?))
}

fn decision(row: &Row<'_>) -> rusqlite::Result<(Timestamp, String)> {
    Ok((moment(row, "received_ms")?, row.get("outcome_rule")?))
}

fn flight(row: &Row<'_>) -> rusqlite::Result<DeskFlight> {
    Ok(DeskFlight {
        thread: format!("flight:{}", row.get::<_, String>("id")?),
        flight_number: row.get("number")?,
        origin: row.get("origin")?,
        destination: row.get("destination")?,
        status: row.get("status")?,
        bookings: row.get::<_, Option<u32>>("affected")?.unwrap_or_default(),
        at: maybe_moment(row, "at_ms")?.unwrap_or_default(),
    })
}

/// A flight changed, and this many bookings are affected by that.
pub(super) fn note_change(
    transaction: &Transaction<'_>,
    account: AccountKey,
    flight: &str,
    affected: usize,
    at: Timestamp,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE flight SET affected = ?3, changed_ms = ?4 WHERE account_id = ?1 AND id = ?2")?
        .execute(params![account.0, flight, affected as i64, at.as_millisecond()])?;
    Ok(())
}
