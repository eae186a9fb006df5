//! What is said on the line.

use domain::Secret;
use domain::criteria::{Criteria, RowSelector};
use domain::jobs::JobKind;
use domain::outcome::Outcome;
use domain::settings::Preferences;
use domain::view::{DigestView, Notification, Snapshot, ThreadPreference, ThreadView};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ts_rs::TS;

use crate::frame::MAX_FRAME_BYTES;

/// Raised with every incompatible change of the messages.
pub const PROTOCOL_VERSION: u32 = 6;

/// The first frame of each side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of the sender.
    pub version: u32,
    /// What the sender is. The resident's own hello says [`Peer::Caller`], which means nothing there.
    pub peer: Peer,
}

/// Who is on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Peer {
    /// Makes calls and wants no pushes.
    Caller,
    /// Wants pushes.
    Watcher,
    /// The window: wants pushes, and is where rows are opened.
    Window,
}

impl Hello {
    /// A hello of this version.
    pub fn new(peer: Peer) -> Self {
        Self { version: PROTOCOL_VERSION, peer }
    }
}

/// A request with its number; the answer carries the same number.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Call {
    pub id: u64,
    pub request: Request,
}

/// What the window and the command line may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Request {
    /// Answers a [`Snapshot`].
    Snapshot,
    /// Rows, newest first: answered with a [`Page`].
    List {
        /// Which ones.
        criteria: Criteria,
        /// Only rows with a smaller id: the last one of the page before.
        #[ts(type = "number | null")]
        before: Option<i64>,
        /// At most this many, 1–200.
        limit: u32,
    },
    /// Bookings and flights with a row that fits, the one with the newest row first: answered with a [`ThreadPage`].
    Threads {
        /// Which rows they have to have.
        criteria: Criteria,
        /// Only those whose latest row has a smaller id: that of the last one of the page before.
        #[ts(type = "number | null")]
        before: Option<i64>,
        /// At most this many, 1–200.
        limit: u32,
    },
    /// The rows of one booking or flight, also those that are done, newest first: answered with a [`Page`].
    Thread {
        /// As [`Notification::thread`] names it.
        thread: String,
        /// Only rows older than this one.
        #[ts(type = "number | null")]
        before: Option<i64>,
        /// Rows at most.
        limit: u32,
    },
    /// The person has looked at what was missed in this gap.
    DismissDigest {
        /// The gap.
        #[ts(type = "number")]
        gap: i64,
    },
    /// Mutes or snoozes a booking or a flight, or takes it back; answers nothing.
    SetThreadPreference {
        /// As [`Notification::thread`] names it.
        thread: String,
        /// What is wanted of it.
        preference: ThreadPreference,
    },
    /// What is wanted of each booking and flight that is muted or snoozed, by [`Notification::thread`]: answered with a map
    /// of [`ThreadPreference`]s. Changes of it are told by [`Push::ThreadPreferenceChanged`].
    ThreadPreferences,
    /// Answers [`Preferences`].
    Preferences,
    /// Changes them, at once and for good; answers nothing.
    SetPreferences {
        /// All of them.
        preferences: Preferences,
    },
    /// What preferences would have done with what came lately: answered with a [`domain::view::BackTest`].
    BackTest {
        /// Those that are being edited.
        preferences: Preferences,
        /// Over how many days.
        days: u32,
    },
    /// Shows a toast, to see whether toasts come through. Answers nothing once the desktop has taken it; what becomes of
    /// it is a [`Push::TestToast`].
    TestToast,
    /// Answers an [`Undoable`].
    SetRead {
        /// Rows to change.
        selector: RowSelector,
        /// Read or unread.
        read: bool,
    },
    /// Puts rows away as done, which reads them, or back into the inbox; answers an [`Undoable`].
    SetDone {
        /// Rows to change.
        selector: RowSelector,
        /// Done or not.
        done: bool,
    },
    /// Takes back what an [`Undoable`] named, within 10 s; answers whether it was still possible.
    Undo {
        /// The number that the answer carried.
        #[ts(type = "number")]
        undo: u64,
    },
    /// How it looks at the desk: answered with a [`DeskView`].
    Desk,
    /// Writes rows into a file in the person's folder for downloads; answered with an [`ExportResult`] when it is there. See
    /// [`JobKind::Export`].
    Export {
        /// As what.
        format: ExportFormat,
        /// Received at this moment or later.
        #[ts(type = "string | null")]
        from: Option<Timestamp>,
        /// Received before this moment.
        #[ts(type = "string | null")]
        to: Option<Timestamp>,
    },
    /// Makes the search index anew; answers nothing when it is. See [`JobKind::Reindex`].
    Reindex,
    /// Stops what takes long; answers nothing, at once.
    Cancel {
        /// What.
        work: JobKind,
    },
    /// Looks at a server address before somebody signs in there: answered with a
    /// [`domain::server_check::ServerCheck`].
    CheckServer {
        /// The one server address, as typed.
        server: String,
        /// The booking service, where it is another origin.
        booking_url: Option<String>,
    },
    /// Answers a [`NetworkView`].
    Network,
    /// Changes the way to the server, at once and for good, and connects anew; answers nothing.
    SetNetwork {
        /// All of it.
        network: NetworkView,
    },
    /// Whether the program starts with the desktop session: answered with an [`Autostart`].
    Autostart,
    /// Changes it; answers nothing.
    SetAutostart {
        /// On or off.
        on: bool,
    },
    /// Answers an [`About`].
    About,
    /// The licences of everything that the program is made of: answered with a text.
    Licences,
    /// Writes what a person who helps needs to know, and nothing private, into a file in the folder for downloads; answered
    /// with its path.
    Diagnostics,
    /// Opens a demo with made-up bookings beside this: a program and a window of its own. Answers nothing.
    StartDemo,
    /// Signs in and connects; answers nothing.
    SignIn(SignIn),
    /// Closes the session and deletes the tokens; answers nothing.
    SignOut {
        /// Also delete this account's history on this machine.
        wipe: bool,
    },
    /// Disconnects until resumed; survives a restart.
    Pause,
    /// Connects again.
    Resume,
    /// Tries at once instead of waiting.
    Reconnect,
    /// Asks for a room, now and after each connect.
    Subscribe {
        /// Its name.
        room: String,
    },
    /// Leaves a room that was asked for.
    Unsubscribe {
        /// Its name.
        room: String,
    },
    /// Asks for a room for as long as this line lasts.
    HoldRoom {
        /// Its name.
        room: String,
    },
    /// Opens the window, or raises it.
    ShowWindow {
        /// Start-up notification or Wayland token of whoever asks.
        activation_token: Option<String>,
    },
    /// Ends the resident.
    Quit,
}

