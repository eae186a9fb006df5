//! Every list is what going through all rows would give, whatever is asked for and however it is found.

use std::collections::HashSet;

use domain::view::Notification;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Rows of three bookings and three flights, some of them read, done, or decided by a rule; by one or two of three rooms, or
/// by nobody knows which.
fn mixed() -> Inbox {
    let mut inbox = inbox();
    let mut rule = 0;
    for n in 0..120i64 {
        let stamp = at(n).to_string();
        let (id, flight) = (format!("b-{}", n % 3), ["AA123", "aa123", "AA1234"][usize::try_from(n % 3).unwrap()]);
        let (channel, payload) = match n % 5 {
            0 => (
                "flight:status-changed",
                json!({ "timestamp": stamp, "data": { "flightId": format!("f-{}", n % 3),
                "flightNumber": flight, "newStatus": "DELAYED" } }),
            ),
            1 => ("booking:teleported", json!({ "timestamp": stamp, "data": { "x": n } })),
            2 => (
                "booking:cancelled",
                json!({ "timestamp": stamp, "data": { "bookingId": id, "pnr": "ABC123",
                "status": "CANCELLED" } }),
            ),
            _ => (
                "booking:created",
                json!({ "timestamp": stamp, "data": { "bookingId": id, "pnr": "XYZ789",
                "status": "PENDING", "flightNumber": flight, "origin": "JFK", "destination": "LAX" } }),
            ),
        };
        let mut new = event(channel, &payload, at(n));
        let rooms = [&[][..], &["user:7"], &["admin"], &["user:7", "admin"], &["admin", "analytics"]];
        new.trace = RoomTrace::Named(Rooms::from_names(rooms[usize::try_from(n % 7 % 5).unwrap()].iter().copied()));
        let events = [new];
        let mut decide = |subject: &Subject<'_>| {
            rule += 1;
            let mut decision = pop(subject);
            decision.ruling.rule = (rule % 4 == 0).then(|| "Storm \"watch\"".to_owned());
            decision
        };
        let batch = Batch { events: &events, cursor: None, gap: None };
        inbox.store.receive(inbox.account, Audience::Traveler, batch, &mut decide).unwrap();
    }
    let ids = |step: usize| (1..=120).step_by(step).collect::<Vec<i64>>();
    inbox.store.set_read(inbox.account, &ids(3).into(), true).unwrap();
    inbox.store.set_done(inbox.account, &ids(4).into(), true, at(500)).unwrap();
    inbox.store.set_read(inbox.account, &ids(8).into(), false).unwrap();
    inbox
}

fn fits(row: &Notification, criteria: &Criteria) -> bool {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>()
    };
    let shown =
        [&row.pnr, &row.flight_number, &row.origin, &row.destination].map(|text| text.clone().unwrap_or_default());
    let shown: HashSet<_> = shown.iter().chain([&row.title, &row.body]).flat_map(|text| words(text)).collect();
    let plan = words(&criteria.text);
    let is_there = |(n, word): (usize, &String)| {
        let is_last = n + 1 == plan.len() && word.chars().count() > 1;
        shown.iter().any(|other| if is_last { other.starts_with(word) } else { other == word })
    };
    row.done == (criteria.place == Mailbox::Done)
        && !(criteria.unread && row.read)
        && (criteria.kinds.is_empty() || criteria.kinds.contains(&row.kind))
        && criteria
            .flight
            .as_ref()
            .is_none_or(|flight| row.flight_number.as_ref().is_some_and(|number| number.eq_ignore_ascii_case(flight)))
        && (criteria.rule.is_none() || criteria.rule == row.outcome.rule)
        && criteria.room.as_ref().is_none_or(|room| row.rooms.may_be(room))
        && (criteria.text.trim().is_empty() || !plan.is_empty())
        && plan.iter().enumerate().all(is_there)
}

fn plan() -> impl Strategy<Value = Criteria> {
    let kinds = proptest::sample::subsequence(
        vec![
            EventKind::FlightStatus,
            EventKind::BookingCreated,
            EventKind::BookingCancelled,
            EventKind::Unknown,
            EventKind::PaymentCompleted,
        ],
        0..4,
    );
    let flight = proptest::option::of(proptest::sample::select(vec!["AA123", "Aa1234", "ZZ9"]));
    let rule = proptest::option::of(proptest::sample::select(vec!["Storm \"watch\"", "storm watch", "none"]));
    let room = proptest::option::of(proptest::sample::select(vec!["user:", "admin", "analytics", "none"]));
    let text = proptest::sample::select(vec![
        "",
        "",
        " ",
        "aa12",
        "abc123 cancel",
        "jfk",
        "bookingcreated",
        "flightstatus",
        "j",
        "-",
        "XYZ lax",
        "delayed",
    ]);
    (any::<bool>(), any::<bool>(), kinds, flight, rule, room, text).prop_map(
        |(done, unread, kinds, flight, rule, room, text)| Criteria {
            place: if done { Mailbox::Done } else { Mailbox::Inbox },
            unread,
            kinds,
            flight: flight.map(str::to_owned),
            rule: rule.map(str::to_owned),
            room: room.map(|room| Room::from(room.to_owned())),
            text: text.to_owned(),
        },
    )
}

