//! The machine and its network: proxies, sleep, clocks; and sessions that a server kept meanwhile.

use std::time::Duration;

use peers::Order;
use peers::bench::{Kind, Lab, RealServer, Setup, clock};
use support::forward_proxy::Gatekeeper;
use support::proxy::{Cut, Door};

use super::row::{Expect, Row, Seen};

/// A name that only the proxy resolves.
const GATED: Setup = Setup { host: "booking.test", tls: None, real: None, gate: true, clock: false, online: true };
const CLOCKED: Setup = Setup { host: "127.0.0.1", tls: None, real: None, gate: false, clock: true, online: true };
const KEPT: Setup =
    Setup { host: "127.0.0.1", tls: None, real: Some(RealServer::Recovering), gate: false, clock: false, online: true };
const DAY_SECS: i64 = 86_400;
/// Sent while nobody could hear them.
const MISSED: u64 = 3;

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        Row::new("proxy with a password, and a name that only it resolves", 4, Expect::GetsAround, |lab| {
            Box::pin(async { lab.proxy.cut(Cut::Reset) })
        })
        .with(GATED),
        Row::new("proxy: 407, the password is no longer good", 5, Expect::Out(&["proxy"]), |lab| {
            keeper(lab, Gatekeeper::Forgetful)
        })
        .with(GATED),
        Row::new("proxy: 502, it reaches nobody", 5, Expect::Out(&["proxy"]), |lab| keeper(lab, Gatekeeper::Helpless))
            .with(GATED),
        Row::new("proxy: hangs up", 5, Expect::Out(&["proxy", "unreachable"]), |lab| keeper(lab, Gatekeeper::Gone))
            .with(GATED),
        Row::new("proxy: never answers", 14, Expect::Out(&["proxy", "timeout"]), |lab| keeper(lab, Gatekeeper::Silent))
            .with(GATED),
        Row::new("proxy refused: nobody listens there", 5, Expect::DownForGood(&["proxy"]), |lab| {
            Box::pin(async {
                lab.gate = None;
                lab.proxy.cut(Cut::Reset);
            })
        })
        .with(GATED),
        Row::new("wake: the old line is dead, a new one would stand", 4, Expect::GetsAround, |lab| {
            Box::pin(async {
                lab.proxy.strand();
                if lab.kind == Kind::Ours {
                    lab.peer.order(&Order::Woke).await;
                }
            })
        })
        .and(|_, seen| at_most(1, "attempts", seen.attempts)),
        Row::new("away for 3 s, 3 events meanwhile, the server keeps sessions", 14, Expect::GetsAround, |lab| {
            Box::pin(missed(lab))
        })
        .with(KEPT)
        .and(|_, seen| if seen.events == MISSED { Ok(()) } else { Err(format!("{} of {MISSED} events", seen.events)) })
        .telling(|_, seen| format!("{} of {MISSED} events arrived", seen.events)),
    ];
    if clock::library().is_none() {
        support::missing("libfaketime, for the rows of the clock");
        return rows;
    }
    rows.push(
        Row::new("wall clock set a day ahead", 9, Expect::GetsAround, |lab| {
            Box::pin(async { lab.set_clock(DAY_SECS) })
        })
        .with(CLOCKED)
        .and(undisturbed),
    );
    rows.push(
        Row::new("wall clock set a day back", 9, Expect::GetsAround, |lab| {
            Box::pin(async { lab.set_clock(-DAY_SECS) })
        })
        .with(CLOCKED)
        .and(undisturbed),
    );
    rows
}

fn keeper(lab: &mut Lab, keeper: Gatekeeper) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
    Box::pin(async move {
        if let Some(gate) = &lab.gate {
            gate.set(keeper);
        }
        lab.proxy.cut(Cut::Reset);
    })
}

/// The server sees the line end, keeps what it sends, and replays it to whoever comes back with the session's place.
async fn missed(lab: &mut Lab) {
    lab.proxy.set_door(Door::Reset);
    lab.proxy.cut(Cut::Reset);
    let mut open = lab.proxy.open();
    // Every connection is gone, and so the server has been told.
    let _ = open.wait_for(|open| *open == 0).await;
    for _ in 0..MISSED {
        lab.send_event().await;
    }
    // How long the line is down is what is asked for: so long that the first attempt fails, as in most outages.
    tokio::time::sleep(Duration::from_secs(3)).await;
    lab.proxy.set_door(Door::Open);
}

/// A clock that is set costs one reconnect, and no more than one refresh.
fn undisturbed(lab: &Lab, seen: &Seen) -> Result<(), String> {
    at_most(1, "attempts", seen.attempts)?;
    at_most(1, "refreshes", lab.raw.seen().refreshes)
}

fn at_most(limit: u64, what: &str, count: u64) -> Result<(), String> {
    if count <= limit { Ok(()) } else { Err(format!("{count} {what}")) }
}
