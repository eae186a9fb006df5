//! The real delivery of toasts, on a scripted notification service and a bus of its own.

use std::sync::Arc;
use std::time::Duration;

use client::ports::{Happened, ToastError, ToastFeedback, Toaster as _};
use domain::{Button, Toast, ToastAction, Urgency};
use os::toasts::Toasts;
use tokio::sync::mpsc;
use xtask::desktop::Bus;

use crate::PATIENCE;
use crate::notification_service::{DesktopKind, FakeNotificationService, ServiceQuirk};

/// A toast with this key, which is its title as well.
pub fn toast(key: &str, row: i64) -> Toast {
    let button = |action, label: &str| Button { action, label: label.to_owned() };
    Toast {
        key: key.to_owned(),
        takes_over: None,
        notification_id: row,
        title: key.to_owned(),
        body: format!("Tom & <i>Jerry</i>, {row}"),
        urgency: Urgency::Normal,
        alerts: true,
        silent: false,
        expires: Some(Duration::from_secs(30)),
        buttons: vec![
            button(ToastAction::Open, "Open"),
            button(ToastAction::Snooze, "Snooze 1 h"),
            button(ToastAction::Mute, "Mute AA123"),
        ],
    }
}

/// A bus, a service on it, and the delivery.
pub struct ToastHarness {
    /// The service.
    pub service: FakeNotificationService,
    /// The delivery.
    pub toasts: Arc<Toasts>,
    /// What it tells.
    pub feedback: mpsc::Receiver<ToastFeedback>,
    /// The bus.
    pub bus: Bus,
    /// Where the bus has its socket.
    pub folder: tempfile::TempDir,
}

impl ToastHarness {
    /// `None` where there is no bus to be had.
    pub async fn new(kind: DesktopKind) -> Option<Self> {
        if !Bus::is_possible() {
            crate::missing("dbus-daemon");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let bus = Bus::start(folder.path()).unwrap();
        let service = FakeNotificationService::start(bus.address(), kind).await;
        let (toasts, feedback) = Toasts::start(Some(bus.address().to_owned())).unwrap();
        Some(Self { service, toasts: Arc::new(toasts), feedback, bus, folder })
    }

    /// Calls of the port block, as they do in the program.
    pub async fn call<T: Send + 'static>(&self, call: impl FnOnce(&Toasts) -> T + Send + 'static) -> T {
        let toasts = Arc::clone(&self.toasts);
        tokio::task::spawn_blocking(move || call(&toasts)).await.unwrap()
    }

    /// Shows a toast, perhaps.
    pub async fn try_show(&self, toast: Toast) -> Result<(), ToastError> {
        self.call(move |toasts| toasts.show(&toast)).await
    }

    /// Shows a toast.
    pub async fn show(&self, toast: Toast) {
        self.try_show(toast).await.unwrap();
    }

    /// Withdraws a toast.
    pub async fn withdraw(&self, key: &str) {
        let key = key.to_owned();
        self.call(move |toasts| toasts.withdraw(&key)).await.unwrap();
    }

    /// The next feedback is this.
    pub async fn expect_feedback(&mut self, key: &str, row: i64, happened: Happened) {
        let heard = tokio::time::timeout(PATIENCE, self.feedback.recv()).await.unwrap().unwrap();
        assert_eq!(heard, ToastFeedback { key: key.to_owned(), notification_id: row, happened });
    }

    /// Nothing was told: a toast that is shown now and closed is heard of first.
    pub async fn expect_no_feedback(&mut self) {
        self.service.set_quirk(ServiceQuirk::None);
        self.show(toast("quiet", -1)).await;
        self.service.dismiss("quiet").await;
        self.expect_feedback("quiet", -1, Happened::Dismissed).await;
    }
}
