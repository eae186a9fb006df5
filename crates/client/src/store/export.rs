//! Rows on their way out, oldest first.

use domain::desk::KindCount;
use domain::view::Notification;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::columns::named;
use super::inbox::{COLUMNS, notification};
use super::{AccountKey, Store, StoreError};

/// Holds the inbox still for who reads it.
pub struct Moment<'a> {
    _view: Transaction<'a>,
}

impl Store {
    /// Until it is dropped, everything that is read here is of one moment.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn hold(&self) -> Result<Moment<'_>, StoreError> {
        Ok(Moment { _view: self.connection.unchecked_transaction()? })
    }

    /// How many rows of the inbox came in this time, by kind, the most frequent first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn kinds_between(
        &self,
        account: AccountKey,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<KindCount>, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT kind, count(*) AS count FROM event INDEXED BY event_kind
             WHERE account_id = ?1 AND cleared_ms IS NULL AND received_ms >= ?2 AND received_ms < ?3
             GROUP BY kind ORDER BY count DESC, kind",
        )?;
        let range = params![account.0, from.as_millisecond(), to.as_millisecond()];
        let counts =
            select.query_map(range, |row| Ok(KindCount { kind: named(row, "kind")?, count: row.get("count")? }))?;
        Ok(counts.collect::<Result<_, _>>()?)
    }

    /// Gives each row of the inbox that came in this time, oldest first, until one of them is refused.
    ///
    /// # Errors
    /// See [`StoreError`]; inside, what `each` says.
    pub fn export<E>(
        &self,
        account: AccountKey,
        from: Timestamp,
        to: Timestamp,
        mut each: impl FnMut(Notification) -> Result<(), E>,
    ) -> Result<Result<(), E>, StoreError> {
        let mut select = self.connection.prepare(&format!(
            "SELECT {COLUMNS} FROM event
             WHERE account_id = ?1 AND cleared_ms IS NULL AND received_ms >= ?2 AND received_ms < ?3 ORDER BY id"
        ))?;
        let range = params![account.0, from.as_millisecond(), to.as_millisecond()];
        for row in select.query_map(range, notification(self.language))? {
            if let Err(refused) = each(row?) {
                return Ok(Err(refused));
            }
        }
        Ok(Ok(()))
    }
}
