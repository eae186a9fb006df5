//! Bursts: many events in one toast with counts, updated in place and closed with a summary.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::visible::VisibleToast;
use super::{BurstToast, ToastEffect, ToastEvent, ToastScheduler, is_within};
use crate::burst_summary::BurstSummary;
use crate::event::{EventKind, status};
use crate::policy::POPUP_WINDOW_SECS;
use crate::toast::Urgency;

/// The place on screen of the toast that tells of many.
pub const BURST_KEY: &str = "storm";
/// It is brought up to date this often at most: a shell chokes on more.
const REFRESH: SignedDuration = SignedDuration::from_secs(1);
/// It is over when nothing came for this long…
const CALM: SignedDuration = SignedDuration::from_secs(POPUP_WINDOW_SECS);
/// …or when it lasted this long, so that a busy day is told in parts.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);
/// How long the summary stays.
const SUMMARY_STAYS: Duration = Duration::from_secs(15);
/// Flights that the toast names.
const NAMED: usize = 2;

/// A storm that goes on.
#[derive(Debug, Clone)]
pub(super) struct Burst {
    since: Timestamp,
    last: Timestamp,
    shown_at: Timestamp,
    /// Not on screen before this moment: the person has just had their share of pop-ups, and put them away.
    waits_until: Option<Timestamp>,
    /// Told and not shown yet.
    fresh: Vec<i64>,
    /// That of the worst.
    urgency: Urgency,
    /// The latest of the worst.
    row: i64,
    sums: BurstSummary,
    flights: HashMap<String, u64>,
    bookings: HashSet<String>,
}

impl Burst {
    fn new(now: Timestamp) -> Self {
        Self {
            since: now,
            last: now,
            shown_at: now,
            waits_until: None,
            fresh: Vec::new(),
            urgency: Urgency::Low,
            row: 0,
            sums: BurstSummary::default(),
            flights: HashMap::new(),
            bookings: HashSet::new(),
        }
    }

    fn add(&mut self, event: ToastEvent, urgency: Urgency, at: Timestamp) {
        let is_cancelled = event.step.status.as_deref() == Some(status::CANCELLED);
        match event.step.kind {
            EventKind::BookingCancelled => self.sums.bookings_cancelled += 1,
            EventKind::FlightStatus if is_cancelled => self.sums.flights_cancelled += 1,
            EventKind::FlightStatus if event.step.status.as_deref() == Some(status::DELAYED) => {
                self.sums.flights_delayed += 1
            }
            EventKind::BookingUpdated if is_cancelled => self.sums.bookings_cancelled += 1,
            _ => self.sums.others += 1,
        }
        if let Some(flight) = event.flight {
            *self.flights.entry(flight).or_default() += 1;
        }
        self.bookings.extend(event.bookings);
        self.since = self.since.min(at);
        if urgency >= self.urgency {
            (self.row, self.urgency) = (event.row, urgency);
        }
    }

    fn sums(&self, is_over: bool) -> BurstSummary {
        let mut flights: Vec<(String, u64)> = self.flights.iter().map(|(name, count)| (name.clone(), *count)).collect();
        flights.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
        let more_flights = flights.len().saturating_sub(NAMED) as u64;
        flights.truncate(NAMED);
        BurstSummary {
            bookings_hit: self.bookings.len() as u64,
            flights,
            more_flights,
            lasted: self.last.duration_since(self.since),
            is_over,
            ..self.sums.clone()
        }
    }

    fn toast(&mut self, takes_over: Option<String>, alerts: bool, is_over: bool) -> BurstToast {
        BurstToast {
            takes_over,
            row: self.row,
            rows: std::mem::take(&mut self.fresh),
            sums: self.sums(is_over),
            urgency: self.urgency,
            alerts,
            expires: (is_over && self.urgency < Urgency::Critical).then_some(SUMMARY_STAYS),
        }
    }

    /// The same once more, in silence.
    pub fn again(&self) -> BurstToast {
        let mut burst = self.clone();
        burst.fresh.clear();
        burst.toast(None, false, false)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.waits_until.is_none() && (now < self.since || self.is_calm(now))
    }

    fn is_calm(&self, now: Timestamp) -> bool {
        now.duration_since(self.last) >= CALM || now.duration_since(self.since) >= LONGEST
    }

    /// Rows that it has not told yet.
    pub fn fresh(&self) -> &[i64] {
        &self.fresh
    }

    /// Looked at and put away: what comes now is new. What it had not told yet comes again, when a pop-up may.
    pub fn dismissed(mut self, last_popup: Option<Timestamp>) -> Option<Self> {
        if self.fresh.is_empty() {
            return None;
        }
        self.waits_until = Some(last_popup.and_then(|at| at.checked_add(CALM).ok()).unwrap_or(self.last));
        Some(self)
    }

