//! Backoff between connection attempts: full jitter, without a limit on the number of attempts.

use std::time::Duration;

const BASE: Duration = Duration::from_secs(1);
const CAP: Duration = Duration::from_secs(60);
/// Only a link that lived this long counts as recovered; a kick right after the greeting does not.
pub const HEALTHY: Duration = Duration::from_secs(30);

/// Counts failed attempts in a row.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The number of the attempt that comes next, from 1.
    pub fn attempt(&self) -> u32 {
        self.failures.saturating_add(1)
    }

    /// An attempt ended; `online_for` tells how long it had been online, if it had.
    pub fn failed(&mut self, online_for: Option<Duration>) {
        if online_for.is_some_and(|online| online >= HEALTHY) {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
    }

    /// The wait before the next attempt: anything between nothing and min(60 s, 1 s·2ⁿ). `fraction` is in 0..1.
    pub fn wait(&self, fraction: f64) -> Duration {
        self.ceiling().mul_f64(fraction)
    }

    /// A person asked, or something changed: start over.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    fn ceiling(&self) -> Duration {
        let factor = 1u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        BASE.saturating_mul(factor).min(CAP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_a_minute_and_stays() {
        let mut backoff = Backoff::default();
        let ceilings: Vec<u64> = (0..40)
            .map(|_| {
                backoff.failed(None);
                backoff.wait(1.0).as_secs()
            })
            .collect();
        assert_eq!(ceilings[..7], [2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(ceilings[39], 60);
        assert_eq!(backoff.wait(0.0), Duration::ZERO);
    }

    #[test]
    fn only_a_healthy_link_starts_over() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.failed(Some(Duration::from_secs(29)));
        }
        assert_eq!(backoff.attempt(), 6);
        backoff.failed(Some(Duration::from_secs(30)));
        assert_eq!(backoff.attempt(), 2);
    }
}
