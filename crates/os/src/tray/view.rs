//! What the tray shows and the actions that it offers.

use domain::Language;
use domain::connection::ConnectionState;

/// State that the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayView {
    /// Connection state.
    pub state: ConnectionState,
    /// Number of unread rows.
    pub unread: u64,
    /// Whether this is the demo.
    pub demo: bool,
    /// Language of tooltip and menu.
    pub language: Language,
}

/// Action chosen by the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayAction {
    /// Show the window.
    Open {
        /// Token that lets the window be raised on Wayland.
        activation_token: Option<String>,
    },
    /// Mark every row as read.
    MarkAllRead,
    /// Disconnect until resumed.
    Pause,
    /// Connect again.
    Resume,
    /// Reconnect at once instead of waiting for the backoff.
    Reconnect,
    /// End the program.
    Quit,
}
