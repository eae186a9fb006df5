//! Text of a toast about one booking or flight.

use jiff::Timestamp;

use super::departures::{clock, departure};
use super::rows::{named, whose};
use super::{Text, capitalised, flight_state, join, route, route_label, state};
use crate::account::Audience;
use crate::catalogue::messages as say;
use crate::event::{EventKind, EventSubject, status};
use crate::locale::{Language, Locale};
use crate::sanitize::TITLE_GRAPHEMES;
use crate::toast::{Privacy, ToastStep, Urgency};
use crate::view::Notification;

use unicode_segmentation::UnicodeSegmentation;

/// Graphemes of a trail: it leaves room for the rest of the body.
const TRAIL_GRAPHEMES: usize = 100;

/// What a toast is about.
#[derive(Debug, Clone, Copy)]
pub struct ToastContent<'a> {
    /// The latest row.
    pub row: &'a Notification,
    /// Everything that the toast tells, the latest last and at least that one.
    pub steps: &'a [ToastStep],
    /// Traveler or agent: at the desk, what has no name is nobody's in particular.
    pub audience: Audience,
    /// Departure of the flight, when known.
    pub departure: Option<Timestamp>,
    /// Bookings that the latest row hits.
    pub bookings: u64,
    /// Updates of the thread since its last toast that were not told.
    pub quiet_updates: u32,
}

/// What a toast says.
pub fn toast(content: &ToastContent<'_>, privacy: Privacy, locale: &Locale) -> Text {
    let language = locale.language;
    let is_flight = content.row.kind.subject() == Some(EventSubject::Flight);
    match (privacy, is_flight) {
        (Privacy::Full, _) => {}
        (Privacy::Masked | Privacy::Nothing, true) => {
            return Text::new(&say::masked_flight(language, whose(content.audience)), "");
        }
        (Privacy::Masked | Privacy::Nothing, false) => {
            return Text::new(&say::masked_booking(language, whose(content.audience)), "");
        }
    }
    let (title, mut parts) = if is_flight { flight(content, locale) } else { booking(content, language) };
    if let Some(latest) = content.steps.last().filter(|_| is_flight || content.row.urgency == Urgency::Critical) {
        parts.push(say::as_of(language, &clock(latest.at, locale)));
    }
    let mut body = join(&parts);
    if content.quiet_updates > 0 {
        body = format!("{body} {}", say::quiet_updates(language, content.quiet_updates.into()));
    }
    Text::new(&title, &body)
}

fn flight(content: &ToastContent<'_>, locale: &Locale) -> (String, Vec<String>) {
    let (row, language) = (content.row, locale.language);
    let before = content.steps.first().and_then(|step| step.from.as_deref());
    let states = before.into_iter().chain(content.steps.iter().filter_map(|step| step.status.as_deref()));
    let mut way: Vec<String> = states.map(|status| flight_state(status, language)).collect();
    way.dedup();
    let mut parts = Vec::new();
    if way.len() > 1 {
        parts.push(trail(way));
        parts.extend(route(row.origin.as_deref(), row.destination.as_deref()));
        if content.bookings > 1 {
            parts.push(say::on_board(language, content.bookings));
        }
    } else {
        parts.push(row.body.clone());
    }
    let latest = content.steps.last();
    parts.extend(content.departure.zip(latest).and_then(|(moment, latest)| {
        departure(moment, row.origin.as_deref(), row.status.as_deref(), latest.at, locale)
    }));
    (row.title.clone(), parts)
}

