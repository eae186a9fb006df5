//! Text of a burst toast.

use jiff::SignedDuration;

use super::rows::whose;
use super::{Text, join};
use crate::account::Audience;
use crate::burst_summary::BurstSummary;
use crate::catalogue::messages as say;
use crate::locale::{Language, Locale};
use crate::sanitize::{FIELD_GRAPHEMES, TITLE_GRAPHEMES, line};
use crate::toast::Privacy;

use unicode_segmentation::UnicodeSegmentation;

/// What a storm's toast says. Every event is counted in the title, or in the title's sum and the body's parts.
pub fn burst(sums: &BurstSummary, audience: Audience, privacy: Privacy, locale: &Locale) -> Text {
    let language = locale.language;
    if privacy != Privacy::Full {
        return Text::new(&say::masked_many(language, whose(audience)), "");
    }
    let phase = if sums.is_over { "over" } else { "now" };
    let duration = duration(sums.lasted, language);
    let classes: Vec<(&'static str, u64)> = [
        ("bookings_cancelled", sums.bookings_cancelled),
        ("flights_cancelled", sums.flights_cancelled),
        ("flights_delayed", sums.flights_delayed),
        ("others", sums.others),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .collect();
    let all = say::storm_changes(language, sums.events());
    let mut parts = Vec::new();
    let title = match classes.as_slice() {
        [] | [("others", _)] => say::storm_title(language, phase, &all, &duration),
        [("bookings_cancelled", count)] => {
            say::storm_title(language, phase, &say::storm_class(language, "cancellations", *count), &duration)
        }
        [(class, count)] => say::storm_title(language, phase, &say::storm_class(language, class, *count), &duration),
        classes => {
            let named: Vec<_> =
                classes.iter().map(|(class, count)| say::storm_class(language, class, *count)).collect();
            let named = named.join(", ");
            let title = say::storm_title_with_classes(language, phase, &all, &duration, &named);
            if title.graphemes(true).count() <= TITLE_GRAPHEMES {
                title
            } else {
                parts.push(named);
                say::storm_title(language, phase, &all, &duration)
            }
        }
    };
    parts.push(flights(sums, language));
    // A storm of cancelled bookings has said so.
    if sums.bookings_hit > 0 && !(classes.len() == 1 && sums.bookings_hit == sums.bookings_cancelled) {
        parts.push(say::storm_bookings_hit(language, sums.bookings_hit));
    }
    Text::new(&title, &join(&parts))
}

/// `AA123 (21), BA9 (9), 4 more flights`.
fn flights(sums: &BurstSummary, language: Language) -> String {
    let mut flights: Vec<String> =
        sums.flights.iter().map(|(name, count)| format!("{} ({count})", line(name, FIELD_GRAPHEMES))).collect();
    if sums.more_flights > 0 {
        flights.push(say::storm_more_flights(language, sums.more_flights));
    }
    flights.join(", ")
}

/// In the unit that a person would use. What lasted no time at all is told as a second.
fn duration(lasted: SignedDuration, language: Language) -> String {
    let seconds = u64::try_from(lasted.as_secs()).unwrap_or(0).max(1);
    let minutes = (seconds + 30) / 60;
    match (seconds, minutes) {
        (..60, _) => say::seconds(language, seconds),
        (_, ..60) => say::minutes(language, minutes),
        (_, minutes) if minutes % 60 == 0 => say::hours(language, minutes / 60),
        (_, minutes) => say::hours_and_minutes(language, minutes / 60, minutes % 60),
    }
}
