#![allow(clippy::unwrap_used, reason = "tests")]

mod criteria;
mod damage;
mod desk;
mod done;
mod indexing;
mod rooms;
mod speed;
mod tally;
mod thread_list;
mod upgrade;

use domain::Urgency;
use domain::account::{AccountId, Audience, ServerUrl};
use domain::criteria::{Criteria, ListSelector, Mailbox, RowSelector};
use domain::event::EventKind;
use domain::itinerary::{Booking, Flight};
use domain::outcome::{OutcomeCode, Ruling, RulingReason};
use domain::policy::{Decision, Presentation};
use domain::room_tracking::{RoomMembership, RoomTrace};
use domain::rooms::{Room, Rooms};
use domain::wire::{self, Incoming};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use serde_json::value::to_raw_value;

use super::*;

struct Inbox {
    dir: tempfile::TempDir,
    store: Store,
    account: AccountKey,
}

fn inbox() -> Inbox {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("inbox.sqlite3")).unwrap();
    let account = store.account(&someone("a@b.c")).unwrap();
    Inbox { dir, store, account }
}

fn someone(email: &str) -> AccountId {
    AccountId::new(email, &ServerUrl::parse("http://localhost:3004").unwrap())
}

fn at(secs: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000 + secs)
}

fn event(channel: &str, payload: &serde_json::Value, received_at: Timestamp) -> NewEvent {
    event_in(&RoomMembership::default(), channel, payload, received_at)
}

/// An event as it comes to a connection that stands so with rooms.
fn event_in(standing: &RoomMembership, channel: &str, payload: &serde_json::Value, received_at: Timestamp) -> NewEvent {
    match wire::decode(channel, &[to_raw_value(payload).unwrap()]) {
        Incoming::Inbox(envelope) => {
            let trace = standing.trace(&envelope);
            NewEvent::new(*envelope, trace, received_at)
        }
        other => panic!("{other:?}"),
    }
}

fn created(id: &str, stamp: &str) -> serde_json::Value {
    json!({ "event": "BOOKING_CREATED", "timestamp": stamp, "data": {
        "bookingId": id, "pnr": "ABC123", "status": "PENDING", "flightNumber": "AA123", "origin": "JFK",
        "destination": "LAX", "totalPrice": 450.00, "currency": "USD", "passengerCount": 1 } })
}

fn payment(booking: &str, stamp: &str) -> serde_json::Value {
    json!({ "event": "PAYMENT_COMPLETED", "timestamp": stamp, "data": {
        "bookingId": booking, "paymentId": "p-1", "amount": "450.00", "currency": "USD", "status": "SUCCEEDED" } })
}

fn pop(_: &Subject<'_>) -> Decision {
    let ruling = Ruling::new(OutcomeCode::Popped, RulingReason::NewBooking);
    Decision { urgency: Urgency::Normal, ruling, presentation: Presentation::Toast { alerts: true, hold: None } }
}

fn unread(unread: bool) -> Criteria {
    Criteria { unread, ..Criteria::default() }
}

fn searched(text: &str) -> Criteria {
    Criteria { text: text.to_owned(), ..Criteria::default() }
}

impl Inbox {
    fn take(&mut self, events: &[NewEvent]) -> Received {
        self.store
            .receive(self.account, Audience::Traveler, Batch { events, cursor: None, gap: None }, &mut pop)
            .unwrap()
    }

    fn all(&self) -> Vec<domain::view::Notification> {
        self.store.list(self.account, &Criteria::default(), None, 200).unwrap().items
    }
}

#[test]
fn an_event_becomes_a_row_that_survives_a_restart() {
    let mut inbox = inbox();
    let received = inbox.take(&[event("booking:created", &created("b-1", "2025-11-10T12:00:00.000Z"), at(0))]);
    assert_eq!(received.stored.len(), 1);
    assert!(received.stored[0].decision.is_shown());
    let path = inbox.dir.path().join("inbox.sqlite3");
    drop(inbox.store);
    let reopened = Store::open_read_only(&path).unwrap().unwrap();
    let account = reopened.known_account(&someone("A@B.C")).unwrap().unwrap();
    let row = reopened.list(account, &Criteria::default(), None, 10).unwrap().items.remove(0);
    assert_eq!((row.kind, row.read, row.title.as_str()), (EventKind::BookingCreated, false, "Booking ABC123 created"));
    assert_eq!(row.amount.unwrap().to_string(), "450.00 USD");
    assert_eq!(row.outcome.code, OutcomeCode::Popped);
    assert!(reopened.is_sound().unwrap());
}

