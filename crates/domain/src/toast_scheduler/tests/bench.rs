//! A desktop that does what it is told, and a ledger of what became of each row.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::*;
use crate::event::EventKind;
use crate::policy::{DecisionInput, ToastPreferences, decide};
use crate::rules::{QuietHours as Hours, QuietHoursException, RuleInput};

pub struct Bench {
    pub screen: ToastScheduler,
    pub audience: Audience,
    pub preferences: ToastPreferences,
    pub now: Timestamp,
    pub rulings: BTreeMap<i64, Ruling>,
    /// The rows that were told, and how often.
    pub told: BTreeMap<i64, usize>,
    pub on_screen: BTreeSet<String>,
    pub pop_ups: usize,
    /// When something popped up, and whether it was urgent.
    pub pop_up_times: Vec<(Timestamp, bool)>,
    pub storms: Vec<BurstToast>,
    pub reminded: Vec<String>,
    showings: Vec<ThreadToast>,
    history: Vec<(ToastEvent, bool, Timestamp)>,
}

impl Bench {
    pub fn traveler() -> Self {
        Self::of(Audience::Traveler)
    }

    pub fn of(audience: Audience) -> Self {
        Self {
            screen: ToastScheduler::default(),
            audience,
            preferences: ToastPreferences::default(),
            now: "2025-11-10T12:00:00Z".parse().unwrap(),
            rulings: BTreeMap::new(),
            told: BTreeMap::new(),
            on_screen: BTreeSet::new(),
            pop_ups: 0,
            pop_up_times: Vec::new(),
            storms: Vec::new(),
            reminded: Vec::new(),
            showings: Vec::new(),
            history: Vec::new(),
        }
    }

    /// An event of a thread, in the words of the policy's cases.
    pub fn event(&mut self, thread: &str, event: &str) -> Decision {
        let (event, kind) = crate::policy::tests::case_file::event(event);
        let row = self.rulings.len() as i64 + 1;
        let decision = decide(&DecisionInput {
            event: &event,
            audience: self.audience,
            before: None,
            traits: RuleInput { kind: Some(kind), ..RuleInput::default() },
            departure: None,
            preferences: &self.preferences,
            thread: self.screen.thread(thread, &event, self.now),
            recent_popups: self.screen.recent_popups(self.now),
            burst: self.screen.has_burst(),
            now: self.now,
            zone: &TimeZone::UTC,
        });
        let status = match &event {
            Event::Flight(event) => Some(event.new_status.clone()),
            Event::Booking(event) => event.status.clone(),
            Event::Payment(_) => None,
        };
        let event = ToastEvent {
            row,
            thread: thread.to_owned(),
            step: ToastStep { kind, from: None, status, amount: None, at: self.now },
            flight: Some(thread.to_owned()),
            bookings: vec![format!("of {thread}")],
        };
        self.history.push((event.clone(), decision.ruling.code == OutcomeCode::Popped, self.now));
        self.rulings.insert(row, decision.ruling.clone());
        let effects = self.screen.apply(event, &decision, self.now);
        self.carry_out(effects);
        decision
    }

    /// Time goes by, and what is due is done, to the second. A step back is one jump.
    pub fn pass(&mut self, secs: i64) {
        let end = self.now + SignedDuration::from_secs(secs);
        while let Some(next) = self.screen.next_tick().filter(|next| *next <= end && secs > 0) {
            self.now = self.now.max(next);
            let effects = self.screen.tick(self.audience, self.now);
            self.carry_out(effects);
        }
        self.now = end;
        let effects = self.screen.tick(self.audience, self.now);
        self.carry_out(effects);
    }

    pub fn carry_out(&mut self, effects: Vec<ToastEffect>) {
        for effect in effects {
            match effect {
                ToastEffect::Show(toast) => {
                    let is_new = self.on_screen.insert(toast.key.clone());
                    if is_new && toast.alerts {
                        self.pop_ups += 1;
                        self.pop_up_times.push((self.now, toast.urgency == Urgency::Critical));
                    }
                    for row in &toast.rows {
                        *self.told.entry(*row).or_default() += 1;
                    }
                    self.showings.push(toast);
                }
                ToastEffect::ShowBurst(burst) => {
                    let in_place = burst.takes_over.as_ref().is_some_and(|key| self.on_screen.remove(key));
                    if self.on_screen.insert(BURST_KEY.to_owned()) && !in_place {
                        self.pop_ups += 1;
                        self.pop_up_times.push((self.now, burst.urgency == Urgency::Critical));
                    }
                    for row in &burst.rows {
                        *self.told.entry(*row).or_default() += 1;
                    }
                    self.storms.push(*burst);
                }
                ToastEffect::Withdraw(key) => {
                    self.on_screen.remove(&key);
                }
                ToastEffect::Rule(row, ruling) => {
                    self.rulings.insert(row, ruling);
                }
                ToastEffect::Remind(thread) => self.reminded.push(thread),
            }
        }
    }

    /// The toast with this key is closed by the person or by the desktop.
    pub fn close(&mut self, key: &str) {
        let row = self.screen.visible.iter().find(|visible| visible.key == key).and_then(VisibleToast::latest);
        if let Some(row) = row {
            assert!(self.screen.on_closed(key, row));
        }
        self.on_screen.remove(key);
    }

    pub fn quiet_hours(&mut self, from: &str, to: &str) {
        let time = |text: &str| text.parse().unwrap();
        self.preferences.quiet_hours =
            Some(Hours { from: time(from), to: time(to), days: Vec::new(), except: QuietHoursException::Urgent });
    }

    /// The program ends and starts again; its toasts are gone with it.
    pub fn restart(&mut self) {
        self.screen = ToastScheduler::default();
        self.on_screen.clear();
        for (event, popped, at) in &self.history {
            self.screen.restore(event, *popped, *at);
        }
    }

    pub fn shown(&self) -> &[ThreadToast] {
        &self.showings
    }

    pub fn codes(&self) -> Vec<OutcomeCode> {
        self.rulings.values().map(|ruling| ruling.code).collect()
    }

    pub fn visible(&self) -> Vec<&str> {
        self.on_screen.iter().map(String::as_str).collect()
    }

    /// Rows whose last ruling is that they were told, and those that were.
    pub fn assert_the_ledger_is_true(&self) {
        for (row, ruling) in &self.rulings {
            let is_shown = matches!(ruling.code, OutcomeCode::Popped | OutcomeCode::Merged);
            let times = self.told.get(row).copied().unwrap_or_default();
            let delayed =
                self.screen.delayed.iter().any(|delayed| delayed.events.iter().any(|event| event.row == *row));
            let waits = self.screen.burst.as_ref().is_some_and(|burst| burst.fresh().contains(row));
            if is_shown && !delayed && !waits {
                assert_eq!(times, 1, "row {row}: {ruling:?}");
            }
            if !is_shown {
                assert_eq!(times, 0, "row {row}: {ruling:?}");
            }
        }
    }

    pub fn assert_it_knows_the_screen(&self) {
        let known: BTreeSet<String> = self.screen.visible.iter().map(|visible| visible.key.clone()).collect();
        assert_eq!(known.len(), self.screen.visible.len(), "two toasts with one key");
        assert_eq!(known, self.on_screen);
        assert!(known.len() <= MAX_ALIVE, "{known:?}");
    }
}

/// Kinds are named by the policy's cases only.
#[test]
fn the_words_of_the_cases_are_known() {
    assert_eq!(crate::policy::tests::case_file::event("paid").1, EventKind::PaymentCompleted);
}
