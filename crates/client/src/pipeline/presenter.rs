//! The presenter: carries out the effects of decisions as toasts, and records what the desktop did with them.
//!
//! It owns the state of the screen and borrows the inbox for each call.

use std::sync::Arc;
use std::time::Duration;

use domain::account::Audience;
use domain::event::{EventKind, status};
use domain::outcome::{OutcomeCode, Ruling, RulingReason};
use domain::policy;
use domain::text::{self, Problem, ToastContent};
use domain::toast_scheduler::{BURST_KEY, BurstToast, ThreadToast, ToastEffect, ToastEvent, ToastScheduler, expiry};
use domain::view::ThreadPreference;
use domain::{Button, Language, Privacy, Toast, ToastAction, ToastStep, Urgency};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::latency::LatencyTrace;
use super::open_inbox::OpenInbox;
use super::toast_worker::ToastWorker;
use crate::decisions::DecisionBatch;
use crate::ports::ToastError;
use crate::preferences::EffectivePreferences;
use crate::status::{Change, Part};
use crate::store::{AccountKey, StoreError};

/// What a toast names that is about no row.
pub(super) const NO_ROW: i64 = 0;
/// The toast that is asked for in the settings.
pub(super) const TEST_KEY: &str = "test";
/// States that a flight's toast tells beside its latest.
const TRAIL: u32 = 3;
/// A clock that jumps must not let anything wait for longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);
/// How long the toast stays that only says that toasts work.
const TEST_STAYS: Duration = Duration::from_secs(15);

/// What is on screen, and what decides about it.
pub(crate) struct Presenter {
    pub preferences: Arc<EffectivePreferences>,
    /// The screen is locked: toasts say no more than that something changed.
    is_locked: bool,
    pub scheduler: ToastScheduler,
    /// None in a run without toasts.
    worker: Option<ToastWorker>,
    pub latency: LatencyTrace,
}

impl Presenter {
    pub fn new(preferences: Arc<EffectivePreferences>, worker: Option<ToastWorker>) -> Self {
        Self {
            preferences,
            is_locked: false,
            scheduler: ToastScheduler::default(),
            worker,
            latency: LatencyTrace::default(),
        }
    }

    fn language(&self) -> Language {
        self.preferences.locale.language
    }

    /// Begins to decide about a batch, with the screen as it is.
    pub fn begin_decisions(&self, audience: Audience, now: Timestamp) -> DecisionBatch {
        DecisionBatch::new(self.scheduler.clone(), audience, Arc::clone(&self.preferences), now)
    }

    /// The decisions of a batch are committed: the screen becomes what they made of it. Gives the effects to apply.
    pub fn accept(&mut self, decisions: DecisionBatch) -> Vec<ToastEffect> {
        let effects;
        (self.scheduler, effects) = decisions.finish();
        effects
    }

    /// How long until [`Presenter::tick`] has something to do.
    pub fn until_due(&self, now: Timestamp) -> Option<Duration> {
        let next = self.scheduler.next_tick()?;
        let left = next.duration_since(now).max(SignedDuration::ZERO);
        Some(Duration::try_from(left).unwrap_or_default().min(LONGEST_WAIT))
    }

    /// Does what is due on screen.
    pub fn tick(&mut self, inbox: &mut OpenInbox) {
        let effects = self.scheduler.tick(inbox.audience, inbox.clock.now());
        self.apply(effects, inbox);
    }

    /// Carries effects out, in order.
    pub fn apply(&mut self, effects: impl IntoIterator<Item = ToastEffect>, inbox: &mut OpenInbox) {
        for effect in effects {
            let applied = match effect {
                ToastEffect::Show(toast) => self.show_thread(toast, inbox),
                ToastEffect::ShowBurst(burst) => {
                    self.show_burst(*burst, inbox);
                    Ok(())
                }
                ToastEffect::Withdraw(key) => {
                    if let Some(worker) = &self.worker {
                        worker.withdraw(key);
                    }
                    Ok(())
                }
                ToastEffect::Rule(row, ruling) => inbox.change_ruling(&[row], &ruling),
                ToastEffect::Remind(thread) => self.remind(&thread, inbox),
            };
            if let Err(error) = applied {
                inbox.report(&error);
            }
        }
    }

