//! Every function that speaks, in the pseudo language: a narrow letter that is not data was written into the code, and
//! would stay English in every language.

use jiff::SignedDuration;

use super::toasts::{KINDS, content, row, step};
use super::*;
use crate::account::ServerUrlError;
use crate::burst_summary::BurstSummary;
use crate::catalogue::tests::in_pseudo;
use crate::connection::{self, ConnectionState, LinkReasonCode};
use crate::desk::KindCount;
use crate::digest::Digest;
use crate::event::EventKind;
use crate::toast::Privacy;

/// What comes from outside the catalogue, the longest first.
const DATA: [&str; 12] =
    ["New York", "DE_ICING", "de icing", "ABC123", "AA123", "RULE", "SAID", "JFK", "LAX", "USD", "BA9", "HOST"];

const KEYCHAIN: [KeychainFault; 4] =
    [KeychainFault::Locked, KeychainFault::Denied, KeychainFault::Away, KeychainFault::Silent];

#[track_caller]
fn assert_all_wide(said: &str) {
    let rest = DATA.iter().fold(said.to_owned(), |rest, data| rest.replace(data, ""));
    assert!(!rest.chars().any(|c| c.is_ascii_alphabetic()), "written into the code: {said}");
}

#[track_caller]
fn assert_wide(speak: impl FnOnce() -> Text) {
    let text = in_pseudo(speak);
    assert!(!text.title.is_empty());
    assert_all_wide(&text.title);
    assert_all_wide(&text.body);
}