    pub fn is_shown(&self) -> bool {
        self.waits_until.is_none()
    }

    /// Whether it has waited long enough to be shown for the first time. A clock that was set back ends the wait.
    fn is_due(&self, now: Timestamp) -> bool {
        self.waits_until.is_some_and(|until| now >= until || now < self.since)
    }

    fn is_stale(&self, now: Timestamp) -> bool {
        !self.fresh.is_empty() && now.duration_since(self.shown_at).abs() >= REFRESH
    }

    pub fn next_tick(&self) -> Timestamp {
        if let Some(until) = self.waits_until {
            return until;
        }
        let refresh = if self.fresh.is_empty() { None } else { self.shown_at.checked_add(REFRESH).ok() };
        let calm = self.last.checked_add(CALM).unwrap_or(self.last);
        let longest = self.since.checked_add(LONGEST).unwrap_or(calm);
        refresh.into_iter().fold(calm.min(longest), Timestamp::min)
    }
}

impl ToastScheduler {
    /// One more in the toast that tells of many; the first begins it, in the place of the latest pop-up.
    pub(super) fn add_to_burst(
        &mut self,
        event: ToastEvent,
        urgency: Urgency,
        now: Timestamp,
        effects: &mut Vec<ToastEffect>,
    ) {
        let begins = self.burst.is_none();
        let mut burst = self.burst.take().unwrap_or_else(|| Burst::new(now));
        let row = event.row;
        let louder = urgency > burst.urgency && urgency == Urgency::Critical;
        let mut takes_over = None;
        if begins {
            takes_over = self.make_room(now).map(|visible| {
                for told in visible.events {
                    burst.add(told, visible.urgency, visible.shown_at);
                }
                visible.key
            });
        }
        burst.add(event, urgency, now);
        burst.last = now;
        burst.fresh.push(row);
        let has_place = takes_over.is_some();
        if begins && !has_place && !louder {
            burst.waits_until = self.popups.back().and_then(|at| at.checked_add(CALM).ok()).filter(|at| *at > now);
        }
        // Urgent news is in it at once; the rest with the next refresh.
        if louder || (begins && burst.waits_until.is_none()) {
            // Without a toast to take over, it is a pop-up of its own.
            let pops_up = !has_place && (begins || burst.waits_until.is_some());
            burst.waits_until = None;
            burst.shown_at = now;
            let toast = burst.toast(takes_over, pops_up || louder, false);
            self.show_burst(toast, pops_up, now, effects);
        }
        self.burst = Some(burst);
    }

    pub(super) fn tick_burst(&mut self, now: Timestamp, effects: &mut Vec<ToastEffect>) {
        let Some(mut burst) = self.burst.take() else { return };
        if burst.is_over(now) {
            let toast = burst.toast(None, false, true);
            self.show_burst(toast, false, now, effects);
            return;
        }
        let is_due = burst.is_due(now);
        if is_due || (burst.waits_until.is_none() && burst.is_stale(now)) {
            burst.waits_until = None;
            burst.shown_at = now;
            let toast = burst.toast(None, is_due, false);
            self.show_burst(toast, is_due, now, effects);
        }
        self.burst = Some(burst);
    }

    fn show_burst(&mut self, toast: BurstToast, pops_up: bool, now: Timestamp, effects: &mut Vec<ToastEffect>) {
        self.visible.retain(|visible| visible.key != super::BURST_KEY);
        let mut visible = VisibleToast::standalone(super::BURST_KEY, toast.row, toast.urgency, now);
        if let Some(stays) = toast.expires {
            visible.leaves_at = now.checked_add(stays).unwrap_or(now);
        }
        self.visible.push(visible);
        if pops_up {
            self.note_popup(now);
        }
        effects.push(ToastEffect::ShowBurst(Box::new(toast)));
        self.evict(effects);
    }

    /// The latest pop-up makes room, one that is not critical before one that is.
    fn make_room(&mut self, now: Timestamp) -> Option<VisibleToast> {
        let recent =
            |visible: &&VisibleToast| is_within(visible.shown_at, now, POPUP_WINDOW_SECS) && !visible.events.is_empty();
        let calm = self.visible.iter().filter(recent).rfind(|visible| visible.urgency < Urgency::Critical);
        let key = calm.or_else(|| self.visible.iter().rfind(recent))?.key.clone();
        self.visible.extract_if(.., |visible| visible.key == key).next()
    }
}
