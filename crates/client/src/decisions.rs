//! Decisions about events, each made with the screen as it will be once the previous decisions are carried out. Also
//! replayed over the history for back-tests.

use std::path::Path;
use std::sync::Arc;

use domain::account::{AccountId, Audience};
use domain::outcome::OutcomeCode;
use domain::policy::{self, Decision, DecisionInput};
use domain::toast_scheduler::{ToastEffect, ToastScheduler};
pub use domain::view::BackTest;
use jiff::{SignedDuration, Timestamp};

use crate::preferences::EffectivePreferences;
use crate::store::{Decider, Store, StoreError, Stored, Subject};

/// Decides about the events of one transaction.
pub(crate) struct DecisionBatch {
    scheduler: ToastScheduler,
    audience: Audience,
    preferences: Arc<EffectivePreferences>,
    now: Timestamp,
    effects: Vec<ToastEffect>,
}

impl DecisionBatch {
    /// Starts from the screen as it is.
    pub fn new(
        scheduler: ToastScheduler,
        audience: Audience,
        preferences: Arc<EffectivePreferences>,
        now: Timestamp,
    ) -> Self {
        Self { scheduler, audience, preferences, now, effects: Vec::new() }
    }

    /// The screen as it will be, and the effects that make it so.
    pub fn finish(self) -> (ToastScheduler, Vec<ToastEffect>) {
        (self.scheduler, self.effects)
    }
}

impl Decider for DecisionBatch {
    fn decide(&mut self, subject: &Subject<'_>) -> Decision {
        decide(&self.scheduler, self.audience, &self.preferences, self.now, subject)
    }

    fn stored(&mut self, row: &Stored) {
        if let Some(event) = &row.toast_event {
            self.effects.extend(self.scheduler.apply(event.clone(), &row.decision, self.now));
        }
    }
}

/// Decides about one event.
pub(crate) fn decide(
    scheduler: &ToastScheduler,
    audience: Audience,
    preferences: &EffectivePreferences,
    now: Timestamp,
    subject: &Subject<'_>,
) -> Decision {
    let (Some(event), Some(thread)) = (subject.event, subject.thread) else { return policy::decide_unreadable() };
    policy::decide(&DecisionInput {
        event,
        audience,
        before: subject.before,
        traits: subject.traits,
        departure: subject.departure,
        preferences: &preferences.toasts,
        thread: scheduler.thread(thread, event, now),
        recent_popups: scheduler.recent_popups(now),
        burst: scheduler.has_burst(),
        now,
        zone: &preferences.locale.zone,
    })
}

/// Rows that a back-test names.
const NAMED: usize = 50;

/// What `preferences` would have done with the events of the last `days`, in the order of arrival. Reads beside the writer;
/// knowledge about bookings and flights is that of today.
pub(crate) fn back_test(
    path: &Path,
    account: Option<AccountId>,
    audience: Audience,
    preferences: &EffectivePreferences,
    days: u32,
) -> Result<BackTest, StoreError> {
    let mut test = BackTest { days, ..BackTest::default() };
    let Some(store) = Store::open_read_only(path)? else { return Ok(test) };
    let Some(account) = account.map(|account| store.known_account(&account)).transpose()?.flatten() else {
        return Ok(test);
    };
    let newest = store.newest(account)?.unwrap_or(Timestamp::UNIX_EPOCH);
    let since = newest - SignedDuration::from_hours(i64::from(days) * 24);
    let mut scheduler = ToastScheduler::default();
    let mut popped = Vec::new();
    store.replay(account, since, |subject, event| {
        let now = subject.received_at;
        scheduler.tick(audience, now);
        let decision = decide(&scheduler, audience, preferences, now, subject);
        test.events += 1;
        if decision.ruling.code == OutcomeCode::Popped {
            test.popped += 1;
            popped.push(event.row);
        }
        scheduler.apply(event, &decision, now);
    })?;
    let latest: Vec<i64> = popped.iter().rev().take(NAMED).copied().collect();
    test.rows = store.rows(account, &latest)?;
    test.rows.retain(|row| !row.done);
    Ok(test)
}
