//! What holds on every screen, whatever comes and whatever people and the desktop do.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

#[derive(Debug, Clone)]
enum Move {
    Event(usize, &'static str),
    Pass(i64),
    Jump(i64),
    Close(usize),
    Read(i64),
    Mute(usize, bool),
    Snooze(usize, i64),
    QuietHours(bool),
    Repaint,
    Tidy,
    Clear,
}

const EVENTS: &[&str] = &["created", "confirmed", "paid", "updated", "cancelled", "updated:CANCELLED"];
const STATES: &[&str] =
    &["flight:SCHEDULED", "flight:DELAYED", "flight:CANCELLED", "flight:DEPARTED", "flight:LANDED", "flight:X"];
const THREADS: usize = 8;

fn thread(index: usize) -> String {
    if index.is_multiple_of(2) { format!("booking:{index}") } else { format!("flight:{index}") }
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let event = (0..THREADS, select(EVENTS), select(STATES))
        .prop_map(|(index, booking, flight)| Move::Event(index, if index % 2 == 0 { booking } else { flight }));
    let one = prop_oneof![
        12 => event,
        4 => (0_i64..15).prop_map(Move::Pass),
        1 => (0_i64..4_000).prop_map(Move::Pass),
        1 => (-100_000_i64..100_000).prop_map(Move::Jump),
        2 => (0..THREADS + 1).prop_map(Move::Close),
        1 => (1_i64..60).prop_map(Move::Read),
        1 => (0..THREADS, any::<bool>()).prop_map(|(index, muted)| Move::Mute(index, muted)),
        1 => (0..THREADS, 1_i64..100).prop_map(|(index, secs)| Move::Snooze(index, secs)),
        1 => any::<bool>().prop_map(Move::QuietHours),
        1 => Just(Move::Repaint),
        1 => Just(Move::Tidy),
        1 => Just(Move::Clear),
    ];
    proptest::collection::vec(one, 1..80)
}

fn make(bench: &mut Bench, step: Move) {
    let effects = match step {
        Move::Event(index, event) => {
            let decision = bench.event(&thread(index), event);
            let is_held =
                matches!(decision.presentation, Presentation::Toast { hold: Some(_), .. } | Presentation::Join);
            assert!(!(decision.urgency == Urgency::Critical && is_held), "urgent and held: {decision:?}");
            Vec::new()
        }
        Move::Pass(secs) => {
            bench.pass(secs);
            Vec::new()
        }
        Move::Jump(secs) => {
            bench.now += SignedDuration::from_secs(secs);
            bench.screen.tick(bench.audience, bench.now)
        }
        Move::Close(index) => {
            let key = if index == THREADS { BURST_KEY.to_owned() } else { thread(index) };
            bench.close(&key);
            Vec::new()
        }
        Move::Read(row) => bench.screen.read(&[row]),
        Move::Mute(index, muted) => bench.screen.mute(&thread(index), muted),
        Move::Snooze(index, secs) => {
            let until = bench.now + SignedDuration::from_secs(secs);
            bench.screen.snooze(&thread(index), Some(until))
        }
        Move::QuietHours(on) => {
            bench.preferences.quiet_hours = None;
            if on {
                bench.quiet_hours("00:00", "00:00");
            }
            Vec::new()
        }
        Move::Repaint => bench.screen.repaint(),
        Move::Tidy => bench.screen.withdraw_stale(bench.now),
        Move::Clear => bench.screen.clear(RulingReason::ReadFirst),
    };
    bench.carry_out(effects);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_toast_a_thread_five_in_all_and_one_outcome_an_event(moves in moves(), desk in any::<bool>()) {
        let mut bench = Bench::of(if desk { Audience::Agent } else { Audience::Traveler });
        for step in moves {
            make(&mut bench, step);
            bench.assert_it_knows_the_screen();
            bench.assert_the_ledger_is_true();
        }
    }

    #[test]
    fn no_more_than_three_pop_ups_in_ten_seconds(moves in moves(), desk in any::<bool>()) {
        let mut bench = Bench::of(if desk { Audience::Agent } else { Audience::Traveler });
        // With a clock that runs, and nobody who clears the screen in between.
        for step in moves.into_iter().filter(|step| !matches!(step, Move::Jump(_))) {
            make(&mut bench, step);
        }
        bench.pass(300);
        let most = if desk { 1 } else { 3 };
        // What is urgent waits for nothing, however many there were.
        for (index, (at, urgent)) in bench.pop_up_times.iter().enumerate().filter(|(_, (_, urgent))| !urgent) {
            let window = bench.pop_up_times[..=index]
                .iter()
                .filter(|(earlier, _)| at.duration_since(*earlier) < SignedDuration::from_secs(POPUP_WINDOW_SECS));
            prop_assert!(window.count() <= most, "{urgent} {:?}", bench.pop_up_times);
        }
    }

    #[test]
    fn a_storms_numbers_add_up(moves in moves()) {
        let mut bench = Bench::of(Audience::Agent);
        for step in moves {
            make(&mut bench, step);
        }
        bench.pass(1_000);
        for burst in &bench.storms {
            let named: u64 = burst.sums.flights.iter().map(|(_, count)| count).sum();
            prop_assert!(burst.sums.more_flights > 0 || named == burst.sums.events(), "{:?}", burst.sums);
            prop_assert!(burst.sums.bookings_hit <= burst.sums.events());
        }
    }
}
