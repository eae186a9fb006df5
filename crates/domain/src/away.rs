//! What happened while nobody listened: the net change of a booking or a flight, and one honest digest of it all.
//!
//! A server without a log tells only states: what was reversed in between cannot be known, and is said so.

use jiff::Timestamp;

use crate::event::{BookingChange, BookingEvent, FlightEvent};
use crate::itinerary::{Booking, Flight};
use crate::sanitize::{BODY_GRAPHEMES, TITLE_GRAPHEMES, line};
use crate::text::Text;
use crate::view::Kind;
use crate::voice::Voice;

/// The event that leads from what was known to what is, if the status changed. An unknown booking is a new one.
pub fn booking_change(before: Option<&Booking>, now: &Booking) -> Option<BookingEvent> {
    let status = now.status.as_deref()?;
    if before.and_then(|before| before.status.as_deref()) == Some(status) {
        return None;
    }
    let change = match status {
        "CONFIRMED" => BookingChange::Confirmed,
        "CANCELLED" => BookingChange::Cancelled,
        _ if before.is_none() => BookingChange::Created,
        _ => BookingChange::Updated,
    };
    Some(BookingEvent {
        change,
        booking_id: now.id.clone(),
        pnr: now.pnr.clone(),
        status: Some(status.to_owned()),
        flight_number: now.flight.number.clone(),
        origin: now.flight.origin.clone(),
        destination: now.flight.destination.clone(),
        total: now.total.clone(),
        passengers: now.passengers,
    })
}

/// The event that leads from the status that was known to the one that is. A flight whose status was never known has
/// not changed, unless it is cancelled or delayed now.
pub fn flight_change(before: Option<&str>, now: &Flight, bookings: Vec<String>) -> Option<FlightEvent> {
    let status = now.status.as_deref()?;
    let is_news = match before {
        Some(before) => before != status,
        None => matches!(status, "CANCELLED" | "DELAYED"),
    };
    is_news.then(|| FlightEvent {
        flight_id: now.id.clone().unwrap_or_default(),
        flight_number: now.number.clone(),
        old_status: before.map(str::to_owned),
        new_status: status.to_owned(),
        affected_bookings: bookings,
    })
}

/// How bad news is: the worst stands first in a digest.
pub fn severity(kind: Kind, status: Option<&str>) -> u8 {
    match (kind, status) {
        (Kind::FlightStatus, Some("CANCELLED")) => 9,
        (Kind::BookingCancelled, _) | (_, Some("CANCELLED")) => 8,
        (Kind::PaymentCompleted, Some("FAILED")) | (_, Some("FAILED")) => 7,
        (Kind::FlightStatus, Some("DELAYED")) => 6,
        (Kind::PaymentCompleted, Some("REFUNDED" | "PARTIALLY_REFUNDED")) => 5,
        (Kind::BookingUpdated, _) => 4,
        (Kind::BookingConfirmed, _) => 3,
        (Kind::BookingCreated | Kind::PaymentCompleted, _) => 2,
        (Kind::FlightStatus, _) => 1,
        (Kind::Unknown, _) => 0,
    }
}

/// What a digest is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The last sign of life before the gap; `None` when it is not known.
    pub from: Option<Timestamp>,
    /// When the link was up again.
    pub to: Timestamp,
    /// When the server's state was compared, or its log read to the end.
    pub verified_at: Timestamp,
    /// Distinct bookings that changed.
    pub bookings: u64,
    /// Distinct flights that changed.
    pub flights: u64,
    /// Everything that was missed.
    pub events: u64,
    /// Titles, the worst first.
    pub worst: Vec<String>,
    /// The link was up and the events came late all the same.
    pub late: bool,
    /// States were compared; the way between them is not known.
    pub reconstructed: bool,
    /// The server keeps no older events, so that some may be missing.
    pub incomplete: bool,
}

/// How many titles a digest names.
const NAMED: usize = 2;