/// How rows are written into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ExportFormat {
    /// For people: a table a day.
    Markdown,
    /// RFC 4180, with a line of names.
    Csv,
    /// An array of [`Notification`]s.
    Json,
}

/// A file with rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExportResult {
    /// Where it is.
    pub path: String,
    /// How many rows are in it.
    #[ts(type = "number")]
    pub rows: u64,
}

/// The way to the server, as a person edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NetworkView {
    /// `environment`, `none`, or the address of a proxy. A password in it is told as `*`, and stays as it is when it comes
    /// back as that.
    pub proxy: String,
    /// Hosts that are reached without it: names (with all below them), addresses, networks, or `*`.
    pub bypass: Vec<String>,
    /// A PEM file with certificate authorities that are trusted beside the system's.
    pub ca_file: Option<String>,
}

/// Whether the program starts with the desktop session. The system is the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Autostart {
    /// It does.
    On,
    /// It does not.
    Off,
    /// This system has no such thing, or this program may not be started by it, such as a demo.
    Unsupported,
}

/// What the program is, and where it keeps what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct About {
    /// Of the program.
    pub version: String,
    /// Of the line to the window.
    pub protocol: u32,
    /// Of SQLite.
    pub sqlite: String,
    /// The operating system and its kind of processor.
    pub system: String,
    /// The folder of the inbox.
    pub data_dir: String,
    /// The folder of the settings.
    pub config_dir: String,
    /// Bytes of the inbox on the disk.
    #[ts(type = "number")]
    pub inbox_bytes: u64,
    /// Rows in it, those that are done included.
    #[ts(type = "number")]
    pub rows: u64,
    /// The memory of the resident program, in bytes, where the system tells it.
    #[ts(type = "number | null")]
    pub memory_bytes: Option<u64>,
}

/// Where and as whom to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SignIn {
    /// The one server address, as typed.
    pub server: String,
    /// The auth service, where it is another origin.
    pub auth_url: Option<String>,
    /// The booking service, where it is another origin.
    pub booking_url: Option<String>,
    /// The e-mail address.
    pub email: String,
    /// The password; used once, never stored.
    #[ts(type = "string")]
    pub password: Secret,
}

/// Rows of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Page {
    /// Newest first.
    pub items: Vec<Notification>,
    /// Whether older rows exist.
    pub has_more: bool,
}

/// Bookings and flights of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ThreadPage {
    /// The one with the newest row first.
    pub items: Vec<ThreadView>,
    /// Whether there are more.
    pub has_more: bool,
}

/// What the rows of one message may take, so that the message stays far below [`MAX_FRAME_BYTES`].
const MAX_ROWS_BYTES: usize = MAX_FRAME_BYTES / 2;

impl Page {
    /// As many of the rows as a message carries, and at least one: a row is at most some 100 KiB, since everything in it
    /// was cut when it came.
    ///
    /// # Errors
    /// A row that is no JSON; there are none, but the caller has a place for it.
    pub fn fitting(mut items: Vec<Notification>, has_more: bool) -> serde_json::Result<Self> {
        let cut = cut_to_fit(&mut items)?;
        Ok(Self { items, has_more: has_more || cut })
    }
}