    fn show_thread(&mut self, toast: ThreadToast, inbox: &mut OpenInbox) -> Result<(), StoreError> {
        let Some(account) = inbox.account else { return Ok(()) };
        let Some(row) = inbox.store.rows(account, &[toast.row])?.pop().filter(|row| !row.done) else {
            // Done before it could be told.
            self.scheduler.on_closed(&toast.key, toast.row);
            return Ok(());
        };
        let mut steps = toast.steps;
        if let [ToastStep { kind: EventKind::FlightStatus, .. }] = steps.as_slice() {
            steps.splice(0..0, inbox.store.trail(account, &toast.key, row.id, TRAIL)?);
        }
        let content = ToastContent {
            row: &row,
            steps: &steps,
            audience: inbox.audience,
            departure: inbox.store.departure(account, &row)?,
            bookings: toast.bookings,
            quiet_updates: toast.quiet_updates,
        };
        let text = text::toast(&content, self.privacy(), &self.preferences.locale);
        let shown = Toast {
            takes_over: None,
            notification_id: row.id,
            title: text.title,
            body: text.body,
            urgency: toast.urgency,
            alerts: toast.alerts,
            silent: self.is_silent(toast.urgency),
            expires: expiry(toast.urgency),
            buttons: [ToastAction::Open, ToastAction::Snooze, ToastAction::Mute]
                .map(|action| button(action, &toast.key, self.language()))
                .into(),
            key: toast.key,
        };
        self.send(shown, toast.rows, inbox);
        Ok(())
    }

    fn show_burst(&mut self, burst: BurstToast, inbox: &mut OpenInbox) {
        let text = text::burst(&burst.sums, inbox.audience, self.privacy(), &self.preferences.locale);
        let toast = Toast {
            key: BURST_KEY.to_owned(),
            takes_over: burst.takes_over,
            notification_id: burst.row,
            title: text.title,
            body: text.body,
            urgency: burst.urgency,
            alerts: burst.alerts,
            silent: self.is_silent(burst.urgency),
            expires: burst.expires,
            buttons: vec![button(ToastAction::Open, BURST_KEY, self.language())],
        };
        self.send(toast, burst.rows, inbox);
    }

