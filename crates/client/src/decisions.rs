//! The policy at work: every event is decided with the screen as it will be when the decisions before it are carried
//! out. Also over the history, to see what a rule would have done.

use std::path::Path;

use domain::account::{AccountId, Audience};
use domain::outcome::OutcomeCode;
use domain::policy::{self, Decision, DecisionInput};
use domain::toast_scheduler::{ToastEffect, ToastScheduler};
pub use domain::view::BackTest;
use jiff::{SignedDuration, Timestamp};

use crate::preferences::EffectivePreferences;
use crate::store::{Decider, Store, StoreError, Stored, Subject};

/// Decides about the events of one transaction.
pub(crate) struct DecisionBatch<'a> {
    screen: ToastScheduler,
    audience: Audience,
    wanted: &'a EffectivePreferences,
    now: Timestamp,
    orders: Vec<ToastEffect>,
}

impl<'a> DecisionBatch<'a> {
    /// Begins with the screen as it is.
    pub fn new(screen: ToastScheduler, audience: Audience, wanted: &'a EffectivePreferences, now: Timestamp) -> Self {
        Self { screen, audience, wanted, now, orders: Vec::new() }
    }

    /// The screen as it will be, and what has to be done for it.
    pub fn adjourn(self) -> (ToastScheduler, Vec<ToastEffect>) {
        (self.screen, self.orders)
    }
}

impl Decider for DecisionBatch<'_> {
    fn decide(&mut self, subject: &Subject<'_>) -> Decision {
        decide(&self.screen, self.audience, self.wanted, self.now, subject)
    }

    fn stored(&mut self, row: &Stored) {
        if let Some(news) = &row.news {
            self.orders.extend(self.screen.take(news.clone(), &row.decision, self.now));
        }
    }
}

/// Decides about one event.
pub(crate) fn decide(
    screen: &ToastScheduler,
    audience: Audience,
    wanted: &EffectivePreferences,
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
        wishes: &wanted.wishes,
        thread: screen.thread(thread, event, now),
        recent_popups: screen.recent_popups(now),
        storm: screen.is_stormy(),
        now,
        zone: &wanted.voice.zone,
    })
}

/// Rows that a back-test names.
const NAMED: usize = 50;

/// What `wanted` would have done with the events of the last `days`, in the order of arrival. Reads beside the writer;
/// knowledge about bookings and flights is that of today.
pub(crate) fn back_test(
    path: &Path,
    account: Option<AccountId>,
    audience: Audience,
    wanted: &EffectivePreferences,
    days: u32,
) -> Result<BackTest, StoreError> {
    let mut test = BackTest { days, ..BackTest::default() };
    let Some(store) = Store::open_read_only(path)? else { return Ok(test) };
    let Some(account) = account.map(|account| store.known_account(&account)).transpose()?.flatten() else {
        return Ok(test);
    };
    let newest = store.newest(account)?.unwrap_or(Timestamp::UNIX_EPOCH);
    let since = newest - SignedDuration::from_hours(i64::from(days) * 24);
    let mut screen = ToastScheduler::default();
    let mut popped = Vec::new();
    store.replay(account, since, |subject, news| {
        let now = subject.received_at;
        screen.tick(audience, now);
        let decision = decide(&screen, audience, wanted, now, subject);
        test.events += 1;
        if decision.ruling.code == OutcomeCode::Popped {
            test.popped += 1;
            popped.push(news.row);
        }
        screen.take(news, &decision, now);
    })?;
    let latest: Vec<i64> = popped.iter().rev().take(NAMED).copied().collect();
    test.rows = store.rows(account, &latest)?;
    test.rows.retain(|row| !row.done);
    Ok(test)
}
