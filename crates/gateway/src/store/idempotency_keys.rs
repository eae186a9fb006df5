//! The `idempotency_keys` table: which ingested event a key stands for. A key goes when its event is pruned.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::GatewayStoreError;
use crate::event_log::Seq;

/// SHA-256 of a body.
pub type BodyHash = [u8; 32];

/// The event of a key, and the body that it came with.
pub fn find(db: &Connection, key: &str) -> Result<Option<(Seq, BodyHash)>, GatewayStoreError> {
    let mut one = db.prepare_cached("SELECT seq, body_hash FROM idempotency_keys WHERE key = ?1")?;
    Ok(one.query_row([key], |row| Ok((Seq(row.get(0)?), row.get(1)?))).optional()?)
}

/// Keeps a key.
pub fn insert(db: &Connection, key: &str, body_hash: &BodyHash, seq: Seq) -> Result<(), GatewayStoreError> {
    let mut add = db.prepare_cached("INSERT INTO idempotency_keys (key, body_hash, seq) VALUES (?1, ?2, ?3)")?;
    add.execute(params![key, body_hash, seq.0])?;
    Ok(())
}
