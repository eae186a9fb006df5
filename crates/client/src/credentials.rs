//! Credentials: tokens in the keychain, and in memory only while the keychain is unavailable.

use std::sync::Arc;
use std::time::Duration;

use domain::account::{AccountId, ServerUrl};
use tokio::task::JoinHandle;

use crate::ports::{Keychain, KeychainError};
use crate::rest::{Rest, RestError};
use crate::tokens::Tokens;

/// How long a program that ends waits for new tokens to arrive and be kept.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(3);

/// Reads, writes and refreshes the tokens of accounts. Owned by the supervisor, so that nobody else can replace them.
pub(crate) struct Credentials {
    keychain: Arc<dyn Keychain>,
    /// Tokens that the keychain did not take: they last as long as the program, and the person is told.
    unsaved: Option<(AccountId, Tokens)>,
    /// The refresh under way. It outlives the link that wanted it: a server that rotates refresh tokens has forgotten
    /// the old one as soon as it is asked, so that a dropped answer would lock the person out.
    refresh: Option<Refresh>,
}

struct Refresh {
    account: AccountId,
    task: JoinHandle<Result<Refreshed, RestError>>,
}

/// New tokens, and whether the keychain has them.
pub(crate) struct Refreshed {
    pub tokens: Tokens,
    pub kept: Result<(), KeychainError>,
}

impl Credentials {
    pub fn new(keychain: Arc<dyn Keychain>) -> Self {
        Self { keychain, unsaved: None, refresh: None }
    }

    /// The tokens of `account`, those of a refresh under way included. The keychain is asked each time: another
    /// program may have signed in. Cancel-safe.
    pub async fn load(&mut self, account: &AccountId) -> Result<Option<Tokens>, KeychainError> {
        // What came of it is in the keychain, or in memory.
        let _ = self.land().await;
        if let Some((owner, tokens)) = &self.unsaved
            && owner == account
        {
            return Ok(Some(tokens.clone()));
        }
        let name = account.as_str().to_owned();
        let secret = ask(&self.keychain, move |keychain| keychain.get(&name)).await?;
        Ok(secret.as_ref().and_then(Tokens::from_secret))
    }

    /// Keeps the tokens. An error tells that they are in memory only.
    pub async fn store(&mut self, account: &AccountId, tokens: &Tokens) -> Result<(), KeychainError> {
        let _ = self.land().await;
        let stored = keep(&self.keychain, account, tokens).await;
        self.unsaved = stored.is_err().then(|| (account.clone(), tokens.clone()));
        stored
    }

    /// Forgets the tokens of `account`. A keychain that is away has nothing to forget when it never had them.
    pub async fn delete(&mut self, account: &AccountId) -> Result<(), KeychainError> {
        let _ = self.land().await;
        let was_unsaved = self.unsaved.take().is_some_and(|(owner, _)| owner == *account);
        let name = account.as_str().to_owned();
        match ask(&self.keychain, move |keychain| keychain.delete(&name)).await {
            Err(KeychainError::Unavailable(_)) if was_unsaved => Ok(()),
            deleted => deleted,
        }
    }

    /// Gets new tokens and keeps them before anybody uses them. One at a time; cancel-safe: a call that is dropped
    /// leaves the refresh under way, and the next call of any kind waits for it.
    pub async fn refresh(
        &mut self,
        rest: &Rest,
        auth: &ServerUrl,
        account: &AccountId,
        tokens: &Tokens,
    ) -> Result<Refreshed, RestError> {
        if self.refresh.is_none() {
            let old = tokens.refresh.clone().ok_or(RestError::Absent)?;
            let (rest, auth, owner) = (rest.clone(), auth.clone(), account.clone());
            let keychain = Arc::clone(&self.keychain);
            let task = tokio::spawn(async move {
                let tokens = rest.refresh(&auth, &old).await?;
                let kept = keep(&keychain, &owner, &tokens).await;
                Ok(Refreshed { tokens, kept })
            });
            self.refresh = Some(Refresh { account: account.clone(), task });
        }
        // One is under way.
        self.land().await.unwrap_or(Err(RestError::Absent))
    }

    /// Waits for the refresh under way, if there is one. Cancel-safe.
    async fn land(&mut self) -> Option<Result<Refreshed, RestError>> {
        let refresh = self.refresh.as_mut()?;
        // A panic in it was reported by the panic hook; for us the server did not answer.
        let result = (&mut refresh.task).await.unwrap_or(Err(RestError::Timeout));
        let account = self.refresh.take()?.account;
        if let Ok(refreshed) = &result {
            self.unsaved = refreshed.kept.is_err().then(|| (account, refreshed.tokens.clone()));
        }
        Some(result)
    }

    /// Ends: a refresh under way gets a moment to be kept.
    pub async fn close(mut self) {
        if tokio::time::timeout(SHUTDOWN_GRACE, self.land()).await.is_err()
            && let Some(refresh) = self.refresh
        {
            refresh.task.abort();
        }
    }
}

async fn keep(keychain: &Arc<dyn Keychain>, account: &AccountId, tokens: &Tokens) -> Result<(), KeychainError> {
    let (name, secret) = (account.as_str().to_owned(), tokens.to_secret());
    ask(keychain, move |keychain| keychain.set(&name, &secret)).await
}

/// Asks the keychain off the async threads.
async fn ask<T: Send + 'static>(
    keychain: &Arc<dyn Keychain>,
    question: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let keychain = Arc::clone(keychain);
    let asked = tokio::task::spawn_blocking(move || question(keychain.as_ref())).await;
    asked.unwrap_or_else(|_| Err(KeychainError::Unavailable("the keychain's adapter failed".to_owned())))
}
