//! Faults of the server process: killed, stopped, refusing connections, gone for long.

use std::time::Duration;

use peers::bench::{BenchSetup, NodeServerKind, TestBench};
use support::fault_proxy::{AcceptMode, CutKind};

use super::fault::{Expectation, Fault};

const WITH_NODE_SERVER: BenchSetup = BenchSetup {
    host: "127.0.0.1",
    tls: None,
    node_server: Some(NodeServerKind::Plain),
    forward_proxy: false,
    clock: false,
    online: true,
};
/// pingInterval + pingTimeout of the servers, and a second.
const SILENCE: Duration = Duration::from_secs(3);

pub fn faults() -> Vec<Fault> {
    vec![
        Fault::new(
            "server killed (SIGKILL), nobody listens for 6 s",
            6,
            Expectation::DownThroughout(&["unreachable"]),
            |bench| {
                Box::pin(async {
                    killed(bench).await;
                    bench.proxy.refuse().await;
                })
            },
        )
        .with_setup(WITH_NODE_SERVER),
        Fault::new(
            "server killed, each connection reset for 20 s",
            20,
            Expectation::DownThroughout(&["connectionLost"]),
            |bench| Box::pin(killed(bench)),
        )
        .with_setup(WITH_NODE_SERVER),
        Fault::new(
            "server stopped (SIGSTOP) for 8 s",
            8,
            Expectation::GoesDownWithin(SILENCE, &["timeout"]),
            |bench| Box::pin(stopped(bench)),
        )
        .with_setup(WITH_NODE_SERVER),
        Fault::new("server ends in order", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            Box::pin(async {
                // The server's address is gone with it, so the proxy forwards to the scripted server afterwards.
                bench.proxy.set_upstream(bench.scripted.address());
                command(bench, serde_json::json!({ "close": true })).await;
            })
        })
        .with_setup(WITH_NODE_SERVER),
        Fault::new(
            "kick by a real server, transport closed too",
            4,
            Expectation::GoesDown(&["serverClosed"]),
            |bench| Box::pin(command(bench, serde_json::json!({ "drop": true }))),
        )
        .with_setup(WITH_NODE_SERVER),
        Fault::new("kick from the namespace by a real server", 4, Expectation::GoesDown(&["serverClosed"]), |bench| {
            Box::pin(command(bench, serde_json::json!({ "drop": false })))
        })
        .with_setup(WITH_NODE_SERVER),
        Fault::new("name that does not resolve (.invalid)", 5, Expectation::NeverRecovers(&["unreachable"]), |_| {
            Box::pin(async {})
        })
        .with_setup(BenchSetup { host: "nobody.invalid", online: false, ..BenchSetup::default() }),
        Fault::new(
            "connections accepted and never answered, old one half-open",
            14,
            Expectation::DownThroughout(&["timeout"]),
            |bench| {
                Box::pin(async {
                    bench.proxy.set_accept_mode(AcceptMode::Silent);
                    bench.proxy.cut(CutKind::Reset);
                })
            },
        ),
    ]
}

/// Faults that only a soak has time for.
pub fn long_faults() -> Vec<Fault> {
    vec![
        Fault::new(
            "server killed, each connection reset for 16 min",
            960,
            Expectation::DownThroughout(&["connectionLost"]),
            |bench| Box::pin(killed(bench)),
        )
        .with_setup(WITH_NODE_SERVER),
        Fault::new(
            "server killed, nobody listens for 16 min",
            960,
            Expectation::DownThroughout(&["unreachable"]),
            |bench| {
                Box::pin(async {
                    killed(bench).await;
                    bench.proxy.refuse().await;
                })
            },
        )
        .with_setup(WITH_NODE_SERVER),
        Fault::new(
            "server stopped (SIGSTOP) for 60 s",
            60,
            Expectation::GoesDownWithin(SILENCE, &["timeout"]),
            |bench| Box::pin(stopped(bench)),
        )
        .with_setup(WITH_NODE_SERVER),
    ]
}

/// Kills the real server; after the fault the scripted one answers.
async fn killed(bench: &mut TestBench) {
    bench.proxy.set_upstream(bench.scripted.address());
    bench.proxy.set_accept_mode(AcceptMode::Reset);
    if let Some(node_server) = &mut bench.node_server {
        node_server.kill().await;
    }
}

async fn stopped(bench: &mut TestBench) {
    if let Some(node_server) = &bench.node_server {
        node_server.signal("STOP").await;
    }
}

async fn command(bench: &mut TestBench, command: serde_json::Value) {
    if let Some(node_server) = &mut bench.node_server {
        node_server.command(command).await;
    }
}
