//! The agents' desk at a glance: volume, the most affected flights, and whether events arrive at all.

mod tally;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::event::EventKind;

pub use self::tally::{HOURS, Tally};

/// Minutes that the desk looks back.
pub const MINUTES: usize = 60;

/// The desk at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DeskView {
    /// Events that came in each of the last [`MINUTES`] minutes, oldest first; the last one is not over.
    pub minutes: Vec<u32>,
    /// What they were, the most frequent first.
    pub kinds: Vec<KindCount>,
    /// Events of a usual hour, learned from the last day; none before an hour is known.
    pub usual_an_hour: Option<u32>,
    /// Flights whose status changed in the last 24 h, the one with the most affected bookings first; 20 at most.
    pub flights: Vec<DeskFlight>,
    /// What each rule and watch-list decided in the last 24 h, in the order of the rules.
    pub watched: Vec<WatchListCount>,
    /// When the last event came.
    #[ts(type = "string | null")]
    pub last_event_at: Option<Timestamp>,
    /// How long the latest events took from the server's clock to ours, in milliseconds: their median. The offset between
    /// the clocks, as far as it is known, is taken off.
    #[ts(type = "number | null")]
    pub lag_ms: Option<u64>,
}

/// How often something of this kind came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KindCount {
    /// What.
    pub kind: EventKind,
    /// How often.
    pub count: u32,
}

/// A flight on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DeskFlight {
    /// Its thread: `flight:<id>`.
    pub thread: String,
    /// Such as `AA123`.
    pub flight_number: Option<String>,
    /// Airport code.
    pub origin: Option<String>,
    /// Airport code.
    pub destination: Option<String>,
    /// Its latest status.
    pub status: Option<String>,
    /// Bookings that its last change affected.
    pub bookings: u32,
    /// When it came to that status.
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// What a rule did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WatchListCount {
    /// Its name.
    pub rule: String,
    /// Rows that it decided.
    pub rows: u32,
    /// When the last of them came.
    #[ts(type = "string | null")]
    pub latest_at: Option<Timestamp>,
}
