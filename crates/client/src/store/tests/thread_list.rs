//! The inbox by booking and flight.

use std::time::{Duration, Instant};

use domain::view::{ThreadPreference, ThreadView};
use rusqlite::params;

use super::*;

fn booking(inbox: &mut Inbox, id: &str, status: &str, secs: i64) {
    let payload =
        json!({ "timestamp": at(secs).to_string(), "data": { "bookingId": id, "pnr": "ABC123", "status": status } });
    assert_eq!(inbox.take(&[event("booking:updated", &payload, at(secs + 1))]).stored.len(), 1);
}

fn flight(inbox: &mut Inbox, id: &str, status: &str, secs: i64) {
    let payload = json!({ "timestamp": at(secs).to_string(), "data": { "flightId": id, "newStatus": status } });
    assert_eq!(inbox.take(&[event("flight:status-changed", &payload, at(secs + 1))]).stored.len(), 1);
}

impl Inbox {
    fn groups(&self, before: Option<i64>, limit: u32, unread_only: bool) -> (Vec<ThreadView>, bool) {
        let page = self.store.threads(self.account, &unread(unread_only), before, limit).unwrap();
        (page.items, page.has_more)
    }
}

fn names(views: &[ThreadView]) -> Vec<&str> {
    views.iter().map(|view| view.thread.as_deref().unwrap_or("alone")).collect()
}

#[test]
fn each_booking_and_flight_is_listed_once_the_latest_first() {
    let mut inbox = inbox();
    for (n, status) in ["PENDING", "CONFIRMED", "CANCELLED"].into_iter().enumerate() {
        let secs = i64::try_from(n).unwrap() * 10;
        booking(&mut inbox, "b-1", status, secs);
        flight(&mut inbox, "f-1", "DELAYED", secs + 1);
    }
    inbox.take(&[event("booking:teleported", &json!({ "data": { "x": 1 } }), at(50))]);
    booking(&mut inbox, "b-2", "PENDING", 60);
    let (views, more) = inbox.groups(None, 50, false);
    assert_eq!((names(&views), more), (vec!["booking:b-2", "alone", "flight:f-1", "booking:b-1"], false));
    let last = &views[3];
    assert_eq!((last.unread, last.total, last.latest.status.as_deref()), (3, 3, Some("CANCELLED")));
    let trail: Vec<_> = last.trail.iter().map(|step| (step.status.as_deref().unwrap(), step.at)).collect();
    assert_eq!(trail, [("PENDING", at(0)), ("CONFIRMED", at(10)), ("CANCELLED", at(20))]);
    assert_eq!((views[1].total, views[1].trail.len()), (1, 1), "a row about neither stands alone");
    for n in 0..9 {
        flight(&mut inbox, "f-2", &format!("S{n}"), 100 + n);
    }
    let trail = inbox.groups(None, 1, false).0.remove(0).trail;
    let steps: Vec<_> = trail.iter().map(|step| step.status.as_deref().unwrap()).collect();
    assert_eq!(steps, ["S3", "S4", "S5", "S6", "S7", "S8"], "the last six, oldest first");
}

#[test]
fn unread_rows_are_counted_wherever_they_are_in_the_thread() {
    let mut inbox = inbox();
    booking(&mut inbox, "b-1", "PENDING", 0);
    booking(&mut inbox, "b-2", "PENDING", 10);
    booking(&mut inbox, "b-1", "CONFIRMED", 20);
    booking(&mut inbox, "b-2", "CONFIRMED", 30);
    let ids: Vec<i64> = inbox.all().iter().rev().map(|row| row.id).collect();
    inbox.store.set_read(inbox.account, &vec![ids[1], ids[2], ids[3]].into(), true).unwrap();
    let counts: Vec<_> = inbox.groups(None, 50, false).0.iter().map(|view| (view.unread, view.total)).collect();
    assert_eq!(counts, [(0, 2), (1, 2)]);
    let (views, _) = inbox.groups(None, 50, true);
    assert_eq!(names(&views), ["booking:b-1"]);
    assert!(views[0].latest.read, "its latest row is read; an older one is not");
}

#[test]
fn cleared_rows_leave_their_thread() {
    let mut inbox = inbox();
    flight(&mut inbox, "f-1", "SCHEDULED", 0);
    let cleared = inbox.store.set_done(inbox.account, &RowSelector::everything(), true, at(5)).unwrap();
    assert!(inbox.groups(None, 50, false).0.is_empty());
    flight(&mut inbox, "f-1", "DELAYED", 10);
    let view = inbox.groups(None, 50, false).0.remove(0);
    assert_eq!((view.total, view.unread, view.trail.len()), (1, 1, 1));
    let listed = inbox.store.thread(inbox.account, "flight:f-1", None, 50).unwrap();
    assert_eq!(listed.items.iter().map(|row| row.done).collect::<Vec<_>>(), [false, true], "its page has all of it");
    inbox.store.restore(inbox.account, &cleared).unwrap();
    assert_eq!(inbox.groups(None, 50, false).0[0].total, 2);
    // The newer one goes, the older one stays: the thread is where its older row is.
    booking(&mut inbox, "b-1", "PENDING", 20);
    let newest = inbox.store.thread(inbox.account, "flight:f-1", None, 1).unwrap().items[0].id;
    inbox.store.connection.execute("UPDATE event SET cleared_ms = 1 WHERE id = ?1", [newest]).unwrap();
    let (views, _) = inbox.groups(None, 50, false);
    assert_eq!(names(&views), ["booking:b-1", "flight:f-1"]);
    assert_eq!(views[1].latest.status.as_deref(), Some("SCHEDULED"));
}

