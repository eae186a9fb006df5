//! Read and done: the changes people make to rows, and their reversal.

use std::collections::BTreeMap;

use domain::criteria::{ListSelector, Mailbox, RowSelector};
use jiff::Timestamp;
use rusqlite::{Row, Statement, ToSql, Transaction, params};

use super::criteria::{QueryPlan, is_in, union};
use super::{AccountKey, Store, StoreError};

/// How a row was before it was put away or brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowState {
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
    pub fn set_read(&mut self, account: AccountKey, which: &RowSelector, read: bool) -> Result<Vec<i64>, StoreError> {
        let end = end_of(which);
        let mut listed = which.listed.clone();
        if let Some(listed) = &mut listed {
            // To be read, only unread ones need to be found.
            listed.criteria.unread |= read && !listed.grouped;
        }
        let listed = listed.as_ref().map(|listed| SelectedRows::of(self, account, listed, end)).transpose()?;
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
                 WHERE account_id = ?1 AND thread = ?2 AND id < ?4 AND read <> ?3 AND cleared_ms IS NULL RETURNING id",
            )?;
            for thread in &which.threads {
                for id in update.query_map(params![account.0, thread, read, end], |row| row.get(0))? {
                    changed.push(id?);
                }
            }
            if let Some(all) = listed {
                let mut update = transaction.prepare_cached(&format!(
                    "UPDATE event SET read = {read} WHERE {} AND read <> {read} RETURNING id",
                    all.condition
                ))?;
                let values = all.values(&update);
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
        which: &RowSelector,
        done: bool,
        now: Timestamp,
    ) -> Result<Vec<RowState>, StoreError> {
        let end = end_of(which);
        let from = is_in(if done { Mailbox::Inbox } else { Mailbox::Done });
        let listed = which.listed.as_ref().map(|listed| SelectedRows::of(self, account, listed, end)).transpose()?;
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
                "SELECT id, read, cleared_ms FROM event WHERE account_id = ?1 AND thread = ?2 AND id < ?3 AND {from}"
            ))?;
            for name in &which.threads {
                changed
                    .extend(thread.query_map(params![account.0, name, end], before)?.collect::<Result<Vec<_>, _>>()?);
            }
            if let Some(all) = listed {
                let mut select = transaction.prepare_cached(&format!(
                    "SELECT id, read, cleared_ms FROM event WHERE {} AND {from}",
                    all.condition
                ))?;
                let values = all.values(&select);
                changed.extend(select.query_map(&*values, before)?.collect::<Result<Vec<_>, _>>()?);
            }
        }
        changed.sort_unstable_by_key(|row: &RowState| row.id);
        changed.dedup();
        let after = changed.iter().map(|row| RowState {
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
    pub fn restore(&mut self, account: AccountKey, rows: &[RowState]) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        put(&transaction, account, rows.iter().copied())?;
        Ok(transaction.commit()?)
    }
}

/// Rows from this one on are not meant.
fn end_of(which: &RowSelector) -> i64 {
    which.upto.map_or(i64::MAX, |newest| newest.saturating_add(1))
}

/// All that is listed, as a condition.
struct SelectedRows<'a> {
    plan: QueryPlan<'a>,
    condition: String,
    end: i64,
}

impl<'a> SelectedRows<'a> {
    fn of(store: &Store, account: AccountKey, listed: &'a ListSelector, end: i64) -> Result<Self, StoreError> {
        let plan = QueryPlan::of(store, account, &listed.criteria)?;
        let place = is_in(listed.criteria.place);
        let hits = if plan.matches_nothing() { "NULL".to_owned() } else { union(&plan.sources()) };
        let of_threads = if listed.grouped {
            format!("OR thread IN (SELECT thread FROM event WHERE id IN ({hits}) AND thread IS NOT NULL)")
        } else {
            String::new()
        };
        let condition = format!("account_id = :account AND id < :before AND {place} AND (id IN ({hits}) {of_threads})");
        Ok(Self { plan, condition, end })
    }

    fn values(&self, query: &Statement<'_>) -> Vec<(&'static str, &dyn ToSql)> {
        self.plan.values(query, &self.end, &u32::MAX)
    }
}

fn put(
    transaction: &Transaction<'_>,
    account: AccountKey,
    rows: impl Iterator<Item = RowState>,
) -> Result<(), StoreError> {
    let mut alike = BTreeMap::<_, Vec<i64>>::new();
    for row in rows {
        alike.entry((row.read, row.cleared_ms)).or_default().push(row.id);
    }
    // One statement for all that become alike takes a third of the time of one for each.
    let mut update = transaction.prepare_cached(
        "UPDATE event SET read = ?3, cleared_ms = ?4
         WHERE +account_id = ?1 AND id IN (SELECT value FROM json_each(?2))",
    )?;
    for ((read, cleared_ms), ids) in alike {
        update.execute(params![account.0, format!("{ids:?}"), read, cleared_ms])?;
    }
    Ok(())
}

fn before(row: &Row<'_>) -> rusqlite::Result<RowState> {
    Ok(RowState { id: row.get("id")?, read: row.get("read")?, cleared_ms: row.get("cleared_ms")? })
}
