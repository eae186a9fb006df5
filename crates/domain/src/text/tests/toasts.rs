use jiff::SignedDuration;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::burst_summary::BurstSummary;
use crate::event::EventKind;
use crate::money::Money;
use crate::outcome::OutcomeCode;
use crate::sanitize;
use crate::toast::{Privacy, ToastStep, Urgency};
use crate::view::Notification;

pub(super) fn row(kind: EventKind, status: Option<&str>, title: &str, body: &str) -> Notification {
    let urgency = match status {
        Some("CANCELLED" | "DELAYED") => Urgency::Critical,
        _ => Urgency::Normal,
    };
    Notification {
        id: 1,
        channel: String::new(),
        kind,
        received_at: at("2026-03-02T13:02:00Z"),
        timestamp: None,
        read: false,
        booking_id: None,
        pnr: Some("ABC123".into()),
        flight_id: None,
        flight_number: Some("AA123".into()),
        origin: Some("JFK".into()),
        destination: Some("LAX".into()),
        status: status.map(str::to_owned),
        amount: None,
        urgency,
        title: title.to_owned(),
        body: body.to_owned(),
        outcome: outcome(&Ruling::new(OutcomeCode::Popped, RulingReason::Payment), Language::En),
        repeats: 0,
        thread: None,
        away: None,
        done: false,
        reconstructed: false,
        rooms: crate::rooms::Rooms::default(),
    }
}

pub(super) fn step(kind: EventKind, status: Option<&str>) -> ToastStep {
    let amount =
        (kind == EventKind::PaymentCompleted).then(|| Money { value: "450.00".into(), currency: "USD".into() });
    // 14:02 in Berlin, a Monday.
    ToastStep { kind, from: None, status: status.map(str::to_owned), amount, at: at("2026-03-02T13:02:00Z") }
}

pub(super) fn content<'a>(row: &'a Notification, steps: &'a [ToastStep]) -> ToastContent<'a> {
    ToastContent { row, steps, audience: Audience::Traveler, departure: None, bookings: 1, quiet_updates: 0 }
}

fn told_in(content: &ToastContent<'_>, language: Language) -> (String, String) {
    let text = toast(content, Privacy::Full, &locale(language, "Europe/Berlin"));
    (text.title, text.body)
}

fn english(content: &ToastContent<'_>) -> (String, String) {
    told_in(content, Language::En)
}

fn pair(title: &str, body: &str) -> (String, String) {
    (title.to_owned(), body.to_owned())
}

#[test]
fn one_step_is_told_as_its_row() {
    let row = row(EventKind::BookingConfirmed, Some("CONFIRMED"), "Booking ABC123 confirmed", "AA123 JFK → LAX");
    let steps = [step(EventKind::BookingConfirmed, Some("CONFIRMED"))];
    assert_eq!(english(&content(&row, &steps)), pair("Booking ABC123 confirmed", "AA123 JFK → LAX"));
    let twice = [steps[0].clone(), steps[0].clone()];
    assert_eq!(english(&content(&row, &twice)), pair("Booking ABC123 confirmed", "AA123 JFK → LAX"));
}

#[test]
fn steps_of_a_booking_are_one_sentence() {
    let (created, paid, confirmed) = (
        step(EventKind::BookingCreated, None),
        step(EventKind::PaymentCompleted, None),
        step(EventKind::BookingConfirmed, None),
    );
    let row = row(EventKind::BookingConfirmed, Some("CONFIRMED"), "Booking ABC123 confirmed", "AA123 JFK → LAX");
    let all = [created.clone(), paid.clone(), confirmed.clone()];
    assert_eq!(
        english(&content(&row, &all)),
        pair("Booking ABC123: booked, paid, confirmed", "450.00 USD · AA123 JFK → LAX")
    );
    assert_eq!(
        told_in(&content(&row, &all), Language::De),
        pair("Buchung ABC123: gebucht, bezahlt, bestätigt", "450.00 USD · AA123 JFK → LAX")
    );
    for two in [[paid.clone(), confirmed.clone()], [confirmed.clone(), paid.clone()]] {
        assert_eq!(english(&content(&row, &two)), pair("Paid 450.00 USD, booking ABC123 confirmed", "AA123 JFK → LAX"));
    }
    let repeated = [created.clone(), paid.clone(), confirmed.clone(), paid.clone()];
    assert_eq!(english(&content(&row, &repeated)).0, "Booking ABC123: booked, confirmed, paid");
    let nameless = Notification { pnr: None, ..row.clone() };
    assert_eq!(english(&content(&nameless, &all)).0, "Your booking: booked, paid, confirmed");
    let desk = ToastContent { audience: Audience::Agent, ..content(&nameless, &all) };
    assert_eq!(english(&desk).0, "A booking: booked, paid, confirmed");
    let problem = [created, step(EventKind::PaymentCompleted, Some("FAILED"))];
    assert_eq!(english(&content(&row, &problem)).0, "Booking ABC123: booked, payment failed");
    let odd = [paid, step(EventKind::BookingUpdated, Some("ON_HOLD"))];
    assert_eq!(english(&content(&row, &odd)).0, "Booking ABC123: paid, on hold");
}

