//! Counters of the desk, in memory: rings of minutes and hours by the wall clock, each slot with the time it counts
//! for. A clock that jumps makes some slots stale or early, and does no other harm.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::{KindCount, MINUTES, WatchListCount};
use crate::event::EventKind;

/// Hours that the usual rate is learned from, and that rules are counted over.
pub const HOURS: usize = 24;
/// Events that the lag is taken from.
const LAGS: usize = 100;
/// Rules that are counted. More than anybody keeps; those that decided nothing for a day make room.
const RULES: usize = 1_000;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Counts of a stretch of time, by its number since 1970.
#[derive(Debug, Clone)]
struct Ring<T, const N: usize>([(i64, T); N]);

impl<T: Default, const N: usize> Default for Ring<T, N> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| (i64::MIN, T::default())))
    }
}

impl<T: Default, const N: usize> Ring<T, N> {
    fn place(number: i64) -> usize {
        usize::try_from(number.rem_euclid(N as i64)).unwrap_or_default()
    }

    /// The counts of this stretch; those that were in its place before are gone.
    fn at(&mut self, number: i64) -> &mut T {
        let (counted, value) = &mut self.0[Self::place(number)];
        if std::mem::replace(counted, number) != number {
            *value = T::default();
        }
        value
    }

    /// The counts of this stretch, if there are any.
    fn get(&self, number: i64) -> Option<&T> {
        let (counted, value) = &self.0[Self::place(number)];
        (*counted == number).then_some(value)
    }
}

/// What a rule decided.
#[derive(Debug, Clone, Default)]
struct Decided {
    hours: Ring<u32, HOURS>,
    latest: Option<Timestamp>,
}

/// Counts what came. Takes the same little time for each event, however many there were.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    minutes: Ring<BTreeMap<EventKind, u32>, MINUTES>,
    /// One more than is learned from: the present hour is not over.
    hours: Ring<u32, { HOURS + 1 }>,
    /// The hour of the first event that is known of.
    first_hour: Option<i64>,
    rules: BTreeMap<String, Decided>,
    lags: VecDeque<u64>,
    last: Option<Timestamp>,
}

impl Tally {
    /// An event of this kind came at this moment.
    pub fn came(&mut self, kind: EventKind, at: Timestamp) {
        *self.minutes.at(minute(at)).entry(kind).or_default() += 1;
        *self.hours.at(hour(at)) += 1;
        self.first_hour = Some(self.first_hour.map_or(hour(at), |first| first.min(hour(at))));
        self.last = Some(at);
    }

    /// A rule decided about an event that came at this moment.
    pub fn decided(&mut self, rule: &str, at: Timestamp) {
        if !self.rules.contains_key(rule) {
            if self.rules.len() >= RULES {
                let (now, before) = (hour(at), self.rules.len());
                self.rules.retain(|_, decided| last_day(now).any(|hour| decided.hours.get(hour).is_some()));
                if self.rules.len() == before {
                    return;
                }
            }
            self.rules.insert(rule.to_owned(), Decided::default());
        }
        if let Some(decided) = self.rules.get_mut(rule) {
            *decided.hours.at(hour(at)) += 1;
            decided.latest = Some(at);
        }
    }

    /// A live event took so long, from the server's clock to ours. Clocks that differ make it no less than nothing.
    pub fn took(&mut self, lag_ms: i64) {
        if self.lags.len() == LAGS {
            self.lags.pop_front();
        }
        self.lags.push_back(u64::try_from(lag_ms).unwrap_or_default());
    }

    /// Events of each of the last [`MINUTES`] minutes, oldest first.
    pub fn minutes(&self, now: Timestamp) -> Vec<u32> {
        last_hour(now).map(|minute| self.minutes.get(minute).map_or(0, |kinds| kinds.values().sum())).collect()
    }

    /// What they were, the most frequent first.
    pub fn kinds(&self, now: Timestamp) -> Vec<KindCount> {
        let mut counts: BTreeMap<EventKind, u32> = BTreeMap::new();
        for (kind, count) in last_hour(now).filter_map(|minute| self.minutes.get(minute)).flatten() {
            *counts.entry(*kind).or_default() += count;
        }
        let mut kinds: Vec<_> = counts.into_iter().map(|(kind, count)| KindCount { kind, count }).collect();
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
        kinds
    }

    /// Events of a usual hour: the median of the last [`HOURS`] that were whole. The first one that is known of was not.
    pub fn usual_an_hour(&self, now: Timestamp) -> Option<u32> {
        let now = hour(now);
        let first = (self.first_hour? + 1).max(now - HOURS as i64);
        median((first..now).map(|hour| self.hours.get(hour).copied().unwrap_or_default()).collect())
    }

    /// What this rule decided in the last [`HOURS`] hours, the present one included.
    pub fn watched(&self, rule: &str, now: Timestamp) -> WatchListCount {
        let decided = self.rules.get(rule);
        let rows = decided.map_or(0, |decided| last_day(hour(now)).filter_map(|hour| decided.hours.get(hour)).sum());
        let latest_at = decided.and_then(|decided| decided.latest).filter(|_| rows > 0);
        WatchListCount { rule: rule.to_owned(), rows, latest_at }
    }

