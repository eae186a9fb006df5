//! Rows in other words and the full-text index are made anew a few rows at a time, while nothing else is to be done.

use domain::jobs::JobKind;

use super::{Pipeline, StoreReply};
use crate::jobs::JobHandle;
use crate::status::Change;
use crate::store::StoreError;

/// Rows that are said anew between two looks at the queues.
const REWORDED_AT_ONCE: u32 = 200;

/// What is being made anew.
#[derive(Default)]
pub(super) struct Rebuild {
    /// Rows older than this one still speak the language of before.
    wording: Option<i64>,
    /// There are rows that are not in the index.
    indexing: bool,
    /// None while it is not shown.
    working: Option<JobHandle>,
    /// Who waits for the index: the one whose work it is.
    asked: Option<StoreReply<bool>>,
}

impl Rebuild {
    /// Whether there is something to do.
    pub fn is_due(&self) -> bool {
        self.wording.is_some() || self.indexing
    }

    /// Every row has to be said anew, or none any more.
    pub fn reword(&mut self, rows: bool) {
        self.wording = rows.then_some(i64::MAX);
        if !self.is_due() {
            self.end(Ok(true));
        }
    }

    /// It is over, or is not to go on before the next start.
    fn end(&mut self, ended: Result<bool, StoreError>) {
        // A caller that has stopped waiting is no error.
        let _ = self.asked.take().map(|asked| asked.send(ended));
        *self = Self::default();
    }
}

impl Pipeline {
    /// Goes on with an index that is not complete.
    pub(super) fn resume_index(&mut self) {
        match self.store.unindexed() {
            Ok(rows) => self.renewal.indexing = rows > 0,
            Err(error) => self.store_failed(&error),
        }
    }

    /// Makes the index anew from the beginning. Answers whether it was made to the end.
    pub(super) fn reindex(&mut self, working: JobHandle, reply: StoreReply<bool>) {
        match self.store.begin_index() {
            Ok(()) => {
                self.renewal.indexing = true;
                self.renewal.working = Some(working);
                self.renewal.asked = Some(reply);
                self.expect();
            }
            // A caller that has stopped waiting is no error.
            Err(error) => drop(reply.send(Err(error))),
        }
    }

    /// The index is damaged: it is emptied, and what was to be stored can be.
    pub(super) fn mend_index(&mut self) -> Result<(), StoreError> {
        self.store.begin_index()?;
        self.renewal.indexing = true;
        Ok(())
    }

    /// Does some of it.
    pub(super) fn renew(&mut self) {
        if self.renewal.working.is_none() {
            self.renewal.working = self.works.try_begin(JobKind::Reindex);
            self.expect();
        }
        if self.renewal.working.as_ref().is_some_and(JobHandle::is_cancelled) {
            return self.renewal.end(Ok(false));
        }
        let done = if self.renewal.wording.is_some() { self.reword_some() } else { self.index_some() };
        match done {
            Ok(rows) => {
                if let Some(working) = &mut self.renewal.working {
                    working.advance(rows);
                }
                if !self.renewal.is_due() {
                    self.renewal.end(Ok(true));
                }
            }
            Err(error) => {
                self.store_failed(&error);
                self.renewal.end(Err(error));
            }
        }
    }

    /// How much there is to do in all.
    fn expect(&mut self) {
        let rows = || {
            let index = self.store.unindexed()?;
            let words = self.renewal.wording.and(self.account).map(|account| self.store.stored(account)).transpose()?;
            Ok::<_, StoreError>(index + words.unwrap_or_default())
        };
        match (rows(), &mut self.renewal.working) {
            (Ok(rows), Some(working)) => working.expect(rows),
            (Ok(_), None) => {}
            (Err(error), _) => self.store_failed(&error),
        }
    }

    /// The newest rows first.
    fn reword_some(&mut self) -> Result<u64, StoreError> {
        let (Some(account), Some(before)) = (self.account, self.renewal.wording) else {
            self.renewal.wording = None;
            return Ok(0);
        };
        let (next, rows) = self.store.reword(account, self.audience, before, REWORDED_AT_ONCE)?;
        self.renewal.wording = next;
        if next.is_none() {
            self.store.note_worded(account)?;
        }
        // The first rows are those in sight; then it is enough to look once more at the end.
        if next.is_none() || before == i64::MAX {
            self.announce(Change::Reload);
        }
        Ok(rows)
    }

    fn index_some(&mut self) -> Result<u64, StoreError> {
        let rows = self.store.index_some()?;
        if rows == 0 {
            self.renewal.indexing = false;
            // Whoever searches finds more now.
            self.announce(Change::Reload);
        }
        Ok(rows)
    }
}
