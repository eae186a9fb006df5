//! Columns of a row beside its text, from the event and from what is known of its subject.

use domain::event::{Event, EventKind};
use domain::itinerary::{Booking, Flight};
use domain::money::Money;
use domain::rules::RuleInput;
use domain::toast_scheduler::ToastEvent;
use domain::view::Notification;

/// The columns that an event fills, from itself and from the index.
#[derive(Default)]
pub(super) struct RowColumns {
    pub pnr: Option<String>,
    pub flight_id: Option<String>,
    pub flight_number: Option<String>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub status: Option<String>,
    pub amount: Option<Money>,
}

impl RowColumns {
    pub fn traits<'a>(&'a self, kind: EventKind, booking: Option<&'a Booking>) -> RuleInput<'a> {
        let amount = self.amount.as_ref().or_else(|| booking?.total.as_ref());
        RuleInput {
            kind: Some(kind),
            pnr: self.pnr.as_deref(),
            flight: self.flight_number.as_deref(),
            origin: self.origin.as_deref(),
            destination: self.destination.as_deref(),
            status: self.status.as_deref(),
            amount: amount.and_then(|amount| amount.value.parse().ok()),
        }
    }

    pub fn of(event: Option<&Event>, booking: Option<&Booking>, flight: Option<&Flight>) -> Self {
        let Some(event) = event else { return Self::default() };
        let flight = flight.or(booking.map(|booking| &booking.flight));
        let mut columns = Self {
            pnr: booking.and_then(|booking| booking.pnr.clone()),
            flight_id: flight.and_then(|flight| flight.id.clone()),
            flight_number: flight.and_then(|flight| flight.number.clone()),
            origin: flight.and_then(|flight| flight.origin.clone()),
            destination: flight.and_then(|flight| flight.destination.clone()),
            ..Self::default()
        };
        match event {
            Event::Booking(event) => {
                columns.status = event.status.clone();
                columns.amount = event.total.clone();
            }
            Event::Payment(event) => {
                columns.status = event.status.clone();
                columns.amount = event.amount.clone();
            }
            Event::Flight(event) => {
                columns.status = Some(event.new_status.clone());
                columns.flight_id = Some(event.flight_id.clone());
                columns.flight_number = event.flight_number.clone().or(columns.flight_number);
            }
        }
        columns
    }
}

/// What a toast would tell of a row.
pub(super) fn toast_event(event: &Event, row: &Notification) -> ToastEvent {
    let mut toast_event = ToastEvent::of(row, event.thread());
    if let Some(flight) = event.as_flight() {
        toast_event.step.from.clone_from(&flight.old_status);
        toast_event.bookings.clone_from(&flight.affected_bookings);
    }
    toast_event
}

pub(super) fn kind(event: Option<&Event>) -> EventKind {
    event.map_or(EventKind::Unknown, Event::kind)
}
