//! The fault table: each fault, on each client, from a run.
//!
//! Ours is asserted: right state, right reason, no hang beyond its deadline, no busy loop, and back by itself. What the
//! others do is reported and never asserted. `GATECALL_WRITE_DOCS=1` writes the table into `docs/CONNECTION.md`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod acks;
mod handshake;
mod line;
mod outage;
mod page;
mod protocol;
mod row;
mod surroundings;
mod tokens;

use std::sync::Arc;

use peers::bench::Kind;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use row::{Cell, Row};

/// Runs at the same time. They mostly wait; more of them would make each other late on two cores.
const ABREAST: usize = 36;

fn short_rows() -> Vec<Row> {
    let groups = [
        outage::rows(),
        line::rows(),
        surroundings::rows(),
        handshake::rows(),
        tokens::rows(),
        protocol::rows(),
        acks::rows(),
    ];
    groups.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_state_and_its_reason_and_its_end() {
    if support::node::folder().is_none() {
        return;
    }
    let table = run(short_rows()).await;
    assert!(only().is_some() || table.len() >= 40, "only {} faults", table.len());
    page::publish("faults", &table);
    complain(&table);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: runs for more than 15 minutes"]
async fn every_fault_that_lasts() {
    if support::node::folder().is_none() {
        return;
    }
    let table = run(outage::long_rows()).await;
    page::publish("long-faults", &table);
    complain(&table);
}

/// A row's cells, in the order of [`Kind::ALL`].
type Table = Vec<(&'static str, Vec<Cell>)>;

async fn run(rows: Vec<Row>) -> Table {
    let only = only();
    let rows = rows.into_iter().filter(|row| only.as_ref().is_none_or(|only| row.name.contains(only.as_str())));
    let rows: Vec<Arc<Row>> = rows.map(Arc::new).collect();
    let places = Arc::new(Semaphore::new(ABREAST));
    let mut runs = JoinSet::new();
    for (index, row) in rows.iter().enumerate() {
        for kind in Kind::ALL {
            let (row, places) = (Arc::clone(row), Arc::clone(&places));
            runs.spawn(async move {
                let _place = places.acquire().await.unwrap();
                (index, kind, row::run(&row, kind).await)
            });
        }
    }
    let mut cells: Vec<[Option<Cell>; 3]> = rows.iter().map(|_| [None, None, None]).collect();
    while let Some(ran) = runs.join_next().await {
        let (index, kind, cell) = ran.unwrap();
        let column = Kind::ALL.iter().position(|one| *one == kind).unwrap();
        cells[index][column] = Some(cell);
    }
    rows.iter().zip(cells).map(|(row, cells)| (row.name, cells.into_iter().flatten().collect())).collect()
}

/// The faults that somebody who looks into one asks for: those with this text in their name.
fn only() -> Option<String> {
    std::env::var("GATECALL_FAULT").ok()
}

fn complain(table: &Table) {
    let wrong: Vec<String> = table
        .iter()
        .flat_map(|(name, cells)| cells[0].wrong.iter().map(move |wrong| format!("{name}: {wrong}")))
        .collect();
    assert!(wrong.is_empty(), "ours is wrong in {} cells:\n{}", wrong.len(), wrong.join("\n"));
}
