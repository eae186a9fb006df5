//! Export of rows, oldest first.

use domain::criteria::Mailbox;
use domain::desk::KindCount;
use domain::view::Notification;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::criteria::is_in;
use super::inbox::{COLUMNS, notification};
use super::sql_values::named;
use super::{AccountKey, Store, StoreError};

/// Holds the inbox still for who reads it.
pub struct ExportSnapshot<'a> {
    _view: Transaction<'a>,
}

impl Store {
    /// Until it is dropped, everything that is read here is of one moment.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn hold(&self) -> Result<ExportSnapshot<'_>, StoreError> {
        Ok(ExportSnapshot { _view: self.connection.unchecked_transaction()? })
    }

    /// How many rows came in this time, also those that are done, by kind, the most frequent first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn kinds_between(
        &self,
        account: AccountKey,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<KindCount>, StoreError> {
        let of = |index: &str, place: Mailbox| {
            let place = is_in(place);
            format!(
                "SELECT kind FROM event INDEXED BY {index}
                 WHERE account_id = ?1 AND {place} AND received_ms >= ?2 AND received_ms < ?3"
            )
        };
        let mut select = self.connection.prepare(&format!(
            "SELECT kind, count(*) AS count FROM ({} UNION ALL {}) GROUP BY kind ORDER BY count DESC, kind",
            of("event_kind", Mailbox::Inbox),
            of("event_done_kind", Mailbox::Done)
        ))?;
        let range = params![account.0, from.as_millisecond(), to.as_millisecond()];
        let counts =
            select.query_map(range, |row| Ok(KindCount { kind: named(row, "kind")?, count: row.get("count")? }))?;
        Ok(counts.collect::<Result<_, _>>()?)
    }

    /// Gives each row that came in this time, also those that are done, oldest first, until one of them is refused.
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
             WHERE account_id = ?1 AND received_ms >= ?2 AND received_ms < ?3 ORDER BY id"
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
