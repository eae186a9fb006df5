use proptest::prelude::*;
use serde_json::json;
use serde_json::value::to_raw_value;

use super::*;
use crate::rooms::OWN;
use crate::wire::{Incoming, decode};

const CHANNELS: [&str; 7] = [
    "booking:created",
    "booking:confirmed",
    "booking:updated",
    "booking:cancelled",
    "flight:status-changed",
    "payment:completed",
    "gate:changed",
];

fn envelope(channel: &str, more: serde_json::Value) -> Envelope {
    let mut payload = json!({ "timestamp": "2025-11-10T12:00:00Z",
        "data": { "bookingId": "b", "flightId": "f", "status": "X", "newStatus": "X" } });
    payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    match decode(channel, &[to_raw_value(&payload).unwrap()]) {
        Incoming::Inbox(envelope) => *envelope,
        other => panic!("{other:?}"),
    }
}

fn plain(channel: &str) -> Envelope {
    envelope(channel, json!({}))
}

fn rooms(names: &[&str]) -> Rooms {
    names.iter().map(|name| Room::from((*name).to_owned())).collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// In these, and in those perhaps.
fn standing(joined: &[&str], asked: &[&str]) -> RoomMembership {
    let mut standing = RoomMembership::default();
    standing.ask(&names(joined));
    standing.ask(&names(asked));
    standing.join(&names(joined));
    standing
}

#[test]
fn a_room_is_a_text_that_names_nobody() {
    assert_eq!(serde_json::to_string(&rooms(&["admin", OWN])).unwrap(), r#"["user:","admin"]"#);
    assert_eq!(serde_json::from_str::<Room>(r#""user:""#).unwrap(), Room::Own);
    assert_eq!(Rooms::from_names(["user:7", "admin", ""]), rooms(&[OWN, "admin"]));
    let many = Rooms::from_names(
        (0..100)
            .map(|n| format!("room-{n:02}"))
            .chain(["user:7".to_owned()])
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str),
    );
    assert_eq!((many.iter().count(), many.may_be(&Room::Own)), (64, true));
    assert_eq!(Room::from("a\nb\u{202e}".to_owned()).as_str(), "a b", "one clean line");
}

#[test]
fn without_another_room_everything_is_the_person_s_own() {
    for channel in CHANNELS {
        assert_eq!(RoomMembership::default().trace(&plain(channel)), RoomTrace::Copy(rooms(&[OWN])), "{channel}");
    }
}

#[test]
fn in_admin_one_copy_is_somebody_else_s_and_two_are_one_s_own() {
    let standing = standing(&["admin"], &[]);
    for channel in ["booking:created", "booking:confirmed", "booking:cancelled", "flight:status-changed"] {
        let copy = standing.trace(&plain(channel));
        assert_eq!(copy, RoomTrace::Copy(rooms(&["admin"])), "{channel}");
        assert_eq!(copy.repeated(copy.rooms().clone(), true), rooms(&["admin", OWN]));
        assert_eq!(copy.repeated(copy.rooms().clone(), false), rooms(&["admin"]), "told again later");
    }
    for channel in ["booking:updated", "payment:completed"] {
        assert_eq!(standing.trace(&plain(channel)), RoomTrace::Copy(rooms(&[OWN])), "{channel}: W4");
    }
    assert_eq!(
        standing.trace(&plain("gate:changed")),
        RoomTrace::Copy(rooms(&["admin", OWN])),
        "nobody knows how often that is told"
    );
}

#[test]
fn what_the_server_has_not_confirmed_is_only_possible() {
    for standing in [standing(&[], &["admin"]), standing(&["analytics"], &["admin"])] {
        let RoomTrace::Copy(possible) = standing.trace(&plain("booking:created")) else { panic!() };
        assert!(possible.may_be(&Room::Own) && possible.may_be(&Room::Named("admin".to_owned())));
    }
    let elsewhere = standing(&["analytics"], &[]).trace(&plain("booking:created"));
    assert_eq!(elsewhere, RoomTrace::Copy(rooms(&["analytics", OWN])), "only admin hears what the person hears");
}

#[test]
fn a_room_counts_until_the_server_has_let_us_out_of_it() {
    let mut standing = standing(&["admin"], &["analytics"]);
    standing.refused(&names(&["analytics"]));
    assert_eq!(standing.trace(&plain("booking:created")), RoomTrace::Copy(rooms(&["admin"])));
    standing.leave(&names(&["admin"]));
    let possible = RoomTrace::Copy(rooms(&["admin", OWN]));
    assert_eq!(standing.trace(&plain("booking:created")), possible);
    standing.join(&names(&["admin"]));
    assert_eq!(standing.trace(&plain("booking:created")), possible, "an answer to an earlier question");
    let mut again = standing.clone();
    again.ask(&names(&["admin"]));
    again.left(&names(&["admin"]));
    assert_eq!(again.trace(&plain("booking:created")), possible, "asked for once more meanwhile");
    standing.left(&names(&["admin"]));
    assert_eq!(standing.trace(&plain("booking:created")), RoomTrace::Copy(rooms(&[OWN])));
    standing.join(&names(&["admin"]));
    assert_eq!(standing.trace(&plain("booking:created")), RoomTrace::Copy(rooms(&[OWN])), "never asked for");
}

#[test]
fn a_server_that_tells_is_believed() {
    let live = |room: &str| {
        RoomMembership::default().trace(&envelope("booking:created", json!({ "id": "e-1", "room": room })))
    };
    assert_eq!(live("admin"), RoomTrace::Named(rooms(&["admin"])));
    assert_eq!(live("user:7").repeated(rooms(&["admin"]), false), rooms(&["admin", OWN]));
    assert_eq!(live("user:7").repeated(Rooms::default(), false), rooms(&[OWN]));
    let logged = envelope("payment:completed", json!({ "id": "e-1", "rooms": ["admin", "user:7"] }));
    assert_eq!(RoomTrace::of_log(&logged, &[]), RoomTrace::Named(rooms(&["admin", OWN])));
    assert_eq!(RoomTrace::of_log(&logged, &[]).confirmed(rooms(&["analytics"])), rooms(&["admin", OWN]));
    let bare = |channel: &str| RoomTrace::of_log(&envelope(channel, json!({ "id": "e-1" })), &names(&["admin"]));
    assert_eq!(bare("booking:created"), RoomTrace::Guessed(rooms(&["admin", OWN])), "a log that names no rooms");
    assert_eq!(bare("booking:updated"), RoomTrace::Guessed(rooms(&[OWN])));
}

#[test]
fn compared_states_are_a_traveler_s_own_and_anybody_s_at_the_desk() {
    let asked = names(&["admin"]);
    assert_eq!(RoomTrace::of_states(Audience::Traveler, &asked), RoomTrace::Guessed(rooms(&[OWN])));
    assert_eq!(RoomTrace::of_states(Audience::Agent, &asked), RoomTrace::Guessed(rooms(&["admin", OWN])));
    let copy = standing(&["admin"], &[]).trace(&plain("booking:created"));
    assert_eq!(copy.confirmed(rooms(&[OWN])), rooms(&["admin", OWN]));
}

/// What servers do with an event (W2, W4): to whom it goes, and the copies of one who is in `admin` or not.
fn copies(channel: &str, is_own: bool, in_admin: bool) -> Vec<&'static str> {
    let for_one = matches!(channel, "booking:updated" | "payment:completed");
    let mut copies = Vec::new();
    copies.extend(is_own.then_some(OWN));
    copies.extend((in_admin && !for_one).then_some("admin"));
    copies
}

proptest! {
    #[test]
    fn the_room_of_each_copy_is_among_the_possible_ones(
        channel in proptest::sample::select(CHANNELS.to_vec()), is_own in any::<bool>(), in_admin in any::<bool>(),
        others in proptest::collection::vec("[a-c]", 0..3), is_confirmed in any::<bool>(), swap in any::<bool>(),
    ) {
        let mut standing = RoomMembership::default();
        standing.ask(&others);
        if in_admin {
            standing.ask(&names(&["admin"]));
        }
        if is_confirmed {
            standing.join(&names(&["admin"]));
        }
        let mut copies = copies(channel, is_own, in_admin);
        if swap {
            copies.reverse();
        }
        let trace = standing.trace(&plain(channel));
        let known = copies.iter().skip(1).fold(trace.rooms().clone(), |known, _| trace.repeated(known, true));
        for room in &copies {
            prop_assert!(known.may_be(&Room::from((*room).to_owned())), "{room} of {copies:?} in {known:?}");
        }
        // With nothing but `admin` asked for, and that confirmed, it is known exactly.
        if others.is_empty() && (is_confirmed || !in_admin) && channel != "gate:changed" && !copies.is_empty() {
            prop_assert_eq!(known, rooms(&copies));
        }
    }
}
