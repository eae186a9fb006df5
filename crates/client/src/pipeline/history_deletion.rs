//! Deletion of an account's history, a few rows at a time. Requests are answered in between; input from the connection
//! waits, so that no event of the account is stored after its deletion.

use domain::account::AccountId;
use domain::jobs::JobKind;

use super::{StoreReply, Writer};
use crate::jobs::JobHandle;
use crate::status::Change;
use crate::store::StoreError;

/// What is being deleted.
pub(super) struct HistoryDeletion {
    account: AccountId,
    job: Option<JobHandle>,
    /// Answered with whether all of it is gone.
    reply: StoreReply<bool>,
}

impl Writer {
    /// Begins it; [`Writer::delete_some`] is due until it is over.
    pub(super) fn begin_deletion(&mut self, account: AccountId, reply: StoreReply<bool>) {
        let mut job = self.jobs.try_begin(JobKind::Wipe);
        let rows = self
            .inbox
            .store
            .known_account(&account)
            .and_then(|key| key.map_or(Ok(0), |key| self.inbox.store.stored(key)));
        // Without a total it is shown all the same; what is wrong with the file is told by the first step.
        if let (Some(job), Ok(rows)) = (&mut job, rows) {
            job.expect(rows);
        }
        self.deletion = Some(HistoryDeletion { account, job, reply });
    }

    /// Deletes some of it.
    pub(super) fn delete_some(&mut self) {
        let Some(deletion) = &mut self.deletion else { return };
        if deletion.job.as_ref().is_some_and(JobHandle::is_cancelled) {
            return self.end_deletion(Ok(false));
        }
        match self.inbox.store.delete_some_history(&deletion.account) {
            Ok(0) => {
                let rest = self.inbox.store.delete_rest_of_history(&deletion.account);
                self.end_deletion(rest.map(|()| true));
            }
            Ok(rows) => {
                if let Some(job) = &mut deletion.job {
                    job.advance(rows);
                }
            }
            Err(error) => self.end_deletion(Err(error)),
        }
    }

    fn end_deletion(&mut self, ended: Result<bool, StoreError>) {
        if let Some(HistoryDeletion { job, reply, .. }) = self.deletion.take() {
            drop(job);
            // A caller that has stopped waiting is no error. A failure is the caller's to tell, not to retry.
            let _ = reply.send(ended);
        }
        self.inbox.publish_counts();
        self.inbox.announce(Change::Reload);
        self.store_pending();
    }
}
