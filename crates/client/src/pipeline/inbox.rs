//! What people and the desktop do with rows.

use std::collections::HashMap;

use domain::ToastAction;
use domain::criteria::RowSelector;
use domain::outcome::RulingReason;
use domain::view::ThreadPreference;

use super::undo::UndoAction;
use super::{Pipeline, Undoable, WriterCommand};
use crate::ports::{Happened, ToastError, ToastFeedback};
use crate::status::{Change, Part};
use crate::store::{AccountKey, Page, StoreError, ThreadPage};

impl Pipeline {
    pub(super) fn obey(&mut self, command: WriterCommand) {
        // A caller that has stopped waiting is no error: `let _` throughout.
        match command {
            WriterCommand::List { criteria, before, limit, reply } => {
                let page = match self.account {
                    Some(account) => self.store.list(account, &criteria, before, limit),
                    None => Ok(Page { items: Vec::new(), has_more: false }),
                };
                let _ = reply.send(page);
            }
            WriterCommand::Threads { criteria, before, limit, reply } => {
                let page = match self.account {
                    Some(account) => self.store.threads(account, &criteria, before, limit),
                    None => Ok(ThreadPage { items: Vec::new(), has_more: false }),
                };
                let _ = reply.send(page);
            }
            WriterCommand::Thread { thread, before, limit, reply } => {
                let page = match self.account {
                    Some(account) => self.store.thread(account, &thread, before, limit),
                    None => Ok(Page { items: Vec::new(), has_more: false }),
                };
                let _ = reply.send(page);
            }
            WriterCommand::SetRead { which, read, reply } => {
                let _ = reply.send(self.set_read(&which, read));
            }
            WriterCommand::SetDone { which, done, reply } => {
                let _ = reply.send(self.set_done(&which, done));
            }
            WriterCommand::Undo { number, reply } => {
                let _ = reply.send(self.undo(number));
            }
            WriterCommand::DigestSeen { gap, reply } => {
                let _ = reply.send(self.digest_seen(gap));
            }
            WriterCommand::Choose { thread, choice, reply } => {
                let _ = reply.send(self.choose(&thread, choice));
            }
            WriterCommand::Choices { reply } => {
                let choices = self.account.map_or_else(|| Ok(HashMap::new()), |account| self.store.choices(account));
                let _ = reply.send(choices);
            }
            WriterCommand::Desk { reply } => {
                let _ = reply.send(self.desk());
            }
            WriterCommand::Reindex { working, reply } => self.reindex(working, reply),
            WriterCommand::Locked(locked) => self.locked(locked),
            WriterCommand::TestToast { reply } => self.test_toast(reply),
            WriterCommand::Toasted { key, row, rows, result } => self.toasted(&key, row, &rows, result),
            WriterCommand::Tested { result, reply } => self.tested(result, reply),
            WriterCommand::Feedback(feedback) => self.feedback(feedback),
            WriterCommand::Stop => {}
        }
    }

    fn set_read(&mut self, which: &RowSelector, read: bool) -> Result<Undoable, StoreError> {
        let Some(account) = self.account else { return Ok(nothing()) };
        let changed = self.store.set_read(account, which, read)?;
        if read {
            self.seen(account, which, &changed)?;
        }
        Ok(self.changed(account, changed, |ids| UndoAction::SetRead { ids, read: !read }))
    }

    fn set_done(&mut self, which: &RowSelector, done: bool) -> Result<Undoable, StoreError> {
        let Some(account) = self.account else { return Ok(nothing()) };
        let before = self.store.set_done(account, which, done, self.clock.now())?;
        let ids: Vec<i64> = before.iter().map(|row| row.id).collect();
        if done {
            self.seen(account, which, &ids)?;
        }
        let undoable = self.changed(account, ids, |_| UndoAction::Restore { rows: before });
        self.refresh_digest();
        Ok(undoable)
    }

    /// Toasts about rows that have been read have done their work.
    fn seen(&mut self, account: AccountKey, which: &RowSelector, ids: &[i64]) -> Result<(), StoreError> {
        let is_all = which.listed.is_some() && self.store.counts(account)?.0 == 0;
        // Also what speaks of no row.
        let orders = if is_all { self.screen.clear(RulingReason::ReadFirst) } else { self.screen.read(ids) };
        self.carry_out(orders);
        Ok(())
    }

    fn undo(&mut self, number: u64) -> Result<bool, StoreError> {
        let Some(account) = self.account else { return Ok(false) };
        match self.undo.take(account, number, self.clock.now()) {
            Some(UndoAction::SetRead { ids, read }) => {
                let changed = self.store.set_read(account, &RowSelector::from(ids), read)?;
                self.recount();
                self.announce_rows(&changed);
            }
            Some(UndoAction::Restore { rows }) => {
                self.store.restore(account, &rows)?;
                self.recount();
                self.refresh_digest();
                self.announce_rows(&rows.iter().map(|row| row.id).collect::<Vec<_>>());
            }
            None => return Ok(false),
        }
        Ok(true)
    }

    fn changed(
        &mut self,
        account: AccountKey,
        ids: Vec<i64>,
        reversal: impl FnOnce(Vec<i64>) -> UndoAction,
    ) -> Undoable {
        if ids.is_empty() {
            return nothing();
        }
        self.recount();
        self.announce_rows(&ids);
        let changed = ids.len() as u64;
        Undoable { changed, undo: Some(self.undo.remember(account, reversal(ids), self.clock.now())) }
    }

    fn feedback(&mut self, feedback: ToastFeedback) {
        let ToastFeedback { key, notification_id: row, happened } = feedback;
        if key == super::effects::TEST_KEY {
            self.announce(Change::TestToast(happened));
            return;
        }
        // Gone from the screen is not read.
        self.screen.gone(&key, row);
        let done = match happened {
            Happened::Opened { activation_token } => {
                // A digest or a storm without rows leads to the inbox, and to no row in it.
                let id = (row != super::catch_up::NO_ROW).then_some(row);
                let read = self.set_read(&RowSelector::from(vec![row]), true);
                self.announce(Change::Open { id, activation_token });
                read.map(drop)
            }
            Happened::Pressed(ToastAction::Snooze) => {
                let until = super::effects::in_an_hour(self.clock.now());
                self.choose(&key, ThreadPreference { snoozed_until: Some(until), muted: false })
            }
            Happened::Pressed(ToastAction::Mute) => {
                self.choose(&key, ThreadPreference { muted: true, snoozed_until: None })
            }
            Happened::Pressed(ToastAction::Open) | Happened::Dismissed | Happened::Expired => Ok(()),
        };
        if let Err(error) = done {
            self.store_failed(&error);
        }
    }

    fn tested(&self, result: Result<(), ToastError>, reply: tokio::sync::oneshot::Sender<Result<(), ToastError>>) {
        match &result {
            Ok(()) => self.status.trouble(Part::Toasts, None),
            Err(error) => self.toasts_fail(error),
        }
        // A caller that has stopped waiting is no error.
        let _ = reply.send(result);
    }
}

fn nothing() -> Undoable {
    Undoable { changed: 0, undo: None }
}
