//! What a toast says, before any operating system is involved.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// The inbox row that a click opens.
    pub notification_id: i64,
    /// At most 80 graphemes.
    pub title: String,
    /// At most 240 graphemes.
    pub body: String,
    /// Desktop urgency.
    pub urgency: Urgency,
    /// When the toast leaves the screen by itself; `None` for critical ones, which we withdraw ourselves.
    pub expires: Option<Duration>,
}
