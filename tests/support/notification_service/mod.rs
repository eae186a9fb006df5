//! A notification service that behaves as it is told: like GNOME's, KDE's or XFCE's, and badly.
//!
//! It speaks the protocol over a real bus, one call after the other as real ones do, and keeps what it was told. Start it
//! on any bus with [`FakeNotificationService::start`]; the calls in it can be counted and timed without a copy of them.

mod service_task;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use zbus::message::Type;
use zbus::{Connection, MatchRule, Message, MessageStream};

use crate::PATIENCE;
use service_task::ServiceTask;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Whose manners it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesktopKind {
    /// GNOME Shell: signals to the sender alone, ten toasts at most, and none of a sender that has left the bus.
    Gnome,
    /// Plasma: markup with links, the number that is to be replaced is taken whether it is there or not, and no two
    /// toasts of the same words within a second.
    Kde,
    /// `xfce4-notifyd`: a click on the body only closes, and the default action is a button.
    Xfce,
}

/// What it does otherwise than its character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServiceQuirk {
    /// Nothing.
    #[default]
    None,
    /// Takes no call, until it is told something else; then those that wait.
    Hangs,
    /// Does what it is asked, and holds the answers back until it is told something else.
    HoldsReplies,
    /// Answers after this time, one call after the other.
    Slow(Duration),
    /// Leaves a toast where it is when something on it was clicked.
    LeavesOpen,
    /// Somebody clicks each toast before its number is told.
    ClicksImmediately,
    /// Gives every toast the number 0.
    ReturnsZero,
    /// Gives a new toast the number of one that is up, and keeps both.
    ReturnsUsedId,
    /// Gives another number than that which was to be replaced, and leaves the earlier toast where it is.
    IgnoresReplace,
    /// Gives another number than that which was to be replaced, and tells the end of the earlier one late.
    ClosesLate,
    /// Tells of toasts that nobody sent.
    ForgesSignals,
}

/// One call of `Notify`, as it came.
#[derive(Debug, Clone)]
pub struct Notify {
    /// When.
    pub at: Instant,
    /// The caller's unique name.
    pub sender: String,
    /// `app_name`.
    pub app: String,
    /// `replaces_id`.
    pub replaces: u32,
    /// `app_icon`.
    pub icon: String,
    /// `summary`.
    pub title: String,
    /// `body`.
    pub body: String,
    /// `actions`: ids and labels by turns.
    pub actions: Vec<String>,
    /// `hints`, readable.
    pub hints: Vec<(String, String)>,
    /// `expire_timeout`.
    pub timeout: i32,
}

/// A toast that is up.
#[derive(Debug, Clone)]
pub struct ShownToast {
    /// The number that was told.
    pub id: u32,
    /// What was asked for.
    pub call: Notify,
}

#[derive(Debug, Default)]
struct ServiceState {
    quirk: ServiceQuirk,
    up: Vec<ShownToast>,
    next: u32,
    calls: VecDeque<Notify>,
    times: Vec<Instant>,
    notified: u64,
    closed: u64,
    held_replies: Vec<(Message, u32)>,
    forged_ids: u32,
}

/// The service; it leaves the bus with the value.
pub struct FakeNotificationService {
    bus: String,
    kind: DesktopKind,
    state: Arc<Mutex<ServiceState>>,
    changed: Arc<watch::Sender<()>>,
    running: Option<(Connection, JoinHandle<()>)>,
}

impl FakeNotificationService {
    /// Offers notifications on the bus at this address.
    pub async fn start(bus: &str, kind: DesktopKind) -> Self {
        let state = Arc::new(Mutex::new(ServiceState { next: 1, ..ServiceState::default() }));
        let changed = Arc::new(watch::channel(()).0);
        let mut service = Self { bus: bus.to_owned(), kind, state, changed, running: None };
        service.connect().await;
        service
    }

    /// From now on it behaves like this.
    pub fn set_quirk(&self, quirk: ServiceQuirk) {
        self.state.lock().unwrap().quirk = quirk;
        self.changed.send_replace(());
    }

    /// Leaves the bus, toasts and all, and comes back as another connection. What it has counted stays.
    pub async fn restart(&mut self) {
        self.disconnect().await;
        self.connect().await;
    }

    /// Leaves the bus, toasts and all.
    pub async fn disconnect(&mut self) {
        if let Some((connection, task)) = self.running.take() {
            task.abort();
            // Its end is an abort, which is wanted.
            let _ = task.await;
            // Fails only when the bus has gone first.
            let _ = connection.close().await;
        }
        let mut state = self.state.lock().unwrap();
        state.up.clear();
        state.held_replies.clear();
        drop(state);
        self.changed.send_replace(());
    }

