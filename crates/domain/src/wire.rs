//! Wire format: decodes what servers really send. Decoding never fails; what cannot be read is kept raw and marked as
//! such.
//!
//! Follows the contract's event shapes and the facts W1–W8 and W18: route on the Socket.IO event name, take argument 0,
//! expect every field but the id to be missing, ids as text or number, money as number or text.

use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use sha2::{Digest, Sha256};

use crate::event::{self, BookingChange, BookingEvent, Event, EventKind, FlightEvent, PaymentEvent};
use crate::money::{Amount, Money};
use crate::rooms::Rooms;
use crate::sanitize;

/// One Socket.IO event, seen as what it means to us.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// `connected`: the server has accepted the token; only now the link is up (W11). All fields may be missing (W12).
    Connected {
        /// There when the server keeps a log that can be read from a cursor on.
        sync: Option<SyncOffer>,
    },
    /// `subscribed`: the server's answer to a request for rooms (W13).
    Subscribed {
        /// Rooms that we are in now.
        rooms: Vec<String>,
        /// Rooms that the server refused; plain servers never name any.
        refused: Vec<String>,
    },
    /// `unsubscribed`.
    Unsubscribed {
        /// Rooms that we left.
        rooms: Vec<String>,
    },
    /// Everything that goes into the inbox.
    Inbox(Box<Envelope>),
}

/// What a server with an event log says about it: its presence in `connected` switches catch-up on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncOffer {
    /// The head of the log, read after our rooms were joined. Opaque.
    pub cursor: String,
    /// The path to read from, on the booking service.
    pub catchup: String,
}

/// An event on its way into the inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The Socket.IO event name, sanitised and cut as everything that is shown.
    pub channel: String,
    /// Argument 0 as it came.
    pub raw: String,
    /// The server's clock when it emitted the event.
    pub timestamp: Option<Timestamp>,
    /// Equal for two deliveries of the same event (W1, W2).
    pub key: EventKey,
    /// The rooms that a server with a log names: the one of this copy, or in the log all that we may know of. None where
    /// the server does not tell.
    pub rooms: Rooms,
    /// What it says.
    pub decoded: Decoded,
}

/// How much of an event could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// One of the guide's events.
    Known(Box<Event>),
    /// A name that the guide does not have.
    Unknown,
    /// A name of the guide with contents that cannot be read.
    Malformed,
}

/// Identifies an event by what it says: channel, data and timestamp, whatever the order of JSON keys. Which bookings a
/// flight's change affects is left out: servers may name a traveler's own to them and all of them to `admin`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventKey {
    /// 128 bits of SHA-256 as hexadecimal text.
    pub digest: String,
    /// False when the event carried no timestamp: then equal events may be different ones, and only a repetition
    /// within [`UNTIMED_REPEAT_SECS`] counts as a duplicate.
    pub timed: bool,
}

/// How long an event without a timestamp shadows an equal one. The two copies of W2 leave the server in one breath.
pub const UNTIMED_REPEAT_SECS: i64 = 10;

/// Decodes one event: its name and its arguments as JSON texts.
pub fn decode(channel: &str, args: &[Box<RawValue>]) -> Incoming {
    let raw = args.first().map_or("null", |arg| arg.get());
    match channel {
        "connected" => Incoming::Connected { sync: sync_offer(raw) },
        "subscribed" => {
            let answer: RoomsAnswer = read(raw).unwrap_or_default();
            Incoming::Subscribed { rooms: answer.rooms, refused: answer.refused }
        }
        "unsubscribed" => {
            let answer: RoomsAnswer = read(raw).unwrap_or_default();
            Incoming::Unsubscribed { rooms: answer.rooms }
        }
        _ => Incoming::Inbox(Box::new(envelope(channel, raw))),
    }
}

/// An offer that stays on the server: a path, never another host, since a token goes there.
fn sync_offer(raw: &str) -> Option<SyncOffer> {
    #[derive(Deserialize)]
    struct Greeting {
        sync: Option<SyncOffer>,
    }
    let offer = read::<Greeting>(raw)?.sync?;
    let is_path = offer.catchup.starts_with('/') && !offer.catchup.starts_with("//") && !offer.catchup.contains('\\');
    (is_path && !offer.cursor.is_empty()).then_some(offer)
}

