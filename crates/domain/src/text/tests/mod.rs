mod pseudo;
mod toasts;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use super::*;
use crate::account::Audience;
use crate::event::Event;
use crate::itinerary::{Booking, Flight};
use crate::locale::Locale;
use crate::outcome::{OutcomeCode, Ruling, RulingReason};
use crate::wire::{Decoded, Incoming, decode};

fn event(channel: &str, data: &str) -> Event {
    let args = [RawValue::from_string(format!(r#"{{"data":{data}}}"#)).expect("JSON")];
    match decode(channel, &args) {
        Incoming::Inbox(envelope) => match envelope.decoded {
            Decoded::Known(event) => *event,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn known() -> Booking {
    Booking {
        pnr: Some("ABC123".into()),
        flight: Flight {
            number: Some("AA123".into()),
            origin: Some("JFK".into()),
            destination: Some("LAX".into()),
            ..Flight::default()
        },
        passengers: Some(2),
        ..Booking::new("b")
    }
}

fn locale(language: Language, zone: &str) -> Locale {
    Locale { language, zone: TimeZone::get(zone).expect(zone) }
}

fn at(moment: &str) -> Timestamp {
    moment.parse().expect(moment)
}

fn said(channel: &str, data: &str, booking: Option<&Booking>, language: Language) -> (String, String) {
    let flight = booking.map(|booking| &booking.flight);
    let text = render(&event(channel, data), booking, flight, Audience::Traveler, language);
    (text.title, text.body)
}

#[test]
fn says_it_at_a_glance() {
    let known = known();
    let cases = [
        (
            "booking:cancelled",
            r#"{"bookingId":"b"}"#,
            ("Booking ABC123 cancelled", "AA123 JFK → LAX"),
            ("Buchung ABC123 storniert", "AA123 JFK → LAX"),
        ),
        (
            "booking:created",
            r#"{"bookingId":"b"}"#,
            ("Booking ABC123 created", "AA123 JFK → LAX · 2 passengers"),
            ("Buchung ABC123 angelegt", "AA123 JFK → LAX · 2 Fluggäste"),
        ),
        (
            "booking:updated",
            r#"{"bookingId":"b","status":"ON_HOLD"}"#,
            ("Booking ABC123 updated: on hold", "AA123 JFK → LAX"),
            ("Buchung ABC123 geändert: on hold", "AA123 JFK → LAX"),
        ),
        (
            "payment:completed",
            r#"{"bookingId":"b","amount":450,"currency":"USD"}"#,
            ("Payment of 450.00 USD received", "Booking ABC123 · AA123 JFK → LAX"),
            ("Zahlung über 450.00 USD eingegangen", "Buchung ABC123 · AA123 JFK → LAX"),
        ),
        (
            "flight:status-changed",
            r#"{"flightId":"f","oldStatus":"SCHEDULED","newStatus":"DELAYED","affectedBookings":["a","b"]}"#,
            ("AA123 to LAX delayed", "Was scheduled · JFK → LAX · 2 bookings on board"),
            ("AA123 nach LAX verspätet", "Zuvor planmäßig · JFK → LAX · 2 Buchungen an Bord"),
        ),
        (
            "flight:status-changed",
            r#"{"flightId":"f","newStatus":"DE_ICING"}"#,
            ("AA123 to LAX: de icing", "JFK → LAX"),
            ("AA123 nach LAX: de icing", "JFK → LAX"),
        ),
    ];
    for (channel, data, english, german) in cases {
        for (language, (title, body)) in [(Language::En, english), (Language::De, german)] {
            assert_eq!(said(channel, data, Some(&known), language), (title.to_owned(), body.to_owned()));
        }
    }
}

#[test]
fn stays_honest_without_knowledge() {
    for (channel, data, english, german) in [
        (
            "booking:cancelled",
            r#"{"bookingId":"b"}"#,
            "A booking of yours was cancelled",
            "Eine Ihrer Buchungen wurde storniert",
        ),
        (
            "flight:status-changed",
            r#"{"flightId":"f","newStatus":"LANDED"}"#,
            "Your flight landed",
            "Ihr Flug gelandet",
        ),
        ("payment:completed", r#"{"bookingId":"b"}"#, "Payment received", "Zahlung eingegangen"),
    ] {
        assert_eq!(said(channel, data, None, Language::En).0, english);
        assert_eq!(said(channel, data, None, Language::De).0, german);
    }
}

#[test]
fn at_the_desk_nothing_is_said_to_be_yours() {
    let said = |channel, data: &str| render(&event(channel, data), None, None, Audience::Agent, Language::En).title;
    assert_eq!(said("booking:cancelled", r#"{"bookingId":"b"}"#), "A booking was cancelled");
    assert_eq!(said("flight:status-changed", r#"{"flightId":"f","newStatus":"LANDED"}"#), "A flight landed");
}

#[test]
fn a_name_that_looks_like_a_message_is_printed_as_it_is() {
    let booking = Booking { pnr: Some("{ $x }".into()), ..Booking::new("b") };
    let (title, _) = said("booking:cancelled", r#"{"bookingId":"b"}"#, Some(&booking), Language::En);
    assert_eq!(title, "Booking { $x } cancelled");
}

#[test]
fn every_reason_is_a_sentence_of_its_own_with_any_outcome() {
    const CODES: [OutcomeCode; 8] = [
        OutcomeCode::Popped,
        OutcomeCode::Merged,
        OutcomeCode::InboxOnly,
        OutcomeCode::OverBudget,
        OutcomeCode::Silenced,
        OutcomeCode::QuietHours,
        OutcomeCode::Digest,
        OutcomeCode::Superseded,
    ];
    for language in Language::ALL {
        let mut sentences = Vec::new();
        for reason in RulingReason::ALL {
            for code in CODES {
                let plain = ruling(&Ruling::new(code, *reason), *language);
                let of_rule = Ruling { rule: Some("Watch: LAX".into()), ..Ruling::new(code, *reason) };
                let named = ruling(&of_rule, *language);
                assert!(plain.ends_with('.') && named.ends_with('.'), "{plain} / {named}");
                assert!(named.contains("Watch: LAX") && !plain.contains("Watch"), "{plain} / {named}");
            }
            sentences.push(ruling(&Ruling::new(OutcomeCode::Popped, *reason), *language));
        }
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), RulingReason::ALL.len(), "each says something else");
    }
}

#[test]
fn a_ruling_names_the_rule_and_the_toast_that_took_it_in() {
    let said = |code, reason, rule: Option<&str>| {
        ruling(&Ruling { rule: rule.map(str::to_owned), ..Ruling::new(code, reason) }, Language::En)
    };
    use OutcomeCode::{Merged, Popped, Silenced};
    for (code, reason, rule, sentence) in [
        (Popped, RulingReason::Cancelled, None, "A cancellation always reaches you."),
        (Popped, RulingReason::DelayNow, None, "A delay less than 3 hours before departure."),
        (Popped, RulingReason::RuleRaised, Some("Watch: LAX"), "Your rule “Watch: LAX” asks for a toast."),
        (Silenced, RulingReason::RuleSilenced, Some("{ $x }"), "Your rule “{ $x }” silences it."),
        (
            Popped,
            RulingReason::DelayNow,
            Some("Watch: LAX"),
            "A delay less than 3 hours before departure. Your rule “Watch: LAX” asked for it, too.",
        ),
        (Merged, RulingReason::Payment, None, "A payment was received. Told by the toast that was there already."),
        (Merged, RulingReason::Storm, None, "Many came at once: told with others in one toast."),
    ] {
        assert_eq!(said(code, reason, rule), sentence);
    }
}

#[test]
fn buttons_and_the_menu_say_what_they_do() {
    let labels = |language| {
        let buttons = [ToastAction::Open, ToastAction::Snooze, ToastAction::Mute];
        [buttons.map(|action| button(action, "flight:f", language)).join(", "), {
            button(ToastAction::Mute, "booking:b", language)
        }]
    };
    assert_eq!(labels(Language::En), ["Open, Snooze 1 h, Mute this flight", "Mute this booking"]);
    assert_eq!(labels(Language::De), ["Öffnen, In 1 h erinnern, Flug stummschalten", "Buchung stummschalten"]);
    assert_eq!(tray_title(0, true, Language::En), "Gatecall demo: nothing unread");
    assert_eq!(tray_title(3, false, Language::De), "Gatecall: 3 ungelesen");
}
