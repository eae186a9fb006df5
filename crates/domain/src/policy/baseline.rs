//! Baseline of an event: the level, urgency and reason it has by itself, before preferences and budgets.

use jiff::SignedDuration;

use super::{DecisionInput, ToastState};
use crate::account::Audience;
use crate::event::{BookingChange, BookingEvent, Event, FlightEvent, PaymentEvent, status};
use crate::itinerary::Booking;
use crate::outcome::RulingReason;
use crate::toast::Urgency;

/// What an event deserves.
pub(super) struct Baseline {
    pub level: BaselineLevel,
    pub urgency: Urgency,
    pub reason: RulingReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BaselineLevel {
    /// A toast.
    Toast,
    /// Brings a toast that is there up to date, in silence.
    Update,
    /// A row.
    Row,
}

fn toast(urgency: Urgency, reason: RulingReason) -> Baseline {
    Baseline { level: BaselineLevel::Toast, urgency, reason }
}

fn row(reason: RulingReason) -> Baseline {
    Baseline { level: BaselineLevel::Row, urgency: Urgency::Low, reason }
}

pub(super) fn baseline(input: &DecisionInput<'_>) -> Baseline {
    match (input.event, input.audience) {
        (Event::Booking(event), Audience::Traveler) => traveler_booking(event, input.before),
        (Event::Booking(event), Audience::Agent) => agent_booking(event, input.before),
        (Event::Payment(event), Audience::Traveler) => payment(event),
        (Event::Payment(_), Audience::Agent) => row(RulingReason::DeskCounted),
        (Event::Flight(event), audience) => flight(event, audience, input),
    }
}

fn traveler_booking(event: &BookingEvent, before: Option<&Booking>) -> Baseline {
    match event.change {
        BookingChange::Created => toast(Urgency::Normal, RulingReason::NewBooking),
        BookingChange::Confirmed => toast(Urgency::Normal, RulingReason::Confirmed),
        BookingChange::Cancelled => toast(Urgency::Critical, RulingReason::Cancelled),
        BookingChange::Updated if cancels(event, before) => toast(Urgency::Critical, RulingReason::Cancelled),
        BookingChange::Updated => {
            let before = before.and_then(|booking| booking.status.as_deref());
            match event.status.as_deref() {
                Some(now) if before.is_some_and(|before| before != now) => {
                    toast(Urgency::Normal, RulingReason::StatusChanged)
                }
                _ => row(RulingReason::NoStatusChange),
            }
        }
    }
}

fn agent_booking(event: &BookingEvent, before: Option<&Booking>) -> Baseline {
    match event.change {
        BookingChange::Cancelled => toast(Urgency::Normal, RulingReason::Cancelled),
        BookingChange::Updated if cancels(event, before) => toast(Urgency::Normal, RulingReason::Cancelled),
        BookingChange::Created | BookingChange::Confirmed | BookingChange::Updated => row(RulingReason::DeskCounted),
    }
}

/// Whether an update is a cancellation in other words.
fn cancels(event: &BookingEvent, before: Option<&Booking>) -> bool {
    let before = before.and_then(|booking| booking.status.as_deref());
    event.status.as_deref() == Some(status::CANCELLED) && before != Some(status::CANCELLED)
}

fn payment(event: &PaymentEvent) -> Baseline {
    match event.status.as_deref() {
        Some(status::FAILED | status::REFUNDED | status::PARTIALLY_REFUNDED) => {
            toast(Urgency::Normal, RulingReason::PaymentTrouble)
        }
        _ => toast(Urgency::Normal, RulingReason::Payment),
    }
}

fn flight(event: &FlightEvent, audience: Audience, input: &DecisionInput<'_>) -> Baseline {
    match (event.new_status.as_str(), audience) {
        (status::CANCELLED, _) => toast(Urgency::Critical, RulingReason::FlightCancelled),
        (status::DELAYED, Audience::Traveler) => delay(input),
        (status::DELAYED, Audience::Agent) => toast(Urgency::Normal, RulingReason::DelayDesk),
        (status::DEPARTED | status::IN_FLIGHT | status::LANDED, Audience::Agent) => row(RulingReason::DeskCounted),
        (status::DEPARTED | status::IN_FLIGHT, Audience::Traveler) => match input.thread.toast {
            ToastState::None => row(RulingReason::DepartedQuietly),
            _ => Baseline { level: BaselineLevel::Update, urgency: Urgency::Low, reason: RulingReason::Departed },
        },
        (status::LANDED, Audience::Traveler) => toast(Urgency::Low, RulingReason::Landed),
        (status::SCHEDULED, Audience::Traveler) => toast(Urgency::Normal, RulingReason::BackOnSchedule),
        (_, Audience::Traveler) => toast(Urgency::Normal, RulingReason::FlightChanged),
        (_, Audience::Agent) => row(RulingReason::DeskCounted),
    }
}

/// A delay is urgent within 3 h of departure, normal within 24 h or when the departure is unknown, else quiet.
fn delay(input: &DecisionInput<'_>) -> Baseline {
    let Some(departure) = input.departure else { return toast(Urgency::Normal, RulingReason::DelayUndated) };
    let left = departure.duration_since(input.now);
    if left < SignedDuration::from_hours(-24) {
        row(RulingReason::DelayPast)
    } else if left < SignedDuration::from_hours(3) {
        toast(Urgency::Critical, RulingReason::DelayNow)
    } else if left < SignedDuration::from_hours(24) {
        toast(Urgency::Normal, RulingReason::DelayToday)
    } else {
        row(RulingReason::DelayFarOff)
    }
}
