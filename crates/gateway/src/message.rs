//! An event as clients get it: the guide's envelope, and the id that the cursor extension adds.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::event_log::{Cursor, Envelope};
use crate::stamp::UnixMillis;

/// Argument 0 of an event on a socket, and one item of a page.
#[derive(Debug, Serialize)]
pub struct Message<'a> {
    event: &'a str,
    data: &'a RawValue,
    timestamp: UnixMillis,
    /// Behind what the guide shows, which stays as it is byte by byte.
    id: Cursor,
    /// A socket has it as the name of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
}

impl<'a> Message<'a> {
    /// For a room that sees `data`.
    pub fn new(id: Cursor, envelope: &'a Envelope, data: &'a RawValue) -> Self {
        Self { event: &envelope.event, data, timestamp: envelope.timestamp, id, channel: None }
    }

    /// For a page, where nothing else names the channel.
    pub fn with_channel(self, channel: &'a str) -> Self {
        Self { channel: Some(channel), ..self }
    }
}