    /// When the last event came.
    pub fn last_event_at(&self) -> Option<Timestamp> {
        self.last
    }

    /// The median of how long the latest live events took, in milliseconds.
    pub fn lag_ms(&self) -> Option<u64> {
        median(self.lags.iter().copied().collect())
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(MINUTE_MS)
}

fn hour(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(HOUR_MS)
}

fn last_hour(now: Timestamp) -> std::ops::RangeInclusive<i64> {
    minute(now) - MINUTES as i64 + 1..=minute(now)
}

fn last_day(now: i64) -> std::ops::RangeInclusive<i64> {
    now - HOURS as i64 + 1..=now
}

fn median<T: Copy + Ord>(mut values: Vec<T>) -> Option<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(secs: i64) -> Timestamp {
        // The begin of an hour.
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_699_999_200 + secs)
    }

    #[test]
    fn minutes_and_kinds_are_those_of_the_last_hour() {
        let mut tally = Tally::default();
        tally.came(EventKind::FlightStatus, at(0));
        for secs in [59, 60, 61] {
            tally.came(EventKind::BookingCreated, at(secs));
        }
        let minutes = tally.minutes(at(119));
        assert_eq!((minutes.len(), &minutes[58..]), (MINUTES, &[2, 2][..]));
        let kinds: Vec<_> = tally.kinds(at(119)).iter().map(|kind| (kind.kind, kind.count)).collect();
        assert_eq!(kinds, [(EventKind::BookingCreated, 3), (EventKind::FlightStatus, 1)]);
        assert_eq!(tally.minutes(at(3_600))[..2], [2, 0], "the first minute has gone, the second is the oldest");
        assert_eq!(tally.minutes(at(90_000)).iter().sum::<u32>(), 0);
        assert_eq!(tally.last_event_at(), Some(at(61)));
    }

    #[test]
    fn a_usual_hour_is_the_median_of_whole_ones() {
        let mut tally = Tally::default();
        assert_eq!(tally.usual_an_hour(at(0)), None);
        tally.came(EventKind::Unknown, at(1_800));
        assert_eq!(tally.usual_an_hour(at(3_600)), None, "the first was half an hour");
        for (hour, count) in [(1, 5), (2, 9), (3, 100)] {
            (0..count).for_each(|n| tally.came(EventKind::Unknown, at(hour * 3_600 + n)));
        }
        assert_eq!(tally.usual_an_hour(at(2 * 3_600)), Some(5));
        assert_eq!(tally.usual_an_hour(at(4 * 3_600)), Some(9), "a storm is not usual");
        assert_eq!(tally.usual_an_hour(at(40 * 3_600)), Some(0));
    }

    #[test]
    fn rules_are_counted_for_a_day() {
        let mut tally = Tally::default();
        tally.decided("storm", at(0));
        tally.decided("storm", at(3_600));
        let watched = tally.watched("storm", at(3_600));
        assert_eq!((watched.rows, watched.latest_at), (2, Some(at(3_600))));
        assert_eq!(tally.watched("storm", at(24 * 3_600)).rows, 1);
        let watched = tally.watched("storm", at(30 * 3_600));
        assert_eq!((watched.rows, watched.latest_at), (0, None));
        assert_eq!(tally.watched("none", at(0)).rows, 0);
        (0..2_000).for_each(|n| tally.decided(&n.to_string(), at(30 * 3_600)));
        assert!(tally.rules.len() <= RULES);
    }

    #[test]
    fn the_lag_is_the_median_of_the_latest_and_never_below_nothing() {
        let mut tally = Tally::default();
        assert_eq!(tally.lag_ms(), None);
        tally.took(-5_000);
        assert_eq!(tally.lag_ms(), Some(0));
        (0..100).for_each(|_| tally.took(20));
        tally.took(60_000);
        assert_eq!((tally.lag_ms(), tally.lags.len()), (Some(20), LAGS));
    }

    proptest! {
        /// Each minute that is still in sight counts what came in it, in whatever order the clock said so.
        #[test]
        fn a_clock_that_jumps_only_moves_the_window(moments in proptest::collection::vec(0i64..20_000, 1..200), now in 0i64..40_000) {
            let mut tally = Tally::default();
            let mut model: BTreeMap<i64, u32> = BTreeMap::new();
            for secs in moments {
                let number = minute(at(secs));
                tally.came(EventKind::Unknown, at(secs));
                // What was in the same place of the ring is another time's.
                model.retain(|other, _| *other == number || (other - number) % MINUTES as i64 != 0);
                *model.entry(number).or_default() += 1;
            }
            let expected: Vec<u32> = last_hour(at(now)).map(|minute| model.get(&minute).copied().unwrap_or_default()).collect();
            prop_assert_eq!(tally.minutes(at(now)), expected);
            tally.kinds(at(now));
            tally.usual_an_hour(at(now));
        }
    }
}
