//! Refresh tokens: random, stored as hashes, good for one exchange.
//!
//! A token that comes a second time has been copied by someone: its whole sign-in is revoked.

use std::fmt::Write;

use domain::Secret;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::ApiError;
use crate::store::users::{self, UserRecord};
use crate::store::{UnitOfWork, refresh_tokens};
use crate::time::UnixMillis;

/// What became of an exchange. Reuse is an outcome and not an error, since the revocation has to be committed.
pub enum RefreshOutcome {
    /// A new token of the same sign-in, and whose it is.
    Renewed(Secret, UserRecord),
    /// Unknown, over, revoked, or used before.
    Refused,
}

/// Starts a sign-in of `user_id`: its first token.
pub fn start(work: &UnitOfWork<'_>, user_id: &str, ttl_secs: i64) -> Result<Secret, ApiError> {
    refresh_tokens::purge(&work.tx, work.now)?;
    add(work, &Uuid::new_v4().to_string(), user_id, work.now.plus_secs(ttl_secs))
}

/// Exchanges a token for the next one.
pub fn exchange(work: &UnitOfWork<'_>, token: &Secret, ttl_secs: i64) -> Result<RefreshOutcome, ApiError> {
    let hash = hash(token);
    let Some(known) = refresh_tokens::find(&work.tx, &hash)? else { return Ok(RefreshOutcome::Refused) };
    if known.used {
        tracing::warn!("a refresh token came twice; its sign-in is revoked");
        refresh_tokens::revoke_family(&work.tx, &known.family)?;
        return Ok(RefreshOutcome::Refused);
    }
    if known.expires_at <= work.now {
        return Ok(RefreshOutcome::Refused);
    }
    let Some(user) = users::by_id(&work.tx, &known.user_id)? else { return Ok(RefreshOutcome::Refused) };
    refresh_tokens::mark_used(&work.tx, &hash, work.now)?;
    let next = add(work, &known.family, &user.id, work.now.plus_secs(ttl_secs))?;
    Ok(RefreshOutcome::Renewed(next, user))
}

/// Ends the sign-in that a token belongs to. An unknown token has nothing to end.
pub fn end(work: &UnitOfWork<'_>, token: &Secret) -> Result<(), ApiError> {
    if let Some(known) = refresh_tokens::find(&work.tx, &hash(token))? {
        refresh_tokens::revoke_family(&work.tx, &known.family)?;
    }
    Ok(())
}

fn add(work: &UnitOfWork<'_>, family: &str, user_id: &str, expires_at: UnixMillis) -> Result<Secret, ApiError> {
    let token = Secret::new(hex(&rand::random::<[u8; 32]>()));
    refresh_tokens::insert(&work.tx, &hash(&token), family, user_id, expires_at)?;
    Ok(token)
}

/// One round is enough: the token is random, not chosen by a person.
fn hash(token: &Secret) -> String {
    hex(&Sha256::digest(token.expose().as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
