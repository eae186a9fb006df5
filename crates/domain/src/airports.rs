//! Where airports are: the clock they live by, and the city they belong to.
//!
//! The 553 airports that most people fly from, out of some 9,000. Where one is missing, a time is told by the reader's own
//! clock only. The crate `airports` (0.0.2) has them all; it parses 190 kB of YAML into a map and brings `chrono-tz`, which
//! is a second time zone database. The zones here agree with its.

use jiff::tz::TimeZone;

use crate::locale::Language;

/// Code, IANA time zone, city, and the German name of the city where it is another one.
const AIRPORTS: &str = include_str!("../data/airports.tsv");

/// An airport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Airport {
    zone: &'static str,
    city: &'static str,
    german: Option<&'static str>,
}

impl Airport {
    /// The airport with this IATA code.
    pub fn of(code: &str) -> Option<Self> {
        AIRPORTS.lines().find_map(|row| row.strip_prefix(code)?.strip_prefix('\t').and_then(read))
    }

    /// Its clock. `None` where the system has no time zone database, or an old one.
    pub fn zone(self) -> Option<TimeZone> {
        TimeZone::get(self.zone).ok()
    }

    /// The city that it belongs to.
    pub fn city(self, language: Language) -> &'static str {
        match language {
            Language::En => self.city,
            Language::De => self.german.unwrap_or(self.city),
        }
    }
}

/// Reads a row without its code.
fn read(row: &'static str) -> Option<Airport> {
    let mut columns = row.split('\t');
    Some(Airport { zone: columns.next()?, city: columns.next()?, german: columns.next() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sanitize::{FIELD_GRAPHEMES, line};

    #[test]
    fn every_airport_has_a_code_a_known_zone_and_a_city() {
        let mut codes = Vec::new();
        for row in AIRPORTS.lines() {
            let (code, _) = row.split_once('\t').expect(row);
            assert!(code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()), "{row}");
            codes.push(code);
            let airport = Airport::of(code).expect(code);
            assert!(airport.zone().is_some(), "{row}");
            for language in Language::ALL {
                let city = airport.city(*language);
                assert!(!city.is_empty() && line(city, FIELD_GRAPHEMES) == city, "{row}");
            }
        }
        assert_eq!(codes.len(), 553);
        assert!(codes.is_sorted_by(|a, b| a < b), "sorted, each once");
    }

    #[test]
    fn what_is_no_code_is_no_airport() {
        for code in ["", "J", "JF", "JFK\t", "jfk", "XXX", "\n", "JFK\tAmerica"] {
            assert_eq!(Airport::of(code), None, "{code:?}");
        }
        assert_eq!(Airport::of("MUC").map(|airport| airport.city(Language::De)), Some("München"));
    }
}