#[test]
fn the_second_copy_of_an_event_leaves_no_row_whatever_the_order_of_its_keys() {
    let mut inbox = inbox();
    let stamp = "2025-11-10T12:00:00.000Z";
    let first = event("payment:completed", &payment("b-1", stamp), at(0));
    let shuffled = format!(
        r#"{{"timestamp":"{stamp}","data":{{"status":"SUCCEEDED","currency":"USD","amount":"450.00","paymentId":"p-1","bookingId":"b-1"}}}}"#
    );
    let second = event("payment:completed", &serde_json::from_str(&shuffled).unwrap(), at(3600));
    assert_eq!(inbox.take(&[first.clone(), second]).stored.len(), 1);
    assert_eq!(inbox.take(&[first]).stored.len(), 0, "also after a reconnect");
    let later = event("payment:completed", &payment("b-1", "2025-11-10T12:00:00.001Z"), at(1));
    assert_eq!(inbox.take(&[later]).stored.len(), 1, "another timestamp is another event");
}

#[test]
fn without_a_timestamp_only_an_immediate_repetition_is_a_duplicate() {
    let mut inbox = inbox();
    let payload = json!({ "data": { "bookingId": "b-1", "status": "PENDING" } });
    let count = [0, 1, 9, 12].map(|secs| inbox.take(&[event("booking:updated", &payload, at(secs))]).stored.len());
    assert_eq!(count, [1, 0, 0, 1]);
}

#[test]
fn accounts_do_not_see_each_other() {
    let mut inbox = inbox();
    inbox.take(&[event("booking:created", &created("b-1", "2025-11-10T12:00:00.000Z"), at(0))]);
    let other = inbox.store.account(&someone("x@y.z")).unwrap();
    assert_eq!(inbox.store.counts(other).unwrap(), (0, 0));
    let same = event("booking:created", &created("b-1", "2025-11-10T12:00:00.000Z"), at(0));
    assert_eq!(
        inbox
            .store
            .receive(other, Audience::Traveler, Batch { events: &[same], cursor: None, gap: None }, &mut pop)
            .unwrap()
            .stored
            .len(),
        1
    );
    inbox.store.wipe(&someone("x@y.z")).unwrap();
    assert_eq!(inbox.store.counts(inbox.account).unwrap(), (1, 1));
}

#[test]
fn a_payment_is_named_once_its_booking_is_known() {
    let mut inbox = inbox();
    let received = inbox.take(&[event("payment:completed", &payment("b-1", "2025-11-10T12:00:00.000Z"), at(0))]);
    assert!(received.stored[0].booking.as_ref().is_some_and(|booking| !booking.is_named()));
    assert_eq!(inbox.all()[0].pnr, None);
    let flight = Flight {
        id: Some("f-1".into()),
        number: Some("AA123".into()),
        origin: Some("JFK".into()),
        destination: Some("LAX".into()),
        ..Flight::default()
    };
    let booking = Booking { pnr: Some("ABC123".into()), flight, ..Booking::new("b-1") };
    let renamed = inbox.store.learn(inbox.account, Audience::Traveler, vec![booking.clone()]).unwrap();
    assert_eq!(renamed.len(), 1);
    let row = inbox.all().remove(0);
    assert_eq!(row.pnr.as_deref(), Some("ABC123"));
    assert!(row.body.contains("Booking ABC123"), "{}", row.body);
    assert_eq!(
        inbox.store.learn(inbox.account, Audience::Traveler, vec![booking]).unwrap(),
        Vec::<i64>::new(),
        "nothing new"
    );
}

