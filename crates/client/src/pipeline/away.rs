//! Catching up with what was missed: rows first, then one honest digest instead of a storm. Three or fewer missed events
//! are told like any other.

use domain::policy::{self, Decision, OutcomeCode};
use domain::view::DigestView;
use domain::{Toast, Urgency};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Pipeline;
use super::screen::expiry;
use super::showing::decide;
use crate::status::{Change, Part};
use crate::store::{AccountKey, Batch, Gap, GapDigest, NewEvent, Received, States, StoreError, Stored, Subject};

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
pub(super) struct Away {
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
            self.away = Some(Away { gap: id, count: 0, first: Vec::new() });
        }
        Ok(())
    }

    /// Events of the server's log that are not here yet, and where they end.
    pub(super) fn receive_missed(&mut self, events: &[NewEvent], cursor: Option<&str>) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let (gap, audience) = (self.away.as_ref().map(|away| away.gap), self.audience);
        let received = self.deciding_as_missed(|store, decide| {
            store.receive(account, audience, Batch { events, cursor, gap }, decide)
        })?;
        self.missed(received);
        Ok(())
    }

    /// The server's states, compared with what is known.
    pub(super) fn receive_states(&mut self, states: &States) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        let (gap, audience) = (self.away.as_ref().map(|away| away.gap), self.audience);
        let received =
            self.deciding_as_missed(|store, decide| store.reconcile(account, audience, states, gap, decide))?;
        self.missed(received);
        Ok(())
    }

    /// Runs `take` with a decision that stays quiet, and returns what would have been decided otherwise, in order.
    fn deciding_as_missed(
        &mut self,
        take: impl FnOnce(
            &mut crate::store::Store,
            &mut dyn FnMut(&Subject<'_>) -> Decision,
        ) -> Result<Received, StoreError>,
    ) -> Result<(Received, Vec<Decision>), StoreError> {
        let (toasts, audience, now) = (self.toasts && self.toasting.is_some(), self.audience, Timestamp::now());
        let mut screen = self.screen.clone();
        let mut otherwise = Vec::new();
        let received = take(&mut self.store, &mut |subject| {
            let decision = decide(&mut screen, toasts, audience, now, subject);
            let missed = policy::decide_missed(decision.urgency);
            otherwise.push(decision);
            missed
        })?;
        Ok((received, otherwise))
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
        for (mut row, decision) in rows {
            let id = row.notification.id;
            if let Err(error) = self.store.set_outcome(id, &decision.outcome) {
                self.store_failed(&error);
                return;
            }
            self.announce_rows(&[id]);
            self.announce(Change::Outcome { id, outcome: decision.outcome.clone() });
            if decision.pops() {
                row.notification.outcome = decision.outcome;
                self.toast(row, now);
            }
        }
        self.withdraw(super::Screen::evict);
    }

    fn tell_digest(&mut self, account: AccountKey) -> Result<(), StoreError> {
        let Some(told) = self.store.digest(account)? else { return Ok(()) };
        let view = view(&told);
        self.announce(Change::Digest(Box::new(view.clone())));
        let Some(toasting) = self.toasting.as_ref().filter(|_| self.toasts) else { return Ok(()) };
        let worst = told.rows.first();
        let rank = worst.map(|row| domain::away::severity(row.kind, row.status.as_deref())).unwrap_or_default();
        let urgency = if rank >= STAYS_FROM { Urgency::Critical } else { Urgency::Normal };
        let toast = Toast {
            key: DIGEST_KEY.to_owned(),
            notification_id: worst.map_or(NO_ROW, |row| row.id),
            title: view.title,
            body: view.body,
            urgency,
            expires: expiry(urgency),
        };
        self.screen.show(DIGEST_KEY, toast.notification_id, urgency, Timestamp::now());
        if !toasting.show(toast) {
            tracing::warn!("the digest was not shown; it stands in the inbox");
        }
        Ok(())
    }

    /// A program that ended with toasts on their way tells them now, once, and together.
    pub(super) fn tell_unshown(&mut self) {
        let Some(account) = self.account else { return };
        let told = self
            .store
            .missed_toasts(account, Timestamp::now())
            .and_then(|rows| if rows == 0 { Ok(()) } else { self.tell_digest(account) });
        if let Err(error) = told {
            self.store_failed(&error);
        }
        self.refresh_digest();
    }

    /// The person has looked at the digest.
    pub(super) fn digest_seen(&mut self, gap: i64) -> Result<(), StoreError> {
        let Some(account) = self.account else { return Ok(()) };
        self.store.gap_seen(account, gap, Timestamp::now())?;
        self.withdraw(|screen| screen.take(DIGEST_KEY));
        self.refresh_digest();
        Ok(())
    }

    /// Shows what is to be looked at, or nothing.
    pub(super) fn refresh_digest(&self) {
        let told = self.account.map_or(Ok(None), |account| self.store.digest(account));
        match told {
            Ok(told) => self.status.modify(|snapshot| snapshot.digest = told.as_ref().map(|told| Box::new(view(told)))),
            Err(error) => self.store_failed(&error),
        }
    }
}

fn view(told: &GapDigest) -> DigestView {
    let text = told.digest.render(&TimeZone::system());
    DigestView { gap: told.gap, title: text.title, body: text.body, items: told.rows.clone() }
}
