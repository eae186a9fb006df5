//! A hundred thousand rows, and a million, stay fast. The figures are printed; the bounds are generous, since machines are
//! busy.

use std::time::{Duration, Instant};

use rusqlite::params;

use super::*;
use crate::store::rooms::set_of;

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

#[test]
#[ignore = "soak: makes a million rows"]
#[expect(clippy::print_stdout, reason = "the figures are the point")]
fn a_million_rows_stay_fast() {
    let mut inbox = inbox();
    let account = inbox.account;
    inbox.store.connection.pragma_update(None, "synchronous", "OFF").unwrap();
    let airports = ["JFK", "LAX", "AMS", "FRA", "LHR", "SFO", "CDG", "MUC"];
    let filling = Instant::now();
    for chunk in 0..1_000i64 {
        let events: Vec<_> = (0..1_000i64)
            .map(|n| {
                let n = chunk * 1_000 + n;
                let from = airports[usize::try_from(n % 8).unwrap()];
                let to = airports[usize::try_from((n / 8 + 1) % 8).unwrap()];
                let payload = json!({ "timestamp": at(n).to_string(), "data": { "bookingId": format!("b-{n}"),
                    "pnr": format!("P{n:05X}"), "status": "PENDING", "flightNumber": format!("AA{}", n % 900 + 100),
                    "origin": from, "destination": to, "totalPrice": n % 900, "currency": "USD" } });
                event("booking:created", &payload, at(n))
            })
            .collect();
        inbox.take(&events);
    }
    println!("1,000,000 rows written in {:?}", filling.elapsed());
    inbox.store.connection.pragma_update(None, "synchronous", "FULL").unwrap();

    let mut first_page: Vec<_> = (0..50)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(inbox.store.list(account, &Criteria::default(), None, 50).unwrap().items.len(), 50);
            assert_eq!(inbox.store.counts(account).unwrap().1, 1_000_000);
            start.elapsed()
        })
        .collect();
    let words =
        ["P0F", "AA123", "JFK", "lax", "book", "b", "created", "P3D09A", "aa5 ams", "jfk lax", "900.00 USD", "zzz"];
    let mut search: Vec<_> = words
        .iter()
        .cycle()
        .take(words.len() * 20)
        .map(|word| {
            let start = Instant::now();
            inbox.store.list(account, &searched(word), None, 50).unwrap();
            start.elapsed()
        })
        .collect();
    let mut commits: Vec<_> = (0..400i64)
        .map(|n| {
            let event = event("booking:created", &created("live", &at(2_000_000 + n).to_string()), at(n));
            let start = Instant::now();
            inbox.take(&[event]);
            start.elapsed()
        })
        .collect();
    let start = Instant::now();
    assert!(inbox.store.is_sound().unwrap());
    let check = start.elapsed();
    let (page, search, p50, p99) = (
        percentile(&mut first_page, 95),
        percentile(&mut search, 95),
        percentile(&mut commits, 50),
        percentile(&mut commits, 99),
    );
    println!("first page p95 {page:?}, search p95 {search:?}, commit p50 {p50:?} p99 {p99:?}, quick_check {check:?}");
    assert!(page <= Duration::from_millis(60) && search <= Duration::from_millis(150), "{page:?} {search:?}");
    assert!(p99 <= Duration::from_millis(150), "{p99:?}");
}

