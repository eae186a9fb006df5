//! Departure times, by the airport's clock and by the reader's.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::airports::Airport;
use crate::catalogue::messages as say;
use crate::event::status;
use crate::locale::{Language, Locale};

/// Days ahead that their weekday names without doubt.
const NAMED_DAYS: i32 = 6;

/// The time of `moment` by the reader's clock.
pub(super) fn clock(moment: Timestamp, locale: &Locale) -> String {
    time(locale.zone.to_datetime(moment))
}

/// When a flight in state `status` departs, or was to; nothing of one that has left. Days are named as they are seen at `now`.
pub(super) fn departure(
    departure: Timestamp,
    origin: Option<&str>,
    status: Option<&str>,
    now: Timestamp,
    locale: &Locale,
) -> Option<String> {
    let language = locale.language;
    let tense = match status {
        Some(status::DEPARTED | status::IN_FLIGHT | status::LANDED) => return None,
        Some(status::CANCELLED) => "cancelled",
        // The time is the one of the booking. How late the flight will be is not known.
        Some(status::DELAYED) => "delayed",
        _ => "ahead",
    };
    let own = locale.zone.to_datetime(departure);
    let today = locale.zone.to_datetime(now).date();
    let there = origin.and_then(|code| Some((code, Airport::of(code)?)));
    let when = match there.and_then(|(code, airport)| Some((code, airport, airport.zone()?.to_datetime(departure)))) {
        Some((_, _, local)) if local == own => dated(own, today, language),
        Some((code, airport, local)) => say::clocks(
            language,
            &dated(local, today, language),
            &format!("{}/{code}", airport.city(language)),
            &dated(own, local.date(), language),
        ),
        None => say::own_clock(language, &dated(own, today, language)),
    };
    Some(say::departure(language, tense, &when))
}

/// A time, with its day where that is not `today`.
fn dated(moment: DateTime, today: Date, language: Language) -> String {
    let days = (moment.date() - today).get_days();
    match days {
        0 => time(moment),
        1..=NAMED_DAYS => {
            say::weekday_and_time(language, number(moment.date().weekday().to_monday_one_offset()), &time(moment))
        }
        _ => say::date_and_time(language, number(moment.day()), number(moment.month()), &time(moment)),
    }
}

fn time(moment: DateTime) -> String {
    moment.strftime("%H:%M").to_string()
}

fn number(part: i8) -> u64 {
    u64::try_from(part).expect("days and months are counted from 1")
}
