//! Catching up after a gap: rows first, then one digest instead of a burst of toasts. Three or fewer missed events are
//! shown like any others.

use domain::burst_summary::BurstSummary;
use domain::outcome::OutcomeCode;
use domain::policy::{self, Decision};
use domain::text;
use domain::view::DigestView;
use domain::{Locale, Privacy, Urgency};
use jiff::Timestamp;

use super::Writer;
use super::presenter::NO_ROW;
use crate::decisions::DecisionBatch;
use crate::status::{Change, Part};
use crate::store::{
    AccountKey, Batch, Decider, Gap, GapSummary, NewEvent, Received, States, Store, StoreError, Stored, Subject,
};

/// Missed events that are told one by one at most.
const TOLD_ONE_BY_ONE: usize = 3;
/// From this rank of bad news on a digest stays until it is seen.
const STAYS_FROM: u8 = 8;
/// The digest's place on screen: a later one takes it.
const DIGEST_KEY: &str = "digest";

/// The gap that is being caught up with.
#[derive(Debug)]
pub(super) struct CatchUpDigest {
    gap: i64,
    /// Missed rows so far.
    count: usize,
    /// The first of them, and what would be done about each if there were no more.
    first: Vec<(Stored, Decision)>,
}

impl Writer {
    /// A gap begins, or the one that was interrupted goes on.
    pub(super) fn begin_gap(&mut self, gap: Gap) -> Result<(), StoreError> {
        let Some(account) = self.inbox.account else { return Ok(()) };
        let id = self.inbox.store.open_gap(account, gap)?;
        if self.catch_up.as_ref().is_none_or(|catch_up| catch_up.gap != id) {
            self.catch_up = Some(CatchUpDigest { gap: id, count: 0, first: Vec::new() });
        }
        Ok(())
    }

    /// Events of the server's log that are not here yet, and where they end.
    pub(super) fn receive_missed(&mut self, events: &[NewEvent], cursor: Option<&str>) -> Result<(), StoreError> {
        let Some(account) = self.inbox.account else { return Ok(()) };
        let (gap, audience) = (self.catch_up.as_ref().map(|catch_up| catch_up.gap), self.inbox.audience);
        let received = self.decide_as_missed(|store, decider| {
            store.receive(account, audience, Batch { events, cursor, gap }, decider)
        })?;
        self.missed(received);
        Ok(())
    }

    /// The server's states, compared with what is known.
    pub(super) fn receive_states(&mut self, states: &States) -> Result<(), StoreError> {
        let Some(account) = self.inbox.account else { return Ok(()) };
        let (gap, audience) = (self.catch_up.as_ref().map(|catch_up| catch_up.gap), self.inbox.audience);
        let received =
            self.decide_as_missed(|store, decider| store.reconcile(account, audience, states, gap, decider))?;
        self.missed(received);
        Ok(())
    }

    /// Runs `take` with a judge that stays quiet, and returns what would have been decided otherwise, in order.
    fn decide_as_missed(
        &mut self,
        take: impl FnOnce(&mut Store, &mut dyn Decider) -> Result<Received, StoreError>,
    ) -> Result<(Received, Vec<Decision>), StoreError> {
        let batch = self.presenter.begin_decisions(self.inbox.audience, self.inbox.clock.now());
        let mut suppressed = SuppressToasts { batch, decisions: Vec::new() };
        let received = take(&mut self.inbox.store, &mut suppressed)?;
        // What was on screen about a thread is not true any more.
        let effects = self.presenter.accept(suppressed.batch);
        self.presenter.apply(effects, &mut self.inbox);
        Ok((received, suppressed.decisions))
    }

    fn missed(&mut self, (received, decisions): (Received, Vec<Decision>)) {
        self.publish(&received);
        let Some(catch_up) = &mut self.catch_up else { return };
        let missed = received.stored.into_iter().filter(|row| row.notification.outcome.code == OutcomeCode::Digest);
        for (row, decision) in missed.zip(decisions) {
            catch_up.count += 1;
            if catch_up.first.len() < TOLD_ONE_BY_ONE {
                catch_up.first.push((row, decision));
            }
        }
    }

