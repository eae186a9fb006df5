//! The fault table: each fault on each client, from one run.
//!
//! Our client is asserted: state, reason, deadline, attempt rate, recovery. The results of the others are reported
//! only. `GATECALL_WRITE_DOCS=1` writes the table into `docs/CONNECTION.md`.
#![allow(clippy::unwrap_used, reason = "tests")]

mod acks;
mod certificates;
mod environment;
mod fault;
mod handshake;
mod markdown;
mod network;
mod outage;
mod protocol;
mod tokens;

use std::sync::Arc;

use peers::bench::ClientKind;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use fault::{Fault, FaultResult};
use markdown::FaultTable;

/// Concurrent runs. They mostly wait; more of them would delay each other on two cores.
const CONCURRENT_RUNS: usize = 36;

fn short_faults() -> Vec<Fault> {
    let groups = [
        outage::faults(),
        network::faults(),
        certificates::faults(),
        environment::faults(),
        handshake::faults(),
        tokens::faults(),
        protocol::faults(),
        acks::faults(),
    ];
    groups.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_state_its_reason_and_its_recovery() {
    if support::node::folder().is_none() {
        return;
    }
    let table = run(short_faults()).await;
    assert!(name_filter().is_some() || table.len() >= 40, "only {} faults", table.len());
    markdown::publish("faults", &table, name_filter().is_none());
    assert_no_failures(&table);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "soak: runs for more than 15 minutes"]
async fn every_long_fault() {
    if support::node::folder().is_none() {
        return;
    }
    let table = run(outage::long_faults()).await;
    markdown::publish("long-faults", &table, name_filter().is_none());
    assert_no_failures(&table);
}

async fn run(faults: Vec<Fault>) -> FaultTable {
    let name_filter = name_filter();
    let faults = faults
        .into_iter()
        .filter(|fault| name_filter.as_ref().is_none_or(|name_filter| fault.name.contains(name_filter.as_str())));
    let faults: Vec<Arc<Fault>> = faults.map(Arc::new).collect();
    let permits = Arc::new(Semaphore::new(CONCURRENT_RUNS));
    let mut runs = JoinSet::new();
    for (index, fault) in faults.iter().enumerate() {
        for kind in ClientKind::ALL {
            let (fault, permits) = (Arc::clone(fault), Arc::clone(&permits));
            runs.spawn(async move {
                let _permit = permits.acquire().await.unwrap();
                (index, kind, fault::run(&fault, kind).await)
            });
        }
    }
    let mut results: Vec<[Option<FaultResult>; 3]> = faults.iter().map(|_| [None, None, None]).collect();
    while let Some(ran) = runs.join_next().await {
        let (index, kind, result) = ran.unwrap();
        let column = ClientKind::ALL.iter().position(|one| *one == kind).unwrap();
        results[index][column] = Some(result);
    }
    faults.iter().zip(results).map(|(fault, results)| (fault.name, results.into_iter().flatten().collect())).collect()
}

/// The text of `GATECALL_FAULT`: only faults with it in their name are run.
fn name_filter() -> Option<String> {
    std::env::var("GATECALL_FAULT").ok()
}

fn assert_no_failures(table: &FaultTable) {
    let failures: Vec<String> = table
        .iter()
        .flat_map(|(name, results)| results[0].failures.iter().map(move |failures| format!("{name}: {failures}")))
        .collect();
    assert!(failures.is_empty(), "ours is wrong in {} cells:\n{}", failures.len(), failures.join("\n"));
}
