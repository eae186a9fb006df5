//! Toasts by `notify-rust`, on systems other than Linux.
//!
//! # Platform-specific
//! Windows: toasts can neither be replaced nor withdrawn, and a click is reported by `wait_for_response` only. macOS: the
//! toast is sent when its handle is consumed.

use std::thread;

use client::ports::{Happened, ToastError, ToastFeedback, Toaster};
use domain::Toast;
use notify_rust::{Notification, NotificationResponse};
use tokio::sync::mpsc;

use super::Service;

/// Feedback that nobody has taken yet.
const FEEDBACK_QUEUE: usize = 64;

/// Shows toasts.
#[derive(Debug)]
pub struct Toasts {
    feedback: mpsc::Sender<ToastFeedback>,
}

impl Toasts {
    /// Starts the delivery. `_bus` means something on Linux only.
    ///
    /// # Errors
    /// Never on these systems.
    pub fn start(_bus: Option<String>) -> std::io::Result<(Self, mpsc::Receiver<ToastFeedback>)> {
        let (feedback, told) = mpsc::channel(FEEDBACK_QUEUE);
        Ok((Self { feedback }, told))
    }

    /// What shows the toasts.
    ///
    /// # Errors
    /// Never on these systems: the service is a part of them.
    pub fn probe(&self) -> Result<Service, ToastError> {
        let name = if cfg!(windows) { "Windows notifications" } else { "Notification Center" };
        Ok(Service { name: name.to_owned(), version: String::new(), capabilities: Vec::new() })
    }
}

impl Toaster for Toasts {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        let mut notification = Notification::new();
        notification.summary(&toast.title).body(&toast.body);
        #[cfg(windows)]
        notification.app_id(domain::APP_ID).sound_name("Default");
        let handle = notification.show().map_err(|error| ToastError::Refused(error.to_string()))?;
        let (feedback, key, notification_id) = (self.feedback.clone(), toast.key.clone(), toast.notification_id);
        // One thread a toast, five at most at a time: the library waits in no other way. It ends with the toast.
        let waiting = thread::Builder::new().name("toast".to_owned()).spawn(move || {
            handle.wait_for_response(|response: &NotificationResponse| {
                let happened = match response {
                    NotificationResponse::Default | NotificationResponse::Action(_) => {
                        Happened::Opened { activation_token: None }
                    }
                    _ => Happened::Dismissed,
                };
                // The program is ending when nobody takes it.
                let _ = feedback.blocking_send(ToastFeedback { key, notification_id, happened });
            });
        });
        waiting.map(drop).map_err(|error| ToastError::Unavailable(error.to_string()))
    }

    fn withdraw(&self, _key: &str) -> Result<(), ToastError> {
        Ok(())
    }
}
