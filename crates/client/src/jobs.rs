//! Registry of long-running jobs: progress shown in the snapshot, cancellation by a person. At most one job of each
//! kind runs at a time.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::jobs::{JobKind, JobView};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::status::Status;

/// What is over sooner than this is never shown.
pub(crate) const SHOWN_AFTER: Duration = Duration::from_millis(300);
/// Between two looks at how far something is.
const SHOWN_EVERY: Duration = Duration::from_millis(100);

/// What is under way. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Jobs {
    status: Status,
    under_way: Arc<Mutex<BTreeMap<JobKind, JobEntry>>>,
    /// Told whenever something is over.
    over: Arc<Notify>,
}

struct JobEntry {
    cancel: CancellationToken,
    /// None until it is shown.
    view: Option<JobView>,
}

impl Jobs {
    pub fn new(status: Status) -> Self {
        Self { status, under_way: Arc::default(), over: Arc::default() }
    }

    /// Begins something, when the one of its kind before it is over. Cancel-safe.
    pub async fn begin(&self, kind: JobKind) -> JobHandle {
        loop {
            // Made before the look, so that no end is missed in between.
            let over = self.over.notified();
            if let Some(working) = self.try_begin(kind) {
                return working;
            }
            over.await;
        }
    }

    /// Begins something, unless one of its kind is under way.
    pub fn try_begin(&self, kind: JobKind) -> Option<JobHandle> {
        let mut under_way = self.lock();
        if under_way.contains_key(&kind) {
            return None;
        }
        let cancel = CancellationToken::new();
        under_way.insert(kind, JobEntry { cancel: cancel.clone(), view: None });
        drop(under_way);
        let now = Instant::now();
        Some(JobHandle { works: self.clone(), kind, cancel, done: 0, total: None, due: now + SHOWN_AFTER })
    }

    /// Stops the one of this kind, if there is one.
    pub fn cancel(&self, kind: JobKind) {
        if let Some(entry) = self.lock().get(&kind) {
            entry.cancel.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobKind, JobEntry>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is under way, and shows it; in one step, so that a later look never comes first.
    fn change(&self, change: impl FnOnce(&mut BTreeMap<JobKind, JobEntry>)) {
        let mut under_way = self.lock();
        change(&mut under_way);
        let views: Vec<JobView> = under_way.values().filter_map(|entry| entry.view).collect();
        self.status.modify(|snapshot| snapshot.jobs = views);
    }
}

/// Something under way; over when dropped.
pub struct JobHandle {
    works: Jobs,
    kind: JobKind,
    cancel: CancellationToken,
    done: u64,
    total: Option<u64>,
    /// When to show again how far it is.
    due: Instant,
}

impl JobHandle {
    /// This many rows more are done.
    pub fn advance(&mut self, rows: u64) {
        self.done += rows;
        if Instant::now() >= self.due {
            self.show();
        }
    }

    /// This many rows are to be done in all.
    pub fn expect(&mut self, total: u64) {
        self.total = Some(total);
    }

    /// Shows how far it is, at once.
    pub(crate) fn show(&mut self) {
        self.due = Instant::now() + SHOWN_EVERY;
        let view = JobView { kind: self.kind, done: self.done, total: self.total };
        self.works.change(|under_way| {
            if let Some(entry) = under_way.get_mut(&self.kind) {
                entry.view = Some(view);
            }
        });
    }

    /// Waits for a step of it, and shows that it takes long. `None` when a person stops it. Cancel-safe where the step is.
    pub(crate) async fn wait_for<T>(&mut self, step: impl Future<Output = T>) -> Option<T> {
        let mut step = pin!(step);
        loop {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return None,
                done = &mut step => return Some(done),
                () = tokio::time::sleep_until(self.due) => self.show(),
            }
        }
    }

    /// Whether a person has stopped it, or whoever wanted it has gone.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// What stops it.
    pub(crate) fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }
}

impl Drop for JobHandle {
    fn drop(&mut self) {
        self.works.change(|under_way| drop(under_way.remove(&self.kind)));
        self.works.over.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    fn works() -> (Jobs, Status) {
        let status = Status::new(false, Language::En);
        (Jobs::new(status.clone()), status)
    }

    fn shown(status: &Status) -> Vec<(JobKind, u64, Option<u64>)> {
        let snapshot = status.subscribe();
        let now = snapshot.borrow();
        now.jobs.iter().map(|view| (view.kind, view.done, view.total)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_shown_when_it_takes_long_ten_times_a_second_and_gone_when_it_is_over() {
        let (works, status) = works();
        let mut working = works.begin(JobKind::Export).await;
        working.expect(1_000);
        let mut changes = status.subscribe();
        let mut looks = 0;
        for _ in 0..1_000 {
            working.advance(1);
            if changes.has_changed().expect("a status") {
                changes.mark_unchanged();
                looks += 1;
            }
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert!((7..=8).contains(&looks), "{looks}");
        assert_eq!(shown(&status).len(), 1);
        drop(working);
        assert_eq!(shown(&status), []);
        let mut short = works.begin(JobKind::Wipe).await;
        short.advance(5);
        assert_eq!(shown(&status), [], "over before anybody could read it");
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_of_a_kind_waits_for_the_first_which_alone_is_stopped() {
        let (works, status) = works();
        let mut first = works.begin(JobKind::Reindex).await;
        let mut other = works.begin(JobKind::Export).await;
        assert!(works.try_begin(JobKind::Reindex).is_none());
        let waiting = tokio::spawn({
            let works = works.clone();
            async move { works.begin(JobKind::Reindex).await }
        });
        tokio::task::yield_now().await;
        works.cancel(JobKind::Reindex);
        works.cancel(JobKind::Wipe);
        assert!(first.is_cancelled() && !other.is_cancelled());
        first.show();
        other.show();
        assert_eq!(shown(&status).iter().map(|view| view.0).collect::<Vec<_>>(), [JobKind::Export, JobKind::Reindex]);
        drop(first);
        assert!(!waiting.await.expect("begun").is_cancelled());
    }
}
