//! Requests about rows from people and from the desktop. Each runs as a job of the writer; see
//! [`super::WriterCommand::Run`].

use std::collections::HashMap;

use domain::ToastAction;
use domain::criteria::{Criteria, RowSelector};
use domain::outcome::RulingReason;
use domain::view::ThreadPreference;

use super::presenter::{NO_ROW, TEST_KEY, in_an_hour};
use super::undo::UndoAction;
use super::{UndoTicket, Writer};
use crate::ports::{Happened, ToastFeedback};
use crate::status::Change;
use crate::store::{AccountKey, RowPage, StoreError, ThreadListPage};

impl Writer {
    /// Rows, newest first.
    pub fn list(&self, criteria: &Criteria, before: Option<i64>, limit: u32) -> Result<RowPage, StoreError> {
        self.read(|account| self.inbox.store.list(account, criteria, before, limit))
    }

    /// Bookings and flights, the one with the newest row first.
    pub fn threads(&self, criteria: &Criteria, before: Option<i64>, limit: u32) -> Result<ThreadListPage, StoreError> {
        self.read(|account| self.inbox.store.threads(account, criteria, before, limit))
    }

    /// The rows of one booking or flight, newest first.
    pub fn thread(&self, thread: &str, before: Option<i64>, limit: u32) -> Result<RowPage, StoreError> {
        self.read(|account| self.inbox.store.thread(account, thread, before, limit))
    }

    /// The preference of each booking and flight that is muted or snoozed.
    pub fn thread_preferences(&self) -> Result<HashMap<String, ThreadPreference>, StoreError> {
        self.read(|account| self.inbox.store.thread_preferences(account))
    }

    /// Mutes or snoozes a booking or flight, or takes it back.
    pub fn set_thread_preference(&mut self, thread: &str, preference: ThreadPreference) -> Result<(), StoreError> {
        self.presenter.set_thread_preference(thread, preference, &mut self.inbox)
    }

    /// What `read` finds for the account in use; nothing where nobody is signed in.
    fn read<T: Default>(&self, read: impl FnOnce(AccountKey) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.inbox.account.map_or_else(|| Ok(T::default()), read)
    }

    pub fn set_read(&mut self, rows: &RowSelector, read: bool) -> Result<UndoTicket, StoreError> {
        let Some(account) = self.inbox.account else { return Ok(UndoTicket::default()) };
        let changed = self.inbox.store.set_read(account, rows, read)?;
        if read {
            self.on_seen(account, rows, &changed)?;
        }
        Ok(self.on_changed(account, changed, |ids| UndoAction::SetRead { ids, read: !read }))
    }

    pub fn set_done(&mut self, rows: &RowSelector, done: bool) -> Result<UndoTicket, StoreError> {
        let Some(account) = self.inbox.account else { return Ok(UndoTicket::default()) };
        let before = self.inbox.store.set_done(account, rows, done, self.inbox.clock.now())?;
        let ids: Vec<i64> = before.iter().map(|row| row.id).collect();
        if done {
            self.on_seen(account, rows, &ids)?;
        }
        let ticket = self.on_changed(account, ids, |_| UndoAction::Restore { rows: before });
        self.publish_digest();
        Ok(ticket)
    }

    /// Toasts about rows that have been read have done their work.
    fn on_seen(&mut self, account: AccountKey, rows: &RowSelector, ids: &[i64]) -> Result<(), StoreError> {
        let is_all = rows.listed.is_some() && self.inbox.store.counts(account)?.0 == 0;
        let scheduler = &mut self.presenter.scheduler;
        // Of all rows: also toasts that are about none.
        let effects = if is_all { scheduler.clear(RulingReason::ReadFirst) } else { scheduler.read(ids) };
        self.presenter.apply(effects, &mut self.inbox);
        Ok(())
    }

    /// Takes a change back. False when it is too late.
    pub fn undo(&mut self, number: u64) -> Result<bool, StoreError> {
        let Some(account) = self.inbox.account else { return Ok(false) };
        match self.undo.take(account, number, self.inbox.clock.now()) {
            Some(UndoAction::SetRead { ids, read }) => {
                let changed = self.inbox.store.set_read(account, &RowSelector::from(ids), read)?;
                self.inbox.publish_counts();
                self.inbox.announce_rows(&changed);
            }
            Some(UndoAction::Restore { rows }) => {
                self.inbox.store.restore(account, &rows)?;
                self.inbox.publish_counts();
                self.publish_digest();
                self.inbox.announce_rows(&rows.iter().map(|row| row.id).collect::<Vec<_>>());
            }
            None => return Ok(false),
        }
        Ok(true)
    }

    fn on_changed(
        &mut self,
        account: AccountKey,
        ids: Vec<i64>,
        action: impl FnOnce(Vec<i64>) -> UndoAction,
    ) -> UndoTicket {
        if ids.is_empty() {
            return UndoTicket::default();
        }
        self.inbox.publish_counts();
        self.inbox.announce_rows(&ids);
        let changed = ids.len() as u64;
        UndoTicket { changed, undo: Some(self.undo.remember(account, action(ids), self.inbox.clock.now())) }
    }

    /// What the desktop says about a toast.
    pub fn on_toast_feedback(&mut self, feedback: ToastFeedback) {
        let ToastFeedback { key, notification_id: row, happened } = feedback;
        if key == TEST_KEY {
            self.inbox.announce(Change::TestToast(happened));
            return;
        }
        // Gone from the screen is not read.
        self.presenter.scheduler.on_closed(&key, row);
        let done = match happened {
            Happened::Opened { activation_token } => {
                // A digest or a burst without rows leads to the inbox, and to no row in it.
                let id = (row != NO_ROW).then_some(row);
                let read = self.set_read(&RowSelector::from(vec![row]), true);
                self.inbox.announce(Change::Open { id, activation_token });
                read.map(drop)
            }
            Happened::Pressed(ToastAction::Snooze) => {
                let until = in_an_hour(self.inbox.clock.now());
                self.set_thread_preference(&key, ThreadPreference { snoozed_until: Some(until), muted: false })
            }
            Happened::Pressed(ToastAction::Mute) => {
                self.set_thread_preference(&key, ThreadPreference { muted: true, snoozed_until: None })
            }
            Happened::Pressed(ToastAction::Open) | Happened::Dismissed | Happened::Expired => Ok(()),
        };
        if let Err(error) = done {
            self.inbox.report(&error);
        }
    }
}
