//! The one command of the page.

use ipc::{ErrorBody, Request};
use serde_json::value::RawValue;
use tauri::State;

use crate::bridge::IpcConnection;

/// Hands a request to the resident and its answer, unread, to the page.
///
/// # Errors
/// What the resident answered, or that it is not there.
#[tauri::command]
pub async fn call(connection: State<'_, IpcConnection>, request: Request) -> Result<Box<RawValue>, ErrorBody> {
    connection.call(request).await
}
