//! What to do with an event: one pure decision, with its reason.
//!
//! Follows the event table of the product's rules. The caller stores the outcome before any toast is shown.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::account::Audience;
use crate::event::{BookingChange, BookingEvent, Event, FlightEvent};
use crate::itinerary::Booking;
use crate::toast::Urgency;

/// A pop-up in each of these many seconds at most…
pub const POPUP_WINDOW_SECS: i64 = 10;
/// …this many times.
pub const POPUPS_PER_WINDOW: u32 = 3;

/// What became of an event: recorded with the row, shown on request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Outcome {
    /// For programs.
    pub code: OutcomeCode,
    /// One sentence for a person.
    pub text: String,
}

/// The outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum OutcomeCode {
    /// A toast of its own.
    Popped,
    /// Took the place of an earlier toast about the same booking or flight.
    Merged,
    /// Only a row.
    InboxOnly,
    /// Only a row, because too many toasts came at once.
    OverBudget,
    /// Named by the digest of a time without a link.
    Digest,
    /// A newer state of the same booking or flight was known already.
    Superseded,
}

/// Everything beside the event that a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Traveler or agent.
    pub audience: Audience,
    /// What is known of the booking, or of the booking on the flight, before this event.
    pub booking: Option<&'a Booking>,
    /// Departure of the flight concerned, when known.
    pub departure: Option<Timestamp>,
    /// Whether toasts are switched on.
    pub toasts: bool,
    /// A toast about the same thread may still be on screen.
    pub toast_alive: bool,
    /// Pop-ups in the last [`POPUP_WINDOW_SECS`].
    pub recent_popups: u32,
    /// The time of the decision.
    pub now: Timestamp,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// How urgent the event is, toast or not.
    pub urgency: Urgency,
    /// What to record.
    pub outcome: Outcome,
}

impl Decision {
    /// Whether a toast is to be shown.
    pub fn pops(&self) -> bool {
        matches!(self.outcome.code, OutcomeCode::Popped | OutcomeCode::Merged)
    }
}

