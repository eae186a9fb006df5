//! Wall clock and timers: timers stand still while the machine sleeps; the wall clock does not, but may be set.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::server_clock::ServerClock;

/// The wall clock is looked at this often at least.
const STEP: Duration = Duration::from_secs(5);
/// The two agree when they differ by less than this.
const SLACK: SignedDuration = SignedDuration::from_secs(5);

/// Waits until `moment`, at most a few seconds longer when the machine slept or the clock was set. Cancel-safe.
pub(super) async fn sleep_until(clock: &ServerClock, moment: Timestamp) {
    loop {
        let left = moment.duration_since(clock.now());
        let Ok(left) = Duration::try_from(left) else { return };
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(STEP)).await;
    }
}

/// Notices that the machine slept or that the clock was set: then the wall clock ran otherwise than the timers.
pub(super) struct JumpDetector {
    clock: ServerClock,
    seen: (Timestamp, Instant),
}

impl JumpDetector {
    pub fn new(clock: ServerClock) -> Self {
        let seen = (clock.now(), Instant::now());
        Self { clock, seen }
    }

    /// Waits for a jump, in either direction. Cancel-safe: a jump meanwhile is noticed by the next call.
    pub async fn jumped(&mut self) {
        loop {
            tokio::time::sleep_until(self.seen.1 + STEP).await;
            let now = (self.clock.now(), Instant::now());
            let by_clock = now.0.duration_since(self.seen.0);
            let by_timer = SignedDuration::try_from(now.1.duration_since(self.seen.1)).unwrap_or(SignedDuration::MAX);
            self.seen = now;
            if by_clock.saturating_sub(by_timer).abs() > SLACK {
                return;
            }
        }
    }
}
