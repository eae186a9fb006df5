//! Many at once.

use super::*;

#[test]
fn at_the_desk_the_second_cancellation_turns_the_first_toast_into_a_count() {
    let mut bench = Bench::of(Audience::Agent);
    bench.event("booking:1", "cancelled");
    bench.pass(3);
    bench.event("booking:2", "cancelled");
    let burst = bench.storms.last().unwrap();
    assert_eq!((burst.takes_over.as_deref(), burst.alerts), (Some("booking:1"), false));
    assert_eq!((burst.sums.bookings_cancelled, burst.sums.bookings_hit), (2, 2));
    assert_eq!(burst.sums.lasted, SignedDuration::from_secs(3));
    assert_eq!(bench.visible(), [BURST_KEY]);
    assert_eq!(bench.pop_ups, 1);
}

#[test]
fn a_storm_is_brought_up_to_date_once_a_second_and_ends_with_a_summary() {
    let mut bench = Bench::of(Audience::Agent);
    for n in 0..5_000 {
        bench.event(&format!("booking:{n}"), "cancelled");
        if n % 5 == 0 {
            bench.now += SignedDuration::from_millis(1);
            let effects = bench.screen.tick(bench.audience, bench.now);
            bench.carry_out(effects);
        }
    }
    bench.pass(9);
    assert!(!bench.storms.last().unwrap().sums.is_over);
    bench.pass(2);
    let last = bench.storms.last().unwrap();
    assert!(last.sums.is_over);
    assert_eq!((last.sums.events(), last.sums.bookings_cancelled, last.sums.bookings_hit), (5_000, 5_000, 5_000));
    assert_eq!(last.sums.flights.len() as u64 + last.sums.more_flights, 5_000);
    assert!(bench.storms.len() < 6, "{} updates", bench.storms.len());
    assert_eq!(bench.pop_ups, 1);
    bench.pass(20);
    assert!(bench.visible().is_empty(), "it closes itself");
    assert!(bench.told.values().all(|times| *times == 1));
    assert_eq!(bench.told.len(), 5_000);
}

#[test]
fn urgent_news_is_in_the_storms_toast_at_once() {
    let mut bench = Bench::of(Audience::Agent);
    bench.event("booking:1", "cancelled");
    bench.event("booking:2", "cancelled");
    let before = bench.storms.len();
    bench.event("flight:1", "flight:CANCELLED");
    let burst = bench.storms.last().unwrap();
    assert_eq!(bench.storms.len(), before + 1);
    assert_eq!((burst.urgency, burst.alerts, burst.row), (Urgency::Critical, true, 3));
    bench.pass(30);
    assert_eq!(bench.storms.last().unwrap().expires, None, "a cancelled flight stays");
}

#[test]
fn a_traveler_hears_of_three_by_themselves() {
    let mut bench = Bench::traveler();
    for n in 0..4 {
        bench.event(&format!("booking:{n}"), "confirmed");
    }
    assert_eq!(bench.pop_ups, 3);
    assert_eq!(bench.visible(), ["booking:0", "booking:1", BURST_KEY]);
    assert_eq!(bench.storms[0].sums.events(), 2);
}

#[test]
fn a_storm_that_was_put_away_is_over() {
    let mut bench = Bench::of(Audience::Agent);
    for n in 0..3 {
        bench.event(&format!("booking:{n}"), "cancelled");
    }
    bench.pass(1);
    bench.close(BURST_KEY);
    assert!(!bench.screen.has_burst());
    bench.pass(11);
    bench.event("booking:9", "cancelled");
    assert_eq!(bench.visible(), ["booking:9"]);
}

#[test]
fn what_a_storm_had_not_told_when_it_was_put_away_comes_again() {
    let mut bench = Bench::of(Audience::Agent);
    for n in 0..3 {
        bench.event(&format!("booking:{n}"), "cancelled");
    }
    bench.close(BURST_KEY);
    assert!(bench.visible().is_empty());
    bench.pass(9);
    assert!(bench.visible().is_empty(), "not before a pop-up may come again");
    bench.pass(1);
    assert_eq!(bench.visible(), [BURST_KEY]);
    assert_eq!(bench.told[&3], 1);
}

#[test]
fn a_busy_day_is_told_in_parts() {
    let mut bench = Bench::of(Audience::Agent);
    for n in 0..200 {
        bench.event(&format!("booking:{n}"), "cancelled");
        bench.pass(5);
    }
    let over = bench.storms.iter().filter(|burst| burst.sums.is_over).count();
    assert!(over >= 1, "a summary every ten minutes");
    bench.pass(60);
    assert!(bench.pop_ups <= 4, "{}", bench.pop_ups);
    bench.assert_the_ledger_is_true();
}

#[test]
fn what_is_held_back_when_a_storm_begins_is_counted_in_it() {
    let mut bench = Bench::traveler();
    bench.event("booking:9", "created");
    for n in 0..3 {
        bench.event(&format!("booking:{n}"), "confirmed");
    }
    bench.pass(2);
    assert_eq!(bench.pop_ups, 3);
    assert_eq!(bench.rulings[&1], Ruling::new(Merged, RulingReason::Storm));
    assert_eq!(bench.storms.last().unwrap().sums.events(), 2);
}
