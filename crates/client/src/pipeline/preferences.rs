//! What the person wants otherwise from now on, and where the person is.

use std::sync::Arc;

use domain::outcome::RulingReason;

use super::Pipeline;
use crate::preferences::EffectivePreferences;
use crate::status::Change;

impl Pipeline {
    pub(super) fn want(&mut self, wanted: Arc<EffectivePreferences>) {
        let before = std::mem::replace(&mut self.wanted, wanted);
        if before.voice.language != self.wanted.voice.language {
            self.store.speak(self.wanted.voice.language);
            self.renewal.reword(true);
            let language = self.wanted.voice.language;
            self.status.modify(|snapshot| snapshot.language = language);
            self.refresh_digest();
            self.announce(Change::Reload);
        }
        let hushed = self.wanted.wishes.no_toasts || self.privacy() == domain::Privacy::Nothing;
        let orders = if hushed {
            self.screen.clear(if self.wanted.wishes.no_toasts {
                RulingReason::ToastsOff
            } else {
                RulingReason::PrivacyNothing
            })
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
}
