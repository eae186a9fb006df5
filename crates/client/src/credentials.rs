//! Tokens in the keychain, and in memory only while the keychain is away.

use std::sync::Arc;

use domain::account::AccountId;

use crate::ports::{Keychain, KeychainError};
use crate::tokens::Tokens;

/// Reads and writes the tokens of accounts. Owned by the supervisor, so that nobody else can refresh or replace them.
pub(crate) struct Credentials {
    keychain: Arc<dyn Keychain>,
    /// Tokens that the keychain did not take: they last as long as the program, and the person is told.
    unsaved: Option<(AccountId, Tokens)>,
}

impl Credentials {
    pub fn new(keychain: Arc<dyn Keychain>) -> Self {
        Self { keychain, unsaved: None }
    }

    /// The tokens of `account`. The keychain is asked each time: another program may have signed in.
    pub async fn load(&mut self, account: &AccountId) -> Result<Option<Tokens>, KeychainError> {
        if let Some((owner, tokens)) = &self.unsaved
            && owner == account
        {
            return Ok(Some(tokens.clone()));
        }
        let name = account.as_str().to_owned();
        let secret = self.ask(move |keychain| keychain.get(&name)).await?;
        Ok(secret.as_ref().and_then(Tokens::from_secret))
    }

    /// Keeps the tokens. An error tells that they are in memory only.
    pub async fn store(&mut self, account: &AccountId, tokens: &Tokens) -> Result<(), KeychainError> {
        let (name, secret) = (account.as_str().to_owned(), tokens.to_secret());
        let stored = self.ask(move |keychain| keychain.set(&name, &secret)).await;
        self.unsaved = stored.is_err().then(|| (account.clone(), tokens.clone()));
        stored
    }

    /// Forgets the tokens of `account`.
    pub async fn delete(&mut self, account: &AccountId) -> Result<(), KeychainError> {
        self.unsaved = None;
        let name = account.as_str().to_owned();
        self.ask(move |keychain| keychain.delete(&name)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let keychain = Arc::clone(&self.keychain);
        let asked = tokio::task::spawn_blocking(move || question(keychain.as_ref())).await;
        asked.unwrap_or_else(|_| Err(KeychainError::Unavailable("the keychain's adapter failed".to_owned())))
    }
}
