//! The toast scheduler: what is on screen and what was shown lately, as far as we know.
//!
//! A pure state machine: decisions and timestamps go in, [`ToastEffect`]s come out. At most five toasts are visible, at
//! most one per thread. A delayed toast shows everything that joins it, a burst becomes one toast that is kept up to
//! date, and every toast is closed eventually, by the desktop or by us. Where the desktop knows better, it says so.

mod burst;
mod effects;
mod thread_history;
mod visible;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::account::Audience;
use crate::event::Event;
use crate::outcome::{OutcomeCode, Ruling, RulingReason};
use crate::policy::{self, Decision, POPUP_WINDOW_SECS, Presentation};
use crate::toast::{ToastStep, Urgency};

pub use self::burst::BURST_KEY;
use self::burst::Burst;
pub use self::effects::{BurstToast, ThreadToast, ToastEffect, ToastEvent};
use self::thread_history::ThreadHistory;
pub use self::visible::expiry;
use self::visible::{DelayedToast, VisibleToast};

/// Toasts alive at the same time.
pub const MAX_ALIVE: usize = 5;

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct ToastScheduler {
    visible: Vec<VisibleToast>,
    delayed: Vec<DelayedToast>,
    popups: VecDeque<Timestamp>,
    burst: Option<Burst>,
    threads: HashMap<Arc<str>, Arc<ThreadHistory>>,
    /// Threads that the person wants to hear of then, and not before.
    snoozes: HashMap<String, Timestamp>,
}

impl ToastScheduler {
    /// What a decision has to know about the thread of `event`.
    pub fn thread(&self, thread: &str, event: &Event, now: Timestamp) -> policy::Thread {
        let history = self.threads.get(thread);
        let mut known = history.map(|history| history.thread(now)).unwrap_or_default();
        if let (Event::Flight(event), Some(history)) = (event, history) {
            known.reversals = history.reversals_with(&event.new_status, now);
            known.was_shown = history.was_told(&event.new_status);
        }
        known.snoozed = self.snoozes.get(thread).is_some_and(|until| now < *until);
        known.toast = self.toast_state(thread, now);
        known
    }

