//! Text of a row: the event, with what is known of its booking or flight.

use super::{Text, join, route, route_label, state, words};
use crate::account::Audience;
use crate::catalogue::messages as say;
use crate::event::{BookingChange, BookingEvent, Event, FlightEvent, PaymentEvent, status};
use crate::itinerary::{Booking, Flight};
use crate::locale::Language;

/// Says what happened, with what is known of the booking or flight after the event. At the desk, what cannot be named is
/// nobody's in particular.
pub fn render(
    event: &Event,
    booking: Option<&Booking>,
    flight: Option<&Flight>,
    audience: Audience,
    language: Language,
) -> Text {
    match event {
        Event::Booking(event) => booking_text(event, booking, audience, language),
        Event::Payment(event) => payment_text(event, booking, language),
        Event::Flight(event) => flight_text(event, flight, audience, language),
    }
}

/// Says that an event could not be read.
pub fn unreadable(channel: &str, known_channel: bool, language: Language) -> Text {
    if known_channel {
        Text::new(&say::unreadable_title(language), &say::unreadable_body(language, channel))
    } else {
        Text::new(&say::unknown_event_title(language, channel), &say::unknown_event_body(language))
    }
}

fn booking_text(event: &BookingEvent, known: Option<&Booking>, audience: Audience, language: Language) -> Text {
    let (who, pnr) = named(known.and_then(|booking| booking.pnr.as_deref()), audience);
    let title = match (event.change, event.status.as_deref()) {
        (BookingChange::Created, _) => say::booking_created(language, who, pnr),
        (BookingChange::Confirmed, _) => say::booking_confirmed(language, who, pnr),
        (BookingChange::Cancelled, _) => say::booking_cancelled(language, who, pnr),
        (BookingChange::Updated, None) => say::booking_updated(language, who, pnr),
        (BookingChange::Updated, Some(status)) => {
            say::booking_updated_to(language, who, pnr, &state("booking", status, language))
        }
    };
    let mut parts = Vec::new();
    if let Some(booking) = known {
        parts.extend(trip_of(&booking.flight));
        if event.change == BookingChange::Created {
            parts.extend(booking.passengers.map(|count| say::passengers(language, count.into())));
            parts.extend(booking.total.as_ref().map(ToString::to_string));
        }
    }
    Text::new(&title, &join(&parts))
}

fn payment_text(event: &PaymentEvent, known: Option<&Booking>, language: Language) -> Text {
    let amount = event.amount.as_ref().map(ToString::to_string);
    let status = event.status.as_deref().unwrap_or(status::SUCCEEDED);
    let title = say::payment(
        language,
        if amount.is_some() { "amount" } else { "nothing" },
        &amount.unwrap_or_default(),
        status,
        &state("payment", status, language),
    );
    let mut parts = Vec::new();
    if let Some(booking) = known {
        parts.extend(booking.pnr.as_ref().map(|pnr| say::booking_of(language, pnr)));
        parts.extend(trip_of(&booking.flight));
    }
    Text::new(&title, &join(&parts))
}

fn flight_text(event: &FlightEvent, known: Option<&Flight>, audience: Audience, language: Language) -> Text {
    let (who, number) = named(event.flight_number.as_deref().or_else(|| known?.number.as_deref()), audience);
    let destination = known.and_then(|flight| flight.destination.as_deref());
    let way = if destination.is_some() { "known" } else { "unknown" };
    let name = say::flight_name(language, who, number, way, destination.unwrap_or_default());
    let status = event.new_status.as_str();
    let title = say::flight_news(language, status, &name, &words(status));
    let mut parts = Vec::new();
    parts.extend(
        event
            .old_status
            .as_deref()
            .filter(|old| *old != status)
            .map(|old| say::flight_was(language, &state("flight", old, language))),
    );
    parts.extend(known.and_then(|flight| route(flight.origin.as_deref(), flight.destination.as_deref())));
    if event.affected_bookings.len() > 1 {
        parts.push(say::on_board(language, event.affected_bookings.len() as u64));
    }
    Text::new(&title, &join(&parts))
}

/// How a booking or flight is called: by its name, as the reader's, or as anybody's.
pub(super) fn named(name: Option<&str>, audience: Audience) -> (&'static str, &str) {
    match name {
        Some(name) => ("named", name),
        None => (whose(audience), ""),
    }
}

/// Whose booking or flight it is that has no name.
pub(super) fn whose(audience: Audience) -> &'static str {
    match audience {
        Audience::Traveler => "yours",
        Audience::Agent => "any",
    }
}

fn trip_of(flight: &Flight) -> Option<String> {
    route_label(flight.number.as_deref(), flight.origin.as_deref(), flight.destination.as_deref())
}
