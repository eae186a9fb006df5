//! Latency of events from receipt to commit to toast. Measured for each event that a toast shows, and logged.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::store::Received;

/// Rows whose toast is still to come; more of them are not followed.
const FOLLOWED: usize = 1_024;

/// Rows on their way.
#[derive(Debug, Default)]
pub(crate) struct LatencyTrace(VecDeque<EventLatency>);

#[derive(Debug)]
struct EventLatency {
    row: i64,
    arrived: Instant,
    committed: Instant,
}

impl LatencyTrace {
    /// These rows have been committed.
    pub fn committed(&mut self, received: &Received) {
        let committed = Instant::now();
        for row in received.stored.iter().filter(|row| row.decision.is_shown()) {
            if self.0.len() == FOLLOWED {
                self.0.pop_front();
            }
            self.0.push_back(EventLatency { row: row.notification.id, arrived: row.arrived, committed });
        }
    }

    /// A toast has told of these rows.
    pub fn shown(&mut self, rows: &[i64]) {
        let shown = Instant::now();
        for row in rows {
            let Some(index) = self.0.iter().position(|event| event.row == *row) else { continue };
            if let Some(event) = self.0.remove(index) {
                let micros = |duration: Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
                tracing::debug!(
                    target: "gatecall::latency",
                    row,
                    committed_us = micros(event.committed.duration_since(event.arrived)),
                    shown_us = micros(shown.duration_since(event.arrived)),
                    "a toast told of an event"
                );
            }
        }
    }
}
