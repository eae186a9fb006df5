//! A fake notification service that behaves like GNOME's, KDE's or XFCE's, with faults on demand.
//!
//! The service speaks the protocol over a real bus, handles one call after the other as real services do, and records
//! them. Start it on any bus with [`FakeNotificationService::start`].

mod model;
mod service_task;

pub use model::{DesktopKind, Notify, ServiceQuirk, ShownToast};

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use zbus::message::Type;
use zbus::{Connection, MatchRule, MessageStream};

use crate::PATIENCE;
use model::{NAME, PATH, ServiceState};
use service_task::ServiceTask;

/// The fake service; it leaves the bus when dropped.
pub struct FakeNotificationService {
    bus: String,
    kind: DesktopKind,
    state: Arc<Mutex<ServiceState>>,
    changed: Arc<watch::Sender<()>>,
    running: Option<(Connection, JoinHandle<()>)>,
}

impl FakeNotificationService {
    /// Starts the service on the bus at this address.
    pub async fn start(bus: &str, kind: DesktopKind) -> Self {
        let state = Arc::new(Mutex::new(ServiceState { next: 1, ..ServiceState::default() }));
        let changed = Arc::new(watch::channel(()).0);
        let mut service = Self { bus: bus.to_owned(), kind, state, changed, running: None };
        service.connect().await;
        service
    }

    /// Sets the deviation from now on.
    pub fn set_quirk(&self, quirk: ServiceQuirk) {
        self.state.lock().unwrap().quirk = quirk;
        self.changed.send_replace(());
    }

    /// Leaves the bus, which ends all toasts, and returns with another connection. The counters are kept.
    pub async fn restart(&mut self) {
        self.disconnect().await;
        self.connect().await;
    }

    /// Leaves the bus, which ends all toasts.
    pub async fn disconnect(&mut self) {
        if let Some((connection, task)) = self.running.take() {
            task.abort();
            // The task was aborted above.
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

    /// Connects to the bus and claims the name.
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

    /// The number of calls of `Notify` and `CloseNotification`.
    pub fn counts(&self) -> (u64, u64) {
        let state = self.state.lock().unwrap();
        (state.notified, state.closed)
    }

    /// The recorded calls of `Notify`, oldest first.
    pub fn calls(&self) -> Vec<Notify> {
        self.state.lock().unwrap().calls.iter().cloned().collect()
    }

    /// The last call of `Notify`.
    pub fn last(&self) -> Notify {
        self.state.lock().unwrap().calls.back().unwrap().clone()
    }

    /// The times of the first hundred thousand calls of `Notify`.
    pub fn times(&self) -> Vec<Instant> {
        self.state.lock().unwrap().times.clone()
    }

    /// The visible toasts, oldest first.
    pub fn up(&self) -> Vec<ShownToast> {
        self.state.lock().unwrap().up.clone()
    }

    /// The titles of the visible toasts, oldest first.
    pub fn titles(&self) -> Vec<String> {
        self.up().into_iter().map(|up| up.call.title).collect()
    }

    /// Waits until the visible toasts satisfy the condition.
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

    /// Waits until `Notify` and `CloseNotification` were called this often since the start.
    pub async fn until_called(&self, notified: u64, closed: u64) {
        let mut changes = self.changed.subscribe();
        let waiting = async {
            while self.counts().0 < notified || self.counts().1 < closed {
                changes.changed().await.unwrap();
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "called only {:?}", self.counts());
    }

    /// The id of the toast with this title.
    pub fn id(&self, title: &str) -> u32 {
        self.up().iter().find(|up| up.call.title == title).unwrap_or_else(|| panic!("{title} is not up")).id
    }

    /// Clicks the toast's body. On XFCE that only closes it.
    pub async fn click(&self, title: &str) {
        match self.kind {
            DesktopKind::Xfce => self.dismiss(title).await,
            DesktopKind::Gnome | DesktopKind::Kde => self.press(title, "default").await,
        }
    }

    /// Presses a button of the toast, or its default action.
    pub async fn press(&self, title: &str, action: &str) {
        let task_handle = self.task_handle();
        let up = self.up().into_iter().find(|up| up.call.title == title).unwrap();
        assert!(up.call.actions.chunks(2).any(|pair| pair[0] == action), "{title} has no {action}");
        task_handle.act(&up, action).await;
    }

    /// Closes the toast as the user does.
    pub async fn dismiss(&self, title: &str) {
        self.task_handle().close(self.id(title), 2).await;
    }

    /// Lets the toast expire.
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

/// Another program on the bus that emits signals which only the service may emit.
pub struct Impostor(Connection);

impl Impostor {
    /// Connects to the bus at this address.
    pub async fn join(bus: &str) -> Self {
        Self(zbus::connection::Builder::address(bus).build().await.unwrap())
    }

    /// Emits forged signals about this toast, broadcast and to this receiver; returns when the bus has handled them.
    pub async fn forge(&self, receiver: &str, id: u32, action: &str) {
        for to in [None, Some(receiver)] {
            self.0.emit_signal(to, PATH, NAME, "ActivationToken", &(id, "forged")).await.unwrap();
            self.0.emit_signal(to, PATH, NAME, "ActionInvoked", &(id, action)).await.unwrap();
            self.0.emit_signal(to, PATH, NAME, "NotificationClosed", &(id, 2_u32)).await.unwrap();
        }
        zbus::fdo::DBusProxy::new(&self.0).await.unwrap().get_id().await.unwrap();
    }
}
