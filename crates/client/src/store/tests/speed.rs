//! A million rows stay fast. The figures are printed; the bounds are generous, since machines are busy.

use std::time::{Duration, Instant};

use super::*;

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
            assert_eq!(inbox.store.list(account, None, 50, false).unwrap().items.len(), 50);
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
            inbox.store.search(account, word, None, 50).unwrap();
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
