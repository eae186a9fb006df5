//! Ingest: events of other services, checked and appended exactly once for each idempotency key.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::event_log::{EventEnvelope, PublishedEvent, Recipient, Seq};
use crate::event_names;
use crate::rights::{ROOM_NAME_MAX_BYTES, user_room};
use crate::store::UnitOfWork;
use crate::store::idempotency_keys::{self, BodyHash};
use crate::time::UnixMillis;

/// Rooms, users' own among them, that one event may be for.
const AUDIENCE_MAX: usize = 1000;

/// Longest name of a channel and of the envelope's `event`, in bytes.
const NAME_MAX_BYTES: usize = 100;

/// Event names that Socket.IO keeps for itself, and those of our own requests and answers.
const RESERVED: [&str; 12] = [
    "connect",
    "connect_error",
    event_names::CONNECTED,
    "disconnect",
    "disconnecting",
    event_names::ERROR,
    "newListener",
    "removeListener",
    event_names::SUBSCRIBE,
    event_names::SUBSCRIBED,
    event_names::UNSUBSCRIBE,
    event_names::UNSUBSCRIBED,
];

/// The body of `POST /api/v1/events`.
#[derive(Deserialize)]
pub struct IngestRequest {
    channel: String,
    #[serde(default)]
    users: Vec<String>,
    #[serde(default)]
    rooms: Vec<String>,
    event: Option<String>,
    data: Box<RawValue>,
    timestamp: Option<UnixMillis>,
}

/// What has become of a posted event.
pub enum Ingested {
    /// It was appended just now.
    New(Seq),
    /// An earlier call with this key and this body had appended it.
    Known(Seq),
}

impl IngestRequest {
    /// The event that was posted, at `now` unless it says when.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] names the field that cannot be used.
    pub fn check(self, now: UnixMillis) -> Result<PublishedEvent, ApiError> {
        let punctuation = |byte: u8| matches!(byte, b':' | b'-' | b'_' | b'.');
        let is_name = |name: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || punctuation(byte);
            (1..=NAME_MAX_BYTES).contains(&name.len()) && name.bytes().all(allowed)
        };
        if !is_name(&self.channel) || RESERVED.contains(&self.channel.as_str()) {
            return Err(bad("channel has to be a name such as booking:created, and none that Socket.IO uses itself"));
        }
        let event = match self.event {
            Some(event) => event,
            None => self.channel.to_ascii_uppercase().replace(|it: char| !it.is_ascii_alphanumeric(), "_"),
        };
        if !is_name(&event) {
            return Err(bad("event has to be a name such as BOOKING_CREATED"));
        }
        // Read once by the strictest reader: what passes here, every client can parse.
        if serde_json::from_str::<Map<String, Value>>(self.data.get()).is_err() {
            return Err(bad("data has to be an object"));
        }
        let audience = audience(&self.users, self.rooms)?;
        let envelope = EventEnvelope { event, data: self.data, timestamp: self.timestamp.unwrap_or(now) };
        Ok(PublishedEvent { channel: self.channel, envelope, audience })
    }
}

/// Appends what was posted, unless `key` stands for an event already. `body_hash` tells whether that is the same one.
///
/// # Errors
/// [`ApiError::BadRequest`] as [`IngestRequest::check`]; [`ApiError::Conflict`] when the key came with another body.
pub fn ingest(
    work: &mut UnitOfWork<'_>,
    key: &str,
    body_hash: &BodyHash,
    posted: IngestRequest,
) -> Result<Ingested, ApiError> {
    if let Some((seq, known)) = idempotency_keys::find(&work.tx, key)? {
        return match known == *body_hash {
            true => Ok(Ingested::Known(seq)),
            false => Err(ApiError::Conflict("This Idempotency-Key came with another body".to_owned())),
        };
    }
    let event = posted.check(work.now)?;
    let seq = work.append(&event)?;
    idempotency_keys::insert(&work.tx, key, body_hash, seq)?;
    Ok(Ingested::New(seq))
}

