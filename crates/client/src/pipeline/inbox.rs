//! What people and the desktop do with rows.

use jiff::Timestamp;

use super::undo::Reversal;
use super::{Command, Pipeline, Undoable};
use crate::ports::ToastFeedback;
use crate::status::Change;
use crate::store::{AccountKey, Page, StoreError};

impl Pipeline {
    pub(super) fn obey(&mut self, command: Command) {
        // A caller that has stopped waiting is no error: `let _` throughout.
        match command {
            Command::List { before, limit, unread_only, reply } => {
                let page = match self.account {
                    Some(account) => self.store.list(account, before, limit, unread_only),
                    None => Ok(Page { items: Vec::new(), has_more: false }),
                };
                let _ = reply.send(page);
            }
            Command::SetRead { ids, read, reply } => {
                let _ = reply.send(self.set_read(&ids, read));
            }
            Command::MarkAllRead { reply } => {
                let _ = reply.send(self.mark_all_read());
            }
            Command::ClearAll { reply } => {
                let _ = reply.send(self.clear_all());
            }
            Command::Undo { number, reply } => {
                let _ = reply.send(self.undo(number));
            }
            Command::Search { text, before, limit, reply } => {
                let page = match self.account {
                    Some(account) => self.store.search(account, &text, before, limit),
                    None => Ok(Page { items: Vec::new(), has_more: false }),
                };
                let _ = reply.send(page);
            }
            Command::DigestSeen { gap, reply } => {
                let _ = reply.send(self.digest_seen(gap));
            }
            Command::Toasted { id, result } => self.toasted(id, result),
            Command::Feedback(feedback) => self.feedback(feedback),
            Command::Stop => {}
        }
    }

    fn set_read(&mut self, ids: &[i64], read: bool) -> Result<Undoable, StoreError> {
        let Some(account) = self.account else { return Ok(nothing()) };
        let changed = self.store.set_read(account, ids, read)?;
        if read {
            self.take_off_screen(&changed);
        }
        Ok(self.changed(account, changed, |ids| Reversal::SetRead { ids, read: !read }))
    }

    fn mark_all_read(&mut self) -> Result<Undoable, StoreError> {
        let Some(account) = self.account else { return Ok(nothing()) };
        let changed = self.store.mark_all_read(account)?;
        self.withdraw(super::Screen::clear);
        Ok(self.changed(account, changed, |ids| Reversal::SetRead { ids, read: false }))
    }

    fn clear_all(&mut self) -> Result<Undoable, StoreError> {
        let Some(account) = self.account else { return Ok(nothing()) };
        let cleared = self.store.clear_all(account, Timestamp::now())?;
        self.withdraw(super::Screen::clear);
        let undoable = self.changed(account, cleared, |ids| Reversal::Restore { ids });
        self.refresh_digest();
        self.announce(Change::Reload);
        Ok(undoable)
    }

    fn undo(&mut self, number: u64) -> Result<bool, StoreError> {
        let Some(account) = self.account else { return Ok(false) };
        match self.undo.take(account, number, Timestamp::now()) {
            Some(Reversal::SetRead { ids, read }) => {
                let changed = self.store.set_read(account, &ids, read)?;
                self.recount();
                self.announce_rows(&changed);
            }
            Some(Reversal::Restore { ids }) => {
                self.store.restore(account, &ids)?;
                self.recount();
                self.refresh_digest();
                self.announce(Change::Reload);
            }
            None => return Ok(false),
        }
        Ok(true)
    }

    fn changed(&mut self, account: AccountKey, ids: Vec<i64>, reversal: impl FnOnce(Vec<i64>) -> Reversal) -> Undoable {
        if ids.is_empty() {
            return nothing();
        }
        self.recount();
        self.announce_rows(&ids);
        let changed = ids.len() as u64;
        Undoable { changed, undo: Some(self.undo.remember(account, reversal(ids), Timestamp::now())) }
    }

    fn feedback(&mut self, feedback: ToastFeedback) {
        match feedback {
            ToastFeedback::Opened { notification_id, activation_token } => {
                if let Err(error) = self.set_read(&[notification_id], true) {
                    self.store_failed(&error);
                }
                self.screen.gone(notification_id);
                // A digest without rows leads to the inbox, and to no row in it.
                let id = (notification_id != super::away::NO_ROW).then_some(notification_id);
                self.announce(Change::Open { id, activation_token });
            }
            // Gone from the screen is not read.
            ToastFeedback::Dismissed { notification_id } | ToastFeedback::Expired { notification_id } => {
                self.screen.gone(notification_id);
            }
        }
    }

    /// A toast about a row that has been read has done its work.
    fn take_off_screen(&mut self, read: &[i64]) {
        self.withdraw(|screen| read.iter().filter_map(|id| screen.gone(*id)).collect());
    }
}

fn nothing() -> Undoable {
    Undoable { changed: 0, undo: None }
}
