//! Thousands of connections, one after the other: what grows, and what stays behind. Nothing may.
//!
//! The server is another process, so that this one holds the client and the bench only.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use peers::Order;
use peers::bench::{Heard, Kind, Lab, Real, RealServer, Setup, docs, proc};
use serde_json::json;
use socketio::{CloseReason, ConnectOptions, Incoming, Session};
use support::engine::TestEngine;
use support::proxy::{Line, Proxy, Way};
use support::raw::{Manner, Raw};
use tokio::runtime::Handle;
use tokio::time::Instant;

const WARM_UP: usize = 300;
const CYCLES: usize = 2_000;
/// The engine does more in each: tokens, rooms, bookings.
const ENGINE_CYCLES: usize = 2_000;
/// A dropped engine is asked to end by its handles going.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const MAY_GROW_BYTES: i64 = 1 << 20;

/// Memory, descriptors and tasks are the process's: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());
/// The harness's own threads, which come and go as tests do.
static TESTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Runs a test while no other does, on a runtime that is gone before the next one begins.
fn alone(test: impl Future<Output = ()>) {
    TESTS.lock().unwrap().push(std::fs::read_to_string("/proc/thread-self/comm").unwrap());
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// What a process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    descriptors: usize,
    tasks: usize,
    /// By name, without those that the runtime keeps for a while, and those of the tests.
    threads: BTreeMap<String, usize>,
}

impl Held {
    fn now() -> Self {
        let mut threads = BTreeMap::new();
        for entry in std::fs::read_dir("/proc/self/task").unwrap() {
            // A thread may end while we look.
            let Ok(name) = std::fs::read_to_string(entry.unwrap().path().join("comm")) else { continue };
            if !name.starts_with("tokio-") && !TESTS.lock().unwrap().contains(&name) {
                *threads.entry(name.trim().to_owned()).or_default() += 1;
            }
        }
        let descriptors = proc::descriptors(std::process::id()).unwrap();
        Self { descriptors, tasks: Handle::current().metrics().num_alive_tasks(), threads }
    }
}

