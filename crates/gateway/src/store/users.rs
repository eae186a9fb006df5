//! The `users` table.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::error::GatewayStoreError;

/// A user as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRecord {
    /// UUID, the `sub` of their tokens.
    pub id: String,
    /// Sign-in name, compared without case.
    pub email: String,
    /// Role claim.
    pub role: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

const COLUMNS: &str = "id, email, role, first_name, last_name";

/// Adds a user unless the address is taken. Says whether it did.
pub fn insert_if_missing(db: &Connection, user: &UserRecord, password_hash: &str) -> Result<bool, GatewayStoreError> {
    let added = db.execute(
        "INSERT INTO users (id, email, password_hash, role, first_name, last_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (email) DO NOTHING",
        params![user.id, user.email, password_hash, user.role, user.first_name, user.last_name],
    )?;
    Ok(added > 0)
}

/// The user of an address, with their password hash.
pub fn by_email(db: &Connection, email: &str) -> Result<Option<(UserRecord, String)>, GatewayStoreError> {
    let sql = format!("SELECT {COLUMNS}, password_hash FROM users WHERE email = ?1");
    Ok(db.query_row(&sql, [email], |row| Ok((read(row)?, row.get(5)?))).optional()?)
}

/// The user of an id.
pub fn by_id(db: &Connection, id: &str) -> Result<Option<UserRecord>, GatewayStoreError> {
    Ok(db.query_row(&format!("SELECT {COLUMNS} FROM users WHERE id = ?1"), [id], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<UserRecord> {
    Ok(UserRecord {
        id: row.get(0)?,
        email: row.get(1)?,
        role: row.get(2)?,
        first_name: row.get(3)?,
        last_name: row.get(4)?,
    })
}
