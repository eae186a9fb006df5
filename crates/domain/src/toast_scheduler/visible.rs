//! Visible and delayed toasts.

use std::time::Duration;

use jiff::Timestamp;

use super::{ThreadToast, ToastEvent};
use crate::toast::{ToastStep, Urgency};

/// Rows that a toast remembers; older ones are told by it and no more than that.
const REMEMBERED: usize = 8;

/// How long a toast stays in sight; critical ones stay until they are seen or superseded.
pub fn expiry(urgency: Urgency) -> Option<Duration> {
    match urgency {
        Urgency::Low => Some(Duration::from_secs(6)),
        Urgency::Normal => Some(Duration::from_secs(10)),
        Urgency::Critical => None,
    }
}

/// When we take it out of the desktop's list, where nothing else did.
fn life(urgency: Urgency) -> Duration {
    const HOUR: u64 = 60 * 60;
    Duration::from_secs(match urgency {
        // A landing closes the book on its flight.
        Urgency::Low => HOUR,
        Urgency::Normal => 12 * HOUR,
        Urgency::Critical => 24 * HOUR,
    })
}

/// A toast that may be there.
#[derive(Debug, Clone)]
pub(super) struct VisibleToast {
    pub key: String,
    pub urgency: Urgency,
    pub shown_at: Timestamp,
    pub leaves_at: Timestamp,
    /// From when on it is out of sight; `None` for one that stays.
    sight_until: Option<Timestamp>,
    /// The first row that it told of.
    first: i64,
    /// What it tells; steps that came before it was shown have no news of their own.
    before: Vec<ToastStep>,
    pub events: Vec<ToastEvent>,
    standalone_row: Option<i64>,
}

impl VisibleToast {
    /// A toast of a thread, in the place of an earlier one.
    pub fn new(
        key: String,
        earlier: Option<Self>,
        mut before: Vec<ToastStep>,
        events: Vec<ToastEvent>,
        urgency: Urgency,
        now: Timestamp,
    ) -> Self {
        let mut first = events.first().map(|event| event.row).unwrap_or_default();
        let mut all = Vec::new();
        if let Some(earlier) = earlier {
            first = earlier.first;
            before = [earlier.before, before].concat();
            all = earlier.events;
        }
        all.extend(events);
        all.drain(..all.len().saturating_sub(REMEMBERED));
        before.drain(..before.len().saturating_sub(REMEMBERED));
        let until = |stay| now.checked_add(stay).unwrap_or(Timestamp::MAX);
        Self {
            key,
            urgency,
            shown_at: now,
            leaves_at: until(life(urgency)),
            sight_until: expiry(urgency).map(until),
            first,
            before,
            events: all,
            standalone_row: None,
        }
    }

    /// A toast that is about no thread.
    pub fn standalone(key: &str, row: i64, urgency: Urgency, now: Timestamp) -> Self {
        let visible = Self::new(key.to_owned(), None, Vec::new(), Vec::new(), urgency, now);
        Self { first: row, standalone_row: Some(row), ..visible }
    }

    pub fn is_in_sight(&self, now: Timestamp) -> bool {
        self.sight_until.is_none_or(|until| until > now)
    }

    pub fn first(&self) -> i64 {
        self.first
    }

    /// The row that a click opens.
    pub fn latest(&self) -> Option<i64> {
        self.events.last().map(|event| event.row).or(self.standalone_row)
    }

    pub fn tells(&self, row: i64) -> bool {
        self.standalone_row == Some(row) || self.events.iter().any(|event| event.row == row)
    }

    pub fn steps(&self) -> Vec<ToastStep> {
        self.before.iter().cloned().chain(self.events.iter().map(|event| event.step.clone())).collect()
    }

    /// The same once more, in silence. None for one that somebody else writes.
    pub fn again(&self) -> Option<ThreadToast> {
        let latest = self.events.last()?;
        Some(ThreadToast {
            key: self.key.clone(),
            row: latest.row,
            rows: Vec::new(),
            steps: self.steps(),
            urgency: self.urgency,
            alerts: false,
            bookings: latest.bookings.len() as u64,
            quiet_updates: 0,
        })
    }
}

/// A toast that is held back.
#[derive(Debug, Clone)]
pub(super) struct DelayedToast {
    pub key: String,
    pub due: Timestamp,
    since: Timestamp,
    pub urgency: Urgency,
    pub alerts: bool,
    pub events: Vec<ToastEvent>,
}

impl DelayedToast {
    pub fn new(event: ToastEvent, urgency: Urgency, alerts: bool, hold: Duration, now: Timestamp) -> Self {
        let due = now.checked_add(hold).unwrap_or(now);
        Self { key: event.thread.clone(), due, since: now, urgency, alerts, events: vec![event] }
    }

    /// A clock that was set back must not hold it for a day.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= self.due || now < self.since
    }

    pub fn first(&self) -> i64 {
        self.events.first().map(|event| event.row).unwrap_or_default()
    }

    pub fn latest(&self) -> i64 {
        self.events.last().map(|event| event.row).unwrap_or_default()
    }
}
