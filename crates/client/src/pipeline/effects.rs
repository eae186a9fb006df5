//! From orders to the screen, and what really came of them.

use std::time::Duration;

use domain::outcome::{OutcomeCode, Ruling, RulingReason};
use domain::policy;
use domain::text::{self, Problem, ToastContent};
use domain::toast_scheduler::{BURST_KEY, BurstToast, ThreadToast, ToastEffect, ToastEvent, expiry};
use domain::view::{EventKind, ThreadPreference};
use domain::{Button, Language, Privacy, Toast, ToastAction, ToastStep, Urgency};
use jiff::{SignedDuration, Timestamp};

use super::Pipeline;
use crate::ports::ToastError;
use crate::status::{Change, Part};
use crate::store::{AccountKey, StoreError};

/// The toast that is asked for in the settings.
pub(super) const TEST_KEY: &str = "test";
/// States that a flight's toast tells beside its latest.
const TRAIL: u32 = 3;
/// A clock that jumps must not let anything wait for longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);
/// How long the toast stays that only says that toasts work.
const TEST_STAYS: Duration = Duration::from_secs(15);

impl Pipeline {
    /// How long until [`Pipeline::tick`] has something to do.
    pub(super) fn until_due(&self) -> Option<Duration> {
        let next = self.screen.next_tick()?;
        let left = next.duration_since(self.clock.now()).max(SignedDuration::ZERO);
        Some(Duration::try_from(left).unwrap_or_default().min(LONGEST_WAIT))
    }

    /// Does what is due on screen.
    pub(super) fn tick(&mut self) {
        let orders = self.screen.tick(self.audience, self.clock.now());
        self.carry_out(orders);
    }

    pub(super) fn carry_out(&mut self, orders: Vec<ToastEffect>) {
        for order in orders {
            let done = match order {
                ToastEffect::Show(showing) => self.show(showing),
                ToastEffect::ShowStorm(storm) => {
                    self.show_storm(*storm);
                    Ok(())
                }
                ToastEffect::Withdraw(key) => {
                    if let Some(toasting) = &self.toasting {
                        toasting.withdraw(key);
                    }
                    Ok(())
                }
                ToastEffect::Rule(row, ruling) => self.rule(&[row], &ruling),
                ToastEffect::Remind(thread) => self.remind(&thread),
            };
            if let Err(error) = done {
                self.store_failed(&error);
            }
        }
    }

