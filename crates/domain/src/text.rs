//! What people read: titles and bodies of rows and toasts. Every sentence about an event stands here.

use jiff::Timestamp;

use crate::account::Audience;
use crate::event::{BookingChange, BookingEvent, Event, FlightEvent, PaymentEvent};
use crate::itinerary::{Booking, Flight};
use crate::outcome::{Reason, Ruling};
use crate::sanitize::{BODY_GRAPHEMES, TITLE_GRAPHEMES, line};
use crate::storm::StormSums;
use crate::toast::{Privacy, Step, ToastAction};
use crate::view::Notification;
use crate::voice::{Language, Voice};

/// Title and body, sanitised and capped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub title: String,
    /// A second line; may be empty.
    pub body: String,
}

impl Text {
    fn new(title: &str, body: &str) -> Self {
        Self { title: line(title, TITLE_GRAPHEMES), body: line(body, BODY_GRAPHEMES) }
    }
}

/// Says what happened, with what is known of the booking or flight after the event. At the desk, what cannot be named is
/// nobody's in particular.
pub fn render(
    event: &Event,
    booking: Option<&Booking>,
    flight: Option<&Flight>,
    audience: Audience,
    _language: Language,
) -> Text {
    match event {
        Event::Booking(event) => booking_text(event, booking, audience),
        Event::Payment(event) => payment_text(event, booking),
        Event::Flight(event) => flight_text(event, flight, audience),
    }
}

/// Says that an event could not be read.
pub fn unreadable(channel: &str, known_channel: bool, _language: Language) -> Text {
    if known_channel {
        Text::new(
            "An update could not be read",
            &format!("The server sent “{channel}” in a form that Gatecall does not understand."),
        )
    } else {
        Text::new(
            &format!("New kind of event: {channel}"),
            "This version of Gatecall does not know it. It is kept as it came.",
        )
    }
}

/// What a toast is about.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The latest row.
    pub row: &'a Notification,
    /// Everything that the toast tells, the latest last and at least that one.
    pub steps: &'a [Step],
    /// Departure of the flight, when known.
    pub departure: Option<Timestamp>,
    /// Updates of the thread since its last toast that were not told.
    pub quiet_updates: u32,
}

/// What a toast says.
pub fn toast(told: &Told<'_>, privacy: Privacy, _voice: &Voice) -> Text {
    match privacy {
        Privacy::Full => Text::new(&told.row.title, &told.row.body),
        Privacy::Masked | Privacy::Nothing => Text::new("Your booking changed", ""),
    }
}

/// What a storm's toast says.
pub fn storm(sums: &StormSums, _privacy: Privacy, _voice: &Voice) -> Text {
    Text::new(&format!("{} changes", sums.events()), "")
}

/// What a toast says that is asked for in the settings, to see whether toasts come through.
pub fn test_toast(_language: Language) -> Text {
    Text::new(
        "Notifications work",
        "This is what Gatecall's toasts look like. Click it, to see whether clicks come through.",
    )
}

/// What a button on the toast of `thread` says.
pub fn button(action: ToastAction, thread: &str, _language: Language) -> String {
    match action {
        ToastAction::Open => "Open",
        ToastAction::Snooze => "Snooze 1 h",
        ToastAction::Mute if thread.starts_with("flight:") => "Mute this flight",
        ToastAction::Mute => "Mute this booking",
    }
    .to_owned()
}

/// Why an event came to its outcome.
pub fn ruling(ruling: &Ruling, _language: Language) -> String {
    match ruling.reason {
        Reason::Cancelled => "A cancellation always reaches you.".to_owned(),
        reason => format!("{reason:?}"),
    }
}

fn booking_text(event: &BookingEvent, known: Option<&Booking>, audience: Audience) -> Text {
    let name = booking_name(known, audience);
    let title = match event.change {
        BookingChange::Created => format!("{name} created"),
        BookingChange::Confirmed => format!("{name} confirmed"),
        BookingChange::Cancelled => format!("{name} cancelled"),
        BookingChange::Updated => match event.status.as_deref() {
            Some(status) => format!("{name} updated: {}", words(status)),
            None => format!("{name} updated"),
        },
    };
    let mut parts = Vec::new();
    if let Some(booking) = known {
        parts.extend(trip(&booking.flight));
        if event.change == BookingChange::Created {
            parts.extend(
                booking.passengers.map(|n| if n == 1 { "1 passenger".to_owned() } else { format!("{n} passengers") }),
            );
            parts.extend(booking.total.as_ref().map(ToString::to_string));
        }
    }
    Text::new(&title, &parts.join(" · "))
}

fn payment_text(event: &PaymentEvent, known: Option<&Booking>) -> Text {
    let amount = event.amount.as_ref().map(|amount| format!(" of {amount}")).unwrap_or_default();
    let title = match event.status.as_deref() {
        None | Some("SUCCEEDED") => format!("Payment{amount} received"),
        Some("FAILED") => format!("Payment{amount} failed"),
        Some("REFUNDED") => format!("Payment{amount} refunded"),
        Some("PARTIALLY_REFUNDED") => format!("Payment{amount} partly refunded"),
        Some(status) => format!("Payment{amount}: {}", words(status)),
    };
    let mut parts = Vec::new();
    if let Some(booking) = known {
        parts.extend(booking.pnr.as_ref().map(|pnr| format!("Booking {pnr}")));
        parts.extend(trip(&booking.flight));
    }
    Text::new(&title, &parts.join(" · "))
}

