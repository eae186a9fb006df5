//! Itinerary: what is known about bookings and flights, from events and from the server's REST answers.
//!
//! Most events carry only an id (W5); the itinerary adds a PNR, a flight, a route and a departure.

use jiff::Timestamp;

use crate::event::{BookingChange, BookingEvent, Event, status};
use crate::money::Money;

/// What is known of one booking. Later knowledge fills gaps and replaces; nothing is ever unlearned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booking {
    /// The booking's id.
    pub id: String,
    /// The record locator.
    pub pnr: Option<String>,
    /// The last status seen.
    pub status: Option<String>,
    /// Since when it holds, by the server's clock.
    pub status_at: Option<Timestamp>,
    /// The flight it is on.
    pub flight: Flight,
    /// The whole price.
    pub total: Option<Money>,
    /// Number of passengers.
    pub passengers: Option<u32>,
}

/// What is known of one flight. Without an id it is known only through a booking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flight {
    /// The flight's id; `booking:created` does not carry it.
    pub id: Option<String>,
    /// Such as `AA123`.
    pub number: Option<String>,
    /// Airport code.
    pub origin: Option<String>,
    /// Airport code.
    pub destination: Option<String>,
    /// Planned departure, from REST only.
    pub departure: Option<Timestamp>,
    /// The last status seen.
    pub status: Option<String>,
    /// Since when it holds, by the server's clock.
    pub status_at: Option<Timestamp>,
}

impl Booking {
    /// A booking of which only the id is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Whether enough is known to name it to a person.
    pub fn is_named(&self) -> bool {
        self.pnr.is_some() && self.flight.number.is_some()
    }

    /// Takes over everything that `newer` knows.
    pub fn learn(&mut self, newer: Self) {
        replace(&mut self.pnr, newer.pnr);
        replace_status((&mut self.status, &mut self.status_at), newer.status, newer.status_at);
        replace(&mut self.total, newer.total);
        replace(&mut self.passengers, newer.passengers);
        self.flight.learn(newer.flight);
    }
}

impl Flight {
    /// Takes over everything that `newer` knows.
    pub fn learn(&mut self, newer: Self) {
        replace(&mut self.id, newer.id);
        replace(&mut self.number, newer.number);
        replace(&mut self.origin, newer.origin);
        replace(&mut self.destination, newer.destination);
        replace(&mut self.departure, newer.departure);
        replace_status((&mut self.status, &mut self.status_at), newer.status, newer.status_at);
    }
}

fn replace<T>(slot: &mut Option<T>, newer: Option<T>) {
    if newer.is_some() {
        *slot = newer;
    }
}

/// A status gives way to a later one; events may overtake each other and what REST says.
fn replace_status(
    (status, since): (&mut Option<String>, &mut Option<Timestamp>),
    newer: Option<String>,
    newer_since: Option<Timestamp>,
) {
    if newer.is_some() && (status.is_none() || !is_older(newer_since, *since)) {
        *status = newer;
        *since = newer_since.or(*since);
    }
}

/// Whether `moment` is known to lie before `other`.
pub fn is_older(moment: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    moment.zip(other).is_some_and(|(moment, other)| moment < other)
}

impl Booking {
    /// What an event teaches about its booking.
    pub fn from_event(event: &Event) -> Option<Self> {
        match event {
            Event::Booking(event) => Some(Self {
                id: event.booking_id.clone(),
                pnr: event.pnr.clone(),
                status: status_of(event),
                status_at: None,
                flight: Flight {
                    number: event.flight_number.clone(),
                    origin: event.origin.clone(),
                    destination: event.destination.clone(),
                    ..Flight::default()
                },
                total: event.total.clone(),
                passengers: event.passengers,
            }),
            Event::Payment(event) => Some(Self::new(event.booking_id.clone())),
            Event::Flight(_) => None,
        }
    }
}

impl Flight {
    /// What an event teaches about its flight.
    pub fn from_event(event: &Event) -> Option<Self> {
        match event {
            Event::Flight(event) => Some(Self {
                id: Some(event.flight_id.clone()),
                number: event.flight_number.clone(),
                status: Some(event.new_status.clone()),
                ..Flight::default()
            }),
            Event::Booking(_) | Event::Payment(_) => None,
        }
    }
}

/// The status that a booking event reports, by itself or by its name.
pub fn status_of(event: &BookingEvent) -> Option<String> {
    event.status.clone().or_else(|| implied_status(event.change))
}

fn implied_status(change: BookingChange) -> Option<String> {
    let status = match change {
        BookingChange::Created => status::PENDING,
        BookingChange::Confirmed => status::CONFIRMED,
        BookingChange::Cancelled => status::CANCELLED,
        BookingChange::Updated => return None,
    };
    Some(status.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_knowledge_fills_gaps_and_unlearns_nothing() {
        let mut booking = Booking { pnr: Some("ABC123".into()), status: Some("PENDING".into()), ..Booking::new("b") };
        booking.learn(Booking {
            status: Some("CONFIRMED".into()),
            flight: Flight { number: Some("AA123".into()), ..Flight::default() },
            ..Booking::new("b")
        });
        assert_eq!(booking.pnr.as_deref(), Some("ABC123"));
        assert_eq!(booking.status.as_deref(), Some("CONFIRMED"));
        assert!(booking.is_named());
    }
}
