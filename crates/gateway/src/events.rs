//! The six events of the guide: their names, their shapes, and the rooms that receive them.
//!
//! Follows the guide's "Event Data Structures" and what deployed gateways do (wire facts): one event goes to the
//! user's room and, separately, to `admin` (W2); `booking:confirmed` carries `"event": "BOOKING_UPDATED"` (W3);
//! `booking:updated` and `payment:completed` go to the user alone (W4).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event_log::{EventEnvelope, PublishedEvent, Recipient};
use crate::event_names;
use crate::money::Cents;
use crate::rights::{ADMIN_ROOM, user_room};
use crate::store::bookings::BookingRecord;
use crate::store::flights::FlightRecord;
use crate::time::UnixMillis;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BookingCreatedData<'a> {
    booking_id: &'a str,
    pnr: &'a str,
    status: &'a str,
    flight_number: &'a str,
    origin: &'a str,
    destination: &'a str,
    total_price: Cents,
    currency: &'a str,
    passenger_count: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BookingChangedData<'a> {
    booking_id: &'a str,
    pnr: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<UnixMillis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_at: Option<UnixMillis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<UnixMillis>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FlightStatusData<'a> {
    flight_id: &'a str,
    flight_number: &'a str,
    old_status: &'a str,
    new_status: &'a str,
    affected_bookings: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentData<'a> {
    booking_id: &'a str,
    payment_id: &'a str,
    amount: Cents,
    currency: &'a str,
    status: &'a str,
}

/// `booking:created`, to the user and to `admin`.
///
/// # Errors
/// A JSON error. The types here cannot cause one.
pub fn booking_created(booking: &BookingRecord, now: UnixMillis) -> Result<PublishedEvent, serde_json::Error> {
    let data = BookingCreatedData {
        booking_id: &booking.id,
        pnr: &booking.pnr,
        status: &booking.status,
        flight_number: &booking.flight.flight_number,
        origin: &booking.flight.origin,
        destination: &booking.flight.destination,
        total_price: booking.total_price,
        currency: booking.currency,
        passenger_count: booking.passengers.len(),
    };
    to_user_and_admin(&booking.user_id, event_names::BOOKING_CREATED, "BOOKING_CREATED", &data, now)
}

/// `booking:confirmed`, to the user and to `admin`.
///
/// # Errors
/// As [`booking_created`].
pub fn booking_confirmed(booking: &BookingRecord, now: UnixMillis) -> Result<PublishedEvent, serde_json::Error> {
    let data = BookingChangedData { confirmed_at: booking.confirmed_at, ..changed(booking) };
    to_user_and_admin(&booking.user_id, event_names::BOOKING_CONFIRMED, "BOOKING_UPDATED", &data, now)
}

/// `booking:cancelled`, to the user and to `admin`.
///
/// # Errors
/// As [`booking_created`].
pub fn booking_cancelled(booking: &BookingRecord, now: UnixMillis) -> Result<PublishedEvent, serde_json::Error> {
    let data = BookingChangedData { cancelled_at: booking.cancelled_at, ..changed(booking) };
    to_user_and_admin(&booking.user_id, event_names::BOOKING_CANCELLED, "BOOKING_CANCELLED", &data, now)
}

/// `booking:updated`, to the user alone. The guide does not define its data: ids, status and the time.
///
/// # Errors
/// As [`booking_created`].
pub fn booking_updated(booking: &BookingRecord, now: UnixMillis) -> Result<PublishedEvent, serde_json::Error> {
    let data = BookingChangedData { updated_at: Some(booking.updated_at), ..changed(booking) };
    event(event_names::BOOKING_UPDATED, "BOOKING_UPDATED", &data, now, vec![full_data(user_room(&booking.user_id))])
}

/// `payment:completed`, to the user alone.
///
/// # Errors
/// As [`booking_created`].
pub fn payment_completed(
    booking: &BookingRecord,
    payment_id: &str,
    status: &str,
    now: UnixMillis,
) -> Result<PublishedEvent, serde_json::Error> {
    let data = PaymentData {
        booking_id: &booking.id,
        payment_id,
        amount: booking.total_price,
        currency: booking.currency,
        status,
    };
    event(event_names::PAYMENT_COMPLETED, "PAYMENT_COMPLETED", &data, now, vec![full_data(user_room(&booking.user_id))])
}

/// `flight:status-changed`: one event for each user with active bookings on the flight (naming only their own) and
/// for `admin` (naming all). `active_bookings` holds booking ids and their owners.
///
/// # Errors
/// As [`booking_created`].
pub fn flight_status_changed(
    flight: &FlightRecord,
    old_status: &str,
    active_bookings: Vec<(String, String)>,
    now: UnixMillis,
) -> Result<PublishedEvent, serde_json::Error> {
    let mut by_owner: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let all: Vec<String> = active_bookings.iter().map(|(booking, _)| booking.clone()).collect();
    for (booking, owner) in active_bookings {
        by_owner.entry(owner).or_default().push(booking);
    }
    let data_for = |bookings| FlightStatusData {
        flight_id: &flight.id,
        flight_number: &flight.flight_number,
        old_status,
        new_status: &flight.status,
        affected_bookings: bookings,
    };
    let mut audience = vec![full_data(ADMIN_ROOM.to_owned())];
    for (owner, bookings) in &by_owner {
        let data = serde_json::value::to_raw_value(&data_for(bookings))?;
        audience.push(Recipient { room: user_room(owner), data: Some(data) });
    }
    event(event_names::FLIGHT_STATUS_CHANGED, "FLIGHT_STATUS_CHANGED", &data_for(&all), now, audience)
}

fn changed(booking: &BookingRecord) -> BookingChangedData<'_> {
    BookingChangedData {
        booking_id: &booking.id,
        pnr: &booking.pnr,
        status: &booking.status,
        confirmed_at: None,
        cancelled_at: None,
        updated_at: None,
    }
}

fn to_user_and_admin(
    user_id: &str,
    channel: &str,
    name: &str,
    data: &impl Serialize,
    now: UnixMillis,
) -> Result<PublishedEvent, serde_json::Error> {
    event(channel, name, data, now, vec![full_data(user_room(user_id)), full_data(ADMIN_ROOM.to_owned())])
}

fn full_data(room: String) -> Recipient {
    Recipient { room, data: None }
}

fn event(
    channel: &str,
    name: &str,
    data: &impl Serialize,
    now: UnixMillis,
    audience: Vec<Recipient>,
) -> Result<PublishedEvent, serde_json::Error> {
    let data = serde_json::value::to_raw_value(data)?;
    let envelope = EventEnvelope { event: name.to_owned(), data, timestamp: now };
    Ok(PublishedEvent { channel: channel.to_owned(), envelope, audience })
}
