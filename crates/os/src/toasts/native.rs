//! Toasts by `notify-rust` on systems other than Linux.
//!
//! # Platform-specific
//! Windows: toasts can neither be replaced nor withdrawn, so a toast that only updates another is skipped while the other
//! may be on screen. Clicks are reported by `wait_for_response` only. macOS: uses the library's `NSUserNotificationCenter`,
//! since its newer API, `UNUserNotificationCenter`, aborts a process without a bundle. The library sends a toast when its
//! handle is consumed and reports clicks to the main thread's run loop, which this program does not have: toasts are sent
//! without feedback.

use std::thread;

use client::ports::{ToastError, ToastFeedback, Toaster};
use domain::Toast;
use notify_rust::Notification;
use tokio::sync::mpsc;

use super::{NotificationService, identity};

/// Capacity of the feedback queue.
const FEEDBACK_QUEUE: usize = 64;
/// Default sound of the system, by the library's name for it; without a name the toast is silent.
const SOUND: &str = if cfg!(windows) { "Default" } else { "NSUserNotificationDefaultSoundName" };

/// Shows toasts.
#[derive(Debug)]
pub struct Toasts {
    #[cfg_attr(not(windows), expect(dead_code, reason = "no feedback exists there; the sender keeps the queue open"))]
    feedback: mpsc::Sender<ToastFeedback>,
    /// Result of the registration with the system.
    registered: Result<(), ToastError>,
    #[cfg(windows)]
    waiting: std::sync::Arc<tokio::sync::Semaphore>,
    /// Keys of toasts that may be on screen.
    up: std::sync::Arc<std::sync::Mutex<std::collections::HashSet<String>>>,
}

impl Toasts {
    /// Registers the application with the system. `_bus` is used on Linux only.
    ///
    /// # Errors
    /// Never on these systems.
    pub fn start(_bus: Option<String>) -> std::io::Result<(Self, mpsc::Receiver<ToastFeedback>)> {
        let (feedback, receiver) = mpsc::channel(FEEDBACK_QUEUE);
        let registered = identity::register().map_err(ToastError::Unavailable);
        if let Err(error) = &registered {
            tracing::warn!(%error, "no toasts will be shown");
        }
        let toasts = Self {
            feedback,
            registered,
            #[cfg(windows)]
            waiting: std::sync::Arc::new(tokio::sync::Semaphore::new(MAX_WAITING)),
            up: std::sync::Arc::default(),
        };
        Ok((toasts, receiver))
    }

    /// Whether the toast that this one updates may still be on screen.
    fn may_be_visible(&self, toast: &Toast) -> bool {
        let up = lock(&self.up);
        up.contains(&toast.key) || toast.takes_over.as_ref().is_some_and(|key| up.contains(key))
    }

    /// Describes the notification service.
    ///
    /// # Errors
    /// Registration failed, the system has no toasts, or the user has turned them off.
    pub fn probe(&self) -> Result<NotificationService, ToastError> {
        self.registered.clone()?;
        #[cfg(windows)]
        allowed()?;
        let name = if cfg!(windows) { "Windows notifications" } else { "Notification Center" };
        Ok(NotificationService { name: name.to_owned(), version: String::new(), capabilities: Vec::new() })
    }
}

/// Locks the set; a poisoned lock is safe to use, since each change is a single call.
fn lock(
    up: &std::sync::Mutex<std::collections::HashSet<String>>,
) -> std::sync::MutexGuard<'_, std::collections::HashSet<String>> {
    up.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Toaster for Toasts {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        // Toasts cannot be updated here, and a second toast with almost the same text is skipped.
        let is_update = !toast.alerts && self.may_be_visible(toast);
        if is_update {
            return Ok(());
        }
        // Windows accepts toasts that it will not show, and fails with a bare error code where it has no toasts.
        self.probe()?;
        let mut notification = Notification::new();
        notification.summary(&toast.title).body(&toast.body);
        if !toast.silent {
            notification.sound_name(SOUND);
        }
        #[cfg(windows)]
        notification.app_id(domain::APP_ID);
        let handle = notification.show().map_err(|error| ToastError::Refused(error.to_string()))?;
        self.follow(handle, toast)
    }

    fn withdraw(&self, _key: &str) -> Result<(), ToastError> {
        Ok(())
    }
}

/// Limit of toasts awaiting feedback at the same time; further toasts get none. Windows never reports the end of toasts
/// that it holds back, as in "do not disturb".
#[cfg(windows)]
const MAX_WAITING: usize = 32;

#[cfg(windows)]
impl Toasts {
    /// Waits for feedback on a thread of its own, since the library blocks.
    fn follow(&self, handle: notify_rust::NotificationHandle, toast: &Toast) -> Result<(), ToastError> {
        use client::ports::Happened;
        use notify_rust::NotificationResponse;
        let Ok(permit) = std::sync::Arc::clone(&self.waiting).try_acquire_owned() else { return Ok(()) };
        let feedback = self.feedback.clone();
        let (key, notification_id) = (toast.key.clone(), toast.notification_id);
        let up = std::sync::Arc::clone(&self.up);
        lock(&up).insert(key.clone());
        let waiting = thread::Builder::new().name("toast".to_owned()).spawn(move || {
            let waited = handle.wait_for_response(|response: &NotificationResponse| {
                let happened = match response {
                    NotificationResponse::Default | NotificationResponse::Action(_) => {
                        Happened::Opened { activation_token: None }
                    }
                    _ => Happened::Dismissed,
                };
                lock(&up).remove(&key);
                // Sending fails only at shutdown.
                let _ = feedback.blocking_send(ToastFeedback { key: key.clone(), notification_id, happened });
            });
            if let Err(error) = waited {
                tracing::debug!(%error, "no feedback for a toast");
            }
            drop(permit);
        });
        // The toast is on screen even without a thread for its feedback.
        waiting.map(drop).or_else(|error| {
            tracing::warn!(%error, "a click on a toast will be ignored");
            Ok(())
        })
    }
}

#[cfg(not(windows))]
impl Toasts {
    /// Sends a toast by dropping its handle, which blocks for up to 2 s without a run loop.
    fn follow(&self, handle: notify_rust::NotificationHandle, toast: &Toast) -> Result<(), ToastError> {
        // The end of a toast is not reported, so it counts as on screen forever and only alerting toasts are shown again.
        lock(&self.up).insert(toast.key.clone());
        let sending = thread::Builder::new().name("toast".to_owned()).spawn(move || drop(handle));
        sending.map(drop).map_err(|error| ToastError::Unavailable(error.to_string()))
    }
}

/// Queries whether Windows shows our toasts. Before the first toast the query may fail, which counts as yes.
#[cfg(windows)]
fn allowed() -> Result<(), ToastError> {
    use windows::UI::Notifications::{NotificationSetting, ToastNotificationManager};
    use windows::core::HSTRING;
    let notifier = ToastNotificationManager::CreateToastNotifierWithId(&HSTRING::from(domain::APP_ID));
    let notifier = notifier
        .map_err(|error| ToastError::Unavailable(format!("this Windows has no toasts ({:#010x})", error.code().0)))?;
    match notifier.Setting() {
        Ok(NotificationSetting::Enabled) | Err(_) => Ok(()),
        Ok(_) => Err(ToastError::Unavailable("they are turned off in the settings of Windows".to_owned())),
    }
}
