//! Leak tests: thousands of connections, one after the other, leave nothing behind.
//!
//! The server is another process, so that this one holds the client and the bench only.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use peers::PeerCommand;
use peers::bench::{BenchSetup, ClientKind, NodeServer, NodeServerKind, PeerLog, TestBench, docs, proc};
use serde_json::json;
use socketio::{CloseReason, ConnectOptions, Session, SessionEvent};
use support::engine::TestEngine;
use support::fault_proxy::{Direction, FaultProxy, LinkConditions};
use support::scripted_server::{ScriptedServer, ServerScript};
use tokio::runtime::Handle;
use tokio::time::Instant;

const WARM_UP: usize = 300;
const CYCLES: usize = 2_000;
/// The engine does more per connection: tokens, rooms, bookings.
const ENGINE_CYCLES: usize = 2_000;
/// A dropped engine ends once its handles are gone.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const MAY_GROW_BYTES: i64 = 1 << 20;

/// Serialises the tests: memory, descriptors and tasks are counted per process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
/// The names of the test harness's threads.
static TESTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs a test alone, on a runtime of its own.
fn run_alone(test: impl Future<Output = ()>) {
    TESTS.lock().unwrap().push(std::fs::read_to_string("/proc/thread-self/comm").unwrap());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// The resources of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ResourceUsage {
    descriptors: usize,
    tasks: usize,
    /// Counts by name, without the runtime's pool threads and the harness's.
    threads: BTreeMap<String, usize>,
}

impl ResourceUsage {
    fn now() -> Self {
        let mut threads = BTreeMap::new();
        for entry in std::fs::read_dir("/proc/self/task").unwrap() {
            // A thread may end during the iteration.
            let Ok(name) = std::fs::read_to_string(entry.unwrap().path().join("comm")) else { continue };
            if !name.starts_with("tokio-") && !TESTS.lock().unwrap().contains(&name) {
                *threads.entry(name.trim().to_owned()).or_default() += 1;
            }
        }
        let descriptors = proc::descriptors(std::process::id()).unwrap();
        Self { descriptors, tasks: Handle::current().metrics().num_alive_tasks(), threads }
    }
}

