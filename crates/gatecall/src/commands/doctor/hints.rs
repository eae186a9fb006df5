//! Next steps for the user, for each operating system.

/// Next steps that differ between operating systems.
pub struct PlatformHints {
    pub keychain: &'static str,
    pub notifications: &'static str,
    pub no_tray: &'static str,
    pub tray: &'static str,
}

/// Next steps for this operating system.
pub const HINTS: PlatformHints = if cfg!(target_os = "linux") {
    PlatformHints {
        keychain: "Install and start one (gnome-keyring, KeePassXC, KWallet); until then a sign-in lasts for one session.",
        notifications: "Install and start a notification service (dunst, xfce4-notifyd, mako).",
        no_tray: "the desktop has none: the window opens instead, and closing it ends Gatecall",
        tray: "On GNOME, install the AppIndicator extension; elsewhere, add a status tray to the panel.",
    }
} else {
    PlatformHints {
        keychain: "Sign in to this computer again; until it answers, a sign-in lasts for one session.",
        notifications: "Allow notifications for Gatecall in the system's settings; the inbox has everything meanwhile.",
        no_tray: "Gatecall has none on this system: the window opens instead, and closing it ends Gatecall",
        tray: "Leave the window open, or minimized.",
    }
};
