//! A toast, before any operating system is involved.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::event::EventKind;
use crate::money::Money;

/// How loudly a toast asks for attention. Maps one to one to the desktop notification levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Urgency {
    /// Worth a glance, never a sound.
    Low,
    /// The usual.
    Normal,
    /// Stays until it is seen or superseded.
    Critical,
}

/// One toast as the policy wants it. Text is plain, already sanitised and capped; the delivery escapes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The thread it belongs to, such as `booking:<id>`; a newer toast with the same key replaces this one.
    pub key: String,
    /// Takes the place on screen of the toast with this key instead, while that is there: a toast about one flight
    /// becomes one about many, without a second pop-up.
    pub takes_over: Option<String>,
    /// The inbox row that a click opens.
    pub notification_id: i64,
    /// At most 80 graphemes.
    pub title: String,
    /// At most 240 graphemes.
    pub body: String,
    /// Desktop urgency.
    pub urgency: Urgency,
    /// Whether it may ask for attention. One that only brings an earlier toast up to date may not: no sound, no new
    /// pop-up where the desktop knows the difference.
    pub alerts: bool,
    /// Whether it makes no sound, whatever the desktop would do: the person wants it so.
    pub silent: bool,
    /// When the toast leaves the screen by itself; `None` for critical ones, which we withdraw ourselves.
    pub expires: Option<Duration>,
    /// What can be done beside opening it, in this order.
    pub buttons: Vec<Button>,
}

/// A button on a toast. Nothing destructive, ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub action: ToastAction,
    /// What it says, in the person's language.
    pub label: String,
}

/// What can be done on a toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ToastAction {
    /// Open the row. What a click on the toast does, too; a button of its own where the body cannot be clicked.
    Open,
    /// Tell about this thread again in an hour, and not before.
    Snooze,
    /// Tell no more about this thread.
    Mute,
}

/// What toasts may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Privacy {
    /// Everything.
    #[default]
    Full,
    /// That something changed, and nothing about it.
    Masked,
    /// Nothing: no toasts are shown, rows come all the same.
    Nothing,
}

/// One thing that a toast has said in its life. A toast about several steps tells the way: "Scheduled → Delayed".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToastStep {
    /// What kind of event.
    pub kind: EventKind,
    /// The status of a flight before it, where the event said so.
    pub from: Option<String>,
    /// The status that it reported.
    pub status: Option<String>,
    /// Price or payment.
    pub amount: Option<Money>,
    /// When the server emitted it, or when it came.
    pub at: Timestamp,
}
