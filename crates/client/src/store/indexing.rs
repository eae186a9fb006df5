//! Rebuild of the full-text index, newest rows first, a few at a time. Events are stored in between and searches find
//! what is indexed so far. Progress is kept in the file and survives a kill.

use rusqlite::params;

use super::{Store, StoreError};

/// Rows of one step: some ten milliseconds.
const STEP: u32 = 500;

impl Store {
    /// Empties the index; [`Store::index_some`] fills it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn begin_index(&mut self) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute_batch(
            "INSERT INTO event_text (event_text) VALUES ('delete-all');
             UPDATE text_state SET below = (SELECT coalesce(max(id) + 1, 0) FROM event);",
        )?;
        Ok(transaction.commit()?)
    }

    /// How many rows are not in the index yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn unindexed(&self) -> Result<u64, StoreError> {
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM event WHERE id < (SELECT below FROM text_state)",
            [],
            |row| row.get(0),
        )?;
        Ok(count.unsigned_abs())
    }

    /// Adds some rows to the index. Returns how many; none when all of them are in it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn index_some(&mut self) -> Result<u64, StoreError> {
        let transaction = self.begin()?;
        let (first, rows): (Option<i64>, i64) = transaction
            .prepare_cached(
                "SELECT min(id), count(*) FROM (SELECT id FROM event WHERE id < (SELECT below FROM text_state)
                    ORDER BY id DESC LIMIT ?1)",
            )?
            .query_row([STEP], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let first = first.unwrap_or_default();
        // In the order of the index, which would else be written to the disk row by row.
        transaction
            .prepare_cached(
                "INSERT INTO event_text (rowid, pnr, flight_number, origin, destination, title, body, kind, outcome_rule)
                 SELECT id, pnr, flight_number, origin, destination, title, body, kind, outcome_rule FROM event
                 WHERE id >= ?1 AND id < (SELECT below FROM text_state) ORDER BY id",
            )?
            .execute([first])?;
        transaction.prepare_cached("UPDATE text_state SET below = ?1")?.execute(params![first])?;
        transaction.commit()?;
        Ok(rows.unsigned_abs())
    }

    /// Makes all of it at once.
    #[cfg(test)]
    pub fn rebuild_index(&mut self) -> Result<(), StoreError> {
        self.begin_index()?;
        while self.index_some()? > 0 {}
        Ok(())
    }
}
