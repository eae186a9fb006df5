//! Nobody there: killed, stopped, refusing, gone for long.

use std::time::Duration;

use peers::bench::{Lab, RealServer, Setup};
use support::proxy::{Cut, Door};

use super::row::{Expect, Row};

const REAL: Setup =
    Setup { host: "127.0.0.1", tls: None, real: Some(RealServer::Plain), gate: false, clock: false, online: true };
/// pingInterval + pingTimeout of the servers here, and a second.
const SILENCE: Duration = Duration::from_secs(3);

pub fn rows() -> Vec<Row> {
    vec![
        Row::new("server killed (SIGKILL), nobody listens for 6 s", 6, Expect::Out(&["unreachable"]), |lab| {
            Box::pin(async {
                killed(lab).await;
                lab.proxy.refuse().await;
            })
        })
        .with(REAL),
        Row::new("server killed, each connection reset for 20 s", 20, Expect::Out(&["connectionLost"]), |lab| {
            Box::pin(killed(lab))
        })
        .with(REAL),
        Row::new("server stopped (SIGSTOP) for 8 s", 8, Expect::DownWithin(SILENCE, &["timeout"]), |lab| {
            Box::pin(stopped(lab))
        })
        .with(REAL),
        Row::new("server ends in order", 4, Expect::Down(&["serverClosed"]), |lab| {
            Box::pin(async {
                // Its own address is gone with it, so the line leads to the other server afterwards.
                lab.proxy.set_upstream(lab.raw.address());
                order(lab, serde_json::json!({ "close": true })).await;
            })
        })
        .with(REAL),
        Row::new("kick by a real server, transport closed too", 4, Expect::Down(&["serverClosed"]), |lab| {
            Box::pin(order(lab, serde_json::json!({ "drop": true })))
        })
        .with(REAL),
        Row::new("kick from the namespace by a real server", 4, Expect::Down(&["serverClosed"]), |lab| {
            Box::pin(order(lab, serde_json::json!({ "drop": false })))
        })
        .with(REAL),
        Row::new("name that does not resolve (.invalid)", 5, Expect::DownForGood(&["unreachable"]), |_| {
            Box::pin(async {})
        })
        .with(Setup { host: "nobody.invalid", online: false, ..Setup::default() }),
        Row::new("connections accepted and never answered, old one half-open", 14, Expect::Out(&["timeout"]), |lab| {
            Box::pin(async {
                lab.proxy.set_door(Door::Silent);
                lab.proxy.cut(Cut::Reset);
            })
        }),
    ]
}

/// What only a soak has time for.
pub fn long_rows() -> Vec<Row> {
    vec![
        Row::new("server killed, each connection reset for 16 min", 960, Expect::Out(&["connectionLost"]), |lab| {
            Box::pin(killed(lab))
        })
        .with(REAL),
        Row::new("server killed, nobody listens for 16 min", 960, Expect::Out(&["unreachable"]), |lab| {
            Box::pin(async {
                killed(lab).await;
                lab.proxy.refuse().await;
            })
        })
        .with(REAL),
        Row::new("server stopped (SIGSTOP) for 60 s", 60, Expect::DownWithin(SILENCE, &["timeout"]), |lab| {
            Box::pin(stopped(lab))
        })
        .with(REAL),
    ]
}

/// The real server dies; what answers when the fault is over is the scripted one.
async fn killed(lab: &mut Lab) {
    lab.proxy.set_upstream(lab.raw.address());
    lab.proxy.set_door(Door::Reset);
    if let Some(real) = &mut lab.real {
        real.kill().await;
    }
}

async fn stopped(lab: &mut Lab) {
    if let Some(real) = &lab.real {
        real.signal("STOP").await;
    }
}

async fn order(lab: &mut Lab, order: serde_json::Value) {
    if let Some(real) = &mut lab.real {
        real.order(order).await;
    }
}
