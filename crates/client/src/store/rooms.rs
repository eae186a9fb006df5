//! Room sets of rows: each set of rooms is stored once.

use domain::room_tracking::RoomTrace;
use domain::rooms::{Room, Rooms};
use domain::wire::UNTIMED_REPEAT_SECS;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{AccountKey, StoreError};

/// Nothing is known.
const UNKNOWN: i64 = 0;

/// The set of these rooms.
pub(super) fn set_of(transaction: &Transaction<'_>, account: AccountKey, rooms: &Rooms) -> Result<i64, StoreError> {
    if rooms.is_empty() {
        return Ok(UNKNOWN);
    }
    let text = rooms.iter().fold("\n".to_owned(), |text, room| text + room.as_str() + "\n");
    let known = transaction
        .prepare_cached("SELECT id FROM room_set WHERE account_id = ?1 AND rooms = ?2")?
        .query_row(params![account.0, text], |row| row.get(0))
        .optional()?;
    match known {
        Some(set) => Ok(set),
        None => {
            let mut insert = transaction.prepare_cached("INSERT INTO room_set (account_id, rooms) VALUES (?1, ?2)")?;
            Ok(insert.insert(params![account.0, text])?)
        }
    }
}

/// The sets with this room, that of rows of which nothing is known among them.
pub(super) fn sets_with(connection: &Connection, account: AccountKey, room: &Room) -> Result<Vec<i64>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT id FROM room_set WHERE account_id = ?1 AND instr(rooms, ?2) > 0 ORDER BY id")?;
    let mut sets = vec![UNKNOWN];
    for set in select.query_map(params![account.0, format!("\n{}\n", room.as_str())], |row| row.get(0))? {
        sets.push(set?);
    }
    Ok(sets)
}

/// The rooms in the column `rooms`.
pub(super) fn rooms(row: &Row<'_>) -> rusqlite::Result<Rooms> {
    let text: Option<String> = row.get("rooms")?;
    let names = text.iter().flat_map(|text| text.split('\n')).filter(|name| !name.is_empty());
    Ok(names.map(|name| Room::from(name.to_owned())).collect())
}

/// A row whose event came again.
pub(super) struct RepeatedEvent {
    pub id: i64,
    pub received_ms: i64,
}

/// Takes in what a repetition that came at `at_ms` tells of the rooms. Whether the row has others now.
pub(super) fn learn_rooms(
    transaction: &Transaction<'_>,
    account: AccountKey,
    row: &RepeatedEvent,
    trace: &RoomTrace,
    at_ms: i64,
) -> Result<bool, StoreError> {
    let in_one_breath = (at_ms - row.received_ms).abs() <= UNTIMED_REPEAT_SECS * 1000;
    change(transaction, account, row.id, |known| trace.repeated(known, in_one_breath))
}

/// Replaces the rooms of a row by what `next` makes of them. Whether they are others now.
pub(super) fn change(
    transaction: &Transaction<'_>,
    account: AccountKey,
    row: i64,
    next: impl FnOnce(Rooms) -> Rooms,
) -> Result<bool, StoreError> {
    let known = transaction
        .prepare_cached("SELECT rooms FROM event LEFT JOIN room_set ON room_set.id = room_set WHERE event.id = ?1")?
        .query_row([row], rooms)?;
    let next = next(known.clone());
    if next == known {
        return Ok(false);
    }
    let set = set_of(transaction, account, &next)?;
    transaction.prepare_cached("UPDATE event SET room_set = ?2 WHERE id = ?1")?.execute(params![row, set])?;
    Ok(true)
}