    /// Shows a toast that belongs to no thread, such as the digest's.
    pub fn show_standalone(
        &mut self,
        key: &str,
        row: i64,
        (title, body): (String, String),
        urgency: Urgency,
        inbox: &mut OpenInbox,
    ) {
        let effects = self.scheduler.place(key, row, urgency, inbox.clock.now());
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
            buttons: vec![button(ToastAction::Open, key, self.language())],
        };
        self.send(toast, Vec::new(), inbox);
        self.apply(effects, inbox);
    }

    /// Takes a toast off the screen that belongs to no thread.
    pub fn close(&mut self, key: &str, inbox: &mut OpenInbox) {
        let effects = self.scheduler.close(key);
        self.apply(effects, inbox);
    }

    fn send(&mut self, toast: Toast, rows: Vec<i64>, inbox: &mut OpenInbox) {
        let Some(worker) = &self.worker else { return };
        let (key, row) = (toast.key.clone(), toast.notification_id);
        if !worker.show(toast, rows.clone()) {
            self.on_toast_failed(&key, row, &rows, &ToastError::Timeout, inbox);
        }
    }

    /// What toasts may say at the moment.
    pub fn privacy(&self) -> Privacy {
        match self.preferences.toasts.privacy {
            Privacy::Full if self.is_locked => Privacy::Masked,
            privacy => privacy,
        }
    }

    /// Whether a toast of this urgency may not be heard.
    fn is_silent(&self, urgency: Urgency) -> bool {
        !self.preferences.sound.allows(urgency)
    }

    /// Whether a toast may tell of something that is no event of its own.
    pub fn may_tell(&self, urgency: Urgency, cancels: bool, now: Timestamp) -> bool {
        policy::may_tell(&self.preferences.toasts, urgency, cancels, now, &self.preferences.locale.zone)
    }

    /// What the notification service answered to a toast that told of `rows`.
    pub fn on_toast_result(
        &mut self,
        (key, row): (&str, i64),
        rows: &[i64],
        result: Result<(), ToastError>,
        inbox: &mut OpenInbox,
    ) {
        match result {
            Ok(()) => {
                self.latency.shown(rows);
                inbox.status.problem(Part::Toasts, None);
                if let Err(error) = inbox.store.mark_shown(rows, inbox.clock.now()) {
                    inbox.report(&error);
                }
            }
            Err(error) => self.on_toast_failed(key, row, rows, &error, inbox),
        }
    }

    /// The rows say what really happened, and the state says that toasts do not come through.
    fn on_toast_failed(&mut self, key: &str, row: i64, rows: &[i64], error: &ToastError, inbox: &mut OpenInbox) {
        tracing::warn!(%error, "a toast was not shown");
        self.scheduler.on_closed(key, row);
        self.report_toasts_down(error, inbox);
        if let Err(error) = inbox.change_ruling(rows, &Ruling::new(OutcomeCode::InboxOnly, RulingReason::ToastFailed)) {
            inbox.report(&error);
        }
    }

    fn report_toasts_down(&self, error: &ToastError, inbox: &OpenInbox) {
        let language = self.language();
        let sentence = text::problem(&Problem::Toasts(&error.message(language)), language);
        inbox.status.problem(Part::Toasts, Some(sentence));
    }

    /// A snooze is over: the latest state is told, unless it was read meanwhile.
    fn remind(&mut self, thread: &str, inbox: &mut OpenInbox) -> Result<(), StoreError> {
        let Some(account) = inbox.account else { return Ok(()) };
        save_thread_preference(account, thread, ThreadPreference::default(), inbox)?;
        let Some(row) = inbox.store.latest_unread(account, thread)? else { return Ok(()) };
        let now = inbox.clock.now();
        let cancels = row.status.as_deref() == Some(status::CANCELLED);
        if self.may_tell(row.urgency, cancels, now) {
            let effects = self.scheduler.remind(ToastEvent::of(&row, thread.to_owned()), row.urgency, now);
            self.apply(effects, inbox);
        }
        Ok(())
    }

    /// Shows a toast that says that toasts come through.
    pub fn test_toast(&self, reply: oneshot::Sender<Result<(), ToastError>>) {
        let Some(worker) = &self.worker else {
            // A caller that has stopped waiting is no error.
            let _ = reply.send(Err(ToastError::Unavailable("this run of Gatecall shows none".to_owned())));
            return;
        };
        let toast = test_toast(self.language());
        worker.test(Toast { silent: self.is_silent(toast.urgency), ..toast }, reply);
    }

    /// What the notification service answered to the test toast.
    pub fn on_test_result(&self, result: &Result<(), ToastError>, inbox: &OpenInbox) {
        match result {
            Ok(()) => inbox.status.problem(Part::Toasts, None),
            Err(error) => self.report_toasts_down(error, inbox),
        }
    }

    /// Another account, or none: its toasts go. What was not told of it yet is told by a digest when it is back.
    pub fn clear_account(&mut self, inbox: &mut OpenInbox) {
        let effects: Vec<_> = self.scheduler.abandon().collect();
        self.apply(effects, inbox);
    }

    /// Fills the scheduler from what the inbox knows of the account that is in use now.
    pub fn restore(&mut self, inbox: &OpenInbox) -> Result<(), StoreError> {
        self.scheduler = ToastScheduler::default();
        let Some(account) = inbox.account else { return Ok(()) };
        for recent in inbox.store.recent_thread_events(account, inbox.clock.now())? {
            self.scheduler.restore(&recent.event, recent.popped, recent.at);
        }
        for (thread, preference) in inbox.store.thread_preferences(account)? {
            self.scheduler.mute(&thread, preference.muted);
            self.scheduler.snooze(&thread, preference.snoozed_until);
        }
        Ok(())
    }

    /// Snooze and mute, from a toast or from the window.
    pub fn set_thread_preference(
        &mut self,
        thread: &str,
        preference: ThreadPreference,
        inbox: &mut OpenInbox,
    ) -> Result<(), StoreError> {
        let Some(account) = inbox.account else { return Ok(()) };
        save_thread_preference(account, thread, preference, inbox)?;
        let mut effects = self.scheduler.mute(thread, preference.muted);
        effects.extend(self.scheduler.snooze(thread, preference.snoozed_until));
        self.apply(effects, inbox);
        Ok(())
    }

    /// Toasts follow other preferences: they go where none may be shown, and say what they may say now.
    pub fn on_preferences_changed(&mut self, before: &EffectivePreferences, inbox: &mut OpenInbox) {
        let now = &self.preferences.toasts;
        let effects = if now.no_toasts {
            self.scheduler.clear(RulingReason::ToastsOff)
        } else if self.privacy() == Privacy::Nothing {
            self.scheduler.clear(RulingReason::PrivacyNothing)
        } else if before.toasts.privacy != now.privacy {
            self.scheduler.repaint()
        } else {
            return;
        };
        self.apply(effects, inbox);
    }

    /// The screen was locked or unlocked: what is on it says less, or everything again.
    pub fn set_locked(&mut self, is_locked: bool, inbox: &mut OpenInbox) {
        if std::mem::replace(&mut self.is_locked, is_locked) == is_locked {
            return;
        }
        let mut effects = Vec::new();
        if is_locked {
            // What has left the sight would only come up again when it is unmasked.
            effects = self.scheduler.withdraw_stale(inbox.clock.now());
        }
        effects.extend(self.scheduler.repaint());
        self.apply(effects, inbox);
    }
}

fn save_thread_preference(
    account: AccountKey,
    thread: &str,
    preference: ThreadPreference,
    inbox: &mut OpenInbox,
) -> Result<(), StoreError> {
    inbox.store.set_thread_preference(account, thread, preference)?;
    inbox.announce(Change::ThreadPreferenceChanged { thread: thread.to_owned(), preference });
    Ok(())
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
        notification_id: NO_ROW,
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
