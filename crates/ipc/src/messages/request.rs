//! Requests of the window and the command line, with the forms that they carry.

use domain::Secret;
use domain::criteria::{Criteria, RowSelector};
use domain::jobs::JobKind;
use domain::settings::Preferences;
use domain::view::ThreadPreference;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A request of the window or the command line. Each variant names its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Request {
    /// The current state. Returns a [`Snapshot`](domain::view::Snapshot).
    Snapshot,
    /// Rows, newest first. Returns a [`Page`](crate::Page).
    List {
        /// Filter.
        criteria: Criteria,
        /// Only rows with a smaller id: the last id of the previous page.
        #[ts(type = "number | null")]
        before: Option<i64>,
        /// Maximum number of rows, 1–200.
        limit: u32,
    },
    /// Bookings and flights with a matching row, the one with the newest row first. Returns a
    /// [`ThreadPage`](crate::ThreadPage).
    Threads {
        /// Filter for the rows of a thread.
        criteria: Criteria,
        /// Only threads whose latest row has a smaller id: the last one of the previous page.
        #[ts(type = "number | null")]
        before: Option<i64>,
        /// Maximum number of threads, 1–200.
        limit: u32,
    },
    /// Rows of one booking or flight, newest first, including those that are done. Returns a [`Page`](crate::Page).
    Thread {
        /// Thread key, see [`Notification::thread`](domain::view::Notification::thread).
        thread: String,
        /// Only rows with a smaller id.
        #[ts(type = "number | null")]
        before: Option<i64>,
        /// Maximum number of rows.
        limit: u32,
    },
    /// Dismisses the digest of a gap. No result.
    DismissDigest {
        /// Id of the gap.
        #[ts(type = "number")]
        gap: i64,
    },
    /// Mutes, snoozes or releases a booking or flight. No result.
    SetThreadPreference {
        /// Thread key, see [`Notification::thread`](domain::view::Notification::thread).
        thread: String,
        /// The new preference.
        preference: ThreadPreference,
    },
    /// Preferences of all muted and snoozed threads. Returns a map from thread key to [`ThreadPreference`]. Changes are
    /// pushed as [`Push::ThreadPreferenceChanged`](crate::Push::ThreadPreferenceChanged).
    ThreadPreferences,
    /// The preferences. Returns [`Preferences`].
    Preferences,
    /// Replaces the preferences and saves them. No result.
    SetPreferences {
        /// The complete preferences.
        preferences: Preferences,
    },
    /// Applies preferences to recent events. Returns a [`domain::view::BackTest`].
    BackTest {
        /// Preferences to try, not yet saved.
        preferences: Preferences,
        /// Number of days to look back.
        days: u32,
    },
    /// Shows a test toast. No result once the desktop has accepted it; the user's reaction is pushed as
    /// [`Push::TestToast`](crate::Push::TestToast).
    TestToast,
    /// Marks rows as read or unread. Returns an [`Undoable`](crate::Undoable).
    SetRead {
        /// Rows to change.
        selector: RowSelector,
        /// Read or unread.
        read: bool,
    },
    /// Marks rows as done, which also marks them as read, or moves them back to the inbox. Returns an
    /// [`Undoable`](crate::Undoable).
    SetDone {
        /// Rows to change.
        selector: RowSelector,
        /// Done or not.
        done: bool,
    },
    /// Undoes a change within 10 s. Returns whether it was still possible.
    Undo {
        /// Id from the [`Undoable`](crate::Undoable).
        #[ts(type = "number")]
        undo: u64,
    },
    /// The agents' live page. Returns a [`DeskView`](domain::desk::DeskView).
    Desk,
    /// Exports rows to a file in the downloads folder. Returns an [`ExportResult`](crate::ExportResult) when the file is
    /// complete. See [`JobKind::Export`].
    Export {
        /// File format.
        format: ExportFormat,
        /// Only rows received at this time or later.
        #[ts(type = "string | null")]
        from: Option<Timestamp>,
        /// Only rows received before this time.
        #[ts(type = "string | null")]
        to: Option<Timestamp>,
    },
    /// Rebuilds the search index. No result, when it is complete. See [`JobKind::Reindex`].
    Reindex,
    /// Cancels a long-running job. Returns at once, without a result.
    Cancel {
        /// Kind of the job.
        work: JobKind,
    },
    /// Checks a server address before signing in. Returns a [`domain::server_check::ServerCheck`].
    CheckServer {
        /// Server address, as typed.
        server: String,
        /// Booking service, where it has an origin of its own.
        booking_url: Option<String>,
    },
    /// The network configuration. Returns a [`NetworkView`].
    Network,
    /// Replaces the network configuration, saves it and reconnects. No result.
    SetNetwork {
        /// The complete configuration.
        network: NetworkView,
    },
    /// Whether Gatecall starts with the desktop session. Returns an [`Autostart`](crate::Autostart).
    Autostart,
    /// Turns autostart on or off. No result.
    SetAutostart {
        /// On or off.
        on: bool,
    },
    /// Versions, folders and sizes. Returns an [`About`](crate::About).
    About,
    /// Licences of all dependencies. Returns a text.
    Licences,
    /// Writes a support file without private data to the downloads folder. Returns its path.
    Diagnostics,
    /// Starts a demo with made-up bookings in a separate process with its own window. No result.
    StartDemo,
    /// Signs in and connects. No result.
    SignIn(SignIn),
    /// Signs out and deletes the tokens. No result.
    SignOut {
        /// Also delete this account's history on this machine.
        wipe: bool,
    },
    /// Disconnects until resumed; survives a restart. No result.
    Pause,
    /// Connects again after a pause. No result.
    Resume,
    /// Reconnects at once instead of waiting for the backoff. No result.
    Reconnect,
    /// Subscribes to a room, now and after each connect. No result.
    Subscribe {
        /// Name of the room.
        room: String,
    },
    /// Unsubscribes from a room. No result.
    Unsubscribe {
        /// Name of the room.
        room: String,
    },
    /// Subscribes to a room for the lifetime of this IPC connection. No result.
    HoldRoom {
        /// Name of the room.
        room: String,
    },
    /// Opens or raises the window. No result.
    ShowWindow {
        /// Start-up notification id or Wayland token of the caller.
        activation_token: Option<String>,
    },
    /// Shuts the resident down. No result.
    Quit,
}

/// File format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ExportFormat {
    /// Markdown with one table for each day.
    Markdown,
    /// CSV by RFC 4180, with a header row.
    Csv,
    /// JSON array of [`Notification`](domain::view::Notification)s.
    Json,
}

/// Network configuration, as the user edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkView {
    /// `environment`, `none`, or the address of a proxy. A password in the address is shown as `*`; sending `*` back keeps
    /// the stored password.
    pub proxy: String,
    /// Hosts reached without the proxy: names (with all subdomains), addresses, networks, or `*`.
    pub bypass: Vec<String>,
    /// PEM file with certificate authorities trusted in addition to the system's.
    pub ca_file: Option<String>,
}

/// Sign-in form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SignIn {
    /// Server address, as typed.
    pub server: String,
    /// Auth service, where it has an origin of its own.
    pub auth_url: Option<String>,
    /// Booking service, where it has an origin of its own.
    pub booking_url: Option<String>,
    /// E-mail address.
    pub email: String,
    /// Password; used once, never stored.
    #[ts(type = "string")]
    pub password: Secret,
}
