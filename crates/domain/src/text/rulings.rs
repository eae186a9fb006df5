//! Explanations of outcomes, in a sentence or two.

use crate::catalogue::messages as say;
use crate::locale::Language;
use crate::outcome::{Outcome, OutcomeCode, Ruling, RulingReason};
use crate::sanitize::{FIELD_GRAPHEMES, line};

/// A ruling as it is shown: with its sentence, and the setting that would change it.
pub fn outcome(of: &Ruling, language: Language) -> Outcome {
    Outcome {
        code: of.code,
        reason: Some(of.reason),
        text: ruling(of, language),
        setting: of.reason.setting(),
        rule: of.rule.clone(),
        into: of.into,
    }
}

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

fn names_its_rule(reason: RulingReason) -> bool {
    matches!(reason, RulingReason::RuleRaised | RulingReason::RuleSilenced)
}

fn names_its_toast(reason: RulingReason) -> bool {
    matches!(reason, RulingReason::Storm | RulingReason::Departed)
}

fn why(reason: RulingReason, rule: Option<&str>, language: Language) -> String {
    let (by, name) = rule.map_or(("some", ""), |rule| ("named", rule));
    match reason {
        RulingReason::NewBooking => say::why_new_booking(language),
        RulingReason::Confirmed => say::why_confirmed(language),
        RulingReason::Cancelled => say::why_cancelled(language),
        RulingReason::StatusChanged => say::why_status_changed(language),
        RulingReason::Payment => say::why_payment(language),
        RulingReason::PaymentTrouble => say::why_payment_trouble(language),
        RulingReason::FlightCancelled => say::why_flight_cancelled(language),
        RulingReason::DelayNow => say::why_delay_now(language),
        RulingReason::DelayToday => say::why_delay_today(language),
        RulingReason::DelayUndated => say::why_delay_undated(language),
        RulingReason::DelayDesk => say::why_delay_desk(language),
        RulingReason::DelayFarOff => say::why_delay_far_off(language),
        RulingReason::DelayPast => say::why_delay_past(language),
        RulingReason::BackOnSchedule => say::why_back_on_schedule(language),
        RulingReason::FlightChanged => say::why_flight_changed(language),
        RulingReason::Departed => say::why_departed(language),
        RulingReason::DepartedQuietly => say::why_departed_quietly(language),
        RulingReason::Landed => say::why_landed(language),
        RulingReason::RuleRaised => say::why_rule_raised(language, by, name),
        RulingReason::RuleSilenced => say::why_rule_silenced(language, by, name),
        RulingReason::NoStatusChange => say::why_no_status_change(language),
        RulingReason::DeskCounted => say::why_desk_counted(language),
        RulingReason::Unreadable => say::why_unreadable(language),
        RulingReason::ToastsOff => say::why_toasts_off(language),
        RulingReason::PrivacyNothing => say::why_privacy_nothing(language),
        RulingReason::Muted => say::why_muted(language),
        RulingReason::Snoozed => say::why_snoozed(language),
        RulingReason::QuietHours => say::why_quiet_hours(language),
        RulingReason::DailyBudget => say::why_daily_budget(language),
        RulingReason::Storm => say::why_storm(language),
        RulingReason::FlapToldAlready => say::why_flap_told_already(language),
        RulingReason::FlapChangedBack => say::why_flap_changed_back(language),
        RulingReason::Overtaken => say::why_overtaken(language),
        RulingReason::ReadFirst => say::why_read_first(language),
        RulingReason::Missed => say::why_missed(language),
        RulingReason::Unshown => say::why_unshown(language),
        RulingReason::Superseded => say::why_superseded(language),
        RulingReason::ToastFailed => say::why_toast_failed(language),
    }
}
