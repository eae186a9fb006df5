//! Background rebuilds, a few rows at a time while the writer is idle: rows in another language, and the full-text
//! index.

use domain::jobs::JobKind;

use super::{StoreReply, Writer};
use crate::jobs::JobHandle;
use crate::status::Change;
use crate::store::StoreError;

/// Rows that are said anew between two looks at the queues.
const RERENDERED_AT_ONCE: u32 = 200;

/// What is being rebuilt.
#[derive(Default)]
pub(super) struct Rebuild {
    /// Rows older than this one still speak the language of before.
    rerendering: Option<i64>,
    /// There are rows that are not in the index.
    indexing: bool,
    /// None while it is not shown.
    job: Option<JobHandle>,
    /// Who waits for the index: the one whose work it is.
    reply: Option<StoreReply<bool>>,
}

impl Rebuild {
    /// Whether there is something to do.
    pub fn is_due(&self) -> bool {
        self.rerendering.is_some() || self.indexing
    }

    /// Every row has to be said anew, or none any more.
    pub fn rerender(&mut self, rows: bool) {
        self.rerendering = rows.then_some(i64::MAX);
        if !self.is_due() {
            self.end(Ok(true));
        }
    }

    /// It is over, or is not to go on before the next start.
    fn end(&mut self, ended: Result<bool, StoreError>) {
        // A caller that has stopped waiting is no error.
        let _ = self.reply.take().map(|reply| reply.send(ended));
        *self = Self::default();
    }
}

impl Writer {
    /// Goes on with an index that is not complete.
    pub(super) fn resume_index(&mut self) {
        match self.inbox.store.unindexed() {
            Ok(rows) => self.rebuild.indexing = rows > 0,
            Err(error) => self.inbox.report(&error),
        }
    }

    /// Rebuilds the index from the beginning. Answers whether it was made to the end.
    pub fn reindex(&mut self, job: JobHandle, reply: StoreReply<bool>) {
        match self.inbox.store.begin_index() {
            Ok(()) => {
                self.rebuild.indexing = true;
                self.rebuild.job = Some(job);
                self.rebuild.reply = Some(reply);
                self.expect();
            }
            // A caller that has stopped waiting is no error.
            Err(error) => drop(reply.send(Err(error))),
        }
    }

    /// The index is damaged: it is emptied, and what was to be stored can be.
    pub(super) fn repair_index(&mut self) -> Result<(), StoreError> {
        self.inbox.store.begin_index()?;
        self.rebuild.indexing = true;
        Ok(())
    }

    /// Does some of it.
    pub(super) fn rebuild_some(&mut self) {
        if self.rebuild.job.is_none() {
            self.rebuild.job = self.jobs.try_begin(JobKind::Reindex);
            self.expect();
        }
        if self.rebuild.job.as_ref().is_some_and(JobHandle::is_cancelled) {
            return self.rebuild.end(Ok(false));
        }
        let done = if self.rebuild.rerendering.is_some() { self.rerender_some() } else { self.index_some() };
        match done {
            Ok(rows) => {
                if let Some(job) = &mut self.rebuild.job {
                    job.advance(rows);
                }
                if !self.rebuild.is_due() {
                    self.rebuild.end(Ok(true));
                }
            }
            Err(error) => {
                self.inbox.report(&error);
                self.rebuild.end(Err(error));
            }
        }
    }

    /// How much there is to do in all.
    fn expect(&mut self) {
        let rows = || {
            let index = self.inbox.store.unindexed()?;
            let words = self
                .rebuild
                .rerendering
                .and(self.inbox.account)
                .map(|account| self.inbox.store.stored(account))
                .transpose()?;
            Ok::<_, StoreError>(index + words.unwrap_or_default())
        };
        match (rows(), &mut self.rebuild.job) {
            (Ok(rows), Some(job)) => job.expect(rows),
            (Ok(_), None) => {}
            (Err(error), _) => self.inbox.report(&error),
        }
    }

    /// The newest rows first.
    fn rerender_some(&mut self) -> Result<u64, StoreError> {
        let (Some(account), Some(before)) = (self.inbox.account, self.rebuild.rerendering) else {
            self.rebuild.rerendering = None;
            return Ok(0);
        };
        let (next, rows) = self.inbox.store.rerender_some(account, self.inbox.audience, before, RERENDERED_AT_ONCE)?;
        self.rebuild.rerendering = next;
        if next.is_none() {
            self.inbox.store.note_rendered(account)?;
        }
        // The first rows are those in sight; then it is enough to look once more at the end.
        if next.is_none() || before == i64::MAX {
            self.inbox.announce(Change::Reload);
        }
        Ok(rows)
    }

    fn index_some(&mut self) -> Result<u64, StoreError> {
        let rows = self.inbox.store.index_some()?;
        if rows == 0 {
            self.rebuild.indexing = false;
            // Whoever searches finds more now.
            self.inbox.announce(Change::Reload);
        }
        Ok(rows)
    }
}
