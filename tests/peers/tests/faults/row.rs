//! One fault on one client: what is done, what is seen, and what is expected of ours.

use std::pin::Pin;
use std::time::Duration;

use peers::bench::{Heard, Kind, Lab, Setup, Spoken, proc};
use tokio::time::Instant;

/// More attempts a second than this is a busy loop. Ours waits at random between nothing and its limit, so that a few
/// may come close together.
const ATTEMPTS_PER_SEC: f64 = 2.0;
/// And this much of a core is one too.
const BUSY: f64 = 0.5;
/// How long a peer may take to come back once the fault is over. Ours has waits of up to a minute in a row of failures.
const PEER_PATIENCE: Duration = Duration::from_secs(15);
/// What a person would not call a wait.
const AT_ONCE: Duration = Duration::from_millis(300);
const OUR_PATIENCE: Duration = Duration::from_secs(70);

/// What is done to a lab.
pub type Deed = for<'a> fn(&'a mut Lab) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A fault.
pub struct Row {
    pub name: &'static str,
    pub setup: Setup,
    pub deed: Deed,
    /// How long it lasts.
    pub lasts: Duration,
    pub expect: Expect,
    /// What else has to be true of ours when it has lasted.
    pub also: Option<Check>,
    /// What has to be true of ours once it is back.
    pub finally: Option<Check>,
    /// What else the table says about each client.
    pub tells: Option<fn(&Lab, &Seen) -> String>,
}

/// A further expectation.
pub type Check = fn(&Lab, &Seen) -> Result<(), String>;

/// What is expected of ours.
#[derive(Debug, Clone, Copy)]
pub enum Expect {
    /// It stays online.
    Stays,
    /// It goes down for one of these reasons, says so, and comes back when the fault is over.
    Down(&'static [&'static str]),
    /// As `Down`, and never says online while the fault lasts.
    Out(&'static [&'static str]),
    /// As `Down`, and says so within this time of the fault.
    DownWithin(Duration, &'static [&'static str]),
    /// It is back before the fault is over.
    GetsAround,
    /// It asks a person, for this reason, and makes no more attempts.
    AsksPerson(&'static str),
    /// As `Down`, but there is nothing to come back to.
    DownForGood(&'static [&'static str]),
}

impl Row {
    pub fn new(name: &'static str, secs: u64, expect: Expect, deed: Deed) -> Self {
        Self {
            name,
            setup: Setup::default(),
            deed,
            lasts: Duration::from_secs(secs),
            expect,
            also: None,
            finally: None,
            tells: None,
        }
    }

    pub fn with(mut self, setup: Setup) -> Self {
        self.setup = setup;
        self
    }

    pub fn and(mut self, also: Check) -> Self {
        self.also = Some(also);
        self
    }

    pub fn finally(mut self, finally: Check) -> Self {
        self.finally = Some(finally);
        self
    }

    pub fn telling(mut self, tells: fn(&Lab, &Seen) -> String) -> Self {
        self.tells = Some(tells);
        self
    }
}

/// What was seen while the fault lasted.
pub struct Seen {
    pub start: Instant,
    pub lasted: Duration,
    /// States that were said since.
    pub states: Vec<Spoken>,
    pub online: bool,
    pub ended: bool,
    /// Attempts since. Of ours by its own word, since its REST calls go through the proxy as well; of the others what
    /// the proxy accepted, or their own word where that is more: nobody may have listened.
    pub attempts: u64,
    /// Requests for the socket that the scripted server saw since.
    pub sockets: u64,
    /// Of one core.
    pub cpu: f64,
    /// Events since.
    pub events: u64,
    pub heard: Heard,
}

/// What a run says in the table.
pub struct Cell {
    pub text: String,
    /// What is wrong with it; only ever filled for ours.
    pub wrong: Vec<String>,
}