/// Waits until the process is back at its earlier resource usage. The end of a socket or thread emits no event; the
/// limit is what is asserted.
async fn settle(before: &ResourceUsage, what: &str) {
    let settled = tokio::time::timeout(GONE_WITHIN, async {
        while ResourceUsage::now() != *before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(settled.await.is_ok(), "{what}: left {:?} of {before:?}", ResourceUsage::now());
}

/// The growth of resident memory in bytes; negative when it shrank.
fn growth(pid: u32, before: u64) -> i64 {
    i64::try_from(proc::rss(pid).unwrap()).unwrap() - i64::try_from(before).unwrap()
}

fn publish(name: &str, line: &str) {
    std::io::stdout().write_all(format!("{name}: {line}\n").as_bytes()).unwrap();
    docs::write(name, &format!("{line}\n"));
}

fn options(server: &NodeServer) -> ConnectOptions {
    ConnectOptions::new(format!("http://127.0.0.1:{}", server.port).parse().unwrap())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionEnd {
    Close,
    Drop,
    Kicked,
}

async fn cycle(server: &mut NodeServer, options: &ConnectOptions, end: SessionEnd) {
    let (mut session, _emitter) = Session::connect(options).await.unwrap();
    assert!(matches!(session.next().await, SessionEvent::Event(event) if event.name == "connected"));
    match end {
        SessionEnd::Close => session.close().await,
        SessionEnd::Drop => drop(session),
        SessionEnd::Kicked => {
            server.command(json!({ "drop": true })).await;
            assert!(matches!(
                session.next().await,
                SessionEvent::Closed(CloseReason::ServerDisconnect | CloseReason::TransportClosed { .. })
            ));
        }
    }
}

#[test]
fn sessions_leak_nothing() {
    run_alone(cycle_sessions());
}

async fn cycle_sessions() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = NodeServer::start(25_000, 20_000).await;
    let options = options(&server);
    let me = std::process::id();
    for end in [SessionEnd::Close, SessionEnd::Drop, SessionEnd::Kicked] {
        for _ in 0..WARM_UP {
            cycle(&mut server, &options, end).await;
        }
    }
    let mut lines = Vec::new();
    for (end, what) in [
        (SessionEnd::Close, "connect and close"),
        (SessionEnd::Drop, "connect and drop"),
        (SessionEnd::Kicked, "reconnect after a kick"),
    ] {
        let (before, rss, start) = (ResourceUsage::now(), proc::rss(me).unwrap(), Instant::now());
        for _ in 0..CYCLES {
            cycle(&mut server, &options, end).await;
        }
        settle(&before, what).await;
        let grown = growth(me, rss);
        assert!(grown <= MAY_GROW_BYTES, "{what}: {grown} bytes more");
        let each = start.elapsed().as_secs_f64() * 1e3 / CYCLES as f64;
        lines.push(format!("{CYCLES} × {what}: {:+} KiB, {each:.2} ms each", grown / 1024));
    }
    publish("session-cycles", &lines.join("; "));
}

#[test]
fn the_engine_reconnects_without_growing() {
    run_alone(cycle_the_engine());
}

async fn cycle_the_engine() {
    if support::node::folder().is_none() {
        return;
    }
    let mut bench = TestBench::start(
        ClientKind::Ours,
        BenchSetup { node_server: Some(NodeServerKind::Plain), ..BenchSetup::default() },
    )
    .await;
    let pid = bench.peer.pid();
    let online = |log: &PeerLog| log.states.iter().filter(|state| state.online).count();
    let mut before = None;
    for number in 0..WARM_UP + ENGINE_CYCLES {
        if number == WARM_UP {
            before = Some((proc::rss(pid).unwrap(), proc::descriptors(pid).unwrap(), proc::threads(pid).unwrap()));
        }
        let times = online(&bench.peer.log());
        bench.peer.send(&PeerCommand::Reconnect).await;
        bench.peer.until("it is online again", |log| online(log) > times && log.is_online()).await;
    }
    let (rss, descriptors, threads) = before.unwrap();
    let held = support::eventually("the last connection has settled", async || {
        // The bookings of the last connection may still be in flight.
        let held = (proc::descriptors(pid).unwrap(), proc::threads(pid).unwrap());
        (held.0 <= descriptors + 1 && held.1 <= threads + 1).then_some(held)
    })
    .await;
    let grown = growth(pid, rss);
    assert!(grown <= MAY_GROW_BYTES, "{grown} bytes more");
    let (fds, threads_now) = held;
    publish(
        "engine-cycles",
        &format!(
            "{ENGINE_CYCLES} reconnects of the engine: {:+} KiB; {fds} descriptors (before: {descriptors}), {threads_now} threads (before: {threads})",
            grown / 1024
        ),
    );
    bench.stop().await;
}

#[test]
fn a_stopped_or_dropped_engine_leaks_nothing() {
    run_alone(end_engines());
}

async fn end_engines() {
    let scripted = ScriptedServer::start(ServerScript::default()).await;
    let url = format!("http://{}", scripted.address());
    // A first engine, for what is created once per process.
    TestEngine::online(&url).await.stop().await;
    scripted.until("everybody is gone", |seen| seen.live == 0).await;
    let before = support::eventually("the server has settled", async || {
        let held = ResourceUsage::now();
        (held.tasks <= 1).then_some(held)
    })
    .await;
    for stopped in [true, false] {
        let mut engine = TestEngine::online(&url).await;
        assert_ne!(ResourceUsage::now(), before, "an engine that runs is seen");
        if stopped {
            engine.stop().await;
            assert!(!ResourceUsage::now().threads.contains_key("inbox"), "its thread was awaited");
        }
        drop(engine);
        settle(&before, &format!("stopped: {stopped}")).await;
    }
}

#[test]
fn a_dead_link_is_noticed_in_time() {
    run_alone(cut_links());
}

async fn cut_links() {
    let scripted = ScriptedServer::start(ServerScript::default()).await;
    let limit = ServerScript::default().ping_interval + ServerScript::default().ping_timeout + Duration::from_secs(1);
    let mut waits = Vec::new();
    for _ in 0..5 {
        let proxy = FaultProxy::start(scripted.address()).await;
        let options = ConnectOptions::new(format!("http://{}", proxy.address()).parse().unwrap());
        let (mut session, _emitter) = Session::connect(&options).await.unwrap();
        assert!(matches!(session.next().await, SessionEvent::Event(_)));
        proxy.set_conditions(Direction::Downstream, LinkConditions { stalled: true, ..LinkConditions::default() });
        let start = Instant::now();
        assert!(matches!(session.next().await, SessionEvent::Closed(CloseReason::PingTimeout)));
        waits.push(start.elapsed());
        drop(session);
        proxy.stop().await;
    }
    let longest = waits.iter().max().unwrap();
    assert!(*longest <= limit, "{waits:?}");
    publish(
        "dead-link",
        &format!("the longest of 5 took {:.2} s, with pingInterval 1 s and pingTimeout 1 s", longest.as_secs_f64()),
    );
}
