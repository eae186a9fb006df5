//! State of the IPC connection, as the window reports it to its page.

use serde::Serialize;
use ts_rs::TS;

use crate::client::IpcConnectError;

/// State of the connection to the resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum IpcState {
    /// Connected.
    Up,
    /// The resident is not running.
    NotRunning,
    /// The resident has another protocol version.
    OtherVersion,
    /// The resident does not answer.
    Broken,
}

impl From<&IpcConnectError> for IpcState {
    fn from(error: &IpcConnectError) -> Self {
        match error {
            IpcConnectError::NotRunning(_) => Self::NotRunning,
            IpcConnectError::OtherVersion { .. } => Self::OtherVersion,
            IpcConnectError::Broken(_) => Self::Broken,
        }
    }
}
