//! Events of a session, and the ids of their acknowledgements.

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::error::CloseReason;

/// The id under which the server waits for the acknowledgement of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AckId(i64);

impl From<AckId> for i64 {
    fn from(id: AckId) -> Self {
        id.0
    }
}

impl From<i64> for AckId {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

/// An event from the server.
#[derive(Debug)]
pub struct ServerEvent {
    /// Its name; `connect` or `error` are names like any other.
    pub name: String,
    /// Its arguments as JSON text, digits untouched. Binary arguments are placeholders `{"_placeholder":true,"num":N}`.
    pub args: Vec<Box<RawValue>>,
    /// What the placeholders stand for, by their number.
    pub attachments: Vec<Bytes>,
    /// Set when the server waits for [`crate::Emitter::reply`].
    pub ack: Option<AckId>,
}

/// The outcome of [`crate::Session::next`].
#[derive(Debug)]
pub enum SessionEvent {
    /// An event, in the order in which the server sent it.
    Event(ServerEvent),
    /// The end; every later call yields the same.
    Closed(CloseReason),
}