/// Decodes an event that was read from the server's log: an envelope with its channel beside it. `None` for anything
/// that has no channel.
pub fn decode_logged(item: &RawValue) -> Option<Envelope> {
    #[derive(Deserialize)]
    struct LoggedEnvelope {
        channel: String,
    }
    let logged: LoggedEnvelope = read(item.get())?;
    Some(envelope(&logged.channel, item.get()))
}

fn envelope(channel: &str, raw: &str) -> Envelope {
    let wire: Option<WireEnvelope<'_>> = read(raw);
    let stamp = wire.as_ref().and_then(|wire| wire.timestamp);
    let data = wire.as_ref().and_then(|wire| wire.data).map_or(raw, RawValue::get);
    let event = match EventKind::of_channel(channel) {
        EventKind::BookingCreated => booking(BookingChange::Created, data),
        EventKind::BookingConfirmed => booking(BookingChange::Confirmed, data),
        EventKind::BookingUpdated => booking(BookingChange::Updated, data),
        EventKind::BookingCancelled => booking(BookingChange::Cancelled, data),
        EventKind::FlightStatus => flight(data),
        EventKind::PaymentCompleted => payment(data),
        EventKind::Unknown => Some(Decoded::Unknown),
    };
    let id = wire.as_ref().and_then(|wire| wire.id.0.as_deref());
    Envelope {
        channel: sanitize::line(channel, sanitize::CHANNEL_GRAPHEMES),
        raw: raw.to_owned(),
        timestamp: stamp.and_then(|stamp| timestamp(stamp.get())),
        key: match id {
            Some(id) => logged_key(id),
            None => event_key(channel, data, stamp.map(RawValue::get)),
        },
        // Without an id it is no event of a log, and what is called a room may be one in a hotel.
        rooms: wire.as_ref().filter(|_| id.is_some()).map(WireEnvelope::rooms).unwrap_or_default(),
        decoded: event.unwrap_or(Decoded::Malformed),
    }
}

fn booking(change: BookingChange, data: &str) -> Option<Decoded> {
    let data: WireBooking = read(data)?;
    let currency = data.currency.0;
    Some(known(Event::Booking(BookingEvent {
        change,
        booking_id: data.booking_id.0?,
        pnr: data.pnr.0,
        status: data.status.0,
        flight_number: data.flight_number.0,
        origin: data.origin.0,
        destination: data.destination.0,
        total: money(data.total_price.0, currency),
        passengers: data.passenger_count.0,
    })))
}

fn flight(data: &str) -> Option<Decoded> {
    let data: WireFlight = read(data)?;
    Some(known(Event::Flight(FlightEvent {
        flight_id: data.flight_id.0.or_else(|| data.flight_number.0.clone())?,
        flight_number: data.flight_number.0,
        old_status: data.old_status.0,
        new_status: data.new_status.0?,
        affected_bookings: data.affected_bookings.0.unwrap_or_default().into_iter().filter_map(|id| id.0).collect(),
    })))
}

fn payment(data: &str) -> Option<Decoded> {
    let data: WirePayment = read(data)?;
    Some(known(Event::Payment(PaymentEvent {
        booking_id: data.booking_id.0?,
        payment_id: data.payment_id.0,
        amount: money(data.amount.0, data.currency.0),
        status: data.status.0,
    })))
}

fn known(event: Event) -> Decoded {
    Decoded::Known(Box::new(event))
}

fn money(amount: Option<Amount>, currency: Option<String>) -> Option<Money> {
    Some(Money::new(amount?, currency.as_deref().unwrap_or_default()))
}

/// An ISO 8601 text, or milliseconds since 1970 as JavaScript's `Date.now()` gives them.
fn timestamp(json: &str) -> Option<Timestamp> {
    match read::<Value>(json)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => Timestamp::from_millisecond(number.as_i64()?).ok(),
        _ => None,
    }
}

/// An event of a server's log is known by its id alone, whatever else a delivery of it says.
fn logged_key(id: &str) -> EventKey {
    let mut hash = Sha256::new();
    hash.update("id");
    hash.update([0]);
    hash.update(id);
    EventKey { digest: digest(hash), timed: true }
}

