//! The rooms by which an event came, or can have come where the server does not tell.
//!
//! Servers emit an event to each room separately (W2): to the `user:<id>` of whom it concerns and to `admin`, or to the
//! former alone (W4). Our gateway names the room in each copy, and in its log all of them that the reader may see. Of any
//! other server it is known which rooms we are in, and that a client in two of them gets two copies in quick succession.

use std::collections::BTreeMap;

use crate::account::{ADMIN_ROOM, Audience};
use crate::event::{BookingChange, Event};
use crate::rooms::{Room, Rooms};
use crate::wire::{Decoded, Envelope};

/// What one delivery of an event shows of its rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomTrace {
    /// The server names these.
    Named(Rooms),
    /// A copy for one of these, by what is known of the server and of us.
    Copy(Rooms),
    /// No copy for a room: it stands in a log that names none, or was found by comparing states.
    Guessed(Rooms),
}

impl RoomTrace {
    /// Of an event in a log.
    pub fn of_log(envelope: &Envelope, asked: &[String]) -> Self {
        match named_rooms(envelope) {
            Some(trace) => trace,
            None if is_for_one(envelope) => Self::Guessed(Rooms::own_and(&[])),
            None => Self::Guessed(Rooms::own_and(asked)),
        }
    }

    /// Of what was found by comparing states: a traveler's bookings are their own.
    pub fn of_states(audience: Audience, asked: &[String]) -> Self {
        Self::Guessed(match audience {
            Audience::Traveler => Rooms::own_and(&[]),
            Audience::Agent => Rooms::own_and(asked),
        })
    }

    /// What is known when nothing came of the event before.
    pub fn rooms(&self) -> &Rooms {
        let (Self::Named(rooms) | Self::Copy(rooms) | Self::Guessed(rooms)) = self;
        rooms
    }

    /// What is known when `known` was known of the event before, in the same breath or not. A second copy in one breath
    /// is for the person's own room, or can be.
    pub fn repeated(&self, known: Rooms, in_one_breath: bool) -> Rooms {
        match self {
            Self::Named(rooms) => known.with(rooms),
            Self::Copy(_) if in_one_breath && !known.is_empty() => known.with(&Rooms::own_and(&[])),
            Self::Copy(_) | Self::Guessed(_) => known,
        }
    }

    /// What is known when `guessed` was, before the event itself came.
    pub fn confirmed(&self, guessed: Rooms) -> Rooms {
        match self {
            Self::Named(rooms) => rooms.clone(),
            // Its second copy has no first one to be told from.
            Self::Copy(rooms) | Self::Guessed(rooms) => guessed.with(rooms),
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
        if let Some(trace) = named_rooms(envelope) {
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

fn named_rooms(envelope: &Envelope) -> Option<RoomTrace> {
    (!envelope.rooms.is_empty()).then(|| RoomTrace::Named(envelope.rooms.clone()))
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
