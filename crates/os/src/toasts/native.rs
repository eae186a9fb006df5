//! Toasts by `notify-rust`, on systems other than Linux.
//!
//! # Platform-specific
//! Windows: toasts can neither be replaced nor withdrawn, so that one which only brings another up to date is not shown while
//! that one may be there; and a click is reported by `wait_for_response` only. macOS: the
//! library's `NSUserNotificationCenter` (its newer way, `UNUserNotificationCenter`, aborts a process without a bundle). It
//! sends when the handle is consumed, and reports clicks to the main thread's run loop, which this program has none of:
//! so toasts are sent, and nothing is heard of them.

use std::thread;

use client::ports::{ToastError, ToastFeedback, Toaster};
use domain::Toast;
use notify_rust::Notification;
use tokio::sync::mpsc;

use super::{Service, identity};

/// Feedback that nobody has taken yet.
const FEEDBACK_QUEUE: usize = 64;
/// An unset sound is silence. These are the systems' own ones, by the names that the library knows.
const SOUND: &str = if cfg!(windows) { "Default" } else { "NSUserNotificationDefaultSoundName" };

/// Shows toasts.
#[derive(Debug)]
pub struct Toasts {
    #[cfg_attr(not(windows), expect(dead_code, reason = "nothing is heard there; it keeps the queue open"))]
    feedback: mpsc::Sender<ToastFeedback>,
    /// Whether the system knows whose toasts these are, or why not.
    registered: Result<(), ToastError>,
    #[cfg(windows)]
    waiting: std::sync::Arc<tokio::sync::Semaphore>,
    /// Keys of toasts whose end was not told yet.
    up: std::sync::Arc<std::sync::Mutex<std::collections::HashSet<String>>>,
}

impl Toasts {
    /// Tells the system whose toasts will come. `_bus` means something on Linux only.
    ///
    /// # Errors
    /// Never on these systems.
    pub fn start(_bus: Option<String>) -> std::io::Result<(Self, mpsc::Receiver<ToastFeedback>)> {
        let (feedback, told) = mpsc::channel(FEEDBACK_QUEUE);
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
        Ok((toasts, told))
    }

    /// Whether the toast that this one is to follow may still be there.
    fn is_up(&self, toast: &Toast) -> bool {
        let up = lock(&self.up);
        up.contains(&toast.key) || toast.takes_over.as_ref().is_some_and(|key| up.contains(key))
    }

    /// What shows the toasts.
    ///
    /// # Errors
    /// The system does not know us, has no toasts, or the person has turned them off.
    pub fn probe(&self) -> Result<Service, ToastError> {
        self.registered.clone()?;
        #[cfg(windows)]
        allowed()?;
        let name = if cfg!(windows) { "Windows notifications" } else { "Notification Center" };
        Ok(Service { name: name.to_owned(), version: String::new(), capabilities: Vec::new() })
    }
}

/// The set is whole whatever happened to whoever held it: it is changed by single calls.
fn lock(
    up: &std::sync::Mutex<std::collections::HashSet<String>>,
) -> std::sync::MutexGuard<'_, std::collections::HashSet<String>> {
    up.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Toaster for Toasts {
    fn show(&self, toast: &Toast) -> Result<(), ToastError> {
        // Nothing can be brought up to date here: a second toast that says almost the same would only bother.
        let is_update = !toast.alerts && self.is_up(toast);
        if is_update {
            return Ok(());
        }
        // Windows takes toasts that it will not show, and says no more than a number where it has none.
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

/// Toasts whose end is waited for at the same time; what becomes of those beyond is not heard. Those that Windows keeps
/// back, as in its "do not disturb", have no end that it tells.
#[cfg(windows)]
const MAX_WAITING: usize = 32;

#[cfg(windows)]
impl Toasts {
    /// Waits for what becomes of a toast that is on screen: on a thread, since the library waits in no other way.
    fn follow(&self, handle: notify_rust::NotificationHandle, toast: &Toast) -> Result<(), ToastError> {
        use client::ports::Happened;
        use notify_rust::NotificationResponse;
        let Ok(place) = std::sync::Arc::clone(&self.waiting).try_acquire_owned() else { return Ok(()) };
        let feedback = self.feedback.clone();
        let (key, notification_id) = (toast.key.clone(), toast.notification_id);
        let up = std::sync::Arc::clone(&self.up);
        lock(&up).insert(key.clone());
        let waiting = thread::Builder::new().name("toast".to_owned()).spawn(move || {
            let told = handle.wait_for_response(|response: &NotificationResponse| {
                let happened = match response {
                    NotificationResponse::Default | NotificationResponse::Action(_) => {
                        Happened::Opened { activation_token: None }
                    }
                    _ => Happened::Dismissed,
                };
                lock(&up).remove(&key);
                // The program is ending when nobody takes it.
                let _ = feedback.blocking_send(ToastFeedback { key: key.clone(), notification_id, happened });
            });
            if let Err(error) = told {
                tracing::debug!(%error, "a toast has gone without a word");
            }
            drop(place);
        });
        // It is on screen all the same.
        waiting.map(drop).or_else(|error| {
            tracing::warn!(%error, "a click on a toast will not be heard");
            Ok(())
        })
    }
}

#[cfg(not(windows))]
impl Toasts {
    /// Sends a toast: by dropping its handle, which takes the library up to 2 s without a run loop.
    fn follow(&self, handle: notify_rust::NotificationHandle, toast: &Toast) -> Result<(), ToastError> {
        // Nothing is heard of its end, so that it counts as being there for good: only news asks for attention again.
        lock(&self.up).insert(toast.key.clone());
        let sending = thread::Builder::new().name("toast".to_owned()).spawn(move || drop(handle));
        sending.map(drop).map_err(|error| ToastError::Unavailable(error.to_string()))
    }
}

/// Asks Windows whether it shows our toasts. An answer that it cannot give yet, before the first toast, is a yes.
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
