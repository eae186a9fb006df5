//! An event as clients get it: the guide's envelope, and the id that the cursor extension adds.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::event_log::{Cursor, EventEnvelope, VisibleEvent};
use crate::time::UnixMillis;

/// Argument 0 of an event on a socket, and one item of a page.
#[derive(Debug, Serialize)]
pub struct Message<'a> {
    event: &'a str,
    data: &'a RawValue,
    timestamp: UnixMillis,
    /// Behind what the guide shows, which stays as it is byte by byte.
    id: Cursor,
    /// The room that this copy is for, on a socket.
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a str>,
    /// A socket has it as the name of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    /// In a page, the rooms through which its reader may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rooms: Option<&'a [String]>,
}

impl<'a> Message<'a> {
    /// The copy for a room that sees `data`. It names that room and no other: its members are the recipients.
    pub fn for_room(id: Cursor, envelope: &'a EventEnvelope, data: &'a RawValue, room: &'a str) -> Self {
        let (event, timestamp) = (&envelope.event, envelope.timestamp);
        Self { event, data, timestamp, id, room: Some(room), channel: None, rooms: None }
    }

    /// For a page, where nothing else names the channel.
    pub fn for_page(id: Cursor, visible: &'a VisibleEvent) -> Self {
        let VisibleEvent { channel, envelope, rooms, .. } = visible;
        let (event, timestamp) = (&envelope.event, envelope.timestamp);
        Self { event, data: &envelope.data, timestamp, id, room: None, channel: Some(channel), rooms: Some(rooms) }
    }
}
