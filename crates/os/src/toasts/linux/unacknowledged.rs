//! Toasts that may be on screen without our knowing their number: sent and not answered, or answered with nonsense.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::Toast;
use tokio::time::Instant;
use zbus::names::OwnedUniqueName;

use super::active::ActiveNotification;
use super::signals::{CloseReason, ToastSignal};

/// Signals that are kept for answers to come.
const EARLY: usize = 64;
/// Entries. Only a service that answers questions and no toasts, or numbers none, brings more than one; then the oldest
/// gives way.
const MOST: usize = 256;
/// How long after its time a toast may still be up.
const LEEWAY: Duration = Duration::from_secs(10);
/// How long a toast without an end, or an answer, is waited for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A toast that was handed to a service.
#[derive(Debug)]
pub struct Sent {
    /// Its key.
    pub key: String,
    /// The row that a click opens.
    pub notification_id: i64,
    /// How long it stays on screen.
    pub stay: Duration,
    owner: OwnedUniqueName,
    until: Instant,
    answer: NotifyReply,
}

#[derive(Debug, PartialEq, Eq)]
enum NotifyReply {
    /// The call is being sent.
    Sending,
    /// The service owes one.
    Due(NonZeroU32),
    /// None that helps comes any more.
    Useless,
}

/// All of them, the oldest first, and what was heard of numbers that are not known yet.
#[derive(Debug, Default)]
pub struct Unacknowledged {
    sent: Vec<Sent>,
    early: VecDeque<(u32, ToastSignal)>,
}

impl Unacknowledged {
    /// Writes down a toast before it is sent.
    pub fn sending(&mut self, toast: &Toast, owner: OwnedUniqueName) {
        let stay = toast.expires.unwrap_or(LONGEST).min(LONGEST);
        let (key, notification_id) = (toast.key.clone(), toast.notification_id);
        self.push(Sent {
            key,
            notification_id,
            stay,
            owner,
            until: Instant::now() + LONGEST,
            answer: NotifyReply::Sending,
        });
    }

    /// It was sent, under this serial; or it could not be.
    pub fn sent(&mut self, serial: Option<NonZeroU32>) {
        match serial {
            Some(serial) => {
                for sent in self.sent.iter_mut().filter(|sent| sent.answer == NotifyReply::Sending) {
                    sent.answer = NotifyReply::Due(serial);
                }
            }
            None => self.sent.retain(|sent| sent.answer != NotifyReply::Sending),
        }
    }

    /// The answer has come.
    pub fn answered(&mut self, serial: NonZeroU32) -> Option<Sent> {
        let at = self.sent.iter().position(|sent| sent.answer == NotifyReply::Due(serial))?;
        Some(self.sent.remove(at))
    }

    /// The service gave this one no number.
    pub fn without_number(&mut self, sent: Sent) {
        let until = Instant::now() + sent.stay + LEEWAY;
        self.push(Sent { answer: NotifyReply::Useless, until, ..sent });
    }

    /// The service gave this one's number to another.
    pub fn out_of_reach(&mut self, alive: &ActiveNotification) {
        let ActiveNotification { key, notification_id, owner, stay, .. } = alive.clone();
        let until = Instant::now() + stay + LEEWAY;
        self.push(Sent { key, notification_id, stay, owner, until, answer: NotifyReply::Useless });
    }

    /// A signal of a number that is not known: kept while an answer may make it known, for a click can overtake it.
    pub fn early(&mut self, id: u32, told: ToastSignal) {
        // What we closed ourselves is of an earlier toast with this number.
        if !self.is_answer_due() || told == ToastSignal::Closed(CloseReason::Withdrawn) {
            return;
        }
        if self.early.len() == EARLY {
            self.early.pop_front();
        }
        self.early.push_back((id, told));
    }

    /// What was heard of this number before it was known.
    pub fn take_early(&mut self, id: u32) -> Vec<ToastSignal> {
        let early = self.early.iter().filter(|(of, _)| *of == id).map(|(_, told)| told.clone()).collect();
        let is_answer_due = self.is_answer_due();
        self.early.retain(|(of, _)| is_answer_due && *of != id);
        early
    }

    /// Whether the service owes an answer.
    pub fn is_answer_due(&self) -> bool {
        self.sent.iter().any(|sent| matches!(sent.answer, NotifyReply::Due(_)))
    }

    /// Whether the service owes an answer about this key.
    pub fn is_answer_due_for(&self, key: &str) -> bool {
        self.sent.iter().any(|sent| sent.key == key && matches!(sent.answer, NotifyReply::Due(_)))
    }

    /// Whether a toast with this key may be up.
    pub fn has(&self, key: &str) -> bool {
        self.sent.iter().any(|sent| sent.key == key)
    }

    /// The connection is gone, and the answers with it.
    pub fn no_answer_comes(&mut self) {
        for sent in self.sent.iter_mut().filter(|sent| sent.answer != NotifyReply::Useless) {
            sent.answer = NotifyReply::Useless;
            sent.until = Instant::now() + sent.stay + LEEWAY;
        }
        self.early.clear();
    }

    /// What these services have shown is gone.
    pub fn forget_services(&mut self, which: impl Fn(&OwnedUniqueName) -> bool) {
        self.sent.retain(|sent| !which(&sent.owner));
        self.early.clear();
    }

    /// What was to leave the screen by now has.
    pub fn forget_what_has_expired(&mut self) {
        let now = Instant::now();
        self.sent.retain(|sent| sent.until > now);
    }

    fn push(&mut self, sent: Sent) {
        if self.sent.len() == MOST {
            self.sent.remove(0);
        }
        self.sent.push(sent);
    }
}
