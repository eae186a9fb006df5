//! Sync state of an account: the cursor, the last sign of life, and the gaps in between.

use std::collections::HashSet;

use domain::digest::{Digest, severity};
use domain::outcome::{OutcomeCode, RulingReason};
use domain::view::Notification;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::inbox::{COLUMNS, notification};
use super::sql_values::{maybe_moment, moment, name};
use super::{AccountKey, Store, StoreError};

/// Rows that a digest names at most.
const DIGEST_ROWS: usize = 10;
/// Rows of a gap that are looked at to find the worst ones.
const LOOKED_AT: usize = 5_000;

/// What is known of the past with this server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncState {
    /// Everything up to here is in the inbox.
    pub cursor: Option<String>,
    /// The last sign of life; `None` before the first connection.
    pub contact: Option<Timestamp>,
    /// States were compared up to here, by the server's clock; `None` before the first comparison.
    pub watermark: Option<Timestamp>,
}

/// A time without a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The last sign of life before it.
    pub from: Option<Timestamp>,
    /// When the link was up again.
    pub to: Timestamp,
    /// The link was up, and events came late all the same.
    pub late: bool,
}

/// A digest and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapSummary {
    /// The gap's number.
    pub gap: i64,
    /// What to say.
    pub digest: Digest,
    /// The worst rows first.
    pub rows: Vec<Notification>,
}