    /// Everything that was missed is here.
    pub(super) fn end_gap(&mut self, at: Timestamp, incomplete: bool) -> Result<(), StoreError> {
        self.inbox.status.problem(Part::Verification, None);
        let Some(account) = self.inbox.account else { return Ok(()) };
        let Some(catch_up) = &self.catch_up else { return Ok(()) };
        let (gap, count) = (catch_up.gap, catch_up.count);
        let rows = self.inbox.store.close_gap(gap, at, incomplete)?;
        let catch_up = self.catch_up.take();
        if rows == 0 && !incomplete {
            return Ok(());
        }
        // More rows than this run has seen come from one that was interrupted.
        match catch_up {
            Some(catch_up) if rows == count as u64 && count <= TOLD_ONE_BY_ONE && !incomplete => {
                self.inbox.store.mark_gap_seen(account, gap, at)?;
                self.tell_one_by_one(catch_up.first, at);
            }
            _ => self.tell_digest(account)?,
        }
        self.publish_digest();
        Ok(())
    }

    fn tell_one_by_one(&mut self, rows: Vec<(Stored, Decision)>, now: Timestamp) {
        for (row, decision) in rows {
            let id = row.notification.id;
            if let Err(error) = self.inbox.change_ruling(&[id], &decision.ruling) {
                self.inbox.report(&error);
                return;
            }
            if let Some(event) = row.toast_event {
                let effects = self.presenter.scheduler.apply(event, &decision, now);
                self.presenter.apply(effects, &mut self.inbox);
            }
        }
    }

    fn tell_digest(&mut self, account: AccountKey) -> Result<(), StoreError> {
        let Some(told) = self.inbox.store.digest(account)? else { return Ok(()) };
        let view = view(&told, &self.presenter.preferences.locale);
        self.inbox.announce(Change::Digest(Box::new(view.clone())));
        let worst = told.rows.first();
        let rank = worst.map(|row| domain::digest::severity(row.kind, row.status.as_deref())).unwrap_or_default();
        let urgency = if rank >= STAYS_FROM { Urgency::Critical } else { Urgency::Normal };
        let cancels = rank >= STAYS_FROM;
        let presenter = &mut self.presenter;
        if !presenter.may_tell(urgency, cancels, self.inbox.clock.now()) {
            return Ok(());
        }
        let text = match presenter.privacy() {
            Privacy::Full => (view.title, view.body),
            privacy => {
                let locale = &presenter.preferences.locale;
                let text = text::burst(&BurstSummary::default(), self.inbox.audience, privacy, locale);
                (text.title, text.body)
            }
        };
        let row = worst.map_or(NO_ROW, |row| row.id);
        presenter.show_standalone(DIGEST_KEY, row, text, urgency, &mut self.inbox);
        Ok(())
    }

    /// A program that ended with toasts on their way tells them now, once, and together.
    pub(super) fn tell_unshown(&mut self) {
        let Some(account) = self.inbox.account else { return };
        let told = self
            .inbox
            .store
            .missed_toasts(account, self.inbox.clock.now())
            .and_then(|rows| if rows == 0 { Ok(()) } else { self.tell_digest(account) });
        if let Err(error) = told {
            self.inbox.report(&error);
        }
        self.publish_digest();
    }

    /// The person has looked at the digest.
    pub fn dismiss_digest(&mut self, gap: i64) -> Result<(), StoreError> {
        let Some(account) = self.inbox.account else { return Ok(()) };
        self.inbox.store.mark_gap_seen(account, gap, self.inbox.clock.now())?;
        self.presenter.close(DIGEST_KEY, &mut self.inbox);
        self.publish_digest();
        Ok(())
    }

    /// Shows what is to be looked at, or nothing.
    pub(super) fn publish_digest(&self) {
        let told = self.inbox.account.map_or(Ok(None), |account| self.inbox.store.digest(account));
        match told {
            Ok(told) => self.inbox.status.modify(|snapshot| {
                snapshot.digest = told.as_ref().map(|told| Box::new(view(told, &self.presenter.preferences.locale)))
            }),
            Err(error) => self.inbox.report(&error),
        }
    }
}

fn view(told: &GapSummary, locale: &Locale) -> DigestView {
    let text = told.digest.render(locale);
    DigestView { gap: told.gap, title: text.title, body: text.body, items: told.rows.clone() }
}

/// Decides as if nothing were to be told, and remembers what would have been.
struct SuppressToasts {
    batch: DecisionBatch,
    decisions: Vec<Decision>,
}

impl Decider for SuppressToasts {
    fn decide(&mut self, subject: &Subject<'_>) -> Decision {
        let decision = self.batch.decide(subject);
        let missed = policy::decide_missed(decision.urgency);
        self.decisions.push(decision);
        missed
    }

    fn stored(&mut self, row: &Stored) {
        self.batch.stored(row);
    }
}
