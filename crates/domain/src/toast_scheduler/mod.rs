//! What is on screen and what was said lately, as far as we know: the memory behind the decisions.
//!
//! A pure machine: decisions and moments go in, [`ToastEffect`]s come out. At most five toasts are alive, at most one a thread;
//! a toast held back for a moment tells everything that joins it; many at once become one that is kept up to date; and
//! every toast leaves some day, by the desktop or by us. The desktop may know better, and then tells so.

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
    live: Vec<VisibleToast>,
    held: Vec<DelayedToast>,
    popups: VecDeque<Timestamp>,
    storm: Option<Burst>,
    threads: HashMap<Arc<str>, Arc<ThreadHistory>>,
    /// Threads that the person wants to hear of then, and not before.
    snoozes: HashMap<String, Timestamp>,
}

impl ToastScheduler {
    /// What a decision has to know about the thread of `event`.
    pub fn thread(&self, thread: &str, event: &Event, now: Timestamp) -> policy::Thread {
        let past = self.threads.get(thread);
        let mut known = past.map(|past| past.thread(now)).unwrap_or_default();
        if let (Event::Flight(event), Some(past)) = (event, past) {
            known.reversals = past.reversals_with(&event.new_status, now);
            known.told_already = past.was_told(&event.new_status);
        }
        known.snoozed = self.snoozes.get(thread).is_some_and(|until| now < *until);
        known.toast = self.standing(thread, now);
        known
    }

    /// Pop-ups within the window of the policy. A clock that was set back does not make them last for ever.
    pub fn recent_popups(&self, now: Timestamp) -> u32 {
        let count = self.popups.iter().filter(|at| is_within(**at, now, POPUP_WINDOW_SECS)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Whether one toast tells of many just now.
    pub fn is_stormy(&self) -> bool {
        self.storm.is_some()
    }

    /// Carries out a decision about a row.
    pub fn take(&mut self, news: ToastEvent, decision: &Decision, now: Timestamp) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        self.past_mut(&news.thread).note_state(&news, now);
        match decision.telling {
            Presentation::Nothing => self.stay_silent(&news, decision, &mut orders),
            Presentation::Join => {
                if let Some(held) = self.held.iter_mut().find(|held| held.key == news.thread) {
                    held.urgency = held.urgency.max(decision.urgency);
                    held.news.push(news);
                }
            }
            Presentation::Toast { hold: Some(hold), alerts } => {
                self.overtake(&news, &mut orders);
                self.held.push(DelayedToast::new(news, decision.urgency, alerts, hold, now));
            }
            Presentation::Toast { hold: None, alerts } => {
                let steps = self.overtake(&news, &mut orders);
                self.show(steps, vec![news], decision.urgency, alerts, now, &mut orders);
            }
            Presentation::Storm => {
                self.overtake(&news, &mut orders);
                self.withdraw(&news.thread, &mut orders);
                self.add_to_storm(news, decision.urgency, now, &mut orders);
            }
        }
        orders
    }

    /// Nothing is said of it, and nothing that it makes untrue stays.
    fn stay_silent(&mut self, news: &ToastEvent, decision: &Decision, orders: &mut Vec<ToastEffect>) {
        match decision.ruling.reason {
            // What is on screen is what it says.
            RulingReason::FlapToldAlready => {
                for held in self.held.extract_if(.., |held| held.key == news.thread) {
                    let ruling = Ruling::new(OutcomeCode::InboxOnly, RulingReason::FlapChangedBack);
                    orders.extend(held.news.iter().map(|held| ToastEffect::Rule(held.row, ruling.clone())));
                }
                return;
            }
            RulingReason::DailyBudget => self.past_mut(&news.thread).quiet_updates += 1,
            _ => {}
        }
        let makes_untrue = matches!(
            decision.ruling.code,
            OutcomeCode::OverBudget | OutcomeCode::Silenced | OutcomeCode::QuietHours | OutcomeCode::Digest
        );
        if makes_untrue {
            self.overtake(news, orders);
            self.withdraw(&news.thread, orders);
        }
    }

    /// What was held back for this thread is told by `news`, if at all. Returns its steps.
    fn overtake(&mut self, news: &ToastEvent, orders: &mut Vec<ToastEffect>) -> Vec<ToastStep> {
        let mut steps = Vec::new();
        for held in self.held.extract_if(.., |held| held.key == news.thread) {
            for overtaken in held.news {
                let ruling =
                    Ruling { into: Some(news.row), ..Ruling::new(OutcomeCode::Superseded, RulingReason::Overtaken) };
                orders.push(ToastEffect::Rule(overtaken.row, ruling));
                steps.push(overtaken.step);
            }
        }
        steps
    }

    fn withdraw(&mut self, key: &str, orders: &mut Vec<ToastEffect>) {
        orders.extend(self.live.extract_if(.., |live| live.key == key).map(|live| ToastEffect::Withdraw(live.key)));
    }

    /// Shows the toast of a thread. `before` are steps that came earlier and are told with it.
    fn show(
        &mut self,
        before: Vec<ToastStep>,
        news: Vec<ToastEvent>,
        urgency: Urgency,
        alerts: bool,
        now: Timestamp,
        orders: &mut Vec<ToastEffect>,
    ) {
        let Some(latest) = news.last() else { return };
        let key = latest.thread.clone();
        let standing = self.standing(&key, now);
        let earlier = self.live.extract_if(.., |live| live.key == key).next();
        let pops_up = alerts && !matches!(standing, policy::ToastState::Shown(..));
        let past = self.past_mut(&key);
        past.note_told(latest, now, pops_up);
        let quiet_updates = if pops_up { std::mem::take(&mut past.quiet_updates) } else { 0 };
        let (row, bookings) = (latest.row, latest.bookings.len() as u64);
        let rows = news.iter().map(|news| news.row).collect();
        let live = VisibleToast::new(key, earlier, before, news, urgency, now);
        orders.push(ToastEffect::Show(ThreadToast {
            key: live.key.clone(),
            row,
            rows,
            steps: live.steps(),
            urgency,
            alerts,
            bookings,
            quiet_updates,
        }));
        self.live.push(live);
        if pops_up {
            self.note_popup(now);
        }
        self.evict(orders);
    }

    /// The toast of something that is no thread, such as the digest, is about to be shown.
    pub fn place(&mut self, key: &str, row: i64, urgency: Urgency, now: Timestamp) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        self.live.retain(|live| live.key != key);
        self.live.push(VisibleToast::bare(key, row, urgency, now));
        self.note_popup(now);
        self.evict(&mut orders);
        orders
    }

