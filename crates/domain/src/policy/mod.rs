//! The policy: one pure decision about an event, with its reason.
//!
//! The event's baseline comes first (`baseline.rs`), then the person's preferences, then the budgets of the thread and
//! the screen. The caller stores the ruling before anything is shown.

mod baseline;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::account::Audience;
use crate::event::Event;
use crate::itinerary::Booking;
use crate::outcome::{OutcomeCode, Ruling, RulingReason};
use crate::rules::{QuietHours, QuietHoursException, Rule, RuleAction, RuleInput};
use crate::settings::Preferences;
use crate::toast::{Privacy, Urgency};
use baseline::{Baseline, BaselineLevel, baseline};

/// Pop-ups are counted over this time…
pub const POPUP_WINDOW_SECS: i64 = 10;
/// …and a traveler gets this many in it; what follows is told by one toast about all of it.
pub const POPUPS_PER_WINDOW: u32 = 3;
/// At the desk the second one within the window is where many begin: it becomes a count.
pub const DESK_POPUPS_PER_WINDOW: u32 = 1;
/// Pop-ups of one thread within 24 h; then its rows come in silence, but for what is urgent.
pub const POPUPS_PER_DAY: u32 = 3;
/// How long a new booking waits for its payment and its confirmation, to be told with them.
pub const MERGE_HOLD: Duration = Duration::from_secs(2);
/// How long better news of a flight that changes to and fro is held back.
pub const FLAP_HOLD: Duration = Duration::from_secs(120);
/// A flight that came back to an earlier state this often, lately, changes to and fro.
pub const FLAP_REVERSALS: u32 = 2;

/// What the person wants, as far as a decision depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToastPreferences {
    /// Whether toasts are switched off.
    pub no_toasts: bool,
    /// What toasts may say.
    pub privacy: Privacy,
    /// When only exceptions may show one.
    pub quiet_hours: Option<QuietHours>,
    /// Watch-lists and silences; the first that fits decides.
    pub rules: Vec<Rule>,
}

impl ToastPreferences {
    /// Those of the settings.
    pub fn preferred(preferences: &Preferences) -> Self {
        Self {
            no_toasts: !preferences.toasts,
            privacy: preferences.privacy,
            quiet_hours: preferences.quiet_hours.clone(),
            rules: preferences.rules.clone(),
        }
    }
}

/// Everything that a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct DecisionInput<'a> {
    /// The event.
    pub event: &'a Event,
    /// Traveler or agent.
    pub audience: Audience,
    /// What was known of the booking before this event.
    pub before: Option<&'a Booking>,
    /// What rules look at.
    pub traits: RuleInput<'a>,
    /// Departure of the flight concerned, when known.
    pub departure: Option<Timestamp>,
    /// The settings.
    pub preferences: &'a ToastPreferences,
    /// What was done about its thread before.
    pub thread: Thread,
    /// Pop-ups in the last [`POPUP_WINDOW_SECS`].
    pub recent_popups: u32,
    /// One toast is telling about many events just now.
    pub burst: bool,
    /// The time of the decision.
    pub now: Timestamp,
    /// The person's own time zone.
    pub zone: &'a TimeZone,
}

/// What was done about a thread before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thread {
    /// The person wants to hear no more of it.
    pub muted: bool,
    /// The person wants to hear of it later.
    pub snoozed: bool,
    /// Its toast.
    pub toast: ToastState,
    /// Its pop-ups in the last 24 h.
    pub popups_today: u32,
    /// How often its flight came back to an earlier state, lately, this event included.
    pub reversals: u32,
    /// The state that this event reports is the one that was told last.
    pub was_shown: bool,
}

/// Where the toast of a thread stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ToastState {
    /// There is none.
    #[default]
    None,
    /// It is held back for a moment.
    Delayed(Urgency, i64),
    /// It is in sight; tells first of this row.
    Shown(Urgency, i64),
    /// It has left the sight, and may still be in the desktop's list.
    Filed,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// How urgent the event is, toast or not.
    pub urgency: Urgency,
    /// What to record.
    pub ruling: Ruling,
    /// What to do on screen.
    pub presentation: Presentation,
}

