//! Who may do what: the roles and the rooms that each of them may join.

/// The room that hears about every booking.
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

    /// May say what has become of a flight.
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
}
