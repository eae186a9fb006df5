//! By which rooms an event came, or can have come where the server does not tell.
//!
//! Servers emit an event to each room separately (wire facts, W2): to the `user:<id>` of whom it concerns and to `admin`, or
//! to the former alone (W4). Our gateway names the room in each copy, and in its log all of them that the reader may see. Of
//! any other server it is known which rooms we are in, and that who is in two of them gets two copies in one breath.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::{ADMIN_ROOM, Audience};
use crate::event::{BookingChange, Event};
use crate::sanitize;
use crate::wire::{Decoded, Envelope};

/// A room by which events come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Room {
    /// The person's own, `user:<id>` on the wire, whatever their id. As text [`OWN`].
    Own,
    /// Any other, by its name.
    Named(String),
}

/// [`Room::Own`] as text: what the names of all such rooms begin with, and no room is called.
pub const OWN: &str = "user:";

impl Room {
    /// The room that a server names in what it sends to us. It tells nobody of another person's room.
    fn told(name: &str) -> Option<Self> {
        if name.starts_with(OWN) {
            return Some(Self::Own);
        }
        Some(Self::from(name.to_owned())).filter(|room| !room.as_str().is_empty())
    }

    /// As text; one clean line.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Own => OWN,
            Self::Named(name) => name,
        }
    }
}

impl From<String> for Room {
    fn from(name: String) -> Self {
        if name == OWN { Self::Own } else { Self::Named(sanitize::line(&name, sanitize::ROOM_GRAPHEMES)) }
    }
}

impl From<Room> for String {
    fn from(room: Room) -> Self {
        room.as_str().to_owned()
    }
}

/// Rooms that are kept of one event: a row of the inbox is no place for more.
const MOST: usize = 64;

/// Rooms, each once, [`MOST`] at most and the person's own among them. Of an event: those by which it came or can have come; none where nothing is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rooms(BTreeSet<Room>);

impl Rooms {
    /// Those that a server names in what it sends to us.
    pub fn told<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Room::told).collect()
    }

    /// Whether there are none: nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the event can have come by `room`.
    pub fn may_be(&self, room: &Room) -> bool {
        self.is_empty() || self.0.contains(room)
    }

    /// All of them, in one order.
    pub fn iter(&self) -> impl Iterator<Item = &Room> {
        self.0.iter()
    }

    /// The person's own, and those that they asked for.
    fn own_and(asked: &[String]) -> Self {
        asked.iter().cloned().map(Room::from).chain([Room::Own]).collect()
    }

    fn with(self, others: &Self) -> Self {
        self.0.into_iter().chain(others.0.iter().cloned()).collect()
    }
}

impl FromIterator<Room> for Rooms {
    fn from_iter<I: IntoIterator<Item = Room>>(rooms: I) -> Self {
        let mut rooms: BTreeSet<_> = rooms.into_iter().collect();
        // The person's own is the first.
        while rooms.len() > MOST {
            rooms.pop_last();
        }
        Self(rooms)
    }
}

/// What one delivery of an event shows of its rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomTrace {
    /// The server names these.
    Told(Rooms),
    /// A copy for one of these, by what is known of the server and of us.
    Copy(Rooms),
    /// No copy for a room: it stands in a log that names none, or was found by comparing states.
    Guess(Rooms),
}

impl RoomTrace {
    /// Of an event in a log.
    pub fn of_log(envelope: &Envelope, asked: &[String]) -> Self {
        match told(envelope) {
            Some(trace) => trace,
            None if is_for_one(envelope) => Self::Guess(Rooms::own_and(&[])),
            None => Self::Guess(Rooms::own_and(asked)),
        }
    }

    /// Of what was found by comparing states: a traveler's bookings are their own.
    pub fn of_states(audience: Audience, asked: &[String]) -> Self {
        Self::Guess(match audience {
            Audience::Traveler => Rooms::own_and(&[]),
            Audience::Agent => Rooms::own_and(asked),
        })
    }

    /// What is known when nothing came of the event before.
    pub fn rooms(&self) -> &Rooms {
        let (Self::Told(rooms) | Self::Copy(rooms) | Self::Guess(rooms)) = self;
        rooms
    }

