//! Waiting by the wall clock. Timers stand still while the machine sleeps; deadlines do not.

use std::time::Duration;

use jiff::Timestamp;

/// The wall clock is looked at this often at least.
const STEP: Duration = Duration::from_secs(5);

/// Waits until `moment`, at most a few seconds longer when the machine slept or the clock was set. Cancel-safe.
pub(super) async fn sleep_until(moment: Timestamp) {
    loop {
        let left = moment.duration_since(Timestamp::now());
        let Ok(left) = Duration::try_from(left) else { return };
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(STEP)).await;
    }
}
