//! Text about the connection, and of the tray.

use crate::catalogue::messages as say;
use crate::connection::ConnectionState;
use crate::locale::Language;

/// Where the connection stands, in a few words.
pub fn link(state: &ConnectionState, language: Language) -> String {
    match state {
        ConnectionState::Starting => say::link_starting(language),
        ConnectionState::Connecting { .. } => say::link_connecting(language),
        ConnectionState::Online { .. } => say::link_online(language),
        ConnectionState::Waiting { reason, .. } => say::link_waiting(language, &reason.message),
        ConnectionState::SignInNeeded { reason } => say::link_sign_in_needed(language, &reason.message),
        ConnectionState::Paused => say::link_paused(language),
    }
}

/// The tray's first line. `demo`: the server is the embedded one.
pub fn tray_title(unread: u64, demo: bool, language: Language) -> String {
    say::tray_title(language, if demo { "demo" } else { "real" }, unread)
}

/// What the tray's menu offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuEntry {
    /// Show the window.
    Open,
    /// Mark every row as read.
    MarkAllRead,
    /// Try to connect at once.
    TryNow,
    /// Disconnect until resumed.
    Pause,
    /// Connect again.
    Resume,
    /// End the program.
    Quit,
}

/// What an entry of the tray's menu says.
pub fn menu(entry: MenuEntry, language: Language) -> String {
    match entry {
        MenuEntry::Open => say::menu_open(language),
        MenuEntry::MarkAllRead => say::menu_mark_all_read(language),
        MenuEntry::TryNow => say::menu_try_now(language),
        MenuEntry::Pause => say::menu_pause(language),
        MenuEntry::Resume => say::menu_resume(language),
        MenuEntry::Quit => say::menu_quit(language),
    }
}
