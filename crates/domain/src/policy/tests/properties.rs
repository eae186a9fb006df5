//! What holds for every case, whatever the event and the circumstances.

use proptest::prelude::*;
use proptest::sample::select;

use super::case_file::Given;
use super::*;

const EVENTS: &[&str] = &[
    "created",
    "confirmed",
    "cancelled",
    "updated",
    "updated:CANCELLED",
    "updated:CONFIRMED",
    "paid",
    "paid:FAILED",
    "flight:SCHEDULED",
    "flight:DELAYED",
    "flight:CANCELLED",
    "flight:DEPARTED",
    "flight:LANDED",
    "flight:DE_ICING",
];
const STANDINGS: &[&str] = &["", "held:normal", "held:low", "shown:low", "shown:normal", "shown:critical", "filed"];
const WISHES: &[&str] = &[
    "",
    "off",
    "privacy:masked",
    "privacy:nothing",
    "muted",
    "snoozed",
    "quiet:00:00-00:00",
    "quiet:00:00-00:00/cancellations",
    "quiet:00:00-00:00/nothing",
    "rule:silence",
    "rule:toast",
    "rule:urgent",
];

fn circumstances() -> impl Strategy<Value = String> {
    let numbers = (0_u32..6, 0_u32..6, 0_u32..4, any::<bool>(), any::<bool>(), -30_i64..60);
    (select(&["T", "A"][..]), select(EVENTS), select(STANDINGS), select(WISHES), select(WISHES), numbers).prop_map(
        |(who, event, standing, wish, other, (recent, today, reversals, burst, told, departs))| {
            let burst = if burst { "storm" } else { "" };
            let told = if told { "told" } else { "" };
            format!(
                "{who} {event} {standing} {wish} {other} {burst} {told} recent:{recent} today:{today} \
                 reversals:{reversals} departs:PT{departs}H"
            )
            .replace("PT-", "-PT")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_outcome_says_what_happens_on_screen(text in circumstances()) {
        let decision = Given::read(&text).decide();
        let is_told = matches!(decision.ruling.code, OutcomeCode::Popped | OutcomeCode::Merged);
        prop_assert_eq!(is_told, decision.is_shown(), "{}: {:?}", text, decision);
        prop_assert_eq!(decision.ruling.reason == RulingReason::Storm, decision.presentation == Presentation::Burst);
        let joins = decision.presentation == Presentation::Join;
        prop_assert!(!joins || decision.ruling.into == Some(1));
    }

    #[test]
    fn what_is_urgent_is_never_held_and_never_over_budget(text in circumstances()) {
        let decision = Given::read(&text).decide();
        if decision.urgency == Urgency::Critical {
            let is_held = matches!(decision.presentation, Presentation::Join | Presentation::Toast { hold: Some(_), .. });
            prop_assert!(!is_held, "{text}: {decision:?}");
            prop_assert_ne!(decision.ruling.code, OutcomeCode::OverBudget);
            prop_assert_ne!(decision.ruling.reason, RulingReason::Snoozed);
        }
    }

    #[test]
    fn nothing_is_told_against_the_persons_will(text in circumstances()) {
        let given = Given::read(&text);
        let decision = given.decide();
        let words = || text.split_whitespace();
        // The last one of its kind counts.
        let privacy = words().rfind(|word| word.starts_with("privacy:"));
        let quiet = words().rfind(|word| word.starts_with("quiet:"));
        let hushed = words().any(|word| word == "off" || word == "muted")
            || privacy == Some("privacy:nothing")
            || quiet.is_some_and(|hours| hours.ends_with("/nothing"));
        prop_assert!(!(hushed && decision.is_shown()), "{text}: {decision:?}");
    }

    #[test]
    fn a_crowded_screen_takes_no_further_pop_up(text in circumstances()) {
        let decision = Given::read(&format!("{text} recent:9")).decide();
        let in_place = text.contains("shown:") || decision.presentation == Presentation::Join;
        let waits = matches!(decision.presentation, Presentation::Toast { hold: Some(_), .. });
        let pops = matches!(decision.presentation, Presentation::Toast { alerts: true, .. });
        prop_assert!(!pops || in_place || waits, "{text}: {decision:?}");
    }
}

#[test]
fn a_cancellation_reaches_a_traveler_whose_budget_is_spent_in_the_quiet_hours() {
    for circumstances in ["", "today:99", "quiet:00:00-00:00", "quiet:00:00-00:00/cancellations", "snoozed", "filed"] {
        for event in ["cancelled", "updated:CANCELLED", "flight:CANCELLED"] {
            let decision = Given::read(&format!("T {event} {circumstances}")).decide();
            assert!(decision.is_shown(), "{event} {circumstances}: {decision:?}");
            assert_eq!(decision.urgency, Urgency::Critical);
        }
    }
}

#[test]
fn a_rule_that_had_its_way_is_named() {
    let named = |text: &str| Given::read(text).decide().ruling.rule;
    assert_eq!(named("A created rule:toast").as_deref(), Some("rule"));
    assert_eq!(named("T created rule:silence").as_deref(), Some("rule"));
    assert_eq!(named("T created"), None);
    assert_eq!(named("T created rule:toast off"), None, "it did not get its way");
}
