//! Authorization: the roles, and the rooms that each of them may join.

/// The room that receives the events of every booking.
pub const ADMIN_ROOM: &str = "admin";

/// Longest name of a room, in bytes.
pub const ROOM_NAME_MAX_BYTES: usize = 100;

/// The room of one user's own events.
pub fn user_room(user_id: &str) -> String {
    format!("user:{user_id}")
}

/// A role claim. An open set on the wire: what is unknown has the rights of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sees their own bookings.
    Customer,
    /// Books for others.
    TravelAgent,
    /// Works for an airline.
    AirlineAgent,
    /// Owns the business: watches everything.
    BusinessOwner,
    /// Runs the service.
    Admin,
}

impl Role {
    /// Reads a role claim.
    pub fn of_claim(claim: &str) -> Self {
        match claim {
            "TRAVEL_AGENT" => Self::TravelAgent,
            "AIRLINE_AGENT" => Self::AirlineAgent,
            "BUSINESS_OWNER" => Self::BusinessOwner,
            "ADMIN" => Self::Admin,
            _ => Self::Customer,
        }
    }

    /// Staff see and handle every booking.
    pub fn is_staff(self) -> bool {
        self != Self::Customer
    }

    /// Whether the role may set the status of a flight.
    pub fn may_set_flight_status(self) -> bool {
        self == Self::Admin
    }

    /// Whether the user `user_id` with this role may join `room`.
    pub fn may_join(self, user_id: &str, room: &str) -> bool {
        if room.is_empty() || room.len() > ROOM_NAME_MAX_BYTES {
            return false;
        }
        match room.strip_prefix("user:") {
            Some(owner) => owner == user_id,
            None if room == ADMIN_ROOM => matches!(self, Self::Admin | Self::BusinessOwner),
            None => self.is_staff(),
        }
    }
}

/// The rooms whose events one reader of the log may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    /// These rooms, each once.
    pub rooms: Vec<String>,
    /// Every room beside them that is neither [`ADMIN_ROOM`] nor a user's: the rooms of the staff.
    pub staff_rooms: bool,
}

impl Role {
    /// What the user `user_id` with this role may read: all that it may join, or of that only what is `requested` for.
    /// The user's own room is always in it.
    pub fn visibility<'a>(self, user_id: &str, requested: Option<impl Iterator<Item = &'a str>>) -> Visibility {
        let mut rooms = vec![user_room(user_id)];
        let Some(requested) = requested else {
            rooms.extend(self.may_join(user_id, ADMIN_ROOM).then(|| ADMIN_ROOM.to_owned()));
            return Visibility { rooms, staff_rooms: self.is_staff() };
        };
        for room in requested {
            if self.may_join(user_id, room) && !rooms.iter().any(|known| known == room) {
                rooms.push(room.to_owned());
            }
        }
        Visibility { rooms, staff_rooms: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_joins_its_rooms_and_no_others() {
        let staff = [Role::TravelAgent, Role::AirlineAgent, Role::BusinessOwner, Role::Admin];
        for role in staff.into_iter().chain([Role::Customer]) {
            assert!(role.may_join("7", "user:7"), "{role:?}");
            assert!(!role.may_join("7", "user:8"), "{role:?}");
            assert!(!role.may_join("7", "user:"), "{role:?}");
            assert!(!role.may_join("7", ""), "{role:?}");
            assert!(!role.may_join("7", &"x".repeat(101)), "{role:?}");
            let watches = matches!(role, Role::Admin | Role::BusinessOwner);
            assert_eq!(role.may_join("7", "admin"), watches, "{role:?}");
            assert_eq!(role.may_join("7", "analytics"), staff.contains(&role), "{role:?}");
        }
    }

    #[test]
    fn an_unknown_role_is_a_customer() {
        assert_eq!(Role::of_claim("EMPEROR"), Role::Customer);
        assert_eq!(Role::of_claim("admin"), Role::Customer);
    }

    #[test]
    fn asking_for_rooms_narrows_and_never_widens() {
        let requested = || Some(["admin", "user:8", "analytics", "", "analytics", "user:7"].into_iter());
        let rooms = |role: Role| role.visibility("7", requested()).rooms;
        assert_eq!(rooms(Role::Customer), ["user:7"]);
        assert_eq!(rooms(Role::TravelAgent), ["user:7", "analytics"]);
        assert_eq!(rooms(Role::Admin), ["user:7", "admin", "analytics"]);
        assert!(!Role::Admin.visibility("7", requested()).staff_rooms);
        let all = |role: Role| role.visibility("7", None::<std::iter::Empty<&str>>);
        assert_eq!(all(Role::Customer), Visibility { rooms: vec!["user:7".to_owned()], staff_rooms: false });
        assert_eq!(all(Role::AirlineAgent), Visibility { rooms: vec!["user:7".to_owned()], staff_rooms: true });
        let both = vec!["user:7".to_owned(), "admin".to_owned()];
        assert_eq!(all(Role::BusinessOwner), Visibility { rooms: both, staff_rooms: true });
    }
}
