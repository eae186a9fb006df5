//! Undo of changes to rows: several levels, ten seconds each.

use jiff::{SignedDuration, Timestamp};

use crate::store::{AccountKey, RowState};

/// How long a change can be taken back.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// A change of the inbox, as what has to be done to take it back.
#[derive(Debug)]
pub(super) enum UndoAction {
    /// Mark these rows as read or unread again.
    SetRead { ids: Vec<i64>, read: bool },
    /// Make these rows what they were, in place and read state.
    Restore { rows: Vec<RowState> },
}

#[derive(Debug)]
struct UndoEntry {
    number: u64,
    at: Timestamp,
    account: AccountKey,
    reversal: UndoAction,
}

/// The last changes.
#[derive(Debug, Default)]
pub(super) struct Undo {
    last: u64,
    entries: Vec<UndoEntry>,
}

impl Undo {
    /// Remembers a change; the number takes it back.
    pub fn remember(&mut self, account: AccountKey, reversal: UndoAction, now: Timestamp) -> u64 {
        self.entries.retain(|entry| now.duration_since(entry.at) <= GRACE);
        self.last += 1;
        self.entries.push(UndoEntry { number: self.last, at: now, account, reversal });
        self.last
    }

    /// The change with this number, unless it is too late or another account's.
    pub fn take(&mut self, account: AccountKey, number: u64, now: Timestamp) -> Option<UndoAction> {
        let index = self.entries.iter().position(|entry| entry.number == number && entry.account == account)?;
        let entry = self.entries.remove(index);
        (now.duration_since(entry.at) <= GRACE).then_some(entry.reversal)
    }
}
