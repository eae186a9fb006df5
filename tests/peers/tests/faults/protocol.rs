//! Faults of the protocol on a live connection: invalid packets, and rare valid ones.

use peers::bench::TestBench;
use support::scripted_server::{ScriptStep, broken_text_frame, masked_frame, torn_frame, unknown_frame};

use super::fault::{Expectation, Fault, FaultObservation};

/// More than our client accepts, and than a slow machine transfers within the ping timeout.
const GIANT_BYTES: usize = 20_000_000;

pub fn faults() -> Vec<Fault> {
    const LOST: Expectation = Expectation::GoesDown(&["connectionLost"]);
    vec![
        Fault::new("frame of 20 MB", 6, LOST, |bench| {
            let giant = format!(r#"42["booking:updated","{}"]"#, "x".repeat(GIANT_BYTES));
            ordered(bench, vec![ScriptStep::Text(giant)])
        }),
        Fault::new("binary attachment with 0x1e in it", 4, Expectation::StaysOnline, |bench| {
            let head = r#"451-["photo",{"_placeholder":true,"num":0}]"#.to_owned();
            ordered(bench, vec![ScriptStep::Text(head), ScriptStep::Binary(vec![0x1e, 0x00, 0x1e, 0xff])])
        }),
        Fault::new("binary without an event before it", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Binary(vec![1, 2, 3])])
        }),
        Fault::new("offset after the arguments", 4, Expectation::StaysOnline, |bench| {
            let event = r#"42["booking:created",{"data":{"bookingId":"o","status":"PENDING"}},"1763-0"]"#;
            ordered(bench, vec![ScriptStep::Text(event.to_owned())])
        })
        .check_during(one_event_more),
        Fault::new("garbage text", 4, LOST, |bench| ordered(bench, vec![ScriptStep::Text("hello?".to_owned())])),
        Fault::new("text that is not UTF-8", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Bytes(broken_text_frame())])
        }),
        Fault::new("frame with an unknown opcode", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Bytes(unknown_frame())])
        }),
        Fault::new("masked frame", 4, LOST, |bench| ordered(bench, vec![ScriptStep::Bytes(masked_frame().to_vec())])),
        Fault::new("torn frame, then the end", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Bytes(torn_frame()), ScriptStep::Fin])
        }),
        Fault::new("torn frame, then silence", 6, Expectation::GoesDown(&["timeout"]), |bench| {
            ordered(bench, vec![ScriptStep::Bytes(torn_frame()), ScriptStep::Silence])
        }),
        Fault::new("unknown Engine.IO packet (9)", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Text("9".to_owned())])
        }),
        Fault::new("unknown Socket.IO packet (47)", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Text("47".to_owned())])
        }),
        Fault::new("event that is no array", 4, LOST, |bench| {
            ordered(bench, vec![ScriptStep::Text("42{}".to_owned())])
        }),
        Fault::new("unknown event and unknown fields", 4, Expectation::StaysOnline, |bench| {
            let event = r#"42["booking:teleported",{"data":{"to":"LAX"},"x":[{}]},7]"#;
            ordered(bench, vec![ScriptStep::Text(event.to_owned())])
        }),
        Fault::new("second CONNECT", 4, Expectation::StaysOnline, |bench| {
            ordered(bench, vec![ScriptStep::Text(r#"40{"sid":"again"}"#.to_owned())])
        }),
        Fault::new("answer to a question that nobody asked", 4, Expectation::StaysOnline, |bench| {
            ordered(bench, vec![ScriptStep::Text("43999[1]".to_owned())])
        }),
        Fault::new(
            "pings stop, events do not",
            6,
            Expectation::GoesDownWithin(std::time::Duration::from_secs(3), &["timeout"]),
            |bench| Box::pin(pings_stop(bench)),
        ),
        Fault::new("Engine.IO CLOSE", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            ordered(bench, vec![ScriptStep::Text("1".to_owned())])
        }),
        Fault::new("clean close (1000)", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            ordered(bench, vec![ScriptStep::Close(1000, "")])
        }),
        Fault::new("close for a restart (1012)", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            ordered(bench, vec![ScriptStep::Close(1012, "service restart")])
        }),
    ]
}

fn ordered(bench: &mut TestBench, steps: Vec<ScriptStep>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move {
        for step in steps {
            bench.scripted.inject(step);
        }
    })
}

/// Stops the pings while events go on.
async fn pings_stop(bench: &mut TestBench) {
    bench.scripted.inject(ScriptStep::LiveWithoutPings);
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(200));
    for _ in 0..20 {
        beat.tick().await;
        bench.send_event().await;
    }
}

/// Asserts that the event arrived without its offset as an argument.
fn one_event_more(_: &TestBench, seen: &FaultObservation) -> Result<(), String> {
    if seen.log.events == 0 { Err("the event was lost".to_owned()) } else { Ok(()) }
}
