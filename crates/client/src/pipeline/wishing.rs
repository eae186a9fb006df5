//! What the person wants otherwise from now on, and where the person is.

use std::sync::Arc;

use domain::outcome::Reason;

use super::Pipeline;
use crate::status::Change;
use crate::wishes::Wanted;

/// Rows that are said anew between two looks at the queues.
const REWORDED_AT_ONCE: u32 = 200;

impl Pipeline {
    pub(super) fn want(&mut self, wanted: Arc<Wanted>) {
        let before = std::mem::replace(&mut self.wanted, wanted);
        if before.voice.language != self.wanted.voice.language {
            self.store.speak(self.wanted.voice.language);
            self.rewording = Some(i64::MAX);
            let language = self.wanted.voice.language;
            self.status.modify(|snapshot| snapshot.language = language);
            self.refresh_digest();
            self.announce(Change::Reload);
        }
        let hushed = self.wanted.wishes.no_toasts || self.privacy() == domain::Privacy::Nothing;
        let orders = if hushed {
            self.screen.clear(if self.wanted.wishes.no_toasts { Reason::ToastsOff } else { Reason::PrivacyNothing })
        } else if before.wishes.privacy != self.wanted.wishes.privacy {
            self.screen.repaint()
        } else {
            return;
        };
        self.carry_out(orders);
    }

    /// The screen was locked or unlocked: what is on it says less, or everything again.
    pub(super) fn locked(&mut self, locked: bool) {
        if std::mem::replace(&mut self.locked, locked) == locked {
            return;
        }
        let mut orders = Vec::new();
        if locked {
            // What has left the sight would only come up again when it is unmasked.
            orders = self.screen.tidy(self.clock.now());
        }
        orders.extend(self.screen.repaint());
        self.carry_out(orders);
    }

    /// Says some more rows in the language of now, the newest first.
    pub(super) fn reword(&mut self) {
        let (Some(account), Some(before)) = (self.account, self.rewording) else {
            self.rewording = None;
            return;
        };
        match self.store.reword(account, self.audience, before, REWORDED_AT_ONCE) {
            Ok(next) => {
                self.rewording = next;
                let done = if next.is_none() { self.store.note_worded(account) } else { Ok(()) };
                // The first rows are those in sight; then it is enough to look once more at the end.
                if next.is_none() || before == i64::MAX {
                    self.announce(Change::Reload);
                }
                if let Err(error) = done {
                    self.store_failed(&error);
                }
            }
            Err(error) => {
                // The rows keep their words until the next start.
                self.rewording = None;
                self.store_failed(&error);
            }
        }
    }
}
