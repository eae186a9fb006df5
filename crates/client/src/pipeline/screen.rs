//! What is on screen: at most five toasts, at most one a thread, and how many popped up lately.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Urgency;
use domain::policy::POPUP_WINDOW_SECS;
use jiff::{SignedDuration, Timestamp};

/// Toasts alive at the same time.
const MAX_ALIVE: usize = 5;

/// Our own view of the screen. The desktop may know better, and then tells so.
#[derive(Debug, Clone, Default)]
pub(super) struct Screen {
    alive: VecDeque<Alive>,
    popups: VecDeque<Timestamp>,
}

#[derive(Debug, Clone)]
struct Alive {
    thread: String,
    notification_id: i64,
    critical: bool,
    until: Option<Timestamp>,
}

/// How long a toast stays; critical ones stay until they are seen or superseded.
pub(super) fn expiry(urgency: Urgency) -> Option<Duration> {
    match urgency {
        Urgency::Low => Some(Duration::from_secs(6)),
        Urgency::Normal => Some(Duration::from_secs(10)),
        Urgency::Critical => None,
    }
}

impl Screen {
    /// Whether a toast of this thread may still be there.
    pub fn is_alive(&self, thread: &str, now: Timestamp) -> bool {
        self.alive.iter().any(|toast| toast.thread == thread && toast.until.is_none_or(|until| until > now))
    }

    /// Toasts that popped up within the window of the policy.
    pub fn recent_popups(&self, now: Timestamp) -> u32 {
        let horizon = now - SignedDuration::from_secs(POPUP_WINDOW_SECS);
        u32::try_from(self.popups.iter().filter(|at| **at > horizon).count()).unwrap_or(u32::MAX)
    }

    /// A toast is about to be shown.
    pub fn show(&mut self, thread: &str, notification_id: i64, urgency: Urgency, now: Timestamp) {
        let replaces = self.is_alive(thread, now);
        self.alive.retain(|toast| toast.thread != thread && toast.until.is_none_or(|until| until > now));
        let until = expiry(urgency).and_then(|stay| now.checked_add(stay).ok());
        let critical = urgency == Urgency::Critical;
        self.alive.push_back(Alive { thread: thread.to_owned(), notification_id, critical, until });
        if !replaces {
            let horizon = now - SignedDuration::from_secs(POPUP_WINDOW_SECS);
            self.popups.retain(|at| *at > horizon);
            self.popups.push_back(now);
        }
    }

    /// The threads whose toasts have to go, so that no more than five are alive: the oldest first, critical ones last.
    pub fn evict(&mut self) -> Vec<String> {
        let mut evicted = Vec::new();
        while self.alive.len() > MAX_ALIVE {
            let index = self.alive.iter().position(|toast| !toast.critical).unwrap_or(0);
            evicted.extend(self.alive.remove(index).map(|toast| toast.thread));
        }
        evicted
    }

    /// The toast of this row has left the screen. Returns its thread, if it was there.
    pub fn gone(&mut self, notification_id: i64) -> Option<String> {
        let index = self.alive.iter().position(|toast| toast.notification_id == notification_id)?;
        self.alive.remove(index).map(|toast| toast.thread)
    }

    /// Takes this thread's toast off the screen, if it was there.
    pub fn take(&mut self, thread: &str) -> Vec<String> {
        let before = self.alive.len();
        self.alive.retain(|toast| toast.thread != thread);
        if self.alive.len() < before { vec![thread.to_owned()] } else { Vec::new() }
    }

    /// Forgets everything; returns the threads that were alive.
    pub fn clear(&mut self) -> Vec<String> {
        self.alive.drain(..).map(|toast| toast.thread).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(secs)
    }

    #[test]
    fn a_toast_lives_until_it_expires_or_is_closed() {
        let mut screen = Screen::default();
        screen.show("booking:1", 1, Urgency::Normal, at(0));
        assert!(screen.is_alive("booking:1", at(9)));
        assert!(!screen.is_alive("booking:1", at(10)));
        screen.show("booking:2", 2, Urgency::Critical, at(0));
        assert!(screen.is_alive("booking:2", at(100_000)));
        assert_eq!(screen.gone(2).as_deref(), Some("booking:2"));
        assert!(!screen.is_alive("booking:2", at(0)));
    }

    #[test]
    fn five_at_most_and_critical_ones_go_last() {
        let mut screen = Screen::default();
        screen.show("flight:0", 0, Urgency::Critical, at(0));
        for n in 1..=5 {
            screen.show(&format!("flight:{n}"), n, Urgency::Normal, at(0));
        }
        assert_eq!(screen.evict(), ["flight:1"]);
        assert!(screen.evict().is_empty());
    }

    #[test]
    fn a_replacement_is_no_new_popup() {
        let mut screen = Screen::default();
        for n in 0..4 {
            screen.show("flight:1", n, Urgency::Normal, at(n));
        }
        assert_eq!(screen.recent_popups(at(4)), 1);
        assert_eq!(screen.recent_popups(at(11)), 0);
    }
}
