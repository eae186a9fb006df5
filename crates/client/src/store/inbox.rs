//! Rows of the inbox as they are shown, and what the desktop did with their toasts.

use domain::Language;
use domain::outcome::{Outcome, Ruling};
use domain::text;
use domain::view::Notification;
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::itinerary::money;
use super::rooms::rooms;
use super::sql_values::{maybe_moment, moment, name, named};
use super::{AccountKey, Store, StoreError};

/// What [`notification`] reads.
pub(super) const COLUMNS: &str = "id, channel, kind, received_ms, emitted_ms, read, booking_id, pnr, flight_id, \
    flight_number, origin, destination, status, amount, currency, urgency, title, body, outcome_code, outcome_text, \
    outcome_reason, outcome_rule, merged_into, repeats, thread, gap_id, cleared_ms IS NOT NULL AS done, reconstructed, \
    (SELECT rooms FROM room_set WHERE room_set.id = event.room_set) AS rooms";

/// Rows, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowPage {
    /// At most as many as asked for.
    pub items: Vec<Notification>,
    /// Whether older rows exist.
    pub has_more: bool,
}

/// The rows of a page, of which one more than that was asked for; and whether there are more.
pub(super) fn cut<T>(mut rows: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    (rows, has_more)
}

impl Store {
    /// The rows with these ids, also those that are done, newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn rows(&self, account: AccountKey, ids: &[i64]) -> Result<Vec<Notification>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM event WHERE account_id = ?1 AND id = ?2"))?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            for row in select.query_map(params![account.0, id], notification(self.language))? {
                rows.push(row?);
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        Ok(rows)
    }

    /// Unread rows and all rows: what counting them would give, kept in the same transaction as every change.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn counts(&self, account: AccountKey) -> Result<(u64, u64), StoreError> {
        let mut select = self.connection.prepare_cached("SELECT unread, total FROM tally WHERE account_id = ?1")?;
        let counts = select.query_row([account.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        Ok((counts.0.unsigned_abs(), counts.1.unsigned_abs()))
    }

    /// Records that these rows were told by a toast.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn mark_shown(&mut self, ids: &[i64], at: Timestamp) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let transaction = self.begin()?;
        {
            let mut update = transaction.prepare_cached("UPDATE event SET shown_ms = ?2 WHERE id = ?1")?;
            for id in ids {
                update.execute(params![id, at.as_millisecond()])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Replaces the outcome of a row, when things went otherwise than was decided.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn set_ruling(&mut self, id: i64, ruling: &Ruling) -> Result<(), StoreError> {
        let mut update = self.connection.prepare_cached(
            "UPDATE event SET outcome_code = ?2, outcome_reason = ?3, outcome_rule = ?4, merged_into = ?5 WHERE id = ?1",
        )?;
        update.execute(params![id, name(&ruling.code), name(&ruling.reason), ruling.rule, ruling.into])?;
        Ok(())
    }
}

pub(super) fn notification(language: Language) -> impl Fn(&Row<'_>) -> rusqlite::Result<Notification> {
    move |row| read(row, language)
}

fn read(row: &Row<'_>, language: Language) -> rusqlite::Result<Notification> {
    Ok(Notification {
        id: row.get("id")?,
        channel: row.get("channel")?,
        kind: named(row, "kind")?,
        received_at: moment(row, "received_ms")?,
        timestamp: maybe_moment(row, "emitted_ms")?,
        read: row.get("read")?,
        booking_id: row.get("booking_id")?,
        pnr: row.get("pnr")?,
        flight_id: row.get("flight_id")?,
        flight_number: row.get("flight_number")?,
        origin: row.get("origin")?,
        destination: row.get("destination")?,
        status: row.get("status")?,
        amount: money(row)?,
        urgency: named(row, "urgency")?,
        title: row.get("title")?,
        body: row.get("body")?,
        outcome: outcome(row, language)?,
        repeats: row.get("repeats")?,
        thread: row.get("thread")?,
        away: row.get("gap_id")?,
        done: row.get("done")?,
        reconstructed: row.get("reconstructed")?,
        rooms: rooms(row)?,
    })
}

fn outcome(row: &Row<'_>, language: Language) -> rusqlite::Result<Outcome> {
    let code = named(row, "outcome_code")?;
    let into = row.get("merged_into")?;
    Ok(match row.get::<_, Option<String>>("outcome_reason")? {
        Some(_) => {
            let reason = named(row, "outcome_reason")?;
            text::outcome(&Ruling { code, reason, rule: row.get("outcome_rule")?, into }, language)
        }
        None => Outcome { code, reason: None, text: row.get("outcome_text")?, setting: None, rule: None, into },
    })
}
