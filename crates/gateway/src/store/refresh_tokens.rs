//! The `refresh_tokens` table: hashes of the tokens that were given out, in families.
//!
//! A family is one sign-in; each rotation adds a token to it. A used token stays until it expires, so that its reuse
//! is recognised.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::GatewayStoreError;
use crate::time::UnixMillis;

/// A token that was found by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshTokenRow {
    /// The sign-in that it belongs to.
    pub family: String,
    /// Whose it is.
    pub user_id: String,
    /// When it ends.
    pub expires_at: UnixMillis,
    /// Whether it has been exchanged already.
    pub used: bool,
}

/// Adds a token.
pub fn insert(
    db: &Connection,
    hash: &str,
    family: &str,
    user_id: &str,
    expires_at: UnixMillis,
) -> Result<(), GatewayStoreError> {
    db.execute(
        "INSERT INTO refresh_tokens (hash, family, user_id, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![hash, family, user_id, expires_at],
    )?;
    Ok(())
}

/// The token of a hash.
pub fn find(db: &Connection, hash: &str) -> Result<Option<RefreshTokenRow>, GatewayStoreError> {
    let sql = "SELECT family, user_id, expires_at, used_at IS NOT NULL FROM refresh_tokens WHERE hash = ?1";
    let known = db.query_row(sql, [hash], |row| {
        Ok(RefreshTokenRow { family: row.get(0)?, user_id: row.get(1)?, expires_at: row.get(2)?, used: row.get(3)? })
    });
    Ok(known.optional()?)
}

/// Marks a token as exchanged.
pub fn mark_used(db: &Connection, hash: &str, now: UnixMillis) -> Result<(), GatewayStoreError> {
    db.execute("UPDATE refresh_tokens SET used_at = ?2 WHERE hash = ?1", params![hash, now])?;
    Ok(())
}

/// Ends a sign-in: none of its tokens works any more.
pub fn revoke_family(db: &Connection, family: &str) -> Result<(), GatewayStoreError> {
    db.execute("DELETE FROM refresh_tokens WHERE family = ?1", [family])?;
    Ok(())
}

/// Forgets the tokens that have ended by themselves.
pub fn purge(db: &Connection, now: UnixMillis) -> Result<(), GatewayStoreError> {
    db.execute("DELETE FROM refresh_tokens WHERE expires_at <= ?1", [now])?;
    Ok(())
}
