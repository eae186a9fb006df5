//! The full-text index is rebuilt while everything else goes on.

use super::*;

fn found(inbox: &Inbox, text: &str) -> Vec<i64> {
    inbox.store.list(inbox.account, &searched(text), None, 200).unwrap().items.iter().map(|row| row.id).collect()
}

fn bookings(inbox: &mut Inbox, from: i64, to: i64) {
    let events: Vec<_> =
        (from..to).map(|n| event("booking:created", &created(&format!("b-{n}"), &at(n).to_string()), at(n))).collect();
    inbox.take(&events);
}

#[test]
fn rows_that_come_change_and_go_meanwhile_are_in_it_as_they_are() {
    let mut inbox = inbox();
    bookings(&mut inbox, 0, 1_200);
    inbox.store.begin_index().unwrap();
    assert_eq!((inbox.store.unindexed().unwrap(), found(&inbox, "abc123").len()), (1_200, 0));
    assert_eq!(inbox.store.index_some().unwrap(), 500);
    assert_eq!(found(&inbox, "abc123")[0], 1_200, "the newest are found first");
    bookings(&mut inbox, 1_200, 1_210);
    // On both sides of where it is.
    inbox.store.connection.execute("UPDATE event SET title = 'elsewhere' WHERE id IN (3, 1100)", []).unwrap();
    inbox.store.connection.execute("DELETE FROM event WHERE id IN (4, 1101)", []).unwrap();
    // A kill: how far it was stands in the file.
    let path = inbox.dir.path().join("inbox.sqlite3");
    inbox.store = Store::open(&path).unwrap();
    assert_eq!(inbox.store.unindexed().unwrap(), 699);
    while inbox.store.index_some().unwrap() > 0 {}
    assert_eq!(found(&inbox, "elsewhere"), [1_100, 3]);
    assert_eq!((inbox.store.unindexed().unwrap(), found(&inbox, "abc123").len()), (0, 200));
    let check = "INSERT INTO event_text (event_text, rank) VALUES ('integrity-check', 1)";
    inbox.store.connection.execute(check, []).unwrap();
    inbox.store.rebuild_index().unwrap();
    inbox.store.connection.execute(check, []).unwrap();
}

#[test]
fn a_wipe_goes_from_the_oldest_rows_to_the_newest_and_may_stop_anywhere() {
    let mut inbox = inbox();
    bookings(&mut inbox, 0, 1_200);
    let someone = someone("a@b.c");
    assert_eq!(inbox.store.delete_some_history(&someone).unwrap(), 500);
    // A kill.
    inbox.store = Store::open(&inbox.dir.path().join("inbox.sqlite3")).unwrap();
    assert_eq!((inbox.store.counts(inbox.account).unwrap().1, inbox.all()[0].id), (700, 1_200));
    assert!(inbox.store.is_sound().unwrap());
    while inbox.store.delete_some_history(&someone).unwrap() > 0 {}
    inbox.store.delete_rest_of_history(&someone).unwrap();
    assert_eq!(inbox.store.known_account(&someone).unwrap(), None);
    let bytes = std::fs::read(inbox.dir.path().join("inbox.sqlite3")).unwrap();
    let holds = |word: &str| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
    assert!(!holds("abc123"), "not in the index either");
}