impl ThreadPage {
    /// As [`Page::fitting`].
    ///
    /// # Errors
    /// As there.
    pub fn fitting(mut items: Vec<ThreadView>, has_more: bool) -> serde_json::Result<Self> {
        let cut = cut_to_fit(&mut items)?;
        Ok(Self { items, has_more: has_more || cut })
    }
}

/// Drops what a message does not carry, but never the first. Answers whether anything was dropped.
fn cut_to_fit<T: Serialize>(items: &mut Vec<T>) -> serde_json::Result<bool> {
    let mut bytes = 0;
    let mut fit = 0;
    for item in items.iter() {
        bytes += serde_json::to_vec(item)?.len() + 1;
        if fit > 0 && bytes > MAX_ROWS_BYTES {
            break;
        }
        fit += 1;
    }
    let cut = fit < items.len();
    items.truncate(fit);
    Ok(cut)
}

impl Push {
    /// [`Push::Changed`], or [`Push::Reload`] for rows that are too much for a message.
    ///
    /// # Errors
    /// As [`Page::fitting`].
    pub fn changed(items: Vec<Notification>) -> serde_json::Result<Self> {
        let page = Page::fitting(items, false)?;
        Ok(if page.has_more { Self::Reload } else { Self::Changed { items: page.items } })
    }
}

/// The answer to a change that can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Undoable {
    /// How many rows changed.
    #[ts(type = "number")]
    pub changed: u64,
    /// What [`Request::Undo`] takes; `None` when nothing changed.
    #[ts(type = "number | null")]
    pub undo: Option<u64>,
}

/// What the resident says. Externally tagged, since serde cannot carry raw JSON through an internal tag.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ServerFrame {
    /// The answer to a call.
    Answer {
        /// The call's number.
        id: u64,
        /// The value; null when there is nothing to say.
        value: Box<RawValue>,
    },
    /// The call failed.
    Failure {
        /// The call's number.
        id: u64,
        /// Why.
        error: ErrorBody,
    },
    /// Something happened.
    Push {
        /// What.
        push: Box<Push>,
    },
}

/// What the resident tells without being asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Push {
    /// The state around the inbox changed.
    Snapshot {
        /// The new state.
        snapshot: Box<Snapshot>,
    },
    /// Rows are new or changed.
    Changed {
        /// Newest first.
        items: Vec<Notification>,
    },
    /// More changed than fits a message: load the list again.
    Reload,
    /// An event ended in this outcome. For the command line's `watch`.
    Outcome {
        /// The row.
        #[ts(type = "number")]
        id: i64,
        /// What was done with it, and why.
        outcome: Outcome,
    },
    /// What was missed is here, and this is what it comes to.
    Digest {
        /// The digest.
        digest: Box<DigestView>,
    },
    /// A booking or a flight was muted, snoozed, or neither any more: here, on a toast, or because its time was over.
    ThreadPreferenceChanged {
        /// Which one.
        thread: String,
        /// What is wanted of it.
        preference: ThreadPreference,
    },
    /// What became of the toast that was asked for.
    TestToast {
        /// What the desktop says.
        result: TestToastResult,
    },
    /// Bring this row into view and open it.
    OpenRow {
        /// The row.
        #[ts(type = "number")]
        id: i64,
    },
    /// Bring the window to the front.
    Raise {
        /// Lets the window manager believe it.
        activation_token: Option<String>,
    },
}

/// What becomes of a toast that is shown to see whether toasts come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum TestToastResult {
    /// The person clicked it: everything works.
    Clicked,
    /// The person closed it: it was seen.
    Closed,
    /// It left the screen by itself, or was never on it.
    Expired,
}

/// A failure, as it crosses the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
#[ts(export)]
pub struct ErrorBody {
    /// What the other side can act on.
    pub code: ErrorCode,
    /// One sentence for a person.
    pub message: String,
}

/// The failures that the other side acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ErrorCode {
    /// The server address is none.
    InvalidServer,
    /// The auth service's address is none.
    InvalidAuthUrl,
    /// The booking service's address is none.
    InvalidBookingUrl,
    /// The e-mail address is none.
    InvalidEmail,
    /// Wrong e-mail address or password.
    SignInRefused,
    /// The server does not answer, or not as a booking service.
    Unreachable,
    /// The keychain took no tokens.
    Keychain,
    /// The inbox could not be read or written.
    Store,
    /// The desktop shows no toasts.
    Toasts,
    /// The proxy's address is none, or a host beside it.
    InvalidProxy,
    /// The file holds no certificates.
    InvalidCaFile,
    /// A file could not be written.
    File,
    /// The system does not let the program do that.
    Unsupported,
    /// It was stopped by a person.
    Cancelled,
    /// The resident is going away.
    ShuttingDown,
}
