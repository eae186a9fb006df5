//! The inbox by booking and flight: each thread once, with its latest row; and all rows of one thread.

use domain::criteria::{Criteria, Mailbox};
use domain::view::{Notification, ThreadPreference, ThreadView, TrailStep};
use rusqlite::{OptionalExtension, Row, params};

use super::criteria::{QueryPlan, cut_union, is_in, union};
use super::inbox::{COLUMNS, RowPage, cut, notification};
use super::sql_values::{maybe_moment, moment, named};
use super::thread_state::choice;
use super::{AccountKey, MAX_PAGE, Store, StoreError};

/// Steps of a trail.
const TRAIL: u32 = 6;

/// With more rows that fit than this, those of a page are found sooner by a walk through all threads.
const FEW_HITS: u32 = 4_000;

/// With fewer threads than this, a page is found sooner by looking at each of them than by a walk through their rows.
const FEW_THREADS: i64 = 400;

/// The latest row of its thread in the place. Looks into the place's index of threads once a row.
const LATEST: &str = "(thread IS NULL OR NOT EXISTS (
        SELECT 1 FROM event AS newer WHERE newer.account_id = event.account_id AND newer.thread = event.thread
            AND newer.id > event.id AND newer.{place}))";

/// Its thread has unread rows.
const UNREAD: &str = "(read = 0 OR EXISTS (
        SELECT 1 FROM event AS older WHERE older.account_id = event.account_id AND older.thread = event.thread
            AND older.read = 0 AND older.{place}))";

/// Its thread has rows that fit. The signs keep SQLite from going through all of those for each thread.
const HAS_HITS: &str = "((event.thread IS NULL AND +event.id IN ({found}) {event_fits}) OR EXISTS (
        SELECT 1 FROM event AS other WHERE other.account_id = event.account_id AND other.thread = event.thread
            AND other.{place} AND +other.id IN ({found}) {other_fits}))";

/// The latest rows of all threads with rows that fit, found from those.
const OF_HITS: &str = "id IN (
        SELECT coalesce(
            (SELECT newest.id FROM event AS newest WHERE newest.account_id = hit.account_id
                AND newest.thread = hit.thread AND newest.{place} ORDER BY newest.id DESC LIMIT 1),
            hit.id)
        FROM event AS hit WHERE hit.id IN ({hits}))";

/// All threads, each found by a jump in the place's index of threads from the one before; at most [`FEW_THREADS`] of them.
const NAMED: &str = "WITH RECURSIVE named (thread, nth) AS (
        SELECT '', 0
        UNION ALL
        SELECT (SELECT next.thread FROM event AS next WHERE next.account_id = :account AND next.{place}
                AND next.thread > named.thread ORDER BY next.thread LIMIT 1), nth + 1
        FROM named WHERE named.thread IS NOT NULL AND nth < 400)";

/// The latest rows of the threads in `named`, and the rows that stand alone.
const OF_NAMED: &str = "id IN (
        SELECT (SELECT newest.id FROM event AS newest WHERE newest.account_id = :account AND newest.thread = named.thread
                AND newest.{place} ORDER BY newest.id DESC LIMIT 1)
        FROM named WHERE thread IS NOT NULL
        UNION ALL
        SELECT * FROM (SELECT alone.id FROM event AS alone WHERE alone.account_id = :account AND alone.thread IS NULL
            AND alone.{place} AND alone.id < :before ORDER BY alone.id DESC LIMIT :limit))";

