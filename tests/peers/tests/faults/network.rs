//! Faults of the TCP connection: cut, half-open, slow, flapping, and bytes that arrive otherwise than they were sent.

use std::time::Duration;

use peers::bench::TestBench;
use support::fault_proxy::{ChunkFault, CutKind, Direction, LinkConditions};
use support::scripted_server::ScriptStep;

use super::fault::{Expectation, Fault};

/// pingInterval + pingTimeout of the servers, and a second.
const SILENCE: Duration = Duration::from_secs(3);
const STALLED: LinkConditions = LinkConditions { stalled: true, delay: Duration::ZERO, bytes_per_sec: None };

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::new("TCP reset", 4, Expectation::GoesDown(&["connectionLost"]), |bench| cut(bench, CutKind::Reset)),
        Fault::new(
            "end of the stream without a close frame (FIN)",
            4,
            Expectation::GoesDown(&["connectionLost"]),
            |bench| cut(bench, CutKind::Fin),
        ),
        Fault::new(
            "half-open: nothing arrives in either direction",
            6,
            Expectation::GoesDownWithin(SILENCE, &["timeout"]),
            |bench| {
                Box::pin(async {
                    bench.proxy.set_conditions(Direction::Upstream, STALLED);
                    bench.proxy.set_conditions(Direction::Downstream, STALLED);
                })
            },
        ),
        Fault::new(
            "half-open towards the client only",
            6,
            Expectation::GoesDownWithin(SILENCE, &["timeout"]),
            |bench| Box::pin(async { bench.proxy.set_conditions(Direction::Downstream, STALLED) }),
        ),
        Fault::new("network flaps 10 times in 3 s", 8, Expectation::GoesDown(&["connectionLost"]), |bench| {
            Box::pin(flap(bench))
        }),
        Fault::new("line of 500 bytes a second", 6, Expectation::StaysOnline, |bench| {
            Box::pin(async {
                let slow = LinkConditions { bytes_per_sec: Some(500), ..LinkConditions::default() };
                bench.proxy.set_conditions(Direction::Upstream, slow);
                bench.proxy.set_conditions(Direction::Downstream, slow);
            })
        }),
        Fault::new("half a second more each way", 6, Expectation::StaysOnline, |bench| {
            Box::pin(async {
                let far = LinkConditions { delay: Duration::from_millis(500), ..LinkConditions::default() };
                bench.proxy.set_conditions(Direction::Upstream, far);
                bench.proxy.set_conditions(Direction::Downstream, far);
            })
        }),
        Fault::new("handshake at 8 bytes a second", 15, Expectation::GoesDown(&["timeout"]), |bench| {
            Box::pin(async {
                let dripping = LinkConditions { bytes_per_sec: Some(8), ..LinkConditions::default() };
                bench.proxy.set_conditions(Direction::Downstream, dripping);
                bench.proxy.cut(CutKind::Reset);
            })
        }),
        Fault::new("a frame arrives twice", 4, Expectation::StaysOnline, |bench| {
            with_chunk_fault(bench, ChunkFault::Duplicate)
        }),
        Fault::new(
            "the second half of a frame is lost",
            6,
            Expectation::GoesDown(&["connectionLost", "timeout"]),
            |bench| with_chunk_fault(bench, ChunkFault::Truncate),
        ),
        Fault::new("the last byte of an event is corrupted", 4, Expectation::GoesDown(&["connectionLost"]), |bench| {
            with_chunk_fault(bench, ChunkFault::Corrupt)
        }),
    ]
}

fn cut(bench: &mut TestBench, form: CutKind) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move { bench.proxy.cut(form) })
}

/// Applies a chunk fault to an event, so that no ping comes between.
fn with_chunk_fault(
    bench: &mut TestBench,
    mangle: ChunkFault,
) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move {
        bench.proxy.inject(Direction::Downstream, mangle);
        bench
            .scripted
            .inject(ScriptStep::Text(r#"42["booking:updated",{"data":{"bookingId":"b","status":"X"}}]"#.to_owned()));
    })
}

async fn flap(bench: &mut TestBench) {
    let mut beat = tokio::time::interval(Duration::from_millis(300));
    for _ in 0..10 {
        beat.tick().await;
        bench.proxy.cut(CutKind::Reset);
    }
}
