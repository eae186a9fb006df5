//! The protocol of the peers on standard input and output, and the bench that observes them.
//!
//! A peer is a program around one Socket.IO client. It reports as JSON lines on standard output what a user of that
//! client would know, and reads commands from standard input, so that all clients are measured from outside in the same
//! way.
#![allow(clippy::print_stdout, reason = "standard output is the protocol")]

#[cfg(feature = "bench")]
pub mod bench;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};

/// A report of a peer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerReport {
    /// The connection's state, as the client shows it to its user.
    State {
        /// Whether the client claims that events arrive.
        online: bool,
        /// The client's name for the state.
        name: String,
        /// The code of the reason, if any.
        #[serde(default)]
        code: String,
        /// The reason.
        #[serde(default)]
        reason: String,
    },
    /// An attempt to connect has started.
    Attempt(u64),
    /// Events received so far, without those of bursts.
    Events(u64),
    /// Acknowledgements so far.
    Acks {
        /// Acknowledgements received.
        answered: u64,
        /// Acknowledgements given up.
        failed: u64,
    },
    /// A burst has ended.
    Burst {
        /// Events of the burst.
        received: u64,
        /// Whether all arrived in order.
        in_order: bool,
    },
}

/// A command to a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerCommand {
    /// Subscribe to this room, with an acknowledgement.
    Subscribe(String),
    /// Reconnect at once; for our client only.
    Reconnect,
    /// The machine woke from sleep; for our client only, since the others take no such hint.
    Woke,
}

/// Prints a report.
pub fn report(report: &PeerReport) {
    println!("{}", serde_json::to_string(report).expect("a report is JSON"));
}

/// Prints a report of the connection's state.
pub fn report_state(online: bool, name: &str, reason: impl Into<String>) {
    report(&PeerReport::State { online, name: name.to_owned(), code: String::new(), reason: reason.into() });
}

/// The commands from standard input; they end with the bench.
pub struct PeerCommands(Lines<BufReader<Stdin>>);

impl PeerCommands {
    /// Reads from standard input.
    #[expect(clippy::new_without_default, reason = "it takes standard input, which there is one of")]
    pub fn new() -> Self {
        Self(BufReader::new(tokio::io::stdin()).lines())
    }

    /// The next command. Cancel-safe.
    pub async fn next(&mut self) -> Option<PeerCommand> {
        let line = self.0.next_line().await.ok().flatten()?;
        Some(serde_json::from_str(&line).expect("the bench sends orders"))
    }
}

/// Checks a burst of numbered events, and reports once after the last.
#[derive(Debug, Default)]
pub struct BurstCheck {
    received: u64,
    out_of_order: bool,
}

impl BurstCheck {
    /// Records the event with this number out of `of`; returns whether it was the last one.
    pub fn record(&mut self, number: u64, of: u64) -> bool {
        self.out_of_order |= number != self.received;
        self.received += 1;
        if number + 1 < of {
            return false;
        }
        report(&PeerReport::Burst { received: self.received, in_order: !self.out_of_order });
        *self = Self::default();
        true
    }
}

/// An environment variable that the bench sets.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}
