//! Retention: old rows are deleted in small steps, so that no write waits long.

use jiff::Timestamp;
use rusqlite::params;

use super::{AccountKey, Store, StoreError};

/// Rows of one step: a few milliseconds.
const STEP: i64 = 100;

/// What is kept of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Rows received before this go.
    pub oldest: Timestamp,
    /// And all but the newest so many.
    pub rows: u64,
}

impl Store {
    /// How many rows there are of the account, those that are done included.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn stored(&self, account: AccountKey) -> Result<u64, StoreError> {
        let mut select = self.connection.prepare_cached("SELECT stored FROM tally WHERE account_id = ?1")?;
        let stored: i64 = select.query_row([account.0], |row| row.get(0))?;
        Ok(stored.unsigned_abs())
    }

    /// Removes a few rows that are too old, or too many. Returns how many, and whether there may be more.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn forget_some(&mut self, account: AccountKey, retention: Retention) -> Result<(u64, bool), StoreError> {
        let surplus = self.stored(account)?.saturating_sub(retention.rows).min(STEP.unsigned_abs()).cast_signed();
        let transaction = self.begin()?;
        // The oldest have the smallest ids, so that both limits read the table from its start.
        let many = transaction
            .prepare_cached(
                "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE account_id = ?1 ORDER BY id LIMIT ?2)",
            )?
            .execute(params![account.0, surplus])?;
        let old = transaction
            .prepare_cached(
                "DELETE FROM event WHERE id IN
                    (SELECT id FROM (SELECT id, received_ms FROM event WHERE account_id = ?1 ORDER BY id LIMIT ?3)
                     WHERE received_ms < ?2)",
            )?
            .execute(params![account.0, retention.oldest.as_millisecond(), STEP])?;
        transaction.commit()?;
        Ok(((many + old) as u64, many.max(old) as i64 >= STEP))
    }
}