#[test]
fn paging_neither_repeats_nor_skips_while_new_rows_come() {
    let mut inbox = inbox();
    for n in 0..10 {
        booking(&mut inbox, &format!("b-{n}"), "PENDING", n);
    }
    let (first, more) = inbox.groups(None, 4, false);
    assert!(more);
    // A thread of the first page and a new one move to the top, where the page before has them.
    booking(&mut inbox, "b-8", "CONFIRMED", 50);
    booking(&mut inbox, "b-new", "PENDING", 60);
    let (second, more) = inbox.groups(first.last().map(|view| view.latest.id), 4, false);
    assert!(more);
    let (third, more) = inbox.groups(second.last().map(|view| view.latest.id), 4, false);
    assert!(!more);
    let seen: Vec<_> = [first, second, third].concat();
    let expected: Vec<String> = (0..10).rev().map(|n| format!("booking:b-{n}")).collect();
    assert_eq!(names(&seen), expected);
}

#[test]
fn a_thread_is_read_page_by_page_with_what_the_person_wants_of_it() {
    let mut inbox = inbox();
    for n in 0..5 {
        flight(&mut inbox, "f-1", &format!("S{n}"), n * 10);
        booking(&mut inbox, "b-1", &format!("S{n}"), n * 10 + 1);
    }
    let thread = "flight:f-1";
    let page = inbox.store.thread(inbox.account, thread, None, 3).unwrap();
    let rest = inbox.store.thread(inbox.account, thread, Some(page.items[2].id), 3).unwrap();
    assert!(page.has_more && !rest.has_more);
    let states: Vec<_> = page.items.iter().chain(&rest.items).map(|row| row.status.as_deref().unwrap()).collect();
    assert_eq!(states, ["S4", "S3", "S2", "S1", "S0"]);
    let choice = ThreadPreference { muted: true, snoozed_until: None };
    inbox.store.set_thread_preference(inbox.account, thread, choice).unwrap();
    let (views, _) = inbox.groups(None, 50, false);
    assert_eq!(views.iter().map(|view| view.choice.muted).collect::<Vec<_>>(), [false, true]);
    let other = inbox.store.account(&someone("x@y.z")).unwrap();
    assert!(inbox.store.thread(other, thread, None, 3).unwrap().items.is_empty());
    assert!(inbox.store.threads(other, &Criteria::default(), None, 3).unwrap().items.is_empty());
}

#[test]
fn what_was_made_up_from_states_says_so() {
    let mut inbox = inbox();
    flight(&mut inbox, "f-1", "DELAYED", 0);
    flight(&mut inbox, "f-1", "DEPARTED", 10);
    let id = inbox.all()[0].id;
    inbox.store.connection.execute("UPDATE event SET reconstructed = 1 WHERE id = ?1", [id]).unwrap();
    let view = inbox.groups(None, 1, false).0.remove(0);
    assert!(view.latest.reconstructed);
    assert_eq!(view.trail.iter().map(|step| step.reconstructed).collect::<Vec<_>>(), [false, true]);
}

/// The figures are printed; the bound is generous, since machines are busy.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are the point")]
fn a_hundred_thousand_rows_are_grouped_at_once() {
    let mut inbox = inbox();
    // Rows as they are stored, without the way there: `threads` bookings and flights that go on by turns. Nobody searches.
    inbox.store.connection.execute_batch("DROP TRIGGER text_insert; DROP TRIGGER text_delete;").unwrap();
    let mut fill = |threads: i64| {
        inbox.store.connection.execute("DELETE FROM event", []).unwrap();
        let transaction = inbox.store.connection.transaction().unwrap();
        {
            let mut insert = transaction
                .prepare(
                    "INSERT INTO event (account_id, digest, timed, channel, kind, raw, received_ms, thread, status,
                        urgency, title, body, outcome_code, outcome_text, outcome_reason, read)
                     VALUES (?1, ?2, 1, 'flight:status-changed', 'flightStatus', '{}', ?3, 'flight:' || ?4, 'DELAYED',
                        'normal', 'AA123 delayed', 'JFK → LAX', 'popped', '', 'flightChanged', ?5)",
                )
                .unwrap();
            for n in 0..100_000 {
                let digest = format!("{threads}/{n}");
                insert.execute(params![inbox.account.0, digest, n * 1_000, n % threads, n % 50 != 0]).unwrap();
            }
        }
        transaction.commit().unwrap();
        [false, true].map(|unread_only| {
            (0..5)
                .map(|_| {
                    let start = Instant::now();
                    inbox.store.threads(inbox.account, &unread(unread_only), None, 50).unwrap();
                    start.elapsed()
                })
                .min()
                .unwrap()
        })
    };
    for threads in [20_000, 2_000, 200, 20] {
        let [all, unread] = fill(threads);
        println!("100,000 rows of {threads} threads: first page {all:?}, of unread ones {unread:?}");
        if threads >= 200 {
            assert!(all <= Duration::from_millis(100) && unread <= Duration::from_millis(200), "{all:?} {unread:?}");
        }
    }
}