/// Runs `row` on a client of this kind.
pub async fn run(row: &Row, kind: Kind) -> Cell {
    let mut lab = Lab::start(kind, row.setup).await;
    let before = lab.peer.heard();
    let (accepted, sockets) = (lab.proxy.accepted(), lab.raw.seen().sockets);
    let (cpu, start) = (proc::cpu(lab.peer.pid()), Instant::now());
    (row.deed)(&mut lab).await;
    // The fault lasts: this is what is measured, and there is no event to await.
    tokio::time::sleep(row.lasts.saturating_sub(start.elapsed())).await;
    let heard = lab.peer.heard();
    let lasted = start.elapsed();
    let burned = proc::cpu(lab.peer.pid()).unwrap_or_default().saturating_sub(cpu.unwrap_or_default());
    let accepted = lab.proxy.accepted() - accepted;
    let own_attempts = heard.attempts - before.attempts;
    let cold_start = if row.setup.is_online(kind) { 0 } else { before.states.len() };
    let seen = Seen {
        start,
        lasted,
        states: heard.states[before.states.len() - cold_start..].to_vec(),
        online: heard.is_online(),
        ended: heard.ended,
        attempts: if kind == Kind::Ours { own_attempts } else { accepted.max(own_attempts) },
        sockets: lab.raw.seen().sockets - sockets,
        events: heard.events - before.events,
        cpu: burned.as_secs_f64() / lasted.as_secs_f64(),
        heard,
    };
    let mut wrong = Vec::new();
    if kind == Kind::Ours {
        wrong.extend(judge(row.expect, &seen));
        wrong.extend(row.also.and_then(|also| also(&lab, &seen).err()));
    }
    let comes_back = !matches!(row.expect, Expect::AsksPerson(_) | Expect::DownForGood(_));
    let mut back = None;
    if comes_back || kind != Kind::Ours {
        lab.calm().await;
        let limit = if kind == Kind::Ours { OUR_PATIENCE } else { PEER_PATIENCE };
        back = lab.is_served(if lab.peer.heard().ended { Duration::ZERO } else { limit }).await;
        if kind == Kind::Ours && back.is_none() {
            wrong.push(format!(
                "not back {OUR_PATIENCE:?} after the fault; it said {:?}",
                lab.peer.heard().states.last()
            ));
        }
    }
    if kind == Kind::Ours {
        wrong.extend(row.finally.and_then(|finally| finally(&lab, &seen).err()));
    }
    let mut text = text(row, kind, &seen, back);
    if let Some(tells) = row.tells {
        text = format!("{}; {text}", tells(&lab, &seen));
    }
    lab.stop().await;
    Cell { text, wrong }
}

fn judge(expect: Expect, seen: &Seen) -> Vec<String> {
    let mut wrong = Vec::new();
    let said = || {
        seen.states.iter().map(|state| format!("{} {} {}", state.name, state.code, state.reason)).collect::<Vec<_>>()
    };
    let down = |codes: &[&str], name: &str| {
        seen.states.iter().find(|state| state.name == name && codes.contains(&state.code.as_str()))
    };
    match expect {
        Expect::Stays if !seen.states.is_empty() => wrong.push(format!("it did not stay online: {:?}", said())),
        Expect::Stays => {}
        Expect::Down(codes) | Expect::Out(codes) | Expect::DownForGood(codes) | Expect::DownWithin(_, codes) => {
            match (down(codes, "waiting"), expect) {
                (_, Expect::Out(_)) if seen.states.iter().any(|state| state.online) => {
                    wrong.push(format!("it said online meanwhile: {:?}", said()));
                }
                (None, _) => wrong.push(format!("it never said {codes:?}: {:?}", said())),
                (Some(state), Expect::DownWithin(limit, _)) if state.at - seen.start > limit => {
                    wrong.push(format!("noticed only after {:?}", state.at - seen.start));
                }
                _ => {}
            }
        }
        Expect::GetsAround if !seen.online => wrong.push(format!("it did not get around it: {:?}", said())),
        Expect::GetsAround => {}
        Expect::AsksPerson(code) => {
            let last = seen.states.last();
            if !last.is_some_and(|state| state.name == "sign in needed" && state.code == code) {
                wrong.push(format!("it did not ask a person for {code}: {:?}", said()));
            }
        }
    }
    if seen.ended {
        wrong.push("the program ended".to_owned());
    }
    let rate = seen.attempts as f64 / seen.lasted.as_secs_f64().max(1.0);
    if rate > ATTEMPTS_PER_SEC {
        wrong.push(format!("{rate:.1} attempts a second"));
    }
    // One may have been under way when the fault began.
    if seen.sockets > seen.attempts + 1 {
        wrong.push(format!("{} requests for the socket, and it said {} attempts", seen.sockets, seen.attempts));
    }
    if seen.cpu > BUSY {
        wrong.push(format!("{:.0} % of a core", seen.cpu * 100.0));
    }
    wrong
}

/// What the table says about a run: what the client said, how often it tried, and whether it came back.
fn text(row: &Row, kind: Kind, seen: &Seen, back: Option<Duration>) -> String {
    let mut parts = Vec::new();
    let is_down = |state: &&Spoken| !state.online && (!state.reason.is_empty() || state.name == "close");
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
    // What a cut caused at once needs no time; what took a while does.
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
    match (row.expect, back) {
        (Expect::DownForGood(_), _) => {}
        (Expect::AsksPerson(_), None) if kind == Kind::Ours => parts.push("asks a person".to_owned()),
        (_, Some(back)) if first.is_none() && back < AT_ONCE => {}
        (_, Some(back)) if seen.online && back < AT_ONCE => parts.push("back while it lasted".to_owned()),
        (_, Some(back)) => parts.push(format!("back {:.1} s after", back.as_secs_f64())),
        (_, None) => parts.push(format!("**not back {} s after**", PEER_PATIENCE.as_secs())),
    }
    parts.join("; ")
}

/// One short line without what would break a table.
fn clean(text: &str) -> String {
    let line: String = text.chars().map(|c| if c == '|' || c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() > 90 { line.chars().take(88).chain("…".chars()).collect() } else { line }
}
