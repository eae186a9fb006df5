use super::*;

fn now() -> Timestamp {
    "2025-11-10T12:00:00Z".parse().expect("a time")
}

fn traveler<'a>() -> Context<'a> {
    Context {
        audience: Audience::Traveler,
        booking: None,
        departure: None,
        toasts: true,
        toast_alive: false,
        recent_popups: 0,
        now: now(),
    }
}

fn booking(change: BookingChange, status: Option<&str>) -> Event {
    Event::Booking(BookingEvent {
        change,
        booking_id: "b".into(),
        pnr: None,
        status: status.map(str::to_owned),
        flight_number: None,
        origin: None,
        destination: None,
        total: None,
        passengers: None,
    })
}

fn flight_to(status: &str) -> Event {
    Event::Flight(FlightEvent {
        flight_id: "f".into(),
        flight_number: None,
        old_status: None,
        new_status: status.into(),
        affected_bookings: vec![],
    })
}

fn verdict(event: &Event, context: &Context<'_>) -> (OutcomeCode, Urgency) {
    let decision = decide(event, context);
    (decision.outcome.code, decision.urgency)
}

use OutcomeCode::{InboxOnly, Merged, OverBudget, Popped};
use Urgency::{Critical, Low, Normal};

#[test]
fn a_delay_grows_urgent_towards_departure() {
    let cases = [
        (Some(SignedDuration::from_mins(179)), (Popped, Critical)),
        (Some(SignedDuration::from_mins(-30)), (Popped, Critical)),
        (Some(SignedDuration::from_hours(3)), (Popped, Normal)),
        (Some(SignedDuration::from_mins(24 * 60 - 1)), (Popped, Normal)),
        (Some(SignedDuration::from_hours(24)), (InboxOnly, Low)),
        (Some(SignedDuration::from_hours(-25)), (InboxOnly, Low)),
        (None, (Popped, Normal)),
    ];
    for (left, expected) in cases {
        let departure = left.map(|left| now() + left);
        assert_eq!(verdict(&flight_to("DELAYED"), &Context { departure, ..traveler() }), expected, "{left:?}");
    }
}

#[test]
fn travelers_and_agents_hear_different_things() {
    let agent = Context { audience: Audience::Agent, ..traveler() };
    let cases = [
        (booking(BookingChange::Created, None), (Popped, Normal), (InboxOnly, Low)),
        (booking(BookingChange::Confirmed, None), (Popped, Normal), (InboxOnly, Low)),
        (booking(BookingChange::Cancelled, None), (Popped, Critical), (Popped, Normal)),
        (flight_to("CANCELLED"), (Popped, Critical), (Popped, Critical)),
        (flight_to("DELAYED"), (Popped, Normal), (Popped, Normal)),
        (flight_to("DEPARTED"), (InboxOnly, Low), (InboxOnly, Low)),
        (flight_to("LANDED"), (Popped, Low), (InboxOnly, Low)),
        (flight_to("DIVERTED"), (Popped, Normal), (InboxOnly, Low)),
    ];
    for (event, for_traveler, for_agent) in cases {
        assert_eq!(verdict(&event, &traveler()), for_traveler, "{event:?}");
        assert_eq!(verdict(&event, &agent), for_agent, "{event:?}");
    }
}

#[test]
fn an_update_speaks_up_only_when_the_status_changed() {
    let known = Booking { status: Some("CONFIRMED".into()), ..Booking::new("b") };
    let context = Context { booking: Some(&known), ..traveler() };
    assert_eq!(verdict(&booking(BookingChange::Updated, Some("CONFIRMED")), &context).0, InboxOnly);
    assert_eq!(verdict(&booking(BookingChange::Updated, None), &context).0, InboxOnly);
    assert_eq!(verdict(&booking(BookingChange::Updated, Some("FAILED")), &context), (Popped, Normal));
    assert_eq!(verdict(&booking(BookingChange::Updated, Some("CANCELLED")), &context), (Popped, Critical));
    assert_eq!(verdict(&booking(BookingChange::Updated, Some("CONFIRMED")), &traveler()).0, InboxOnly);
}

#[test]
fn the_budget_holds_back_all_but_the_urgent() {
    let full = Context { recent_popups: POPUPS_PER_WINDOW, ..traveler() };
    assert_eq!(verdict(&booking(BookingChange::Created, None), &full).0, OverBudget);
    assert_eq!(verdict(&booking(BookingChange::Cancelled, None), &full).0, Popped);
    let replacing = Context { toast_alive: true, ..full };
    assert_eq!(verdict(&booking(BookingChange::Confirmed, None), &replacing).0, Merged);
}

#[test]
fn switched_off_means_off() {
    let off = Context { toasts: false, ..traveler() };
    assert_eq!(verdict(&booking(BookingChange::Cancelled, None), &off), (InboxOnly, Critical));
}
