//! Notice of a long outage: none for a short drop, one toast after five minutes when a trip is near.

use std::time::Duration;

use domain::account::Audience;
use domain::connection::ConnectionState;
use domain::{Urgency, text};
use jiff::SignedDuration;
use tokio::time::Instant;

use super::Writer;
use super::presenter::NO_ROW;
use crate::store::StoreError;

/// How long the link may be down without a word. Time in which the machine sleeps does not count.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// How near a trip has to be.
const NEAR: SignedDuration = SignedDuration::from_hours(24);
/// The toast's place on screen.
const KEY: &str = "offline";

/// Since when the link is down, and whether that was told.
#[derive(Debug, Default)]
pub(super) struct Offline {
    since: Option<Instant>,
    told: bool,
}

impl Offline {
    /// How long until it is to be told, if so.
    pub fn until_due(&self) -> Option<Duration> {
        let since = self.since.filter(|_| !self.told)?;
        Some((since + PATIENCE).saturating_duration_since(Instant::now()))
    }
}

impl Writer {
    /// The connection stands like this now.
    pub(super) fn connection_changed(&mut self, state: &ConnectionState) {
        match state {
            ConnectionState::Starting | ConnectionState::Connecting { .. } | ConnectionState::Waiting { .. } => {
                self.offline.since.get_or_insert_with(Instant::now);
            }
            // A person knows of a pause, and is asked to sign in by other means.
            ConnectionState::Online { .. } | ConnectionState::SignInNeeded { .. } | ConnectionState::Paused => {
                if std::mem::take(&mut self.offline).told {
                    self.presenter.close(KEY, &mut self.inbox);
                }
            }
        }
    }

    /// The link has been down for long enough: whoever travels soon is told, once.
    pub(super) fn tell_offline(&mut self) {
        self.offline.told = true;
        if let Err(error) = self.tell_of_the_next_trip() {
            self.inbox.report(&error);
        }
    }

    fn tell_of_the_next_trip(&mut self) -> Result<(), StoreError> {
        let now = self.inbox.clock.now();
        let Some(account) = self.inbox.account.filter(|_| self.inbox.audience == Audience::Traveler) else {
            return Ok(());
        };
        let Some(flight) = self.inbox.store.next_trip(account, now, now + NEAR)? else { return Ok(()) };
        let presenter = &mut self.presenter;
        if presenter.may_tell(Urgency::Normal, false, now) {
            let text = text::offline(&flight, presenter.privacy(), now, &presenter.preferences.locale);
            presenter.show_standalone(KEY, NO_ROW, (text.title, text.body), Urgency::Normal, &mut self.inbox);
        }
        Ok(())
    }
}
