//! Password hashes: Argon2id, off the async threads, a few at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Secret;
use tokio::sync::Semaphore;

/// Passes over the memory; with the default 19 MiB this is OWASP's first recommendation.
const PASSES: u32 = 2;

/// Hashes computed at once: each takes its memory and a core.
const AT_ONCE: usize = 4;

/// Longest password that is looked at.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// Hashing failed for a reason that is not the password.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PasswordError(String);

/// Computes and checks hashes. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// Checked when the address is unknown, so that the answer takes as long as for a wrong password.
    dummy_hash: Arc<str>,
}

impl Passwords {
    /// Hashes with `memory_kib` KiB.
    ///
    /// # Errors
    /// When Argon2 does not take that much memory.
    pub async fn new(memory_kib: u32) -> Result<Self, PasswordError> {
        let params = Params::new(memory_kib, PASSES, 1, None).map_err(|error| PasswordError(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut passwords = Self { argon2, permits: Arc::new(Semaphore::new(AT_ONCE)), dummy_hash: Arc::from("") };
        let nobody = uuid::Uuid::new_v4().to_string();
        passwords.dummy_hash = Arc::from(passwords.hash(Secret::new(nobody)).await?);
        Ok(passwords)
    }

    /// The hash of a password, with a new salt, in PHC form.
    ///
    /// # Errors
    /// When the hash cannot be computed.
    pub async fn hash(&self, password: Secret) -> Result<String, PasswordError> {
        self.off_thread(move |argon2| {
            let hash = argon2.hash_password(password.expose().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| PasswordError(error.to_string()))
        })
        .await
    }

    /// Whether `password` belongs to `hash`. Without a hash it takes the same time and the answer is no.
    ///
    /// # Errors
    /// When the stored hash cannot be read.
    pub async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, PasswordError> {
        let dummy_hash = Arc::clone(&self.dummy_hash);
        self.off_thread(move |argon2| {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| dummy_hash.to_string());
            let hash = PasswordHash::new(&hash).map_err(|error| PasswordError(error.to_string()))?;
            Ok(argon2.verify_password(password.expose().as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || work(&argon2)).await.map_err(|error| PasswordError(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::new(64).await.unwrap();
        let hash = passwords.hash(Secret::new("Test123!")).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify(Secret::new("Test123!"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(Secret::new("test123!"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(Secret::new("Test123!"), None).await.unwrap());
    }
}
