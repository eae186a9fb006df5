//! The `event_log`, `event` and `audience` tables: the [`EventLog`] on SQLite.
//!
//! One writer commits one transaction after the other, so places become visible in their order, and `AUTOINCREMENT`
//! never gives one a second time, not even after everything was pruned.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Rows, params};
use serde_json::value::RawValue;

use super::error::GatewayStoreError;
use crate::event_log::{
    Bounds, Epoch, EventEnvelope, LoggedEvent, PRUNE_ROWS, PublishedEvent, Recipient, Seq, VisibleEvent,
};
use crate::rights::Visibility;
use crate::time::UnixMillis;

/// A page is closed early, when its envelopes and rooms have this many bytes: one answer is not to hold 200 large events.
const PAGE_MAX_BYTES: usize = 1024 * 1024;

/// Events of one room.
pub(super) const OF_ROOM: &str =
    "SELECT seq, data, room FROM audience WHERE room = :room AND seq > :after ORDER BY seq";

/// Events of all staff rooms. The conditions are those of the index.
pub(super) const OF_STAFF: &str = "SELECT seq, data, room FROM audience
     WHERE room <> 'admin' AND room NOT GLOB 'user:*' AND seq > :after ORDER BY seq";

/// The event log inside one transaction of the store.
///
/// A PostgreSQL store, for a gateway on several machines, has to keep two promises that SQLite's single writer gives
/// for free: [`Seq`]s become visible in their order, and a read sees the head that it is bounded by (wire facts,
/// section 4).
pub struct EventLog<'a>(pub(super) &'a Connection);