    /// What is known when `known` was known of the event before, in the same breath or not. A second copy in one breath
    /// is for the person's own room, or can be.
    pub fn repeated(&self, known: Rooms, in_one_breath: bool) -> Rooms {
        match self {
            Self::Told(rooms) => known.with(rooms),
            Self::Copy(_) if in_one_breath && !known.is_empty() => known.with(&Rooms::own_and(&[])),
            Self::Copy(_) | Self::Guess(_) => known,
        }
    }

    /// What is known when `guessed` was, before the event itself came.
    pub fn confirmed(&self, guessed: Rooms) -> Rooms {
        match self {
            Self::Told(rooms) => rooms.clone(),
            // Its second copy has no first one to be told from.
            Self::Copy(rooms) | Self::Guess(rooms) => guessed.with(rooms),
        }
    }
}

/// Where one connection stands with the rooms that the person asked for.
#[derive(Debug, Clone, Default)]
pub struct RoomMembership(BTreeMap<Room, Membership>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Membership {
    /// Nobody knows yet.
    Asked,
    /// The server let us in.
    In,
    /// The server may not know yet that we want to leave.
    Leaving,
}

impl RoomMembership {
    /// We want to be in these.
    pub fn ask(&mut self, rooms: &[String]) {
        self.0.extend(rooms.iter().cloned().map(|room| (Room::from(room), Membership::Asked)));
    }

    /// The server says that we are in these.
    pub fn join(&mut self, rooms: &[String]) {
        for room in rooms {
            if let Some(stand @ Membership::Asked) = self.0.get_mut(&Room::from(room.clone())) {
                *stand = Membership::In;
            }
        }
    }

    /// We want to leave these.
    pub fn leave(&mut self, rooms: &[String]) {
        for room in rooms {
            if let Some(stand) = self.0.get_mut(&Room::from(room.clone())) {
                *stand = Membership::Leaving;
            }
        }
    }

    /// The server did not let us into these.
    pub fn refused(&mut self, rooms: &[String]) {
        for room in rooms {
            self.0.remove(&Room::from(room.clone()));
        }
    }

    /// The server says that we are out of these.
    pub fn left(&mut self, rooms: &[String]) {
        // One that is asked for again was left before that.
        let is_left = |room: &Room, stand: Membership| {
            stand == Membership::Leaving && rooms.iter().any(|left| left == room.as_str())
        };
        self.0.retain(|room, stand| !is_left(room, *stand));
    }

    /// What a copy of an event shows that comes now.
    ///
    /// The guide's events for `admin` reach whom they concern twice when they are in there: the first copy is one for
    /// `admin` or another room that was asked for, and a second one tells that it is the person's own as well. As long as
    /// the server has not said that they are in, the only copy may be that for their own.
    pub fn trace(&self, envelope: &Envelope) -> RoomTrace {
        if let Some(trace) = told(envelope) {
            return trace;
        }
        if is_for_one(envelope) {
            return RoomTrace::Copy(Rooms::own_and(&[]));
        }
        let comes_twice = matches!(envelope.decoded, Decoded::Known(_))
            && self.0.get(&Room::Named(ADMIN_ROOM.to_owned())) == Some(&Membership::In);
        let own = (!comes_twice).then_some(Room::Own);
        RoomTrace::Copy(self.0.keys().cloned().chain(own).collect())
    }
}

fn told(envelope: &Envelope) -> Option<RoomTrace> {
    (!envelope.rooms.is_empty()).then(|| RoomTrace::Told(envelope.rooms.clone()))
}

/// Servers send it to the person alone whom it concerns (W4).
fn is_for_one(envelope: &Envelope) -> bool {
    match &envelope.decoded {
        Decoded::Known(event) => match event.as_ref() {
            Event::Payment(_) => true,
            Event::Booking(event) => event.change == BookingChange::Updated,
            Event::Flight(_) => false,
        },
        Decoded::Unknown | Decoded::Malformed => false,
    }
}

#[cfg(test)]
mod tests;
