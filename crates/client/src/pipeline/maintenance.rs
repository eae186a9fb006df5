//! Periodic maintenance of the inbox: retention, and the daily backup.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use domain::account::Audience;
use jiff::{SignedDuration, Timestamp};

use super::Writer;
use crate::status::Change;
use crate::store::{Retention, Store, backup_path};

/// Between two looks at whether something is due.
const EVERY: Duration = Duration::from_secs(60);
/// Between two steps while rows have to go: the writer is free in between.
const SOON: Duration = Duration::from_millis(50);
/// How old the copy may be.
const BACKUP_EVERY: Duration = Duration::from_secs(24 * 3600);
/// Rows that are kept at most.
const ROWS: u64 = 200_000;
/// How long a traveler's rows are kept, and an agent's, unless the person wants it otherwise.
const TRAVELER_DAYS: i64 = 90;
const AGENT_DAYS: i64 = 30;

/// When to look again, and the copy under way.
#[derive(Debug)]
pub(super) struct Maintenance {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    backup: Option<JoinHandle<()>>,
    /// Rows have gone that a window may still show.
    has_gone: bool,
}

impl Maintenance {
    pub fn new(path: PathBuf) -> Self {
        Self { path, stop: Arc::default(), backup: None, has_gone: false }
    }

    /// Starts a copy when the last one is too old.
    fn back_up_when_due(&mut self) {
        if self.backup.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        let made = std::fs::metadata(backup_path(&self.path)).and_then(|data| data.modified());
        // A copy from the future is none that we know of.
        let age = made.ok().and_then(|made| SystemTime::now().duration_since(made).ok());
        if age.is_some_and(|age| age < BACKUP_EVERY) {
            return;
        }
        let (path, stop) = (self.path.clone(), Arc::clone(&self.stop));
        let started = std::thread::Builder::new().name("backup".to_owned()).spawn(move || {
            match Store::back_up(&path, || !stop.load(Ordering::Relaxed)) {
                Ok(true) => tracing::info!("the inbox was copied"),
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the inbox could not be copied"),
            }
        });
        match started {
            Ok(thread) => self.backup = Some(thread),
            Err(error) => tracing::warn!(%error, "no thread for a copy of the inbox"),
        }
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.backup.take() {
            // A panic in it was reported by the panic hook already.
            let _ = thread.join();
        }
    }
}

impl Writer {
    /// Does what is due, and says when to look again.
    pub(super) fn maintain(&mut self) -> Duration {
        self.maintenance.back_up_when_due();
        let Some(account) = self.inbox.account else { return EVERY };
        let usual = match self.inbox.audience {
            Audience::Traveler => TRAVELER_DAYS,
            Audience::Agent => AGENT_DAYS,
        };
        let days = self.presenter.preferences.keep_days.map_or(usual, i64::from);
        let now = self.inbox.clock.now();
        self.presenter.scheduler.forget(now);
        let oldest = now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
        match self.inbox.store.forget_some(account, Retention { oldest, rows: ROWS }) {
            Ok((gone, more)) => {
                if gone > 0 {
                    self.inbox.publish_counts();
                    self.maintenance.has_gone = true;
                }
                // Told when the last of many steps is done.
                if !more && std::mem::take(&mut self.maintenance.has_gone) {
                    self.inbox.announce(Change::Reload);
                }
                if more { SOON } else { EVERY }
            }
            Err(error) => {
                self.inbox.report(&error);
                EVERY
            }
        }
    }
}
