//! Pages of rows and threads, cut so that each fits one frame.

use domain::view::{Notification, ThreadView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::frame::MAX_FRAME_BYTES;

/// Byte limit for the rows of one message; leaves the rest of [`MAX_FRAME_BYTES`] to what surrounds them.
const MAX_ROWS_BYTES: usize = MAX_FRAME_BYTES / 2;

/// Rows of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Page {
    /// Rows, newest first.
    pub items: Vec<Notification>,
    /// Whether older rows exist.
    pub has_more: bool,
}

/// Bookings and flights of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ThreadPage {
    /// Threads; the one with the newest row first.
    pub items: Vec<ThreadView>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Page {
    /// As many rows as fit one message, at least one. A single row always fits: its fields are truncated on arrival to
    /// about 100 KiB in total.
    ///
    /// # Errors
    /// A row cannot be serialized.
    pub fn fitting(mut items: Vec<Notification>, has_more: bool) -> serde_json::Result<Self> {
        let cut = cut_to_fit(&mut items)?;
        Ok(Self { items, has_more: has_more || cut })
    }
}

impl ThreadPage {
    /// As many threads as fit one message, at least one.
    ///
    /// # Errors
    /// A thread cannot be serialized.
    pub fn fitting(mut items: Vec<ThreadView>, has_more: bool) -> serde_json::Result<Self> {
        let cut = cut_to_fit(&mut items)?;
        Ok(Self { items, has_more: has_more || cut })
    }
}

/// Drops items that exceed [`MAX_ROWS_BYTES`], but never the first. Returns whether any item was dropped.
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
