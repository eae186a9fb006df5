//! The open inbox: its store, the account in use, and the channels that announce changes.

use std::sync::Arc;

use domain::account::Audience;
use domain::outcome::Ruling;
use domain::text::{self, Problem};
use tokio::sync::broadcast;

use crate::ports::Clock;
use crate::status::{Change, Part, Status};
use crate::store::{AccountKey, Store, StoreError};

/// A change of more rows than this is announced as [`Change::Reload`].
const ANNOUNCED_ROWS: usize = 100;

pub(crate) struct OpenInbox {
    pub store: Store,
    pub account: Option<AccountKey>,
    pub audience: Audience,
    pub clock: Arc<dyn Clock>,
    pub status: Status,
    pub changes: broadcast::Sender<Change>,
}

impl OpenInbox {
    /// Counts again and publishes the counts, after every transaction that can change them.
    pub fn publish_counts(&self) {
        let counts = self.account.map_or(Ok((0, 0)), |account| self.store.counts(account));
        match counts {
            Ok((unread, total)) => self.status.modify(|snapshot| {
                snapshot.unread = unread;
                snapshot.total = total;
            }),
            Err(error) => self.report(&error),
        }
    }

    /// Announces rows that are new or changed.
    pub fn announce_rows(&self, ids: &[i64]) {
        let Some(account) = self.account else { return };
        if ids.is_empty() {
            return;
        }
        let change = if ids.len() > ANNOUNCED_ROWS {
            Change::Reload
        } else {
            self.store.rows(account, ids).map_or(Change::Reload, Change::Rows)
        };
        self.announce(change);
    }

    pub fn announce(&self, change: Change) {
        // Nobody may be listening.
        let _ = self.changes.send(change);
    }

    /// Records another ruling than the one that stands, and announces it.
    pub fn change_ruling(&mut self, rows: &[i64], ruling: &Ruling) -> Result<(), StoreError> {
        for id in rows {
            self.store.set_ruling(*id, ruling)?;
        }
        self.announce_rows(rows);
        let outcome = text::outcome(ruling, self.store.language());
        for id in rows {
            self.announce(Change::Outcome { id: *id, outcome: outcome.clone() });
        }
        Ok(())
    }

    /// Logs a failure of the store and shows it in the state.
    pub fn report(&self, error: &StoreError) {
        tracing::error!(%error, "the inbox failed");
        let language = self.store.language();
        let sentence = text::problem(&Problem::Unkept(&error.message(language)), language);
        self.status.problem(Part::Inbox, Some(sentence));
    }
}
