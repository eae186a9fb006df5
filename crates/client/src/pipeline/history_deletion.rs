//! The history of an account is deleted a few rows at a time. People are answered in between; what the connection tells
//! waits, so that nothing of the account comes after it.

use domain::account::AccountId;
use domain::jobs::JobKind;

use super::{Pipeline, StoreReply};
use crate::jobs::JobHandle;
use crate::status::Change;
use crate::store::StoreError;

/// What is being deleted.
pub(super) struct HistoryDeletion {
    account: AccountId,
    working: Option<JobHandle>,
    /// Answered with whether all of it is gone.
    reply: StoreReply<bool>,
}

impl Pipeline {
    /// Begins it; [`Pipeline::wipe_some`] is due until it is over.
    pub(super) fn begin_wipe(&mut self, account: AccountId, reply: StoreReply<bool>) {
        let mut working = self.works.try_begin(JobKind::Wipe);
        let rows = self.store.known_account(&account).and_then(|key| key.map_or(Ok(0), |key| self.store.stored(key)));
        // Without a total it is shown all the same; what is wrong with the file is told by the first step.
        if let (Some(working), Ok(rows)) = (&mut working, rows) {
            working.expect(rows);
        }
        self.wiping = Some(HistoryDeletion { account, working, reply });
    }

    /// Deletes some of it.
    pub(super) fn wipe_some(&mut self) {
        let Some(wiping) = &mut self.wiping else { return };
        if wiping.working.as_ref().is_some_and(JobHandle::is_cancelled) {
            return self.end_wipe(Ok(false));
        }
        match self.store.wipe_some(&wiping.account) {
            Ok(0) => {
                let rest = self.store.wipe_rest(&wiping.account);
                self.end_wipe(rest.map(|()| true));
            }
            Ok(rows) => {
                if let Some(working) = &mut wiping.working {
                    working.advance(rows);
                }
            }
            Err(error) => self.end_wipe(Err(error)),
        }
    }

    fn end_wipe(&mut self, ended: Result<bool, StoreError>) {
        if let Some(HistoryDeletion { working, reply, .. }) = self.wiping.take() {
            drop(working);
            // A caller that has stopped waiting is no error. A failure is the caller's to tell, not to retry.
            let _ = reply.send(ended);
        }
        self.recount();
        self.announce(Change::Reload);
        self.store_pending();
    }
}