impl Digest {
    /// One title and one body, in local time.
    pub fn render(&self, voice: &Voice) -> Text {
        let clock = |moment: Timestamp| voice.zone.to_datetime(moment).strftime("%H:%M").to_string();
        let mut sentences = Vec::new();
        match self.from {
            _ if self.late => sentences.push("The updates came late".to_owned()),
            Some(from) if clock(from) == clock(self.to) => sentences.push(format!("Offline at {}", clock(self.to))),
            Some(from) => sentences.push(format!("Offline {}–{}", clock(from), clock(self.to))),
            None => sentences.push(format!("Offline until {}", clock(self.to))),
        }
        let mut named: Vec<String> = self.worst.iter().take(NAMED).map(|title| line(title, TITLE_GRAPHEMES)).collect();
        let more = self.events.saturating_sub(named.len() as u64);
        if more > 0 && !named.is_empty() {
            named.push(format!("{more} more"));
        }
        if !named.is_empty() {
            sentences.push(named.join("; "));
        }
        if self.incomplete {
            sentences.push("Older events may be missing".to_owned());
        }
        if self.reconstructed {
            sentences.push("What changed and changed back is not known".to_owned());
        }
        sentences.push(format!("Verified at {}", clock(self.verified_at)));
        let body = format!("{}.", sentences.join(". "));
        Text { title: line(&self.subject(), TITLE_GRAPHEMES), body: line(&body, BODY_GRAPHEMES) }
    }

    fn subject(&self) -> String {
        let count = |n: u64, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
        match (self.bookings, self.flights) {
            (0, 0) if self.events == 0 => "Some events may have been missed".to_owned(),
            (0, 0) => count(self.events, "update while you were away", "updates while you were away"),
            (0, flights) => format!("{} changed", count(flights, "of your flights", "of your flights")),
            (bookings, 0) => format!("{} changed", count(bookings, "of your bookings", "of your bookings")),
            (bookings, flights) => {
                format!(
                    "{} and {} changed",
                    count(bookings, "booking", "bookings"),
                    count(flights, "flight", "flights")
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking(status: &str) -> Booking {
        Booking { status: Some(status.into()), ..Booking::new("b") }
    }

    #[test]
    fn only_the_net_change_counts() {
        let change = |before: Option<&str>, now: &str| {
            let before = before.map(booking);
            booking_change(before.as_ref(), &booking(now)).map(|event| event.change)
        };
        assert_eq!(change(Some("PENDING"), "PENDING"), None);
        assert_eq!(change(Some("PENDING"), "CONFIRMED"), Some(BookingChange::Confirmed));
        assert_eq!(change(Some("CONFIRMED"), "CANCELLED"), Some(BookingChange::Cancelled));
        assert_eq!(change(Some("CONFIRMED"), "COMPLETED"), Some(BookingChange::Updated));
        assert_eq!(change(None, "PENDING"), Some(BookingChange::Created));
        assert_eq!(change(None, "CANCELLED"), Some(BookingChange::Cancelled));
        let flight = |status: &str| Flight { id: Some("f".into()), status: Some(status.into()), ..Flight::default() };
        assert!(flight_change(Some("SCHEDULED"), &flight("SCHEDULED"), vec![]).is_none());
        assert!(flight_change(None, &flight("SCHEDULED"), vec![]).is_none());
        assert!(flight_change(None, &flight("CANCELLED"), vec![]).is_some());
    }

    #[test]
    fn a_digest_says_when_what_and_how_sure_it_is() {
        let at = |text: &str| text.parse::<Timestamp>().expect(text);
        let mut digest = Digest {
            from: Some(at("2026-03-01T22:14:00Z")),
            to: at("2026-03-02T06:47:00Z"),
            verified_at: at("2026-03-02T06:47:02Z"),
            bookings: 3,
            flights: 0,
            events: 3,
            worst: vec!["Booking ABC123 cancelled".into(), "Booking DEF456 confirmed".into()],
            late: false,
            reconstructed: true,
            incomplete: false,
        };
        let voice = Voice { language: crate::Language::En, zone: jiff::tz::TimeZone::UTC };
        let text = digest.render(&voice);
        assert_eq!(text.title, "3 of your bookings changed");
        assert_eq!(
            text.body,
            "Offline 22:14–06:47. Booking ABC123 cancelled; Booking DEF456 confirmed; 1 more. \
             What changed and changed back is not known. Verified at 06:47."
        );
        digest = Digest { late: true, reconstructed: false, incomplete: true, flights: 1, bookings: 1, ..digest };
        let text = digest.render(&voice);
        assert_eq!(text.title, "1 booking and 1 flight changed");
        assert!(text.body.starts_with("The updates came late. ") && text.body.contains("Older events may be missing."));
    }
}
