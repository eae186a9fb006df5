//! Parsing of time arguments on the command line.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Parses a time: RFC 3339, or a date or a local time of the system's zone.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
    let local = local.map_err(|_| "try 2026-03-01, 2026-03-01T14:00 or 2026-03-01T13:00:00Z".to_owned())?;
    TimeZone::system().to_timestamp(local).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_be_a_date() {
        assert_eq!(parse_time("2026-03-01T13:00:00Z").map(|at| at.to_string()), Ok("2026-03-01T13:00:00Z".to_owned()));
        let day = parse_time("2026-03-01").expect("a day").to_zoned_datetime(TimeZone::system());
        assert_eq!((day.date().to_string().as_str(), day.hour()), ("2026-03-01", 0));
        assert!(parse_time("yesterday").is_err());
    }
}
