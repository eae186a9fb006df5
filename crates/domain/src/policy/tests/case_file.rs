//! Reads the lines of `cases.txt`.

use jiff::SignedDuration;
use jiff::civil::Time;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;
use crate::event::{BookingChange, BookingEvent, EventKind, FlightEvent, PaymentEvent};
use crate::rules::{Day, Route, RuleCondition};

/// What a case begins with.
pub struct Given {
    event: Event,
    kind: EventKind,
    audience: Audience,
    before: Option<Booking>,
    departure: Option<Timestamp>,
    preferences: ToastPreferences,
    thread: Thread,
    recent_popups: u32,
    burst: bool,
    now: Timestamp,
    zone: TimeZone,
    pnr: Option<String>,
    flight: Option<String>,
    route: Route,
    amount: Option<rust_decimal::Decimal>,
}

/// What a case ends with.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    pub code: OutcomeCode,
    pub reason: RulingReason,
    urgency: Urgency,
    presentation: Presentation,
}

/// A value by its serialised name.
fn named<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(Value::String(name.to_owned())).unwrap_or_else(|error| panic!("{name}: {error}"))
}

impl Given {
    /// `<T|A> <event> <circumstances…>`
    pub fn read(text: &str) -> Self {
        let mut words = text.split_whitespace();
        let audience = match words.next() {
            Some("T") => Audience::Traveler,
            Some("A") => Audience::Agent,
            other => panic!("T or A, not {other:?}"),
        };
        let (event, kind) = event(words.next().expect("an event"));
        let mut given = Self {
            event,
            kind,
            audience,
            before: None,
            departure: None,
            preferences: ToastPreferences::default(),
            thread: Thread::default(),
            recent_popups: 0,
            burst: false,
            now: "2025-11-10T12:00:00Z".parse().expect("a time"),
            zone: TimeZone::UTC,
            pnr: None,
            flight: None,
            route: Route::default(),
            amount: None,
        };
        for word in words {
            given.add(word);
        }
        given
    }

    fn add(&mut self, word: &str) {
        let (name, value) = word.split_once(':').unwrap_or((word, ""));
        match name {
            "muted" => self.thread.muted = true,
            "snoozed" => self.thread.snoozed = true,
            "off" => self.preferences.no_toasts = true,
            "privacy" => self.preferences.privacy = named(value),
            "held" => self.thread.toast = ToastState::Delayed(named(value), 1),
            "shown" => self.thread.toast = ToastState::Shown(named(value), 1),
            "filed" => self.thread.toast = ToastState::Filed,
            "today" => self.thread.popups_today = value.parse().expect("a count"),
            "recent" => self.recent_popups = value.parse().expect("a count"),
            "storm" => self.burst = true,
            "reversals" => self.thread.reversals = value.parse().expect("a count"),
            "told" => self.thread.was_shown = true,
            "before" => self.before = Some(Booking { status: Some(value.to_owned()), ..Booking::new("b") }),
            "departs" => self.departure = Some(self.now + value.parse::<SignedDuration>().expect("a duration")),
            "now" => self.now = value.parse().expect("a time"),
            "zone" => self.zone = TimeZone::get(value).expect("a zone"),
            "quiet" => self.preferences.quiet_hours = Some(quiet_hours(value)),
            "rule" => self.preferences.rules.push(rule(value)),
            "pnr" => self.pnr = Some(value.to_owned()),
            "flight" => self.flight = Some(value.to_owned()),
            "route" => self.route = route(value),
            "amount" => self.amount = Some(value.parse().expect("an amount")),
            other => panic!("what is {other}?"),
        }
    }

    pub fn decide(&self) -> Decision {
        let status = match &self.event {
            Event::Booking(event) => event.status.as_deref(),
            Event::Payment(event) => event.status.as_deref(),
            Event::Flight(event) => Some(event.new_status.as_str()),
        };
        decide(&DecisionInput {
            event: &self.event,
            audience: self.audience,
            before: self.before.as_ref(),
            traits: RuleInput {
                kind: Some(self.kind),
                pnr: self.pnr.as_deref(),
                flight: self.flight.as_deref(),
                origin: self.route.origin.as_deref(),
                destination: self.route.destination.as_deref(),
                status,
                amount: self.amount,
            },
            departure: self.departure,
            preferences: &self.preferences,
            thread: self.thread,
            recent_popups: self.recent_popups,
            burst: self.burst,
            now: self.now,
            zone: &self.zone,
        })
    }
}