#[test]
fn what_is_done_to_all_that_is_listed_is_done_to_nothing_else() {
    let mut inbox = mixed();
    let ids: Vec<i64> = (1..=120).collect();
    let account = inbox.account;
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let inbox = std::cell::RefCell::new(&mut inbox);
    runner
        .run(
            &(plan(), any::<bool>(), any::<bool>(), proptest::option::of(1i64..130)),
            |(criteria, read, grouped, upto)| {
                let inbox = &mut *inbox.borrow_mut();
                let before = inbox.store.rows(account, &ids).unwrap();
                let seen = |id: i64| upto.is_none_or(|upto| id <= upto);
                let hits: Vec<_> = before.iter().filter(|row| fits(row, &criteria) && seen(row.id)).collect();
                let of_threads = |row: &&Notification| {
                    let is_here = row.done == (criteria.place == Mailbox::Done) && seen(row.id);
                    let thread = row.thread.as_ref();
                    grouped && is_here && thread.is_some() && hits.iter().any(|hit| hit.thread.as_ref() == thread)
                };
                let fits: Vec<_> =
                    before.iter().filter(|row| hits.iter().any(|hit| hit.id == row.id) || of_threads(row)).collect();
                let of = |wanted: &dyn Fn(&Notification) -> bool| {
                    let mut ids: Vec<i64> = fits.iter().filter(|row| wanted(row)).map(|row| row.id).collect();
                    ids.sort_unstable();
                    ids
                };
                let which =
                    RowSelector { upto, ..RowSelector::from(ListSelector { criteria: criteria.clone(), grouped }) };
                let mut changed = inbox.store.set_read(account, &which, read).unwrap();
                changed.sort_unstable();
                prop_assert_eq!(&changed, &of(&|row| row.read != read), "{:?}", criteria);
                inbox.store.set_read(account, &changed.into(), !read).unwrap();

                let is_done = criteria.place == Mailbox::Done;
                prop_assert!(inbox.store.set_done(account, &which, is_done, at(900)).unwrap().is_empty());
                let put = inbox.store.set_done(account, &which, !is_done, at(900)).unwrap();
                prop_assert_eq!(put.iter().map(|row| row.id).collect::<Vec<_>>(), of(&|_| true), "{:?}", criteria);
                inbox.store.restore(account, &put).unwrap();
                prop_assert_eq!(inbox.store.rows(account, &ids).unwrap(), before);
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn lists_and_threads_are_those_of_the_rows_that_fit() {
    let inbox = mixed();
    let every: Vec<_> = inbox.store.rows(inbox.account, &(1..=120).collect::<Vec<_>>()).unwrap();
    assert_eq!(every.len(), 120);
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    runner
        .run(&(plan(), proptest::option::of(1i64..130), 1u32..130), |(criteria, before, limit)| {
            let below = |id: i64| before.is_none_or(|before| id < before);
            let hits: Vec<_> = every.iter().filter(|row| fits(row, &criteria)).collect();
            let expected: Vec<i64> = hits.iter().map(|row| row.id).filter(|id| below(*id)).collect();
            let page = inbox.store.list(inbox.account, &criteria, before, limit).unwrap();
            let listed: Vec<i64> = page.items.iter().map(|row| row.id).collect();
            let cut = expected.len().min(limit as usize);
            prop_assert_eq!(&listed[..], &expected[..cut], "{:?}", criteria);
            prop_assert_eq!(page.has_more, expected.len() > cut);

            let threads: HashSet<_> = hits.iter().map(|row| row.thread.clone().ok_or(row.id)).collect();
            let mut seen = HashSet::new();
            let here = every.iter().filter(|row| row.done == (criteria.place == Mailbox::Done));
            let latest = here.clone().filter(|row| seen.insert(row.thread.clone().ok_or(row.id)));
            let latest = latest.filter(|row| threads.contains(&row.thread.clone().ok_or(row.id)) && below(row.id));
            let expected: Vec<i64> = latest.map(|row| row.id).take(limit as usize).collect();
            let page = inbox.store.threads(inbox.account, &criteria, before, limit).unwrap();
            let listed: Vec<i64> = page.items.iter().map(|view| view.latest.id).collect();
            prop_assert_eq!(listed, expected, "{:?}", criteria);
            for view in page.items.iter().filter(|view| view.thread.is_some()) {
                let rows: Vec<_> = here.clone().filter(|row| row.thread == view.thread).collect();
                let unread = rows.iter().filter(|row| !row.read).count();
                prop_assert_eq!((view.total as usize, view.unread as usize), (rows.len(), unread));
            }
            Ok(())
        })
        .unwrap();
}