#[test]
fn a_cancellation_is_the_title_and_the_way_to_it_the_body() {
    let row = row(EventKind::BookingCancelled, Some("CANCELLED"), "Booking ABC123 cancelled", "AA123 JFK → LAX");
    let steps = [
        step(EventKind::BookingCreated, None),
        step(EventKind::BookingConfirmed, None),
        step(EventKind::BookingCancelled, None),
    ];
    assert_eq!(
        english(&content(&row, &steps)),
        pair("Booking ABC123 cancelled", "Booked → Confirmed → Cancelled · AA123 JFK → LAX · as of 14:02")
    );
    assert_eq!(
        english(&content(&row, &steps[2..])),
        pair("Booking ABC123 cancelled", "AA123 JFK → LAX · as of 14:02"),
        "critical news has its time"
    );
}

#[test]
fn a_flight_tells_its_way() {
    let row = row(
        EventKind::FlightStatus,
        Some("DEPARTED"),
        "AA123 to LAX departed",
        "Was delayed · JFK → LAX · 3 bookings on board",
    );
    let flight = |status| step(EventKind::FlightStatus, Some(status));
    let steps = [flight("SCHEDULED"), flight("DELAYED"), flight("DELAYED"), flight("DE_ICING"), flight("DEPARTED")];
    let content = ToastContent { quiet_updates: 4, bookings: 3, ..content(&row, &steps) };
    assert_eq!(
        english(&content),
        pair(
            "AA123 to LAX departed",
            "Scheduled → Delayed → de icing → Departed · JFK → LAX · 3 bookings on board · as of 14:02 (+4 quiet updates)"
        )
    );
    assert_eq!(
        told_in(&content, Language::De).1,
        "Planmäßig → Verspätet → de icing → Gestartet · JFK → LAX · 3 Buchungen an Bord · Stand 14:02 (+4 stille Änderungen)"
    );
    let known = [ToastStep { from: Some("DELAYED".into()), ..steps[4].clone() }];
    let began = ToastContent { steps: &known, quiet_updates: 0, ..content };
    assert_eq!(english(&began).1, "Delayed → Departed · JFK → LAX · 3 bookings on board · as of 14:02");
    let one = ToastContent { steps: &steps[4..], quiet_updates: 1, ..content };
    assert_eq!(english(&one).1, "Was delayed · JFK → LAX · 3 bookings on board · as of 14:02 (+1 quiet update)");
}