fn audience(users: &[String], rooms: Vec<String>) -> Result<Vec<Recipient>, ApiError> {
    let own_rooms = users.iter().map(|user| user_room(user));
    if users.iter().any(String::is_empty) || rooms.iter().any(|room| room.starts_with("user:")) {
        return Err(bad("users has to hold user ids; their rooms are not named in rooms"));
    }
    // Each once: a room receives an event once, however often it is named.
    let names: BTreeSet<String> = own_rooms.chain(rooms).collect();
    if !(1..=AUDIENCE_MAX).contains(&names.len()) {
        return Err(bad("users and rooms together have to name 1 to 1000"));
    }
    if names.iter().any(|room| room.is_empty() || room.len() > ROOM_NAME_MAX_BYTES || room.contains(char::is_control)) {
        return Err(bad("A room's name has 1 to 100 bytes, a user's id up to 95"));
    }
    Ok(names.into_iter().map(|room| Recipient { room, data: None }).collect())
}

fn bad(message: &str) -> ApiError {
    ApiError::BadRequest(message.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_762_776_000_000);

    fn posted(body: &Value) -> Result<IngestRequest, serde_json::Error> {
        serde_json::from_str(&body.to_string())
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        let event =
            posted(&json!({ "channel": "gate:changed", "users": ["7"], "data": {} })).unwrap().check(NOW).unwrap();
        assert_eq!(
            serde_json::to_string(&event.envelope).unwrap(),
            r#"{"event":"GATE_CHANGED","data":{},"timestamp":"2025-11-10T12:00:00.000Z"}"#
        );
        assert_eq!(event.audience[0].room, "user:7");
        let body = json!({ "channel": "x", "rooms": ["admin", "admin"], "event": "Y", "data": {}, "timestamp": "2025-11-10T13:00:00+02:00" });
        let event = posted(&body).unwrap().check(NOW).unwrap();
        assert_eq!((event.envelope.timestamp, event.audience.len()), (NOW.plus_secs(-3600), 1));
    }

    #[test]
    fn what_no_client_could_use_is_refused() {
        let good = json!({ "channel": "gate:changed", "users": ["7"], "rooms": ["admin"], "data": {} });
        assert!(posted(&good).unwrap().check(NOW).is_ok());
        let many: Vec<String> = (0..1000).map(|user| user.to_string()).collect();
        for (field, value) in [
            ("channel", json!("")),
            ("channel", json!("disconnect")),
            ("channel", json!("connected")),
            ("channel", json!("gate changed")),
            ("channel", json!("x".repeat(101))),
            ("event", json!("")),
            ("event", json!("A\nB")),
            ("data", json!([])),
            ("data", json!(null)),
            ("users", json!([""])),
            ("users", json!(["x".repeat(96)])),
            ("users", json!(many)),
            ("rooms", json!(["user:8"])),
            ("rooms", json!([""])),
            ("rooms", json!(["x".repeat(101)])),
            ("rooms", json!("admin")),
            ("timestamp", json!("yesterday")),
        ] {
            let mut body = good.clone();
            body[field] = value;
            assert!(posted(&body).is_err() || posted(&body).unwrap().check(NOW).is_err(), "{body}");
        }
        let nobody = json!({ "channel": "gate:changed", "data": {} });
        assert!(posted(&nobody).unwrap().check(NOW).is_err());
        let deep =
            format!(r#"{{"channel":"a:b","users":["7"],"data":{{"x":{}{}}}}}"#, "[".repeat(500), "]".repeat(500));
        assert!(serde_json::from_str::<IngestRequest>(&deep).unwrap().check(NOW).is_err());
        let half_pair = r#"{"channel":"a:b","users":["7"],"data":{"x":"\ud800"}}"#;
        assert!(serde_json::from_str::<IngestRequest>(half_pair).unwrap().check(NOW).is_err());
    }
}