/// What to do on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presentation {
    /// Nothing.
    Nothing,
    /// A toast of the thread, in the place of an earlier one.
    Toast {
        /// Whether it may ask for attention.
        alerts: bool,
        /// Not yet: more may come that belongs to it.
        hold: Option<Duration>,
    },
    /// Joins the toast of its thread that is held back.
    Join,
    /// One more in the toast that tells about many.
    Burst,
}

impl Decision {
    /// Whether a toast tells of it.
    pub fn is_shown(&self) -> bool {
        self.presentation != Presentation::Nothing
    }
}

/// Decides about a readable event.
pub fn decide(input: &DecisionInput<'_>) -> Decision {
    let Baseline { mut level, mut urgency, mut reason } = baseline(input);
    let rule = input.preferences.rules.iter().find(|rule| rule.enabled && rule.when.fits(&input.traits));
    let named = rule.map(|rule| rule.name.clone());
    match rule.map(|rule| rule.then) {
        Some(RuleAction::Silence) if level != BaselineLevel::Row => {
            let ruling = Ruling { rule: named, ..Ruling::new(OutcomeCode::Silenced, RulingReason::RuleSilenced) };
            return Decision { urgency, ruling, presentation: Presentation::Nothing };
        }
        Some(then @ (RuleAction::Toast | RuleAction::Urgent)) => {
            if level != BaselineLevel::Toast {
                (level, reason) = (BaselineLevel::Toast, RulingReason::RuleRaised);
            }
            urgency = urgency.max(if then == RuleAction::Urgent { Urgency::Critical } else { Urgency::Normal });
        }
        Some(RuleAction::Silence) | None => {}
    }
    let mut decision = match held_back(input, level, urgency, reason) {
        Some(ruling) => Decision { urgency, ruling, presentation: Presentation::Nothing },
        None => present(input, level, urgency, reason),
    };
    // A rule that asked for a toast is named wherever it had its way.
    if decision.is_shown() {
        decision.ruling.rule = named;
    }
    decision
}

/// Why the person hears nothing of it, if so.
fn held_back(
    input: &DecisionInput<'_>,
    level: BaselineLevel,
    urgency: Urgency,
    reason: RulingReason,
) -> Option<Ruling> {
    let (preferences, thread) = (input.preferences, &input.thread);
    let is_urgent = urgency == Urgency::Critical;
    let (code, reason) = if level == BaselineLevel::Row {
        (OutcomeCode::InboxOnly, reason)
    } else if preferences.no_toasts {
        (OutcomeCode::InboxOnly, RulingReason::ToastsOff)
    } else if preferences.privacy == Privacy::Nothing {
        (OutcomeCode::InboxOnly, RulingReason::PrivacyNothing)
    } else if thread.muted {
        (OutcomeCode::Silenced, RulingReason::Muted)
    } else if thread.snoozed && !is_urgent {
        (OutcomeCode::Silenced, RulingReason::Snoozed)
    } else if is_quiet(input, urgency, reason) {
        (OutcomeCode::QuietHours, RulingReason::QuietHours)
    } else if thread.was_shown && thread.reversals > 0 {
        (OutcomeCode::InboxOnly, RulingReason::FlapToldAlready)
    } else if thread.popups_today >= POPUPS_PER_DAY && !is_urgent && !is_cancellation(reason) && !has_place(input) {
        (OutcomeCode::OverBudget, RulingReason::DailyBudget)
    } else {
        return None;
    };
    Some(Ruling::new(code, reason))
}

