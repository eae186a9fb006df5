//! The way up: HTTP answers, silence at each stage, and what is no booking service.

use support::raw::{PORTAL, Step, http_date, response};

use peers::bench::Lab;

use super::row::{Expect, Row, Seen};

pub fn rows() -> Vec<Row> {
    use Step::{Accept, Answer, AwaitConnect, Bytes, Greet, Live, Open, Silence, Text, Upgrade};
    vec![
        Row::new("silence after TCP", 14, Expect::Out(&["timeout"]), |lab| into(lab, vec![Silence])),
        Row::new("silence after the upgrade", 14, Expect::Out(&["timeout"]), |lab| into(lab, vec![Upgrade, Silence])),
        Row::new("silence after OPEN", 14, Expect::Out(&["timeout"]), |lab| into(lab, vec![Upgrade, Open, Silence])),
        Row::new("connect, then no word (and no `connected`)", 16, Expect::AsksPerson("tokenRefused"), |lab| {
            into(lab, vec![Upgrade, Open, AwaitConnect, Accept, Live])
        }),
        // A server takes up only a session that it had accepted, and need not greet it again.
        Row::new("session taken up again, no word (and no `connected`)", 12, Expect::GetsAround, |lab| {
            into(lab, vec![Upgrade, Open, AwaitConnect, Step::TakeUp, Live])
        }),
        Row::new("HTTP 429, Retry-After: 8", 6, Expect::Out(&["serverBusy"]), |lab| {
            into(lab, vec![Answer(response(429, &[("Retry-After", "8")], ""))])
        })
        .and(one_attempt),
        Row::new("HTTP 503, Retry-After: 8", 6, Expect::Out(&["serverBusy"]), |lab| {
            into(lab, vec![Answer(response(503, &[("Retry-After", "8")], ""))])
        })
        .and(one_attempt),
        Row::new("HTTP 503, Retry-After as a date in 8 s", 6, Expect::Out(&["serverBusy"]), |lab| {
            // One more second, since a date has none of its parts.
            into(lab, vec![Answer(response(503, &[("Retry-After", &http_date(9))], ""))])
        })
        .and(one_attempt),
        Row::new("HTTP 502 without a word", 5, Expect::Out(&["serverBusy"]), |lab| {
            into(lab, vec![Answer(response(502, &[], ""))])
        }),
        Row::new("HTTP 301 elsewhere", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Answer(response(301, &[("Location", "http://127.0.0.1:9/")], ""))])
        }),
        Row::new("HTTP 407 without a proxy", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Answer(response(407, &[("Proxy-Authenticate", "Basic")], ""))])
        }),
        Row::new("HTTP 404", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Answer(response(404, &[], ""))])
        }),
        Row::new("HTTP 400, unknown session (no sticky sessions)", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Answer(response(400, &[], r#"{"code":1,"message":"Session ID unknown"}"#))])
        }),
        Row::new("captive portal (HTML, 200)", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Answer(response(200, &[("Content-Type", "text/html")], PORTAL))])
        }),
        Row::new("something that is no HTTP", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Bytes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec())])
        }),
        Row::new("half an HTTP answer, then the end", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Bytes(b"HTTP/1.1 101 Switching Pro".to_vec())])
        }),
        Row::new("upgraded, but no Engine.IO", 5, Expect::Out(&["notABookingService"]), |lab| {
            into(lab, vec![Upgrade, Text("hello".to_owned()), Silence])
        }),
        Row::new("early ping, before CONNECT", 5, Expect::GetsAround, |lab| {
            into(lab, vec![Upgrade, Open, Text("2".to_owned()), AwaitConnect, Accept, Greet, Live])
        }),
        Row::new("early events, before CONNECT", 5, Expect::GetsAround, |lab| {
            let early = r#"42["booking:created",{"data":{"bookingId":"early","status":"PENDING"}},"offset"]"#;
            into(lab, vec![Upgrade, Open, AwaitConnect, Text(early.to_owned()), Accept, Greet, Live])
        }),
        Row::new("clean close right after the upgrade", 5, Expect::Out(&["serverClosed"]), |lab| {
            into(lab, vec![Upgrade, Step::Close(1013, "try again later")])
        }),
    ]
}

fn into(lab: &mut Lab, steps: Vec<Step>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move { lab.reconnect_into(steps) })
}

/// The server's wish was heard: it was asked once.
fn one_attempt(_: &Lab, seen: &Seen) -> Result<(), String> {
    if seen.attempts == 1 { Ok(()) } else { Err(format!("{} attempts before Retry-After was over", seen.attempts)) }
}
