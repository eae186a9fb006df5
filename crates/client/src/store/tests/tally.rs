//! The badge is the count of unread rows, whatever happens to them.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::store::Retention;

#[derive(Debug, Clone)]
enum Step {
    Event { id: u8, stamp: u8 },
    Batch(u8),
    Read { id: i64, read: bool },
    ReadAll,
    ClearAll,
    Done { id: i64, done: bool },
    Undo,
    Learn { id: u8 },
    Forget { rows: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any::<u8>(), any::<u8>()).prop_map(|(id, stamp)| Step::Event { id, stamp }),
        2 => (1u8..40).prop_map(Step::Batch),
        4 => (0i64..400, any::<bool>()).prop_map(|(id, read)| Step::Read { id, read }),
        1 => Just(Step::ReadAll),
        1 => Just(Step::ClearAll),
        4 => (0i64..400, any::<bool>()).prop_map(|(id, done)| Step::Done { id, done }),
        2 => Just(Step::Undo),
        1 => any::<u8>().prop_map(|id| Step::Learn { id }),
        1 => (20u8..200).prop_map(|rows| Step::Forget { rows }),
    ]
}

fn stamp(n: u32) -> String {
    at(i64::from(n)).to_string()
}

fn run(inbox: &mut Inbox, step: Step, count: &mut u32, last: &mut Vec<RowState>) {
    let account = inbox.account;
    match step {
        Step::Event { id, stamp: when } => {
            inbox.take(&[event("booking:created", &created(&format!("b-{id}"), &stamp(u32::from(when))), at(0))]);
        }
        Step::Batch(size) => {
            let events: Vec<_> = (0..size)
                .map(|_| {
                    *count += 1;
                    event("booking:created", &created("batch", &stamp(1_000 + *count)), at(0))
                })
                .collect();
            inbox.take(&events);
        }
        Step::Read { id, read } => drop(inbox.store.set_read(account, &vec![id].into(), read).unwrap()),
        Step::ReadAll => drop(inbox.store.set_read(account, &RowSelector::everything(), true).unwrap()),
        Step::ClearAll => *last = inbox.store.set_done(account, &RowSelector::everything(), true, at(0)).unwrap(),
        Step::Done { id, done } => *last = inbox.store.set_done(account, &vec![id].into(), done, at(0)).unwrap(),
        Step::Undo => inbox.store.restore(account, &std::mem::take(last)).unwrap(),
        Step::Learn { id } => {
            let known = Booking { pnr: Some("ZZZ999".into()), ..Booking::new(format!("b-{id}")) };
            inbox.store.learn(account, Audience::Traveler, vec![known]).unwrap();
        }
        Step::Forget { rows } => {
            let retention = Retention { oldest: Timestamp::MIN, rows: u64::from(rows) };
            while inbox.store.forget_some(account, retention).unwrap().1 {}
        }
    }
}

fn counted(inbox: &Inbox) -> (u64, u64) {
    let count = |condition: &str| -> u64 {
        let sql = format!("SELECT COUNT(*) FROM event WHERE account_id = ?1 AND cleared_ms IS NULL {condition}");
        let count: i64 = inbox.store.connection.query_row(&sql, [inbox.account.0], |row| row.get(0)).unwrap();
        count.unsigned_abs()
    };
    (count("AND read = 0"), count(""))
}

#[test]
fn after_any_operation_the_badge_is_the_count_of_unread_rows() {
    after_operations(10_000);
}

#[test]
#[ignore = "soak: three minutes"]
fn after_any_of_100_000_operations_the_badge_is_the_count_of_unread_rows() {
    after_operations(100_000);
}

/// The count is looked at after each of them.
fn after_operations(operations: u32) {
    let mut runner =
        TestRunner::new(Config { cases: operations / 500, failure_persistence: None, ..Config::default() });
    let steps = proptest::collection::vec(step(), 500);
    runner
        .run(&steps, |steps| {
            let mut inbox = inbox();
            inbox.store.connection.pragma_update(None, "synchronous", "OFF").unwrap();
            let (mut count, mut last) = (0, Vec::new());
            for step in steps {
                run(&mut inbox, step.clone(), &mut count, &mut last);
                prop_assert_eq!(inbox.store.counts(inbox.account).unwrap(), counted(&inbox), "after {:?}", step);
            }
            let integrity: String =
                inbox.store.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            prop_assert_eq!(integrity, "ok");
            // The index agrees with the rows.
            inbox
                .store
                .connection
                .execute("INSERT INTO event_text (event_text, rank) VALUES ('integrity-check', 1)", [])
                .unwrap();
            Ok(())
        })
        .unwrap();
}

#[test]
fn old_rows_go_a_few_at_a_time_and_the_newest_stay() {
    let mut inbox = inbox();
    let events: Vec<_> =
        (0u32..450).map(|n| event("booking:created", &created("b", &stamp(n)), at(i64::from(n)))).collect();
    inbox.take(&events);
    let retention = Retention { oldest: at(100), rows: 300 };
    let mut steps = 0;
    while inbox.store.forget_some(inbox.account, retention).unwrap().1 {
        steps += 1;
        assert!(steps < 10);
    }
    let rows = inbox.all();
    assert_eq!(inbox.store.counts(inbox.account).unwrap().1, 300);
    assert_eq!(rows.first().unwrap().received_at, at(449));
    let retention = Retention { oldest: at(440), rows: 300 };
    while inbox.store.forget_some(inbox.account, retention).unwrap().1 {}
    assert_eq!(inbox.store.counts(inbox.account).unwrap().1, 10);
}