impl Store {
    /// Where the account stands.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn sync_state(&self, account: AccountKey) -> Result<SyncState, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT cursor, contact_ms, watermark_ms FROM sync WHERE account_id = ?1")?;
        let found = select.query_row([account.0], |row| {
            Ok(SyncState {
                cursor: row.get("cursor")?,
                contact: maybe_moment(row, "contact_ms")?,
                watermark: maybe_moment(row, "watermark_ms")?,
            })
        });
        Ok(found.optional()?.unwrap_or_default())
    }

    /// Notes a sign of life.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn note_contact(&mut self, account: AccountKey, at: Timestamp) -> Result<(), StoreError> {
        let mut upsert = self.connection.prepare_cached(
            "INSERT INTO sync (account_id, contact_ms) VALUES (?1, ?2)
             ON CONFLICT (account_id) DO UPDATE SET contact_ms = excluded.contact_ms",
        )?;
        upsert.execute(params![account.0, at.as_millisecond()])?;
        Ok(())
    }

    /// Moves the cursor where nothing comes with it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn set_cursor(&mut self, account: AccountKey, cursor: &str) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        move_cursor(&transaction, account, cursor)?;
        Ok(transaction.commit()?)
    }

    /// Begins a gap, or goes on with the one that is not told yet: an interrupted catch-up is one gap with the next.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn open_gap(&mut self, account: AccountKey, gap: Gap) -> Result<i64, StoreError> {
        let transaction = self.begin()?;
        let open: Option<i64> = transaction
            .prepare_cached("SELECT max(id) FROM gap WHERE account_id = ?1 AND verified_ms IS NULL")?
            .query_row([account.0], |row| row.get(0))?;
        let id = match open {
            Some(id) => {
                transaction
                    .prepare_cached("UPDATE gap SET to_ms = ?2, late = late AND ?3 WHERE id = ?1")?
                    .execute(params![id, gap.to.as_millisecond(), gap.late])?;
                id
            }
            None => transaction
                .prepare_cached("INSERT INTO gap (account_id, from_ms, to_ms, late) VALUES (?1, ?2, ?3, ?4)")?
                .insert(params![
                    account.0,
                    gap.from.map(Timestamp::as_millisecond),
                    gap.to.as_millisecond(),
                    gap.late
                ])?,
        };
        transaction.commit()?;
        Ok(id)
    }

    /// Ends a gap: everything that was missed is here. One in which nothing was missed leaves no trace. Returns how many
    /// rows it has.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn close_gap(&mut self, gap: i64, at: Timestamp, incomplete: bool) -> Result<u64, StoreError> {
        let transaction = self.begin()?;
        let rows: i64 = transaction
            .prepare_cached("SELECT COUNT(*) FROM event WHERE gap_id = ?1")?
            .query_row([gap], |row| row.get(0))?;
        if rows == 0 && !incomplete {
            transaction.prepare_cached("DELETE FROM gap WHERE id = ?1")?.execute([gap])?;
        } else {
            transaction
                .prepare_cached("UPDATE gap SET verified_ms = ?2, incomplete = incomplete OR ?3 WHERE id = ?1")?
                .execute(params![gap, at.as_millisecond(), incomplete])?;
        }
        transaction.commit()?;
        Ok(rows.unsigned_abs())
    }

    /// Toasts that were decided and never shown, since the program ended first: they become a gap that is told as one.
    /// Returns how many there are.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn missed_toasts(&mut self, account: AccountKey, now: Timestamp) -> Result<u64, StoreError> {
        const UNSHOWN: &str = "account_id = ?1 AND shown_ms IS NULL AND outcome_code IN ('popped', 'merged')";
        let transaction = self.begin()?;
        let rows: i64 =
            transaction
                .query_row(&format!("SELECT COUNT(*) FROM event WHERE {UNSHOWN}"), [account.0], |row| row.get(0))?;
        if rows > 0 {
            transaction.execute(
                "INSERT INTO gap (account_id, from_ms, to_ms, late, verified_ms) VALUES (?1, NULL, ?2, 1, ?2)",
                params![account.0, now.as_millisecond()],
            )?;
            let gap = transaction.last_insert_rowid();
            let (code, reason) = (name(&OutcomeCode::Digest), name(&RulingReason::Unshown));
            transaction.execute(
                &format!("UPDATE event SET gap_id = ?2, outcome_code = ?3, outcome_reason = ?4 WHERE {UNSHOWN}"),
                params![account.0, gap, code, reason],
            )?;
        }
        transaction.commit()?;
        Ok(rows.unsigned_abs())
    }

    /// The person has looked at it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn mark_gap_seen(&mut self, account: AccountKey, gap: i64, at: Timestamp) -> Result<(), StoreError> {
        // Older ones with it: they are told no more.
        self.connection.execute(
            "UPDATE gap SET seen_ms = ?3 WHERE account_id = ?1 AND id <= ?2 AND seen_ms IS NULL",
            params![account.0, gap, at.as_millisecond()],
        )?;
        Ok(())
    }

    /// The latest gap that is complete and not looked at, if there is one.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn digest(&self, account: AccountKey) -> Result<Option<GapSummary>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT * FROM gap WHERE account_id = ?1 AND seen_ms IS NULL AND verified_ms IS NOT NULL
             ORDER BY id DESC LIMIT 1",
        )?;
        let found = select.query_row([account.0], |row| {
            let digest = Digest {
                from: maybe_moment(row, "from_ms")?,
                to: moment(row, "to_ms")?,
                verified_at: moment(row, "verified_ms")?,
                bookings: 0,
                flights: 0,
                events: 0,
                worst: Vec::new(),
                late: row.get("late")?,
                reconstructed: row.get("reconstructed")?,
                incomplete: row.get("incomplete")?,
            };
            Ok((row.get("id")?, digest))
        });
        let Some((gap, mut digest)) = found.optional()? else { return Ok(None) };
        let rows = self.rows_of_gap(gap)?;
        if rows.is_empty() && !digest.incomplete {
            // All of them were cleared.
            return Ok(None);
        }
        let distinct =
            |ids: &mut dyn Iterator<Item = Option<&String>>| ids.flatten().collect::<HashSet<_>>().len() as u64;
        digest.bookings = distinct(&mut rows.iter().map(|row| row.booking_id.as_ref()));
        let about_flights = rows.iter().filter(|row| row.booking_id.is_none());
        digest.flights = distinct(&mut about_flights.map(|row| row.flight_id.as_ref()));
        digest.events = self.count_of_gap(gap)?;
        digest.worst = rows.iter().take(DIGEST_ROWS).map(|row| row.title.clone()).collect();
        Ok(Some(GapSummary { gap, digest, rows: rows.into_iter().take(DIGEST_ROWS).collect() }))
    }

    /// The rows that were missed, the worst first and then the newest.
    fn rows_of_gap(&self, gap: i64) -> Result<Vec<Notification>, StoreError> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM event WHERE gap_id = ?1 AND cleared_ms IS NULL ORDER BY id DESC LIMIT ?2"
        ))?;
        let rows = select.query_map(params![gap, LOOKED_AT as i64], notification(self.language))?;
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        rows.sort_by_key(|row| std::cmp::Reverse((severity(row.kind, row.status.as_deref()), row.id)));
        Ok(rows)
    }

    fn count_of_gap(&self, gap: i64) -> Result<u64, StoreError> {
        let count: i64 = self
            .connection
            .prepare_cached("SELECT COUNT(*) FROM event WHERE gap_id = ?1 AND cleared_ms IS NULL")?
            .query_row([gap], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

/// Everything up to `cursor` is in this transaction or was before it.
pub(super) fn move_cursor(transaction: &Transaction<'_>, account: AccountKey, cursor: &str) -> Result<(), StoreError> {
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO sync (account_id, cursor) VALUES (?1, ?2)
         ON CONFLICT (account_id) DO UPDATE SET cursor = excluded.cursor",
    )?;
    upsert.execute(params![account.0, cursor])?;
    Ok(())
}