    fn show(&mut self, showing: ThreadToast) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let Some(row) = self.store.rows(account, &[showing.row])?.pop().filter(|row| !row.done) else {
            // Put away before it could be told.
            self.screen.gone(&showing.key, showing.row);
            return Ok(());
        };
        let mut steps = showing.steps;
        if let [ToastStep { kind: EventKind::FlightStatus, .. }] = steps.as_slice() {
            steps.splice(0..0, self.store.trail(account, &showing.key, row.id, TRAIL)?);
        }
        let told = ToastContent {
            row: &row,
            steps: &steps,
            audience: self.audience,
            departure: self.store.departure(account, &row)?,
            bookings: showing.bookings,
            quiet_updates: showing.quiet_updates,
        };
        let text = text::toast(&told, self.privacy(), &self.wanted.voice);
        let toast = Toast {
            takes_over: None,
            notification_id: row.id,
            title: text.title,
            body: text.body,
            urgency: showing.urgency,
            alerts: showing.alerts,
            silent: self.is_silent(showing.urgency),
            expires: expiry(showing.urgency),
            buttons: [ToastAction::Open, ToastAction::Snooze, ToastAction::Mute]
                .map(|action| button(action, &showing.key, self.wanted.voice.language))
                .into(),
            key: showing.key,
        };
        self.send(toast, showing.rows);
        Ok(())
    }

    fn show_storm(&mut self, storm: BurstToast) {
        let text = text::storm(&storm.sums, self.audience, self.privacy(), &self.wanted.voice);
        let toast = Toast {
            key: BURST_KEY.to_owned(),
            takes_over: storm.takes_over,
            notification_id: storm.row,
            title: text.title,
            body: text.body,
            urgency: storm.urgency,
            alerts: storm.alerts,
            silent: self.is_silent(storm.urgency),
            expires: storm.expires,
            buttons: vec![button(ToastAction::Open, BURST_KEY, self.wanted.voice.language)],
        };
        self.send(toast, storm.rows);
    }

    /// The digest's toast, or that of another thing that is no thread.
    pub(super) fn show_bare(&mut self, key: &str, row: i64, (title, body): (String, String), urgency: Urgency) {
        let orders = self.screen.place(key, row, urgency, self.clock.now());
        let toast = Toast {
            key: key.to_owned(),
            takes_over: None,
            notification_id: row,
            title,
            body,
            urgency,
            alerts: true,
            silent: self.is_silent(urgency),
            expires: expiry(urgency),
            buttons: vec![button(ToastAction::Open, key, self.wanted.voice.language)],
        };
        self.send(toast, Vec::new());
        self.carry_out(orders);
    }

    fn send(&mut self, toast: Toast, rows: Vec<i64>) {
        let Some(toasting) = &self.toasting else { return };
        let (key, row) = (toast.key.clone(), toast.notification_id);
        if !toasting.show(toast, rows.clone()) {
            self.toast_failed(&key, row, &rows, &ToastError::Timeout);
        }
    }

    /// What toasts may say at the moment.
    pub(super) fn privacy(&self) -> Privacy {
        match self.wanted.wishes.privacy {
            Privacy::Full if self.locked => Privacy::Masked,
            privacy => privacy,
        }
    }

    /// Whether a toast of this urgency may not be heard.
    fn is_silent(&self, urgency: Urgency) -> bool {
        !self.wanted.sound.allows(urgency)
    }

    pub(super) fn toasted(&mut self, key: &str, row: i64, rows: &[i64], result: Result<(), ToastError>) {
        match result {
            Ok(()) => {
                self.ways.shown(rows);
                self.status.trouble(Part::Toasts, None);
                if let Err(error) = self.store.mark_shown(rows, self.clock.now()) {
                    self.store_failed(&error);
                }
            }
            Err(error) => self.toast_failed(key, row, rows, &error),
        }
    }

    /// The rows say what really happened, and the state says that toasts do not come through.
    fn toast_failed(&mut self, key: &str, row: i64, rows: &[i64], error: &ToastError) {
        tracing::warn!(%error, "a toast was not shown");
        self.screen.gone(key, row);
        self.toasts_fail(error);
        if let Err(error) = self.rule(rows, &Ruling::new(OutcomeCode::InboxOnly, RulingReason::ToastFailed)) {
            self.store_failed(&error);
        }
    }

    /// Toasts do not come through.
    pub(super) fn toasts_fail(&self, error: &ToastError) {
        let language = self.wanted.voice.language;
        let sentence = text::trouble(&Problem::Toasts(&error.said(language)), language);
        self.status.trouble(Part::Toasts, Some(sentence));
    }

    /// Records another ruling than the one that stands, and tells it.
    pub(super) fn rule(&mut self, rows: &[i64], ruling: &Ruling) -> Result<(), StoreError> {
        for id in rows {
            self.store.set_ruling(*id, ruling)?;
        }
        self.announce_rows(rows);
        let outcome = ruling.outcome(self.wanted.voice.language);
        for id in rows {
            self.announce(Change::Outcome { id: *id, outcome: outcome.clone() });
        }
        Ok(())
    }

    /// A snooze is over: the latest state is told, unless it was read meanwhile.
    fn remind(&mut self, thread: &str) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        self.write_down(account, thread, ThreadPreference::default())?;
        let Some(row) = self.store.latest_unread(account, thread)? else { return Ok(()) };
        let (now, wanted) = (self.clock.now(), &self.wanted);
        let cancels = row.status.as_deref() == Some("CANCELLED");
        if policy::may_tell(&wanted.wishes, row.urgency, cancels, now, &wanted.voice.zone) {
            let orders = self.screen.remind(ToastEvent::of(&row, thread.to_owned()), row.urgency, now);
            self.carry_out(orders);
        }
        Ok(())
    }

    /// Shows a toast that says that toasts come through.
    pub(super) fn test_toast(&self, reply: tokio::sync::oneshot::Sender<Result<(), ToastError>>) {
        let Some(toasting) = &self.toasting else {
            // A caller that has stopped waiting is no error.
            let _ = reply.send(Err(ToastError::Unavailable("this run of Gatecall shows none".to_owned())));
            return;
        };
        let toast = test_toast(self.wanted.voice.language);
        toasting.test(Toast { silent: self.is_silent(toast.urgency), ..toast }, reply);
    }

    /// Another account, or none: its toasts go. What was not told of it yet is told by a digest when it is back.
    pub(super) fn leave_the_screen(&mut self) {
        let orders = self.screen.abandon().collect();
        self.carry_out(orders);
    }

    /// What is remembered of the account that is in use now.
    pub(super) fn remember(&mut self) -> Result<(), StoreError> {
        self.screen = domain::toast_scheduler::ToastScheduler::default();
        let Some(account) = self.account else { return Ok(()) };
        for remembered in self.store.lately(account, self.clock.now())? {
            self.screen.recall(&remembered.news, remembered.popped, remembered.at);
        }
        for (thread, choice) in self.store.choices(account)? {
            self.screen.mute(&thread, choice.muted);
            self.screen.snooze(&thread, choice.snoozed_until);
        }
        Ok(())
    }

    fn write_down(&mut self, account: AccountKey, thread: &str, choice: ThreadPreference) -> Result<(), StoreError> {
        self.store.choose(account, thread, choice)?;
        self.announce(Change::ThreadPreferenceChanged { thread: thread.to_owned(), preference: choice });
        Ok(())
    }

    /// Snooze and mute, from a toast or from the window.
    pub(super) fn choose(&mut self, thread: &str, choice: ThreadPreference) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        self.write_down(account, thread, choice)?;
        let mut orders = self.screen.mute(thread, choice.muted);
        orders.extend(self.screen.snooze(thread, choice.snoozed_until));
        self.carry_out(orders);
        Ok(())
    }
}

fn button(action: ToastAction, thread: &str, language: Language) -> Button {
    Button { action, label: text::button(action, thread, language) }
}

/// The toast that says that toasts come through.
pub fn test_toast(language: Language) -> Toast {
    let text = text::test_toast(language);
    Toast {
        key: TEST_KEY.to_owned(),
        takes_over: None,
        notification_id: super::catch_up::NO_ROW,
        title: text.title,
        body: text.body,
        urgency: Urgency::Normal,
        alerts: true,
        silent: false,
        expires: Some(TEST_STAYS),
        buttons: vec![button(ToastAction::Open, TEST_KEY, language)],
    }
}

/// When a snooze of an hour is over.
pub(super) fn in_an_hour(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(1)).unwrap_or(now)
}
