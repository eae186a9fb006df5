//! Faults of tokens: refused in both forms, and every outcome of a refresh.

use support::fault_proxy::CutKind;
use support::scripted_server::{RestReply, ScriptStep, TokenPolicy, TokenRejection};

use peers::bench::TestBench;

use super::fault::{Expectation, Fault, FaultObservation};

pub fn faults() -> Vec<Fault> {
    [refusals(), kicks()].into_iter().flatten().collect()
}

/// Refused tokens, and every outcome of the refresh that follows.
fn refusals() -> Vec<Fault> {
    vec![
        Fault::new("token refused by a kick after CONNECT", 6, Expectation::NeedsSignIn("tokenRefused"), |bench| {
            refused(bench, TokenRejection::Kick, TokenPolicy::None, RestReply::Ok)
        })
        .check_during(one_refresh),
        Fault::new("token refused by CONNECT_ERROR", 6, Expectation::NeedsSignIn("tokenRefused"), |bench| {
            refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Ok)
        })
        .check_during(one_refresh),
        Fault::new("token refused, refresh helps (rotation)", 6, Expectation::Recovers, |bench| {
            refused(bench, TokenRejection::Kick, TokenPolicy::Refreshed, RestReply::Ok)
        })
        .check_during(rotated),
        Fault::new("token refused, refresh says 401", 6, Expectation::NeedsSignIn("tokenRefused"), |bench| {
            refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Status(401))
        })
        .check_during(one_refresh),
        Fault::new("token refused, refresh says 404", 6, Expectation::NeedsSignIn("tokenRefused"), |bench| {
            refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Status(404))
        }),
        Fault::new("token refused, refresh says 500", 6, Expectation::DownThroughout(&["serverBusy"]), |bench| {
            refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Status(500))
        }),
        Fault::new(
            "token refused, refresh never answers",
            14,
            Expectation::DownThroughout(&["unreachable", "timeout"]),
            |bench| refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Silence),
        ),
        Fault::new(
            "token refused, refresh ends without an answer",
            6,
            Expectation::DownThroughout(&["unreachable"]),
            |bench| refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Fin),
        ),
        Fault::new(
            "token refused, refresh is a captive portal",
            6,
            Expectation::DownThroughout(&["notABookingService"]),
            |bench| refused(bench, TokenRejection::Error, TokenPolicy::None, RestReply::Html),
        ),
        Fault::new("HTTP 401 at the upgrade", 6, Expectation::NeedsSignIn("tokenRefused"), |bench| {
            Box::pin(async {
                let steps = vec![ScriptStep::Answer(support::scripted_server::response(401, &[], ""))];
                bench.reconnect_into(steps);
            })
        })
        .check_during(one_refresh),
    ]
}

/// Disconnects that are no refusal of the token.
fn kicks() -> Vec<Fault> {
    use ScriptStep::{Accept, AwaitConnect, Close, Greet, Live, Open, Text, Upgrade};
    vec![
        Fault::new("kick", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            Box::pin(async {
                bench.scripted.inject(Text("41".to_owned()));
                bench.scripted.inject(Close(1000, ""));
            })
        }),
        Fault::new("kick from the namespace, transport stays", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            Box::pin(async { bench.scripted.inject(Text("41".to_owned())) })
        }),
        Fault::new("kick from another namespace", 4, Expectation::StaysOnline, |bench| {
            Box::pin(async { bench.scripted.inject(Text("41/admin,".to_owned())) })
        }),
        Fault::new(
            "kick loop: greeted, then kicked, each time",
            10,
            Expectation::GoesDown(&["serverClosed"]),
            |bench| {
                Box::pin(async {
                    let kicked =
                        vec![Upgrade, Open, AwaitConnect, Accept, Greet, Text("41".to_owned()), ScriptStep::Silence];
                    bench.reconnect_into(kicked);
                })
            },
        ),
        Fault::new(
            "CONNECT_ERROR with data that is no refusal of the token",
            6,
            Expectation::DownThroughout(&["serverBusy"]),
            |bench| {
                Box::pin(async {
                    let full = r#"44{"message":"Server is full","data":{"code":"SERVER_FULL","retryInSecs":1}}"#;
                    bench.reconnect_into(vec![Upgrade, Open, AwaitConnect, Text(full.to_owned()), Live]);
                })
            },
        ),
    ]
}

fn refused(
    bench: &mut TestBench,
    form: TokenRejection,
    trust: TokenPolicy,
    refresh: RestReply,
) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    use ScriptStep::{Accept, AwaitConnect, Check, Greet, Live, Open, Upgrade};
    Box::pin(async move {
        bench.scripted.set(|script| {
            script.socket = vec![Upgrade, Open, AwaitConnect, Check(form), Accept, Greet, Live];
            script.trust = trust;
            script.refresh = refresh;
        });
        bench.proxy.cut(CutKind::Reset);
    })
}

fn one_refresh(bench: &TestBench, _: &FaultObservation) -> Result<(), String> {
    match bench.scripted.seen().refreshes {
        1 => Ok(()),
        refreshes => Err(format!("{refreshes} refreshes")),
    }
}

/// Asserts that the last handshake used the new token, and that the old refresh token was used once.
fn rotated(bench: &TestBench, seen: &FaultObservation) -> Result<(), String> {
    one_refresh(bench, seen)?;
    let server = bench.scripted.seen();
    let first = server.last_refresh.as_deref() == Some("refresh-0");
    if first && server.last_token.is_some_and(|token| token != bench.first_token) {
        Ok(())
    } else {
        Err(format!("refreshed with {:?}", server.last_refresh))
    }
}
