//! The real toast delivery on a fake notification service and a private bus.

use std::sync::Arc;
use std::time::Duration;

use client::ports::{Happened, ToastError, ToastFeedback, Toaster as _};
use domain::{Button, Toast, ToastAction, Urgency};
use os::toasts::Toasts;
use tokio::sync::mpsc;
use xtask::desktop::Bus;

use crate::PATIENCE;
use crate::notification_service::{DesktopKind, FakeNotificationService, ServiceQuirk};

/// A toast with this key, which is also its title.
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

/// A private bus, a notification service on it, and the toast delivery.
pub struct ToastHarness {
    /// The notification service.
    pub service: FakeNotificationService,
    /// The toast delivery.
    pub toasts: Arc<Toasts>,
    /// The delivery's feedback.
    pub feedback: mpsc::Receiver<ToastFeedback>,
    /// The private bus.
    pub bus: Bus,
    /// The folder of the bus's socket.
    pub folder: tempfile::TempDir,
}

impl ToastHarness {
    /// Starts all parts; `None` (with a SKIPPED line) without `dbus-daemon`.
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

    /// Calls a blocking method of the port off the async threads, as the program does.
    pub async fn call<T: Send + 'static>(&self, call: impl FnOnce(&Toasts) -> T + Send + 'static) -> T {
        let toasts = Arc::clone(&self.toasts);
        tokio::task::spawn_blocking(move || call(&toasts)).await.unwrap()
    }

    /// Shows a toast; returns the delivery's result.
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

    /// Expects this feedback next.
    pub async fn expect_feedback(&mut self, key: &str, row: i64, happened: Happened) {
        let feedback = tokio::time::timeout(PATIENCE, self.feedback.recv()).await.unwrap().unwrap();
        assert_eq!(feedback, ToastFeedback { key: key.to_owned(), notification_id: row, happened });
    }

    /// Expects that no feedback is pending: a toast that is shown and dismissed now is reported first.
    pub async fn expect_no_feedback(&mut self) {
        self.service.set_quirk(ServiceQuirk::None);
        self.show(toast("quiet", -1)).await;
        self.service.dismiss("quiet").await;
        self.expect_feedback("quiet", -1, Happened::Dismissed).await;
    }
}
