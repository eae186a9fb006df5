//! Digest of a gap: the net change of each booking and flight, and one summary of everything that was missed.
//!
//! A server without a log tells only states: what was reversed in between cannot be known, and the digest says so.

use jiff::Timestamp;

use crate::catalogue::messages as say;
use crate::event::{BookingChange, BookingEvent, EventKind, EventSubject, FlightEvent, status};
use crate::itinerary::{Booking, Flight};
use crate::locale::{Language, Locale};
use crate::sanitize::{TITLE_GRAPHEMES, line};
use crate::text::Text;

/// The event that leads from what was known to what is, if the status changed. An unknown booking is a new one.
pub fn booking_change(before: Option<&Booking>, now: &Booking) -> Option<BookingEvent> {
    let status = now.status.as_deref()?;
    if before.and_then(|before| before.status.as_deref()) == Some(status) {
        return None;
    }
    let change = match status {
        status::CONFIRMED => BookingChange::Confirmed,
        status::CANCELLED => BookingChange::Cancelled,
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
        None => matches!(status, status::CANCELLED | status::DELAYED),
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
pub fn severity(kind: EventKind, status: Option<&str>) -> u8 {
    match (kind.subject(), status) {
        (Some(EventSubject::Flight), Some(status::CANCELLED)) => 9,
        (_, Some(status::CANCELLED)) => kind.severity().max(8),
        (_, Some(status::FAILED)) if kind != EventKind::BookingCancelled => 7,
        (Some(EventSubject::Flight), Some(status::DELAYED)) => 6,
        (Some(EventSubject::Payment), Some(status::REFUNDED | status::PARTIALLY_REFUNDED)) => 5,
        _ => kind.severity(),
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
    pub fn render(&self, locale: &Locale) -> Text {
        let language = locale.language;
        let clock = |moment: Timestamp| locale.zone.to_datetime(moment).strftime("%H:%M").to_string();
        let mut sentences = vec![match self.from {
            _ if self.late => say::digest_late(language),
            Some(from) if clock(from) == clock(self.to) => say::digest_offline_at(language, &clock(self.to)),
            Some(from) => say::digest_offline(language, &clock(from), &clock(self.to)),
            None => say::digest_offline_until(language, &clock(self.to)),
        }];
        let mut named: Vec<String> = self.worst.iter().take(NAMED).map(|title| line(title, TITLE_GRAPHEMES)).collect();
        let more = self.events.saturating_sub(named.len() as u64);
        if more > 0 && !named.is_empty() {
            named.push(say::digest_more(language, more));
        }
        if !named.is_empty() {
            sentences.push(say::digest_named(language, &named.join("; ")));
        }
        if self.incomplete {
            sentences.push(say::digest_incomplete(language));
        }
        if self.reconstructed {
            sentences.push(say::digest_reconstructed(language));
        }
        sentences.push(say::digest_verified(language, &clock(self.verified_at)));
        Text::new(&self.subject(language), &sentences.join(" "))
    }

    fn subject(&self, language: Language) -> String {
        match (self.bookings, self.flights) {
            (0, 0) if self.events == 0 => say::digest_unknown(language),
            (0, 0) => say::digest_updates(language, self.events),
            (0, flights) => say::digest_flights(language, flights),
            (bookings, 0) => say::digest_bookings(language, bookings),
            (bookings, flights) => say::digest_both(language, bookings, flights),
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
        let locale = Locale { language: crate::Language::En, zone: jiff::tz::TimeZone::UTC };
        let text = digest.render(&locale);
        assert_eq!(text.title, "3 of your bookings changed");
        assert_eq!(
            text.body,
            "Offline 22:14–06:47. Booking ABC123 cancelled; Booking DEF456 confirmed; 1 more. \
             What changed and changed back is not known. Verified at 06:47."
        );
        digest = Digest { late: true, reconstructed: false, incomplete: true, flights: 1, bookings: 1, ..digest };
        let text = digest.render(&locale);
        assert_eq!(text.title, "1 booking and 1 flight changed");
        assert!(text.body.starts_with("The updates came late. ") && text.body.contains("Older events may be missing."));
    }
}
