//! What the desk looks back at.

use super::*;

fn changed(flight: &str, status: &str, bookings: usize, secs: i64) -> NewEvent {
    let affected: Vec<_> = (0..bookings).map(|n| format!("b-{n}")).collect();
    let payload = json!({ "timestamp": at(secs).to_string(), "data": {
        "flightId": flight, "newStatus": status, "affectedBookings": affected } });
    event("flight:status-changed", &payload, at(secs + 1))
}

#[test]
fn flights_are_ranked_by_what_their_last_change_affects() {
    let mut inbox = inbox();
    let flight = Flight {
        id: Some("f-1".into()),
        number: Some("AA123".into()),
        destination: Some("LAX".into()),
        ..Flight::default()
    };
    inbox.take(&[
        changed("f-1", "DELAYED", 90, 0),
        changed("f-2", "DELAYED", 7, 10),
        changed("f-3", "BOARDING", 0, 20),
    ]);
    inbox.take(&[changed("f-1", "CANCELLED", 5, 30)]);
    // What came before it, and later, does not count; and what is learned afterwards changes nothing.
    inbox.take(&[changed("f-2", "SCHEDULED", 200, 5)]);
    inbox.store.learn(inbox.account, Audience::Agent, vec![Booking { flight, ..Booking::new("b-1") }]).unwrap();
    let flights = inbox.store.changed_flights(inbox.account, at(60)).unwrap();
    let ranked: Vec<_> = flights.iter().map(|flight| (flight.thread.as_str(), flight.bookings)).collect();
    assert_eq!(ranked, [("flight:f-2", 7), ("flight:f-1", 5), ("flight:f-3", 0)]);
    assert_eq!((flights[1].status.as_deref(), flights[1].at), (Some("CANCELLED"), at(30)));
    assert_eq!((flights[1].flight_number.as_deref(), flights[1].destination.as_deref()), (Some("AA123"), Some("LAX")));
    assert!(inbox.store.changed_flights(inbox.account, at(25 * 3_600)).unwrap().is_empty());
}

#[test]
fn the_last_day_is_counted_wherever_its_rows_are() {
    let mut inbox = inbox();
    for (n, secs) in [(0, -90_000), (1, 0), (2, 10), (3, 3_000)] {
        let stamp = at(secs).to_string();
        let events = [event("booking:created", &created(&format!("b-{n}"), &stamp), at(secs))];
        let mut decide = |subject: &Subject<'_>| {
            let mut decision = pop(subject);
            decision.ruling.rule = Some("watch".to_owned());
            decision
        };
        let batch = Batch { events: &events, cursor: None, gap: None };
        inbox.store.receive(inbox.account, Audience::Traveler, batch, &mut decide).unwrap();
    }
    inbox.store.set_done(inbox.account, &vec![3].into(), true, at(20)).unwrap();
    let tally = inbox.store.day(inbox.account, at(3_000)).unwrap();
    assert_eq!(tally.minutes(at(3_000)).iter().sum::<u32>(), 3);
    let watched = tally.watched("watch", at(3_000));
    assert_eq!((watched.rows, watched.latest_at), (3, Some(at(3_000))));
    assert_eq!(tally.last_event_at(), Some(at(3_000)));
}
