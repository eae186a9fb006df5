//! Tauri command of the page.

use ipc::{ErrorBody, Request};
use serde_json::value::RawValue;
use tauri::State;

use crate::bridge::IpcConnection;

/// Forwards a request to the resident and returns the raw result.
///
/// # Errors
/// See [`IpcConnection::call`].
#[tauri::command]
pub async fn call(connection: State<'_, IpcConnection>, request: Request) -> Result<Box<RawValue>, ErrorBody> {
    connection.call(request).await
}
