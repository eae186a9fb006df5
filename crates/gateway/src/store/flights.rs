//! The `flights` table.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::error::GatewayStoreError;
use crate::money::{CURRENCY, Cents};
use crate::time::UnixMillis;

/// Status of a flight on time.
pub const SCHEDULED: &str = "SCHEDULED";
/// Status of a late flight.
pub const DELAYED: &str = "DELAYED";

/// A flight as the API returns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlightRecord {
    /// UUID.
    pub id: String,
    /// Such as `AA123`.
    pub flight_number: String,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// Scheduled departure.
    pub departure_time: UnixMillis,
    /// Scheduled arrival.
    pub arrival_time: UnixMillis,
    /// `SCHEDULED`, `DELAYED` and so on: an open set.
    pub status: String,
    /// Economy fare of one passenger.
    pub price: Cents,
    /// Currency of the fare.
    pub currency: &'static str,
}

/// The columns that [`read`] takes, from a table or join with `flights` as `f`.
pub const COLUMNS: &str = "f.id, f.flight_number, f.origin, f.destination, f.departure_at, f.arrival_at, f.status, \
                           f.price_cents";

/// Adds a flight.
pub fn insert(db: &Connection, flight: &FlightRecord) -> Result<(), GatewayStoreError> {
    db.execute(
        "INSERT INTO flights (id, flight_number, origin, destination, departure_at, arrival_at, status, price_cents)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            flight.id,
            flight.flight_number,
            flight.origin,
            flight.destination,
            flight.departure_time,
            flight.arrival_time,
            flight.status,
            flight.price.0
        ],
    )?;
    Ok(())
}

/// Every flight, by departure.
pub fn all(db: &Connection) -> Result<Vec<FlightRecord>, GatewayStoreError> {
    let mut statement =
        db.prepare(&format!("SELECT {COLUMNS} FROM flights f ORDER BY f.departure_at, f.flight_number"))?;
    let flights = statement.query_map([], |row| read(row, 0))?.collect::<Result<_, _>>()?;
    Ok(flights)
}

/// The flight of an id.
pub fn by_id(db: &Connection, id: &str) -> Result<Option<FlightRecord>, GatewayStoreError> {
    let sql = format!("SELECT {COLUMNS} FROM flights f WHERE f.id = ?1");
    Ok(db.query_row(&sql, [id], |row| read(row, 0)).optional()?)
}

/// Sets the status of a flight.
pub fn set_status(db: &Connection, id: &str, status: &str) -> Result<(), GatewayStoreError> {
    db.execute("UPDATE flights SET status = ?2 WHERE id = ?1", params![id, status])?;
    Ok(())
}

/// Reads [`COLUMNS`] from the column `at` on.
pub fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<FlightRecord> {
    Ok(FlightRecord {
        id: row.get(at)?,
        flight_number: row.get(at + 1)?,
        origin: row.get(at + 2)?,
        destination: row.get(at + 3)?,
        departure_time: row.get(at + 4)?,
        arrival_time: row.get(at + 5)?,
        status: row.get(at + 6)?,
        price: Cents(row.get(at + 7)?),
        currency: CURRENCY,
    })
}
