//! A peer process and the log of its reports.

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

/// A Socket.IO client under comparison.
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
    /// All clients, in the order of the table's columns.
    pub const ALL: [Self; 3] = [Self::Ours, Self::RustSocketio, Self::Node];
}

/// A reported state.
#[derive(Debug, Clone)]
pub struct StateReport {
    /// When the report was read.
    pub at: Instant,
    /// Whether the client claims that events arrive.
    pub online: bool,
    /// The client's name for the state.
    pub name: String,
    /// The code of the reason.
    pub code: String,
    /// The reason.
    pub reason: String,
}

/// All reports of a peer.
#[derive(Debug, Clone, Default)]
pub struct PeerLog {
    /// The states in order.
    pub states: Vec<StateReport>,
    /// Attempts by the client's own count.
    pub attempts: u64,
    /// Events received.
    pub events: u64,
    /// Acknowledgements.
    pub answered: u64,
    /// Acknowledgements given up.
    pub failed: u64,
    /// The bursts: how many events, and whether in order.
    pub bursts: Vec<(u64, bool)>,
    /// The process has ended.
    pub ended: bool,
}

impl PeerLog {
    /// Whether the client claims that events arrive.
    pub fn is_online(&self) -> bool {
        !self.ended && self.states.last().is_some_and(|state| state.online)
    }
}

/// A running peer; killed when dropped.
pub struct PeerProcess {
    child: Child,
    stdin: ChildStdin,
    log: watch::Receiver<PeerLog>,
    _reading: AbortOnDropHandle<()>,
}

/// The folder of the programs that were built with this test.
pub fn programs() -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    exe.parent().and_then(|deps| deps.parent()).unwrap().to_owned()
}

impl PeerProcess {
    /// The command of a client. `programs` is the folder of the Rust peers.
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

    /// Starts the peer.
    pub fn start(command: &mut Command) -> Self {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = piped.kill_on_drop(true).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdin = child.stdin.take().unwrap();
        let (telling, log) = watch::channel(PeerLog::default());
        let reading = AbortOnDropHandle::new(tokio::spawn(read(child.stdout.take().unwrap(), telling)));
        Self { child, stdin, log, _reading: reading }
    }

    /// The process id; zero once the process has ended.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// The log so far.
    pub fn log(&self) -> PeerLog {
        self.log.borrow().clone()
    }

    /// Sends a command. A peer that has ended ignores it.
    pub async fn send(&mut self, command: &PeerCommand) {
        let line = serde_json::to_string(command).unwrap() + "\n";
        // The process may have ended; its log says so.
        let _ = self.stdin.write_all(line.as_bytes()).await;
        let _ = self.stdin.flush().await;
    }

    /// Waits until the log satisfies the condition; `None` after `limit`.
    pub async fn within(&self, limit: Duration, is_so: impl FnMut(&PeerLog) -> bool) -> Option<PeerLog> {
        let mut log = self.log.clone();
        let found = tokio::time::timeout(limit, log.wait_for(is_so)).await;
        found.ok()?.ok().map(|log| log.clone())
    }

    /// Waits until the log satisfies the condition.
    pub async fn until(&self, what: &str, is_so: impl FnMut(&PeerLog) -> bool) -> PeerLog {
        match self.within(PATIENCE, is_so).await {
            Some(log) => log,
            None => panic!("waited in vain: {what}; it said {:?}", self.log()),
        }
    }

    /// Ends the peer in order.
    pub async fn stop(mut self) {
        drop(self.stdin);
        // A peer that does not end is killed when dropped.
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
