//! Checks of the keychain and the tokens in it.

use std::sync::Arc;

use client::Tokens;
use client::ports::{Keychain, KeychainError};
use domain::settings::Account;
use jiff::Timestamp;

use super::check::{CheckResult, failed, ok, warning};
use super::hints::HINTS;

/// Runs a keychain call off the async threads, since it can block.
async fn call_keychain<T: Send + 'static>(
    keychain: &Arc<dyn Keychain>,
    call: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let keychain = Arc::clone(keychain);
    let called = tokio::task::spawn_blocking(move || call(keychain.as_ref())).await;
    called.unwrap_or_else(|_| Err(KeychainError::Unavailable("its adapter failed".to_owned())))
}

/// Checks the stored tokens.
pub async fn token(keychain: &Arc<dyn Keychain>, account: &Account) -> CheckResult {
    let id = account.id();
    let sign_in = "Open Gatecall and sign in, or run `gatecall login`.";
    match call_keychain(keychain, move |keychain| keychain.get(id.as_str())).await {
        Ok(Some(secret)) => match Tokens::from_secret(&secret) {
            Some(tokens) => token_age(&tokens, sign_in),
            None => failed("token", "what the keychain holds is no token", sign_in),
        },
        Ok(None) => failed("token", "the keychain holds none", sign_in),
        Err(error) => failed("token", error.to_string(), "See keychain."),
    }
}

fn token_age(tokens: &Tokens, sign_in: &str) -> CheckResult {
    let Some(expiry) = tokens.claims().expires_at() else { return ok("token", "present, without an expiry") };
    let left = expiry.duration_since(Timestamp::now());
    if left.is_positive() {
        ok("token", format!("valid for {} min", left.as_mins()))
    } else if tokens.refresh.is_some() {
        ok("token", "expired; it is refreshed at the next connection")
    } else {
        failed("token", "expired, and there is nothing to refresh it with", sign_in)
    }
}

/// Checks that the keychain answers.
pub async fn keychain(keychain: &Arc<dyn Keychain>) -> CheckResult {
    const UNLOCK: &str = "Unlock it; on most desktops it opens with the login.";
    match call_keychain(keychain, |keychain| keychain.get("doctor")).await {
        Ok(_) => ok("keychain", "answers"),
        Err(error @ (KeychainError::Locked | KeychainError::Timeout)) => warning("keychain", error.to_string(), UNLOCK),
        Err(error @ KeychainError::Denied) => failed("keychain", error.to_string(), "Allow Gatecall in the keychain."),
        Err(error @ KeychainError::Unavailable(_)) => failed("keychain", error.to_string(), HINTS.keychain),
    }
}
