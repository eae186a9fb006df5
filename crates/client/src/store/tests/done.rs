//! Done and undone, against a model: every row is where the person put it, and as it was when that is taken back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

const ROWS: i64 = 24;

#[derive(Debug, Clone)]
enum Step {
    Read {
        ids: Vec<i64>,
        threads: Vec<String>,
        read: bool,
    },
    Done {
        ids: Vec<i64>,
        threads: Vec<String>,
        done: bool,
    },
    ReadAll,
    ClearAll,
    /// Takes back the nth of the changes that are left, the last first.
    Undo(usize),
}

/// What takes a change back.
enum UndoAction {
    Read(Vec<i64>, bool),
    Restore(Vec<RowState>, Vec<(i64, Row)>),
}

/// Read, and done.
type Row = (bool, bool);

fn step() -> impl Strategy<Value = Step> {
    let ids = || proptest::collection::vec(0..ROWS + 3, 0..5);
    let threads = || proptest::collection::vec((0u8..5).prop_map(|n| format!("booking:b-{n}")), 0..3);
    prop_oneof![
        3 => (ids(), threads(), any::<bool>()).prop_map(|(ids, threads, read)| Step::Read { ids, threads, read }),
        5 => (ids(), threads(), any::<bool>()).prop_map(|(ids, threads, done)| Step::Done { ids, threads, done }),
        1 => Just(Step::ReadAll),
        1 => Just(Step::ClearAll),
        4 => (0usize..4).prop_map(Step::Undo),
    ]
}

fn thread(id: i64) -> String {
    format!("booking:b-{}", id % 4)
}

/// The rows that are meant, in which place, as the model has them.
fn meant(
    model: &BTreeMap<i64, Row>,
    ids: &[i64],
    threads: &[String],
    is_meant: impl Fn(bool, Row) -> bool,
) -> Vec<i64> {
    let by_id = |id: &i64, row: Row| ids.contains(id) && is_meant(true, row);
    let by_thread = |id: &i64, row: Row| threads.contains(&thread(*id)) && is_meant(false, row);
    model.iter().filter(|(id, row)| by_id(id, **row) || by_thread(id, **row)).map(|(id, _)| *id).collect()
}

#[test]
fn whatever_is_read_done_and_taken_back_the_rows_are_those_of_the_model() {
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    runner
        .run(&proptest::collection::vec(step(), 1..60), |steps| {
            let mut inbox = inbox();
            inbox.store.connection.pragma_update(None, "synchronous", "OFF").unwrap();
            let payload =
                |n: i64| json!({ "timestamp": at(n).to_string(), "data": { "bookingId": format!("b-{}", n % 4) } });
            let events: Vec<_> = (1..=ROWS).map(|n| event("booking:updated", &payload(n), at(n))).collect();
            inbox.take(&events);
            let mut model: BTreeMap<i64, Row> = (1..=ROWS).map(|id| (id, (false, false))).collect();
            let mut undo: Vec<UndoAction> = Vec::new();
            for step in steps {
                run(&mut inbox, &mut model, &mut undo, step.clone());
                let rows = inbox.store.rows(inbox.account, &(1..=ROWS).collect::<Vec<_>>()).unwrap();
                let real: BTreeMap<i64, Row> = rows.iter().map(|row| (row.id, (row.read, row.done))).collect();
                prop_assert_eq!(&real, &model, "after {:?}", step);
                let place = |done: bool| {
                    let place = if done { Mailbox::Done } else { Mailbox::Inbox };
                    let page = inbox.store.list(inbox.account, &Criteria { place, ..Criteria::default() }, None, 50);
                    page.unwrap().items.iter().map(|row| row.id).collect::<Vec<_>>()
                };
                let expected = |done: bool| {
                    model.iter().rev().filter(|(_, row)| row.1 == done).map(|(id, _)| *id).collect::<Vec<_>>()
                };
                prop_assert_eq!((place(false), place(true)), (expected(false), expected(true)));
            }
            Ok(())
        })
        .unwrap();
}

fn run(inbox: &mut Inbox, model: &mut BTreeMap<i64, Row>, undo: &mut Vec<UndoAction>, step: Step) {
    let account = inbox.account;
    match step {
        Step::Read { ids, threads, read } => {
            let expected = meant(model, &ids, &threads, |by_id, row| row.0 != read && (by_id || !row.1));
            let mut changed =
                inbox.store.set_read(account, &RowSelector { ids, threads, ..RowSelector::default() }, read).unwrap();
            changed.sort_unstable();
            assert_eq!(changed, expected);
            changed.iter().for_each(|id| model.get_mut(id).unwrap().0 = read);
            undo.push(UndoAction::Read(changed, !read));
        }
        Step::Done { ids, threads, done } => {
            let expected = meant(model, &ids, &threads, |_, row| row.1 != done);
            let changed = inbox
                .store
                .set_done(account, &RowSelector { ids, threads, ..RowSelector::default() }, done, at(900))
                .unwrap();
            assert_eq!(changed.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
            put(model, undo, changed, done);
        }
        Step::ReadAll => {
            let changed = inbox.store.set_read(account, &RowSelector::everything(), true).unwrap();
            changed.iter().for_each(|id| model.get_mut(id).unwrap().0 = true);
            undo.push(UndoAction::Read(changed, false));
        }
        Step::ClearAll => {
            let changed = inbox.store.set_done(account, &RowSelector::everything(), true, at(900)).unwrap();
            put(model, undo, changed, true);
        }
        Step::Undo(back) if back < undo.len() => match undo.remove(undo.len() - 1 - back) {
            UndoAction::Read(ids, read) => {
                ids.iter().for_each(|id| model.get_mut(id).unwrap().0 = read);
                inbox.store.set_read(account, &ids.into(), read).unwrap();
            }
            UndoAction::Restore(rows, before) => {
                model.extend(before);
                inbox.store.restore(account, &rows).unwrap();
            }
        },
        Step::Undo(_) => {}
    }
}

fn put(model: &mut BTreeMap<i64, Row>, undo: &mut Vec<UndoAction>, changed: Vec<RowState>, done: bool) {
    let before = changed.iter().map(|row| (row.id, model[&row.id])).collect();
    for row in &changed {
        let now = model.get_mut(&row.id).unwrap();
        *now = (now.0 || done, done);
    }
    undo.push(UndoAction::Restore(changed, before));
}
