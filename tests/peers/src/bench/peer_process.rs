//! A peer: one process, everything it said, and its end.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use support::PATIENCE;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use crate::{PeerCommand, PeerReport};

/// Whose client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientKind {
    /// Gatecall's engine.
    Ours,
    /// rust_socketio 0.6.0.
    RustSocketio,
    /// socket.io-client on Node.js.
    Node,
}

impl ClientKind {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Ours, Self::RustSocketio, Self::Node];
}

/// One line about the state.
#[derive(Debug, Clone)]
pub struct StateReport {
    /// When it was read.
    pub at: Instant,
    /// Whether the client claims that events arrive.
    pub online: bool,
    /// The client's word for the state.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Its reason.
    pub reason: String,
}

/// Everything that a peer said.
#[derive(Debug, Clone, Default)]
pub struct PeerLog {
    /// States, in order.
    pub states: Vec<StateReport>,
    /// Attempts by its own count.
    pub attempts: u64,
    /// Events.
    pub events: u64,
    /// Acknowledgements.
    pub answered: u64,
    /// Acknowledgements given up.
    pub failed: u64,
    /// Bursts, in order: how many events, and whether in order.
    pub bursts: Vec<(u64, bool)>,
    /// It has ended.
    pub ended: bool,
}

impl PeerLog {
    /// Whether it claims that events arrive.
    pub fn is_online(&self) -> bool {
        !self.ended && self.states.last().is_some_and(|state| state.online)
    }
}

/// A running peer; ended with the value.
pub struct PeerProcess {
    child: Child,
    stdin: ChildStdin,
    log: watch::Receiver<PeerLog>,
    _reading: AbortOnDropHandle<()>,
}

/// Where cargo put the programs that were built with this test.
pub fn programs() -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    exe.parent().and_then(|deps| deps.parent()).unwrap().to_owned()
}

impl PeerProcess {
    /// The program of this kind, not yet started. `programs` is where the Rust ones are.
    pub fn command(kind: ClientKind, programs: &std::path::Path) -> Command {
        match kind {
            ClientKind::Ours => Command::new(programs.join("peer-gatecall")),
            ClientKind::RustSocketio => Command::new(programs.join("peer-rust-socketio")),
            ClientKind::Node => {
                let mut node = Command::new("node");
                node.arg(xtask::root().join("tests/node/peer.mjs"));
                node
            }
        }
    }

    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = piped.kill_on_drop(true).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdin = child.stdin.take().unwrap();
        let (telling, log) = watch::channel(PeerLog::default());
        let reading = AbortOnDropHandle::new(tokio::spawn(read(child.stdout.take().unwrap(), telling)));
        Self { child, stdin, log, _reading: reading }
    }

    /// Its number; zero once it has ended.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// What it said so far.
    pub fn log(&self) -> PeerLog {
        self.log.borrow().clone()
    }

    /// Tells it to do something. One that has ended does nothing.
    pub async fn send(&mut self, command: &PeerCommand) {
        let line = serde_json::to_string(command).unwrap() + "\n";
        // It may have ended; then its state says so.
        let _ = self.stdin.write_all(line.as_bytes()).await;
        let _ = self.stdin.flush().await;
    }

    /// Waits until it has said this; `None` when it has not within `limit`.
    pub async fn within(&self, limit: Duration, is_so: impl FnMut(&PeerLog) -> bool) -> Option<PeerLog> {
        let mut log = self.log.clone();
        let found = tokio::time::timeout(limit, log.wait_for(is_so)).await;
        found.ok()?.ok().map(|log| log.clone())
    }

    /// Waits until it has said this.
    pub async fn until(&self, what: &str, is_so: impl FnMut(&PeerLog) -> bool) -> PeerLog {
        match self.within(PATIENCE, is_so).await {
            Some(log) => log,
            None => panic!("waited in vain: {what}; it said {:?}", self.log()),
        }
    }

    /// Asks it to end, and waits.
    pub async fn stop(mut self) {
        drop(self.stdin);
        // One that does not end is killed with the value.
        let _ = tokio::time::timeout(Duration::from_secs(3), self.child.wait()).await;
    }
}

async fn read(stdout: ChildStdout, telling: watch::Sender<PeerLog>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let word = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
        telling.send_modify(|log| log.record(word));
    }
    telling.send_modify(|log| log.ended = true);
}

impl PeerLog {
    fn record(&mut self, word: PeerReport) {
        match word {
            PeerReport::State { online, name, code, reason } => {
                self.states.push(StateReport { at: Instant::now(), online, name, code, reason });
            }
            PeerReport::Attempt(attempts) => self.attempts = attempts.max(self.attempts + 1),
            PeerReport::Events(events) => self.events = events,
            PeerReport::Acks { answered, failed } => (self.answered, self.failed) = (answered, failed),
            PeerReport::Burst { received, in_order } => self.bursts.push((received, in_order)),
        }
    }
}
