//! The agents' desk: counted as rows are stored, read on request.

use domain::desk::{DeskView, Tally};

use super::Writer;
use crate::store::{Received, StoreError};

impl Writer {
    /// Starts with what the file knows of the last day.
    pub(super) fn load_tally(&mut self) -> Result<(), StoreError> {
        let now = self.inbox.clock.now();
        self.tally =
            self.inbox.account.map_or_else(|| Ok(Tally::default()), |account| self.inbox.store.day(account, now))?;
        Ok(())
    }

    /// Counts new rows.
    pub(super) fn count(&mut self, received: &Received) {
        for stored in &received.stored {
            let row = &stored.notification;
            self.tally.came(row.kind, row.received_at);
            if let Some(rule) = &row.outcome.rule {
                self.tally.decided(rule, row.received_at);
            }
            // What was missed, or made up, was not under way all that time.
            if let Some(emitted_at) = row.timestamp.filter(|_| row.away.is_none() && !row.reconstructed) {
                let lag = self.server_clock.by_server(row.received_at).duration_since(emitted_at);
                self.tally.took(i64::try_from(lag.as_millis()).unwrap_or_default());
            }
        }
    }

    /// How it looks at the desk.
    pub fn desk(&self) -> Result<DeskView, StoreError> {
        let now = self.inbox.clock.now();
        let flights = self
            .inbox
            .account
            .map_or_else(|| Ok(Vec::new()), |account| self.inbox.store.changed_flights(account, now))?;
        Ok(DeskView {
            minutes: self.tally.minutes(now),
            kinds: self.tally.kinds(now),
            usual_an_hour: self.tally.usual_an_hour(now),
            flights,
            watched: self
                .presenter
                .preferences
                .toasts
                .rules
                .iter()
                .map(|rule| self.tally.watched(&rule.name, now))
                .collect(),
            last_event_at: self.tally.last_event_at(),
            lag_ms: self.tally.lag_ms(),
        })
    }
}
