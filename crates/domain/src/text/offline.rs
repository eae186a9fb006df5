//! Text of the toast about a long outage before a trip.

use jiff::Timestamp;

use super::departures::departure;
use super::{Text, join};
use crate::catalogue::messages as say;
use crate::itinerary::Flight;
use crate::locale::Locale;
use crate::toast::Privacy;

/// What a toast says about a link that is down while `flight` is ahead.
pub fn offline(flight: &Flight, privacy: Privacy, now: Timestamp, locale: &Locale) -> Text {
    let language = locale.language;
    let named = flight.number.as_deref().filter(|_| privacy == Privacy::Full);
    let title = match named {
        Some(number) => say::offline_title(language, "named", number),
        None => say::offline_title(language, "any", ""),
    };
    let mut parts = Vec::new();
    if privacy == Privacy::Full {
        parts.extend(
            flight
                .departure
                .and_then(|moment| departure(moment, flight.origin.as_deref(), flight.status.as_deref(), now, locale)),
        );
    }
    parts.push(say::offline_body(language));
    Text::new(&title, &join(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn it_names_the_flight_and_its_departure_unless_that_is_private() {
        let at = |text: &str| text.parse::<Timestamp>().expect(text);
        let flight =
            Flight { number: Some("AA123".into()), departure: Some(at("2026-03-01T18:05:00Z")), ..Flight::default() };
        let locale = |language| Locale { language, zone: jiff::tz::TimeZone::UTC };
        let said = |privacy, language| offline(&flight, privacy, at("2026-03-01T12:00:00Z"), &locale(language));
        let full = said(Privacy::Full, Language::En);
        assert_eq!(full.title, "No connection: news about AA123 cannot reach you");
        assert!(full.body.contains("18:05") && full.body.ends_with("Gatecall keeps trying"), "{}", full.body);
        let masked = said(Privacy::Masked, Language::De);
        assert_eq!(masked.title, "Keine Verbindung: Neues zu Ihrer Reise erreicht Sie nicht");
        assert_eq!(masked.body, "Gatecall versucht es weiter");
    }
}
