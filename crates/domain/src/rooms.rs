//! A room, and the set of rooms that is kept with a row.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::sanitize;

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
    pub(crate) fn from_name(name: &str) -> Option<Self> {
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

/// Rooms, each once, 64 at most and the person's own among them. Of an event: those by which it came or can have come; none where nothing is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rooms(BTreeSet<Room>);

impl Rooms {
    /// Those that a server names in what it sends to us.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Room::from_name).collect()
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
    pub(crate) fn own_and(asked: &[String]) -> Self {
        asked.iter().cloned().map(Room::from).chain([Room::Own]).collect()
    }

    pub(crate) fn with(self, others: &Self) -> Self {
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
