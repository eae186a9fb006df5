//! Shared status: connection, counts, rooms, and what is degraded. Everybody may watch it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Language;
use domain::connection::ConnectionState;
use domain::outcome::Outcome;
use domain::settings::Appearance;
use domain::view::{DigestView, Notification, Snapshot, ThreadPreference};
use tokio::sync::watch;

use crate::ports::Happened;

/// Where trouble can sit. One sentence each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Rows cannot be written.
    Inbox,
    /// The inbox had to be rescued at the start.
    Rescue,
    /// Tokens cannot be kept.
    Keychain,
    /// Toasts are not shown.
    Toasts,
    /// `settings.json` cannot be read or written.
    Settings,
    /// What was missed has not been fetched yet.
    Verification,
}

/// What happened to the inbox. A receiver that falls behind has to load the list again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These rows are new or changed, newest first.
    Rows(Vec<Notification>),
    /// More than a message should carry.
    Reload,
    /// An event ended in this outcome.
    Outcome {
        /// The row.
        id: i64,
        /// What was done, and why.
        outcome: Outcome,
    },
    /// What was missed is here, and this is what it comes to.
    Digest(Box<DigestView>),
    /// A booking or a flight was muted, snoozed, or neither any more.
    ThreadPreferenceChanged {
        /// Which one.
        thread: String,
        /// What is wanted of it.
        preference: ThreadPreference,
    },
    /// The toast that was asked for in the settings.
    TestToast(Happened),
    /// A toast was clicked: show this row.
    Open {
        /// The row; none for a digest without rows.
        id: Option<i64>,
        /// Lets the window be raised.
        activation_token: Option<String>,
    },
}

/// Writes the [`Snapshot`]. Cheap to clone; every writer changes its own fields only.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    snapshot: Arc<watch::Sender<Snapshot>>,
    problems: Arc<Mutex<BTreeMap<Part, String>>>,
}

impl Status {
    pub fn new(demo: bool, language: Language) -> Self {
        let (snapshot, _) = watch::channel(Snapshot {
            connection: ConnectionState::Starting,
            unread: 0,
            total: 0,
            account: None,
            rooms: Vec::new(),
            tray_host: false,
            demo,
            language,
            look: Appearance::default(),
            can_demo: false,
            jobs: Vec::new(),
            degraded: Vec::new(),
            digest: None,
        });
        Self { snapshot: Arc::new(snapshot), problems: Arc::default() }
    }

    pub fn subscribe(&self) -> watch::Receiver<Snapshot> {
        self.snapshot.subscribe()
    }

    /// Changes the snapshot; receivers hear of it only when it is different afterwards.
    pub fn modify(&self, change: impl FnOnce(&mut Snapshot)) {
        self.snapshot.send_if_modified(|snapshot| {
            let before = snapshot.clone();
            change(snapshot);
            *snapshot != before
        });
    }

    pub fn connection_now(&self) -> ConnectionState {
        self.snapshot.borrow().connection.clone()
    }

    pub fn connection(&self, state: ConnectionState) {
        self.modify(|snapshot| snapshot.connection = state);
    }

    /// Says what is wrong with a part, or that it is well again.
    pub fn problem(&self, part: Part, sentence: Option<String>) {
        let sentences = {
            let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
            match sentence {
                Some(sentence) => problems.insert(part, sentence),
                None => problems.remove(&part),
            };
            problems.values().cloned().collect()
        };
        self.modify(|snapshot| snapshot.degraded = sentences);
    }
}