fn digest(hash: Sha256) -> String {
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn event_key(channel: &str, data: &str, stamp: Option<&str>) -> EventKey {
    let mut hash = Sha256::new();
    hash.update(channel);
    hash.update([0]);
    hash.update(canonical(data, (channel == event::channel::FLIGHT_STATUS_CHANGED).then_some("affectedBookings")));
    hash.update([0]);
    hash.update(stamp.unwrap_or_default());
    EventKey { digest: digest(hash), timed: stamp.is_some_and(|stamp| stamp != "null") }
}

/// The same text for the same JSON value, `but_for` one of its keys: keys sorted, no white space. Text that is nested too
/// deeply stays as it is.
fn canonical(json: &str, but_for: Option<&str>) -> String {
    fn write(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                let mut keys: Vec<_> = map.iter().collect();
                keys.sort_by_key(|(key, _)| key.as_str());
                out.push('{');
                for (key, value) in keys {
                    out.push_str(&Value::from(key.as_str()).to_string());
                    out.push(':');
                    write(value, out);
                    out.push(',');
                }
                out.push('}');
            }
            Value::Array(items) => {
                out.push('[');
                for item in items {
                    write(item, out);
                    out.push(',');
                }
                out.push(']');
            }
            leaf => out.push_str(&leaf.to_string()),
        }
    }
    match serde_json::from_str(json) {
        Ok(mut value) => {
            if let (Value::Object(map), Some(key)) = (&mut value, but_for) {
                map.remove(key);
            }
            let mut out = String::with_capacity(json.len());
            write(&value, &mut out);
            out
        }
        Err(_) => json.to_owned(),
    }
}

fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// A field that is `None` when it is missing, null or of an unexpected shape: one odd field never costs the event.
struct Lenient<T>(Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

/// A short text or an id; numbers are taken as text. Sanitised here, once, for everything that is shown later.
#[derive(Default)]
struct WireText(Option<String>);

impl<'de> Deserialize<'de> for WireText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let text = match serde_json::from_str(raw) {
            Ok(Value::String(text)) => Some(sanitize::line(&text, sanitize::FIELD_GRAPHEMES)),
            Ok(Value::Number(_)) => Some(sanitize::line(raw, sanitize::FIELD_GRAPHEMES)),
            _ => None,
        };
        Ok(Self(text.filter(|text| !text.is_empty())))
    }
}

#[derive(Deserialize)]
struct WireEnvelope<'a> {
    #[serde(default)]
    id: Lenient<String>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<&'a RawValue>,
    #[serde(default)]
    room: Lenient<String>,
    #[serde(default)]
    rooms: Lenient<Vec<String>>,
}

impl WireEnvelope<'_> {
    fn rooms(&self) -> Rooms {
        Rooms::from_names(self.room.0.iter().chain(self.rooms.0.iter().flatten()).map(String::as_str))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct RoomsAnswer {
    rooms: Vec<String>,
    refused: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "")]
struct WireBooking {
    #[serde(default)]
    booking_id: WireText,
    #[serde(default)]
    pnr: WireText,
    #[serde(default)]
    status: WireText,
    #[serde(default)]
    flight_number: WireText,
    #[serde(default)]
    origin: WireText,
    #[serde(default)]
    destination: WireText,
    #[serde(default)]
    total_price: Lenient<Amount>,
    #[serde(default)]
    currency: WireText,
    #[serde(default)]
    passenger_count: Lenient<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireFlight {
    #[serde(default)]
    flight_id: WireText,
    #[serde(default)]
    flight_number: WireText,
    #[serde(default)]
    old_status: WireText,
    #[serde(default)]
    new_status: WireText,
    #[serde(default)]
    affected_bookings: Lenient<Vec<OwnedText>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePayment {
    #[serde(default)]
    booking_id: WireText,
    #[serde(default)]
    payment_id: WireText,
    #[serde(default)]
    amount: Lenient<Amount>,
    #[serde(default)]
    currency: WireText,
    #[serde(default)]
    status: WireText,
}

/// [`WireText`] inside a list.
struct OwnedText(Option<String>);

impl<'de> Deserialize<'de> for OwnedText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        WireText::deserialize(deserializer).map(|text| Self(text.0))
    }
}

#[cfg(test)]
mod tests;
