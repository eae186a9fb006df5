//! The state of the line, as a window tells it to its page.

use serde::Serialize;
use ts_rs::TS;

use crate::client::ConnectError;

/// Whether the resident program can be talked to, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum IpcState {
    /// It can.
    Up,
    /// Nobody is there.
    NotRunning,
    /// Somebody is there, and speaks another version.
    OtherVersion,
    /// Somebody is there, and does not answer.
    Broken,
}

impl From<&ConnectError> for IpcState {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::NotRunning(_) => Self::NotRunning,
            ConnectError::OtherVersion { .. } => Self::OtherVersion,
            ConnectError::Broken(_) => Self::Broken,
        }
    }
}
