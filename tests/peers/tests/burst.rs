//! Bursts of 50,000 events of 300 bytes from a real server, to each client in turn, several times.
//!
//! CPU time is read from `/proc` before and after each burst, so that the start does not count. The clients are release
//! builds and get one burst to warm up. Twice: with server and client on one core, where events are waiting when a
//! client reads; and on all cores, where a client that is faster than the server sleeps and wakes between events, which
//! costs time.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::Write as _;
use std::time::Duration;

use peers::bench::{ClientKind, NodeServer, PeerProcess, docs, proc};
use serde_json::json;
use tokio::process::Command;
use tokio::time::Instant;

const EVENTS: u64 = 50_000;
const BYTES: u64 = 300;
const ROUNDS: usize = 5;
/// The factor over the best of the others that a client may cost which wakes for each event.
const AWAKE: f64 = 3.0;

struct Runner {
    name: &'static str,
    peer: PeerProcess,
    server: NodeServer,
    cpu: Duration,
    wall: Duration,
    rss: u64,
}

impl Runner {
    async fn start(name: &'static str, mut command: Command, pinned: bool) -> Self {
        // Pings are queued behind a burst.
        let server = NodeServer::start(25_000, 20_000).await;
        command.env("PEER_URL", format!("http://127.0.0.1:{}", server.port)).env("PEER_TOKEN", "any");
        let peer = PeerProcess::start(&mut command);
        peer.until("it is online", peers::bench::PeerLog::is_online).await;
        if pinned {
            pin(server.pid()).await;
            pin(peer.pid()).await;
        }
        Self { name, peer, server, cpu: Duration::ZERO, wall: Duration::ZERO, rss: 0 }
    }

    async fn burst(&mut self, counts: bool) {
        let before = self.peer.log().bursts.len();
        let (cpu, start) = (proc::cpu(self.peer.pid()).unwrap(), Instant::now());
        self.server.command(json!({ "burst": { "count": EVENTS, "bytes": BYTES } })).await;
        let log = self.peer.until("the burst has ended", |log| log.bursts.len() > before).await;
        let (received, in_order) = log.bursts[before];
        assert_eq!((received, in_order), (EVENTS, true), "{}", self.name);
        if counts {
            self.cpu += proc::cpu(self.peer.pid()).unwrap() - cpu;
            self.wall += start.elapsed();
            self.rss = self.rss.max(proc::peak_rss(self.peer.pid()).unwrap());
        }
    }

    fn micros_per_event(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / (EVENTS as f64 * ROUNDS as f64)
    }
}

/// Pins all threads of a process to the first allowed core.
async fn pin(pid: u32) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap().trim();
    let core = allowed.split(['-', ',']).next().unwrap();
    let taskset = Command::new("taskset").args(["-a", "-c", "-p", core, &pid.to_string()]).output().await.unwrap();
    assert!(taskset.status.success(), "{taskset:?}");
}

async fn measure(pinned: bool) -> [Runner; 3] {
    let programs = xtask::build::programs_dir(xtask::build::BuildProfile::Release);
    let mut runners = [
        Runner::start("Gatecall", Command::new(programs.join("peer-session")), pinned).await,
        Runner::start("rust_socketio 0.6.0", PeerProcess::command(ClientKind::RustSocketio, &programs), pinned).await,
        Runner::start("socket.io-client 4.8", PeerProcess::command(ClientKind::Node, &programs), pinned).await,
    ];
    for round in 0..=ROUNDS {
        for runner in &mut runners {
            runner.burst(round > 0).await;
        }
    }
    runners
}

#[tokio::test]
async fn a_burst_arrives_in_order_at_less_cpu_than_with_other_clients() {
    if support::node::folder().is_none() {
        return;
    }
    if !xtask::build::programs_dir(xtask::build::BuildProfile::Release).join("peer-session").is_file() {
        return support::missing("target/release/peer-session (cargo build --release -p peers --no-default-features)");
    }
    let (together, apart) = (measure(true).await, measure(false).await);
    let mut text = String::from(
        "| client | CPU per event, one core for both | with cores to spare | time for 50,000 | peak RSS |\n|---|---|---|---|---|\n",
    );
    for (pinned, free) in together.iter().zip(&apart) {
        text += &format!(
            "| {} | {:.2} µs | {:.2} µs | {:.0} ms | {:.1} MiB |\n",
            pinned.name,
            pinned.micros_per_event(),
            free.micros_per_event(),
            free.wall.as_secs_f64() * 1e3 / ROUNDS as f64,
            free.rss.max(pinned.rss) as f64 / f64::from(1 << 20),
        );
    }
    std::io::stdout().write_all(format!("\n{text}\n").as_bytes()).unwrap();
    docs::write("burst", &text);
    for (runners, factor) in [(&together, 1.0), (&apart, AWAKE)] {
        let [ours, rust, node] = runners.each_ref().map(Runner::micros_per_event);
        let best = rust.min(node);
        assert!(ours <= best * factor, "{ours:.2} µs an event, and the best of the others {best:.2} µs");
    }
    let [ours, _, node] = &apart;
    assert!(ours.rss * 8 <= node.rss, "{} bytes resident, and Node {}", ours.rss, node.rss);
}
