//! Toasts that may be on screen under an unknown id: sent without an answer yet, or with an invalid one.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::Toast;
use tokio::time::Instant;
use zbus::names::OwnedUniqueName;

use super::active::ActiveNotification;
use super::signals::{ToastCloseReason, ToastSignal};

/// Capacity of the buffer of signals received before the reply that names their id; the oldest is dropped.
const MAX_EARLY_SIGNALS: usize = 64;
/// Capacity. Only a service that answers probes but not `Notify`, or assigns no ids, adds more than one; the oldest is
/// dropped.
const MAX_ENTRIES: usize = 256;
/// Time for which a toast may outlast its timeout.
const EXPIRY_MARGIN: Duration = Duration::from_secs(10);
/// Longest time on screen that is assumed, also for toasts without a timeout and for missing answers.
const MAX_DISPLAY_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Toast handed to a service.
#[derive(Debug)]
pub struct SentToast {
    /// Key of the toast.
    pub key: String,
    /// The row that a click opens.
    pub notification_id: i64,
    /// Time on screen.
    pub display_time: Duration,
    owner: OwnedUniqueName,
    until: Instant,
    answer: NotifyReply,
}

#[derive(Debug, PartialEq, Eq)]
enum NotifyReply {
    /// The call is being sent.
    Sending,
    /// The call is sent; its answer is due.
    Due(NonZeroU32),
    /// The answer is lost or invalid.
    Lost,
}

/// Unacknowledged toasts, oldest first, with the signals received for unknown ids.
#[derive(Debug, Default)]
pub struct Unacknowledged {
    entries: Vec<SentToast>,
    early_signals: VecDeque<(u32, ToastSignal)>,
}

impl Unacknowledged {
    /// Records a toast before it is sent.
    pub fn add_sending(&mut self, toast: &Toast, owner: OwnedUniqueName) {
        let display_time = toast.expires.unwrap_or(MAX_DISPLAY_TIME).min(MAX_DISPLAY_TIME);
        let (key, notification_id) = (toast.key.clone(), toast.notification_id);
        self.push(SentToast {
            key,
            notification_id,
            display_time,
            owner,
            until: Instant::now() + MAX_DISPLAY_TIME,
            answer: NotifyReply::Sending,
        });
    }

    /// Records the serial of the call, or drops the toast if sending failed.
    pub fn mark_sent(&mut self, serial: Option<NonZeroU32>) {
        match serial {
            Some(serial) => {
                for sent in self.entries.iter_mut().filter(|sent| sent.answer == NotifyReply::Sending) {
                    sent.answer = NotifyReply::Due(serial);
                }
            }
            None => self.entries.retain(|sent| sent.answer != NotifyReply::Sending),
        }
    }

    /// Removes the toast whose answer has arrived.
    pub fn take_answered(&mut self, serial: NonZeroU32) -> Option<SentToast> {
        let at = self.entries.iter().position(|sent| sent.answer == NotifyReply::Due(serial))?;
        Some(self.entries.remove(at))
    }

    /// Keeps a toast to which the service assigned no id.
    pub fn add_without_id(&mut self, sent: SentToast) {
        let until = Instant::now() + sent.display_time + EXPIRY_MARGIN;
        self.push(SentToast { answer: NotifyReply::Lost, until, ..sent });
    }

    /// Keeps a toast whose id the service assigned to another one.
    pub fn add_unreachable(&mut self, notification: &ActiveNotification) {
        let ActiveNotification { key, notification_id, owner, display_time, .. } = notification.clone();
        let until = Instant::now() + display_time + EXPIRY_MARGIN;
        self.push(SentToast { key, notification_id, display_time, owner, until, answer: NotifyReply::Lost });
    }

    /// Buffers a signal for an unknown id while an answer is due: a click can overtake the answer that names the id.
    pub fn buffer_signal(&mut self, id: u32, signal: ToastSignal) {
        // Toasts that we closed ourselves are earlier ones with the same id.
        if !self.is_answer_due() || signal == ToastSignal::Closed(ToastCloseReason::Withdrawn) {
            return;
        }
        if self.early_signals.len() == MAX_EARLY_SIGNALS {
            self.early_signals.pop_front();
        }
        self.early_signals.push_back((id, signal));
    }

    /// Removes and returns the buffered signals for an id.
    pub fn take_signals(&mut self, id: u32) -> Vec<ToastSignal> {
        let early = self.early_signals.iter().filter(|(of, _)| *of == id).map(|(_, signal)| signal.clone()).collect();
        let is_answer_due = self.is_answer_due();
        self.early_signals.retain(|(of, _)| is_answer_due && *of != id);
        early
    }

    /// Whether any answer is due.
    pub fn is_answer_due(&self) -> bool {
        self.entries.iter().any(|sent| matches!(sent.answer, NotifyReply::Due(_)))
    }

    /// Whether an answer for this key is due.
    pub fn is_answer_due_for(&self, key: &str) -> bool {
        self.entries.iter().any(|sent| sent.key == key && matches!(sent.answer, NotifyReply::Due(_)))
    }

    /// Whether a toast with this key may be on screen.
    pub fn contains(&self, key: &str) -> bool {
        self.entries.iter().any(|sent| sent.key == key)
    }

    /// Marks all due answers as lost, since the connection is closed.
    pub fn on_disconnect(&mut self) {
        for sent in self.entries.iter_mut().filter(|sent| sent.answer != NotifyReply::Lost) {
            sent.answer = NotifyReply::Lost;
            sent.until = Instant::now() + sent.display_time + EXPIRY_MARGIN;
        }
        self.early_signals.clear();
    }

    /// Removes the toasts of services that have exited.
    pub fn remove_services(&mut self, which: impl Fn(&OwnedUniqueName) -> bool) {
        self.entries.retain(|sent| !which(&sent.owner));
        self.early_signals.clear();
    }

    /// Removes toasts past their time on screen.
    pub fn remove_expired(&mut self) {
        let now = Instant::now();
        self.entries.retain(|sent| sent.until > now);
    }

    fn push(&mut self, sent: SentToast) {
        if self.entries.len() == MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(sent);
    }
}