#[test]
fn a_departure_is_told_by_both_clocks() {
    let body = |status, origin: &str, departure: &str, zone: &str, language| {
        let row = Notification {
            origin: Some(origin.to_owned()),
            ..row(EventKind::FlightStatus, Some(status), "AA123 to LAX", "JFK → LAX")
        };
        let steps = [step(EventKind::FlightStatus, Some(status))];
        let content = ToastContent { departure: Some(at(departure)), ..content(&row, &steps) };
        toast(&content, Privacy::Full, &locale(language, zone)).body
    };
    let (today, tomorrow) = ("2026-03-02T19:05:00Z", "2026-03-03T19:05:00Z");
    let berlin = "Europe/Berlin";
    for (status, origin, departure, zone, language, content) in [
        ("SCHEDULED", "JFK", today, berlin, Language::En, "Departs 14:05 in New York/JFK (20:05 here)"),
        ("SCHEDULED", "JFK", tomorrow, berlin, Language::En, "Departs Tue 14:05 in New York/JFK (20:05 here)"),
        ("SCHEDULED", "JFK", tomorrow, berlin, Language::De, "Abflug Di 14:05 in New York/JFK (hier 20:05)"),
        ("SCHEDULED", "JFK", today, "America/New_York", Language::En, "Departs 14:05"),
        ("SCHEDULED", "MUC", today, berlin, Language::De, "Abflug 20:05"),
        ("SCHEDULED", "GVA", today, "Asia/Tokyo", Language::De, "Abflug 20:05 in Genf/GVA (hier Di 04:05)"),
        ("SCHEDULED", "XXX", today, berlin, Language::En, "Departs 20:05 your time"),
        ("SCHEDULED", "MUC", "2026-03-14T19:05:00Z", berlin, Language::En, "Departs 14 Mar 20:05"),
        ("SCHEDULED", "MUC", "2026-03-01T19:05:00Z", berlin, Language::De, "Abflug 1. März 20:05"),
        ("DELAYED", "MUC", today, berlin, Language::En, "Planned departure 20:05"),
        ("CANCELLED", "MUC", today, berlin, Language::En, "Was to depart 20:05"),
        ("DE_ICING", "MUC", today, berlin, Language::En, "Departs 20:05"),
    ] {
        let said = body(status, origin, departure, zone, language);
        assert_eq!(said.split(" · ").nth(1), Some(content), "{said}");
    }
    for status in ["DEPARTED", "IN_FLIGHT", "LANDED"] {
        assert_eq!(body(status, "JFK", today, berlin, Language::En), "JFK → LAX · as of 14:02");
    }
}

fn storm_of(counts: [u64; 4]) -> BurstSummary {
    let [bookings_cancelled, flights_cancelled, flights_delayed, others] = counts;
    BurstSummary {
        bookings_cancelled,
        flights_cancelled,
        flights_delayed,
        others,
        bookings_hit: 41,
        flights: vec![("AA123".into(), 21), ("BA9".into(), 9)],
        more_flights: 4,
        lasted: SignedDuration::from_secs(125),
        is_over: false,
    }
}

fn storm_said(sums: &BurstSummary, language: Language) -> (String, String) {
    let text = burst(sums, Audience::Agent, Privacy::Full, &locale(language, "UTC"));
    (text.title, text.body)
}

#[test]
fn a_storm_is_a_sentence() {
    let flights = "AA123 (21), BA9 (9), 4 more flights";
    assert_eq!(
        storm_said(&BurstSummary { bookings_hit: 37, ..storm_of([37, 0, 0, 0]) }, Language::En),
        pair("37 cancellations in 2 min", flights)
    );
    assert_eq!(
        storm_said(&storm_of([37, 3, 12, 0]), Language::En),
        (
            "52 changes in 2 min".to_owned(),
            format!(
                "37 bookings cancelled, 3 flights cancelled, 12 flights delayed · {flights} · 41 bookings affected"
            )
        )
    );
    assert_eq!(
        storm_said(&storm_of([37, 0, 0, 5]), Language::En).0,
        "42 changes in 2 min: 37 bookings cancelled, 5 other changes"
    );
    assert_eq!(
        storm_said(&BurstSummary { is_over: true, ..storm_of([0, 1, 0, 0]) }, Language::De),
        pair("Vorbei: 1 Flug gestrichen in 2 min", "AA123 (21), BA9 (9), 4 weitere Flüge · 41 Buchungen betroffen")
    );
    for (seconds, said) in [(0, "1 s"), (59, "59 s"), (60, "1 min"), (3_599, "1 h"), (5_400, "1 h 30 min")] {
        let sums = BurstSummary { lasted: SignedDuration::from_secs(seconds), ..storm_of([2, 0, 0, 0]) };
        assert_eq!(storm_said(&sums, Language::En).0, format!("2 cancellations in {said}"));
    }
}

