//! Wiring of the engine to the adapters of the operating system.

use std::sync::Arc;

use client::ports::{Keychain, SystemClock, ToastFeedback, Toaster};
use client::{Config, Engine};
use domain::{Language, Locale};
use jiff::tz::TimeZone;
use os::toasts::{NotificationService, Toasts};
use tokio::sync::{mpsc, watch};

use crate::profile::Profile;

/// Engine configuration for a profile, without toasts.
pub fn config(profile: &Profile) -> Config {
    Config {
        data_dir: profile.data_dir.clone(),
        config_dir: profile.config_dir.clone(),
        keychain: keychain(),
        toaster: None,
        clock: Arc::new(SystemClock),
        locale: locale(),
        extra_rooms: Vec::new(),
        demo: false,
    }
}

/// Language and time zone of the system.
pub fn locale() -> Locale {
    // `LANGUAGE`, `LC_ALL`, `LC_MESSAGES` and `LANG` on Linux, the preferred languages elsewhere.
    let language = sys_locale::get_locale().map_or_else(Language::default, |locale| Language::of_locale(&locale));
    Locale { language, zone: TimeZone::system() }
}

/// Keychain of the operating system.
pub fn keychain() -> Arc<dyn Keychain> {
    Arc::new(os::keychain::Keychain::new())
}

/// Toasts of the operating system, with the receiver of their feedback.
pub fn toasts() -> std::io::Result<(Arc<dyn Toaster>, mpsc::Receiver<ToastFeedback>)> {
    let (toasts, feedback) = Toasts::start(None)?;
    Ok((Arc::new(toasts), feedback))
}

/// Forwards screen locks, network changes and wake-ups to the engine. Never returns.
pub async fn watch_host(engine: &Engine) -> std::convert::Infallible {
    let (lock, mut locked) = watch::channel(false);
    tokio::select! {
        never = os::lock::watch(None, |now| {
            lock.send_if_modified(|known| std::mem::replace(known, now) != now);
        }) => never,
        never = async {
            loop {
                // Never fails: the branch above keeps the sender.
                let _ = locked.changed().await;
                let now = *locked.borrow_and_update();
                engine.set_locked(now).await;
            }
        } => never,
        never = os::network::watch(|addresses| engine.network_changed(addresses)) => never,
        never = os::power::watch(None, async || engine.woke().await) => never,
    }
}

/// Description of the notification service.
pub fn notification_service() -> Result<NotificationService, client::ports::ToastError> {
    let unavailable = |error: std::io::Error| client::ports::ToastError::Unavailable(error.to_string());
    let (toasts, _feedback) = Toasts::start(None).map_err(unavailable)?;
    toasts.probe()
}
