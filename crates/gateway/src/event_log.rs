//! Types of the event log: the published event, its recipients, and its position in the log.
//!
//! [`crate::store`] keeps the log.
//!
//! An event is appended inside the transaction that caused it, so that neither exists without the other. From there
//! it is read twice: by the emitter of [`crate::publish`], which tails the log for this node's sockets, and by
//! clients that catch up ([`crate::catchup`]). Follows section 2 of the wire facts.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::time::UnixMillis;

/// Rows (an event's own and one for each room) that one step of pruning removes, or one event if it has more. A step
/// holds the store's thread for 1 to 3 ms with its commit (measured on a file, in a build without optimisation).
pub const PRUNE_ROWS: i64 = 250;

/// The place of an event in the log: from 1, gapless, never given twice within an [`Epoch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seq(pub i64);

/// The life of one log: random, made with the database. The places of two logs say nothing about each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch(Arc<str>);

/// A place in one log, `<epoch>-<seq>` on the wire: the id of an event, and where a reader stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Which log.
    pub epoch: Epoch,
    /// Where in it.
    pub seq: Seq,
}

/// What a log holds: the events after `floor` up to `head`.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Which log.
    pub epoch: Epoch,
    /// The last event that was pruned, 0 before the first.
    pub floor: Seq,
    /// The last event that was committed, 0 before the first.
    pub head: Seq,
}

/// The envelope of every event, as the guide defines it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EventEnvelope {
    /// The guide's `event` name, which is not the channel.
    pub event: String,
    /// The whole `data`, for whoever may see everything.
    pub data: Box<RawValue>,
    /// When it happened.
    pub timestamp: UnixMillis,
}

/// One event with its recipients.
#[derive(Debug, Clone)]
pub struct PublishedEvent {
    /// The Socket.IO event name.
    pub channel: String,
    /// Argument 0, but for its id.
    pub envelope: EventEnvelope,
    /// The rooms, each once.
    pub audience: Vec<Recipient>,
}

/// One room that receives an event.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Its name.
    pub room: String,
    /// What this room sees instead of the envelope's `data`; always less than that. `None` shows everything.
    pub data: Option<Box<RawValue>>,
}

/// An event with its position and its recipients: those with `data` of their own come first.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// Its position.
    pub seq: Seq,
    /// What was appended.
    pub event: PublishedEvent,
}

/// An event as one reader may see it.
#[derive(Debug, Clone)]
pub struct VisibleEvent {
    /// Its position.
    pub seq: Seq,
    /// The Socket.IO event name.
    pub channel: String,
    /// With the widest `data` that the reader may see.
    pub envelope: EventEnvelope,
    /// The rooms through which they see it, each once; of the event's others they learn nothing.
    pub rooms: Vec<String>,
}

impl Epoch {
    /// As it is kept.
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The id of the event at `seq`.
    pub fn at(&self, seq: Seq) -> Cursor {
        Cursor { epoch: self.clone(), seq }
    }
}

impl Cursor {
    /// Reads what [`Display`](fmt::Display) wrote; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (epoch, digits) = text.rsplit_once('-')?;
        // The number parser would take `+7` as well.
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        let seq = digits.parse().ok().filter(|_| all_digits && !epoch.is_empty())?;
        Some(Self { epoch: Epoch::new(epoch), seq: Seq(seq) })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch.0, self.seq.0)
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_written_and_nothing_else_is_one() {
        let cursor = Epoch::new("9f-a0").at(Seq(42));
        assert_eq!(cursor.to_string(), "9f-a0-42");
        assert_eq!(Cursor::parse("9f-a0-42"), Some(cursor));
        for text in ["", "-", "9f", "9f-", "-7", "9f-+7", "9f--", "9f-7 ", "9f-x", "9f-99999999999999999999"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