fn booking(content: &ToastContent<'_>, language: Language) -> (String, Vec<String>) {
    let row = content.row;
    let mut steps: Vec<String> = content.steps.iter().filter_map(|step| step_text(step, language)).collect();
    keep_last(&mut steps);
    if steps.len() < 2 {
        return (row.title.clone(), vec![row.body.clone()]);
    }
    let route_label = route_label(row.flight_number.as_deref(), row.origin.as_deref(), row.destination.as_deref());
    let amount = content.steps.iter().rev().find_map(|step| step.amount.as_ref()).map(ToString::to_string);
    if content.steps.last().is_some_and(is_cancellation) {
        let way = steps.iter().map(|step| capitalised(step)).collect();
        return (row.title.clone(), [Some(trail(way)), route_label, amount].into_iter().flatten().collect());
    }
    let (who, pnr) = named(row.pnr.as_deref(), content.audience);
    if let Some(amount) = amount.as_deref().filter(|_| is_paid_and_confirmed(content.steps)) {
        return (say::booking_paid_and_confirmed(language, who, pnr, amount), route_label.into_iter().collect());
    }
    let mut title = say::booking_steps(language, who, pnr, &steps.join(", "));
    // The latest is what matters.
    while title.graphemes(true).count() > TITLE_GRAPHEMES && steps.len() > 1 {
        steps.remove(0);
        title = say::booking_steps(language, who, pnr, &steps.join(", "));
    }
    (title, [amount, route_label].into_iter().flatten().collect())
}

/// A step of a booking, as it stands in a list.
fn step_text(step: &ToastStep, language: Language) -> Option<String> {
    let status = step.status.as_deref();
    let step = match (step.kind, status) {
        (EventKind::BookingCreated, _) => "created",
        (EventKind::BookingConfirmed, _) | (EventKind::BookingUpdated, Some(status::CONFIRMED)) => "confirmed",
        (EventKind::BookingCancelled, _) | (EventKind::BookingUpdated, Some(status::CANCELLED)) => "cancelled",
        (EventKind::BookingUpdated, None) => "updated",
        (EventKind::BookingUpdated, Some(status)) => return Some(state("booking", status, language)),
        (EventKind::PaymentCompleted, None | Some(status::SUCCEEDED)) => "paid",
        (EventKind::PaymentCompleted, Some(status::FAILED)) => "payment_failed",
        (EventKind::PaymentCompleted, Some(status::REFUNDED)) => "refunded",
        (EventKind::PaymentCompleted, Some(status::PARTIALLY_REFUNDED)) => "partly_refunded",
        (EventKind::PaymentCompleted, Some(status)) => {
            return Some(say::step_payment(language, &state("payment", status, language)));
        }
        (EventKind::FlightStatus | EventKind::Unknown, _) => return None,
    };
    Some(say::step(language, step))
}

fn is_cancellation(step: &ToastStep) -> bool {
    matches!(
        (step.kind, step.status.as_deref()),
        (EventKind::BookingCancelled, _) | (EventKind::BookingUpdated, Some(status::CANCELLED))
    )
}

fn is_paid_and_confirmed(steps: &[ToastStep]) -> bool {
    let is_paid = |step: &ToastStep| {
        step.kind == EventKind::PaymentCompleted && matches!(step.status.as_deref(), None | Some(status::SUCCEEDED))
    };
    let is_confirmed = |step: &ToastStep| step.kind == EventKind::BookingConfirmed;
    match steps {
        [a, b] => (is_paid(a) && is_confirmed(b)) || (is_confirmed(a) && is_paid(b)),
        _ => false,
    }
}

/// Leaves each step once, where it came last.
fn keep_last(steps: &mut Vec<String>) {
    let mut at = steps.len();
    while at > 0 {
        at -= 1;
        if steps[at + 1..].contains(&steps[at]) {
            steps.remove(at);
        }
    }
}

/// `Scheduled → Delayed → Departed`. A long one loses its beginning.
fn trail(mut way: Vec<String>) -> String {
    let mut cut = false;
    loop {
        let trail = format!("{}{}", if cut { "… → " } else { "" }, way.join(" → "));
        if way.len() == 1 || trail.graphemes(true).count() <= TRAIL_GRAPHEMES {
            return trail;
        }
        way.remove(0);
        cut = true;
    }
}
