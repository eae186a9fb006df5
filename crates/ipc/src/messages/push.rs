//! Pushes: messages that the resident sends without a request.

use domain::outcome::Outcome;
use domain::view::{DigestView, Notification, Snapshot, ThreadPreference};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::pages::Page;

/// An unsolicited message from the resident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Push {
    /// Connection state, counters or account changed.
    Snapshot {
        /// The new snapshot.
        snapshot: Box<Snapshot>,
    },
    /// Rows are new or changed.
    Changed {
        /// Rows, newest first.
        items: Vec<Notification>,
    },
    /// More rows changed than fit one message: load the list again.
    Reload,
    /// An event ended in this outcome. For the command line's `watch`.
    Outcome {
        /// Id of the row.
        #[ts(type = "number")]
        id: i64,
        /// What was done with the event, and why.
        outcome: Outcome,
    },
    /// A gap was filled; the digest sums up what was missed.
    Digest {
        /// The digest.
        digest: Box<DigestView>,
    },
    /// A thread was muted, snoozed or released: in a window, from a toast, or because a snooze ended.
    ThreadPreferenceChanged {
        /// Thread key, see [`Notification::thread`].
        thread: String,
        /// The new preference.
        preference: ThreadPreference,
    },
    /// Result of the toast that [`TestToast`](crate::Request::TestToast) showed.
    TestToast {
        /// Feedback from the desktop.
        result: TestToastResult,
    },
    /// Scroll to this row and open it.
    OpenRow {
        /// Id of the row.
        #[ts(type = "number")]
        id: i64,
    },
    /// Raise the window.
    Raise {
        /// Start-up notification id or Wayland token that proves the user's action to the window manager.
        activation_token: Option<String>,
    },
}

impl Push {
    /// [`Push::Changed`], or [`Push::Reload`] when the rows do not fit one message.
    ///
    /// # Errors
    /// As [`Page::fitting`].
    pub fn changed(items: Vec<Notification>) -> serde_json::Result<Self> {
        let page = Page::fitting(items, false)?;
        Ok(if page.has_more { Self::Reload } else { Self::Changed { items: page.items } })
    }
}

/// User's reaction to the test toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum TestToastResult {
    /// Clicked: toasts work end to end.
    Clicked,
    /// Closed by the user, so it was seen.
    Closed,
    /// Gone by itself, or never shown.
    Expired,
}
