//! Toasts over D-Bus, by the Desktop Notifications Specification 1.2.
//!
//! One connection lasts for the life of the program: GNOME closes an installed app's toasts when the connection that sent
//! them closes. `notify-rust` supplies the content of a notification; delivery is our own, since its delivery opens a
//! connection for each toast, subscribes after sending and accepts signals from any sender. Ours subscribes first, checks
//! the sender and starts over when the service restarts. `docs/TOASTS.md` describes each service.

mod active;
mod bus_connection;
mod content;
mod delivery;
mod error;
mod job;
mod signal_handler;
mod signals;
mod toaster;
mod unacknowledged;

pub use toaster::Toasts;
