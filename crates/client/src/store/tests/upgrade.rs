//! From each earlier schema to this one.

use super::*;

const V1: &str = include_str!("../v1.sql");

#[test]
fn rows_of_the_first_schema_are_counted_and_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("inbox.sqlite3");
    {
        let old = Connection::open(&path).unwrap();
        old.execute_batch(V1).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.execute_batch(
            "INSERT INTO account (id, name) VALUES (1, 'a@b.c@http://localhost:3004');
             INSERT INTO event (account_id, digest, timed, channel, kind, raw, received_ms, urgency, title, body,
                 outcome_code, outcome_text, pnr, read, cleared_ms)
             VALUES (1, 'd1', 1, 'booking:created', 'bookingCreated', '{}', 1, 'normal', 'Booking ABC123 created', '',
                 'popped', 'x', 'ABC123', 0, NULL),
                (1, 'd2', 1, 'booking:created', 'bookingCreated', '{}', 2, 'normal', 'Booking DEF456 created', '',
                 'inboxOnly', 'x', 'DEF456', 1, NULL),
                (1, 'd3', 1, 'booking:created', 'bookingCreated', '{}', 3, 'normal', 'Booking GHI789 created', '',
                 'inboxOnly', 'x', 'GHI789', 0, 4);",
        )
        .unwrap();
    }
    assert!(Store::open_read_only(&path).unwrap().unwrap().is_sound().unwrap(), "a reader brings it up to date, too");
    let mut store = Store::open(&path).unwrap();
    let account = store.account(&someone("a@b.c")).unwrap();
    assert_eq!(store.counts(account).unwrap(), (1, 2));
    while store.index_some().unwrap() > 0 {}
    let found = |text: &str| store.list(account, &searched(text), None, 10).unwrap().items.len();
    assert_eq!((found("abc"), found("booking"), found("ghi789")), (1, 2, 0));
    let row = store.list(account, &Criteria::default(), None, 1).unwrap().items.remove(0);
    assert_eq!((row.outcome.text.as_str(), row.outcome.reason), ("x", None), "what was said then is kept");
    for room in [Room::Own, Room::Named("admin".to_owned())] {
        let by_room = Criteria { room: Some(room), ..Criteria::default() };
        assert_eq!(store.list(account, &by_room, None, 10).unwrap().items.len(), 2, "nobody knows by which they came");
    }
    assert!(store.is_rendered(account).unwrap());
    assert_eq!(store.sync_state(account).unwrap(), SyncState::default());
    assert!(store.is_sound().unwrap());
}
