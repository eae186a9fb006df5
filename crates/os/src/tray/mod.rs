//! The tray: state, unread count and a short menu.

#[cfg(target_os = "linux")]
mod icon;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod native;

use domain::Language;
use domain::connection::ConnectionState;

#[cfg(target_os = "linux")]
pub use linux::{Tray, host_present};
#[cfg(not(target_os = "linux"))]
pub use native::{Tray, host_present};

/// What the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayView {
    /// Where the connection stands.
    pub state: ConnectionState,
    /// Unread rows.
    pub unread: u64,
    /// Whether the server is the embedded demo.
    pub demo: bool,
    /// The language to say it in.
    pub language: Language,
}

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayAction {
    /// Show the window.
    Open {
        /// Lets the window be raised on Wayland.
        activation_token: Option<String>,
    },
    /// Mark every row as read.
    MarkAllRead,
    /// Disconnect until resumed.
    Pause,
    /// Connect again.
    Resume,
    /// Try at once.
    Reconnect,
    /// End the program.
    Quit,
}
