//! What Gatecall talks about: events, notifications, itineraries, policy and settings.
//!
//! Pure: no clock, no randomness, no I/O, no async. `now` is an argument.

mod secret;
mod toast;

pub use secret::Secret;
pub use toast::{Toast, Urgency};

/// The one id of the application: bundle identifier, desktop file, `desktop-entry` hint, app id, keychain service.
pub const APP_ID: &str = "app.gatecall.Gatecall";
