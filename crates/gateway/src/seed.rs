//! Demo data: the guide's user, an admin, and eight flights around the current time.

use domain::Secret;
use uuid::Uuid;

use crate::auth::password::{PasswordError, Passwords};
use crate::money::{CURRENCY, Cents};
use crate::store::flights::FlightRecord;
use crate::store::users::UserRecord;
use crate::store::{GatewayStore, GatewayStoreError, flights, users};
use crate::time::UnixMillis;

/// A demo user, whose password is public.
#[derive(Debug, Clone, Copy)]
pub struct DemoUser {
    /// Sign-in name.
    pub email: &'static str,
    /// Password.
    pub password: &'static str,
    role: &'static str,
    first_name: &'static str,
    last_name: &'static str,
}

/// The guide's traveler, a CUSTOMER.
pub const DEMO_CUSTOMER: DemoUser = DemoUser {
    email: "test@example.com",
    password: "Test123!",
    role: "CUSTOMER",
    first_name: "Test",
    last_name: "Traveler",
};

/// An ADMIN.
pub const DEMO_ADMIN: DemoUser = DemoUser {
    email: "admin@example.com",
    password: "Admin123!",
    role: "ADMIN",
    first_name: "Ada",
    last_name: "Admin",
};

/// Number, route, minutes until departure, minutes in the air, economy fare in cents.
type SeedFlight = (&'static str, &'static str, &'static str, i64, i64, i64);

const DAY: i64 = 24 * 60;

const FLIGHTS: [SeedFlight; 8] = [
    ("AA123", "JFK", "LAX", 2 * 60, 375, 45_000),
    ("DL47", "JFK", "AMS", 3 * 60 + 20, 425, 61_250),
    ("BA178", "JFK", "LHR", 5 * 60 + 45, 420, 53_800),
    ("UA881", "ORD", "HND", DAY, 780, 112_499),
    ("LH401", "JFK", "FRA", DAY + 4 * 60, 450, 58_900),
    ("AF23", "JFK", "CDG", DAY + 7 * 60 + 30, 440, 49_740),
    ("EK202", "JFK", "DXB", 10 * DAY, 760, 89_900),
    ("QF12", "LAX", "SYD", 10 * DAY + 6 * 60, 915, 134_900),
];

/// Why the demo data could not be inserted.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Hashing a password failed.
    #[error("a demo password cannot be hashed")]
    Password(#[from] PasswordError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] GatewayStoreError),
}

/// Adds the users that are missing, and the flights when there are none.
pub async fn insert_demo(store: &GatewayStore, passwords: &Passwords) -> Result<(), SeedError> {
    let mut demo_users = Vec::new();
    for demo in [DEMO_CUSTOMER, DEMO_ADMIN] {
        let hash = passwords.hash(Secret::new(demo.password)).await?;
        demo_users.push((user(&demo), hash));
    }
    let added = store.call(move |work| {
        let mut added = 0_usize;
        for (user, hash) in &demo_users {
            added += usize::from(users::insert_if_missing(&work.tx, user, hash)?);
        }
        if flights::all(&work.tx)?.is_empty() {
            for plan in FLIGHTS {
                flights::insert(&work.tx, &flight(plan, work.now))?;
            }
        }
        Ok::<_, GatewayStoreError>(added)
    });
    let added = added.await?;
    if added > 0 {
        tracing::warn!(users = added, "demo users were added; their passwords are public");
    }
    Ok(())
}

fn user(demo: &DemoUser) -> UserRecord {
    UserRecord {
        id: Uuid::new_v4().to_string(),
        email: demo.email.to_owned(),
        role: demo.role.to_owned(),
        first_name: demo.first_name.to_owned(),
        last_name: demo.last_name.to_owned(),
    }
}

fn flight((number, origin, destination, in_minutes, minutes, cents): SeedFlight, now: UnixMillis) -> FlightRecord {
    // Timetables use multiples of five minutes.
    let now = UnixMillis(now.0 - now.0.rem_euclid(5 * 60_000));
    let departure_time = now.plus_secs(in_minutes * 60);
    FlightRecord {
        id: Uuid::new_v4().to_string(),
        flight_number: number.to_owned(),
        origin: origin.to_owned(),
        destination: destination.to_owned(),
        departure_time,
        arrival_time: departure_time.plus_secs(minutes * 60),
        status: flights::SCHEDULED.to_owned(),
        price: Cents(cents),
        currency: CURRENCY,
    }
}
