//! The line protocol of the peers, and the bench that watches them.
//!
//! A peer is a program around one client. It says on standard output, a JSON object a line, what a user of that client
//! would know, and takes orders on standard input. So all peers are measured from outside, and in the same way.
#![allow(clippy::print_stdout, reason = "standard output is the protocol")]

#[cfg(feature = "bench")]
pub mod bench;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};

/// What a peer says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerReport {
    /// The connection's state, as the client shows it to its user.
    State {
        /// Whether the client claims that events arrive.
        online: bool,
        /// What it calls the state.
        name: String,
        /// The code of the reason, where there is one.
        #[serde(default)]
        code: String,
        /// The reason.
        #[serde(default)]
        reason: String,
    },
    /// An attempt to connect begins.
    Attempt(u64),
    /// Events received so far, but for those of the burst.
    Events(u64),
    /// Acknowledgements so far.
    Acks {
        /// Answers.
        answered: u64,
        /// Given up.
        failed: u64,
    },
    /// A burst has ended.
    Burst {
        /// Events of it.
        received: u64,
        /// Whether each followed the one before.
        in_order: bool,
    },
}

/// What a peer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeerCommand {
    /// Ask for this room, with an acknowledgement.
    Subscribe(String),
    /// Connect again at once; ours only.
    Reconnect,
    /// The machine woke; ours only: the others have nothing to be told.
    Woke,
}

/// Says something.
pub fn report(report: &PeerReport) {
    println!("{}", serde_json::to_string(report).expect("a report is JSON"));
}

/// Says where the connection stands.
pub fn report_state(online: bool, name: &str, reason: impl Into<String>) {
    report(&PeerReport::State { online, name: name.to_owned(), code: String::new(), reason: reason.into() });
}

/// The orders; they end when the bench goes.
pub struct PeerCommands(Lines<BufReader<Stdin>>);

impl PeerCommands {
    /// From standard input.
    #[expect(clippy::new_without_default, reason = "it takes standard input, which there is one of")]
    pub fn new() -> Self {
        Self(BufReader::new(tokio::io::stdin()).lines())
    }

    /// The next one. Cancel-safe.
    pub async fn next(&mut self) -> Option<PeerCommand> {
        let line = self.0.next_line().await.ok().flatten()?;
        Some(serde_json::from_str(&line).expect("the bench sends orders"))
    }
}

/// Checks a burst: numbered events, counted without a word until the last one.
#[derive(Debug, Default)]
pub struct BurstCheck {
    received: u64,
    out_of_order: bool,
}

impl BurstCheck {
    /// Takes the event with this number, of so many. True when it was the last of its burst.
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

/// What the environment says, or the end: a peer is started by the bench.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}