fn flight_text(event: &FlightEvent, known: Option<&Flight>, audience: Audience) -> Text {
    let number = event.flight_number.as_deref().or_else(|| known?.number.as_deref());
    let nameless = match audience {
        Audience::Traveler => "Your flight",
        Audience::Agent => "A flight",
    };
    let mut name = number.unwrap_or(nameless).to_owned();
    if let Some(destination) = known.and_then(|flight| flight.destination.as_deref()) {
        name = format!("{name} to {destination}");
    }
    let title = match event.new_status.as_str() {
        "SCHEDULED" => format!("{name} back on schedule"),
        "DELAYED" => format!("{name} delayed"),
        "DEPARTED" => format!("{name} departed"),
        "IN_FLIGHT" => format!("{name} is in the air"),
        "LANDED" => format!("{name} landed"),
        "CANCELLED" => format!("{name} cancelled"),
        status => format!("{name}: {}", words(status)),
    };
    let mut parts = Vec::new();
    parts.extend(
        event.old_status.as_deref().filter(|old| *old != event.new_status).map(|old| format!("Was {}", words(old))),
    );
    parts.extend(known.and_then(route));
    if event.affected_bookings.len() > 1 {
        parts.push(format!("{} bookings on board", event.affected_bookings.len()));
    }
    Text::new(&title, &parts.join(" · "))
}

fn booking_name(known: Option<&Booking>, audience: Audience) -> String {
    match (known.and_then(|booking| booking.pnr.as_deref()), audience) {
        (Some(pnr), _) => format!("Booking {pnr}"),
        (None, Audience::Traveler) => "A booking of yours was".to_owned(),
        (None, Audience::Agent) => "A booking was".to_owned(),
    }
}

fn trip(flight: &Flight) -> Option<String> {
    match (flight.number.as_deref(), route(flight)) {
        (Some(number), Some(route)) => Some(format!("{number} {route}")),
        (Some(number), None) => Some(number.to_owned()),
        (None, route) => route,
    }
}

fn route(flight: &Flight) -> Option<String> {
    Some(format!("{} → {}", flight.origin.as_deref()?, flight.destination.as_deref()?))
}

/// `IN_FLIGHT` → `in flight`.
fn words(status: &str) -> String {
    status.replace('_', " ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Decoded, Incoming, decode};
    use serde_json::value::RawValue;

    fn event(channel: &str, json: &str) -> Event {
        let args = [RawValue::from_string(json.to_owned()).expect("JSON")];
        match decode(channel, &args) {
            Incoming::Inbox(envelope) => match envelope.decoded {
                Decoded::Known(event) => *event,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn known() -> Booking {
        Booking {
            pnr: Some("ABC123".into()),
            flight: Flight {
                number: Some("AA123".into()),
                origin: Some("JFK".into()),
                destination: Some("LAX".into()),
                ..Flight::default()
            },
            ..Booking::new("b")
        }
    }

    fn said(channel: &str, data: &str, booking: Option<&Booking>) -> (String, String) {
        let event = event(channel, &format!(r#"{{"data":{data}}}"#));
        let text = render(&event, booking, booking.map(|booking| &booking.flight), Audience::Traveler, Language::En);
        (text.title, text.body)
    }

    #[test]
    fn says_it_at_a_glance() {
        let known = known();
        let cases = [
            ("booking:cancelled", r#"{"bookingId":"b"}"#, "Booking ABC123 cancelled", "AA123 JFK → LAX"),
            (
                "payment:completed",
                r#"{"bookingId":"b","amount":450,"currency":"USD"}"#,
                "Payment of 450.00 USD received",
                "Booking ABC123 · AA123 JFK → LAX",
            ),
            (
                "flight:status-changed",
                r#"{"flightId":"f","oldStatus":"SCHEDULED","newStatus":"DELAYED"}"#,
                "AA123 to LAX delayed",
                "Was scheduled · JFK → LAX",
            ),
            (
                "flight:status-changed",
                r#"{"flightId":"f","newStatus":"DE_ICING"}"#,
                "AA123 to LAX: de icing",
                "JFK → LAX",
            ),
        ];
        for (channel, data, title, body) in cases {
            assert_eq!(said(channel, data, Some(&known)), (title.to_owned(), body.to_owned()));
        }
    }

    #[test]
    fn stays_honest_without_knowledge() {
        assert_eq!(said("booking:cancelled", r#"{"bookingId":"b"}"#, None).0, "A booking of yours was cancelled");
        assert_eq!(
            said("flight:status-changed", r#"{"flightId":"f","newStatus":"LANDED"}"#, None).0,
            "Your flight landed"
        );
        assert_eq!(said("payment:completed", r#"{"bookingId":"b"}"#, None).0, "Payment received");
    }

    #[test]
    fn at_the_desk_nothing_is_said_to_be_yours() {
        let said = |channel, data: &str| {
            let event = event(channel, &format!(r#"{{"data":{data}}}"#));
            render(&event, None, None, Audience::Agent, Language::En).title
        };
        assert_eq!(said("booking:cancelled", r#"{"bookingId":"b"}"#), "A booking was cancelled");
        assert_eq!(said("flight:status-changed", r#"{"flightId":"f","newStatus":"LANDED"}"#), "A flight landed");
    }
}
