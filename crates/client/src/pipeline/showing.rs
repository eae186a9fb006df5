//! From a decision to the screen, and what really came of it.

use domain::Toast;
use domain::account::Audience;
use domain::policy::{self, Context, Decision, Outcome, OutcomeCode};
use jiff::Timestamp;

use super::Pipeline;
use super::screen::{Screen, expiry};
use crate::ports::ToastError;
use crate::status::{Change, Part};
use crate::store::{Stored, Subject};

impl Pipeline {
    pub(super) fn toast(&mut self, row: Stored, now: Timestamp) {
        let (Some(toasting), Some(thread)) = (&self.toasting, row.thread) else { return };
        let notification = row.notification;
        self.screen.show(&thread, notification.id, notification.urgency, now);
        let toast = Toast {
            key: thread,
            notification_id: notification.id,
            title: notification.title,
            body: notification.body,
            urgency: notification.urgency,
            expires: expiry(notification.urgency),
        };
        if !toasting.show(toast) {
            self.toast_failed(notification.id, &ToastError::Timeout);
        }
    }

    pub(super) fn toasted(&mut self, id: i64, result: Result<(), ToastError>) {
        match result {
            Ok(()) => {
                self.status.trouble(Part::Toasts, None);
                if let Err(error) = self.store.mark_shown(id, Timestamp::now()) {
                    self.store_failed(&error);
                }
            }
            Err(error) => self.toast_failed(id, &error),
        }
    }

    /// The row says what really happened, and the state says that toasts do not come through.
    fn toast_failed(&mut self, id: i64, error: &ToastError) {
        tracing::warn!(%error, "a toast was not shown");
        self.screen.gone(id);
        self.status.trouble(Part::Toasts, Some(format!("Toasts are not shown: {error}.")));
        let outcome = Outcome { code: OutcomeCode::InboxOnly, text: format!("A toast was due, but {error}.") };
        match self.store.set_outcome(id, &outcome) {
            Ok(()) => {
                self.announce_rows(&[id]);
                self.announce(Change::Outcome { id, outcome });
            }
            Err(error) => self.store_failed(&error),
        }
    }

    pub(super) fn withdraw(&mut self, which: impl FnOnce(&mut Screen) -> Vec<String>) {
        let threads = which(&mut self.screen);
        if let Some(toasting) = &self.toasting {
            threads.into_iter().for_each(|thread| toasting.withdraw(thread));
        }
    }
}

/// The policy's decision, with the screen as it will be when the decisions before it are carried out.
pub(super) fn decide(
    screen: &mut Screen,
    toasts: bool,
    audience: Audience,
    now: Timestamp,
    subject: &Subject<'_>,
) -> Decision {
    let Some(event) = subject.event else { return policy::decide_unreadable() };
    let thread = subject.thread.unwrap_or_default();
    let decision = policy::decide(
        event,
        &Context {
            audience,
            booking: subject.booking,
            departure: subject.departure,
            toasts,
            toast_alive: screen.is_alive(thread, now),
            recent_popups: screen.recent_popups(now),
            now,
        },
    );
    if decision.pops() {
        // The row has no id yet; it is named when the toast is shown.
        screen.show(thread, 0, decision.urgency, now);
    }
    decision
}
