//! Query plans for list criteria: one index leads, the other conditions filter.
//!
//! Each list runs from the newest row to the oldest and stops when its page is full. The leading index is named in the
//! SQL, because SQLite has no statistics on how many rows are read, done or of a kind.

use domain::criteria::{Criteria, Mailbox};
use domain::event::EventKind;
use rusqlite::{Statement, ToSql};

use super::inbox::{COLUMNS, RowPage, cut, notification};
use super::rooms::sets_with;
use super::search::FullTextQuery;
use super::sql_values::name;
use super::{AccountKey, MAX_PAGE, Store, StoreError};

/// With more unread rows than this, those of a kind are found sooner by looking at each of that kind.
pub(super) const FEW_UNREAD: u64 = 4_000;

/// A place with fewer rows than this is small enough to look each hit of a search up in it, before its row is read.
const SMALL: u64 = 20_000;

/// With fewer rows than this, those of a room are found sooner by looking at each of them.
const FEW_OF_ROOM: u32 = 4_000;

/// A room in more sets than this is looked for in the rows: a query has room for 500 of them.
const FEW_SETS: usize = 100;

/// What is asked for, and how it is looked for.
pub(super) struct QueryPlan<'a> {
    account: AccountKey,
    criteria: &'a Criteria,
    search: IndexSearch,
    /// The sets with the room, as a list of numbers.
    sets: Option<Vec<i64>>,
    lead: LeadingIndex<'a>,
}

enum IndexSearch {
    /// No text.
    None,
    /// Text without a word: nothing has it.
    Nothing,
    Words(FullTextQuery),
}

/// The index that leads.
enum LeadingIndex<'a> {
    Text { small: bool },
    Unread,
    Flight,
    Rule,
    Kinds(&'a [EventKind]),
    Room,
    All,
}

impl<'a> QueryPlan<'a> {
    /// Chooses the way.
    pub fn of(store: &Store, account: AccountKey, criteria: &'a Criteria) -> Result<Self, StoreError> {
        let search = match FullTextQuery::of(criteria) {
            _ if criteria.text.trim().is_empty() => IndexSearch::None,
            Some(question) => IndexSearch::Words(question),
            None => IndexSearch::Nothing,
        };
        let few_unread = || Ok::<_, StoreError>(store.counts(account)?.0 <= FEW_UNREAD);
        let of_inbox = criteria.place == Mailbox::Inbox;
        let sets = criteria.room.as_ref().map(|room| sets_with(&store.connection, account, room)).transpose()?;
        let in_sets = sets.as_ref().is_some_and(|sets| sets.len() <= FEW_SETS);
        let few_of_room = match &sets {
            Some(sets) => store.has_few_of(account, criteria.place, sets)?,
            None => false,
        };
        let lead = if matches!(search, IndexSearch::Words(_)) {
            LeadingIndex::Text { small: few_of_room || store.rows_of(account, criteria)? <= SMALL }
        } else if criteria.unread && of_inbox && few_unread()? {
            LeadingIndex::Unread
        } else if in_sets && few_of_room {
            LeadingIndex::Room
        } else if criteria.flight.is_some() {
            LeadingIndex::Flight
        } else if criteria.rule.is_some() {
            LeadingIndex::Rule
        } else if !criteria.kinds.is_empty() {
            LeadingIndex::Kinds(&criteria.kinds)
        } else if in_sets {
            LeadingIndex::Room
        } else if criteria.unread && of_inbox {
            LeadingIndex::Unread
        } else {
            LeadingIndex::All
        };
        Ok(Self { account, criteria, search, sets, lead })
    }

    /// Nothing can fit.
    pub fn matches_nothing(&self) -> bool {
        matches!(self.search, IndexSearch::Nothing)
    }

    /// The ids of what fits below `:before`, as queries that together find each of them once, newest first.
    pub fn sources(&self) -> Vec<String> {
        let place = is_in(self.criteria.place);
        let done = match self.criteria.place {
            Mailbox::Inbox => "",
            Mailbox::Done => "done_",
        };
        let fits = self.remaining_filter("event");
        let from = |index: &str, more: &str| {
            format!(
                "SELECT id FROM event INDEXED BY event_{index}
                 WHERE account_id = :account AND {place} AND id < :before {more} {fits} ORDER BY id DESC"
            )
        };
        match self.lead {
            LeadingIndex::Text { small } => {
                let unread = if self.criteria.unread { "AND read = 0" } else { "" };
                let room = self.of_room("event");
                // The sign keeps the full-text index from being asked once for each of them.
                let at_hand = format!(
                    "AND +event_text.rowid IN
                        (SELECT id FROM event WHERE account_id = :account AND {place} {unread} {room})"
                );
                vec![format!(
                    "SELECT event.id FROM event_text CROSS JOIN event ON event.id = event_text.rowid
                     WHERE event_text MATCH :question AND event_text.rowid < :before {}
                        AND account_id = :account AND {place} {fits} ORDER BY event_text.rowid DESC",
                    if small { &at_hand } else { "" }
                )]
            }
            LeadingIndex::Unread => vec![from("unread", "")],
            LeadingIndex::Flight => vec![from(&format!("{done}number"), "")],
            LeadingIndex::Rule => vec![from(&format!("{done}rule"), "")],
            LeadingIndex::Kinds(kinds) => {
                let mut names: Vec<_> = kinds.iter().map(name).collect();
                names.sort_unstable();
                names.dedup();
                names.iter().map(|kind| from(&format!("{done}kind"), &format!("AND kind = '{kind}'"))).collect()
            }
            LeadingIndex::Room => {
                let sets = self.sets.iter().flatten();
                sets.map(|set| from(&format!("{done}rooms"), &format!("AND room_set = {set}"))).collect()
            }
            LeadingIndex::All if self.criteria.place == Mailbox::Inbox => vec![from("listed", "")],
            LeadingIndex::All => vec![from("done", "")],
        }
    }

