//! State of threads: recent toasts about a booking or flight, and whether it is muted or snoozed.

use std::collections::HashMap;

use domain::ToastStep;
use domain::event::EventKind;
use domain::itinerary::Flight;
use domain::outcome::OutcomeCode;
use domain::toast_scheduler::ToastEvent;
use domain::view::{Notification, ThreadPreference};
use domain::wire::Decoded;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use super::inbox::{COLUMNS, notification};
use super::itinerary::read_booking;
use super::rerender::decode_again;
use super::sql_values::{maybe_moment, moment, name, named};
use super::{AccountKey, Store, StoreError};

/// Pop-ups of this time count.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// Rows that are looked at for it.
const LOOKED_AT: u32 = 20_000;

/// A row of before, as decisions remember it.
#[derive(Debug, Clone)]
pub struct RecentThreadEvent {
    /// What it told.
    pub event: ToastEvent,
    /// Whether a toast of its own was shown.
    pub popped: bool,
    /// When it came.
    pub at: Timestamp,
}

impl Store {
    /// What decisions have to remember of the last day, in the order of arrival.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn recent_thread_events(
        &self,
        account: AccountKey,
        now: Timestamp,
    ) -> Result<Vec<RecentThreadEvent>, StoreError> {
        let horizon = now - REMEMBERED;
        let mut select = self.connection.prepare_cached(
            "SELECT id, thread, kind, status, flight_number, booking_id, received_ms, outcome_code, shown_ms FROM event
             WHERE account_id = ?1 AND thread IS NOT NULL ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows = select.query(params![account.0, LOOKED_AT])?;
        let mut recent_thread_events = Vec::new();
        while let Some(row) = rows.next()? {
            let at = moment(row, "received_ms")?;
            if at < horizon {
                break;
            }
            let kind: EventKind = named(row, "kind")?;
            let code: OutcomeCode = named(row, "outcome_code")?;
            let popped = code == OutcomeCode::Popped && maybe_moment(row, "shown_ms")?.is_some();
            if !popped && kind != EventKind::FlightStatus {
                continue;
            }
            recent_thread_events.push(RecentThreadEvent {
                event: ToastEvent {
                    row: row.get("id")?,
                    thread: row.get("thread")?,
                    step: ToastStep { kind, from: None, status: row.get("status")?, amount: None, at },
                    flight: row.get("flight_number")?,
                    bookings: row.get::<_, Option<String>>("booking_id")?.into_iter().collect(),
                },
                popped,
                at,
            });
        }
        recent_thread_events.reverse();
        Ok(recent_thread_events)
    }

    /// Threads that the person muted or snoozed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn thread_preferences(&self, account: AccountKey) -> Result<HashMap<String, ThreadPreference>, StoreError> {
        let mut select = self.connection.prepare_cached("SELECT * FROM thread WHERE account_id = ?1")?;
        let rows = select.query_map([account.0], |row| Ok((row.get("thread")?, choice(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes down what the person wants of a thread.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn set_thread_preference(
        &mut self,
        account: AccountKey,
        thread: &str,
        choice: ThreadPreference,
    ) -> Result<(), StoreError> {
        if choice == ThreadPreference::default() {
            self.connection
                .prepare_cached("DELETE FROM thread WHERE account_id = ?1 AND thread = ?2")?
                .execute(params![account.0, thread])?;
        } else {
            self.connection
                .prepare_cached(
                    "INSERT INTO thread (account_id, thread, muted, snoozed_until_ms) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (account_id, thread)
                     DO UPDATE SET muted = excluded.muted, snoozed_until_ms = excluded.snoozed_until_ms",
                )?
                .execute(params![
                    account.0,
                    thread,
                    choice.muted,
                    choice.snoozed_until.map(Timestamp::as_millisecond)
                ])?;
        }
        Ok(())
    }

    /// The latest unread row of a thread that is in the inbox.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn latest_unread(&self, account: AccountKey, thread: &str) -> Result<Option<Notification>, StoreError> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM event
             WHERE account_id = ?1 AND thread = ?2 AND read = 0 AND cleared_ms IS NULL ORDER BY id DESC LIMIT 1"
        ))?;
        Ok(select.query_row(params![account.0, thread], notification(self.language)).optional()?)
    }

    /// Departure of the flight that a row is about, when known.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn departure(&self, account: AccountKey, row: &Notification) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT coalesce(
                (SELECT departure_ms FROM flight WHERE account_id = ?1 AND id = ?2),
                (SELECT departure_ms FROM booking WHERE account_id = ?1 AND id = ?3)) AS departure_ms",
        )?;
        let found = select
            .query_row(params![account.0, row.flight_id, row.booking_id], |row| maybe_moment(row, "departure_ms"))?;
        Ok(found)
    }

    /// The flight of the next booking that departs in this time and is not cancelled.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn next_trip(&self, account: AccountKey, from: Timestamp, to: Timestamp) -> Result<Option<Flight>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT * FROM booking
             WHERE account_id = ?1 AND departure_ms BETWEEN ?2 AND ?3 AND coalesce(status, '') <> 'CANCELLED'
                AND coalesce(flight_status, '') <> 'CANCELLED'
             ORDER BY departure_ms LIMIT 1",
        )?;
        let found = select.query_row(params![account.0, from.as_millisecond(), to.as_millisecond()], read_booking);
        Ok(found.optional()?.map(|booking| booking.flight))
    }

    /// The states that a flight's thread went through before `row`, the latest last, at most `limit` of them.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn trail(&self, account: AccountKey, thread: &str, row: i64, limit: u32) -> Result<Vec<ToastStep>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT status, received_ms, channel, raw FROM event
             WHERE account_id = ?1 AND thread = ?2 AND id < ?3 AND kind = ?4 ORDER BY id DESC LIMIT ?5",
        )?;
        let rows = select.query_map(params![account.0, thread, row, name(&EventKind::FlightStatus), limit], |row| {
            let at = moment(row, "received_ms")?;
            let from = match decode_again(&row.get::<_, String>("channel")?, row.get("raw")?) {
                Decoded::Known(event) => event.as_flight().and_then(|event| event.old_status.clone()),
                Decoded::Unknown | Decoded::Malformed => None,
            };
            Ok(ToastStep { kind: EventKind::FlightStatus, from, status: row.get("status")?, amount: None, at })
        })?;
        let mut steps = rows.collect::<Result<Vec<_>, _>>()?;
        steps.reverse();
        Ok(steps)
    }
}

/// What is wanted of a thread, from its row in `thread`.
pub(super) fn choice(row: &Row<'_>) -> rusqlite::Result<ThreadPreference> {
    Ok(ThreadPreference { muted: row.get("muted")?, snoozed_until: maybe_moment(row, "snoozed_until_ms")? })
}