    fn note_popup(&mut self, now: Timestamp) {
        self.popups.retain(|at| is_within(*at, now, POPUP_WINDOW_SECS));
        self.popups.push_back(now);
    }

    /// No more than five are alive: the oldest goes first, critical ones last, and one that tells of many never.
    fn evict(&mut self, orders: &mut Vec<ToastEffect>) {
        while self.live.len() > MAX_ALIVE {
            let index = self.live.iter().position(|live| live.urgency < Urgency::Critical && live.key != BURST_KEY);
            let index = index.or_else(|| self.live.iter().position(|live| live.key != BURST_KEY)).unwrap_or(0);
            orders.push(ToastEffect::Withdraw(self.live.remove(index).key));
        }
    }

    /// What is due by now.
    pub fn tick(&mut self, audience: Audience, now: Timestamp) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        let due: Vec<DelayedToast> = self.held.extract_if(.., |held| held.is_due(now)).collect();
        for held in due {
            self.release(held, audience, now, &mut orders);
        }
        self.tick_storm(now, &mut orders);
        for live in self.live.extract_if(.., |live| live.leaves_at <= now) {
            orders.push(ToastEffect::Withdraw(live.key));
        }
        let over = self.snoozes.extract_if(|_, until| *until <= now);
        orders.extend(over.map(|(thread, _)| ToastEffect::Remind(thread)));
        orders
    }

    /// A toast was held back long enough.
    fn release(&mut self, held: DelayedToast, audience: Audience, now: Timestamp, orders: &mut Vec<ToastEffect>) {
        let crowded = self.is_stormy() || self.recent_popups(now) >= policy::popups_per_window(audience);
        let shown = matches!(self.standing(&held.key, now), policy::ToastState::Shown(..));
        if crowded && !shown {
            for news in held.news {
                orders.push(ToastEffect::Rule(news.row, Ruling::new(OutcomeCode::Merged, RulingReason::Storm)));
                self.add_to_storm(news, held.urgency, now, orders);
            }
        } else {
            self.show(Vec::new(), held.news, held.urgency, held.alerts, now, orders);
        }
    }

    /// When [`ToastScheduler::tick`] has something to do again, if nothing else happens.
    pub fn next_tick(&self) -> Option<Timestamp> {
        let held = self.held.iter().map(|held| held.due);
        let leaving = self.live.iter().map(|live| live.leaves_at);
        let snoozed = self.snoozes.values().copied();
        let storm = self.storm.iter().map(Burst::next_tick);
        held.chain(leaving).chain(snoozed).chain(storm).min()
    }

    /// Shows a thread's latest row again, or for the first time, when a snooze is over.
    pub fn remind(&mut self, news: ToastEvent, urgency: Urgency, now: Timestamp) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        self.show(Vec::new(), vec![news], urgency, true, now, &mut orders);
        orders
    }

    /// Everything that is alive, to be drawn once more: what it may say has changed. Nothing asks for attention.
    pub fn repaint(&self) -> Vec<ToastEffect> {
        let mut orders: Vec<ToastEffect> =
            self.live.iter().filter_map(VisibleToast::again).map(ToastEffect::Show).collect();
        if let Some(storm) = self.storm.as_ref().filter(|storm| storm.is_shown()) {
            orders.push(ToastEffect::ShowStorm(Box::new(storm.again())));
        }
        orders
    }

    /// The toast with this key, which told of this row last, has left the screen. Whether it was there.
    pub fn gone(&mut self, key: &str, row: i64) -> bool {
        let before = self.live.len();
        self.live.retain(|live| live.key != key || !live.tells(row));
        let was_there = self.live.len() < before;
        if key == BURST_KEY && was_there {
            self.storm = self.storm.take().and_then(|storm| storm.put_away(self.popups.back().copied()));
        }
        was_there
    }

    /// Toasts whose latest row has been read have done their work.
    pub fn read(&mut self, rows: &[i64]) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        self.drop_held(|held| rows.contains(&held.latest()), RulingReason::ReadFirst, &mut orders);
        let is_done =
            |live: &mut VisibleToast| live.key != BURST_KEY && live.latest().is_some_and(|row| rows.contains(&row));
        orders.extend(self.live.extract_if(.., is_done).map(|live| ToastEffect::Withdraw(live.key)));
        orders
    }

    /// Takes the toast with this key off the screen, if it is there.
    pub fn close(&mut self, key: &str) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        self.withdraw(key, &mut orders);
        orders
    }

    /// Takes everything off the screen; what was said lately is still known. What was not told yet is not told any more,
    /// for this reason.
    pub fn clear(&mut self, why: RulingReason) -> Vec<ToastEffect> {
        let mut orders = Vec::new();
        if let Some(storm) = self.storm.take() {
            let ruling = Ruling::new(OutcomeCode::InboxOnly, why);
            orders.extend(storm.fresh().iter().map(|row| ToastEffect::Rule(*row, ruling.clone())));
        }
        self.drop_held(|_| true, why, &mut orders);
        orders.extend(self.abandon());
        orders
    }

    /// Takes everything off the screen, and says nothing about what was not told yet.
    pub fn abandon(&mut self) -> impl Iterator<Item = ToastEffect> {
        self.live.drain(..).map(|live| ToastEffect::Withdraw(live.key))
    }

    /// Takes everything off the screen that has left the sight and is not critical: read or not, it stands in the inbox.
    pub fn tidy(&mut self, now: Timestamp) -> Vec<ToastEffect> {
        let is_old = |live: &mut VisibleToast| {
            !live.is_in_sight(now) && live.urgency < Urgency::Critical && live.key != BURST_KEY
        };
        self.live.extract_if(.., is_old).map(|live| ToastEffect::Withdraw(live.key)).collect()
    }

    /// What was held back need not be told any more.
    fn drop_held(&mut self, which: impl Fn(&DelayedToast) -> bool, why: RulingReason, orders: &mut Vec<ToastEffect>) {
        for held in self.held.extract_if(.., |held| which(held)) {
            let ruling = Ruling::new(OutcomeCode::InboxOnly, why);
            orders.extend(held.news.iter().map(|news| ToastEffect::Rule(news.row, ruling.clone())));
        }
    }

    /// The person wants to hear no more of a thread, or wants to again.
    pub fn mute(&mut self, thread: &str, muted: bool) -> Vec<ToastEffect> {
        self.past_mut(thread).muted = muted;
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
    pub fn recall(&mut self, news: &ToastEvent, popped: bool, at: Timestamp) {
        let past = self.past_mut(&news.thread);
        past.note_state(news, at);
        if popped {
            past.note_told(news, at, true);
        }
    }

    /// Forgets what no decision looks at any more.
    pub fn forget(&mut self, now: Timestamp) {
        self.threads.retain(|_, past| !past.is_forgotten(now));
    }

    fn standing(&self, thread: &str, now: Timestamp) -> policy::ToastState {
        if let Some(held) = self.held.iter().find(|held| held.key == thread) {
            return policy::ToastState::Held(held.urgency, held.first());
        }
        match self.live.iter().find(|live| live.key == thread) {
            None => policy::ToastState::None,
            Some(live) if live.is_in_sight(now) => policy::ToastState::Shown(live.urgency, live.first()),
            Some(_) => policy::ToastState::Filed,
        }
    }

    fn past_mut(&mut self, thread: &str) -> &mut ThreadHistory {
        if !self.threads.contains_key(thread) {
            self.threads.insert(thread.into(), Arc::default());
        }
        match self.threads.get_mut(thread) {
            Some(past) => Arc::make_mut(past),
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
