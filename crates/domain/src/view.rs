//! Views of the inbox: one notification per row, and the state around it. Shared by window, tray and command line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::ConnectionState;
use crate::event::EventKind;
use crate::jobs::JobView;
use crate::locale::Language;
use crate::money::Money;
use crate::outcome::Outcome;
use crate::rooms::Rooms;
use crate::settings::Appearance;
use crate::toast::Urgency;

/// One row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Notification {
    /// Row id: grows with each event, never reused.
    #[ts(type = "number")]
    pub id: i64,
    /// The Socket.IO event name.
    pub channel: String,
    /// What kind of event it is.
    pub kind: EventKind,
    /// When this machine received it.
    #[ts(type = "string")]
    pub received_at: Timestamp,
    /// The server's clock when it emitted the event.
    #[ts(type = "string | null")]
    pub timestamp: Option<Timestamp>,
    /// Whether the person has seen it.
    pub read: bool,
    /// The booking it speaks of.
    pub booking_id: Option<String>,
    /// The booking's record locator.
    pub pnr: Option<String>,
    /// The flight it speaks of.
    pub flight_id: Option<String>,
    /// Such as `AA123`.
    pub flight_number: Option<String>,
    /// Airport code.
    pub origin: Option<String>,
    /// Airport code.
    pub destination: Option<String>,
    /// The status that the event reports.
    pub status: Option<String>,
    /// Price or payment.
    pub amount: Option<Money>,
    /// How urgent the policy found it.
    pub urgency: Urgency,
    /// One line for a person.
    pub title: String,
    /// A second line; may be empty.
    pub body: String,
    /// What was done with it, and why.
    pub outcome: Outcome,
    /// How often the same event came again; the repetitions leave no rows.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[ts(as = "Option<u32>", optional)]
    pub repeats: u32,
    /// Its booking or flight, as `booking:<id>` or `flight:<id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub thread: Option<String>,
    /// The gap in which it was missed, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub away: Option<i64>,
    /// Whether the person has put it away.
    #[serde(default, skip_serializing_if = "is_false")]
    #[ts(as = "Option<bool>", optional)]
    pub done: bool,
    /// Whether it was found by comparing states; the event itself was never received.
    #[serde(default, skip_serializing_if = "is_false")]
    #[ts(as = "Option<bool>", optional)]
    pub reconstructed: bool,
    /// The rooms by which it came, or can have come where the server does not tell: `user:` is the person's own. None where
    /// nothing is known about it.
    #[serde(default, skip_serializing_if = "Rooms::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub rooms: Rooms,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What the person wants of a booking or a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ThreadPreference {
    /// To hear no more of it.
    pub muted: bool,
    /// To hear of it then, and not before.
    #[ts(type = "string | null")]
    pub snoozed_until: Option<Timestamp>,
}

/// A booking or a flight in the inbox: all rows about it as one. A row that is about neither stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ThreadView {
    /// As [`Notification::thread`] names it; none for a row that stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub thread: Option<String>,
    /// Its latest row in the inbox.
    pub latest: Notification,
    /// Its unread rows.
    pub unread: u32,
    /// Its rows in the inbox.
    pub total: u32,
    /// What its last rows told, oldest first, the latest included; six at most.
    pub trail: Vec<TrailStep>,
    /// What the person wants of it.
    pub choice: ThreadPreference,
}

/// What one row of a thread told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TrailStep {
    /// What kind of event it was.
    pub kind: EventKind,
    /// The status that it reported.
    pub status: Option<String>,
    /// When the server sent it; when it came, where the server did not say.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// As [`Notification::reconstructed`].
    #[serde(default, skip_serializing_if = "is_false")]
    #[ts(as = "Option<bool>", optional)]
    pub reconstructed: bool,
}

/// What rules would have done with what came before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BackTest {
    /// Over how many days, back from the latest event.
    pub days: u32,
    /// Events in them.
    #[ts(type = "number")]
    pub events: u64,
    /// Toasts of their own.
    #[ts(type = "number")]
    pub popped: u64,
    /// The latest rows that would have had one, 50 at most.
    pub rows: Vec<Notification>,
}

/// The state around the inbox at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Snapshot {
    /// Where the connection stands.
    pub connection: ConnectionState,
    /// Unread rows: always the count in the store, after every transaction.
    #[ts(type = "number")]
    pub unread: u64,
    /// All rows.
    #[ts(type = "number")]
    pub total: u64,
    /// Who is signed in; `None` before the first sign-in and after a sign-out.
    pub account: Option<AccountView>,
    /// Rooms asked for beside the user's own.
    pub rooms: Vec<RoomView>,
    /// False when the desktop has no tray: then the window must not hide.
    pub tray_host: bool,
    /// True while the embedded demo gateway is the server.
    pub demo: bool,
    /// In which everything is said.
    pub language: Language,
    /// How the window looks.
    pub look: Appearance,
    /// Whether [`Snapshot::demo`] can be had beside this: the program carries a demo and is none.
    pub can_demo: bool,
    /// What takes long and is under way.
    #[serde(default)]
    pub jobs: Vec<JobView>,
    /// Something that works less well than it should, as sentences: a keychain that is away, a full disk.
    pub degraded: Vec<String>,
    /// What was missed and is not looked at yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub digest: Option<Box<DigestView>>,
}

/// What happened while nobody listened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DigestView {
    /// The gap, as rows name it in `away`.
    #[ts(type = "number")]
    pub gap: i64,
    /// One line.
    pub title: String,
    /// When, what, and how sure it is.
    pub body: String,
    /// The worst rows first, ten at most.
    pub items: Vec<Notification>,
}

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AccountView {
    /// The e-mail address used to sign in.
    pub email: String,
    /// The server's address.
    pub server: String,
    /// The auth service, where it is another origin.
    pub auth_url: Option<String>,
    /// The booking service, where it is another origin.
    pub booking_url: Option<String>,
    /// The role claim of the token, such as CUSTOMER or ADMIN.
    pub role: Option<String>,
}

/// A room asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoomView {
    /// Its name.
    pub room: String,
    /// What the server said.
    pub state: RoomState,
}

/// What the server said about a room. Joined only when the server confirmed it (W13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RoomState {
    /// Asked, no answer yet.
    Requested,
    /// The server confirmed it.
    Joined,
    /// The server refused it.
    Refused,
}
