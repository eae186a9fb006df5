//! Faults of the handshake: HTTP answers, silence at each step, and servers that are no booking service.

use support::scripted_server::{PORTAL, ScriptStep, http_date, response};

use peers::bench::TestBench;

use super::fault::{Expectation, Fault, FaultObservation};

pub fn faults() -> Vec<Fault> {
    [http_answers(), socket_answers()].into_iter().flatten().collect()
}

/// HTTP answers in place of the upgrade.
fn http_answers() -> Vec<Fault> {
    use ScriptStep::Answer;
    vec![
        Fault::new("HTTP 429, Retry-After: 8", 6, Expectation::DownThroughout(&["serverBusy"]), |bench| {
            into(bench, vec![Answer(response(429, &[("Retry-After", "8")], ""))])
        })
        .check_during(one_attempt),
        Fault::new("HTTP 503, Retry-After: 8", 6, Expectation::DownThroughout(&["serverBusy"]), |bench| {
            into(bench, vec![Answer(response(503, &[("Retry-After", "8")], ""))])
        })
        .check_during(one_attempt),
        Fault::new(
            "HTTP 503, Retry-After as a date in 8 s",
            6,
            Expectation::DownThroughout(&["serverBusy"]),
            |bench| {
                // One more second, since HTTP dates have no fractions.
                into(bench, vec![Answer(response(503, &[("Retry-After", &http_date(9))], ""))])
            },
        )
        .check_during(one_attempt),
        Fault::new("HTTP 502 without a word", 5, Expectation::DownThroughout(&["serverBusy"]), |bench| {
            into(bench, vec![Answer(response(502, &[], ""))])
        }),
        Fault::new("HTTP 301 elsewhere", 5, Expectation::DownThroughout(&["notABookingService"]), |bench| {
            into(bench, vec![Answer(response(301, &[("Location", "http://127.0.0.1:9/")], ""))])
        }),
        Fault::new("HTTP 407 without a proxy", 5, Expectation::DownThroughout(&["notABookingService"]), |bench| {
            into(bench, vec![Answer(response(407, &[("Proxy-Authenticate", "Basic")], ""))])
        }),
        Fault::new("HTTP 404", 5, Expectation::DownThroughout(&["notABookingService"]), |bench| {
            into(bench, vec![Answer(response(404, &[], ""))])
        }),
        Fault::new(
            "HTTP 400, unknown session (no sticky sessions)",
            5,
            Expectation::DownThroughout(&["notABookingService"]),
            |bench| into(bench, vec![Answer(response(400, &[], r#"{"code":1,"message":"Session ID unknown"}"#))]),
        ),
        Fault::new("captive portal (HTML, 200)", 5, Expectation::DownThroughout(&["notABookingService"]), |bench| {
            into(bench, vec![Answer(response(200, &[("Content-Type", "text/html")], PORTAL))])
        }),
    ]
}

/// Silence, and messages that no handshake has.
fn socket_answers() -> Vec<Fault> {
    use ScriptStep::{Accept, AwaitConnect, Bytes, Greet, Live, Open, Silence, Text, Upgrade};
    vec![
        Fault::new("silence after TCP", 14, Expectation::DownThroughout(&["timeout"]), |bench| {
            into(bench, vec![Silence])
        }),
        Fault::new("silence after the upgrade", 14, Expectation::DownThroughout(&["timeout"]), |bench| {
            into(bench, vec![Upgrade, Silence])
        }),
        Fault::new("silence after OPEN", 14, Expectation::DownThroughout(&["timeout"]), |bench| {
            into(bench, vec![Upgrade, Open, Silence])
        }),
        Fault::new(
            "connect, then no word (and no `connected`)",
            16,
            Expectation::NeedsSignIn("tokenRefused"),
            |bench| into(bench, vec![Upgrade, Open, AwaitConnect, Accept, Live]),
        ),
        // A server resumes only a session that it had accepted, and need not send `connected` again.
        Fault::new("session taken up again, no word (and no `connected`)", 12, Expectation::Recovers, |bench| {
            into(bench, vec![Upgrade, Open, AwaitConnect, ScriptStep::Resume, Live])
        }),
        Fault::new("something that is no HTTP", 5, Expectation::DownThroughout(&["notABookingService"]), |bench| {
            into(bench, vec![Bytes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec())])
        }),
        Fault::new(
            "half an HTTP answer, then the end",
            5,
            Expectation::DownThroughout(&["notABookingService"]),
            |bench| into(bench, vec![Bytes(b"HTTP/1.1 101 Switching Pro".to_vec())]),
        ),
        Fault::new("upgraded, but no Engine.IO", 5, Expectation::DownThroughout(&["notABookingService"]), |bench| {
            into(bench, vec![Upgrade, Text("hello".to_owned()), Silence])
        }),
        Fault::new("early ping, before CONNECT", 5, Expectation::Recovers, |bench| {
            into(bench, vec![Upgrade, Open, Text("2".to_owned()), AwaitConnect, Accept, Greet, Live])
        }),
        Fault::new("early events, before CONNECT", 5, Expectation::Recovers, |bench| {
            let early = r#"42["booking:created",{"data":{"bookingId":"early","status":"PENDING"}},"offset"]"#;
            into(bench, vec![Upgrade, Open, AwaitConnect, Text(early.to_owned()), Accept, Greet, Live])
        }),
        Fault::new("clean close right after the upgrade", 5, Expectation::DownThroughout(&["serverClosed"]), |bench| {
            into(bench, vec![Upgrade, ScriptStep::Close(1013, "try again later")])
        }),
    ]
}

fn into(bench: &mut TestBench, steps: Vec<ScriptStep>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move { bench.reconnect_into(steps) })
}

/// Asserts that Retry-After was respected: one attempt.
fn one_attempt(_: &TestBench, seen: &FaultObservation) -> Result<(), String> {
    if seen.attempts == 1 { Ok(()) } else { Err(format!("{} attempts before Retry-After was over", seen.attempts)) }
}