    /// The ids among which what fits is, to be looked up in: with the [`QueryPlan::remaining_filter`] of a row in the place, it is all.
    pub fn found(&self) -> String {
        match self.lead {
            // No row is read for it.
            LeadingIndex::Text { .. } => {
                "SELECT rowid FROM event_text WHERE event_text MATCH :question AND rowid < :before".to_owned()
            }
            _ => union(&self.sources()),
        }
    }

    /// What a row has to fit beside account, place, id and text.
    pub fn remaining_filter(&self, row: &str) -> String {
        let mut fits = String::new();
        if self.criteria.unread {
            fits += &format!(" AND {row}.read = 0");
        }
        if self.criteria.flight.is_some() {
            fits += &format!(" AND {row}.flight_number = :flight COLLATE NOCASE");
        }
        if self.criteria.rule.is_some() {
            fits += &format!(" AND {row}.outcome_rule = :rule");
        }
        if !self.criteria.kinds.is_empty() && !matches!(self.lead, LeadingIndex::Kinds(_)) {
            let names: Vec<_> = self.criteria.kinds.iter().map(|kind| format!("'{}'", name(kind))).collect();
            fits += &format!(" AND {row}.kind IN ({})", names.join(", "));
        }
        if !matches!(self.lead, LeadingIndex::Room) {
            fits += &self.of_room(row);
        }
        fits
    }

    fn of_room(&self, row: &str) -> String {
        let sets = self.sets.as_ref().map(|sets| numbers(sets));
        sets.map(|sets| format!(" AND {row}.room_set IN ({sets})")).unwrap_or_default()
    }

    /// The values that a query names.
    pub fn values<'v>(
        &'v self,
        query: &Statement<'_>,
        before: &'v i64,
        limit: &'v u32,
    ) -> Vec<(&'static str, &'v dyn ToSql)> {
        let mut values: Vec<(&str, &dyn ToSql)> =
            vec![(":account", &self.account.0), (":before", before), (":limit", limit)];
        if let Some(flight) = &self.criteria.flight {
            values.push((":flight", flight));
        }
        if let Some(rule) = &self.criteria.rule {
            values.push((":rule", rule));
        }
        if let IndexSearch::Words(question) = &self.search {
            values.push((":question", question.as_sql()));
        }
        values.retain(|(name, _)| matches!(query.parameter_index(name), Ok(Some(_))));
        values
    }
}

fn numbers(sets: &[i64]) -> String {
    sets.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// The condition of a place.
pub(super) fn is_in(place: Mailbox) -> &'static str {
    match place {
        Mailbox::Inbox => "cleared_ms IS NULL",
        Mailbox::Done => "cleared_ms IS NOT NULL",
    }
}

/// All of them, as one query.
pub(super) fn union(sources: &[String]) -> String {
    sources.iter().map(|source| format!("SELECT * FROM ({source})")).collect::<Vec<_>>().join(" UNION ALL ")
}

/// All of them, each cut at `:limit`, as one query.
pub(super) fn cut_union(sources: &[String]) -> String {
    let cut: Vec<_> = sources.iter().map(|source| format!("SELECT * FROM ({source} LIMIT :limit)")).collect();
    cut.join(" UNION ALL ")
}

impl Store {
    /// Rows that fit and are older than `before`, newest first, at most `limit` of them and never more than [`MAX_PAGE`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn list(
        &self,
        account: AccountKey,
        criteria: &Criteria,
        before: Option<i64>,
        limit: u32,
    ) -> Result<RowPage, StoreError> {
        let plan = QueryPlan::of(self, account, criteria)?;
        if plan.matches_nothing() {
            return Ok(RowPage { items: Vec::new(), has_more: false });
        }
        let limit = limit.clamp(1, MAX_PAGE);
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM event WHERE account_id = :account AND id < :before
                AND id IN ({}) ORDER BY id DESC LIMIT :limit",
            cut_union(&plan.sources())
        ))?;
        let (before, one_more) = (before.unwrap_or(i64::MAX), limit + 1);
        let values = plan.values(&select, &before, &one_more);
        let rows = select.query_map(&*values, notification(self.language))?;
        let (items, has_more) = cut(rows.collect::<Result<_, _>>()?, limit);
        Ok(RowPage { items, has_more })
    }

    /// Whether [`FEW_OF_ROOM`] rows at most of the place have one of these sets of rooms.
    fn has_few_of(&self, account: AccountKey, place: Mailbox, sets: &[i64]) -> Result<bool, StoreError> {
        let (place, sets) = (is_in(place), numbers(sets));
        let mut count = self.connection.prepare_cached(&format!(
            "SELECT count(*) FROM (SELECT 1 FROM event WHERE account_id = ?1 AND {place} AND room_set IN ({sets}) LIMIT ?2)"
        ))?;
        Ok(count.query_row((account.0, FEW_OF_ROOM + 1), |row| row.get::<_, u32>(0))? <= FEW_OF_ROOM)
    }

    /// How many rows the place has, or how many unread ones where only those are wanted, as far as that is counted.
    fn rows_of(&self, account: AccountKey, criteria: &Criteria) -> Result<u64, StoreError> {
        let (unread, total) = self.counts(account)?;
        Ok(match criteria.place {
            Mailbox::Inbox if criteria.unread => unread,
            Mailbox::Inbox => total,
            Mailbox::Done => self.stored(account)?.saturating_sub(total),
        })
    }
}