/// What an event deserves by itself, before budgets.
enum Merit {
    Toast(Urgency, &'static str),
    Quiet(Urgency, &'static str),
}

/// Decides about a readable event.
pub fn decide(event: &Event, context: &Context<'_>) -> Decision {
    let merit = match (event, context.audience) {
        (Event::Booking(event), Audience::Traveler) => traveler_booking(event, context.booking),
        (Event::Booking(event), Audience::Agent) => agent_booking(event),
        (Event::Payment(_), Audience::Traveler) => Merit::Toast(Urgency::Normal, "A payment was received."),
        (Event::Payment(_), Audience::Agent) => Merit::Quiet(Urgency::Low, "Payments are only counted at the desk."),
        (Event::Flight(event), audience) => flight(event, audience, context),
    };
    let (urgency, why) = match merit {
        Merit::Quiet(urgency, why) => return quiet(urgency, OutcomeCode::InboxOnly, why),
        Merit::Toast(urgency, why) => (urgency, why),
    };
    if !context.toasts {
        return quiet(urgency, OutcomeCode::InboxOnly, "Toasts are switched off.");
    }
    if context.toast_alive {
        let text = format!("{why} It took the place of the earlier toast on the same subject.");
        return Decision { urgency, outcome: Outcome { code: OutcomeCode::Merged, text } };
    }
    if context.recent_popups >= POPUPS_PER_WINDOW && urgency < Urgency::Critical {
        return quiet(urgency, OutcomeCode::OverBudget, "More than 3 toasts within 10 s: the rest stays in the inbox.");
    }
    Decision { urgency, outcome: Outcome { code: OutcomeCode::Popped, text: why.to_owned() } }
}

/// Decides about an event that could not be read, or whose name is unknown.
pub fn decide_unreadable() -> Decision {
    quiet(
        Urgency::Low,
        OutcomeCode::InboxOnly,
        "This version of Gatecall cannot read the event, so it stays in the inbox.",
    )
}

/// An event that was missed and is told with others.
pub fn decide_missed(urgency: Urgency) -> Decision {
    quiet(urgency, OutcomeCode::Digest, "It happened while Gatecall was not connected, and is told in one digest.")
}

/// An event whose toast was decided and not shown before the program ended.
pub fn decide_unshown() -> Decision {
    quiet(Urgency::Normal, OutcomeCode::Digest, "Gatecall ended before its toast was shown; it is told in a digest.")
}

/// An event that came after the state which followed it.
pub fn decide_superseded() -> Decision {
    quiet(Urgency::Low, OutcomeCode::Superseded, "A newer state was known already when it came.")
}

fn quiet(urgency: Urgency, code: OutcomeCode, why: &str) -> Decision {
    Decision { urgency, outcome: Outcome { code, text: why.to_owned() } }
}

fn traveler_booking(event: &BookingEvent, known: Option<&Booking>) -> Merit {
    match event.change {
        BookingChange::Created => Merit::Toast(Urgency::Normal, "A new booking of yours."),
        BookingChange::Confirmed => Merit::Toast(Urgency::Normal, "Your booking was confirmed."),
        BookingChange::Cancelled => Merit::Toast(Urgency::Critical, "A cancellation always reaches you."),
        BookingChange::Updated => {
            let before = known.and_then(|booking| booking.status.as_deref());
            match event.status.as_deref() {
                Some("CANCELLED") if before != Some("CANCELLED") => {
                    Merit::Toast(Urgency::Critical, "The update cancelled your booking.")
                }
                Some(now) if before.is_some_and(|before| before != now) => {
                    Merit::Toast(Urgency::Normal, "The status of your booking changed.")
                }
                _ => Merit::Quiet(Urgency::Low, "An update without a change of status stays in the inbox."),
            }
        }
    }
}

fn agent_booking(event: &BookingEvent) -> Merit {
    match event.change {
        BookingChange::Cancelled => Merit::Toast(Urgency::Normal, "A cancelled booking."),
        BookingChange::Created | BookingChange::Confirmed | BookingChange::Updated => {
            Merit::Quiet(Urgency::Low, "New and confirmed bookings are only counted at the desk.")
        }
    }
}

fn flight(event: &FlightEvent, audience: Audience, context: &Context<'_>) -> Merit {
    match (event.new_status.as_str(), audience) {
        ("CANCELLED", _) => Merit::Toast(Urgency::Critical, "A cancelled flight always reaches you."),
        ("DELAYED", Audience::Traveler) => delay(context),
        ("DELAYED", Audience::Agent) => Merit::Toast(Urgency::Normal, "A delayed flight, once for all its bookings."),
        ("DEPARTED" | "IN_FLIGHT" | "LANDED", Audience::Agent) => {
            Merit::Quiet(Urgency::Low, "Departures and landings are silent at the desk.")
        }
        ("DEPARTED" | "IN_FLIGHT", Audience::Traveler) if !context.toast_alive => {
            Merit::Quiet(Urgency::Low, "You are on your way: no toast, unless one about the flight is still there.")
        }
        ("DEPARTED" | "IN_FLIGHT" | "LANDED", Audience::Traveler) => {
            Merit::Toast(Urgency::Low, "The flight's latest state.")
        }
        (_, Audience::Traveler) => Merit::Toast(Urgency::Normal, "The status of your flight changed."),
        (_, Audience::Agent) => Merit::Quiet(Urgency::Low, "Other flight states are only counted at the desk."),
    }
}

/// A delay is urgent within 3 h of departure, normal within 24 h or when the departure is unknown, else quiet.
fn delay(context: &Context<'_>) -> Merit {
    let Some(departure) = context.departure else {
        return Merit::Toast(Urgency::Normal, "Your flight is delayed; its departure time is not known here.");
    };
    let left = departure.duration_since(context.now);
    if left < SignedDuration::from_hours(-24) {
        Merit::Quiet(Urgency::Low, "The flight left long ago.")
    } else if left < SignedDuration::from_hours(3) {
        Merit::Toast(Urgency::Critical, "A delay less than 3 hours before departure.")
    } else if left < SignedDuration::from_hours(24) {
        Merit::Toast(Urgency::Normal, "A delay on the day of departure.")
    } else {
        Merit::Quiet(Urgency::Low, "A delay more than a day before departure stays in the inbox.")
    }
}

#[cfg(test)]
mod tests;