#[test]
fn a_flight_event_borrows_route_and_departure_from_a_booking() {
    let mut inbox = inbox();
    let flight = Flight {
        id: Some("f-1".into()),
        number: Some("AA123".into()),
        destination: Some("LAX".into()),
        departure: Some(at(7200)),
        ..Flight::default()
    };
    inbox.store.learn(inbox.account, Audience::Traveler, vec![Booking { flight, ..Booking::new("b-1") }]).unwrap();
    let payload = json!({ "timestamp": "2025-11-10T12:00:00.000Z", "data": {
        "flightId": "f-1", "newStatus": "DELAYED", "affectedBookings": ["b-1"] } });
    let mut departure = None;
    let mut decide = |subject: &Subject<'_>| {
        departure = subject.departure;
        pop(subject)
    };
    let events = [event("flight:status-changed", &payload, at(0))];
    inbox
        .store
        .receive(inbox.account, Audience::Traveler, Batch { events: &events, cursor: None, gap: None }, &mut decide)
        .unwrap();
    assert_eq!(departure, Some(at(7200)));
    assert_eq!(inbox.all()[0].title, "AA123 to LAX delayed");
}

#[test]
fn what_cannot_be_read_is_kept() {
    let mut inbox = inbox();
    inbox.take(&[
        event("booking:teleported", &json!({ "data": { "x": 1 } }), at(0)),
        event("booking:created", &json!("not an envelope"), at(1)),
    ]);
    let rows = inbox.all();
    assert_eq!(rows.iter().map(|row| row.kind).collect::<Vec<_>>(), [EventKind::Unknown, EventKind::Unknown]);
    assert_eq!(rows.iter().map(|row| row.read).collect::<Vec<_>>(), [false, true], "malformed asks to be seen");
}

#[test]
fn reading_clearing_and_restoring_keep_the_counts_true() {
    let mut inbox = inbox();
    let events: Vec<_> = (0..5)
        .map(|n| event("booking:created", &created(&format!("b-{n}"), "2025-11-10T12:00:00.000Z"), at(n)))
        .collect();
    inbox.take(&events);
    let ids: Vec<i64> = inbox.all().iter().map(|row| row.id).collect();
    assert_eq!(inbox.store.set_read(inbox.account, &ids[..2].to_vec().into(), true).unwrap(), &ids[..2]);
    assert_eq!(inbox.store.set_read(inbox.account, &ids[..2].to_vec().into(), true).unwrap(), Vec::<i64>::new());
    assert_eq!(inbox.store.counts(inbox.account).unwrap(), (3, 5));
    let cleared = inbox.store.set_done(inbox.account, &RowSelector::everything(), true, at(9)).unwrap();
    assert_eq!(inbox.store.counts(inbox.account).unwrap(), (0, 0));
    assert_eq!(inbox.take(&events).stored.len(), 0, "a cleared event does not come back by being sent again");
    inbox.store.restore(inbox.account, &cleared).unwrap();
    assert_eq!(inbox.store.set_read(inbox.account, &RowSelector::everything(), true).unwrap().len(), 3);
    assert_eq!(inbox.store.counts(inbox.account).unwrap(), (0, 5));
}

#[test]
fn pages_follow_each_other_without_gap_or_overlap() {
    let mut inbox = inbox();
    let events: Vec<_> = (0..25)
        .map(|n| event("booking:created", &created(&format!("b-{n}"), "2025-11-10T12:00:00.000Z"), at(n)))
        .collect();
    inbox.take(&events);
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = inbox.store.list(inbox.account, &Criteria::default(), before, 10).unwrap();
        seen.extend(page.items.iter().map(|row| row.id));
        before = seen.last().copied();
        if !page.has_more {
            break;
        }
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>());
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("inbox.sqlite3");
    drop(Store::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::Newer { found: 99 })));
    assert!(matches!(Store::open_read_only(&path), Err(StoreError::Newer { found: 99 })));
    assert!(Store::open_read_only(&dir.path().join("nothing")).unwrap().is_none());
}

#[cfg(unix)]
#[test]
fn the_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let mut inbox = inbox();
    inbox.take(&[event("booking:created", &created("b-1", "2025-11-10T12:00:00.000Z"), at(0))]);
    for file in std::fs::read_dir(inbox.dir.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
    }
}
