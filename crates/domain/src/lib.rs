//! The domain: events, notifications, itineraries, policy and settings.
//!
//! Pure: no clock, no randomness, no I/O, no async. `now` is an argument. An event passes through [`wire::decode`] →
//! [`itinerary`] → [`policy::decide`] → [`text::render`].

pub mod account;
mod airports;
pub mod burst_summary;
mod catalogue;
pub mod connection;
pub mod criteria;
pub mod desk;
pub mod digest;
pub mod event;
pub mod itinerary;
pub mod jobs;
pub mod locale;
pub mod money;
pub mod outcome;
pub mod policy;
pub mod room_tracking;
pub mod rooms;
pub mod rules;
pub mod sanitize;
mod secret;
pub mod server_check;
pub mod settings;
pub mod text;
mod toast;
pub mod toast_scheduler;
pub mod view;
pub mod wire;

pub use locale::{Language, Locale};
pub use secret::Secret;
pub use toast::{Button, Privacy, Toast, ToastAction, ToastStep, Urgency};

/// The one id of the application: bundle identifier, desktop file, `desktop-entry` hint, app id, keychain service.
pub const APP_ID: &str = "app.gatecall.Gatecall";
