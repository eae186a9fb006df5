//! A fault, its run on one client, and the expectations of our client.

use std::pin::Pin;
use std::time::Duration;

use peers::bench::{BenchSetup, ClientKind, PeerLog, StateReport, TestBench, proc};
use tokio::time::Instant;

/// Attempts per second above which a client is in a busy loop. Our waits are random from zero to a limit, so that a few
/// may be close together.
const ATTEMPTS_PER_SEC: f64 = 2.0;
/// The share of a core above which a client is in a busy loop.
const BUSY: f64 = 0.5;
/// How long the other clients may take to recover. Ours waits up to a minute after repeated failures.
const PEER_PATIENCE: Duration = Duration::from_secs(15);
/// A duration that users do not notice.
const AT_ONCE: Duration = Duration::from_millis(300);
const OUR_PATIENCE: Duration = Duration::from_secs(70);

/// The action that starts a fault.
pub type FaultAction = for<'a> fn(&'a mut TestBench) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A fault.
pub struct Fault {
    pub name: &'static str,
    pub setup: BenchSetup,
    pub action: FaultAction,
    /// How long the fault lasts.
    pub duration: Duration,
    pub expect: Expectation,
    /// A further assertion about our client at the end of the fault.
    pub during_check: Option<Assertion>,
    /// An assertion about our client after its recovery.
    pub after_check: Option<Assertion>,
    /// Further text in the table about each client.
    pub description: Option<fn(&TestBench, &FaultObservation) -> String>,
}

/// A further assertion.
pub type Assertion = fn(&TestBench, &FaultObservation) -> Result<(), String>;

/// The expected behaviour of our client.
#[derive(Debug, Clone, Copy)]
pub enum Expectation {
    /// The client stays online.
    StaysOnline,
    /// The client goes down for one of these reasons, reports it, and recovers when the fault is over.
    GoesDown(&'static [&'static str]),
    /// As `GoesDown`, and the client is never online while the fault lasts.
    DownThroughout(&'static [&'static str]),
    /// As `GoesDown`, reported within this time of the fault.
    GoesDownWithin(Duration, &'static [&'static str]),
    /// The client recovers before the fault is over.
    Recovers,
    /// The client requests a sign-in for this reason, and stops its attempts.
    NeedsSignIn(&'static str),
    /// As `GoesDown`, without a recovery.
    NeverRecovers(&'static [&'static str]),
}

impl Fault {
    pub fn new(name: &'static str, secs: u64, expect: Expectation, action: FaultAction) -> Self {
        Self {
            name,
            setup: BenchSetup::default(),
            action,
            duration: Duration::from_secs(secs),
            expect,
            during_check: None,
            after_check: None,
            description: None,
        }
    }

    pub fn with_setup(mut self, setup: BenchSetup) -> Self {
        self.setup = setup;
        self
    }

    pub fn check_during(mut self, during_check: Assertion) -> Self {
        self.during_check = Some(during_check);
        self
    }

    pub fn check_after(mut self, after_check: Assertion) -> Self {
        self.after_check = Some(after_check);
        self
    }

    pub fn describe(mut self, description: fn(&TestBench, &FaultObservation) -> String) -> Self {
        self.description = Some(description);
        self
    }
}

/// Observations while the fault lasted.
pub struct FaultObservation {
    pub start: Instant,
    pub lasted: Duration,
    /// States reported since the fault.
    pub states: Vec<StateReport>,
    pub online: bool,
    pub ended: bool,
    /// Attempts since the fault. Ours reports them, since its REST calls use the proxy as well; of the others the proxy
    /// counts them, or their own reports where those are more, since nobody may have listened.
    pub attempts: u64,
    /// Socket requests that the scripted server saw since the fault.
    pub sockets: u64,
    /// The share of one core.
    pub cpu: f64,
    /// Events received since the fault.
    pub events: u64,
    pub log: PeerLog,
}

/// The result of a run.
pub struct FaultResult {
    pub text: String,
    /// Failed expectations; only our client has any.
    pub failures: Vec<String>,
}

