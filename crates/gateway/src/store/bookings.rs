//! The `bookings` and `payments` tables.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::{Deserialize, Serialize};

use super::error::GatewayStoreError;
use super::flights;
use crate::money::{CURRENCY, Cents};
use crate::time::UnixMillis;

/// Status of a booking that is not paid yet.
pub const PENDING: &str = "PENDING";
/// Status of a paid booking.
pub const CONFIRMED: &str = "CONFIRMED";
/// Status of a cancelled booking.
pub const CANCELLED: &str = "CANCELLED";

/// A booking with its flight, as the API returns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingRecord {
    /// UUID.
    pub id: String,
    /// Six letters and digits, unique.
    pub pnr: String,
    /// `PENDING`, `CONFIRMED` or `CANCELLED`.
    pub status: String,
    /// Whose it is.
    pub user_id: String,
    /// Its flight's id.
    pub flight_id: String,
    /// Its flight.
    pub flight: BookedFlight,
    /// Who flies.
    pub passengers: Vec<Passenger>,
    /// Who is told.
    pub contact_info: ContactInfo,
    /// Where they sit.
    pub cabin_class: String,
    /// For all passengers.
    pub total_price: Cents,
    /// Currency of the price.
    pub currency: &'static str,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it last changed.
    pub updated_at: UnixMillis,
    /// When it was paid and confirmed.
    pub confirmed_at: Option<UnixMillis>,
    /// When it was cancelled.
    pub cancelled_at: Option<UnixMillis>,
}

/// The part of a flight that a booking shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookedFlight {
    /// UUID.
    pub id: String,
    /// Such as `AA123`.
    pub flight_number: String,
    /// Airport of departure.
    pub origin: String,
    /// Airport of arrival.
    pub destination: String,
    /// Scheduled departure.
    pub departure_time: UnixMillis,
    /// Scheduled arrival.
    pub arrival_time: UnixMillis,
    /// An open set.
    pub status: String,
}

impl From<flights::FlightRecord> for BookedFlight {
    fn from(flight: flights::FlightRecord) -> Self {
        let flights::FlightRecord {
            id, flight_number, origin, destination, departure_time, arrival_time, status, ..
        } = flight;
        Self { id, flight_number, origin, destination, departure_time, arrival_time, status }
    }
}

/// One traveler of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Passenger {
    /// `ADULT`, `CHILD` or `INFANT`.
    #[serde(rename = "type", default = "adult")]
    pub kind: String,
    /// Such as `Mr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
}

fn adult() -> String {
    "ADULT".to_owned()
}

/// How the travelers are reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactInfo {
    /// E-mail address.
    pub email: String,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What a listing asks for.
#[derive(Debug, Clone)]
pub struct BookingQuery {
    /// Only this user's bookings; `None` lists everybody's.
    pub owner: Option<String>,
    /// Order by this.
    pub sort: BookingSort,
    /// Largest first.
    pub descending: bool,
    /// Rows at most.
    pub limit: u32,
    /// Rows to skip.
    pub offset: u64,
}

/// What bookings can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingSort {
    /// `createdAt`
    CreatedAt,
    /// `updatedAt`
    UpdatedAt,
    /// `departureTime`
    DepartureTime,
    /// `totalPrice`
    TotalPrice,
    /// `status`
    Status,
    /// `pnr`
    Pnr,
}

impl BookingSort {
    /// By the name that a query uses.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "createdAt" => Self::CreatedAt,
            "updatedAt" => Self::UpdatedAt,
            "departureTime" => Self::DepartureTime,
            "totalPrice" => Self::TotalPrice,
            "status" => Self::Status,
            "pnr" => Self::Pnr,
            _ => return None,
        })
    }

    fn column(self) -> &'static str {
        match self {
            Self::CreatedAt => "b.created_at",
            Self::UpdatedAt => "b.updated_at",
            Self::DepartureTime => "f.departure_at",
            Self::TotalPrice => "b.total_cents",
            Self::Status => "b.status",
            Self::Pnr => "b.pnr",
        }
    }
}

const BOOKING_COLUMNS: &str = "b.id, b.pnr, b.user_id, b.cabin_class, b.passengers, b.contact_info, b.status, \
                               b.total_cents, b.created_at, b.updated_at, b.confirmed_at, b.cancelled_at";
const BOOKING_COLUMN_COUNT: usize = 12;

/// Adds a booking.
pub fn insert(db: &Connection, booking: &BookingRecord) -> Result<(), GatewayStoreError> {
    db.execute(
        "INSERT INTO bookings (id, pnr, user_id, flight_id, cabin_class, passengers, contact_info, status, total_cents,
                               created_at, updated_at, confirmed_at, cancelled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            booking.id,
            booking.pnr,
            booking.user_id,
            booking.flight_id,
            booking.cabin_class,
            serde_json::to_string(&booking.passengers)?,
            serde_json::to_string(&booking.contact_info)?,
            booking.status,
            booking.total_price.0,
            booking.created_at,
            booking.updated_at,
            booking.confirmed_at,
            booking.cancelled_at
        ],
    )?;
    Ok(())
}