/// Waits until the process holds what it held before. Nothing tells an outsider when a socket or a thread has gone; the
/// limit is what is asserted.
async fn settle(before: &Held, what: &str) {
    let settled = tokio::time::timeout(GONE_WITHIN, async {
        while Held::now() != *before {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(settled.await.is_ok(), "{what}: left {:?} of {before:?}", Held::now());
}

/// How much more a process holds than before, in bytes; less is less than nothing.
fn growth(pid: u32, before: u64) -> i64 {
    i64::try_from(proc::rss(pid).unwrap()).unwrap() - i64::try_from(before).unwrap()
}

fn tell(name: &str, line: &str) {
    std::io::stdout().write_all(format!("{name}: {line}\n").as_bytes()).unwrap();
    docs::write(name, &format!("{line}\n"));
}

fn options(server: &Real) -> ConnectOptions {
    ConnectOptions::new(format!("http://127.0.0.1:{}", server.port).parse().unwrap())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Close,
    Drop,
    Kicked,
}

async fn cycle(server: &mut Real, options: &ConnectOptions, end: End) {
    let (mut session, _emitter) = Session::connect(options).await.unwrap();
    assert!(matches!(session.next().await, Incoming::Event(event) if event.name == "connected"));
    match end {
        End::Close => session.close().await,
        End::Drop => drop(session),
        End::Kicked => {
            server.order(json!({ "drop": true })).await;
            assert!(matches!(
                session.next().await,
                Incoming::Closed(CloseReason::ServerDisconnect | CloseReason::TransportClosed { .. })
            ));
        }
    }
}

#[test]
fn sessions_leave_nothing_behind() {
    alone(cycle_sessions());
}

async fn cycle_sessions() {
    if support::node::folder().is_none() {
        return;
    }
    let mut server = Real::start(25_000, 20_000).await;
    let options = options(&server);
    let me = std::process::id();
    for end in [End::Close, End::Drop, End::Kicked] {
        for _ in 0..WARM_UP {
            cycle(&mut server, &options, end).await;
        }
    }
    let mut lines = Vec::new();
    for (end, what) in
        [(End::Close, "connect and close"), (End::Drop, "connect and drop"), (End::Kicked, "reconnect after a kick")]
    {
        let (before, rss, start) = (Held::now(), proc::rss(me).unwrap(), Instant::now());
        for _ in 0..CYCLES {
            cycle(&mut server, &options, end).await;
        }
        settle(&before, what).await;
        let grown = growth(me, rss);
        assert!(grown <= MAY_GROW_BYTES, "{what}: {grown} bytes more");
        let each = start.elapsed().as_secs_f64() * 1e3 / CYCLES as f64;
        lines.push(format!("{CYCLES} × {what}: {:+} KiB, {each:.2} ms each", grown / 1024));
    }
    tell("session-cycles", &lines.join("; "));
}

#[test]
fn the_engine_reconnects_without_growing() {
    alone(cycle_the_engine());
}

async fn cycle_the_engine() {
    if support::node::folder().is_none() {
        return;
    }
    let mut lab = Lab::start(Kind::Ours, Setup { real: Some(RealServer::Plain), ..Setup::default() }).await;
    let pid = lab.peer.pid();
    let online = |heard: &Heard| heard.states.iter().filter(|state| state.online).count();
    let mut before = None;
    for number in 0..WARM_UP + ENGINE_CYCLES {
        if number == WARM_UP {
            before = Some((proc::rss(pid).unwrap(), proc::descriptors(pid).unwrap(), proc::threads(pid).unwrap()));
        }
        let times = online(&lab.peer.heard());
        lab.peer.order(&Order::Reconnect).await;
        lab.peer.until("it is online again", |heard| online(heard) > times && heard.is_online()).await;
    }
    let (rss, descriptors, threads) = before.unwrap();
    let held = support::eventually("the last connection has settled", async || {
        // The bookings of the last connection may still be on their way.
        let held = (proc::descriptors(pid).unwrap(), proc::threads(pid).unwrap());
        (held.0 <= descriptors + 1 && held.1 <= threads + 1).then_some(held)
    })
    .await;
    let grown = growth(pid, rss);
    assert!(grown <= MAY_GROW_BYTES, "{grown} bytes more");
    let (fds, threads_now) = held;
    tell(
        "engine-cycles",
        &format!(
            "{ENGINE_CYCLES} reconnects of the engine: {:+} KiB; {fds} descriptors (before: {descriptors}), {threads_now} threads (before: {threads})",
            grown / 1024
        ),
    );
    lab.stop().await;
}

#[test]
fn an_engine_that_is_stopped_or_dropped_is_gone() {
    alone(end_engines());
}

async fn end_engines() {
    let raw = Raw::start(Manner::default()).await;
    let url = format!("http://{}", raw.address());
    // Once, for what is made only once in a process.
    TestEngine::online(&url).await.stop().await;
    raw.until("everybody is gone", |seen| seen.live == 0).await;
    let before = support::eventually("the server has settled", async || {
        let held = Held::now();
        (held.tasks <= 1).then_some(held)
    })
    .await;
    for stopped in [true, false] {
        let mut engine = TestEngine::online(&url).await;
        assert_ne!(Held::now(), before, "an engine that runs is seen");
        if stopped {
            engine.stop().await;
            assert!(!Held::now().threads.contains_key("inbox"), "its thread was awaited");
        }
        drop(engine);
        settle(&before, &format!("stopped: {stopped}")).await;
    }
}

#[test]
fn a_dead_link_is_noticed_in_time() {
    alone(cut_links());
}

async fn cut_links() {
    let raw = Raw::start(Manner::default()).await;
    let limit = Manner::default().ping_interval + Manner::default().ping_timeout + Duration::from_secs(1);
    let mut waits = Vec::new();
    for _ in 0..5 {
        let proxy = Proxy::start(raw.address()).await;
        let options = ConnectOptions::new(format!("http://{}", proxy.address()).parse().unwrap());
        let (mut session, _emitter) = Session::connect(&options).await.unwrap();
        assert!(matches!(session.next().await, Incoming::Event(_)));
        proxy.set_line(Way::Down, Line { stalled: true, ..Line::default() });
        let start = Instant::now();
        assert!(matches!(session.next().await, Incoming::Closed(CloseReason::PingTimeout)));
        waits.push(start.elapsed());
        drop(session);
        proxy.stop().await;
    }
    let longest = waits.iter().max().unwrap();
    assert!(*longest <= limit, "{waits:?}");
    tell(
        "dead-link",
        &format!("the longest of 5 took {:.2} s, with pingInterval 1 s and pingTimeout 1 s", longest.as_secs_f64()),
    );
}
