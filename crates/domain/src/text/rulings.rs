//! Why an event came to its outcome, in a sentence or two.

use crate::catalogue::messages as say;
use crate::outcome::{OutcomeCode, Reason, Ruling};
use crate::sanitize::{FIELD_GRAPHEMES, line};
use crate::voice::Language;

/// Why an event came to its outcome.
pub fn ruling(ruling: &Ruling, language: Language) -> String {
    let rule = ruling.rule.as_deref().map(|rule| line(rule, FIELD_GRAPHEMES)).filter(|rule| !rule.is_empty());
    let rule = rule.as_deref();
    let mut sentences = vec![why(ruling.reason, rule, language)];
    if let Some(rule) = rule.filter(|_| !names_its_rule(ruling.reason)) {
        sentences.push(say::why_also_rule(language, rule));
    }
    if ruling.code == OutcomeCode::Merged && !names_its_toast(ruling.reason) {
        sentences.push(say::why_merged(language));
    }
    sentences.join(" ")
}

fn names_its_rule(reason: Reason) -> bool {
    matches!(reason, Reason::RuleRaised | Reason::RuleSilenced)
}

fn names_its_toast(reason: Reason) -> bool {
    matches!(reason, Reason::Storm | Reason::Departed)
}

fn why(reason: Reason, rule: Option<&str>, language: Language) -> String {
    let (by, name) = rule.map_or(("some", ""), |rule| ("named", rule));
    match reason {
        Reason::NewBooking => say::why_new_booking(language),
        Reason::Confirmed => say::why_confirmed(language),
        Reason::Cancelled => say::why_cancelled(language),
        Reason::StatusChanged => say::why_status_changed(language),
        Reason::Payment => say::why_payment(language),
        Reason::PaymentTrouble => say::why_payment_trouble(language),
        Reason::FlightCancelled => say::why_flight_cancelled(language),
        Reason::DelayNow => say::why_delay_now(language),
        Reason::DelayToday => say::why_delay_today(language),
        Reason::DelayUndated => say::why_delay_undated(language),
        Reason::DelayDesk => say::why_delay_desk(language),
        Reason::DelayFarOff => say::why_delay_far_off(language),
        Reason::DelayPast => say::why_delay_past(language),
        Reason::BackOnSchedule => say::why_back_on_schedule(language),
        Reason::FlightChanged => say::why_flight_changed(language),
        Reason::Departed => say::why_departed(language),
        Reason::DepartedQuietly => say::why_departed_quietly(language),
        Reason::Landed => say::why_landed(language),
        Reason::RuleRaised => say::why_rule_raised(language, by, name),
        Reason::RuleSilenced => say::why_rule_silenced(language, by, name),
        Reason::NoStatusChange => say::why_no_status_change(language),
        Reason::DeskCounted => say::why_desk_counted(language),
        Reason::Unreadable => say::why_unreadable(language),
        Reason::ToastsOff => say::why_toasts_off(language),
        Reason::PrivacyNothing => say::why_privacy_nothing(language),
        Reason::Muted => say::why_muted(language),
        Reason::Snoozed => say::why_snoozed(language),
        Reason::QuietHours => say::why_quiet_hours(language),
        Reason::DailyBudget => say::why_daily_budget(language),
        Reason::Storm => say::why_storm(language),
        Reason::FlapToldAlready => say::why_flap_told_already(language),
        Reason::FlapChangedBack => say::why_flap_changed_back(language),
        Reason::Overtaken => say::why_overtaken(language),
        Reason::ReadFirst => say::why_read_first(language),
        Reason::Missed => say::why_missed(language),
        Reason::Unshown => say::why_unshown(language),
        Reason::Superseded => say::why_superseded(language),
        Reason::ToastFailed => say::why_toast_failed(language),
    }
}