    /// Pop-ups within the window of the policy. A clock that was set back does not make them last for ever.
    pub fn recent_popups(&self, now: Timestamp) -> u32 {
        let count = self.popups.iter().filter(|at| is_within(**at, now, POPUP_WINDOW_SECS)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Whether one toast tells of many just now.
    pub fn has_burst(&self) -> bool {
        self.burst.is_some()
    }

    /// Carries out a decision about a row.
    pub fn apply(&mut self, event: ToastEvent, decision: &Decision, now: Timestamp) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        self.history_mut(&event.thread).note_state(&event, now);
        match decision.presentation {
            Presentation::Nothing => self.stay_silent(&event, decision, &mut effects),
            Presentation::Join => {
                if let Some(delayed) = self.delayed.iter_mut().find(|delayed| delayed.key == event.thread) {
                    delayed.urgency = delayed.urgency.max(decision.urgency);
                    delayed.events.push(event);
                }
            }
            Presentation::Toast { hold: Some(hold), alerts } => {
                self.overtake(&event, &mut effects);
                self.delayed.push(DelayedToast::new(event, decision.urgency, alerts, hold, now));
            }
            Presentation::Toast { hold: None, alerts } => {
                let steps = self.overtake(&event, &mut effects);
                self.show(steps, vec![event], decision.urgency, alerts, now, &mut effects);
            }
            Presentation::Burst => {
                self.overtake(&event, &mut effects);
                self.withdraw(&event.thread, &mut effects);
                self.add_to_burst(event, decision.urgency, now, &mut effects);
            }
        }
        effects
    }

    /// Nothing is said of it, and nothing that it makes untrue stays.
    fn stay_silent(&mut self, event: &ToastEvent, decision: &Decision, effects: &mut Vec<ToastEffect>) {
        match decision.ruling.reason {
            // What is on screen is what it says.
            RulingReason::FlapToldAlready => {
                for delayed in self.delayed.extract_if(.., |delayed| delayed.key == event.thread) {
                    let ruling = Ruling::new(OutcomeCode::InboxOnly, RulingReason::FlapChangedBack);
                    effects.extend(delayed.events.iter().map(|delayed| ToastEffect::Rule(delayed.row, ruling.clone())));
                }
                return;
            }
            RulingReason::DailyBudget => self.history_mut(&event.thread).quiet_updates += 1,
            _ => {}
        }
        let makes_untrue = matches!(
            decision.ruling.code,
            OutcomeCode::OverBudget | OutcomeCode::Silenced | OutcomeCode::QuietHours | OutcomeCode::Digest
        );
        if makes_untrue {
            self.overtake(event, effects);
            self.withdraw(&event.thread, effects);
        }
    }

    /// What was held back for this thread is told by `news`, if at all. Returns its steps.
    fn overtake(&mut self, event: &ToastEvent, effects: &mut Vec<ToastEffect>) -> Vec<ToastStep> {
        let mut steps = Vec::new();
        for delayed in self.delayed.extract_if(.., |delayed| delayed.key == event.thread) {
            for overtaken in delayed.events {
                let ruling =
                    Ruling { into: Some(event.row), ..Ruling::new(OutcomeCode::Superseded, RulingReason::Overtaken) };
                effects.push(ToastEffect::Rule(overtaken.row, ruling));
                steps.push(overtaken.step);
            }
        }
        steps
    }

    fn withdraw(&mut self, key: &str, effects: &mut Vec<ToastEffect>) {
        effects.extend(
            self.visible.extract_if(.., |visible| visible.key == key).map(|visible| ToastEffect::Withdraw(visible.key)),
        );
    }

    /// Shows the toast of a thread. `before` are steps that came earlier and are told with it.
    fn show(
        &mut self,
        before: Vec<ToastStep>,
        events: Vec<ToastEvent>,
        urgency: Urgency,
        alerts: bool,
        now: Timestamp,
        effects: &mut Vec<ToastEffect>,
    ) {
        let Some(latest) = events.last() else { return };
        let key = latest.thread.clone();
        let toast_state = self.toast_state(&key, now);
        let earlier = self.visible.extract_if(.., |visible| visible.key == key).next();
        let pops_up = alerts && !matches!(toast_state, policy::ToastState::Shown(..));
        let history = self.history_mut(&key);
        history.note_told(latest, now, pops_up);
        let quiet_updates = if pops_up { std::mem::take(&mut history.quiet_updates) } else { 0 };
        let (row, bookings) = (latest.row, latest.bookings.len() as u64);
        let rows = events.iter().map(|event| event.row).collect();
        let visible = VisibleToast::new(key, earlier, before, events, urgency, now);
        effects.push(ToastEffect::Show(ThreadToast {
            key: visible.key.clone(),
            row,
            rows,
            steps: visible.steps(),
            urgency,
            alerts,
            bookings,
            quiet_updates,
        }));
        self.visible.push(visible);
        if pops_up {
            self.note_popup(now);
        }
        self.evict(effects);
    }

    /// The toast of something that is no thread, such as the digest, is about to be shown.
    pub fn place(&mut self, key: &str, row: i64, urgency: Urgency, now: Timestamp) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        self.visible.retain(|visible| visible.key != key);
        self.visible.push(VisibleToast::standalone(key, row, urgency, now));
        self.note_popup(now);
        self.evict(&mut effects);
        effects
    }

    fn note_popup(&mut self, now: Timestamp) {
        self.popups.retain(|at| is_within(*at, now, POPUP_WINDOW_SECS));
        self.popups.push_back(now);
    }

    /// No more than five are alive: the oldest goes first, critical ones last, and one that tells of many never.
    fn evict(&mut self, effects: &mut Vec<ToastEffect>) {
        while self.visible.len() > MAX_ALIVE {
            let index =
                self.visible.iter().position(|visible| visible.urgency < Urgency::Critical && visible.key != BURST_KEY);
            let index = index.or_else(|| self.visible.iter().position(|visible| visible.key != BURST_KEY)).unwrap_or(0);
            effects.push(ToastEffect::Withdraw(self.visible.remove(index).key));
        }
    }

