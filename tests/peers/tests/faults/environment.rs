//! Faults of the client's machine and network: forward proxies, sleep, clocks, and recovery of kept sessions.

use std::time::Duration;

use peers::PeerCommand;
use peers::bench::{BenchSetup, ClientKind, NodeServerKind, TestBench, clock};
use support::fault_proxy::{AcceptMode, CutKind};
use support::forward_proxy::ProxyMode;

use super::fault::{Expectation, Fault, FaultObservation};

/// A host that only the forward proxy resolves.
const BEHIND_PROXY: BenchSetup =
    BenchSetup { host: "booking.test", tls: None, node_server: None, forward_proxy: true, clock: false, online: true };
const WITH_FAKE_CLOCK: BenchSetup =
    BenchSetup { host: "127.0.0.1", tls: None, node_server: None, forward_proxy: false, clock: true, online: true };
const WITH_RECOVERY: BenchSetup = BenchSetup {
    host: "127.0.0.1",
    tls: None,
    node_server: Some(NodeServerKind::Recovering),
    forward_proxy: false,
    clock: false,
    online: true,
};
const DAY_SECS: i64 = 86_400;
/// Events that are sent while the client is disconnected.
const MISSED: u64 = 3;

pub fn faults() -> Vec<Fault> {
    let mut faults = vec![
        Fault::new("proxy with a password, and a name that only it resolves", 4, Expectation::Recovers, |bench| {
            Box::pin(async { bench.proxy.cut(CutKind::Reset) })
        })
        .with_setup(BEHIND_PROXY),
        Fault::new("proxy: 407, the password is no longer good", 5, Expectation::DownThroughout(&["proxy"]), |bench| {
            keeper(bench, ProxyMode::RejectsPassword)
        })
        .with_setup(BEHIND_PROXY),
        Fault::new("proxy: 502, it reaches nobody", 5, Expectation::DownThroughout(&["proxy"]), |bench| {
            keeper(bench, ProxyMode::BadGateway)
        })
        .with_setup(BEHIND_PROXY),
        Fault::new("proxy: hangs up", 5, Expectation::DownThroughout(&["proxy", "unreachable"]), |bench| {
            keeper(bench, ProxyMode::HangsUp)
        })
        .with_setup(BEHIND_PROXY),
        Fault::new("proxy: never answers", 14, Expectation::DownThroughout(&["proxy", "timeout"]), |bench| {
            keeper(bench, ProxyMode::Silent)
        })
        .with_setup(BEHIND_PROXY),
        Fault::new("proxy refused: nobody listens there", 5, Expectation::NeverRecovers(&["proxy"]), |bench| {
            Box::pin(async {
                bench.forward_proxy = None;
                bench.proxy.cut(CutKind::Reset);
            })
        })
        .with_setup(BEHIND_PROXY),
        Fault::new("wake: the old line is dead, a new one would stand", 4, Expectation::Recovers, |bench| {
            Box::pin(async {
                bench.proxy.freeze_open();
                if bench.kind == ClientKind::Ours {
                    bench.peer.send(&PeerCommand::Woke).await;
                }
            })
        })
        .check_during(|_, seen| at_most(1, "attempts", seen.attempts)),
        Fault::new("away for 3 s, 3 events meanwhile, the server keeps sessions", 14, Expectation::Recovers, |bench| {
            Box::pin(missed(bench))
        })
        .with_setup(WITH_RECOVERY)
        .check_during(
            |_, seen| if seen.events == MISSED { Ok(()) } else { Err(format!("{} of {MISSED} events", seen.events)) },
        )
        .describe(|_, seen| format!("{} of {MISSED} events arrived", seen.events)),
    ];
    if clock::library().is_none() {
        support::missing("libfaketime, for the rows of the clock");
        return faults;
    }
    faults.push(
        Fault::new("wall clock set a day ahead", 9, Expectation::Recovers, |bench| {
            Box::pin(async { bench.set_clock(DAY_SECS) })
        })
        .with_setup(WITH_FAKE_CLOCK)
        .check_during(undisturbed),
    );
    faults.push(
        Fault::new("wall clock set a day back", 9, Expectation::Recovers, |bench| {
            Box::pin(async { bench.set_clock(-DAY_SECS) })
        })
        .with_setup(WITH_FAKE_CLOCK)
        .check_during(undisturbed),
    );
    faults
}

fn keeper(bench: &mut TestBench, keeper: ProxyMode) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move {
        if let Some(forward_proxy) = &bench.forward_proxy {
            forward_proxy.set(keeper);
        }
        bench.proxy.cut(CutKind::Reset);
    })
}

/// Disconnects the client; the server buffers its events, and replays them when the session is resumed.
async fn missed(bench: &mut TestBench) {
    bench.proxy.set_accept_mode(AcceptMode::Reset);
    bench.proxy.cut(CutKind::Reset);
    let mut open = bench.proxy.open();
    // All connections are closed, so that the server has noticed.
    let _ = open.wait_for(|open| *open == 0).await;
    for _ in 0..MISSED {
        bench.send_event().await;
    }
    // The duration is the fault: long enough that the first attempt fails, as in most outages.
    tokio::time::sleep(Duration::from_secs(3)).await;
    bench.proxy.set_accept_mode(AcceptMode::Open);
}

/// Asserts that a changed clock costs at most one reconnect and one refresh.
fn undisturbed(bench: &TestBench, seen: &FaultObservation) -> Result<(), String> {
    at_most(1, "attempts", seen.attempts)?;
    at_most(1, "refreshes", bench.scripted.seen().refreshes)
}

fn at_most(limit: u64, what: &str, count: u64) -> Result<(), String> {
    if count <= limit { Ok(()) } else { Err(format!("{count} {what}")) }
}