/// Rows as they are stored, without the way there: one in ten is of each of the rare kinds, one in a hundred of a rule, all
/// but the newest thousand are read, and every third of the older half is done. All came by `admin`, but for half of those of
/// the rule, which all are one's own.
fn fill(inbox: &mut Inbox, rows: i64) {
    inbox.store.connection.pragma_update(None, "synchronous", "OFF").unwrap();
    let raw = json!({ "data": { "note": "x".repeat(300) } }).to_string();
    let transaction = inbox.store.connection.transaction().unwrap();
    transaction.execute_batch("DROP TRIGGER text_insert").unwrap();
    let sets = [&["admin"][..], &["user:7"], &["user:7", "admin"]];
    let sets =
        sets.map(|names| set_of(&transaction, inbox.account, &Rooms::from_names(names.iter().copied())).unwrap());
    let room_set = |n: i64| sets[usize::from(n % 100 == 7) + usize::from(n % 200 == 7)];
    {
        let mut insert = transaction
            .prepare(
                "INSERT INTO event (account_id, digest, timed, channel, kind, raw, received_ms, thread, pnr, flight_number,
                    origin, destination, status, urgency, title, body, outcome_code, outcome_text, outcome_reason,
                    outcome_rule, read, cleared_ms, room_set)
                 VALUES (?1, ?2, 1, 'x', ?3, ?4, ?5, 'booking:' || (?2 / 4), ?6, ?7, ?8, ?9, 'PENDING', 'normal', ?10,
                    ?11, 'popped', '', 'newBooking', ?12, ?13, ?14, ?15)",
            )
            .unwrap();
        let airports = ["JFK", "LAX", "AMS", "FRA", "LHR", "SFO", "CDG", "MUC"];
        for n in 0..rows {
            let (kind, verb) = match n % 10 {
                0 => ("bookingCancelled", "cancelled"),
                1 => ("flightStatus", "delayed"),
                _ => ("bookingCreated", "created"),
            };
            let pnr = format!("P{n:05X}");
            let route = [n % 8, (n / 8 + 1) % 8].map(|airport| airports[usize::try_from(airport).unwrap()]);
            let received_ms = at(n - rows).as_millisecond();
            insert
                .execute(params![
                    inbox.account.0,
                    n,
                    kind,
                    raw,
                    received_ms,
                    pnr,
                    format!("AA{}", n % 900 + 100),
                    route[0],
                    route[1],
                    format!("Booking {pnr} {verb}"),
                    format!("{} → {}, {}.00 USD", route[0], route[1], n % 900),
                    (n % 100 == 7).then_some("watch"),
                    n < rows - 1_000,
                    (n < rows / 2 && n % 3 == 0).then_some(received_ms),
                    room_set(n),
                ])
                .unwrap();
        }
    }
    transaction.commit().unwrap();
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are the point")]
fn whatever_is_asked_of_a_hundred_thousand_rows_is_there_at_once() {
    let mut inbox = inbox();
    fill(&mut inbox, 100_000);
    let start = Instant::now();
    inbox.store.rebuild_index().unwrap();
    println!("100,000 rows: the index is rebuilt in {:?}", start.elapsed());
    let all = Criteria::default();
    let done = Criteria { place: Mailbox::Done, ..all.clone() };
    let kind = |kind: EventKind, of: &Criteria| Criteria { kinds: vec![kind], ..of.clone() };
    let flight = |of: &Criteria| Criteria { flight: Some("aa123".to_owned()), ..of.clone() };
    let rule = |of: &Criteria| Criteria { rule: Some("watch".to_owned()), ..of.clone() };
    let room = |room: &str, of: &Criteria| Criteria { room: Some(Room::from(room.to_owned())), ..of.clone() };
    let text = |text: &str, of: &Criteria| Criteria { text: text.to_owned(), ..of.clone() };
    let cases = [
        ("all", all.clone()),
        ("unread", unread(true)),
        ("done", done.clone()),
        ("kind", kind(EventKind::FlightStatus, &all)),
        ("kind that is not there", kind(EventKind::Unknown, &all)),
        ("kinds", Criteria { kinds: vec![EventKind::FlightStatus, EventKind::BookingCancelled], ..all.clone() }),
        ("unread of a kind", kind(EventKind::BookingCancelled, &unread(true))),
        ("kind, done", kind(EventKind::FlightStatus, &done)),
        ("flight", flight(&all)),
        ("flight, done", flight(&done)),
        ("rule", rule(&all)),
        ("rule, done", rule(&done)),
        ("flight and kind", kind(EventKind::FlightStatus, &flight(&all))),
        ("room of few", room("user:", &all)),
        ("room of most", room("admin", &all)),
        ("room that is not there", room("none", &all)),
        ("room of few, done", room("user:", &done)),
        ("room of most, done", room("admin", &done)),
        ("unread of a room", room("user:", &unread(true))),
        ("room of few and a kind that it has not", room("user:", &kind(EventKind::FlightStatus, &all))),
        ("room of most and a kind", room("admin", &kind(EventKind::FlightStatus, &all))),
        ("room of most and a kind that is not there", room("admin", &kind(EventKind::Unknown, &all))),
        ("room of most and a rule that it has half of", room("admin", &rule(&all))),
        ("room of few and flight", room("user:", &flight(&all))),
        ("text and a room of few", text("created", &room("user:", &all))),
        ("text that no row of the room has", text("delayed", &room("user:", &all))),
        ("text and a room of most", text("created", &room("admin", &all))),
        ("text", text("jfk la", &all)),
        ("text everywhere", text("book", &all)),
        ("text and kind", text("jfk", &kind(EventKind::FlightStatus, &all))),
        ("text that no row of the kind has", text("created", &kind(EventKind::FlightStatus, &all))),
        ("text and flight", text("created", &flight(&all))),
        ("text and rule", text("created", &rule(&all))),
        ("text of unread rows", text("lhr", &unread(true))),
        ("text that is only done", text("P00002", &done)),
        ("text and everything", text("created", &rule(&flight(&kind(EventKind::BookingCreated, &unread(true)))))),
    ];
    for (name, criteria) in cases {
        let measure = |run: &dyn Fn() -> usize| {
            let times = (0..5).map(|_| {
                let start = Instant::now();
                (run(), start.elapsed())
            });
            times.min_by_key(|(_, time)| *time).unwrap()
        };
        let (rows, list) = measure(&|| inbox.store.list(inbox.account, &criteria, None, 50).unwrap().items.len());
        let (views, threads) =
            measure(&|| inbox.store.threads(inbox.account, &criteria, None, 50).unwrap().items.len());
        println!("100,000 rows, {name}: {rows} rows in {list:?}, {views} threads in {threads:?}");
        assert!(list <= Duration::from_millis(100), "{name}: {list:?}");
        assert!(threads <= Duration::from_millis(400), "{name}: {threads:?}");
    }
    let listed = |criteria: Criteria, grouped: bool| ListSelector { criteria, grouped };
    for (name, listed) in [
        ("everything", listed(all.clone(), false)),
        ("text everywhere", listed(text("book", &all), false)),
        ("a kind, with all of its bookings", listed(kind(EventKind::FlightStatus, &all), true)),
    ] {
        let start = Instant::now();
        let put = inbox.store.set_done(inbox.account, &RowSelector::from(listed), true, at(0)).unwrap();
        let done = start.elapsed();
        let start = Instant::now();
        inbox.store.restore(inbox.account, &put).unwrap();
        let (rows, back) = (put.len(), start.elapsed());
        println!("100,000 rows, {name}: {rows} done in {done:?} and back in {back:?}");
        assert!(rows > 20_000 && done.max(back) <= Duration::from_secs(15), "{name}: {rows} in {done:?}, {back:?}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are the point")]
fn the_desk_looks_back_at_two_hundred_thousand_rows_at_once() {
    let mut inbox = inbox();
    fill(&mut inbox, 200_000);
    inbox.store.connection.execute_batch("DROP TRIGGER text_update").unwrap();
    let flights: Vec<_> = (0..2_000i64)
        .map(|n| {
            let affected: Vec<_> = (0..n % 300).map(|n| format!("b-{n}")).collect();
            let payload = json!({ "timestamp": at(n).to_string(), "data": { "flightId": format!("f-{n}"),
                "newStatus": "DELAYED", "affectedBookings": affected } });
            event("flight:status-changed", &payload, at(0))
        })
        .collect();
    inbox.take(&flights);
    let start = Instant::now();
    let tally = inbox.store.day(inbox.account, at(0)).unwrap();
    let filled = start.elapsed();
    assert!(tally.watched("watch", at(0)).rows > 800);
    let looked = (0..20).map(|_| {
        let start = Instant::now();
        assert_eq!(inbox.store.changed_flights(inbox.account, at(0)).unwrap().len(), 20);
        let counts = (tally.minutes(at(0)), tally.kinds(at(0)), tally.usual_an_hour(at(0)));
        assert_eq!((counts.0.len(), counts.1.is_empty(), counts.2.is_some()), (60, false, true));
        start.elapsed()
    });
    let looked = looked.min().unwrap();
    println!("200,000 rows: the desk is filled in {filled:?} and looked at in {looked:?}");
    assert!(looked <= Duration::from_millis(20) && filled <= Duration::from_secs(2), "{looked:?} {filled:?}");
}
