//! What a toast about one booking or flight says.

use jiff::Timestamp;

use super::departures::{clock, departure};
use super::rows::{named, whose};
use super::{Text, capitalised, flight_state, join, route, state, trip};
use crate::account::Audience;
use crate::catalogue::messages as say;
use crate::sanitize::TITLE_GRAPHEMES;
use crate::toast::{Privacy, Step, Urgency};
use crate::view::{Kind, Notification};
use crate::voice::{Language, Voice};

use unicode_segmentation::UnicodeSegmentation;

/// Graphemes of a trail: it leaves room for the rest of the body.
const TRAIL_GRAPHEMES: usize = 100;

/// What a toast is about.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The latest row.
    pub row: &'a Notification,
    /// Everything that the toast tells, the latest last and at least that one.
    pub steps: &'a [Step],
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
pub fn toast(told: &Told<'_>, privacy: Privacy, voice: &Voice) -> Text {
    let language = voice.language;
    let is_flight = told.row.kind == Kind::FlightStatus;
    match (privacy, is_flight) {
        (Privacy::Full, _) => {}
        (Privacy::Masked | Privacy::Nothing, true) => {
            return Text::new(&say::masked_flight(language, whose(told.audience)), "");
        }
        (Privacy::Masked | Privacy::Nothing, false) => {
            return Text::new(&say::masked_booking(language, whose(told.audience)), "");
        }
    }
    let (title, mut parts) = if is_flight { flight(told, voice) } else { booking(told, language) };
    if let Some(latest) = told.steps.last().filter(|_| is_flight || told.row.urgency == Urgency::Critical) {
        parts.push(say::as_of(language, &clock(latest.at, voice)));
    }
    let mut body = join(&parts);
    if told.quiet_updates > 0 {
        body = format!("{body} {}", say::quiet_updates(language, told.quiet_updates.into()));
    }
    Text::new(&title, &body)
}

fn flight(told: &Told<'_>, voice: &Voice) -> (String, Vec<String>) {
    let (row, language) = (told.row, voice.language);
    let before = told.steps.first().and_then(|step| step.from.as_deref());
    let states = before.into_iter().chain(told.steps.iter().filter_map(|step| step.status.as_deref()));
    let mut way: Vec<String> = states.map(|status| flight_state(status, language)).collect();
    way.dedup();
    let mut parts = Vec::new();
    if way.len() > 1 {
        parts.push(trail(way));
        parts.extend(route(row.origin.as_deref(), row.destination.as_deref()));
        if told.bookings > 1 {
            parts.push(say::on_board(language, told.bookings));
        }
    } else {
        parts.push(row.body.clone());
    }
    let latest = told.steps.last();
    parts.extend(told.departure.zip(latest).and_then(|(moment, latest)| {
        departure(moment, row.origin.as_deref(), row.status.as_deref(), latest.at, voice)
    }));
    (row.title.clone(), parts)
}

fn booking(told: &Told<'_>, language: Language) -> (String, Vec<String>) {
    let row = told.row;
    let mut steps: Vec<String> = told.steps.iter().filter_map(|step| said(step, language)).collect();
    keep_last(&mut steps);
    if steps.len() < 2 {
        return (row.title.clone(), vec![row.body.clone()]);
    }
    let trip = trip(row.flight_number.as_deref(), row.origin.as_deref(), row.destination.as_deref());
    let amount = told.steps.iter().rev().find_map(|step| step.amount.as_ref()).map(ToString::to_string);
    if told.steps.last().is_some_and(is_cancellation) {
        let way = steps.iter().map(|step| capitalised(step)).collect();
        return (row.title.clone(), [Some(trail(way)), trip, amount].into_iter().flatten().collect());
    }
    let (who, pnr) = named(row.pnr.as_deref(), told.audience);
    if let Some(amount) = amount.as_deref().filter(|_| is_paid_and_confirmed(told.steps)) {
        return (say::booking_paid_and_confirmed(language, who, pnr, amount), trip.into_iter().collect());
    }
    let mut title = say::booking_steps(language, who, pnr, &steps.join(", "));
    // The latest is what matters.
    while title.graphemes(true).count() > TITLE_GRAPHEMES && steps.len() > 1 {
        steps.remove(0);
        title = say::booking_steps(language, who, pnr, &steps.join(", "));
    }
    (title, [amount, trip].into_iter().flatten().collect())
}

/// A step of a booking, as it stands in a list.
fn said(step: &Step, language: Language) -> Option<String> {
    let status = step.status.as_deref();
    let step = match (step.kind, status) {
        (Kind::BookingCreated, _) => "created",
        (Kind::BookingConfirmed, _) | (Kind::BookingUpdated, Some("CONFIRMED")) => "confirmed",
        (Kind::BookingCancelled, _) | (Kind::BookingUpdated, Some("CANCELLED")) => "cancelled",
        (Kind::BookingUpdated, None) => "updated",
        (Kind::BookingUpdated, Some(status)) => return Some(state("booking", status, language)),
        (Kind::PaymentCompleted, None | Some("SUCCEEDED")) => "paid",
        (Kind::PaymentCompleted, Some("FAILED")) => "payment_failed",
        (Kind::PaymentCompleted, Some("REFUNDED")) => "refunded",
        (Kind::PaymentCompleted, Some("PARTIALLY_REFUNDED")) => "partly_refunded",
        (Kind::PaymentCompleted, Some(status)) => {
            return Some(say::step_payment(language, &state("payment", status, language)));
        }
        (Kind::FlightStatus | Kind::Unknown, _) => return None,
    };
    Some(say::step(language, step))
}

fn is_cancellation(step: &Step) -> bool {
    matches!(
        (step.kind, step.status.as_deref()),
        (Kind::BookingCancelled, _) | (Kind::BookingUpdated, Some("CANCELLED"))
    )
}

fn is_paid_and_confirmed(steps: &[Step]) -> bool {
    let is_paid =
        |step: &Step| step.kind == Kind::PaymentCompleted && matches!(step.status.as_deref(), None | Some("SUCCEEDED"));
    let is_confirmed = |step: &Step| step.kind == Kind::BookingConfirmed;
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
