//! Faults of acknowledgements, and emits while offline. Room requests are all that our client emits.

use std::time::Duration;

use peers::PeerCommand;
use peers::bench::TestBench;
use support::fault_proxy::{AcceptMode, CutKind};
use support::scripted_server::AckPolicy;

use super::fault::{Expectation, Fault, FaultObservation};

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::new("acknowledgement never given", 13, Expectation::StaysOnline, |bench| {
            Box::pin(asked(bench, AckPolicy::Never, 1))
        })
        .check_during(|_, seen| answered(seen, 0))
        .describe(told),
        Fault::new("acknowledgement given twice", 4, Expectation::StaysOnline, |bench| {
            Box::pin(asked(bench, AckPolicy::Twice, 1))
        })
        .check_during(|_, seen| answered(seen, 1))
        .describe(told),
        Fault::new("300 acknowledgements outstanding, then given", 6, Expectation::StaysOnline, |bench| {
            Box::pin(three_hundred(bench))
        })
        .check_during(|_, seen| answered(seen, 300))
        .describe(told),
        Fault::new("emit while offline", 6, Expectation::DownThroughout(&["connectionLost"]), |bench| {
            Box::pin(offline(bench))
        })
        .check_after(
            |bench, _| if asked_for(bench) == 1 { Ok(()) } else { Err(format!("asked {} times", asked_for(bench))) },
        )
        .describe(|bench, _| format!("sent {} times in the end", asked_for(bench))),
    ]
}

async fn asked(bench: &mut TestBench, acks: AckPolicy, rooms: u32) {
    bench.scripted.set(|script| script.acks = acks);
    for room in 0..rooms {
        bench.peer.send(&PeerCommand::Subscribe(format!("room-{room}"))).await;
    }
}

/// Requests rooms one by one; the server acknowledges none before it has seen them all.
async fn three_hundred(bench: &mut TestBench) {
    asked(bench, AckPolicy::Held, 300).await;
    // Each room is saved to the settings before the next; an acknowledgement counts for 10 s.
    let limit = Duration::from_secs(9);
    let names = |texts: &[String]| {
        texts.iter().filter(|text| text.contains("room-")).map(|text| text.matches("room-").count()).sum::<usize>()
    };
    // A client that does not send them all leaves the server waiting; its result says how many came.
    let _ = tokio::time::timeout(limit, bench.scripted.until("300 rooms", |seen| names(&seen.texts) >= 300)).await;
    bench.scripted.inject(support::scripted_server::ScriptStep::ReleaseAcks);
    // A client that does not receive them all says so in its result.
    let _ = bench.peer.within(Duration::from_secs(3), |log| log.answered >= 300).await;
}

async fn offline(bench: &mut TestBench) {
    bench.proxy.set_accept_mode(AcceptMode::Reset);
    bench.proxy.cut(CutKind::Reset);
    let limit = Duration::from_secs(2);
    // A client that does not notice the disconnect emits into it; its result says so.
    let _ = bench.peer.within(limit, |log| !log.is_online()).await;
    bench.peer.send(&PeerCommand::Subscribe("room-0".to_owned())).await;
}

fn answered(seen: &FaultObservation, count: u64) -> Result<(), String> {
    if seen.log.answered == count { Ok(()) } else { Err(format!("{} answers", seen.log.answered)) }
}

/// How often the server was asked for the first room.
fn asked_for(bench: &TestBench) -> usize {
    bench.scripted.seen().texts.iter().filter(|text| text.contains("\"room-0\"")).count()
}

fn told(bench: &TestBench, _: &FaultObservation) -> String {
    let log = bench.peer.log();
    format!("{} answered, {} given up", log.answered, log.failed)
}
