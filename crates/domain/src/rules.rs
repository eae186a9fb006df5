//! Rules of the person: watch-lists, silences and quiet hours.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::event::EventKind;

/// A watch-list or a silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Rule {
    /// What the person calls it; also how an outcome names it.
    pub name: String,
    /// Whether it counts.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// How rows of it are marked, as one of the window's colour names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub colour: Option<String>,
    /// What it speaks of.
    #[serde(default)]
    pub when: RuleCondition,
    /// What is done then.
    pub then: RuleAction,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RuleAction {
    /// A toast, whatever the defaults say.
    Toast,
    /// An urgent one, which no budget and, as far as the quiet hours let urgent ones through, no quiet hour holds back.
    Urgent,
    /// Never a toast.
    Silence,
}

/// What a rule speaks of: everything that is given has to fit, and what is not given fits always.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct RuleCondition {
    /// One of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<EventKind>,
    /// One of these record locators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pnrs: Vec<String>,
    /// One of these flight numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flights: Vec<String>,
    /// One of these routes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// One of these states, such as `DELAYED`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<String>,
    /// A price or payment of at least this much, in whatever currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "string")]
    pub amount_at_least: Option<Decimal>,
}

/// From here to there; a missing end fits every airport.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Route {
    /// Airport code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub origin: Option<String>,
    /// Airport code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub destination: Option<String>,
}

/// What of an event a rule looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleInput<'a> {
    /// Its kind.
    pub kind: Option<EventKind>,
    /// Its booking's record locator.
    pub pnr: Option<&'a str>,
    /// Its flight's number.
    pub flight: Option<&'a str>,
    /// Airport code.
    pub origin: Option<&'a str>,
    /// Airport code.
    pub destination: Option<&'a str>,
    /// The status that it reports.
    pub status: Option<&'a str>,
    /// Price or payment; that of the booking where the event names none.
    pub amount: Option<Decimal>,
}

impl RuleCondition {
    /// Whether everything that is given fits. Letters' case does not matter.
    pub fn fits(&self, traits: &RuleInput<'_>) -> bool {
        let is_one = |list: &[String], value: Option<&str>| {
            list.is_empty() || value.is_some_and(|value| list.iter().any(|known| known.eq_ignore_ascii_case(value)))
        };
        (self.kinds.is_empty() || traits.kind.is_some_and(|kind| self.kinds.contains(&kind)))
            && is_one(&self.pnrs, traits.pnr)
            && is_one(&self.flights, traits.flight)
            && is_one(&self.statuses, traits.status)
            && (self.routes.is_empty() || self.routes.iter().any(|route| route.fits(traits.origin, traits.destination)))
            && self.amount_at_least.is_none_or(|least| traits.amount.is_some_and(|amount| amount >= least))
    }
}

impl Route {
    fn fits(&self, origin: Option<&str>, destination: Option<&str>) -> bool {
        let end = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is.is_some_and(|is| is.eq_ignore_ascii_case(wanted)))
        };
        end(&self.origin, origin) && end(&self.destination, destination)
    }
}

/// When only exceptions may show a toast, by the person's own clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuietHours {
    /// Begin, such as `22:00`.
    #[ts(type = "string")]
    pub from: Time,
    /// End; before the begin when they cross midnight, equal to it for a whole day.
    #[ts(type = "string")]
    pub to: Time,
    /// The days on which they begin; none means every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// What may show a toast all the same.
    #[serde(default)]
    pub except: QuietHoursException,
}

/// What quiet hours let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum QuietHoursException {
    /// Everything urgent: cancellations, delays shortly before departure, urgent rules.
    #[default]
    Urgent,
    /// Cancellations only.
    Cancellations,
    /// Nothing.
    Nothing,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl QuietHours {
    /// Whether `now` is in them. Clock times count, so that a night in which the clocks change is longer or shorter: a
    /// begin that is skipped takes effect when the clock jumps over it, and an hour that comes twice is quiet twice.
    pub fn contain(&self, now: Timestamp, zone: &TimeZone) -> bool {
        let now = zone.to_datetime(now);
        let begins = |day: Weekday| self.days.is_empty() || self.days.iter().any(|known| known.weekday() == day);
        let today = now.date().weekday();
        if self.from < self.to {
            begins(today) && (self.from..self.to).contains(&now.time())
        } else {
            (begins(today) && now.time() >= self.from) || (begins(today.previous()) && now.time() < self.to)
        }
    }
}

impl Day {
    fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn is_true(value: &bool) -> bool {
    *value
}
