//! Retention: one task that prunes expired events, in steps between which other jobs run.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::store::{GatewayStore, GatewayStoreError};
use crate::time::UnixMillis;

/// Bounds of the pruning period, which is a tenth of the retention.
const SHORTEST_PERIOD: Duration = Duration::from_millis(100);
const LONGEST_PERIOD: Duration = Duration::from_secs(60);

/// Prunes until `stopping`, or until the store is gone.
pub async fn prune_periodically(store: GatewayStore, retention: Duration, stopping: CancellationToken) {
    let mut period = interval((retention / 10).clamp(SHORTEST_PERIOD, LONGEST_PERIOD));
    period.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let millis = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            _ = period.tick() => {}
        }
        while !stopping.is_cancelled() {
            // Each step is a job and a commit of its own, so that requests are served in between.
            let step = store.call(move |work| work.log().prune(UnixMillis(work.now.0.saturating_sub(millis))));
            match step.await {
                Ok(true) => {}
                Ok(false) => break,
                Err(GatewayStoreError::Gone) => return,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "old events could not be pruned");
                    break;
                }
            }
        }
    }
}
