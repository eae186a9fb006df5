//! Rows on their way out, oldest first.

use domain::view::Notification;
use jiff::Timestamp;
use rusqlite::params;

use super::inbox::{COLUMNS, notification};
use super::{AccountKey, Store, StoreError};

impl Store {
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