/// How the person hears of it.
fn present(input: &DecisionInput<'_>, level: BaselineLevel, urgency: Urgency, reason: RulingReason) -> Decision {
    let is_urgent = urgency == Urgency::Critical;
    let merged = |into: i64| Ruling { into: Some(into), ..Ruling::new(OutcomeCode::Merged, reason) };
    let now = Presentation::Toast { alerts: true, hold: None };
    let (ruling, presentation) = match input.thread.toast {
        // Better news of a flight that changes to and fro waits to see whether it lasts; worse news never waits.
        _ if reason == RulingReason::BackOnSchedule && input.thread.reversals >= FLAP_REVERSALS && !is_urgent => {
            (Ruling::new(OutcomeCode::Popped, reason), Presentation::Toast { alerts: true, hold: Some(FLAP_HOLD) })
        }
        ToastState::Delayed(_, first) if !is_urgent => (merged(first), Presentation::Join),
        ToastState::Shown(before, first) => {
            let alerts = level == BaselineLevel::Toast && urgency > before;
            (merged(first), Presentation::Toast { alerts, hold: None })
        }
        ToastState::Filed if level == BaselineLevel::Update => {
            (Ruling::new(OutcomeCode::Merged, reason), Presentation::Toast { alerts: false, hold: None })
        }
        _ if input.burst || input.recent_popups >= popups_per_window(input.audience) => {
            (Ruling::new(OutcomeCode::Merged, RulingReason::Storm), Presentation::Burst)
        }
        ToastState::None if reason == RulingReason::NewBooking && !is_urgent => {
            (Ruling::new(OutcomeCode::Popped, reason), Presentation::Toast { alerts: true, hold: Some(MERGE_HOLD) })
        }
        ToastState::None | ToastState::Filed | ToastState::Delayed(..) => {
            (Ruling::new(OutcomeCode::Popped, reason), now)
        }
    };
    Decision { urgency, ruling, presentation }
}

/// Whether there is a toast in sight, or about to be, that can take the news in without a new pop-up.
fn has_place(input: &DecisionInput<'_>) -> bool {
    matches!(input.thread.toast, ToastState::Delayed(..) | ToastState::Shown(..))
}

fn is_quiet(input: &DecisionInput<'_>, urgency: Urgency, reason: RulingReason) -> bool {
    let is_urgent = urgency == Urgency::Critical;
    is_silenced_by_quiet_hours(input.preferences, is_urgent, is_cancellation(reason), input.now, input.zone)
}

/// Whether the quiet hours keep something from being told.
fn is_silenced_by_quiet_hours(
    preferences: &ToastPreferences,
    is_urgent: bool,
    cancels: bool,
    now: Timestamp,
    zone: &TimeZone,
) -> bool {
    let Some(hours) = preferences.quiet_hours.as_ref().filter(|hours| hours.contain(now, zone)) else { return false };
    match hours.except {
        QuietHoursException::Urgent => !is_urgent,
        QuietHoursException::Cancellations => !cancels,
        QuietHoursException::Nothing => true,
    }
}

/// Whether a toast may tell of what was missed; `cancels` when a cancellation is among it.
pub fn may_tell(
    preferences: &ToastPreferences,
    urgency: Urgency,
    cancels: bool,
    now: Timestamp,
    zone: &TimeZone,
) -> bool {
    let is_urgent = urgency == Urgency::Critical;
    !preferences.no_toasts
        && preferences.privacy != Privacy::Nothing
        && !is_silenced_by_quiet_hours(preferences, is_urgent, cancels, now, zone)
}

fn is_cancellation(reason: RulingReason) -> bool {
    matches!(reason, RulingReason::Cancelled | RulingReason::FlightCancelled)
}

pub(crate) fn popups_per_window(audience: Audience) -> u32 {
    match audience {
        Audience::Traveler => POPUPS_PER_WINDOW,
        Audience::Agent => DESK_POPUPS_PER_WINDOW,
    }
}

/// Decides about an event that could not be read, or whose name is unknown.
pub fn decide_unreadable() -> Decision {
    quiet(Urgency::Low, OutcomeCode::InboxOnly, RulingReason::Unreadable)
}

/// An event that was missed and is told with others.
pub fn decide_missed(urgency: Urgency) -> Decision {
    quiet(urgency, OutcomeCode::Digest, RulingReason::Missed)
}

/// An event that came after the state which followed it.
pub fn decide_superseded() -> Decision {
    quiet(Urgency::Low, OutcomeCode::Superseded, RulingReason::Superseded)
}

fn quiet(urgency: Urgency, code: OutcomeCode, reason: RulingReason) -> Decision {
    Decision { urgency, ruling: Ruling::new(code, reason), presentation: Presentation::Nothing }
}

#[cfg(test)]
pub(crate) mod tests;
