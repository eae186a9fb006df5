//! What people do with rows: reading them, putting them away as done, and taking either back.

use domain::criteria::{Criteria, Place, Which};
use jiff::Timestamp;
use rusqlite::{Row, Transaction, params};

use super::criteria::{Asked, is_in, union};
use super::{AccountKey, Store, StoreError};

/// How a row was before it was put away or brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// The row.
    pub id: i64,
    read: bool,
    cleared_ms: Option<i64>,
}

impl Store {
    /// Marks rows as read or unread, wherever they are; of threads, those in the inbox. Returns those that changed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn set_read(&mut self, account: AccountKey, which: &Which, read: bool) -> Result<Vec<i64>, StoreError> {
        // To be read, only unread ones need to be found.
        let all = which.all.as_ref().map(|all| Criteria { unread: all.unread || read, ..all.clone() });
        let asked = all.as_ref().map(|all| Asked::of(self, account, all)).transpose()?;
        let transaction = self.begin()?;
        let mut changed = Vec::new();
        {
            let mut update = transaction
                .prepare_cached("UPDATE event SET read = ?3 WHERE account_id = ?1 AND id = ?2 AND read <> ?3")?;
            for id in &which.ids {
                if update.execute(params![account.0, id, read])? > 0 {
                    changed.push(*id);
                }
            }
            let mut update = transaction.prepare_cached(
                "UPDATE event SET read = ?3
                 WHERE account_id = ?1 AND thread = ?2 AND read <> ?3 AND cleared_ms IS NULL RETURNING id",
            )?;
            for thread in &which.threads {
                for id in update.query_map(params![account.0, thread, read], |row| row.get(0))? {
                    changed.push(id?);
                }
            }
            if let Some(asked) = asked.filter(|asked| !asked.is_hopeless()) {
                let mut update = transaction.prepare_cached(&format!(
                    "UPDATE event SET read = {read} WHERE account_id = :account AND read <> {read} AND id IN ({})
                     RETURNING id",
                    union(&asked.sources())
                ))?;
                let values = asked.values(&update, &i64::MAX, &u32::MAX);
                for id in update.query_map(&*values, |row| row.get(0))? {
                    changed.push(id?);
                }
            }
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Puts rows of the inbox away as done, which reads them, or brings rows that are done back as they are. Returns how
    /// those were that changed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn set_done(
        &mut self,
        account: AccountKey,
        which: &Which,
        done: bool,
        now: Timestamp,
    ) -> Result<Vec<Before>, StoreError> {
        let from = is_in(if done { Place::Inbox } else { Place::Done });
        let asked = which.all.as_ref().map(|all| Asked::of(self, account, all)).transpose()?;
        let transaction = self.begin()?;
        let mut changed = Vec::new();
        {
            let mut one = transaction.prepare_cached(&format!(
                "SELECT id, read, cleared_ms FROM event WHERE account_id = ?1 AND id = ?2 AND {from}"
            ))?;
            for id in &which.ids {
                changed.extend(one.query_map(params![account.0, id], before)?.collect::<Result<Vec<_>, _>>()?);
            }
            let mut thread = transaction.prepare_cached(&format!(
                "SELECT id, read, cleared_ms FROM event WHERE account_id = ?1 AND thread = ?2 AND {from} ORDER BY id"
            ))?;
            for name in &which.threads {
                changed.extend(thread.query_map(params![account.0, name], before)?.collect::<Result<Vec<_>, _>>()?);
            }
            if let Some(asked) = asked.filter(|asked| !asked.is_hopeless()) {
                let mut all = transaction.prepare_cached(&format!(
                    "SELECT id, read, cleared_ms FROM event WHERE account_id = :account AND {from} AND id IN ({})",
                    union(&asked.sources())
                ))?;
                let values = asked.values(&all, &i64::MAX, &u32::MAX);
                changed.extend(all.query_map(&*values, before)?.collect::<Result<Vec<_>, _>>()?);
            }
        }
        changed.sort_unstable_by_key(|row: &Before| row.id);
        changed.dedup();
        let after = changed.iter().map(|row| Before {
            id: row.id,
            read: row.read || done,
            cleared_ms: done.then(|| now.as_millisecond()),
        });
        put(&transaction, account, after)?;
        transaction.commit()?;
        Ok(changed)
    }

    /// Makes rows what they were, in place and read state.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn restore(&mut self, account: AccountKey, rows: &[Before]) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        put(&transaction, account, rows.iter().copied())?;
        Ok(transaction.commit()?)
    }
}

fn put(
    transaction: &Transaction<'_>,
    account: AccountKey,
    rows: impl Iterator<Item = Before>,
) -> Result<(), StoreError> {
    let mut update =
        transaction.prepare_cached("UPDATE event SET read = ?3, cleared_ms = ?4 WHERE account_id = ?1 AND id = ?2")?;
    for row in rows {
        update.execute(params![account.0, row.id, row.read, row.cleared_ms])?;
    }
    Ok(())
}

fn before(row: &Row<'_>) -> rusqlite::Result<Before> {
    Ok(Before { id: row.get("id")?, read: row.get("read")?, cleared_ms: row.get("cleared_ms")? })
}
