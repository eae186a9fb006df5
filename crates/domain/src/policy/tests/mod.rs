//! The rules, case by case: `cases.txt` is meant to be read by people who know no Rust.

pub(crate) mod case_file;
mod properties;

use case_file::{Given, Verdict};

use super::*;

const CASES: &str = include_str!("cases.txt");

#[test]
fn every_case_ends_as_written() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (number, line) in CASES.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        count += 1;
        let (given, expected) = line.split_once(" => ").expect("given => expected");
        let said = Verdict::of(&Given::read(given).decide());
        let expected = Verdict::read(expected);
        if said != expected {
            wrong.push(format!("line {}: {line}\n    came to: {said:?}", number + 1));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "only {count} cases are left");
}

#[test]
fn every_reason_that_the_policy_gives_has_a_case() {
    // Given by others: the screen, the store, the catching up.
    let elsewhere = [
        RulingReason::Unreadable,
        RulingReason::FlapChangedBack,
        RulingReason::Overtaken,
        RulingReason::ReadFirst,
        RulingReason::Missed,
        RulingReason::Unshown,
        RulingReason::Superseded,
        RulingReason::ToastFailed,
    ];
    let told: Vec<RulingReason> = CASES
        .lines()
        .filter_map(|line| Some(Verdict::read(line.split('#').next()?.split_once(" => ")?.1).reason))
        .collect();
    for reason in RulingReason::ALL.iter().filter(|reason| !elsewhere.contains(reason)) {
        assert!(told.contains(reason), "no case ends with {reason:?}");
    }
}

#[test]
fn the_settings_become_wishes() {
    let settings: crate::settings::Settings = serde_json::from_str(
        r#"{ "toasts": false, "privacy": "masked", "quietHours": { "from": "22:00", "to": "07:00" },
             "rules": [{ "name": "r", "then": "silence" }] }"#,
    )
    .expect("settings");
    let preferences = ToastPreferences::preferred(&settings.preferences);
    assert!(preferences.no_toasts && preferences.privacy == Privacy::Masked && preferences.quiet_hours.is_some());
    assert_eq!(
        (preferences.rules.len(), preferences.rules[0].then, preferences.rules[0].enabled),
        (1, RuleAction::Silence, true)
    );
    let defaults = ToastPreferences::preferred(&crate::settings::Settings::default().preferences);
    assert_eq!(defaults, ToastPreferences::default());
}

#[test]
fn a_digest_keeps_to_the_same_wishes() {
    let now: Timestamp = "2025-11-10T12:00:00Z".parse().expect("a time");
    let hours = |except| {
        let from = "11:00".parse().expect("a time");
        Some(QuietHours { from, to: "13:00".parse().expect("a time"), days: Vec::new(), except })
    };
    let tell =
        |preferences: &ToastPreferences, urgency, cancels| may_tell(preferences, urgency, cancels, now, &TimeZone::UTC);
    let none = ToastPreferences::default();
    assert!(tell(&none, Urgency::Normal, false));
    assert!(!tell(&ToastPreferences { no_toasts: true, ..none.clone() }, Urgency::Critical, true));
    assert!(!tell(&ToastPreferences { privacy: Privacy::Nothing, ..none.clone() }, Urgency::Critical, true));
    assert!(tell(&ToastPreferences { privacy: Privacy::Masked, ..none.clone() }, Urgency::Normal, false));
    let urgent = ToastPreferences { quiet_hours: hours(QuietHoursException::Urgent), ..none.clone() };
    assert!(tell(&urgent, Urgency::Critical, false) && !tell(&urgent, Urgency::Normal, true));
    let cancellations = ToastPreferences { quiet_hours: hours(QuietHoursException::Cancellations), ..none.clone() };
    assert!(tell(&cancellations, Urgency::Normal, true) && !tell(&cancellations, Urgency::Critical, false));
    let nothing = ToastPreferences { quiet_hours: hours(QuietHoursException::Nothing), ..none };
    assert!(!tell(&nothing, Urgency::Critical, true));
}
