//! Criteria for rows of the inbox, and the views that a person saves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::event::EventKind;
use crate::rooms::Room;

/// Which rows are wanted: everything that is filled in has to fit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Criteria {
    /// Where they are.
    pub place: Mailbox,
    /// Only unread ones.
    pub unread: bool,
    /// Only these kinds; all of them when empty.
    pub kinds: Vec<EventKind>,
    /// Only of this flight number, such as `AA123`; whatever its case.
    pub flight: Option<String>,
    /// Only what the rule or watch-list of this name decided.
    pub rule: Option<String>,
    /// Only what came by this room, or can have come by it: `user:` is the person's own.
    #[ts(type = "string | null")]
    pub room: Option<Room>,
    /// Every word has to be in what is shown of the row; the last one may be unfinished.
    pub text: String,
}

/// Rows to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct RowSelector {
    /// These.
    #[ts(type = "number[]")]
    pub ids: Vec<i64>,
    /// And all of these bookings and flights, as [`Notification::thread`](crate::view::Notification::thread) names them,
    /// where the change has something to do.
    pub threads: Vec<String>,
    /// And all of this, however much of it anybody has loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub listed: Option<ListSelector>,
    /// But none that is newer than this row: nobody has seen it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<f64>", optional)]
    pub upto: Option<i64>,
}

/// A list, from its first row to its last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct ListSelector {
    /// What fits these.
    pub criteria: Criteria,
    /// By booking and flight: all in the place of each that has a row that fits.
    pub grouped: bool,
}

impl RowSelector {
    /// The whole inbox.
    pub fn everything() -> Self {
        Self::from(ListSelector::default())
    }
}

impl From<Vec<i64>> for RowSelector {
    fn from(ids: Vec<i64>) -> Self {
        Self { ids, ..Self::default() }
    }
}

impl From<ListSelector> for RowSelector {
    fn from(listed: ListSelector) -> Self {
        Self { listed: Some(listed), ..Self::default() }
    }
}

/// Where rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Mailbox {
    /// What is to be looked at.
    #[default]
    Inbox,
    /// What the person is done with. It stays until it is too old.
    Done,
}

/// A list that a person keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SavedView {
    /// Its name; no two have the same.
    pub name: String,
    /// What is in it.
    pub criteria: Criteria,
    /// Whether it is shown by booking and flight.
    #[serde(default)]
    pub grouped: bool,
}

/// Lists that a person may keep.
pub const MAX_VIEWS: usize = 50;

/// The views that can be kept: each with a name of its own, the last one of those with the same; [`MAX_VIEWS`] at most.
pub(crate) fn tidied(views: Vec<SavedView>) -> Vec<SavedView> {
    let mut kept = Vec::<SavedView>::new();
    for mut view in views {
        view.name = view.name.trim().to_owned();
        kept.retain(|earlier| earlier.name != view.name);
        if !view.name.is_empty() {
            kept.push(view);
        }
    }
    kept.truncate(MAX_VIEWS);
    kept
}
