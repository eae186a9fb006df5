//! The engine with the real keychain and the real toasts.

use std::sync::Arc;

use client::ports::{Keychain, SystemClock, ToastFeedback, Toaster};
use client::{Config, Engine};
use os::toasts::Toasts;
use tokio::sync::mpsc;

use crate::profile::Profile;

/// An engine's configuration for a person's own profile, without toasts.
pub fn config(profile: &Profile) -> Config {
    Config {
        data_dir: profile.data_dir.clone(),
        config_dir: profile.config_dir.clone(),
        keychain: keychain(),
        toaster: None,
        clock: Arc::new(SystemClock),
        extra_rooms: Vec::new(),
        demo: false,
    }
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
    tokio::select! {
        never = os::network::watch(|addresses| engine.network_changed(addresses)) => never,
        never = os::power::watch(None, async || engine.woke().await) => never,
    }
}

/// What the notification service says about itself.
pub fn toasts_probe() -> Result<String, client::ports::ToastError> {
    let unavailable = |error: std::io::Error| client::ports::ToastError::Unavailable(error.to_string());
    let (toasts, _feedback) = Toasts::start(None).map_err(unavailable)?;
    let service = toasts.probe()?;
    Ok(format!("{} {}", service.name, service.version).trim_end().to_owned())
}