#[test]
fn rows() {
    let booking = known();
    for channel in ["booking:created", "booking:confirmed", "booking:updated", "booking:cancelled", "payment:completed"]
    {
        let of_payments = ["SUCCEEDED", "REFUNDED", "PARTIALLY_REFUNDED", "PROCESSING"];
        let of_bookings = ["CONFIRMED", "CANCELLED", "COMPLETED"];
        let own: &[&str] = if channel.starts_with("payment") { &of_payments } else { &of_bookings };
        for status in own.iter().chain(&["DE_ICING", "PENDING", "FAILED"]) {
            let data = format!(r#"{{"bookingId":"b","status":"{status}","amount":1,"currency":"USD"}}"#);
            for (known, audience) in
                [(Some(&booking), Audience::Traveler), (None, Audience::Traveler), (None, Audience::Agent)]
            {
                assert_wide(|| render(&event(channel, &data), known, None, audience, Language::En));
            }
        }
    }
    for status in ["SCHEDULED", "DELAYED", "DEPARTED", "IN_FLIGHT", "LANDED", "CANCELLED", "DE_ICING"] {
        let data =
            format!(r#"{{"flightId":"f","oldStatus":"{status}","newStatus":"{status}","affectedBookings":["a","b"]}}"#);
        let other = data.replacen(status, "IN_FLIGHT", 1);
        for data in [data, other] {
            for flight in [None, Some(&booking.flight)] {
                let event = event("flight:status-changed", &data);
                assert_wide(|| render(&event, None, flight, Audience::Agent, Language::En));
            }
        }
    }
    for known_channel in [true, false] {
        assert_wide(|| unreadable("SAID", known_channel, Language::En));
    }
}

#[test]
fn toasts() {
    let flight = [
        step(EventKind::FlightStatus, Some("SCHEDULED")),
        step(EventKind::FlightStatus, Some("DE_ICING")),
        step(EventKind::FlightStatus, Some("DELAYED")),
    ];
    let booking = [
        step(EventKind::BookingCreated, None),
        step(EventKind::PaymentCompleted, None),
        step(EventKind::PaymentCompleted, Some("DE_ICING")),
        step(EventKind::PaymentCompleted, Some("FAILED")),
        step(EventKind::PaymentCompleted, Some("REFUNDED")),
        step(EventKind::BookingUpdated, None),
        step(EventKind::BookingUpdated, Some("COMPLETED")),
        step(EventKind::BookingConfirmed, None),
        step(EventKind::BookingCancelled, None),
    ];
    for departure in ["2026-03-02T19:05:00Z", "2026-03-03T19:05:00Z", "2026-05-03T19:05:00Z"] {
        for origin in ["JFK", "LAX", "HOST"] {
            let mut row = row(EventKind::FlightStatus, Some("DELAYED"), "ABC123", "3 bookings on board");
            row.origin = Some(origin.to_owned());
            let content = ToastContent { departure: Some(at(departure)), quiet_updates: 2, ..content(&row, &flight) };
            let zone = "America/Los_Angeles";
            assert_wide_but(&["Los Angeles"], || toast(&content, Privacy::Full, &locale(Language::En, zone)));
        }
    }
    let row = row(EventKind::BookingCancelled, Some("CANCELLED"), "ABC123", "ABC123");
    for from in 0..booking.len() {
        for to in from + 1..=booking.len() {
            for audience in [Audience::Traveler, Audience::Agent] {
                let content = ToastContent { audience, ..content(&row, &booking[from..to]) };
                for privacy in [Privacy::Full, Privacy::Masked] {
                    assert_wide(|| toast(&content, privacy, &locale(Language::En, "UTC")));
                }
            }
        }
    }
    assert_wide(|| test_toast(Language::En));
    for privacy in [Privacy::Full, Privacy::Masked] {
        let flight = Flight { departure: Some(at("2026-03-02T19:05:00Z")), ..known().flight };
        assert_wide(|| offline(&flight, privacy, at("2026-03-02T13:02:00Z"), &locale(Language::En, "UTC")));
    }
    for action in [ToastAction::Open, ToastAction::Snooze, ToastAction::Mute] {
        assert_all_wide(&in_pseudo(|| button(action, "flight:f", Language::En)));
    }
}

#[track_caller]
fn assert_wide_but(data: &[&str], speak: impl FnOnce() -> Text) {
    let text = in_pseudo(speak);
    for said in [text.title, text.body] {
        assert_all_wide(&data.iter().fold(said, |rest, data| rest.replace(data, "")));
    }
}

#[test]
fn storms_and_digests() {
    for mask in 0..16u64 {
        let count = |bit: u64| (mask >> bit & 1) * 7;
        for lasted in [3, 120, 3_600, 5_400] {
            let sums = BurstSummary {
                bookings_cancelled: count(0),
                flights_cancelled: count(1),
                flights_delayed: count(2),
                others: count(3),
                bookings_hit: 41,
                flights: vec![("AA123".into(), 21), ("BA9".into(), 9)],
                more_flights: 4,
                lasted: SignedDuration::from_secs(lasted),
                is_over: mask.is_multiple_of(3),
            };
            for privacy in [Privacy::Full, Privacy::Masked] {
                assert_wide(|| burst(&sums, Audience::Traveler, privacy, &locale(Language::En, "UTC")));
            }
        }
    }
    for (bookings, flights, events) in [(0, 0, 0), (0, 0, 2), (2, 0, 2), (0, 2, 2), (1, 2, 3)] {
        for from in [None, Some(at("2026-03-02T06:47:00Z")), Some(at("2026-03-01T22:14:00Z"))] {
            for late in [false, true] {
                let digest = Digest {
                    from,
                    to: at("2026-03-02T06:47:00Z"),
                    verified_at: at("2026-03-02T06:47:02Z"),
                    bookings,
                    flights,
                    events,
                    worst: vec!["ABC123".into()],
                    late,
                    reconstructed: true,
                    incomplete: true,
                };
                assert_wide(|| digest.render(&locale(Language::En, "UTC")));
            }
        }
    }
}

#[test]
fn rulings() {
    for reason in RulingReason::ALL {
        for rule in [None, Some("RULE".to_owned())] {
            let with_rule = Ruling { rule, ..Ruling::new(OutcomeCode::Merged, *reason) };
            assert_all_wide(&in_pseudo(|| ruling(&with_rule, Language::En)));
        }
    }
}

#[test]
fn tray_and_connection() {
    let reason = connection::LinkReason::new(LinkReasonCode::OwnFault, "SAID");
    let states = [
        ConnectionState::Starting,
        ConnectionState::Connecting { attempt: 1 },
        ConnectionState::Online { since: Timestamp::UNIX_EPOCH },
        ConnectionState::Waiting { retry_at: Timestamp::UNIX_EPOCH, reason: reason.clone() },
        ConnectionState::SignInNeeded { reason },
        ConnectionState::Paused,
    ];
    for state in &states {
        assert_all_wide(&in_pseudo(|| link(state, Language::En)));
    }
    for entry in [
        MenuEntry::Open,
        MenuEntry::MarkAllRead,
        MenuEntry::TryNow,
        MenuEntry::Pause,
        MenuEntry::Resume,
        MenuEntry::Quit,
    ] {
        assert_all_wide(&in_pseudo(|| menu(entry, Language::En)));
    }
    for unread in [0, 1, 2] {
        assert_all_wide(&in_pseudo(|| tray_title(unread, unread == 1, Language::En)));
    }
}

#[test]
fn connection_problems() {
    let stages = [
        Stage::Name,
        Stage::Opening,
        Stage::Proxy,
        Stage::Securing,
        Stage::WebSocket,
        Stage::Greeting,
        Stage::Namespace,
    ];
    let certificates = [
        CertificateFault::Expired,
        CertificateFault::NotValidYet,
        CertificateFault::OtherName,
        CertificateFault::UnknownIssuer,
        CertificateFault::Revoked,
        CertificateFault::Other("SAID"),
    ];
    let mut problems = vec![
        Problem::NoNetwork,
        Problem::NameUnresolved("HOST"),
        Problem::NothingAnswers("HOST"),
        Problem::ProxyUnreachable("HOST"),
        Problem::ProxySignIn(Some("HOST")),
        Problem::ProxySignIn(None),
        Problem::ProxyStatus("HOST", 500),
        Problem::ProxyMute("HOST"),
        Problem::ProxyUnsupported("HOST"),
        Problem::NotSecured("HOST"),
        Problem::Busy(503),
        Problem::SentOn("HOST", "HOST"),
        Problem::OtherStatus("HOST", 404),
        Problem::NotSocketIo("HOST"),
        Problem::Refused("SAID"),
        Problem::NoAnswer("HOST", None),
        Problem::ServerEnded,
        Problem::Closed,
        Problem::Lost,
        Problem::Silent,
        Problem::TooLarge(17),
        Problem::Protocol,
        Problem::NotAService("HOST"),
        Problem::NotSignedIn,
        Problem::TokenRefused(None),
        Problem::TokenRefused(Some("")),
        Problem::TokenRefused(Some("SAID")),
        Problem::NetworkChanged,
        Problem::Unverified("SAID"),
        Problem::Unwanted,
        Problem::InboxFull,
        Problem::Unkept("SAID"),
        Problem::Toasts("SAID"),
        Problem::Settings("SAID"),
        Problem::Rescued { restored: true, path: "SAID" },
        Problem::Rescued { restored: false, path: "SAID" },
        Problem::OwnFault,
    ];
    problems.extend(KEYCHAIN.map(Problem::Keychain));
    problems.extend(KEYCHAIN.map(Problem::Unsaved));
    problems.extend(stages.map(|stage| Problem::NoAnswer("HOST", Some(stage))));
    problems.extend(certificates.map(Problem::Certificate));
    for one in &problems {
        assert_all_wide(&in_pseudo(|| problem(one, Language::En)));
    }
}

#[test]
fn failures() {
    let mut failures = vec![
        ActionFailure::Said("SAID"),
        ActionFailure::Address(&ServerUrlError::NotAUrl),
        ActionFailure::Address(&ServerUrlError::Scheme),
        ActionFailure::Address(&ServerUrlError::Extras),
        ActionFailure::Email,
        ActionFailure::File("SAID"),
        ActionFailure::Autostart("SAID"),
        ActionFailure::NoAutostart,
        ActionFailure::Demo("SAID"),
        ActionFailure::NoDemo,
        ActionFailure::Stopped,
        ActionFailure::Ending,
        ActionFailure::Own,
    ];
    failures.extend(KEYCHAIN.map(ActionFailure::SignInKept));
    for one in &failures {
        assert_all_wide(&in_pseudo(|| failure(one, Language::En)));
    }
    for fault in [
        InboxFault::Newer,
        InboxFault::Damaged,
        InboxFault::Unwritten("SAID"),
        InboxFault::Unread("SAID"),
        InboxFault::Unopened("SAID"),
    ] {
        assert_all_wide(&in_pseudo(|| inbox_fault(fault, Language::En)));
    }
    for fault in [ToastFault::Away("SAID"), ToastFault::Refused("SAID"), ToastFault::Silent] {
        assert_all_wide(&in_pseudo(|| toast_fault(fault, Language::En)));
    }
}

#[test]
fn a_failed_start() {
    assert_all_wide(&in_pseudo(|| start_failed(Language::En)));
}

#[test]
fn a_hand_over() {
    let at = "2026-03-01 06:00";
    for span in [ReportPeriod::All, ReportPeriod::Since(at), ReportPeriod::Until(at), ReportPeriod::Between(at, at)] {
        assert_all_wide(&in_pseudo(|| handover_title(span, Language::En)));
    }
    assert_all_wide(&in_pseudo(|| handover_server("HOST", Language::En)));
    for column in ReportColumn::ALL {
        assert_all_wide(&in_pseudo(|| handover_column(column, Language::En)));
    }
    for count in 0..3 {
        let counts = KINDS.map(|kind| KindCount { kind, count });
        assert_all_wide(&in_pseudo(|| handover_sum(&counts, Language::En)));
    }
}

#[test]
fn the_way_to_a_server() {
    let problems = [
        ServerAdvice::Unreachable("SAID"),
        ServerAdvice::Proxy("SAID"),
        ServerAdvice::Certificate("SAID"),
        ServerAdvice::NotSecured("SAID"),
        ServerAdvice::NotAService("SAID"),
        ServerAdvice::Busy("SAID"),
        ServerAdvice::NoWebSockets("HOST"),
        ServerAdvice::Plain("HOST"),
    ];
    for problem in &problems {
        assert_all_wide(&in_pseudo(|| server_problem(problem, Language::En)));
    }
    assert_eq!(server_problem(&ServerAdvice::NotAService("SAID?"), Language::En), "SAID?");
    let problems = [
        NetworkProblem::ProxyAddress,
        NetworkProblem::ProxyKind,
        NetworkProblem::ProxyPassword,
        NetworkProblem::Bypass("HOST"),
        NetworkProblem::CaUnread("SAID", "SAID"),
        NetworkProblem::CaEmpty("SAID"),
    ];
    for problem in &problems {
        assert_all_wide(&in_pseudo(|| way_problem(problem, Language::En)));
    }
}
