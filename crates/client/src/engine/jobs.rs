//! Long-running jobs of the engine, and their cancellation.

use domain::jobs::JobKind;

use super::{CommandError, Engine};
use crate::jobs::JobHandle;
use crate::store::{AccountKey, Store};

impl Engine {
    /// Stops what takes long, if it is under way.
    pub fn cancel(&self, kind: JobKind) {
        self.jobs.cancel(kind);
    }

    /// Rebuilds the full-text index. Events are stored in between, and a search finds what is in it already.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub async fn reindex(&self) -> Result<(), CommandError> {
        let job = self.jobs.begin(JobKind::Reindex).await;
        let made = self.ask(move |writer, reply| writer.reindex(job, reply)).await?;
        if made { Ok(()) } else { Err(CommandError::Cancelled) }
    }

    /// Lets `read` look through the inbox beside the writer, on a thread that may block, as an export. It gets no inbox when
    /// nobody is signed in. Stopped with whoever waits for it: `read` has to look at that from time to time.
    ///
    /// # Errors
    /// See [`CommandError`]; inside, what `read` says.
    pub async fn export<T: Send + 'static>(
        &self,
        read: impl FnOnce(Option<(&Store, AccountKey)>, JobHandle) -> T + Send + 'static,
    ) -> Result<T, CommandError> {
        let job = self.jobs.begin(JobKind::Export).await;
        let _gone = job.cancel().clone().drop_guard();
        let (path, account) = (self.path.clone(), self.account());
        let language = self.preferences.borrow().locale.language;
        let exported = tokio::task::spawn_blocking(move || {
            let Some(mut store) = Store::open_read_only(&path)? else { return Ok(read(None, job)) };
            store.set_language(language);
            let account = account.map(|account| store.known_account(&account)).transpose()?.flatten();
            Ok(read(account.map(|account| (&store, account)), job))
        });
        exported.await.map_err(|_| CommandError::Ending)?
    }
}
