//! The inbox by booking and flight: each of them once, with its latest row, and all rows of one.

use domain::view::{Notification, ThreadChoice, ThreadView, TrailStep};
use rusqlite::{OptionalExtension, Row, params};

use super::columns::{maybe_moment, moment, named};
use super::inbox::{COLUMNS, Page, cut, notification};
use super::threads::choice;
use super::{AccountKey, MAX_PAGE, Store, StoreError};

/// Steps of a trail.
const TRAIL: u32 = 6;

/// With more unread rows than this, those of a page are found sooner by looking at each thread than at each unread row.
const FEW_UNREAD: u64 = 4_000;

/// With fewer threads than this, a page is found sooner by looking at each of them than by a walk through their rows.
const FEW_THREADS: i64 = 400;

/// The latest row of its thread, as far as the inbox lists it. Looks into `event_grouped` once a row.
const LATEST: &str = "(thread IS NULL OR NOT EXISTS (
        SELECT 1 FROM event AS newer WHERE newer.account_id = event.account_id AND newer.thread = event.thread
            AND newer.id > event.id AND newer.cleared_ms IS NULL))";

/// Its thread has unread rows.
const UNREAD: &str = "(read = 0 OR EXISTS (
        SELECT 1 FROM event AS older WHERE older.account_id = event.account_id AND older.thread = event.thread
            AND older.read = 0 AND older.cleared_ms IS NULL))";

/// The latest rows of all threads with unread rows, found from those.
const OF_UNREAD: &str = "id IN (
        SELECT coalesce(
            (SELECT newest.id FROM event AS newest WHERE newest.account_id = unread.account_id
                AND newest.thread = unread.thread AND newest.cleared_ms IS NULL ORDER BY newest.id DESC LIMIT 1),
            unread.id)
        FROM event AS unread WHERE unread.account_id = ?1 AND unread.read = 0 AND unread.cleared_ms IS NULL)";

/// All threads, each found by a jump in `event_grouped` from the one before; at most [`FEW_THREADS`] of them.
const NAMED: &str = "WITH RECURSIVE named (thread, nth) AS (
        SELECT '', 0
        UNION ALL
        SELECT (SELECT next.thread FROM event AS next WHERE next.account_id = ?1 AND next.cleared_ms IS NULL
                AND next.thread > named.thread ORDER BY next.thread LIMIT 1), nth + 1
        FROM named WHERE named.thread IS NOT NULL AND nth < 400)";

/// The latest rows of the threads in `named`, and the rows that stand alone.
const OF_NAMED: &str = "id IN (
        SELECT (SELECT newest.id FROM event AS newest WHERE newest.account_id = ?1 AND newest.thread = named.thread
                AND newest.cleared_ms IS NULL ORDER BY newest.id DESC LIMIT 1)
        FROM named WHERE thread IS NOT NULL
        UNION ALL
        SELECT * FROM (SELECT alone.id FROM event AS alone WHERE alone.account_id = ?1 AND alone.thread IS NULL
            AND alone.cleared_ms IS NULL AND alone.id < ?2 ORDER BY alone.id DESC LIMIT ?3))";

/// Threads, the one with the newest row first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadPage {
    /// At most as many as asked for.
    pub items: Vec<ThreadView>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Store {
    /// Threads whose latest row is older than `before`, at most `limit` of them and never more than [`MAX_PAGE`]. Only what
    /// the inbox lists counts.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn threads(
        &self,
        account: AccountKey,
        before: Option<i64>,
        limit: u32,
        unread_only: bool,
    ) -> Result<ThreadPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let (with, which) = match unread_only {
            false if self.has_few_threads(account)? => (NAMED, OF_NAMED.to_owned()),
            false => ("", LATEST.to_owned()),
            true if self.counts(account)?.0 <= FEW_UNREAD => ("", OF_UNREAD.to_owned()),
            true => ("", format!("{LATEST} AND {UNREAD}")),
        };
        let mut select = self.connection.prepare_cached(&format!(
            "{with} SELECT {COLUMNS} FROM event WHERE account_id = ?1 AND cleared_ms IS NULL AND id < ?2 AND {which}
             ORDER BY id DESC LIMIT ?3"
        ))?;
        let before = before.unwrap_or(i64::MAX);
        let rows = select.query_map(params![account.0, before, limit + 1], notification(self.language))?;
        let (latest, has_more) = cut(rows.collect::<Result<_, _>>()?, limit);
        let items = latest.into_iter().map(|row| self.view(account, row)).collect::<Result<_, _>>()?;
        Ok(ThreadPage { items, has_more })
    }

    /// The rows of one thread that are older than `before`, newest first, at most `limit` of them and never more than
    /// [`MAX_PAGE`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn thread(
        &self,
        account: AccountKey,
        thread: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM event WHERE account_id = ?1 AND thread = ?2 AND id < ?3 AND cleared_ms IS NULL
             ORDER BY id DESC LIMIT ?4"
        ))?;
        let before = before.unwrap_or(i64::MAX);
        let rows = select.query_map(params![account.0, thread, before, limit + 1], notification(self.language))?;
        let (items, has_more) = cut(rows.collect::<Result<_, _>>()?, limit);
        Ok(Page { items, has_more })
    }

    fn has_few_threads(&self, account: AccountKey) -> Result<bool, StoreError> {
        let mut count = self.connection.prepare_cached(&format!("{NAMED} SELECT count(*) FROM named"))?;
        Ok(count.query_row([account.0], |row| row.get::<_, i64>(0))? <= FEW_THREADS)
    }

    fn view(&self, account: AccountKey, latest: Notification) -> Result<ThreadView, StoreError> {
        let Some(thread) = latest.thread.clone() else {
            let step = TrailStep {
                kind: latest.kind,
                status: latest.status.clone(),
                at: latest.timestamp.unwrap_or(latest.received_at),
                reconstructed: latest.reconstructed,
            };
            let unread = u32::from(!latest.read);
            return Ok(ThreadView {
                thread: None,
                latest,
                unread,
                total: 1,
                trail: vec![step],
                choice: ThreadChoice::default(),
            });
        };
        let mut count = self.connection.prepare_cached(
            "SELECT count(*) AS total, sum(read = 0) AS unread FROM event
             WHERE account_id = ?1 AND thread = ?2 AND cleared_ms IS NULL",
        )?;
        let (total, unread) =
            count.query_row(params![account.0, thread], |row| Ok((row.get("total")?, row.get("unread")?)))?;
        let mut select = self.connection.prepare_cached(
            "SELECT kind, status, received_ms, emitted_ms, reconstructed FROM event
             WHERE account_id = ?1 AND thread = ?2 AND cleared_ms IS NULL ORDER BY id DESC LIMIT ?3",
        )?;
        let mut trail =
            select.query_map(params![account.0, thread, TRAIL], trail_step)?.collect::<Result<Vec<_>, _>>()?;
        trail.reverse();
        let mut select = self
            .connection
            .prepare_cached("SELECT muted, snoozed_until_ms FROM thread WHERE account_id = ?1 AND thread = ?2")?;
        let choice = select.query_row(params![account.0, thread], choice).optional()?.unwrap_or_default();
        Ok(ThreadView { thread: Some(thread), latest, unread, total, trail, choice })
    }
}

fn trail_step(row: &Row<'_>) -> rusqlite::Result<TrailStep> {
    let at = maybe_moment(row, "emitted_ms")?;
    Ok(TrailStep {
        kind: named(row, "kind")?,
        status: row.get("status")?,
        at: match at {
            Some(at) => at,
            None => moment(row, "received_ms")?,
        },
        reconstructed: row.get("reconstructed")?,
    })
}
