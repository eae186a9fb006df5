//! What the tray says.

use domain::connection::ConnectionState;

use super::TrayView;

/// The state in a few words.
pub(super) fn state(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Starting => "Starting".to_owned(),
        ConnectionState::Connecting { .. } => "Connecting".to_owned(),
        ConnectionState::Online { .. } => "Online".to_owned(),
        ConnectionState::Waiting { reason, .. } => format!("Offline: {}", reason.message),
        ConnectionState::SignInNeeded { reason } => format!("Sign-in needed: {}", reason.message),
        ConnectionState::Paused => "Paused".to_owned(),
    }
}

/// The tooltip's first line.
pub(super) fn title(view: &TrayView) -> String {
    let unread = match view.unread {
        0 => "nothing unread".to_owned(),
        count => format!("{count} unread"),
    };
    let name = if view.demo { "Gatecall demo" } else { "Gatecall" };
    format!("{name}: {unread}")
}
