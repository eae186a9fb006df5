//! The behaviour and the state of the fake notification service.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use zbus::Message;

/// The service's name on the bus, which is also its interface.
pub(super) const NAME: &str = "org.freedesktop.Notifications";
/// The service's object.
pub(super) const PATH: &str = "/org/freedesktop/Notifications";

/// The desktop whose notification service is imitated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesktopKind {
    /// GNOME Shell: signals go to the sender alone, at most ten toasts, and a toast ends with its sender's connection.
    Gnome,
    /// Plasma: markup with links, `replaces_id` is accepted whether that toast exists or not, and no two identical
    /// toasts within a second.
    Kde,
    /// `xfce4-notifyd`: a click on the body only closes the toast, and the default action is a button.
    Xfce,
}

/// A deviation from the desktop's behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServiceQuirk {
    /// No deviation.
    #[default]
    None,
    /// Handles no call until the quirk changes; then the waiting ones.
    Hangs,
    /// Handles calls, and holds the replies back until the quirk changes.
    HoldsReplies,
    /// Replies after this delay, one call after the other.
    Slow(Duration),
    /// Keeps a toast open after a click.
    LeavesOpen,
    /// Emits a click on each toast before replying with its id.
    ClicksImmediately,
    /// Returns the id 0 for every toast.
    ReturnsZero,
    /// Returns the id of a visible toast for a new one, and keeps both.
    ReturnsUsedId,
    /// Returns a new id for a replacement, and keeps the replaced toast.
    IgnoresReplace,
    /// Returns a new id for a replacement, and reports the end of the replaced toast late.
    ClosesLate,
    /// Emits signals about toasts that nobody sent.
    ForgesSignals,
}

/// One call of `Notify`.
#[derive(Debug, Clone)]
pub struct Notify {
    /// The time of the call.
    pub at: Instant,
    /// The caller's unique name.
    pub sender: String,
    /// `app_name`.
    pub app: String,
    /// `replaces_id`.
    pub replaces: u32,
    /// `app_icon`.
    pub icon: String,
    /// `summary`.
    pub title: String,
    /// `body`.
    pub body: String,
    /// `actions`: ids and labels alternately.
    pub actions: Vec<String>,
    /// `hints`, formatted.
    pub hints: Vec<(String, String)>,
    /// `expire_timeout`.
    pub timeout: i32,
}

/// A visible toast.
#[derive(Debug, Clone)]
pub struct ShownToast {
    /// The id that was returned.
    pub id: u32,
    /// The call that showed it.
    pub call: Notify,
}

/// What the service has been sent, and what it shows.
#[derive(Debug, Default)]
pub(super) struct ServiceState {
    pub(super) quirk: ServiceQuirk,
    pub(super) up: Vec<ShownToast>,
    pub(super) next: u32,
    pub(super) calls: VecDeque<Notify>,
    pub(super) times: Vec<Instant>,
    pub(super) notified: u64,
    pub(super) closed: u64,
    pub(super) held_replies: Vec<(Message, u32)>,
    pub(super) forged_ids: u32,
}
