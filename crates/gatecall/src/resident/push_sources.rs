//! Sources of pushes for one peer, merged into one sequence.

use client::ports::Happened;
use client::{Change, Engine};
use domain::view::Snapshot;
use ipc::{Push, TestToastResult};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

/// Sources of pushes for one peer.
pub struct PushSources {
    snapshot: watch::Receiver<Snapshot>,
    changes: broadcast::Receiver<Change>,
    /// Pushes for windows only; `None` for other peers.
    window_pushes: Option<broadcast::Receiver<Push>>,
}

impl PushSources {
    /// Subscribes to the engine; the first push is the current snapshot.
    pub fn new(engine: &Engine, window_pushes: Option<broadcast::Receiver<Push>>) -> Self {
        let mut snapshot = engine.snapshot();
        snapshot.mark_changed();
        Self { snapshot, changes: engine.changes(), window_pushes }
    }

    /// Receives the next push; `None` when the engine has stopped. Cancel-safe.
    pub async fn next(&mut self) -> Option<Push> {
        tokio::select! {
            changed = self.snapshot.changed() => {
                changed.ok()?;
                Some(Push::Snapshot { snapshot: Box::new(self.snapshot.borrow_and_update().clone()) })
            }
            push = next_change(&mut self.changes) => push,
            push = next_window_push(&mut self.window_pushes) => push,
        }
    }
}

async fn next_change(changes: &mut broadcast::Receiver<Change>) -> Option<Push> {
    loop {
        return Some(match changes.recv().await {
            Ok(Change::Rows(items)) => Push::changed(items).unwrap_or(Push::Reload),
            Ok(Change::Reload) | Err(RecvError::Lagged(_)) => Push::Reload,
            Ok(Change::Outcome { id, outcome }) => Push::Outcome { id, outcome },
            Ok(Change::Digest(digest)) => Push::Digest { digest },
            Ok(Change::ThreadPreferenceChanged { thread, preference }) => {
                Push::ThreadPreferenceChanged { thread, preference }
            }
            Ok(Change::TestToast(happened)) => Push::TestToast { result: test_toast_result(&happened) },
            // Handled by the main loop, which may have to start the window first.
            Ok(Change::Open { .. }) => continue,
            Err(RecvError::Closed) => return None,
        });
    }
}

async fn next_window_push(pushes: &mut Option<broadcast::Receiver<Push>>) -> Option<Push> {
    let Some(pushes) = pushes else { return std::future::pending().await };
    loop {
        match pushes.recv().await {
            Ok(push) => return Some(push),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

fn test_toast_result(happened: &Happened) -> TestToastResult {
    match happened {
        Happened::Opened { .. } | Happened::Pressed(_) => TestToastResult::Clicked,
        Happened::Dismissed => TestToastResult::Closed,
        Happened::Expired => TestToastResult::Expired,
    }
}
