//! Catching up with what was missed: rows first, then one honest digest instead of a storm. Three or fewer missed events
//! are told like any other.

use std::sync::Arc;

use domain::burst_summary::BurstSummary;
use domain::outcome::OutcomeCode;
use domain::policy::{self, Decision};
use domain::text;
use domain::view::DigestView;
use domain::{Locale, Privacy, Urgency};
use jiff::Timestamp;

use super::Pipeline;
use crate::decisions::DecisionBatch;
use crate::status::{Change, Part};
use crate::store::{
    AccountKey, Batch, Decider, Gap, GapSummary, NewEvent, Received, States, Store, StoreError, Stored, Subject,
};

/// Missed events that are told one by one at most.
const TOLD_SINGLY: usize = 3;
/// From this rank of bad news on a digest stays until it is seen.
const STAYS_FROM: u8 = 8;
/// What a toast names that is about no row.
pub(super) const NO_ROW: i64 = 0;
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

impl Pipeline {
    /// A gap begins, or the one that was interrupted goes on.
    pub(super) fn begin_gap(&mut self, gap: Gap) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let id = self.store.open_gap(account, gap)?;
        if self.away.as_ref().is_none_or(|away| away.gap != id) {
            self.away = Some(CatchUpDigest { gap: id, count: 0, first: Vec::new() });
        }
        Ok(())
    }

    /// Events of the server's log that are not here yet, and where they end.
    pub(super) fn receive_missed(&mut self, events: &[NewEvent], cursor: Option<&str>) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let (gap, audience) = (self.away.as_ref().map(|away| away.gap), self.audience);
        let received = self.deciding_as_missed(|store, judge| {
            store.receive(account, audience, Batch { events, cursor, gap }, judge)
        })?;
        self.missed(received);
        Ok(())
    }

    /// The server's states, compared with what is known.
    pub(super) fn receive_states(&mut self, states: &States) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let (gap, audience) = (self.away.as_ref().map(|away| away.gap), self.audience);
        let received =
            self.deciding_as_missed(|store, judge| store.reconcile(account, audience, states, gap, judge))?;
        self.missed(received);
        Ok(())
    }

    /// Runs `take` with a judge that stays quiet, and returns what would have been decided otherwise, in order.
    fn deciding_as_missed(
        &mut self,
        take: impl FnOnce(&mut Store, &mut dyn Decider) -> Result<Received, StoreError>,
    ) -> Result<(Received, Vec<Decision>), StoreError> {
        let wanted = Arc::clone(&self.wanted);
        let sitting = DecisionBatch::new(self.screen.clone(), self.audience, &wanted, self.clock.now());
        let mut quiet = SuppressToasts { sitting, otherwise: Vec::new() };
        let received = take(&mut self.store, &mut quiet)?;
        let orders;
        (self.screen, orders) = quiet.sitting.adjourn();
        // What was on screen about a thread is not true any more.
        self.carry_out(orders);
        Ok((received, quiet.otherwise))
    }

    fn missed(&mut self, (received, otherwise): (Received, Vec<Decision>)) {
        self.publish(&received);
        let Some(away) = &mut self.away else { return };
        let missed = received.stored.into_iter().filter(|row| row.notification.outcome.code == OutcomeCode::Digest);
        for (row, decision) in missed.zip(otherwise) {
            away.count += 1;
            if away.first.len() < TOLD_SINGLY {
                away.first.push((row, decision));
            }
        }
    }

    /// Everything that was missed is here.
    pub(super) fn end_gap(&mut self, at: Timestamp, incomplete: bool) -> Result<(), StoreError> {
        self.status.trouble(Part::Verification, None);
        let Some(account) = self.account else { return Ok(()) };
        let Some(away) = &self.away else { return Ok(()) };
        let (gap, count) = (away.gap, away.count);
        let rows = self.store.close_gap(gap, at, incomplete)?;
        let away = self.away.take();
        if rows == 0 && !incomplete {
            return Ok(());
        }
        // More rows than this run has seen come from one that was interrupted.
        match away {
            Some(away) if rows == count as u64 && count <= TOLD_SINGLY && !incomplete => {
                self.store.gap_seen(account, gap, at)?;
                self.tell_singly(away.first, at);
            }
            _ => self.tell_digest(account)?,
        }
        self.refresh_digest();
        Ok(())
    }

    fn tell_singly(&mut self, rows: Vec<(Stored, Decision)>, now: Timestamp) {
        for (row, decision) in rows {
            let id = row.notification.id;
            if let Err(error) = self.rule(&[id], &decision.ruling) {
                self.store_failed(&error);
                return;
            }
            if let Some(news) = row.news {
                let orders = self.screen.take(news, &decision, now);
                self.carry_out(orders);
            }
        }
    }

    fn tell_digest(&mut self, account: AccountKey) -> Result<(), StoreError> {
        let Some(told) = self.store.digest(account)? else { return Ok(()) };
        let view = view(&told, &self.wanted.voice);
        self.announce(Change::Digest(Box::new(view.clone())));
        let worst = told.rows.first();
        let rank = worst.map(|row| domain::digest::severity(row.kind, row.status.as_deref())).unwrap_or_default();
        let urgency = if rank >= STAYS_FROM { Urgency::Critical } else { Urgency::Normal };
        let cancels = rank >= STAYS_FROM;
        let wanted = &self.wanted;
        if !policy::may_tell(&wanted.wishes, urgency, cancels, self.clock.now(), &wanted.voice.zone) {
            return Ok(());
        }
        let said = match self.privacy() {
            Privacy::Full => (view.title, view.body),
            privacy => {
                let text = text::storm(&BurstSummary::default(), self.audience, privacy, &self.wanted.voice);
                (text.title, text.body)
            }
        };
        self.show_bare(DIGEST_KEY, worst.map_or(NO_ROW, |row| row.id), said, urgency);
        Ok(())
    }

    /// A program that ended with toasts on their way tells them now, once, and together.
    pub(super) fn tell_unshown(&mut self) {
        let Some(account) = self.account else { return };
        let told = self
            .store
            .missed_toasts(account, self.clock.now())
            .and_then(|rows| if rows == 0 { Ok(()) } else { self.tell_digest(account) });
        if let Err(error) = told {
            self.store_failed(&error);
        }
        self.refresh_digest();
    }

    /// The person has looked at the digest.
    pub(super) fn digest_seen(&mut self, gap: i64) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        self.store.gap_seen(account, gap, self.clock.now())?;
        let orders = self.screen.close(DIGEST_KEY);
        self.carry_out(orders);
        self.refresh_digest();
        Ok(())
    }

    /// Shows what is to be looked at, or nothing.
    pub(super) fn refresh_digest(&self) {
        let told = self.account.map_or(Ok(None), |account| self.store.digest(account));
        match told {
            Ok(told) => self.status.modify(|snapshot| {
                snapshot.digest = told.as_ref().map(|told| Box::new(view(told, &self.wanted.voice)))
            }),
            Err(error) => self.store_failed(&error),
        }
    }
}

fn view(told: &GapSummary, voice: &Locale) -> DigestView {
    let text = told.digest.render(voice);
    DigestView { gap: told.gap, title: text.title, body: text.body, items: told.rows.clone() }
}

/// Decides as if nothing were to be told, and remembers what would have been.
struct SuppressToasts<'a> {
    sitting: DecisionBatch<'a>,
    otherwise: Vec<Decision>,
}

impl Decider for SuppressToasts<'_> {
    fn decide(&mut self, subject: &Subject<'_>) -> Decision {
        let decision = self.sitting.decide(subject);
        let missed = policy::decide_missed(decision.urgency);
        self.otherwise.push(decision);
        missed
    }

    fn stored(&mut self, row: &Stored) {
        self.sitting.stored(row);
    }
}
