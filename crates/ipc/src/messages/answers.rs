//! Results of requests other than pages.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Result of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ExportResult {
    /// Path of the file.
    pub path: String,
    /// Number of rows in the file.
    #[ts(type = "number")]
    pub rows: u64,
}

/// Whether Gatecall starts with the desktop session, as the operating system reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Autostart {
    /// Starts with the session.
    On,
    /// Does not start with the session.
    Off,
    /// Not available: the system has no autostart, or this instance must not register itself, such as a demo.
    Unsupported,
}

/// Versions, folders and sizes of the running program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct About {
    /// Version of Gatecall.
    pub version: String,
    /// IPC protocol version.
    pub protocol: u32,
    /// SQLite version.
    pub sqlite: String,
    /// Operating system and processor architecture.
    pub system: String,
    /// Folder of the inbox.
    pub data_dir: String,
    /// Folder of the settings.
    pub config_dir: String,
    /// Size of the inbox on disk, in bytes.
    #[ts(type = "number")]
    pub inbox_bytes: u64,
    /// Number of rows, including those that are done.
    #[ts(type = "number")]
    pub rows: u64,
    /// Memory of the resident process in bytes; `None` where the system does not report it.
    #[ts(type = "number | null")]
    pub memory_bytes: Option<u64>,
}

/// Result of a change that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Undoable {
    /// Number of rows that changed.
    #[ts(type = "number")]
    pub changed: u64,
    /// Id for [`Request::Undo`](crate::Request::Undo); `None` when nothing changed.
    #[ts(type = "number | null")]
    pub undo: Option<u64>,
}