    /// What is due by now.
    pub fn tick(&mut self, audience: Audience, now: Timestamp) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        let due: Vec<DelayedToast> = self.delayed.extract_if(.., |delayed| delayed.is_due(now)).collect();
        for delayed in due {
            self.release(delayed, audience, now, &mut effects);
        }
        self.tick_burst(now, &mut effects);
        for visible in self.visible.extract_if(.., |visible| visible.leaves_at <= now) {
            effects.push(ToastEffect::Withdraw(visible.key));
        }
        let over = self.snoozes.extract_if(|_, until| *until <= now);
        effects.extend(over.map(|(thread, _)| ToastEffect::Remind(thread)));
        effects
    }

    /// A toast was held back long enough.
    fn release(&mut self, delayed: DelayedToast, audience: Audience, now: Timestamp, effects: &mut Vec<ToastEffect>) {
        let crowded = self.has_burst() || self.recent_popups(now) >= policy::popups_per_window(audience);
        let shown = matches!(self.toast_state(&delayed.key, now), policy::ToastState::Shown(..));
        if crowded && !shown {
            for event in delayed.events {
                effects.push(ToastEffect::Rule(event.row, Ruling::new(OutcomeCode::Merged, RulingReason::Storm)));
                self.add_to_burst(event, delayed.urgency, now, effects);
            }
        } else {
            self.show(Vec::new(), delayed.events, delayed.urgency, delayed.alerts, now, effects);
        }
    }

    /// When [`ToastScheduler::tick`] has something to do again, if nothing else happens.
    pub fn next_tick(&self) -> Option<Timestamp> {
        let delayed = self.delayed.iter().map(|delayed| delayed.due);
        let leaving = self.visible.iter().map(|visible| visible.leaves_at);
        let snoozed = self.snoozes.values().copied();
        let burst = self.burst.iter().map(Burst::next_tick);
        delayed.chain(leaving).chain(snoozed).chain(burst).min()
    }

    /// Shows a thread's latest row again, or for the first time, when a snooze is over.
    pub fn remind(&mut self, event: ToastEvent, urgency: Urgency, now: Timestamp) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        self.show(Vec::new(), vec![event], urgency, true, now, &mut effects);
        effects
    }

    /// Everything that is alive, to be drawn once more: what it may say has changed. Nothing asks for attention.
    pub fn repaint(&self) -> Vec<ToastEffect> {
        let mut effects: Vec<ToastEffect> =
            self.visible.iter().filter_map(VisibleToast::again).map(ToastEffect::Show).collect();
        if let Some(burst) = self.burst.as_ref().filter(|burst| burst.is_shown()) {
            effects.push(ToastEffect::ShowBurst(Box::new(burst.again())));
        }
        effects
    }

    /// The toast with this key, which told of this row last, has left the screen. Whether it was there.
    pub fn on_closed(&mut self, key: &str, row: i64) -> bool {
        let before = self.visible.len();
        self.visible.retain(|visible| visible.key != key || !visible.tells(row));
        let was_there = self.visible.len() < before;
        if key == BURST_KEY && was_there {
            self.burst = self.burst.take().and_then(|burst| burst.dismissed(self.popups.back().copied()));
        }
        was_there
    }

    /// Toasts whose latest row has been read have done their work.
    pub fn read(&mut self, rows: &[i64]) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        self.drop_delayed(|delayed| rows.contains(&delayed.latest()), RulingReason::ReadFirst, &mut effects);
        let is_done = |visible: &mut VisibleToast| {
            visible.key != BURST_KEY && visible.latest().is_some_and(|row| rows.contains(&row))
        };
        effects.extend(self.visible.extract_if(.., is_done).map(|visible| ToastEffect::Withdraw(visible.key)));
        effects
    }

    /// Takes the toast with this key off the screen, if it is there.
    pub fn close(&mut self, key: &str) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        self.withdraw(key, &mut effects);
        effects
    }

    /// Takes everything off the screen; what was said lately is still known. What was not told yet is not told any more,
    /// for this reason.
    pub fn clear(&mut self, why: RulingReason) -> Vec<ToastEffect> {
        let mut effects = Vec::new();
        if let Some(burst) = self.burst.take() {
            let ruling = Ruling::new(OutcomeCode::InboxOnly, why);
            effects.extend(burst.fresh().iter().map(|row| ToastEffect::Rule(*row, ruling.clone())));
        }
        self.drop_delayed(|_| true, why, &mut effects);
        effects.extend(self.abandon());
        effects
    }

    /// Takes everything off the screen, and says nothing about what was not told yet.
    pub fn abandon(&mut self) -> impl Iterator<Item = ToastEffect> {
        self.visible.drain(..).map(|visible| ToastEffect::Withdraw(visible.key))
    }

    /// Takes everything off the screen that has left the sight and is not critical: read or not, it stands in the inbox.
    pub fn withdraw_stale(&mut self, now: Timestamp) -> Vec<ToastEffect> {
        let is_old = |visible: &mut VisibleToast| {
            !visible.is_in_sight(now) && visible.urgency < Urgency::Critical && visible.key != BURST_KEY
        };
        self.visible.extract_if(.., is_old).map(|visible| ToastEffect::Withdraw(visible.key)).collect()
    }

    /// What was held back need not be told any more.
    fn drop_delayed(
        &mut self,
        which: impl Fn(&DelayedToast) -> bool,
        why: RulingReason,
        effects: &mut Vec<ToastEffect>,
    ) {
        for delayed in self.delayed.extract_if(.., |delayed| which(delayed)) {
            let ruling = Ruling::new(OutcomeCode::InboxOnly, why);
            effects.extend(delayed.events.iter().map(|event| ToastEffect::Rule(event.row, ruling.clone())));
        }
    }

    /// The person wants to hear no more of a thread, or wants to again.
    pub fn mute(&mut self, thread: &str, muted: bool) -> Vec<ToastEffect> {
        self.history_mut(thread).muted = muted;
        if muted { self.close(thread) } else { Vec::new() }
    }

    /// The person wants to hear of a thread later, or at once again.
    pub fn snooze(&mut self, thread: &str, until: Option<Timestamp>) -> Vec<ToastEffect> {
        match until {
            Some(until) => {
                self.snoozes.insert(thread.to_owned(), until);
                self.close(thread)
            }
            None => {
                self.snoozes.remove(thread);
                Vec::new()
            }
        }
    }

    /// A row from before this program started, in the order of arrival.
    pub fn restore(&mut self, event: &ToastEvent, popped: bool, at: Timestamp) {
        let history = self.history_mut(&event.thread);
        history.note_state(event, at);
        if popped {
            history.note_told(event, at, true);
        }
    }

    /// Forgets what no decision looks at any more.
    pub fn forget(&mut self, now: Timestamp) {
        self.threads.retain(|_, history| !history.is_forgotten(now));
    }

    fn toast_state(&self, thread: &str, now: Timestamp) -> policy::ToastState {
        if let Some(delayed) = self.delayed.iter().find(|delayed| delayed.key == thread) {
            return policy::ToastState::Delayed(delayed.urgency, delayed.first());
        }
        match self.visible.iter().find(|visible| visible.key == thread) {
            None => policy::ToastState::None,
            Some(visible) if visible.is_in_sight(now) => policy::ToastState::Shown(visible.urgency, visible.first()),
            Some(_) => policy::ToastState::Filed,
        }
    }

    fn history_mut(&mut self, thread: &str) -> &mut ThreadHistory {
        if !self.threads.contains_key(thread) {
            self.threads.insert(thread.into(), Arc::default());
        }
        match self.threads.get_mut(thread) {
            Some(history) => Arc::make_mut(history),
            None => unreachable!("it was inserted above"),
        }
    }
}

/// Whether two moments are less than this apart, whichever comes first: a clock may be set back.
fn is_within(at: Timestamp, now: Timestamp, secs: i64) -> bool {
    now.duration_since(at).abs() < SignedDuration::from_secs(secs)
}

#[cfg(test)]
mod tests;