impl Verdict {
    /// `<code> <reason> <urgency> <presentation>`
    pub fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [code, reason, urgency, presentation] = words[..] else { panic!("four words, not {text:?}") };
        let toast =
            |alerts, secs: u64| Presentation::Toast { alerts, hold: (secs > 0).then(|| Duration::from_secs(secs)) };
        let presentation = match presentation {
            "-" => Presentation::Nothing,
            "pops" => toast(true, 0),
            "silently" => toast(false, 0),
            "joins" => Presentation::Join,
            "counts" => Presentation::Burst,
            held => toast(true, held.strip_prefix("waits:").expect("waits:<secs>").parse().expect("seconds")),
        };
        Self { code: named(code), reason: named(reason), urgency: named(urgency), presentation }
    }

    pub fn of(decision: &Decision) -> Self {
        let Decision { urgency, ruling, presentation } = decision;
        Self { code: ruling.code, reason: ruling.reason, urgency: *urgency, presentation: *presentation }
    }
}

pub fn event(text: &str) -> (Event, EventKind) {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let status = (!value.is_empty()).then(|| value.to_owned());
    let booking = |change, kind| {
        let event = BookingEvent {
            change,
            booking_id: "b".into(),
            pnr: None,
            status: status.clone(),
            flight_number: None,
            origin: None,
            destination: None,
            total: None,
            passengers: None,
        };
        (Event::Booking(event), kind)
    };
    match name {
        "created" => booking(BookingChange::Created, EventKind::BookingCreated),
        "confirmed" => booking(BookingChange::Confirmed, EventKind::BookingConfirmed),
        "updated" => booking(BookingChange::Updated, EventKind::BookingUpdated),
        "cancelled" => booking(BookingChange::Cancelled, EventKind::BookingCancelled),
        "paid" => {
            let event = PaymentEvent { booking_id: "b".into(), payment_id: None, amount: None, status };
            (Event::Payment(event), EventKind::PaymentCompleted)
        }
        "flight" => {
            let event = FlightEvent {
                flight_id: "f".into(),
                flight_number: None,
                old_status: None,
                new_status: value.to_owned(),
                affected_bookings: vec![],
            };
            (Event::Flight(event), EventKind::FlightStatus)
        }
        other => panic!("no event {other}"),
    }
}

/// `22:00-07:00`, then `/<exception>`, then `/<day>,<day>`.
fn quiet_hours(text: &str) -> QuietHours {
    let mut parts = text.split('/');
    let (from, to) = parts.next().expect("hours").split_once('-').expect("from-to");
    let time = |text: &str| text.parse::<Time>().expect("a time");
    let except = parts.next().map_or_else(QuietHoursException::default, named);
    let days = parts.next().map(|days| days.split(',').map(named::<Day>).collect()).unwrap_or_default();
    QuietHours { from: time(from), to: time(to), days, except }
}

/// `<then>` and what it fits, each as `/<name>=<value>,<value>`.
fn rule(text: &str) -> Rule {
    let mut parts = text.split('/');
    let then = parts.next().expect("what it does");
    let mut rule = Rule {
        name: "rule".into(),
        enabled: !then.starts_with('!'),
        colour: None,
        when: RuleCondition::default(),
        then: named(then.trim_start_matches('!')),
    };
    for part in parts {
        let (name, values) = part.split_once('=').expect("name=values");
        let list = || values.split(',').map(str::to_owned).collect();
        match name {
            "kind" => rule.when.kinds = values.split(',').map(named).collect(),
            "pnr" => rule.when.pnrs = list(),
            "flight" => rule.when.flights = list(),
            "route" => rule.when.routes = values.split(',').map(route).collect(),
            "status" => rule.when.statuses = list(),
            "amount" => rule.when.amount_at_least = Some(values.parse().expect("an amount")),
            other => panic!("no trait {other}"),
        }
    }
    rule
}

/// `JFK>LAX`, `JFK>` or `>LAX`.
fn route(text: &str) -> Route {
    let (origin, destination) = text.split_once('>').expect("from>to");
    let end = |code: &str| (!code.is_empty()).then(|| code.to_owned());
    Route { origin: end(origin), destination: end(destination) }
}
