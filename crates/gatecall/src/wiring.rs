//! The engine with the real keychain and the real toasts.

use std::sync::Arc;

use client::ports::{Keychain, SystemClock, ToastFeedback, Toaster};
use client::{Config, Engine};
use domain::{Language, Locale};
use jiff::tz::TimeZone;
use os::toasts::{NotificationService, Toasts};
use tokio::sync::{mpsc, watch};

use crate::profile::Profile;

/// An engine's configuration for a person's own profile, without toasts.
pub fn config(profile: &Profile) -> Config {
    Config {
        data_dir: profile.data_dir.clone(),
        config_dir: profile.config_dir.clone(),
        keychain: keychain(),
        toaster: None,
        clock: Arc::new(SystemClock),
        locale: voice(),
        extra_rooms: Vec::new(),
        demo: false,
    }
}

/// The language and the time zone of the system.
pub fn voice() -> Locale {
    // `LANGUAGE`, `LC_ALL`, `LC_MESSAGES` and `LANG` on Linux, the preferred languages elsewhere.
    let language = sys_locale::get_locale().map_or_else(Language::default, |locale| Language::of_locale(&locale));
    Locale { language, zone: TimeZone::system() }
}

/// The operating system's keychain.
pub fn keychain() -> Arc<dyn Keychain> {
    Arc::new(os::keychain::Keychain::new())
}

/// The operating system's toasts, and what becomes of them.
pub fn toasts() -> std::io::Result<(Arc<dyn Toaster>, mpsc::Receiver<ToastFeedback>)> {
    let (toasts, feedback) = Toasts::start(None)?;
    Ok((Arc::new(toasts), feedback))
}

/// Tells the engine what the machine goes through. Never ends.
pub async fn watch_machine(engine: &Engine) -> std::convert::Infallible {
    let (lock, mut locked) = watch::channel(false);
    tokio::select! {
        never = os::lock::watch(None, |now| {
            lock.send_if_modified(|known| std::mem::replace(known, now) != now);
        }) => never,
        never = async {
            loop {
                // The sender is in the branch above, which never ends.
                let _ = locked.changed().await;
                let now = *locked.borrow_and_update();
                engine.set_locked(now).await;
            }
        } => never,
        never = os::network::watch(|addresses| engine.network_changed(addresses)) => never,
        never = os::power::watch(None, async || engine.woke().await) => never,
    }
}

/// What the notification service says about itself.
pub fn toasts_service() -> Result<NotificationService, client::ports::ToastError> {
    let unavailable = |error: std::io::Error| client::ports::ToastError::Unavailable(error.to_string());
    let (toasts, _feedback) = Toasts::start(None).map_err(unavailable)?;
    toasts.probe()
}