/// Runs `fault` on a client of this kind.
pub async fn run(fault: &Fault, kind: ClientKind) -> FaultResult {
    let mut bench = TestBench::start(kind, fault.setup).await;
    let before = bench.peer.log();
    let (accepted, sockets) = (bench.proxy.accepted(), bench.scripted.seen().sockets);
    let (cpu, start) = (proc::cpu(bench.peer.pid()), Instant::now());
    (fault.action)(&mut bench).await;
    // The duration is what is measured; there is no event to await.
    tokio::time::sleep(fault.duration.saturating_sub(start.elapsed())).await;
    let log = bench.peer.log();
    let lasted = start.elapsed();
    let burned = proc::cpu(bench.peer.pid()).unwrap_or_default().saturating_sub(cpu.unwrap_or_default());
    let accepted = bench.proxy.accepted() - accepted;
    let own_attempts = log.attempts - before.attempts;
    let cold_start = if fault.setup.is_online(kind) { 0 } else { before.states.len() };
    let seen = FaultObservation {
        start,
        lasted,
        states: log.states[before.states.len() - cold_start..].to_vec(),
        online: log.is_online(),
        ended: log.ended,
        attempts: if kind == ClientKind::Ours { own_attempts } else { accepted.max(own_attempts) },
        sockets: bench.scripted.seen().sockets - sockets,
        events: log.events - before.events,
        cpu: burned.as_secs_f64() / lasted.as_secs_f64(),
        log,
    };
    let mut failures = Vec::new();
    if kind == ClientKind::Ours {
        failures.extend(expectation_failures(fault.expect, &seen));
        failures.extend(fault.during_check.and_then(|during_check| during_check(&bench, &seen).err()));
    }
    let comes_back = !matches!(fault.expect, Expectation::NeedsSignIn(_) | Expectation::NeverRecovers(_));
    let mut back = None;
    if comes_back || kind != ClientKind::Ours {
        bench.end_fault().await;
        let limit = if kind == ClientKind::Ours { OUR_PATIENCE } else { PEER_PATIENCE };
        back = bench.is_served(if bench.peer.log().ended { Duration::ZERO } else { limit }).await;
        if kind == ClientKind::Ours && back.is_none() {
            failures.push(format!(
                "not back {OUR_PATIENCE:?} after the fault; it said {:?}",
                bench.peer.log().states.last()
            ));
        }
    }
    if kind == ClientKind::Ours {
        failures.extend(fault.after_check.and_then(|after_check| after_check(&bench, &seen).err()));
    }
    let mut text = text(fault, kind, &seen, back);
    if let Some(description) = fault.description {
        text = format!("{}; {text}", description(&bench, &seen));
    }
    bench.stop().await;
    FaultResult { text, failures }
}

fn expectation_failures(expect: Expectation, seen: &FaultObservation) -> Vec<String> {
    let mut failures = Vec::new();
    let said = || {
        seen.states.iter().map(|state| format!("{} {} {}", state.name, state.code, state.reason)).collect::<Vec<_>>()
    };
    let down = |codes: &[&str], name: &str| {
        seen.states.iter().find(|state| state.name == name && codes.contains(&state.code.as_str()))
    };
    match expect {
        Expectation::StaysOnline if !seen.states.is_empty() => {
            failures.push(format!("it did not stay online: {:?}", said()))
        }
        Expectation::StaysOnline => {}
        Expectation::GoesDown(codes)
        | Expectation::DownThroughout(codes)
        | Expectation::NeverRecovers(codes)
        | Expectation::GoesDownWithin(_, codes) => match (down(codes, "waiting"), expect) {
            (_, Expectation::DownThroughout(_)) if seen.states.iter().any(|state| state.online) => {
                failures.push(format!("it said online meanwhile: {:?}", said()));
            }
            (None, _) => failures.push(format!("it never said {codes:?}: {:?}", said())),
            (Some(state), Expectation::GoesDownWithin(limit, _)) if state.at - seen.start > limit => {
                failures.push(format!("noticed only after {:?}", state.at - seen.start));
            }
            _ => {}
        },
        Expectation::Recovers if !seen.online => failures.push(format!("it did not get around it: {:?}", said())),
        Expectation::Recovers => {}
        Expectation::NeedsSignIn(code) => {
            let last = seen.states.last();
            if !last.is_some_and(|state| state.name == "sign in needed" && state.code == code) {
                failures.push(format!("it did not ask a person for {code}: {:?}", said()));
            }
        }
    }
    if seen.ended {
        failures.push("the program ended".to_owned());
    }
    let rate = seen.attempts as f64 / seen.lasted.as_secs_f64().max(1.0);
    if rate > ATTEMPTS_PER_SEC {
        failures.push(format!("{rate:.1} attempts a second"));
    }
    // One attempt may have been in flight when the fault began.
    if seen.sockets > seen.attempts + 1 {
        failures.push(format!("{} requests for the socket, and it said {} attempts", seen.sockets, seen.attempts));
    }
    if seen.cpu > BUSY {
        failures.push(format!("{:.0} % of a core", seen.cpu * 100.0));
    }
    failures
}