/// Writes what can change about a booking.
pub fn update(db: &Connection, booking: &BookingRecord) -> Result<(), GatewayStoreError> {
    db.execute(
        "UPDATE bookings SET passengers = ?2, contact_info = ?3, status = ?4, updated_at = ?5, confirmed_at = ?6,
                             cancelled_at = ?7
         WHERE id = ?1",
        params![
            booking.id,
            serde_json::to_string(&booking.passengers)?,
            serde_json::to_string(&booking.contact_info)?,
            booking.status,
            booking.updated_at,
            booking.confirmed_at,
            booking.cancelled_at
        ],
    )?;
    Ok(())
}

/// The booking of an id.
pub fn by_id(db: &Connection, id: &str) -> Result<Option<BookingRecord>, GatewayStoreError> {
    one(db, "b.id = ?1", id)
}

/// The booking of a PNR, whatever its case.
pub fn by_pnr(db: &Connection, pnr: &str) -> Result<Option<BookingRecord>, GatewayStoreError> {
    one(db, "b.pnr = upper(?1)", pnr)
}

/// Whether a PNR is taken.
pub fn pnr_exists(db: &Connection, pnr: &str) -> Result<bool, GatewayStoreError> {
    Ok(db.query_row("SELECT EXISTS (SELECT 1 FROM bookings WHERE pnr = ?1)", [pnr], |row| row.get(0))?)
}

/// One page of bookings, and how many there are in all.
pub fn list(db: &Connection, booking_query: &BookingQuery) -> Result<(Vec<BookingRecord>, u64), GatewayStoreError> {
    let owner = booking_query.owner.as_deref();
    let total: i64 = db.query_row(
        "SELECT count(*) FROM bookings WHERE :owner IS NULL OR user_id = :owner",
        named_params! { ":owner": owner },
        |row| row.get(0),
    )?;
    let direction = if booking_query.descending { "DESC" } else { "ASC" };
    // The row id settles ties, so that pages neither overlap nor skip.
    let sql = format!(
        "SELECT {BOOKING_COLUMNS}, {} FROM bookings b JOIN flights f ON f.id = b.flight_id
         WHERE :owner IS NULL OR b.user_id = :owner
         ORDER BY {} {direction}, b.rowid {direction} LIMIT :limit OFFSET :offset",
        flights::COLUMNS,
        booking_query.sort.column(),
    );
    let offset = i64::try_from(booking_query.offset).unwrap_or(i64::MAX);
    let mut statement = db.prepare(&sql)?;
    let rows = statement
        .query_map(named_params! { ":owner": owner, ":limit": booking_query.limit, ":offset": offset }, read)?
        .collect::<Result<_, _>>()?;
    Ok((rows, total.unsigned_abs()))
}

/// Ids and owners of the bookings of a flight that are not cancelled, oldest first.
pub fn active_on_flight(db: &Connection, flight_id: &str) -> Result<Vec<(String, String)>, GatewayStoreError> {
    let mut statement = db.prepare(
        "SELECT id, user_id FROM bookings WHERE flight_id = ?1 AND status <> 'CANCELLED' ORDER BY created_at, rowid",
    )?;
    let rows = statement.query_map([flight_id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Adds a payment.
pub fn insert_payment(
    db: &Connection,
    id: &str,
    booking_id: &str,
    amount: Cents,
    status: &str,
    now: UnixMillis,
) -> Result<(), GatewayStoreError> {
    db.execute(
        "INSERT INTO payments (id, booking_id, amount_cents, status, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, booking_id, amount.0, status, now],
    )?;
    Ok(())
}

fn one(db: &Connection, condition: &str, value: &str) -> Result<Option<BookingRecord>, GatewayStoreError> {
    let sql = format!(
        "SELECT {BOOKING_COLUMNS}, {} FROM bookings b JOIN flights f ON f.id = b.flight_id WHERE {condition}",
        flights::COLUMNS
    );
    Ok(db.query_row(&sql, [value], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<BookingRecord> {
    let flight = flights::read(row, BOOKING_COLUMN_COUNT)?;
    Ok(BookingRecord {
        id: row.get(0)?,
        pnr: row.get(1)?,
        user_id: row.get(2)?,
        cabin_class: row.get(3)?,
        passengers: json(row, 4)?,
        contact_info: json(row, 5)?,
        status: row.get(6)?,
        total_price: Cents(row.get(7)?),
        currency: CURRENCY,
        created_at: row.get(8)?,
        updated_at: row.get(9)?,
        confirmed_at: row.get(10)?,
        cancelled_at: row.get(11)?,
        flight_id: flight.id.clone(),
        flight: flight.into(),
    })
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