/// Threads, the one with the newest row first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThreadListPage {
    /// At most as many as asked for.
    pub items: Vec<ThreadView>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Store {
    /// Threads with a row that fits, whose latest row in the place is older than `before`: at most `limit` of them and never
    /// more than [`MAX_PAGE`]. Only what is in the place counts.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn threads(
        &self,
        account: AccountKey,
        criteria: &Criteria,
        before: Option<i64>,
        limit: u32,
    ) -> Result<ThreadListPage, StoreError> {
        let plan = QueryPlan::of(self, account, criteria)?;
        if plan.matches_nothing() {
            return Ok(ThreadListPage { items: Vec::new(), has_more: false });
        }
        let limit = limit.clamp(1, MAX_PAGE);
        let (before, one_more) = (before.unwrap_or(i64::MAX), limit + 1);
        let anything = Criteria { place: criteria.place, ..Criteria::default() };
        let hits = union(&plan.sources());
        let (with, which) = if *criteria == anything {
            match self.has_few_threads(account, criteria.place)? {
                true => (NAMED, OF_NAMED.to_owned()),
                false => ("", LATEST.to_owned()),
            }
        } else if self.has_few_hits(&plan, before)? {
            ("", OF_HITS.to_owned())
        } else if *criteria == (Criteria { unread: true, ..anything }) {
            ("", format!("{LATEST} AND {UNREAD}"))
        } else {
            ("", format!("{LATEST} AND {HAS_HITS}"))
        };
        let place = is_in(criteria.place);
        let sql = format!(
            "{with} SELECT {COLUMNS} FROM event WHERE account_id = :account AND {place} AND id < :before AND {which}
             ORDER BY id DESC LIMIT :limit"
        );
        let sql = sql.replace("{place}", place).replace("{hits}", &hits).replace("{found}", &plan.found());
        let sql = sql
            .replace("{event_fits}", &plan.remaining_filter("event"))
            .replace("{other_fits}", &plan.remaining_filter("other"));
        let mut select = self.connection.prepare_cached(&sql)?;
        let values = plan.values(&select, &before, &one_more);
        let rows = select.query_map(&*values, notification(self.language))?;
        let (latest, has_more) = cut(rows.collect::<Result<_, _>>()?, limit);
        let items = latest.into_iter().map(|row| self.view(account, criteria.place, row)).collect::<Result<_, _>>()?;
        Ok(ThreadListPage { items, has_more })
    }

    /// The rows of one thread that are older than `before`, also those that are done, newest first: at most `limit` of them
    /// and never more than [`MAX_PAGE`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn thread(
        &self,
        account: AccountKey,
        thread: &str,
        before: Option<i64>,
        limit: u32,
    ) -> Result<RowPage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM event WHERE account_id = ?1 AND thread = ?2 AND id < ?3
             ORDER BY id DESC LIMIT ?4"
        ))?;
        let before = before.unwrap_or(i64::MAX);
        let rows = select.query_map(params![account.0, thread, before, limit + 1], notification(self.language))?;
        let (items, has_more) = cut(rows.collect::<Result<_, _>>()?, limit);
        Ok(RowPage { items, has_more })
    }

    fn has_few_threads(&self, account: AccountKey, place: Mailbox) -> Result<bool, StoreError> {
        let named = NAMED.replace("{place}", is_in(place));
        let mut count = self.connection.prepare_cached(&format!("{named} SELECT count(*) FROM named"))?;
        Ok(count.query_row([account.0], |row| row.get::<_, i64>(0))? <= FEW_THREADS)
    }

    fn has_few_hits(&self, plan: &QueryPlan<'_>, before: i64) -> Result<bool, StoreError> {
        let mut count = self.connection.prepare_cached(&format!(
            "SELECT count(*) FROM (SELECT 1 FROM ({}) LIMIT :limit)",
            cut_union(&plan.sources())
        ))?;
        let limit = FEW_HITS + 1;
        let values = plan.values(&count, &before, &limit);
        Ok(count.query_row(&*values, |row| row.get::<_, u32>(0))? <= FEW_HITS)
    }

    fn view(&self, account: AccountKey, place: Mailbox, latest: Notification) -> Result<ThreadView, StoreError> {
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
                choice: ThreadPreference::default(),
            });
        };
        let place = is_in(place);
        let mut count = self.connection.prepare_cached(&format!(
            "SELECT count(*) AS total, sum(read = 0) AS unread FROM event
             WHERE account_id = ?1 AND thread = ?2 AND {place}"
        ))?;
        let (total, unread) =
            count.query_row(params![account.0, thread], |row| Ok((row.get("total")?, row.get("unread")?)))?;
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT kind, status, received_ms, emitted_ms, reconstructed FROM event
             WHERE account_id = ?1 AND thread = ?2 AND {place} ORDER BY id DESC LIMIT ?3"
        ))?;
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
