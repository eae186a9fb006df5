//! Whether what came in can be used: cabin classes, travelers, contacts, statuses.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::ApiError;
use crate::store::bookings::{ContactInfo, Passenger};
use crate::time::UnixMillis;

const PASSENGERS_MAX: usize = 9;
const NAME_MAX_CHARS: usize = 100;
const EMAIL_MAX_BYTES: usize = 254;
const PHONE_MAX_BYTES: usize = 40;
const STATUS_MAX_BYTES: usize = 32;

/// A cabin class and its fare, in percent of economy's.
pub struct CabinClass {
    pub name: &'static str,
    pub fare_percent: i64,
}

const CABIN_CLASSES: [CabinClass; 4] = [
    CabinClass { name: "ECONOMY", fare_percent: 100 },
    CabinClass { name: "PREMIUM_ECONOMY", fare_percent: 150 },
    CabinClass { name: "BUSINESS", fare_percent: 300 },
    CabinClass { name: "FIRST", fare_percent: 500 },
];

/// The cabin class of a name.
pub fn cabin_class(name: &str) -> Result<&'static CabinClass, ApiError> {
    let known = CABIN_CLASSES.iter().find(|class| class.name == name);
    known.ok_or_else(|| bad("cabinClass has to be ECONOMY, PREMIUM_ECONOMY, BUSINESS or FIRST"))
}

/// One to nine travelers with names, known kinds and birthdays in the past.
pub fn passengers(passengers: &[Passenger], now: UnixMillis) -> Result<(), ApiError> {
    if !(1..=PASSENGERS_MAX).contains(&passengers.len()) {
        return Err(bad("passengers has to name one to nine people"));
    }
    for passenger in passengers {
        if !matches!(passenger.kind.as_str(), "ADULT" | "CHILD" | "INFANT") {
            return Err(bad("A passenger's type has to be ADULT, CHILD or INFANT"));
        }
        let title = passenger.title.as_deref().unwrap_or("Mr");
        if ![passenger.first_name.as_str(), &passenger.last_name, title].into_iter().all(is_name) {
            return Err(bad("A passenger needs firstName and lastName, of at most 100 characters"));
        }
        let born = passenger.date_of_birth.as_deref();
        if !born.is_none_or(|date| is_past_date(date, now)) {
            return Err(bad("A passenger's dateOfBirth has to be a past date, as YYYY-MM-DD"));
        }
    }
    Ok(())
}

/// An address that could be one, and a phone number that is not a novel.
pub fn contact(contact: &ContactInfo) -> Result<(), ApiError> {
    let email = contact.email.as_str();
    let parts = email.split_once('@');
    let could_be = parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'));
    if !could_be || email.len() > EMAIL_MAX_BYTES || email.contains(char::is_whitespace) {
        return Err(bad("contactInfo.email has to be an e-mail address"));
    }
    if contact.phone.as_deref().is_some_and(|phone| phone.trim().is_empty() || phone.len() > PHONE_MAX_BYTES) {
        return Err(bad("contactInfo.phone has to be a phone number"));
    }
    Ok(())
}

/// Flight states are an open set (W6): anything that looks like one.
pub fn flight_status(status: &str) -> Result<&str, ApiError> {
    let letters = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    if status.is_empty() || status.len() > STATUS_MAX_BYTES || !status.bytes().all(letters) {
        return Err(bad("status has to be a flight status such as SCHEDULED, DELAYED, DEPARTED or CANCELLED"));
    }
    Ok(status)
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME_MAX_CHARS && !name.contains(char::is_control)
}

fn is_past_date(text: &str, now: UnixMillis) -> bool {
    let today = TimeZone::UTC.to_datetime(Timestamp::from_millisecond(now.0).unwrap_or_default()).date();
    text.len() == "YYYY-MM-DD".len() && text.parse::<Date>().is_ok_and(|date| date <= today)
}

fn bad(message: &str) -> ApiError {
    ApiError::BadRequest(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_762_776_000_000);

    fn john() -> Passenger {
        Passenger {
            kind: "ADULT".to_owned(),
            title: Some("Mr".to_owned()),
            first_name: "John".to_owned(),
            last_name: "Doe".to_owned(),
            date_of_birth: Some("1990-01-01".to_owned()),
        }
    }

    #[test]
    fn the_guide_s_passenger_passes() {
        assert!(passengers(&[john()], NOW).is_ok());
        let spare = Passenger { title: None, date_of_birth: None, ..john() };
        assert!(passengers(&[spare], NOW).is_ok());
    }

    #[test]
    fn odd_passengers_are_refused() {
        let odd = [
            Passenger { kind: "PET".to_owned(), ..john() },
            Passenger { first_name: " ".to_owned(), ..john() },
            Passenger { last_name: "x".repeat(101), ..john() },
            Passenger { date_of_birth: Some("2190-01-01".to_owned()), ..john() },
            Passenger { date_of_birth: Some("1990-02-30".to_owned()), ..john() },
            Passenger { date_of_birth: Some("1.1.1990".to_owned()), ..john() },
        ];
        for passenger in odd {
            assert!(passengers(std::slice::from_ref(&passenger), NOW).is_err(), "{passenger:?}");
        }
        assert!(passengers(&[], NOW).is_err());
        assert!(passengers(&vec![john(); 10], NOW).is_err());
    }

    #[test]
    fn a_flight_status_is_an_open_set_of_capitals() {
        assert!(flight_status("DIVERTED").is_ok());
        for status in ["", "delayed", "DELAYED<script>", &"X".repeat(33)] {
            assert!(flight_status(status).is_err(), "{status}");
        }
    }
}
