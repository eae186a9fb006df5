//! Outcome of an event, with its reason: stored with the row, shown and explained on request.
//!
//! A [`Ruling`] is what is stored: codes and numbers only. An [`Outcome`] is a ruling with a sentence in the reader's
//! language and the setting that would change it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was done with an event, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// What was done.
    pub code: OutcomeCode,
    /// Why.
    pub reason: RulingReason,
    /// The rule of the person's that decided, by its name.
    pub rule: Option<String>,
    /// The row whose toast took this event in.
    pub into: Option<i64>,
}

impl Ruling {
    /// A ruling that no rule of the person's had a part in.
    pub fn new(code: OutcomeCode, reason: RulingReason) -> Self {
        Self { code, reason, rule: None, into: None }
    }
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Outcome {
    /// What was done.
    pub code: OutcomeCode,
    /// Why, for programs; missing in rows of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<RulingReason>,
    /// Why, for a person.
    pub text: String,
    /// What would make it different the next time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub setting: Option<Setting>,
    /// The rule of the person's that decided, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub rule: Option<String>,
    /// The row whose toast took this event in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub into: Option<i64>,
}

/// The outcomes. An event that came before leaves no row, and is counted in the one that it repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum OutcomeCode {
    /// A toast of its own.
    Popped,
    /// Told by a toast that was there already, or that tells of several events.
    Merged,
    /// Only a row.
    InboxOnly,
    /// Only a row, because the thread had its share of toasts.
    OverBudget,
    /// Only a row: a rule, a mute or a snooze of the person's.
    Silenced,
    /// Only a row: it came in the quiet hours.
    QuietHours,
    /// Named by the digest of a time without a link.
    Digest,
    /// A newer state of the same booking or flight was known already, or came before it was told.
    Superseded,
}

/// What would change an outcome the next time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Setting {
    /// Whether events show toasts at all.
    Toasts,
    /// What toasts say.
    Privacy,
    /// The quiet hours and their exceptions.
    QuietHours,
    /// A rule of the person's: a new one, or the one that is named.
    Rules,
    /// The thread's mute.
    Mute,
    /// The thread's snooze.
    Snooze,
    /// The notification service of the desktop.
    Desktop,
}

/// Declares [`RulingReason`] with the list of all of them and the setting that each answers to.
macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident => $setting:expr,)+) => {
        /// Why an event came to its outcome.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(export, rename = "RulingReason")]
        pub enum RulingReason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl RulingReason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What would make the outcome different the next time.
            pub fn setting(self) -> Option<Setting> {
                match self {
                    $(Self::$name => $setting,)+
                }
            }
        }
    };
}

reasons! {
    /// A new booking.
    NewBooking => Some(Setting::Rules),
    /// A booking was confirmed.
    Confirmed => Some(Setting::Rules),
    /// A cancellation.
    Cancelled => Some(Setting::Rules),
    /// The status of a booking changed.
    StatusChanged => Some(Setting::Rules),
    /// A payment was received.
    Payment => Some(Setting::Rules),
    /// A payment failed or was returned.
    PaymentTrouble => Some(Setting::Rules),
    /// A cancelled flight.
    FlightCancelled => Some(Setting::Rules),
    /// A delay less than 3 h before departure.
    DelayNow => Some(Setting::Rules),
    /// A delay on the day of departure.
    DelayToday => Some(Setting::Rules),
    /// A delay of a flight whose departure is not known.
    DelayUndated => Some(Setting::Rules),
    /// A delay at the desk.
    DelayDesk => Some(Setting::Rules),
    /// A delay more than a day before departure.
    DelayFarOff => Some(Setting::Rules),
    /// A delay of a flight that left long ago.
    DelayPast => Some(Setting::Rules),
    /// A flight is back on schedule.
    BackOnSchedule => Some(Setting::Rules),
    /// Another state of a flight.
    FlightChanged => Some(Setting::Rules),
    /// A departure, told by the toast about the flight that is there.
    Departed => Some(Setting::Rules),
    /// A departure without a toast about the flight.
    DepartedQuietly => Some(Setting::Rules),
    /// A landing.
    Landed => Some(Setting::Rules),
    /// A rule of the person's asked for a toast.
    RuleRaised => Some(Setting::Rules),
    /// A rule of the person's silenced it.
    RuleSilenced => Some(Setting::Rules),
    /// An update of a booking that changed no status.
    NoStatusChange => Some(Setting::Rules),
    /// Of its kind events are only counted at the desk.
    DeskCounted => Some(Setting::Rules),
    /// An event that this version cannot read.
    Unreadable => None,
    /// Toasts are switched off.
    ToastsOff => Some(Setting::Toasts),
    /// Toasts may say nothing.
    PrivacyNothing => Some(Setting::Privacy),
    /// The thread is muted.
    Muted => Some(Setting::Mute),
    /// The thread is snoozed; its latest state is told when the snooze is over.
    Snoozed => Some(Setting::Snooze),
    /// It came in the quiet hours.
    QuietHours => Some(Setting::QuietHours),
    /// The thread had its three toasts of the day.
    DailyBudget => Some(Setting::Rules),
    /// Told with others in one toast, since many came at once.
    Storm => Some(Setting::Rules),
    /// The state went back to what was told last.
    FlapToldAlready => Some(Setting::Rules),
    /// A better state that was held back for a while, and did not last.
    FlapChangedBack => Some(Setting::Rules),
    /// A newer state came before this one was told.
    Overtaken => None,
    /// It was read before it was told.
    ReadFirst => None,
    /// It happened while there was no link.
    Missed => None,
    /// The program ended before its toast was shown.
    Unshown => None,
    /// A newer state was known already when it came.
    Superseded => None,
    /// The notification service did not show the toast.
    ToastFailed => Some(Setting::Desktop),
}
