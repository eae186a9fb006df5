//! Deletion of an account's history, oldest rows first: an interruption leaves a sound file with the newest rows.

use std::path::Path;

use domain::account::AccountId;
use rusqlite::params;

use super::{Store, StoreError, rescue};

/// Rows of one step: some ten milliseconds.
const STEP: i64 = 500;

impl Store {
    /// Removes some rows of the account. Returns how many; none when there are no more, and [`Store::delete_rest_of_history`] is due.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn delete_some_history(&mut self, account: &AccountId) -> Result<u64, StoreError> {
        self.connection.pragma_update(None, "secure_delete", true)?;
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM event WHERE id IN
                (SELECT event.id FROM event JOIN account ON account.id = account_id WHERE name = ?1
                 ORDER BY event.id LIMIT ?2)",
        )?;
        Ok(delete.execute(params![account.as_str(), STEP])? as u64)
    }

    /// Removes everything else that belongs to the account, the space that it took, and every copy.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn delete_rest_of_history(&mut self, account: &AccountId) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection.execute("DELETE FROM account WHERE name = ?1", params![account.as_str()])?;
        // The index keeps the words of deleted rows until it is written anew.
        self.connection.execute_batch(
            "INSERT INTO event_text (event_text) VALUES ('optimize'); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);",
        )?;
        // The copies hold everybody's rows; those of others are in the inbox, and copied again tomorrow.
        if let Some(path) = self.connection.path() {
            rescue::remove_copies(Path::new(path))?;
        }
        Ok(())
    }

    /// All of it at once.
    #[cfg(test)]
    pub fn wipe(&mut self, account: &AccountId) -> Result<(), StoreError> {
        while self.delete_some_history(account)? > 0 {}
        self.delete_rest_of_history(account)
    }
}