impl EventLog<'_> {
    /// Adds an event at the head.
    ///
    /// # Errors
    /// When SQLite fails; the transaction is to be rolled back.
    pub fn append(&self, event: &PublishedEvent, now: UnixMillis) -> Result<Seq, GatewayStoreError> {
        let envelope = serde_json::to_string(&event.envelope)?;
        let mut add = self.0.prepare_cached("INSERT INTO event (channel, envelope, created_at) VALUES (?1, ?2, ?3)")?;
        let seq = Seq(add.insert(params![event.channel, envelope, now])?);
        let mut add = self.0.prepare_cached("INSERT INTO audience (seq, room, data) VALUES (?1, ?2, ?3)")?;
        for Recipient { room, data } in &event.audience {
            add.execute(params![seq.0, room, data.as_deref().map(RawValue::get)])?;
        }
        Ok(seq)
    }

    /// Epoch, floor and head.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn bounds(&self) -> Result<Bounds, GatewayStoreError> {
        // Only a prefix is ever pruned: with no event left, the last one lay at the floor.
        let sql = "SELECT epoch, floor, coalesce((SELECT max(seq) FROM event), floor) FROM event_log";
        let read = |row: &Row<'_>| {
            Ok(Bounds { epoch: Epoch::new(&row.get::<_, String>(0)?), floor: Seq(row.get(1)?), head: Seq(row.get(2)?) })
        };
        Ok(self.0.prepare_cached(sql)?.query_row([], read)?)
    }

    /// The first `limit` events after `after` within `visibility`, in order, and whether there are more. Fewer when they
    /// are large.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn read(
        &self,
        after: Seq,
        visibility: &Visibility,
        limit: usize,
    ) -> Result<(Vec<VisibleEvent>, bool), GatewayStoreError> {
        let mut merged = MergedPage { entries: BTreeMap::new(), max_entries: limit + 1 };
        let mut of_room = self.0.prepare_cached(OF_ROOM)?;
        for room in &visibility.rooms {
            merged.merge(of_room.query(rusqlite::named_params! { ":room": room, ":after": after.0 })?)?;
        }
        if visibility.staff_rooms {
            let mut of_staff = self.0.prepare_cached(OF_STAFF)?;
            merged.merge(of_staff.query(rusqlite::named_params! { ":after": after.0 })?)?;
        }

        let mut one = self.0.prepare_cached("SELECT channel, envelope FROM event WHERE seq = ?1")?;
        let (mut page, mut bytes) = (Vec::new(), 0);
        for (seq, MergedEntry { own_data, rooms }) in merged.entries {
            if page.len() == limit || bytes > PAGE_MAX_BYTES {
                return Ok((page, true));
            }
            let (channel, text) = one.query_row([seq.0], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
            bytes += text.len() + rooms.iter().map(String::len).sum::<usize>();
            let mut envelope: EventEnvelope = serde_json::from_str(&text)?;
            if let Some(data) = own_data {
                envelope.data = RawValue::from_string(data)?;
            }
            page.push(VisibleEvent { seq, channel, envelope, rooms });
        }
        Ok((page, false))
    }

    /// The first `limit` events after `after`, in order, whoever their recipients are.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn tail(&self, after: Seq, limit: usize) -> Result<Vec<LoggedEvent>, GatewayStoreError> {
        let mut events =
            self.0.prepare_cached("SELECT seq, channel, envelope FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        // Rooms with data of their own first: the emitter counts on it.
        let mut rooms =
            self.0.prepare_cached("SELECT room, data FROM audience WHERE seq = ?1 ORDER BY data IS NULL, room")?;
        let mut rows = events.query(params![after.0, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut tail = Vec::new();
        while let Some(row) = rows.next()? {
            let (seq, channel) = (row.get(0)?, row.get(1)?);
            let envelope: EventEnvelope =
                serde_json::from_str(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?;
            let audience = rooms.query_and_then([seq], |row| {
                let data = row.get::<_, Option<String>>(1)?.map(RawValue::from_string).transpose()?;
                Ok::<_, GatewayStoreError>(Recipient { room: row.get(0)?, data })
            })?;
            let audience = audience.collect::<Result<_, _>>()?;
            tail.push(LoggedEvent { seq: Seq(seq), event: PublishedEvent { channel, envelope, audience } });
        }
        Ok(tail)
    }

    /// Removes the oldest events that were appended before `before`, about [`PRUNE_ROWS`] rows of them, and moves the
    /// floor. Returns whether there may be more to remove.
    ///
    /// # Errors
    /// When SQLite fails; the transaction is to be rolled back.
    pub fn prune(&self, before: UnixMillis) -> Result<bool, GatewayStoreError> {
        let mut oldest = self.0.prepare_cached(
            "SELECT seq, created_at, (SELECT count(*) FROM audience WHERE audience.seq = event.seq)
             FROM event ORDER BY seq",
        )?;
        let mut rows = oldest.query([])?;
        let (mut floor, mut rows_in_step, mut more) = (None, 0, false);
        while let Some(row) = rows.next()? {
            // A prefix, whatever the clock did: the first event that has to stay keeps all behind it.
            if row.get::<_, UnixMillis>(1)? >= before {
                break;
            }
            let rows_of_event = 1 + row.get::<_, i64>(2)?;
            if floor.is_some() && rows_in_step + rows_of_event > PRUNE_ROWS {
                more = true;
                break;
            }
            floor = Some(row.get::<_, i64>(0)?);
            rows_in_step += rows_of_event;
        }
        drop(rows);
        if let Some(floor) = floor {
            for statement in [
                "DELETE FROM audience WHERE seq <= ?1",
                "DELETE FROM idempotency_keys WHERE seq <= ?1",
                "DELETE FROM event WHERE seq <= ?1",
                "UPDATE event_log SET floor = ?1",
            ] {
                self.0.prepare_cached(statement)?.execute([floor])?;
            }
        }
        Ok(more)
    }
}

/// A page merged from the ascending rows of several rooms, each event once.
struct MergedPage {
    entries: BTreeMap<Seq, MergedEntry>,
    max_entries: usize,
}

/// One event, merged from the rooms that share it.
struct MergedEntry {
    /// Data of the widest copy; `None` is the full data.
    own_data: Option<String>,
    /// Rooms that the event was found in.
    rooms: Vec<String>,
}

impl MergedPage {
    fn merge(&mut self, mut rows: Rows<'_>) -> Result<(), GatewayStoreError> {
        while let Some(row) = rows.next()? {
            let seq = Seq(row.get(0)?);
            let full = self.entries.len() >= self.max_entries;
            if full && self.entries.last_key_value().is_some_and(|(last, _)| seq > *last) {
                // The rest of an ascending stream lies further away still.
                break;
            }
            let data: Option<String> = row.get(1)?;
            let entry =
                self.entries.entry(seq).or_insert_with(|| MergedEntry { own_data: data.clone(), rooms: Vec::new() });
            if data.is_none() {
                entry.own_data = None;
            }
            entry.rooms.push(row.get(2)?);
            if self.entries.len() > self.max_entries {
                self.entries.pop_last();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    #![allow(clippy::print_stdout, reason = "prints how long a step takes")]

    use std::time::{Duration, Instant};

    use super::super::schema;
    use super::*;

    const EVERYTHING: Visibility = Visibility { rooms: Vec::new(), staff_rooms: true };

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    /// An event for these rooms; those with `data` see that alone.
    fn event(rooms: &[(&str, Option<&str>)]) -> PublishedEvent {
        let audience =
            rooms.iter().map(|(room, data)| Recipient { room: (*room).to_owned(), data: data.map(raw) }).collect();
        let envelope = EventEnvelope { event: "TOLD".to_owned(), data: raw(r#"{"all":1}"#), timestamp: UnixMillis(0) };
        PublishedEvent { channel: "test:told".to_owned(), envelope, audience }
    }

    fn seen(log: &Connection, rooms: &[&str], staff_rooms: bool) -> Vec<(i64, String)> {
        let rooms = rooms.iter().map(|room| (*room).to_owned()).collect();
        let (items, more) = EventLog(log).read(Seq(0), &Visibility { rooms, staff_rooms }, 10).unwrap();
        assert!(!more);
        items.into_iter().map(|item| (item.seq.0, item.envelope.data.get().to_owned())).collect()
    }

    #[test]
    fn an_event_comes_once_with_the_widest_copy_that_is_visible() {
        let (log, _) = schema::open(None).unwrap();
        let (own, all) = (r#"{"own":1}"#, r#"{"all":1}"#);
        EventLog(&log).append(&event(&[("user:7", Some(own)), ("admin", None)]), UnixMillis(0)).unwrap();
        EventLog(&log).append(&event(&[("one", None), ("two", Some(own)), ("user:8", None)]), UnixMillis(0)).unwrap();
        let item = |seq: i64, data: &str| (seq, data.to_owned());
        assert_eq!(seen(&log, &["user:7"], false), [item(1, own)]);
        assert_eq!(seen(&log, &["user:7", "admin"], false), [item(1, all)]);
        assert_eq!(seen(&log, &["admin", "user:7"], true), [item(1, all), item(2, all)]);
        assert_eq!(seen(&log, &["two"], false), [item(2, own)]);
        assert_eq!(seen(&log, &[], true), [item(2, all)], "staff rooms are neither admin nor a user's");
        assert_eq!(seen(&log, &["user:9"], false), []);
        let tail = EventLog(&log).tail(Seq(0), 10).unwrap();
        let rooms: Vec<&str> = tail[1].event.audience.iter().map(|audience| audience.room.as_str()).collect();
        assert_eq!(rooms, ["two", "one", "user:8"], "rooms with data of their own come first");
    }

    #[test]
    fn a_page_takes_the_nearest_events_of_every_room() {
        let (log, _) = schema::open(None).unwrap();
        for number in 0..60 {
            let rooms = [("a", None), ("b", None), ("c", None)];
            EventLog(&log).append(&event(&rooms[number % 3..=number % 3]), UnixMillis(0)).unwrap();
        }
        let visibility = Visibility { rooms: vec!["c".to_owned(), "a".to_owned()], staff_rooms: false };
        let (mut after, mut all) = (Seq(0), Vec::new());
        loop {
            let (items, more) = EventLog(&log).read(after, &visibility, 7).unwrap();
            all.extend(items.iter().map(|item| item.seq.0));
            after = items.last().unwrap().seq;
            if !more {
                break;
            }
        }
        assert!(all.into_iter().eq((1..=60).filter(|seq| seq % 3 != 2)));
    }

    #[test]
    fn pruning_takes_the_oldest_and_moves_the_floor_with_them() {
        let (log, _) = schema::open(None).unwrap();
        // The clock goes back in between: what lies behind a young event stays with it.
        for at in [10, 20, 30, 15, 40] {
            EventLog(&log).append(&event(&[("a", None), ("b", None)]), UnixMillis(at)).unwrap();
        }
        let bounds = || EventLog(&log).bounds().map(|bounds| (bounds.floor.0, bounds.head.0)).unwrap();
        assert!(!EventLog(&log).prune(UnixMillis(10)).unwrap());
        assert_eq!(bounds(), (0, 5));
        assert!(!EventLog(&log).prune(UnixMillis(25)).unwrap());
        assert_eq!(bounds(), (2, 5));
        assert_eq!(EventLog(&log).read(Seq(0), &EVERYTHING, 10).unwrap().0.len(), 3);
        EventLog(&log).prune(UnixMillis(1000)).unwrap();
        assert_eq!(bounds(), (5, 5));
        assert_eq!(EventLog(&log).append(&event(&[("a", None)]), UnixMillis(50)).unwrap(), Seq(6));
        let rows: i64 = log.query_row("SELECT count(*) FROM audience", [], |row| row.get(0)).unwrap();
        assert_eq!((bounds(), rows), ((5, 6), 1));
    }

    #[test]
    fn a_step_of_pruning_is_small_whatever_the_events_are() {
        let folder = tempfile::tempdir().unwrap();
        let (mut log, _) = schema::open(Some(&folder.path().join("gateway.sqlite3"))).unwrap();
        let users: Vec<String> = (0..400).map(|user| format!("user:{user}")).collect();
        let tx = log.transaction().unwrap();
        for number in 0..5000 {
            let few = [(users[number % 400].as_str(), None), ("admin", None)];
            let many: Vec<_> = users.iter().map(|user| (user.as_str(), None)).collect();
            let rooms = if number % 100 == 0 { many.as_slice() } else { few.as_slice() };
            EventLog(&tx).append(&event(rooms), UnixMillis(0)).unwrap();
        }
        tx.commit().unwrap();
        let (mut steps, mut more) = (Vec::new(), true);
        while more {
            let began = Instant::now();
            let tx = log.transaction().unwrap();
            let floor = EventLog(&tx).bounds().unwrap().floor.0;
            more = EventLog(&tx).prune(UnixMillis(1)).unwrap();
            let pruned = EventLog(&tx).bounds().unwrap().floor.0 - floor;
            tx.commit().unwrap();
            steps.push(began.elapsed());
            assert!(pruned <= PRUNE_ROWS / 3, "{pruned}");
        }
        steps.sort_unstable();
        let (median, slowest) = (steps[steps.len() / 2], steps[steps.len() - 1]);
        println!("{} steps, {median:.2?} in the median and {slowest:.2?} at most, with the commit", steps.len());
        assert!((140..240).contains(&steps.len()), "{}", steps.len());
        assert!(median < Duration::from_millis(50), "{median:?}");
    }
}
