//! The screen, moved by the real policy, beside a desktop that does what it is told.

mod bench;
mod bursts;
mod properties;

use bench::Bench;

use super::*;
use crate::outcome::OutcomeCode::{InboxOnly, Merged, OverBudget, Popped, QuietHours, Silenced, Superseded};

#[test]
fn a_booking_its_payment_and_its_confirmation_are_one_toast() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "created");
    assert!(bench.shown().is_empty(), "it waits");
    bench.event("booking:1", "paid");
    bench.event("booking:1", "confirmed");
    bench.pass(2);
    let shown = bench.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].rows, [1, 2, 3]);
    assert_eq!(shown[0].steps.len(), 3);
    assert_eq!(bench.codes(), [Popped, Merged, Merged]);
    assert_eq!(bench.pop_ups, 1);
}

#[test]
fn what_comes_later_brings_the_toast_up_to_date_in_silence() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "created");
    bench.pass(2);
    bench.event("booking:1", "confirmed");
    assert_eq!(bench.pop_ups, 1);
    let shown = bench.shown();
    assert_eq!((shown[1].alerts, shown[1].steps.len()), (false, 2));
    assert_eq!(bench.visible(), ["booking:1"]);
}

#[test]
fn a_cancellation_takes_the_place_of_what_is_held_back() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "created");
    bench.event("booking:1", "cancelled");
    let shown = bench.shown();
    assert_eq!(shown.len(), 1, "at once");
    assert_eq!((shown[0].urgency, shown[0].steps.len()), (Urgency::Critical, 2));
    bench.pass(10);
    assert_eq!(bench.shown().len(), 1, "the creation is not told after it");
    assert_eq!(bench.codes(), [Superseded, Popped]);
}

#[test]
fn a_thread_pops_up_three_times_a_day_and_counts_what_it_kept_quiet() {
    let mut bench = Bench::traveler();
    for _ in 0..5 {
        bench.event("booking:1", "confirmed");
        bench.pass(60);
    }
    assert_eq!(bench.codes(), [Popped, Popped, Popped, OverBudget, OverBudget]);
    bench.event("booking:1", "cancelled");
    assert_eq!(bench.shown().last().unwrap().quiet_updates, 2, "(+2 quiet updates)");
    bench.pass(24 * 3600);
    bench.event("booking:1", "confirmed");
    assert_eq!(bench.codes().last(), Some(&Popped), "a day later it may again");
}

#[test]
fn a_toast_that_is_not_true_any_more_leaves_even_when_nothing_takes_its_place() {
    let mut bench = Bench::traveler();
    bench.event("flight:1", "flight:DELAYED");
    bench.quiet_hours("00:00", "00:00");
    bench.event("flight:1", "flight:SCHEDULED");
    assert_eq!(bench.codes(), [Popped, QuietHours]);
    assert!(bench.visible().is_empty());
}

#[test]
fn five_toasts_at_most_the_oldest_goes_first_and_critical_ones_last() {
    let mut bench = Bench::traveler();
    bench.event("flight:0", "flight:CANCELLED");
    for n in 1..=5 {
        bench.pass(20);
        bench.event(&format!("booking:{n}"), "confirmed");
    }
    assert_eq!(bench.visible(), ["booking:2", "booking:3", "booking:4", "booking:5", "flight:0"]);
}

#[test]
fn a_landing_closes_its_flights_toast_after_an_hour() {
    let mut bench = Bench::traveler();
    bench.event("flight:1", "flight:DELAYED");
    bench.event("flight:1", "flight:LANDED");
    bench.pass(59 * 60);
    assert_eq!(bench.visible(), ["flight:1"]);
    bench.pass(60);
    assert!(bench.visible().is_empty());
}

