//! Payloads of events, and the criteria of requests.

use serde_json::{Value, json};

/// The server's time of every event.
pub const STORY_TIME: &str = "2025-11-10T12:00:00.000Z";

/// A booking's event.
pub fn booking(id: &str, status: &str) -> Value {
    json!({ "timestamp": STORY_TIME, "data": { "bookingId": id, "pnr": format!("PNR{}", id.trim_start_matches("b-")),
        "status": status, "flightNumber": "AA123", "origin": "JFK", "destination": "LAX", "totalPrice": 450,
        "currency": "USD", "passengerCount": 2 } })
}

/// A flight's event.
pub fn flight(id: &str, number: &str, status: &str, bookings: &[&str]) -> Value {
    json!({ "timestamp": STORY_TIME, "data": { "flightId": id, "flightNumber": number, "oldStatus": "SCHEDULED",
        "newStatus": status, "affectedBookings": bookings } })
}

/// The criteria of everything in the inbox, with these changes.
pub fn criteria(changes: Value) -> Value {
    let mut criteria = json!({ "place": "inbox", "unread": false, "kinds": [], "flight": null, "rule": null,
        "room": null, "text": "" });
    for (name, value) in changes.as_object().unwrap() {
        criteria[name] = value.clone();
    }
    criteria
}
