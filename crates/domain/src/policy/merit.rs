//! What an event deserves by itself: the table of events, before wishes and budgets.

use jiff::SignedDuration;

use super::{Case, Standing};
use crate::account::Audience;
use crate::event::{BookingChange, BookingEvent, Event, FlightEvent, PaymentEvent};
use crate::itinerary::Booking;
use crate::outcome::Reason;
use crate::toast::Urgency;

/// What an event deserves.
pub(super) struct Merit {
    pub worth: Worth,
    pub urgency: Urgency,
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    /// A toast.
    Toast,
    /// Brings a toast that is there up to date, in silence.
    Update,
    /// A row.
    Row,
}

fn toast(urgency: Urgency, reason: Reason) -> Merit {
    Merit { worth: Worth::Toast, urgency, reason }
}

fn row(reason: Reason) -> Merit {
    Merit { worth: Worth::Row, urgency: Urgency::Low, reason }
}

pub(super) fn merit(case: &Case<'_>) -> Merit {
    match (case.event, case.audience) {
        (Event::Booking(event), Audience::Traveler) => traveler_booking(event, case.before),
        (Event::Booking(event), Audience::Agent) => agent_booking(event, case.before),
        (Event::Payment(event), Audience::Traveler) => payment(event),
        (Event::Payment(_), Audience::Agent) => row(Reason::DeskCounted),
        (Event::Flight(event), audience) => flight(event, audience, case),
    }
}

fn traveler_booking(event: &BookingEvent, before: Option<&Booking>) -> Merit {
    match event.change {
        BookingChange::Created => toast(Urgency::Normal, Reason::NewBooking),
        BookingChange::Confirmed => toast(Urgency::Normal, Reason::Confirmed),
        BookingChange::Cancelled => toast(Urgency::Critical, Reason::Cancelled),
        BookingChange::Updated if cancels(event, before) => toast(Urgency::Critical, Reason::Cancelled),
        BookingChange::Updated => {
            let before = before.and_then(|booking| booking.status.as_deref());
            match event.status.as_deref() {
                Some(now) if before.is_some_and(|before| before != now) => {
                    toast(Urgency::Normal, Reason::StatusChanged)
                }
                _ => row(Reason::NoStatusChange),
            }
        }
    }
}

fn agent_booking(event: &BookingEvent, before: Option<&Booking>) -> Merit {
    match event.change {
        BookingChange::Cancelled => toast(Urgency::Normal, Reason::Cancelled),
        BookingChange::Updated if cancels(event, before) => toast(Urgency::Normal, Reason::Cancelled),
        BookingChange::Created | BookingChange::Confirmed | BookingChange::Updated => row(Reason::DeskCounted),
    }
}

/// Whether an update is a cancellation in other words.
fn cancels(event: &BookingEvent, before: Option<&Booking>) -> bool {
    let before = before.and_then(|booking| booking.status.as_deref());
    event.status.as_deref() == Some("CANCELLED") && before != Some("CANCELLED")
}

fn payment(event: &PaymentEvent) -> Merit {
    match event.status.as_deref() {
        Some("FAILED" | "REFUNDED" | "PARTIALLY_REFUNDED") => toast(Urgency::Normal, Reason::PaymentTrouble),
        _ => toast(Urgency::Normal, Reason::Payment),
    }
}

fn flight(event: &FlightEvent, audience: Audience, case: &Case<'_>) -> Merit {
    match (event.new_status.as_str(), audience) {
        ("CANCELLED", _) => toast(Urgency::Critical, Reason::FlightCancelled),
        ("DELAYED", Audience::Traveler) => delay(case),
        ("DELAYED", Audience::Agent) => toast(Urgency::Normal, Reason::DelayDesk),
        ("DEPARTED" | "IN_FLIGHT" | "LANDED", Audience::Agent) => row(Reason::DeskCounted),
        ("DEPARTED" | "IN_FLIGHT", Audience::Traveler) => match case.thread.toast {
            Standing::None => row(Reason::DepartedQuietly),
            _ => Merit { worth: Worth::Update, urgency: Urgency::Low, reason: Reason::Departed },
        },
        ("LANDED", Audience::Traveler) => toast(Urgency::Low, Reason::Landed),
        ("SCHEDULED", Audience::Traveler) => toast(Urgency::Normal, Reason::BackOnSchedule),
        (_, Audience::Traveler) => toast(Urgency::Normal, Reason::FlightChanged),
        (_, Audience::Agent) => row(Reason::DeskCounted),
    }
}

/// A delay is urgent within 3 h of departure, normal within 24 h or when the departure is unknown, else quiet.
fn delay(case: &Case<'_>) -> Merit {
    let Some(departure) = case.departure else { return toast(Urgency::Normal, Reason::DelayUndated) };
    let left = departure.duration_since(case.now);
    if left < SignedDuration::from_hours(-24) {
        row(Reason::DelayPast)
    } else if left < SignedDuration::from_hours(3) {
        toast(Urgency::Critical, Reason::DelayNow)
    } else if left < SignedDuration::from_hours(24) {
        toast(Urgency::Normal, Reason::DelayToday)
    } else {
        row(Reason::DelayFarOff)
    }
}