#[test]
fn better_news_that_does_not_last_is_never_told_and_worse_news_always() {
    let mut bench = Bench::traveler();
    for state in ["DELAYED", "SCHEDULED", "DELAYED"] {
        bench.event("flight:1", &format!("flight:{state}"));
        bench.pass(3);
    }
    assert_eq!(bench.codes(), [Popped, Merged, Merged], "in sight it is brought up to date");
    bench.event("flight:1", "flight:SCHEDULED");
    assert_eq!(bench.shown().len(), 3, "the second return waits");
    bench.pass(60);
    bench.event("flight:1", "flight:DELAYED");
    assert_eq!(bench.codes()[3..], [InboxOnly, InboxOnly]);
    bench.pass(600);
    assert_eq!(bench.shown().len(), 3, "the last that was told is still true");
    bench.event("flight:1", "flight:CANCELLED");
    assert_eq!(bench.shown().len(), 4);
}

#[test]
fn better_news_that_lasts_is_told() {
    let mut bench = Bench::traveler();
    for state in ["DELAYED", "SCHEDULED", "DELAYED", "SCHEDULED"] {
        bench.event("flight:1", &format!("flight:{state}"));
    }
    let before = bench.shown().len();
    bench.pass(121);
    assert_eq!(bench.shown().len(), before + 1);
    assert_eq!(bench.codes().last(), Some(&Popped));
}

#[test]
fn a_clock_that_is_set_back_holds_nothing_for_a_day() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "created");
    bench.pass(-24 * 3600);
    assert_eq!(bench.shown().len(), 1);
    for n in 2..5 {
        bench.event(&format!("booking:{n}"), "confirmed");
    }
    bench.pass(-24 * 3600);
    bench.event("booking:9", "confirmed");
    assert_eq!(bench.codes().last(), Some(&Popped), "the pop-ups of tomorrow do not count");
}

#[test]
fn snoozed_and_muted_threads_are_silent_and_a_snooze_ends() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "confirmed");
    let until = bench.now + SignedDuration::from_hours(1);
    let effects = bench.screen.snooze("booking:1", Some(until));
    bench.carry_out(effects);
    assert!(bench.visible().is_empty());
    bench.event("booking:1", "paid");
    assert_eq!(bench.codes().last(), Some(&Silenced));
    bench.pass(3600);
    assert_eq!(bench.reminded, ["booking:1"]);
    let effects = bench.screen.mute("booking:1", true);
    bench.carry_out(effects);
    bench.event("booking:1", "cancelled");
    assert_eq!(bench.codes().last(), Some(&Silenced));
    let effects = bench.screen.mute("booking:1", false);
    bench.carry_out(effects);
    bench.event("booking:1", "cancelled");
    assert_eq!(bench.codes().last(), Some(&Popped));
}

#[test]
fn what_was_read_is_not_told_any_more() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "created");
    let effects = bench.screen.read(&[1]);
    bench.carry_out(effects);
    bench.pass(10);
    assert!(bench.shown().is_empty());
    assert_eq!(bench.codes(), [InboxOnly]);
    bench.event("booking:2", "confirmed");
    let effects = bench.screen.read(&[2]);
    bench.carry_out(effects);
    assert!(bench.visible().is_empty());
}

#[test]
fn a_restart_remembers_the_budget_and_what_was_told() {
    let mut bench = Bench::traveler();
    for _ in 0..3 {
        bench.event("booking:1", "confirmed");
        bench.pass(60);
    }
    bench.restart();
    bench.event("booking:1", "confirmed");
    assert_eq!(bench.codes().last(), Some(&OverBudget));
}

#[test]
fn forgetting_keeps_what_still_counts() {
    let mut bench = Bench::traveler();
    bench.event("booking:1", "confirmed");
    bench.screen.mute("booking:2", true);
    bench.screen.forget(bench.now);
    assert_eq!(bench.screen.threads.len(), 2);
    bench.pass(25 * 3600);
    bench.screen.forget(bench.now);
    assert_eq!(bench.screen.threads.len(), 1, "the mute stays");
}