/// The table's text of a run: the reported state, the number of attempts, and the recovery.
fn text(fault: &Fault, kind: ClientKind, seen: &FaultObservation, back: Option<Duration>) -> String {
    let mut parts = Vec::new();
    let is_down = |state: &&StateReport| !state.online && (!state.reason.is_empty() || state.name == "close");
    let first = seen.states.iter().find(is_down);
    let said_down = seen.states.iter().find(|state| !state.online);
    match seen.states.iter().rev().find(is_down) {
        Some(state) => {
            let code = if state.code.is_empty() { String::new() } else { format!(" ({})", state.code) };
            let reason = if state.reason.is_empty() { String::new() } else { format!(": {}", clean(&state.reason)) };
            parts.push(format!("{}{code}{reason}", state.name));
        }
        None if seen.online && said_down.is_some() => {
            parts.push("says it is connecting, back while it lasted".to_owned())
        }
        None if seen.online && seen.sockets > 0 && back.is_some() => parts.push("reconnects without a word".to_owned()),
        None if seen.online && back.is_some() => parts.push("stays online".to_owned()),
        None if seen.online => parts.push("**says online**".to_owned()),
        None => parts.push("says nothing".to_owned()),
    }
    // Immediate effects need no time; late ones do.
    if let Some(after) =
        first.map(|first| first.at.saturating_duration_since(seen.start)).filter(|after| *after > AT_ONCE)
    {
        parts.push(format!("noticed after {:.1} s", after.as_secs_f64()));
    }
    if seen.ended {
        parts.push("**the program ended**".to_owned());
    }
    if first.is_some() && seen.attempts > 0 {
        let rate = seen.attempts as f64 / seen.lasted.as_secs_f64();
        let rate = if rate > 3.0 { format!(" (**{rate:.0} a second**)") } else { String::new() };
        let s = if seen.attempts == 1 { "" } else { "s" };
        parts.push(format!("{} attempt{s} in {:.0} s{rate}", seen.attempts, seen.lasted.as_secs_f64()));
    }
    if seen.cpu > 0.25 {
        parts.push(format!("**{:.0} % of a core**", seen.cpu * 100.0));
    }
    match (fault.expect, back) {
        (Expectation::NeverRecovers(_), _) => {}
        (Expectation::NeedsSignIn(_), None) if kind == ClientKind::Ours => parts.push("asks a person".to_owned()),
        (_, Some(back)) if first.is_none() && back < AT_ONCE => {}
        (_, Some(back)) if seen.online && back < AT_ONCE => parts.push("back while it lasted".to_owned()),
        (_, Some(back)) => parts.push(format!("back {:.1} s after", back.as_secs_f64())),
        (_, None) => parts.push(format!("**not back {} s after**", PEER_PATIENCE.as_secs())),
    }
    parts.join("; ")
}

/// The text on one short line, without characters that break a table.
fn clean(text: &str) -> String {
    let line: String = text.chars().map(|c| if c == '|' || c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() > 90 { line.chars().take(88).chain("…".chars()).collect() } else { line }
}
