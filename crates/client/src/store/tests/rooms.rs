//! By which rooms rows came, and what later copies of their events tell of it.

use super::*;

const STAMP: &str = "2025-11-10T12:00:00.000Z";

fn own() -> Room {
    Room::Own
}

fn admin() -> Room {
    Room::Named("admin".to_owned())
}

fn rooms<const N: usize>(rooms: [Room; N]) -> Rooms {
    rooms.into_iter().collect()
}

/// In `admin`, as the server has said.
fn at_the_desk() -> RoomMembership {
    let mut standing = RoomMembership::default();
    standing.ask(&["admin".to_owned()]);
    standing.join(&["admin".to_owned()]);
    standing
}

fn states(booking: Booking, trace: RoomTrace) -> States {
    States { bookings: vec![booking], seen_at: at(0), received_at: at(0), trace }
}

impl Inbox {
    fn by(&self, room: Room) -> Vec<i64> {
        let criteria = Criteria { room: Some(room), ..Criteria::default() };
        self.store.list(self.account, &criteria, None, 50).unwrap().items.iter().map(|row| row.id).collect()
    }
}

#[test]
fn a_second_copy_in_one_breath_makes_a_row_one_s_own_and_is_announced() {
    let mut inbox = inbox();
    let copy = |id: &str, secs: i64| event_in(&at_the_desk(), "booking:created", &created(id, STAMP), at(secs));
    inbox.take(&[copy("b-1", 0), copy("b-2", 0), copy("b-2", 0)]);
    assert_eq!((inbox.by(admin()), inbox.by(own())), (vec![2, 1], vec![2]));
    let received = inbox.take(&[copy("b-1", 3_600)]);
    assert_eq!((received.renamed, inbox.by(own())), (vec![], vec![2]), "an hour later it is no second copy");
    let received = inbox.take(&[copy("b-1", 10)]);
    assert_eq!((received.stored.len(), received.renamed), (0, vec![1]));
    assert_eq!(inbox.take(&[copy("b-1", 10)]).renamed, Vec::<i64>::new(), "nothing new");
    let rows = inbox.all();
    assert_eq!([&rows[0].rooms, &rows[1].rooms], [&rooms([own(), admin()]); 2]);
}

#[test]
fn a_server_that_tells_adds_what_it_tells_whenever_that_is() {
    let mut inbox = inbox();
    let told = |room: &str, secs: i64| {
        let payload = json!({ "id": "e-1", "room": room, "data": { "bookingId": "b-1", "status": "PENDING" } });
        event("booking:created", &payload, at(secs))
    };
    inbox.take(&[told("admin", 0)]);
    assert_eq!((inbox.by(admin()), inbox.by(own())), (vec![1], vec![]));
    inbox.take(&[told("user:7", 3_600)]);
    assert_eq!((inbox.by(admin()), inbox.by(own())), (vec![1], vec![1]));
}

#[test]
fn a_row_that_was_found_is_anybody_s_until_its_event_is_there() {
    let mut inbox = inbox();
    let gap = inbox.store.open_gap(inbox.account, Gap { from: None, to: at(0), late: false }).unwrap();
    let plan = ["admin".to_owned()];
    let booking = Booking { status: Some("CANCELLED".to_owned()), ..Booking::new("b-1") };
    let found = states(booking, RoomTrace::of_states(Audience::Agent, &plan));
    inbox.take(&[event("booking:created", &created("b-1", STAMP), at(0))]);
    inbox.store.reconcile(inbox.account, Audience::Agent, &found, Some(gap), &mut pop).unwrap();
    assert_eq!((inbox.by(admin()), inbox.by(own())), (vec![2], vec![2, 1]));
    let payload = json!({ "id": "e-2", "room": "admin", "data": { "bookingId": "b-1", "status": "CANCELLED" } });
    assert_eq!(inbox.take(&[event("booking:cancelled", &payload, at(1))]).renamed, [2]);
    assert_eq!((inbox.by(admin()), inbox.by(own())), (vec![2], vec![1]), "the event tells more");
}

#[test]
fn rooms_are_told_apart_by_their_whole_names_and_accounts_by_theirs() {
    let mut inbox = inbox();
    let told = |n: i64, room: &str| {
        let payload = json!({ "id": format!("e-{n}"), "room": room, "data": {} });
        event("gate:changed", &payload, at(n))
    };
    let names = ["admin", "admin2", "Admin", "%", "'; DROP TABLE event; --", "adm"];
    let events: Vec<_> = names.iter().zip(1..).map(|(name, n)| told(n, name)).collect();
    inbox.take(&events);
    for (name, row) in names.iter().zip(1..) {
        assert_eq!(inbox.by(Room::from((*name).to_owned())), [row], "{name}");
    }
    assert_eq!(inbox.by(Room::from("nobody's".to_owned())), Vec::<i64>::new());
    let other = inbox.store.account(&someone("x@y.z")).unwrap();
    let batch = Batch { events: &events[..1], cursor: None, gap: None };
    inbox.store.receive(other, Audience::Traveler, batch, &mut pop).unwrap();
    inbox.store.wipe(&someone("x@y.z")).unwrap();
    let left: i64 = inbox.store.connection.query_row("SELECT count(*) FROM room_set", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 6, "of a deleted account nothing is left");
}

#[test]
fn a_room_in_ever_so_many_sets_is_found() {
    let mut inbox = inbox();
    let events: Vec<_> = (0..600)
        .map(|n| {
            let payload = json!({ "id": format!("e-{n}"), "rooms": ["admin", format!("room-{n}")], "data": {} });
            event("gate:changed", &payload, at(n))
        })
        .collect();
    inbox.take(&events);
    assert_eq!(inbox.by(admin()).len(), 50);
    assert_eq!(inbox.by(Room::from("room-7".to_owned())), [8]);
    let criteria = Criteria { room: Some(admin()), text: "gate".to_owned(), ..Criteria::default() };
    assert_eq!(inbox.store.list(inbox.account, &criteria, None, 200).unwrap().items.len(), 200);
    assert_eq!(inbox.store.threads(inbox.account, &criteria, None, 200).unwrap().items.len(), 200);
}