proptest! {
    #[test]
    fn a_storm_adds_up(counts in [0..1_000u64, 0..1_000u64, 0..1_000u64, 0..1_000u64], is_over: bool) {
        for language in Language::ALL {
            let (title, body) = storm_said(&BurstSummary { is_over, ..storm_of(counts) }, *language);
            let said = format!("{title} · {body}");
            let number = |part: &str| part.split(' ').find_map(|word| word.parse::<u64>().ok());
            let counted = said.split(['·', ',', ':']).map(str::trim).filter_map(number).collect::<Vec<_>>();
            for count in counts.into_iter().filter(|count| *count > 0) {
                prop_assert!(counted.contains(&count), "{count}: {said}");
            }
            let shown = counts.into_iter().filter(|count| *count > 0).count();
            prop_assert!(shown < 2 || counted.contains(&counts.iter().sum()), "{said}");
        }
    }

    #[test]
    fn whatever_it_tells_it_fits(
        pieces in prop::collection::vec(any::<String>(), 8),
        statuses in prop::collection::vec(prop::option::of("[A-Z_]{0,60}"), 1..20),
        kind in kinds(),
        departure in prop::option::of(0..4_000_000_000i64),
        quiet_updates: u32,
    ) {
        let steps: Vec<_> = statuses.iter().map(|status| step(kind, status.as_deref())).collect();
        let row = arbitrary_row(kind, &pieces);
        let departure = departure.and_then(|second| Timestamp::from_second(second).ok());
        for (audience, language) in [(Audience::Traveler, Language::En), (Audience::Agent, Language::De)] {
            let content = ToastContent { row: &row, steps: &steps, audience, departure, bookings: 3, quiet_updates };
            let text = toast(&content, Privacy::Full, &locale(language, "Asia/Kathmandu"));
            sanitize::check(&text.title, TITLE_GRAPHEMES);
            sanitize::check(&text.body, BODY_GRAPHEMES);
        }
    }

    #[test]
    fn masked_tells_nothing(
        pieces in prop::collection::vec(any::<String>(), 8),
        kind in kinds(),
        quiet_updates: u32,
        counts in [any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>()],
    ) {
        let steps = [step(kind, Some(&pieces[0])), step(kind, Some("CANCELLED"))];
        let row = arbitrary_row(kind, &pieces);
        for (audience, booking, flight, many) in [
            (Audience::Traveler, "Your booking changed", "Your flight changed", "Several of your bookings changed"),
            (Audience::Agent, "A booking changed", "A flight changed", "Several bookings changed"),
        ] {
            let departure = Some(at("2026-03-02T19:05:00Z"));
            let content = ToastContent { row: &row, steps: &steps, audience, departure, bookings: 3, quiet_updates };
            let sums = BurstSummary { flights: vec![(pieces[0].clone(), 3)], ..storm_of(counts.map(u64::from)) };
            for privacy in [Privacy::Masked, Privacy::Nothing] {
                let locale = locale(Language::En, "UTC");
                let title = if kind == EventKind::FlightStatus { flight } else { booking };
                // Not a letter of it depends on the row.
                prop_assert_eq!(toast(&content, privacy, &locale), Text { title: title.into(), body: String::new() });
                prop_assert_eq!(
                    burst(&sums, audience, privacy, &locale),
                    Text { title: many.into(), body: String::new() }
                );
            }
        }
    }
}

pub(super) const KINDS: [EventKind; 7] = [
    EventKind::BookingCreated,
    EventKind::BookingConfirmed,
    EventKind::BookingUpdated,
    EventKind::BookingCancelled,
    EventKind::FlightStatus,
    EventKind::PaymentCompleted,
    EventKind::Unknown,
];

fn kinds() -> impl Strategy<Value = EventKind> {
    prop::sample::select(&KINDS[..])
}

fn arbitrary_row(kind: EventKind, pieces: &[String]) -> Notification {
    let piece = |n: usize| Some(pieces[n].clone());
    Notification {
        pnr: piece(0),
        flight_number: piece(1),
        origin: piece(2),
        destination: piece(3),
        status: piece(4),
        amount: Some(Money { value: pieces[5].clone(), currency: pieces[6].clone() }),
        ..row(kind, None, &pieces[6], &pieces[7])
    }
}

#[test]
fn a_long_way_loses_its_beginning_and_a_long_title_its_first_steps() {
    let row = row(EventKind::FlightStatus, Some("CANCELLED"), "AA123 to LAX cancelled", "");
    let many: Vec<_> = (0..20)
        .map(|n| step(EventKind::FlightStatus, Some(if n % 2 == 0 { "DELAYED" } else { "SCHEDULED" })))
        .collect();
    let (_, body) = english(&content(&row, &many));
    assert!(body.starts_with("… → Delayed → Scheduled → ") && body.ends_with(" · JFK → LAX · as of 14:02"), "{body}");
    let steps: Vec<_> =
        (0..8).map(|n| step(EventKind::BookingUpdated, Some(&format!("A_RATHER_LONG_STATE_{n}")))).collect();
    let booking = Notification { kind: EventKind::BookingUpdated, ..row };
    let (title, _) = english(&content(&booking, &steps));
    assert!(title.ends_with("a rather long state 7") && title.graphemes(true).count() <= 80, "{title}");
}
