//! History of a thread: what toasts showed of it lately.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::{ToastEvent, is_within};
use crate::event::EventKind;
use crate::policy;

/// Pop-ups of a thread are counted over this time.
const DAY_SECS: i64 = 24 * 60 * 60;
/// Changes to and fro are looked for in this time.
const FLAP_SECS: i64 = 30 * 60;
/// States that are remembered of a flight.
const STATES: usize = 8;

/// One thread.
#[derive(Debug, Clone, Default)]
pub(super) struct ThreadHistory {
    pub muted: bool,
    /// Updates since the last pop-up that a budget kept quiet.
    pub quiet_updates: u32,
    popups: VecDeque<Timestamp>,
    told: Option<String>,
    states: VecDeque<(String, Timestamp)>,
}

impl ThreadHistory {
    pub fn thread(&self, now: Timestamp) -> policy::Thread {
        let popups = self.popups.iter().filter(|at| is_within(**at, now, DAY_SECS)).count();
        policy::Thread {
            muted: self.muted,
            popups_today: u32::try_from(popups).unwrap_or(u32::MAX),
            ..policy::Thread::default()
        }
    }

    /// How often the flight came back to an earlier state, with the one that is reported now.
    pub fn reversals_with(&self, state: &str, now: Timestamp) -> u32 {
        let mut seen: Vec<&str> = Vec::new();
        let mut reversals = 0;
        let lately = self.states.iter().filter(|(_, at)| is_within(*at, now, FLAP_SECS));
        for state in lately.map(|(state, _)| state.as_str()).chain([state]) {
            if seen.last() == Some(&state) {
                continue;
            }
            reversals += u32::from(seen.contains(&state));
            seen.push(state);
        }
        reversals
    }

    pub fn was_told(&self, state: &str) -> bool {
        self.told.as_deref() == Some(state)
    }

    /// Remembers the state that a flight is in now.
    pub fn note_state(&mut self, event: &ToastEvent, at: Timestamp) {
        if event.step.kind != EventKind::FlightStatus {
            return;
        }
        let Some(state) = &event.step.status else { return };
        self.states.push_back((state.clone(), at));
        if self.states.len() > STATES {
            self.states.pop_front();
        }
    }

    /// A toast told of it.
    pub fn note_told(&mut self, event: &ToastEvent, at: Timestamp, popped_up: bool) {
        if event.step.kind == EventKind::FlightStatus {
            self.told.clone_from(&event.step.status);
        }
        if popped_up {
            self.popups.retain(|popup| is_within(*popup, at, DAY_SECS));
            self.popups.push_back(at);
        }
    }

    /// No decision looks at it any more.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        !self.muted
            && self.popups.iter().all(|at| !is_within(*at, now, DAY_SECS))
            && self.states.iter().all(|(_, at)| !is_within(*at, now, FLAP_SECS))
    }
}
