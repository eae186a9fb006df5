//! What a server may not say, and what few servers say: on a connection that lives.

use peers::bench::Lab;
use support::raw::{Step, broken_text_frame, masked_frame, torn_frame, unknown_frame};

use super::row::{Expect, Row, Seen};

/// More than ours takes, and more than the heartbeat lasts on a slow machine without it.
const GIANT_BYTES: usize = 20_000_000;

pub fn rows() -> Vec<Row> {
    const LOST: Expect = Expect::Down(&["connectionLost"]);
    vec![
        Row::new("frame of 20 MB", 6, LOST, |lab| {
            let giant = format!(r#"42["booking:updated","{}"]"#, "x".repeat(GIANT_BYTES));
            ordered(lab, vec![Step::Text(giant)])
        }),
        Row::new("binary attachment with 0x1e in it", 4, Expect::Stays, |lab| {
            let head = r#"451-["photo",{"_placeholder":true,"num":0}]"#.to_owned();
            ordered(lab, vec![Step::Text(head), Step::Binary(vec![0x1e, 0x00, 0x1e, 0xff])])
        }),
        Row::new("binary without an event before it", 4, LOST, |lab| ordered(lab, vec![Step::Binary(vec![1, 2, 3])])),
        Row::new("offset after the arguments", 4, Expect::Stays, |lab| {
            let event = r#"42["booking:created",{"data":{"bookingId":"o","status":"PENDING"}},"1763-0"]"#;
            ordered(lab, vec![Step::Text(event.to_owned())])
        })
        .and(one_event_more),
        Row::new("garbage text", 4, LOST, |lab| ordered(lab, vec![Step::Text("hello?".to_owned())])),
        Row::new("text that is not UTF-8", 4, LOST, |lab| ordered(lab, vec![Step::Bytes(broken_text_frame())])),
        Row::new("frame with an unknown opcode", 4, LOST, |lab| ordered(lab, vec![Step::Bytes(unknown_frame())])),
        Row::new("masked frame", 4, LOST, |lab| ordered(lab, vec![Step::Bytes(masked_frame().to_vec())])),
        Row::new("torn frame, then the end", 4, LOST, |lab| ordered(lab, vec![Step::Bytes(torn_frame()), Step::Fin])),
        Row::new("torn frame, then silence", 6, Expect::Down(&["timeout"]), |lab| {
            ordered(lab, vec![Step::Bytes(torn_frame()), Step::Silence])
        }),
        Row::new("unknown Engine.IO packet (9)", 4, LOST, |lab| ordered(lab, vec![Step::Text("9".to_owned())])),
        Row::new("unknown Socket.IO packet (47)", 4, LOST, |lab| ordered(lab, vec![Step::Text("47".to_owned())])),
        Row::new("event that is no array", 4, LOST, |lab| ordered(lab, vec![Step::Text("42{}".to_owned())])),
        Row::new("unknown event and unknown fields", 4, Expect::Stays, |lab| {
            let event = r#"42["booking:teleported",{"data":{"to":"LAX"},"x":[{}]},7]"#;
            ordered(lab, vec![Step::Text(event.to_owned())])
        }),
        Row::new("second CONNECT", 4, Expect::Stays, |lab| {
            ordered(lab, vec![Step::Text(r#"40{"sid":"again"}"#.to_owned())])
        }),
        Row::new("answer to a question that nobody asked", 4, Expect::Stays, |lab| {
            ordered(lab, vec![Step::Text("43999[1]".to_owned())])
        }),
        Row::new(
            "pings stop, events do not",
            6,
            Expect::DownWithin(std::time::Duration::from_secs(3), &["timeout"]),
            |lab| Box::pin(pings_stop(lab)),
        ),
        Row::new("Engine.IO CLOSE", 4, Expect::Down(&["serverClosed"]), |lab| {
            ordered(lab, vec![Step::Text("1".to_owned())])
        }),
        Row::new("clean close (1000)", 4, Expect::Down(&["serverClosed"]), |lab| {
            ordered(lab, vec![Step::Close(1000, "")])
        }),
        Row::new("close for a restart (1012)", 4, Expect::Down(&["serverClosed"]), |lab| {
            ordered(lab, vec![Step::Close(1012, "service restart")])
        }),
    ]
}

fn ordered(lab: &mut Lab, steps: Vec<Step>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move {
        for step in steps {
            lab.raw.order(step);
        }
    })
}

/// Events go on and show that the line is alive; the heartbeat that was promised is not.
async fn pings_stop(lab: &mut Lab) {
    lab.raw.order(Step::LiveWithoutPings);
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(200));
    for _ in 0..20 {
        beat.tick().await;
        lab.send_event().await;
    }
}

/// The offset is no argument of the event, and the event is whole.
fn one_event_more(_: &Lab, seen: &Seen) -> Result<(), String> {
    if seen.heard.events == 0 { Err("the event was lost".to_owned()) } else { Ok(()) }
}