    /// Offers notifications again.
    pub async fn connect(&mut self) {
        let connection = zbus::connection::Builder::address(self.bus.as_str()).build().await.unwrap();
        let calls = MessageStream::from(&connection);
        let bus = zbus::fdo::DBusProxy::new(&connection).await.unwrap();
        let leavers = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")
            .member("NameOwnerChanged")
            .build()
            .unwrap();
        bus.add_match_rule(leavers).await.unwrap();
        let task_handle = ServiceTask {
            connection: connection.clone(),
            kind: self.kind,
            state: Arc::clone(&self.state),
            changed: Arc::clone(&self.changed),
        };
        let task = tokio::spawn(task_handle.run(calls));
        connection.request_name(NAME).await.unwrap();
        self.running = Some((connection, task));
    }

    /// How often `Notify` and `CloseNotification` were called.
    pub fn counts(&self) -> (u64, u64) {
        let state = self.state.lock().unwrap();
        (state.notified, state.closed)
    }

    /// The last calls of `Notify`, the oldest first.
    pub fn calls(&self) -> Vec<Notify> {
        self.state.lock().unwrap().calls.iter().cloned().collect()
    }

    /// The last call of `Notify`.
    pub fn last(&self) -> Notify {
        self.state.lock().unwrap().calls.back().unwrap().clone()
    }

    /// When each of the first hundred thousand calls of `Notify` was taken.
    pub fn times(&self) -> Vec<Instant> {
        self.state.lock().unwrap().times.clone()
    }

    /// What is on screen, the oldest first.
    pub fn up(&self) -> Vec<ShownToast> {
        self.state.lock().unwrap().up.clone()
    }

    /// The titles on screen, the oldest first.
    pub fn titles(&self) -> Vec<String> {
        self.up().into_iter().map(|up| up.call.title).collect()
    }

    /// Waits until this is so of the toasts on screen.
    pub async fn until(&self, what: &str, is_so: impl Fn(&[ShownToast]) -> bool) {
        let mut changes = self.changed.subscribe();
        let waiting = async {
            while !is_so(&self.up()) {
                changes.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "waited in vain: {what}; on screen: {:?}", self.titles());
    }

    /// Waits until `Notify` and `CloseNotification` were called so often since the start.
    pub async fn until_called(&self, notified: u64, closed: u64) {
        let mut changes = self.changed.subscribe();
        let waiting = async {
            while self.counts().0 < notified || self.counts().1 < closed {
                changes.changed().await.unwrap();
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "called only {:?}", self.counts());
    }

    /// The number of the toast with this title.
    pub fn id(&self, title: &str) -> u32 {
        self.up().iter().find(|up| up.call.title == title).unwrap_or_else(|| panic!("{title} is not up")).id
    }

    /// Somebody clicks the toast. On XFCE that closes it, and nothing more.
    pub async fn click(&self, title: &str) {
        match self.kind {
            DesktopKind::Xfce => self.dismiss(title).await,
            DesktopKind::Gnome | DesktopKind::Kde => self.press(title, "default").await,
        }
    }

    /// Somebody presses a button, or what counts as one.
    pub async fn press(&self, title: &str, action: &str) {
        let task_handle = self.task_handle();
        let up = self.up().into_iter().find(|up| up.call.title == title).unwrap();
        assert!(up.call.actions.chunks(2).any(|pair| pair[0] == action), "{title} has no {action}");
        task_handle.act(&up, action).await;
    }

    /// Somebody closes the toast.
    pub async fn dismiss(&self, title: &str) {
        self.task_handle().close(self.id(title), 2).await;
    }

    /// The toast's time is over.
    pub async fn expire(&self, title: &str) {
        self.task_handle().close(self.id(title), 1).await;
    }

    fn task_handle(&self) -> ServiceTask {
        ServiceTask {
            connection: self.running.as_ref().unwrap().0.clone(),
            kind: self.kind,
            state: Arc::clone(&self.state),
            changed: Arc::clone(&self.changed),
        }
    }
}

impl Drop for FakeNotificationService {
    fn drop(&mut self) {
        if let Some((_, task)) = self.running.take() {
            task.abort();
        }
    }
}

/// Somebody else on the bus, who says what only the service may say.
pub struct Impostor(Connection);

impl Impostor {
    /// Joins the bus at this address.
    pub async fn join(bus: &str) -> Self {
        Self(zbus::connection::Builder::address(bus).build().await.unwrap())
    }

    /// Says that something on this toast was clicked, to everybody and to this receiver; returns when the bus has it.
    pub async fn forge(&self, receiver: &str, id: u32, action: &str) {
        for to in [None, Some(receiver)] {
            self.0.emit_signal(to, PATH, NAME, "ActivationToken", &(id, "forged")).await.unwrap();
            self.0.emit_signal(to, PATH, NAME, "ActionInvoked", &(id, action)).await.unwrap();
            self.0.emit_signal(to, PATH, NAME, "NotificationClosed", &(id, 2_u32)).await.unwrap();
        }
        zbus::fdo::DBusProxy::new(&self.0).await.unwrap().get_id().await.unwrap();
    }
}
